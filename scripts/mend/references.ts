/** Where the references of a document lead, those that JSON Schema has besides JSON Pointers among them. */

import { MOST_IN_A_ROW } from "../../src/lifecycle/definition.js";
import { isObject, type Json, localTarget, tokensOf } from "../spec/pointer.js";
import { partsOf } from "../spec/walk.js";

/** What a reference leads to, before any further reference there is followed. */
export interface Target {
  readonly tokens: readonly string[];
  readonly value: unknown;
  /** Whether the pointer leads there as it is written, and nowhere with its percent signs read as a URI has them. */
  readonly isVerbatim?: true;
}

/** Through how many references a pointer may go that are reached through references themselves. */
const MOST_THROUGH = 8;

export class References {
  readonly #root: Json;
  #anchors: ReadonlyMap<string, readonly string[]> | undefined;
  /** The ends that were found, as a document refers to most of its parts again and again. */
  readonly #ends = new Map<string, Target | "circular">();
  #depth = 0;

  constructor(root: Json) {
    this.#root = root;
  }

  /**
   * What stands where a reference leads; `undefined` when that is nothing. A pointer may go through references, which other
   * tools follow as well.
   *
   * @param within the tokens of the component that holds the reference: a schema that was written to stand alone refers to
   *   its own parts as if it were the document.
   */
  target(reference: string, within: readonly string[] = []): Target | undefined {
    const tokens = this.#tokensOf(reference);
    if (tokens === undefined) return undefined;
    if (tokens.length === 0) return this.#at(within);
    return this.#at(tokens) ?? (within.length > 0 ? this.#at([...within, ...tokens]) : undefined) ?? this.#verbatim(reference);
  }

  /** Generators of documents that encode the names of components refer to these as they are. */
  #verbatim(reference: string): Target | undefined {
    if (!reference.startsWith("#/") || !reference.includes("%")) return undefined;
    const target = this.#at(tokensOf(reference.slice(1)));
    return target && { ...target, isVerbatim: true };
  }

  /** What stands at the end of a chain of references that begins with this one; `circular` when it has no end. */
  end(reference: string): Target | "circular" | undefined {
    const end = this.#ends.get(reference) ?? this.#endOf(reference);
    // Within a bound that is about to be reached less is found than there is.
    if (end !== undefined && this.#depth === 0) this.#ends.set(reference, end);
    return end;
  }

  #endOf(reference: string): Target | "circular" | undefined {
    const seen = new Set<string>();
    let target = this.target(reference);
    while (target !== undefined && isReference(target.value)) {
      const place = target.tokens.join("\n");
      if (seen.has(place) || seen.size === MOST_IN_A_ROW) return "circular";
      seen.add(place);
      target = this.target(target.value.$ref);
    }
    return target;
  }

  #tokensOf(reference: string): readonly string[] | undefined {
    if (!reference.startsWith("#")) return undefined;
    const pointer = localTarget(reference) ?? (reference.startsWith("#/") ? reference.slice(1) : undefined);
    if (pointer !== undefined) return tokensOf(pointer);
    this.#anchors ??= anchorsOf(this.#root);
    return this.#anchors.get(reference.slice(1));
  }

  #at(tokens: readonly string[]): Target | undefined {
    let current: unknown = this.#root;
    for (const token of tokens) {
      // What stands beside a reference is not behind it.
      if (isReference(current) && !Object.hasOwn(current, token)) current = this.#behind(current);
      if (typeof current !== "object" || current === null || !Object.hasOwn(current, token)) return undefined;
      current = (current as Json)[token];
    }
    return current === undefined ? undefined : { tokens, value: current };
  }

  #behind({ $ref }: { readonly $ref: string }): unknown {
    // Pointers that go through each other never arrive.
    if (this.#depth === MOST_THROUGH) return undefined;
    this.#depth += 1;
    const end = this.end($ref);
    this.#depth -= 1;
    return end === "circular" ? undefined : end?.value;
  }
}

export function isReference(value: unknown): value is Json & { readonly $ref: string } {
  return isObject(value) && typeof value["$ref"] === "string";
}

/** A reference to a place, as it is written. */
export function referenceTo(tokens: readonly string[]): string {
  return `#/${tokens.map((token) => token.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("%", "%25")).join("/")}`;
}

/** `$anchor` and `$dynamicAnchor`, each with where it stands; of several of one name the first. */
function anchorsOf(root: Json): ReadonlyMap<string, readonly string[]> {
  const anchors = new Map<string, readonly string[]>();
  for (const { pointer, value, isNamed } of partsOf(root)) {
    if (isNamed) continue;
    for (const name of [value["$anchor"], value["$dynamicAnchor"]]) {
      if (typeof name === "string" && !anchors.has(name)) anchors.set(name, tokensOf(pointer));
    }
  }
  return anchors;
}
