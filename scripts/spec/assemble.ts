/** A document put together from all of its files: overlays applied first, then everything that references lead to brought in. */

import { type Diagnostic, hasErrors } from "../diagnostics.js";
import { explore } from "./bundle/exploration.js";
import { Library, type Volume } from "./bundle/library.js";
import { rewrite } from "./bundle/rewriting.js";
import { asDocument, type Document, type Loaded, type Locator, readDocument } from "./document.js";
import { LOCAL_REFERENCE, SYNTAX } from "./loading.js";
import { applyOverlay } from "./overlay/apply.js";
import { readOverlay } from "./overlay/overlay.js";
import { join, tokensOf } from "./pointer.js";
import type { Positions } from "./positions.js";
import { isForeign, referenceTexts } from "./references.js";
import { readSource } from "./source.js";
import { SourceError, type Sources } from "./sources.js";
import { type Traced, type Written, writtenAt } from "./trace.js";

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
export async function assembleDocument(path: string, sources: Sources, options: AssembleOptions = {}): Promise<Loaded> {
  return await new Assembly(path.replaceAll("\\", "/"), sources).run(options);
}

class Assembly {
  readonly #path: string;
  readonly #sources: Sources;
  readonly #library: Library;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #positions = new Map<string, Positions>();

  constructor(path: string, sources: Sources) {
    this.#path = path;
    this.#sources = sources;
    this.#library = new Library(sources);
  }

  async run({ overlays = [] }: AssembleOptions): Promise<Loaded> {
    const text = await this.#open(this.#path);
    if (text === undefined) return this.#loaded();
    const { root, positions, diagnostics } = readDocument(this.#path, text);
    this.#positions.set(this.#path, positions);
    this.#diagnostics.push(...diagnostics);
    if (hasErrors(diagnostics)) return this.#loaded();

    let traced: Traced = { value: root, trace: { written: { file: this.#path, pointer: "" } } };
    for (const overlay of overlays) traced = await this.#overlay(traced, overlay.replaceAll("\\", "/"));
    return this.#loaded(await this.#bundle(traced, text));
  }

  async #open(path: string): Promise<string | undefined> {
    try {
      const text = await this.#sources.open(path);
      this.#library.files.push({ path, text });
      return text;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      const said = SYNTAX.says(`the file cannot be read: ${error.message}`, error.hint);
      this.#diagnostics.push({ ...said, file: path, line: 1, column: 1 });
      return undefined;
    }
  }

  async #overlay(target: Traced, path: string): Promise<Traced> {
    const text = await this.#open(path);
    if (text === undefined) return target;
    const source = readSource(path, text);
    this.#positions.set(path, source.positions);
    this.#diagnostics.push(...source.diagnostics);
    if (hasErrors(source.diagnostics)) return target;
    const { overlay, diagnostics } = readOverlay(path, source, this.#path);
    this.#diagnostics.push(...diagnostics);
    if (overlay === undefined) return target;
    const applied = applyOverlay(target, overlay, this.#sources.bounded);
    this.#diagnostics.push(...applied.diagnostics);
    return applied.result;
  }

  async #bundle({ value, trace }: Traced, text: string): Promise<Document> {
    const written = (pointer: string): Written => writtenAt(trace, pointer);
    if (![...referenceTexts(value)].some(isForeign)) return this.#document(value, text, written);

    const volume: Volume = { path: this.#path, root: value, positions: this.#positionsOf(this.#path) };
    this.#library.hold(volume);
    const place = (owner: Volume, pointer: string) => {
      const { file, pointer: stood } = owner === volume ? written(pointer) : { file: owner.path, pointer };
      return { file, ...this.#positionsOf(file).locate(stood) };
    };
    const findings = await explore(volume, this.#library, place);
    const { root, mounts, left } = rewrite(volume, findings);
    this.#diagnostics.push(...this.#library.diagnostics, ...findings.diagnostics);
    const document = this.#document(root, text, (pointer) => mounted(mounts, pointer) ?? written(pointer));
    for (const { reference, pointer, reason } of left) {
      this.#diagnostics.push({ ...LOCAL_REFERENCE.says(`"${reference}" ${reason}`), ...document.locate(pointer), pointer });
    }
    return document;
  }

  #document(root: unknown, text: string, written: (pointer: string) => Written): Document {
    const locator: Locator = {
      locate: (pointer, part) => {
        const { file, pointer: stood } = written(pointer);
        return { file, ...this.#positionsOf(file).locate(stood, part) };
      },
      locateCharacter: (pointer, value, offset) => {
        const { file, pointer: stood } = written(pointer);
        return { file, ...this.#positionsOf(file).locateCharacter(stood, value, offset) };
      },
    };
    return asDocument({ path: this.#path, text, root }, locator);
  }

  #positionsOf(file: string): Positions {
    const positions = this.#positions.get(file) ?? this.#library.positionsOf(file);
    if (positions === undefined) throw new Error(`"${file}" is no file of this document`);
    return positions;
  }

  #loaded(document?: Document): Loaded {
    const { files, missing } = this.#library;
    return { ...(document !== undefined && { document }), diagnostics: this.#diagnostics, files, missing };
  }
}

/** Where a part was written that stands in another that was brought in. */
function mounted(mounts: ReadonlyMap<string, Written>, pointer: string): Written | undefined {
  const tokens = tokensOf(pointer);
  for (let length = tokens.length; length > 0; length -= 1) {
    const mount = mounts.get(join("", ...tokens.slice(0, length)));
    if (mount !== undefined)
      return {
        file: mount.file,
        pointer: `${mount.pointer}${length === tokens.length ? "" : join("", ...tokens.slice(length))}`,
      };
  }
  return undefined;
}
