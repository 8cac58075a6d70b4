/** References as they are written to the files and places that they mean. */

/** A place in a file. */
export interface Address {
  /** Relative to the project with `/`, or a URL. */
  readonly file: string;
  /** What stands behind the `#`, decoded: a JSON Pointer, or a name that the file gives to one of its parts. */
  readonly fragment: string;
}

/** Where a reference leads that stands in a file; `undefined` when it is no URI reference at all. */
export function addressOf(reference: string, from: string): Address | undefined {
  const hash = reference.indexOf("#");
  const [target, rawFragment] = hash < 0 ? [reference, ""] : [reference.slice(0, hash), reference.slice(hash + 1)];
  const [fragment, file] = [decoded(rawFragment), fileOf(target, from)];
  return fragment === undefined || file === undefined ? undefined : { file, fragment };
}

/** The reference to a part of the same document. */
export function localReference(pointer: string): string {
  return `#${pointer.replaceAll("%", "%25")}`;
}

export function isUrl(file: string): boolean {
  return /^[a-z][a-z\d+.-]+:/i.test(file);
}

function fileOf(target: string, from: string): string | undefined {
  if (target === "") return from;
  if (isUrl(target) || isUrl(from)) {
    const base = isUrl(from) ? from : undefined;
    return URL.canParse(target, base) ? new URL(target, base).href : undefined;
  }
  const path = decoded(target)?.replaceAll("\\", "/");
  return path === undefined ? undefined : normalized(path.startsWith("/") ? path : `${folderOf(from)}${path}`);
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

/** Without `.` and `..`, but for those that lead out at the front. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") {
      if (parts.at(-1) !== "") parts.pop();
    } else if (part !== "." && (part !== "" || parts.length === 0)) parts.push(part);
  }
  return parts.join("/");
}

/** A part of a URI in the characters that it means; `undefined` when it means none. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
