/** What is said while a document is mended, and where each part of the mended document stood in the one that was written. */

import type { Diagnostic, RuleDescription, Severity } from "../diagnostics.js";
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
  /** Default: the rule's own. A note says what is good to know, and is none when mending is strict. */
  readonly severity?: Severity;
}

export class Mending {
  readonly document: Document;
  /** The document as the stages so far have left it. */
  root: Json;
  readonly diagnostics: Diagnostic[] = [];
  readonly #strict: boolean;
  /** For each stage, by the new place of what it moved, the place before. */
  readonly #moved: Map<string, string>[] = [];

  constructor(document: Document, root: Json, strict: boolean) {
    this.document = document;
    this.root = root;
    this.#strict = strict;
  }

  /** Runs one stage on what those before it have left. The pointers that it says are those of the document it is given. */
  run(stage: (root: Json, mending: Mending) => Json): void {
    this.#pending = new Map();
    const root = stage(this.root, this);
    if (this.#pending.size > 0) this.#moved.push(this.#pending);
    this.root = root;
  }

  #pending = new Map<string, string>();

  /** Tells of a mending; with `strict` it forbids generation. */
  tell({ id, severity: usual }: RuleDescription, { pointer, part, message, hint, severity = usual }: Mended): void {
    const stood = this.#stood(pointer);
    this.diagnostics.push({
      rule: id,
      severity: this.#strict && severity === "warning" ? "error" : severity,
      message,
      ...(hint !== undefined && { hint }),
      ...this.document.locate(stood, part),
      pointer: stood,
    });
  }

  /**
   * Notes that what stood at one pointer stands at another from now on.
   *
   * @param to the new key below the owner's pointer as it was before this stage.
   */
  move(from: string, to: string): void {
    if (from !== to) this.#pending.set(to, from);
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

  /** Where something stood in the document as it was written. */
  #stood(pointer: string): string {
    return this.#moved.reduceRight(before, pointer);
  }
}

function before(pointer: string, moved: ReadonlyMap<string, string>): string {
  return tokensOf(pointer).reduce((owner, token) => {
    const place = join(owner, token);
    return moved.get(place) ?? place;
  }, "");
}
