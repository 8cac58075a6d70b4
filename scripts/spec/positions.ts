/** Where the parts of a text stand, found when somebody asks. */

import { CHOMPING_MODE, EVENT_ID, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { Lines, type Span } from "./lines.js";
import { NODE, type Outline } from "./outline.js";
import { tokensOf } from "./pointer.js";

/** A span, and the file that it stands in: the document, a file that it refers to, or an overlay. */
export interface Place extends Span {
  readonly file: string;
}

/** A member of a map has a key and a value; an item of a list and the document itself have a value alone. */
export type Part = "key" | "value";

/** The nodes of a member, by their indices in the outline. */
interface Member {
  readonly key?: number;
  readonly value: number;
}

export class Positions {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #read: () => Outline;
  #outline: Outline | undefined;
  /** For each node that opens a collection, the node that ends it. */
  #closings: Int32Array | undefined;
  readonly #members = new Map<number, ReadonlyMap<string, Member>>();

  /** @param read finds the nodes of the text; called once, when the first place is asked for. */
  constructor(text: string, read: () => Outline) {
    this.#text = text;
    this.#lines = new Lines(text);
    this.#read = read;
  }

  /** The place of a key or a value; a pointer that leads nowhere yields the nearest ancestor's key. */
  locate(pointer: string, part: Part = "value"): Span {
    const { key, value, found } = this.#find(pointer);
    const isEmpty = this.#nodes.starts[value] === -1;
    const node = key !== undefined && (part === "key" || !found || isEmpty) ? key : value;
    const [start, end] = this.#rangeOf(node, key);
    return this.span(start, end);
  }

  /**
   * The place of one character of a string. Where the text is written with escapes or folded, they are counted in.
   *
   * @param value the string that stands at the pointer.
   */
  locateCharacter(pointer: string, value: string, offset: number): Span {
    const { key, value: node, found } = this.#find(pointer);
    const kind = this.#nodes.kinds[node] ?? NODE.end;
    if (!found || !isText(kind) || this.#nodes.starts[node] === -1) return this.locate(pointer);
    const [start, end] = this.#rangeOf(node, key);
    const character = offsetInSource(this.#text, { kind, start, end, value }, offset);
    return character === undefined ? this.span(start, end) : this.span(character, character + 1);
  }

  /** The place of a stretch of the text, given in offsets. */
  span(start: number, end: number): Span {
    return this.#lines.span(start, end);
  }

  get #nodes(): Outline {
    this.#outline ??= this.#read();
    return this.#outline;
  }

  #find(pointer: string): { key?: number; value: number; found: boolean } {
    let member: Member = { value: 0 };
    for (const token of tokensOf(pointer)) {
      const next = this.#membersOf(this.#behindAlias(member.value)).get(token);
      if (next === undefined) return { ...member, found: false };
      member = next;
    }
    return { ...member, found: true };
  }

  /** The members of a map or the items of a list, by name; of a name that stands twice, the last. */
  #membersOf(owner: number): ReadonlyMap<string, Member> {
    const known = this.#members.get(owner);
    if (known !== undefined) return known;
    const members = new Map<string, Member>();
    const kind = this.#nodes.kinds[owner];
    const end = this.#closing(owner);
    if (kind === NODE.map || kind === NODE.flowMap) {
      for (let key = owner + 1; key < end; ) {
        const value = this.#next(key);
        members.set(this.#keyText(key), { key, value });
        key = this.#next(value);
      }
      this.#merge(members);
    } else if (kind === NODE.list || kind === NODE.flowList) {
      for (let value = owner + 1; value < end; value = this.#next(value)) members.set(String(members.size), { value });
    }
    this.#members.set(owner, members);
    return members;
  }

  /** What stands under `<<` are members as well. */
  #merge(members: Map<string, Member>): void {
    const merged = members.get("<<");
    if (merged?.key === undefined || this.#nodes.kinds[merged.key] !== NODE.plain) return;
    const value = this.#behindAlias(merged.value);
    const isList = this.#nodes.kinds[value] === NODE.list || this.#nodes.kinds[value] === NODE.flowList;
    const maps = isList ? [...this.#membersOf(value).values()].map((item) => item.value) : [value];
    for (const [name, member] of maps.flatMap((map) => [...this.#membersOf(this.#behindAlias(map))])) {
      if (!members.has(name)) members.set(name, member);
    }
  }

  /** The node after a node and everything in it. */
  #next(node: number): number {
    return isCollection(this.#nodes.kinds[node]) ? this.#closing(node) + 1 : node + 1;
  }

  #closing(node: number): number {
    this.#closings ??= closingsOf(this.#nodes);
    return this.#closings[node] ?? node;
  }

  #keyText(node: number): string {
    const { kinds, starts, ends } = this.#nodes;
    const [kind, start, end] = [kinds[node] ?? NODE.end, starts[node] ?? -1, ends[node] ?? -1];
    if (start === -1) return "";
    if (isText(kind)) return decode(this.#text, kind, start, end);
    return kind === NODE.alias ? this.#keyText(this.#behindAlias(node)) : "";
  }

  #behindAlias(node: number): number {
    const { kinds, starts, ends, anchors } = this.#nodes;
    if (kinds[node] !== NODE.alias) return node;
    const name = this.#text.slice((starts[node] ?? 0) + 1, ends[node]);
    return anchors.get(name)?.findLast((anchored) => anchored < node) ?? node;
  }

  /** From the first character of a node to behind its last; of a block collection, whose end is nowhere written, the first. */
  #rangeOf(node: number, key: number | undefined): readonly [number, number] {
    const { kinds, starts, ends } = this.#nodes;
    const start = Math.max(starts[node] ?? 0, 0);
    if (kinds[node] === NODE.block)
      return [headerOf(this.#text, start, key === undefined ? 0 : (ends[key] ?? 0)), this.#endOf(node)];
    return [start, this.#endOf(node)];
  }

  /** Between the last member of a flow collection and its closing bracket stand space, comments and a comma. */
  #endOf(node: number): number {
    const { kinds, starts, ends } = this.#nodes;
    if (kinds[node] !== NODE.flowMap && kinds[node] !== NODE.flowList) return Math.max(ends[node] ?? 0, 0);
    const closing = this.#closing(node);
    let last: number | undefined;
    for (let member = node + 1; member < closing; member = this.#next(member)) {
      if (starts[member] !== -1) last = member;
    }
    const start = starts[node] ?? 0;
    GAP.lastIndex = last === undefined ? start + 1 : this.#endOf(last);
    // A pair in a list is a map without brackets of its own.
    if (!/[[{]/.test(this.#text.charAt(start))) return GAP.lastIndex;
    const end = GAP.lastIndex + (GAP.exec(this.#text)?.[0].length ?? 0);
    return end + 1;
  }
}

const GAP = /(?:[\s,:?]|#[^\n\r]*)*/y;

function isCollection(kind: number | undefined): boolean {
  return kind === NODE.map || kind === NODE.list || kind === NODE.flowMap || kind === NODE.flowList;
}

function closingsOf({ kinds }: Outline): Int32Array {
  const closings = new Int32Array(kinds.length);
  const open: number[] = [];
  for (let node = 0; node < kinds.length; node += 1) {
    if (isCollection(kinds[node])) open.push(node);
    else if (kinds[node] === NODE.end) closings[open.pop() ?? node] = node;
  }
  return closings;
}

function isText(kind: number): kind is TextKind {
  return kind === NODE.plain || kind === NODE.single || kind === NODE.double || kind === NODE.block;
}

type TextKind = typeof NODE.plain | typeof NODE.single | typeof NODE.double | typeof NODE.block;

const STYLES = {
  [NODE.plain]: SCALAR_STYLE.PLAIN,
  [NODE.single]: SCALAR_STYLE.SINGLE_QUOTED,
  [NODE.double]: SCALAR_STYLE.DOUBLE_QUOTED,
  [NODE.block]: SCALAR_STYLE.LITERAL_BLOCK,
};

/** The text that a scalar stands for, given where it is written. */
function decode(text: string, kind: TextKind, start: number, end: number): string {
  const quote = kind === NODE.single || kind === NODE.double ? 1 : 0;
  return getScalarValue(text, {
    type: EVENT_ID.SCALAR,
    valueStart: start + quote,
    valueEnd: end - quote,
    anchorStart: -1,
    anchorEnd: -1,
    tagStart: -1,
    tagEnd: -1,
    style: STYLES[kind],
    chomping: CHOMPING_MODE.CLIP,
    indent: -1,
    fast: false,
  });
}

/** Where the header of a block scalar stands, the `|` or `>` on the line before its first one. */
function headerOf(text: string, start: number, from: number): number {
  const line = Math.max(text.lastIndexOf("\n", start - 2) + 1, from);
  const header = /(?<=^|[\s:])[|>][-+\d]*(?:[ \t]+#.*)?[ \t]*\r?\n?$/.exec(text.slice(line, start));
  return header === null ? start : line + header.index;
}

/** A string of the data, and where it is written. */
interface WrittenText {
  readonly kind: TextKind;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n[ \t]*|.)/sy;

/**
 * The offset in the source of the `offset`th character of a scalar: walks both side by side, over the line breaks,
 * indentation and escapes that the source has and the value has not. `undefined` where they part.
 */
function offsetInSource(text: string, { kind, start, end, value }: WrittenText, offset: number): number | undefined {
  const quote = kind === NODE.double ? '"' : kind === NODE.single ? "'" : "";
  let source = kind === NODE.block ? text.indexOf("\n", start) + 1 : start + quote.length;
  let character = 0;
  while (source < end && character < value.length) {
    const written = text.charAt(source);
    const wanted = value.charAt(character);
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
