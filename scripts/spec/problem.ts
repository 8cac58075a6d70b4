/** What can be wrong with a text itself, with its place in offsets. */

import { MAX_PROBLEMS } from "./bounds.js";

export interface Problem {
  /** `syntax` forbids to go on; the others are warnings. */
  readonly kind: "syntax" | "tag" | "duplicate-key" | "tolerated";
  /** One sentence without a full stop. */
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

/** A list that stops growing, so that a hostile text cannot make it as long as itself. */
export class Problems {
  readonly #all: Problem[] = [];
  #beyond = 0;
  #isOver = false;

  /** @param isLast whether going on would be dangerous. */
  add(problem: Problem, isLast = false): void {
    if (this.#isOver) return;
    this.#isOver = isLast;
    if (this.#all.length < MAX_PROBLEMS || isLast) this.#all.push(problem);
    else this.#beyond += 1;
  }

  /** Whether nothing more need be read. */
  get isFull(): boolean {
    return this.#isOver;
  }

  get all(): readonly Problem[] {
    const last = this.#all.at(-1);
    if (this.#beyond === 0 || last === undefined) return this.#all;
    return [
      ...this.#all.slice(0, -1),
      { ...last, message: `${last.message}; there are ${this.#beyond} more problems of the text` },
    ];
  }
}
