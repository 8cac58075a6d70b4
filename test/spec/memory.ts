import { SourceError, type Sources } from "../../scripts/spec/sources.js";

/** Files that lie in no folder but this object. */
export function memory(files: Readonly<Record<string, string>>): Sources {
  const read = async (path: string): Promise<string> => {
    const text = Object.hasOwn(files, path) ? files[path] : undefined;
    if (text === undefined) throw new SourceError("there is no such file", { isMissing: true });
    return text;
  };
  return { open: read, follow: read };
}
