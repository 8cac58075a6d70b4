/** Looking into JSON of unknown shape, one level at a time, and writing into it at a pointer. */

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The member of that name, unless it is the prototype's. */
export function own<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Whether two values are the same JSON; scalars count as the same when they are spelled the same, as forms demand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (isScalar(one) && isScalar(other)) return String(one) === String(other);
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The value with another one at a JSON Pointer (RFC 6901); objects on the way there are made where they are missing. */
export function withValueAt(root: unknown, pointer: string, value: unknown): unknown {
  return replaceAt(root, pointerTokens(pointer), value);
}

/** The value without the member that a JSON Pointer leads to. */
export function withoutValueAt(root: unknown, pointer: string): unknown {
  return replaceAt(root, pointerTokens(pointer), undefined);
}

function pointerTokens(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function replaceAt(current: unknown, [token, ...rest]: readonly string[], value: unknown): unknown {
  if (token === undefined) return value;
  if (Array.isArray(current)) {
    return current.map((item: unknown, index) => (String(index) === token ? replaceAt(item, rest, value) : item));
  }
  const members = new Map(Object.entries(object(current)));
  const replaced = replaceAt(members.get(token), rest, value);
  if (replaced === undefined) members.delete(token);
  else members.set(token, replaced);
  return Object.fromEntries(members);
}
