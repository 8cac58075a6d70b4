/** Where the parts of a YAML text stand, found when somebody asks. */

import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Scalar, type Document as YamlDocument } from "yaml";
import { tokensOf } from "./pointer.js";

/** Lines and columns count from 1, columns in UTF-16 code units; `endColumn` comes after the last character. */
export interface Span {
  readonly line: number;
  readonly column: number;
  /** Left out where the part goes over several lines. */
  readonly endColumn?: number;
}

/** A span, and the file that it stands in: the document, a file that it refers to, or an overlay. */
export interface Place extends Span {
  readonly file: string;
}

/** A member of a map has a key and a value; an item of a list and the document itself have a value alone. */
export type Part = "key" | "value";

export class Positions {
  readonly #tree: YamlDocument.Parsed;
  readonly #text: string;
  readonly #lines: LineCounter;

  constructor(tree: YamlDocument.Parsed, text: string, lines: LineCounter) {
    this.#tree = tree;
    this.#text = text;
    this.#lines = lines;
  }

  /** The place of a key or a value; a pointer that leads nowhere yields the nearest ancestor's key. */
  locate(pointer: string, part: Part = "value"): Span {
    const { key, value, found } = this.#find(pointer);
    const node = found && part === "value" ? (value ?? key) : (key ?? value);
    return this.#place(node);
  }

  /** The place of one character of a string. Where the text is written with escapes or folded, they are counted in. */
  locateCharacter(pointer: string, offset: number): Span {
    const { value, found } = this.#find(pointer);
    if (!found || !isScalar(value) || typeof value.value !== "string" || !value.range) return this.locate(pointer);
    const start = offsetInSource(value as Scalar<string>, this.#text, offset);
    return start === undefined ? this.#place(value) : this.span(start, start + 1);
  }

  /** The place of a stretch of the text, given in offsets. */
  span(start: number, end: number): Span {
    const from = placeAt(this.#lines, start);
    const to = placeAt(this.#lines, end);
    return to.line === from.line && to.column > from.column ? { ...from, endColumn: to.column } : from;
  }

  #place(node: Node | undefined): Span {
    const range = node?.range;
    return range ? this.span(range[0], range[1]) : { line: 1, column: 1 };
  }

  #find(pointer: string): { key?: Node; value?: Node; found: boolean } {
    let key: Node | undefined;
    let value = this.#tree.contents as Node | undefined;
    for (const token of tokensOf(pointer)) {
      const next = member(this.#behindAlias(value), token);
      if (next === undefined) return { ...(key && { key }), ...(value && { value }), found: false };
      key = next.key;
      value = next.value;
    }
    return { ...(key && { key }), ...(value && { value }), found: true };
  }

  #behindAlias(node: Node | undefined): Node | undefined {
    return isAlias(node) ? node.resolve(this.#tree) : node;
  }
}

/** The place of one character of the text, given in its offset. */
export function placeAt(lines: LineCounter, offset: number): Span {
  const { line, col } = lines.linePos(offset);
  // A line counter that has seen no line yet says 0.
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function member(parent: Node | undefined, token: string): { key?: Node; value?: Node } | undefined {
  if (isSeq(parent)) {
    const item = /^(0|[1-9]\d*)$/.test(token) ? parent.items[Number(token)] : undefined;
    return item === undefined ? undefined : { value: item as Node };
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.findLast((candidate) => isScalar(candidate.key) && String(candidate.key.value) === token);
  if (pair === undefined) return undefined;
  return { key: pair.key as Node, ...(pair.value !== null && { value: pair.value as Node }) };
}

const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n[ \t]*|.)/sy;

/**
 * The offset in the source of the `offset`th character of a scalar: walks both side by side, over the line breaks,
 * indentation and escapes that the source has and the value has not. `undefined` where they part.
 */
function offsetInSource(scalar: Scalar<string>, text: string, offset: number): number | undefined {
  const [start, end] = scalar.range ?? [0, 0];
  const quote = scalar.type === "QUOTE_DOUBLE" ? '"' : scalar.type === "QUOTE_SINGLE" ? "'" : "";
  const isBlock = scalar.type === "BLOCK_FOLDED" || scalar.type === "BLOCK_LITERAL";
  let source = isBlock ? text.indexOf("\n", start) + 1 : start + quote.length;
  let character = 0;
  while (source < end && character < scalar.value.length) {
    const written = text.charAt(source);
    const wanted = scalar.value.charAt(character);
    if (quote === '"' && written === "\\") {
      ESCAPE.lastIndex = source;
      const sequence = ESCAPE.exec(text)?.[0] ?? "\\";
      const isLineBreak = /^\\\r?\n/.test(sequence);
      const width = isLineBreak ? 0 : sequence.startsWith("\\U") ? 2 : 1;
      if (!isLineBreak && character + width > offset) return source;
      source += sequence.length;
      character += width;
    } else if (written === wanted) {
      if (character === offset) return source;
      source += quote === "'" && written === "'" ? 2 : 1;
      character += 1;
    } else if (/\s/.test(written)) {
      source += 1;
      if (wanted === " " && text.charAt(source - 1) === "\n") character += 1;
    } else return undefined;
  }
  return source;
}
