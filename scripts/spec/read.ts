/** The one place where a document is read from the disk. */

import { readFile } from "node:fs/promises";
import { type Loaded, loadDocument } from "./document.js";

/** Reads and loads a document; rejects with the error of `node:fs` when the file cannot be read. */
export async function readDocument(path: string): Promise<Loaded> {
  return loadDocument(path, await readFile(path, "utf8"));
}
