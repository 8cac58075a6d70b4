/**
 * Schemas compared, two by two. A pair is compared once for each direction, however often it is reached and however it leads
 * back to itself; which operations reach it is worked out at the end. Nothing here recurses, so that no document is too deep.
 */

import { follow, type Node } from "../spec/node.js";
import { isObject, join, tokensOf } from "../spec/pointer.js";
import { matchAlternatives } from "./alternatives.js";
import type { Finding } from "./change.js";
import type { Findings } from "./findings.js";
import { type Rooted, type Shape, schemaNode, shapeOf } from "./shape.js";
import { compareValues } from "./values.js";

/** Whether the value goes to the service or comes from it: what may be left out of the one must not be missing in the other. */
export type Direction = "request" | "response";

/** What a schema describes, for messages: `request body`, `query parameter "page"`. */
export interface Subject {
  readonly direction: Direction;
  readonly name: string;
}

/** How many pairs are compared at most. A public document of 4 MB has 14,000. */
export const MAX_PAIRS = 400_000;

interface Pair {
  readonly before: Node;
  readonly after: Node;
  readonly subject: Subject;
  /** The way from the subject, or from the component where there is one, such as `Account.owner[]`. */
  readonly way: string;
  /** Whether `null` has been compared where the alternative that this is stands. */
  readonly isAlternative: boolean;
  readonly findings: Finding[];
  readonly inner: Pair[];
}

export class Schemas {
  readonly #before: Rooted;
  readonly #after: Rooted;
  readonly #maxPairs: number;
  readonly #pairs = new Map<string, Pair>();
  readonly #waiting: Pair[] = [];
  readonly #roots = new Map<Pair, Set<string>>();
  #isCut = false;

  constructor(before: Rooted, after: Rooted, maxPairs = MAX_PAIRS) {
    this.#before = before;
    this.#after = after;
    this.#maxPairs = maxPairs;
  }

  /** Compares two schemas that describe the same thing to an operation. A schema that is not stated allows anything. */
  compare(before: Node, after: Node, subject: Subject, operation: string): void {
    const pair = this.#pair(before, after, subject, "", false);
    if (pair === undefined) return;
    const operations = this.#roots.get(pair) ?? new Set();
    this.#roots.set(pair, operations.add(operation));
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#comparePair(next);
  }

  /** Tells what was found, each change with the operations that it concerns; `false` when there was too much to compare. */
  report(findings: Findings): boolean {
    const dirty = this.#dirtyPairs();
    for (const [root, operations] of this.#roots) {
      const seen = new Set<Pair>();
      const waiting = [root];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (seen.has(next) || !dirty.has(next)) continue;
        seen.add(next);
        for (const finding of next.findings) for (const operation of operations) findings.add(finding, operation);
        waiting.push(...next.inner.toReversed());
      }
    }
    return !this.#isCut;
  }

  /** The pairs from which a finding can be reached. */
  #dirtyPairs(): Set<Pair> {
    const outer = new Map<Pair, Pair[]>();
    for (const pair of this.#pairs.values())
      for (const inner of pair.inner) outer.set(inner, [...(outer.get(inner) ?? []), pair]);
    const dirty = new Set<Pair>();
    const waiting = [...this.#pairs.values()].filter(({ findings }) => findings.length > 0);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (dirty.has(next)) continue;
      dirty.add(next);
      waiting.push(...(outer.get(next) ?? []));
    }
    return dirty;
  }

  #pair(writtenBefore: Node, writtenAfter: Node, subject: Subject, way: string, isAlternative: boolean): Pair | undefined {
    const before = schemaNode(this.#before, writtenBefore);
    const after = schemaNode(this.#after, writtenAfter);
    const component = componentOf(after.pointer) ?? way;
    // What is said of a component is said once for a direction, whatever led to it.
    const name = component === way && !COMPONENT_WAY.test(way) ? subject.name : "";
    const identity = `${subject.direction} ${isAlternative} ${name} ${before.pointer} ${after.pointer}`;
    const known = this.#pairs.get(identity);
    if (known !== undefined) return known;
    if (this.#pairs.size >= this.#maxPairs) {
      this.#isCut = true;
      return undefined;
    }
    const pair: Pair = { before, after, subject, way: component, isAlternative, findings: [], inner: [] };
    this.#pairs.set(identity, pair);
    this.#waiting.push(pair);
    return pair;
  }

  #comparePair(pair: Pair): void {
    const before = shapeOf(this.#before, pair.before);
    const present = shapeOf(this.#after, pair.after);
    const after = pair.isAlternative ? { ...present, isNullable: before.isNullable } : present;
    const { direction } = pair.subject;
    const name = nameOf(pair);
    const say = (finding: Finding): void => void pair.findings.push(finding);
    if (isChoice(before) || isChoice(after)) {
      compareValues({ direction, name, node: pair.after, before: nullabilityOf(before), after: nullabilityOf(after) }).forEach(
        say,
      );
      this.#compareAlternatives(pair, before, after);
      if (isChoice(before) !== isChoice(after)) return;
    } else {
      const values = compareValues({ direction, name, node: pair.after, before, after });
      values.forEach(say);
      if (values.some(({ kind }) => kind === "schema-type")) return;
      if (before.alternatives.length > 0 || after.alternatives.length > 0) this.#compareAlternatives(pair, before, after);
    }
    this.#compareMembers(pair, before, after);
    this.#descendEither(pair, before.items, after.items, "items", `${pair.way}[]`);
    if (before.additional !== false && after.additional !== false) {
      const [old, present] = [before, after].map(({ additional }) => (typeof additional === "object" ? additional : undefined));
      this.#descendEither(pair, old, present, "additionalProperties", `${pair.way}[…]`);
    }
  }

  #compareMembers(pair: Pair, before: Shape, after: Shape): void {
    const { direction } = pair.subject;
    const isRequest = direction === "request";
    const say = (finding: Finding): void => void pair.findings.push(finding);
    for (const [name, { node, isRequired }] of before.members) {
      if (isHidden(this.#before, node, direction)) continue;
      const way = `${pair.way}.${name}`;
      const member = nameOf({ ...pair, way });
      const present = after.members.get(name);
      if (present === undefined || isHidden(this.#after, present.node, direction)) {
        const pointer = present?.node.pointer ?? pair.after.pointer;
        say({ kind: "member-removed", impact: "breaking", message: `${member} is gone`, pointer, part: "key" });
        continue;
      }
      const { pointer } = present.node;
      if (isRequired !== present.isRequired) {
        say(
          present.isRequired
            ? {
                kind: "member-required",
                impact: isRequest ? "breaking" : "safe",
                message: `${member} is now ${isRequest ? "required" : "always there"}`,
                pointer,
                part: "key",
              }
            : {
                kind: "member-optional",
                impact: isRequest ? "safe" : "breaking",
                message: `${member} ${isRequest ? "is now optional" : "may now be missing"}`,
                pointer,
                part: "key",
              },
        );
      }
      if (isDeprecated(present.node) && !isDeprecated(node)) {
        say({ kind: "member-deprecated", impact: "safe", message: `${member} is now deprecated`, pointer, part: "key" });
      }
      this.#descend(pair, node, present.node, way);
    }
    for (const [name, { node, isRequired }] of after.members) {
      const known = before.members.get(name);
      if (isHidden(this.#after, node, direction) || (known !== undefined && !isHidden(this.#before, known.node, direction)))
        continue;
      const member = nameOf({ ...pair, way: `${pair.way}.${name}` });
      const isDemand = isRequest && isRequired;
      const message = `${member} is new${isDemand ? ", and required" : ""}`;
      say({ kind: "member-added", impact: isDemand ? "breaking" : "safe", message, pointer: node.pointer, part: "key" });
    }
  }

  #compareAlternatives(pair: Pair, before: Shape, after: Shape): void {
    const [old, present] = [alternativesOf(pair.before, before), alternativesOf(pair.after, after)];
    const { matched, removed, added } = matchAlternatives(old, present);
    const isRequest = pair.subject.direction === "request";
    const name = nameOf(pair);
    const pointer = pair.after.pointer;
    for (const { label } of removed) {
      const message = `${name} ${isRequest ? `does not take ${label} any more` : `is never ${label} any more`}`;
      pair.findings.push({ kind: "schema-alternatives", impact: isRequest ? "breaking" : "risky", message, pointer });
    }
    for (const { label, node } of added) {
      const message = `${name} may ${isRequest ? "" : "now "}be ${label}${isRequest ? " as well" : ""}`;
      pair.findings.push({ kind: "schema-alternatives", impact: isRequest ? "safe" : "risky", message, pointer: node.pointer });
    }
    for (const [one, other] of matched) this.#descend(pair, one, other, pair.way, true);
  }

  /** What one of them does not state may be anything. */
  #descendEither(pair: Pair, before: Node | undefined, after: Node | undefined, keyword: string, way: string): void {
    if (before === undefined && after === undefined) return;
    this.#descend(pair, before ?? anything(pair.before.pointer, keyword), after ?? anything(pair.after.pointer, keyword), way);
  }

  #descend(pair: Pair, before: Node, after: Node, way: string, isAlternative = false): void {
    const inner = this.#pair(before, after, pair.subject, way, isAlternative);
    if (inner !== undefined) pair.inner.push(inner);
  }
}

/** A schema that is nothing but alternatives. */
function isChoice({ alternatives, members, types }: Shape): boolean {
  return alternatives.length > 0 && members.size === 0 && (types === undefined || types.has("object"));
}

/** Of a choice, `null` alone is compared: all else is a matter of its alternatives. */
function nullabilityOf({ isNullable, discriminator }: Shape): Shape {
  return { ...ANYTHING, isNullable, discriminator };
}

const ANYTHING: Shape = {
  types: undefined,
  isNullable: false,
  values: undefined,
  members: new Map(),
  additional: true,
  items: undefined,
  alternatives: [],
  discriminator: undefined,
  format: undefined,
  limits: new Map(),
  default: undefined,
};

function alternativesOf(node: Node, { alternatives }: Shape): readonly Node[] {
  return alternatives.length > 0 ? alternatives : [node];
}

/** What is `readOnly` is in no request, what is `writeOnly` in no response. */
function isHidden(document: Rooted, node: Node, direction: Direction): boolean {
  const keyword = direction === "request" ? "readOnly" : "writeOnly";
  const target = follow(document, node)?.value;
  return [node.value, target].some((value) => isObject(value) && value[keyword] === true);
}

function isDeprecated({ value }: Node): boolean {
  return isObject(value) && value["deprecated"] === true;
}

const COMPONENT = /^\/components\/schemas\/[^/]+$/;
const COMPONENT_WAY = /^[^.[]/;

function componentOf(pointer: string): string | undefined {
  return COMPONENT.test(pointer) ? tokensOf(pointer).at(-1) : undefined;
}

function nameOf({ subject: { direction, name }, way }: Pick<Pair, "subject" | "way">): string {
  if (way === "") return name;
  const isOfComponent = COMPONENT_WAY.test(way);
  const path = isOfComponent ? way : way.replace(/^\./, "");
  if (!isOfComponent && name.includes("parameter")) return `${name}, member "${path}"`;
  return /[.[]/.test(way) ? `${direction} member "${path}"` : `${direction} schema "${path}"`;
}

/** A node where no schema is stated. */
export function anything(pointer: string, keyword = "schema"): Node {
  return { pointer: join(pointer, keyword), value: true };
}
