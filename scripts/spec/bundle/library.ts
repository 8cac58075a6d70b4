/** The files that a document is put together from, each read once. */

import { at } from "../../../src/lifecycle/expression.js";
import type { Diagnostic } from "../../diagnostics.js";
import { MAX_FILES } from "../bounds.js";
import type { SourceFile } from "../document.js";
import { isObject } from "../pointer.js";
import type { Positions } from "../positions.js";
import { readSource } from "../source.js";
import { SourceError, type Sources } from "../sources.js";
import { partsOf } from "../walk.js";
import { decoded } from "./address.js";

/** A file as it was read. */
export interface Volume {
  readonly path: string;
  readonly root: unknown;
  readonly positions: Positions;
}

/** Why a file cannot be read, in the words of its reader. */
export interface Refusal {
  readonly message: string;
  readonly hint?: string | undefined;
}

export class Library {
  readonly files: SourceFile[] = [];
  /** The files that were looked for and were not there. */
  readonly missing: string[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #sources: Sources;
  readonly #volumes = new Map<string, Promise<Volume | Refusal>>();
  readonly #positions = new Map<string, Positions>();
  readonly #names = new Map<Volume, ReadonlyMap<string, string>>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Takes a file in that has been read already. */
  hold(volume: Volume): void {
    this.#volumes.set(volume.path, Promise.resolve(volume));
  }

  /** Where the parts of a file stand that a reference led to. */
  positionsOf(path: string): Positions | undefined {
    return this.#positions.get(path);
  }

  /** The file that a reference leads to. */
  follow(path: string): Promise<Volume | Refusal> {
    const known = this.#volumes.get(path);
    if (known !== undefined) return known;
    const volume = this.#read(path);
    this.#volumes.set(path, volume);
    return volume;
  }

  /** The pointer that a fragment means in a file; `undefined` when nothing stands there, or nothing has that name. */
  pointerOf(volume: Volume, fragment: string): string | undefined {
    if (fragment === "" || fragment.startsWith("/")) return at(volume.root, fragment) === undefined ? undefined : fragment;
    return this.#namesOf(volume).get(`#${fragment}`);
  }

  /** The pointer to the part of a file that calls itself by a URI with `$id`, or to what a fragment means within that. */
  identified(volume: Volume, uri: string): string | undefined {
    const names = this.#namesOf(volume);
    const hash = uri.indexOf("#");
    if (hash < 0) return names.get(uri);
    const owner = names.get(uri) ?? names.get(uri.slice(0, hash));
    const fragment = decoded(uri.slice(hash + 1));
    if (owner === undefined || fragment === undefined) return undefined;
    if (!fragment.startsWith("/")) return fragment === "" ? owner : names.get(`#${fragment}`);
    return at(volume.root, `${owner}${fragment}`) === undefined ? undefined : `${owner}${fragment}`;
  }

  async #read(path: string): Promise<Volume | Refusal> {
    if (this.#volumes.size >= MAX_FILES) return { message: `more than ${MAX_FILES} files belong to this document` };
    try {
      const text = await this.#sources.follow(path);
      this.files.push({ path, text });
      const { root, positions, diagnostics } = readSource(path, text);
      this.diagnostics.push(...diagnostics);
      this.#positions.set(path, positions);
      if (diagnostics.some(({ severity }) => severity === "error")) return { message: "the file is malformed" };
      return { path, root, positions };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (error.isMissing) this.missing.push(path);
      return { message: error.message, hint: error.hint };
    }
  }

  /** What the parts of a file call themselves: `$anchor` by `#` and a name, `$id` as it is written. */
  #namesOf(volume: Volume): ReadonlyMap<string, string> {
    const known = this.#names.get(volume);
    if (known !== undefined) return known;
    const names = new Map<string, string>();
    for (const { value, pointer, isNamed } of partsOf(volume.root)) {
      if (isNamed || !isObject(value)) continue;
      for (const keyword of ["$anchor", "$dynamicAnchor", "$id"]) {
        const name = value[keyword];
        if (typeof name === "string") names.set(keyword === "$id" ? name : `#${name}`, pointer);
      }
    }
    this.#names.set(volume, names);
    return names;
  }
}
