/** Offsets in a text to lines and columns. */

/** Lines and columns count from 1, columns in UTF-16 code units; `endColumn` comes after the last character. */
export interface Span {
  readonly line: number;
  readonly column: number;
  /** Left out where the part goes over several lines. */
  readonly endColumn?: number;
}

/** The lines of a text, found when somebody asks. A line ends with a line feed, a carriage return, or both. */
export class Lines {
  readonly #text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place of one character, given in its offset. */
  at(offset: number): Span {
    this.#starts ??= [0, ...Array.from(this.#text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }

  /** The place of a stretch, given in offsets. */
  span(start: number, end: number): Span {
    const from = this.at(start);
    const to = this.at(end);
    return to.line === from.line && to.column > from.column ? { ...from, endColumn: to.column } : from;
  }
}
