/** JSON Pointers (RFC 6901) and the plain data they point into. */

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value where a map is expected; anything else counts as an empty one, for another rule to report. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The value where a list is expected; anything else counts as an empty one, for another rule to report. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The pointer to a member of what a pointer leads to. */
export function join(pointer: string, ...tokens: readonly (string | number)[]): string {
  let joined = pointer;
  for (const token of tokens) joined += `/${typeof token === "number" ? token : escapedToken(token)}`;
  return joined;
}

function escapedToken(token: string): string {
  return /[~/]/.test(token) ? token.replaceAll("~", "~0").replaceAll("/", "~1") : token;
}

export function tokensOf(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer that a local reference such as `#/components/schemas/User` holds; `undefined` for any other reference. */
export function localTarget(reference: string): string | undefined {
  if (!reference.startsWith("#")) return undefined;
  try {
    const pointer = decodeURIComponent(reference.slice(1));
    return pointer === "" || pointer.startsWith("/") ? pointer : undefined;
  } catch {
    return undefined;
  }
}

/** Sets a member, also one whose name would otherwise change the prototype. */
export function put(owner: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(owner, name, { value, enumerable: true, configurable: true, writable: true });
  else owner[name] = value;
}
