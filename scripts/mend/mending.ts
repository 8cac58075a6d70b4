/** What is said while a document is mended, and where each part of the mended document stood in the one that was written. */

import type { Diagnostic, RuleDescription } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { follow } from "../spec/node.js";
import { type Json, join, tokensOf } from "../spec/pointer.js";
import type { Part, Place } from "../spec/positions.js";

/** What was found and what was made of it. */
export interface Mended {
  readonly pointer: string;
  /** Which part of the place is meant. Default: the value. */
  readonly part?: Part;
  /** One sentence without a full stop: what is wrong, then what is made of it. */
  readonly message: string;
  readonly hint?: string | undefined;
}

export class Mending {
  readonly document: Document;
  /** The document as the stages so far have left it. */
  root: Json = {};
  readonly diagnostics: Diagnostic[] = [];
  readonly #strict: boolean;
  /** Where parts stand that have moved, and where they stood; a part that has not moved stands where its owner does. */
  readonly #moved = new Map<string, string>();

  constructor(document: Document, strict: boolean) {
    this.document = document;
    this.#strict = strict;
  }

  /** Tells of a mending; with `strict` it forbids generation. */
  tell({ id, severity }: RuleDescription, { pointer, part, message, hint }: Mended): void {
    const stood = this.#stood(pointer);
    this.diagnostics.push({
      rule: id,
      severity: this.#strict ? "error" : severity,
      message,
      ...(hint !== undefined && { hint }),
      ...this.document.locate(stood, part),
      pointer: stood,
    });
  }

  /** Notes that what stood at one pointer stands at another from now on. Both count in the document as it is at the moment. */
  move(from: string, to: string): void {
    if (from !== to) this.#moved.set(to, this.#stood(from));
  }

  /** Follows local references until something else stands there; a dangling or circular one yields `undefined`. */
  dereference(value: unknown): unknown {
    return follow(this, { pointer: "", value })?.value;
  }

  locate(pointer: string, part?: Part): Place {
    return this.document.locate(this.#stood(pointer), part);
  }

  locateCharacter(pointer: string, offset: number): Place {
    return this.document.locateCharacter(this.#stood(pointer), offset);
  }

  #stood(pointer: string): string {
    if (this.#moved.size === 0) return pointer;
    const tokens = tokensOf(pointer);
    for (let length = tokens.length; length > 0; length -= 1) {
      const stood = this.#moved.get(join("", ...tokens.slice(0, length)));
      if (stood !== undefined) return length === tokens.length ? stood : join(stood, ...tokens.slice(length));
    }
    return pointer;
  }
}
