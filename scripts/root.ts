/** Where the package lies: compiled code runs from `dist/scripts`, tests run from `scripts`, and both need the same files. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The absolute path of a file of this package, given relative to its root. */
export function packageFile(relative: string): string {
  root ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return join(root, relative);
}

let root: string | undefined;

function findRoot(folder: string): string {
  if (nameIn(folder) === "keyturn") return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the package.json of keyturn is not above its own code: install the package again");
  return findRoot(parent);
}

function nameIn(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}
