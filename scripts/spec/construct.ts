/** The events of a parser to plain data: maps and lists without surprises, bounded, with everything told that is odd. */

import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from "js-yaml";
import { MAX_ALIASED, MAX_DEPTH, TOO_DEEP } from "./bounds.js";
import { anchorOf, rangeOf } from "./outline.js";
import { isObject, put } from "./pointer.js";
import { type Problem, Problems } from "./problem.js";
import { resolvePlain } from "./scalar.js";

export interface Constructed {
  readonly root: unknown;
  readonly problems: readonly Problem[];
}

/** A value together with what repeating it costs: how many values it holds, itself among them, and on how many levels. */
interface Weighed {
  readonly value: unknown;
  readonly size: number;
  readonly height: number;
}

/** What stands where a key should and cannot be one: the member is left out. */
const NO_KEY = Symbol("no key");

/** The key `<<`, which is YAML 1.1's: the members of the map under it, or of the maps in a list, are members here as well. */
const MERGE = Symbol("merge");

/** A map or list that is being read. */
interface Frame {
  readonly value: Record<string, unknown> | unknown[];
  readonly anchor: string | undefined;
  size: number;
  height: number;
  /** The key whose value comes next. */
  key?: string | typeof NO_KEY | typeof MERGE | undefined;
  /** The members that maps under `<<` have brought: those that are written out win, wherever they stand. */
  merged?: Set<string>;
  /** Whether it stands where a key should: it is read over. */
  readonly isKey: boolean;
}

/**
 * The data of a document. Aliases share one object. Keys are texts, whatever they look like; of two that are the same the last
 * wins, and `<<` merges. Tags outside the core schema change nothing.
 */
export function construct(events: readonly Event[], text: string): Constructed {
  return new Construction(text).run(events);
}

class Construction {
  readonly #text: string;
  readonly #problems = new Problems();
  readonly #anchors = new Map<string, Weighed | "open">();
  readonly #stack: Frame[] = [];
  #root: unknown = null;
  #aliased = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(events: readonly Event[]): Constructed {
    for (let index = 1; index < events.length && !this.#problems.isFull; index += 1) {
      const event = events[index] as Event;
      if (event.type === EVENT_ID.SCALAR) this.#scalar(event);
      else if (event.type === EVENT_ID.POP) this.#close();
      else if (event.type === EVENT_ID.ALIAS) this.#alias(event);
      else if (event.type !== EVENT_ID.DOCUMENT) this.#open(event);
    }
    return { root: this.#root, problems: this.#problems.all };
  }

  #open(event: Extract<Event, { type: 2 | 3 }>): void {
    if (this.#stack.length >= MAX_DEPTH) this.#tell(event, TOO_DEEP, true);
    const isKey = this.#isKeyNext();
    if (isKey) this.#noKey(event, "a list or a map stands where a key should");
    const anchor = anchorOf(event, this.#text);
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    const value = event.type === EVENT_ID.MAPPING ? {} : [];
    this.#tag(event, event.type === EVENT_ID.MAPPING ? ["map"] : ["seq"]);
    this.#stack.push({ value, anchor, size: 1, height: 1, isKey });
  }

  #close(): void {
    const frame = this.#stack.pop();
    if (frame === undefined) return;
    const { value, anchor, size, height, isKey } = frame;
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size, height });
    const owner = this.#stack.at(-1);
    if (isKey && owner !== undefined) owner.key = NO_KEY;
    else this.#add({ value, size, height });
  }

  #scalar(event: Extract<Event, { type: 4 }>): void {
    const source = getScalarValue(this.#text, event);
    const isKey = this.#isKeyNext();
    const value = isKey ? source : this.#resolve(event, source);
    const anchor = anchorOf(event, this.#text);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: 1, height: 0 });
    if (!isKey) this.#add({ value, size: 1, height: 0 });
    else this.#key(event, source === "<<" && event.style === SCALAR_STYLE.PLAIN ? MERGE : source);
  }

  #alias(event: Extract<Event, { type: 5 }>): void {
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const target = this.#anchors.get(name);
    if (target === undefined) this.#tell(event, `the alias "${name}" stands for nothing: no anchor before it has this name`);
    if (target === "open") this.#tell(event, `the alias "${name}" stands within what it stands for`, true);
    const known = typeof target === "object" ? target : { value: null, size: 0, height: 0 };
    if (this.#isKeyNext()) {
      const isKey = typeof known.value !== "object" || known.value === null;
      if (!isKey) this.#noKey(event, `the alias "${name}" stands for a list or a map, where a key should`);
      this.#key(event, isKey ? String(known.value) : NO_KEY);
      return;
    }
    this.#aliased += known.size;
    if (this.#aliased > MAX_ALIASED) this.#tell(event, `aliases stand for more than ${MAX_ALIASED} values`, true);
    if (this.#stack.length + known.height > MAX_DEPTH) {
      this.#tell(event, `with its aliases the document is nested more than ${MAX_DEPTH} levels deep`, true);
    }
    this.#add(known);
  }

  #isKeyNext(): boolean {
    const frame = this.#stack.at(-1);
    return frame !== undefined && frame.key === undefined && !Array.isArray(frame.value);
  }

  #key(event: Event, key: string | typeof NO_KEY | typeof MERGE): void {
    const frame = this.#stack.at(-1);
    if (frame === undefined) return;
    if (typeof key === "string" && Object.hasOwn(frame.value, key) && frame.merged?.delete(key) !== true) {
      const [start, end] = this.#rangeOf(event);
      const message = "this key stands in the same map before; the last one wins";
      this.#problems.add({ kind: "duplicate-key", message, hint: "remove one of them", start, end });
    }
    frame.key = key;
  }

  #add({ value, size, height }: Weighed): void {
    const frame = this.#stack.at(-1);
    if (frame === undefined) {
      this.#root = value;
      return;
    }
    frame.size += size;
    frame.height = Math.max(frame.height, height + 1);
    const { key = "" } = frame;
    frame.key = undefined;
    if (Array.isArray(frame.value)) frame.value.push(value);
    else if (key === MERGE) merge(frame, frame.value, value);
    else if (key !== NO_KEY) put(frame.value, key, value);
  }

  #noKey(event: Event, fault: string): void {
    const [start, end] = this.#rangeOf(event);
    this.#problems.add({ kind: "tolerated", message: `${fault}; the member is left out, as keys are texts`, start, end });
  }

  #resolve(event: Extract<Event, { type: 4 }>, source: string): unknown {
    if (event.tagStart >= 0) {
      const tag = this.#tag(event, ["str", "int", "float", "bool", "null"]);
      if (tag === "str" || tag === "") return source;
      if (tag !== undefined) return resolvePlain(source);
    }
    return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(source) : source;
  }

  /** The name of a node's tag in the core schema; `""` for the tag that only says that this is not to be guessed. */
  #tag(event: Exclude<Event, { type: 1 | 5 | 6 }>, known: readonly string[]): string | undefined {
    if (event.tagStart < 0) return undefined;
    const written = this.#text.slice(event.tagStart, event.tagEnd);
    if (written === "!") return "";
    const name = /^(?:!!|!<tag:yaml\.org,2002:)(\w+)>?$/.exec(written)?.[1];
    if (name !== undefined && known.includes(name)) return name;
    const message = `the tag ${written} has no meaning here; the value is read as if it were not there`;
    this.#problems.add({ kind: "tag", message, start: event.tagStart, end: event.tagEnd });
    return undefined;
  }

  #tell(event: Event, message: string, isLast = false): void {
    const [start, end] = this.#rangeOf(event);
    this.#problems.add({ kind: "syntax", message, start, end }, isLast);
  }

  #rangeOf(event: Event): readonly [number, number] {
    const [start, end] = rangeOf(event);
    return [Math.max(start, 0), Math.max(end, 0)];
  }
}

/** Of the maps in a list the first wins; what is no map stays under the key as it is. */
function merge(frame: Frame, into: Record<string, unknown>, value: unknown): void {
  const maps = Array.isArray(value) ? value : [value];
  if (!maps.every(isObject)) {
    put(into, "<<", value);
    return;
  }
  frame.merged ??= new Set();
  for (const [name, member] of maps.flatMap((map) => Object.entries(map))) {
    if (Object.hasOwn(into, name)) continue;
    frame.merged.add(name);
    put(into, name, member);
  }
}
