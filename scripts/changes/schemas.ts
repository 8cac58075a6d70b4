/**
 * Schemas compared, two by two. A pair is compared once for each direction, however often it is reached and however it leads
 * back to itself; which operations reach it is worked out at the end. Nothing here recurses, so that no document is too deep.
 */

import { follow, type Node } from "../spec/node.js";
import { isObject, join, tokensOf } from "../spec/pointer.js";
import { matchAlternatives } from "./alternatives.js";
import type { Finding } from "./change.js";
import { compareConditions, type Verdict } from "./conditions.js";
import type { Findings } from "./findings.js";
import { type Rooted, type Shape, schemaNode, shapeOf } from "./shape.js";
import { compareValues } from "./values.js";

/** Whether the value goes to the service or comes from it: what may be left out of the one must not be missing in the other. */
export type Direction = "request" | "response";

/** What a schema describes, for messages: `request body`, `query parameter "page"`. */
export interface Subject {
  readonly direction: Direction;
  readonly name: string;
  /** How messages call the whole of which they name a member. Default: the direction. */
  readonly word?: string;
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

/** How many pairs the schemas of conditions may come to. */
const MAX_JUDGED = 20_000;

interface SchemasOptions {
  /** Default: {@link MAX_PAIRS}. */
  readonly maxPairs?: number;
  /** Whether these are schemas of conditions, which hold for members of either direction; those within are taken as written. */
  readonly isJudging?: boolean;
}

export class Schemas {
  readonly #before: Rooted;
  readonly #after: Rooted;
  readonly #maxPairs: number;
  readonly #isJudging: boolean;
  /** Conditions, compared there and back; made by the first that there is. */
  #judges: readonly [there: Schemas, back: Schemas] | undefined;
  readonly #pairs = new Map<string, Pair>();
  readonly #waiting: Pair[] = [];
  readonly #roots = new Map<Pair, Set<string>>();
  #isCut = false;

  constructor(before: Rooted, after: Rooted, { maxPairs = MAX_PAIRS, isJudging = false }: SchemasOptions = {}) {
    this.#before = before;
    this.#after = after;
    this.#maxPairs = maxPairs;
    this.#isJudging = isJudging;
  }

  /** Compares two schemas that describe the same thing to an operation. A schema that is not stated allows anything. */
  compare(before: Node, after: Node, subject: Subject, operation: string): void {
    const pair = this.#compared(before, after, subject);
    if (pair === undefined) return;
    const operations = this.#roots.get(pair) ?? new Set();
    this.#roots.set(pair, operations.add(operation));
  }

  #compared(before: Node, after: Node, subject: Subject): Pair | undefined {
    const pair = this.#pair(before, after, subject, "", false);
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) this.#comparePair(next);
    return pair;
  }

  /** What the schema of a condition takes now. Less is taken where the way back would be open to all that was sent. */
  #judge(before: Node, after: Node): Verdict {
    if (this.#isJudging) return JSON.stringify(before.value) === JSON.stringify(after.value) ? "same" : "other";
    const options = { maxPairs: MAX_JUDGED, isJudging: true };
    this.#judges ??= [new Schemas(this.#before, this.#after, options), new Schemas(this.#after, this.#before, options)];
    const [there, back] = this.#judges;
    const [forth, home] = [there.#foundFrom(before, after), back.#foundFrom(after, before)];
    if (there.#isCut || back.#isCut) this.#isCut = true;
    if (forth.length === 0 && home.length === 0) return "same";
    if (forth.every(isOpening)) return "more";
    return home.every(isOpening) ? "less" : "other";
  }

  /** Everything that is found from two schemas on. */
  #foundFrom(before: Node, after: Node): Finding[] {
    const root = this.#compared(before, after, { direction: "request", name: "" });
    const seen = new Set<Pair>();
    const waiting = root === undefined ? [] : [root];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...next.inner);
    }
    return [...seen].flatMap(({ findings }) => findings);
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
    const identity = `${subject.direction} ${subject.word ?? ""} ${isAlternative} ${name} ${before.pointer} ${after.pointer}`;
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
      const areBoth = isChoice(before) && isChoice(after);
      const [old, present] = [before, after].map((shape) => choiceOf(shape, areBoth)) as [Shape, Shape];
      compareValues({ direction, name, node: pair.after, before: old, after: present }).forEach(say);
      this.#compareAlternatives(pair, before, after);
      if (!areBoth) return;
    } else {
      const values = compareValues({ direction, name, node: pair.after, before, after });
      values.forEach(say);
      if (values.some(({ kind }) => kind === "schema-type")) return;
      if (before.alternatives.length > 0 || after.alternatives.length > 0) this.#compareAlternatives(pair, before, after);
    }
    this.#compareMembers(pair, before, after);
    this.#compareRequired(pair, before, after);
    for (const pattern of new Set([...before.patterns.keys(), ...after.patterns.keys()])) {
      const [old, present] = [before, after].map(({ patterns, additional }) => patterns.get(pattern) ?? additional);
      this.#comparePlaces(pair, old, present, "patternProperties", `${pair.way}[/${pattern}/]`);
    }
    for (const index of Array(Math.max(before.prefix.length, after.prefix.length)).keys()) {
      const [old, present] = [before, after].map(({ prefix, items }) => prefix[index] ?? items);
      this.#comparePlaces(pair, old, present, "prefixItems", `${pair.way}[${index}]`);
    }
    // That there are no others any more, or that there are some, is a matter of the values.
    if (before.items !== false && after.items !== false)
      this.#comparePlaces(pair, before.items, after.items, "items", `${pair.way}[]`);
    if (before.additional !== false && after.additional !== false)
      this.#comparePlaces(pair, before.additional, after.additional, "additionalProperties", `${pair.way}[…]`);
    const memberName = (member: string) => nameOf({ ...pair, way: `${pair.way}.${member}` });
    const conditions = { direction, name, memberName, pointer: pair.after.pointer, before, after };
    compareConditions(conditions, (old, present) => this.#judge(old, present)).forEach(say);
  }

  #compareMembers(pair: Pair, before: Shape, after: Shape): void {
    const { direction } = pair.subject;
    const isRequest = direction === "request";
    const say = (finding: Finding): void => void pair.findings.push(finding);
    for (const [name, { node, isRequired }] of before.members) {
      if (this.#isHidden(this.#before, node, direction)) continue;
      const way = `${pair.way}.${name}`;
      const member = nameOf({ ...pair, way });
      const present = after.members.get(name);
      if (present === undefined || this.#isHidden(this.#after, present.node, direction)) {
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
      if (
        this.#isHidden(this.#after, node, direction) ||
        (known !== undefined && !this.#isHidden(this.#before, known.node, direction))
      )
        continue;
      const member = nameOf({ ...pair, way: `${pair.way}.${name}` });
      const isDemand = isRequest && isRequired && !before.required.has(name);
      const message = `${member} is new${isDemand ? ", and required" : ""}`;
      say({ kind: "member-added", impact: isDemand ? "breaking" : "safe", message, pointer: node.pointer, part: "key" });
    }
  }

  /** Members that nothing describes, and that must be there all the same. */
  #compareRequired(pair: Pair, before: Shape, after: Shape): void {
    const isRequest = pair.subject.direction === "request";
    const pointer = pair.after.pointer;
    const say = (name: string, kind: Finding["kind"], [impact, says]: readonly [Finding["impact"], string]): void => {
      const member = nameOf({ ...pair, way: `${pair.way}.${name}` });
      pair.findings.push({ kind, impact, message: `${member} ${says}`, pointer });
    };
    const isDescribed = (name: string) => before.members.has(name) || after.members.has(name);
    for (const name of after.required) {
      if (before.required.has(name) || isDescribed(name)) continue;
      say(name, "member-required", isRequest ? ["breaking", "is now required"] : ["safe", "is now always there"]);
    }
    for (const name of before.required) {
      if (after.required.has(name) || isDescribed(name)) continue;
      say(name, "member-optional", isRequest ? ["safe", "is now optional"] : ["breaking", "may now be missing"]);
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

  /** What may stand at a place: a schema, anything, or nothing. */
  #comparePlaces(pair: Pair, before: Node | boolean = true, after: Node | boolean = true, keyword: string, way: string): void {
    if (typeof before === "boolean" && before === after) return;
    const name = nameOf({ ...pair, way });
    if (after === false) {
      pair.findings.push({
        kind: "member-removed",
        impact: "breaking",
        message: `${name} is gone`,
        pointer: pair.after.pointer,
        part: "key",
      });
    } else if (before === false) {
      const pointer = after === true ? pair.after.pointer : after.pointer;
      pair.findings.push({ kind: "member-added", impact: "safe", message: `${name} is new`, pointer, part: "key" });
    } else {
      const [old, present] = [before === true ? anything(pair.before.pointer, keyword) : before, after];
      this.#descend(pair, old, present === true ? anything(pair.after.pointer, keyword) : present, way);
    }
  }

  #descend(pair: Pair, before: Node, after: Node, way: string, isAlternative = false): void {
    const inner = this.#pair(before, after, pair.subject, way, isAlternative);
    if (inner !== undefined) pair.inner.push(inner);
  }

  /** What is `readOnly` is in no request, what is `writeOnly` in no response. */
  #isHidden(document: Rooted, node: Node, direction: Direction): boolean {
    if (this.#isJudging) return false;
    const keyword = direction === "request" ? "readOnly" : "writeOnly";
    const target = follow(document, node)?.value;
    return [node.value, target].some((value) => isObject(value) && value[keyword] === true);
  }
}

/** A schema that is nothing but alternatives. */
function isChoice({ alternatives, members, types }: Shape): boolean {
  return alternatives.length > 0 && members.size === 0 && (types === undefined || types.has("object"));
}

/** Of a choice, `null` and what else there may be are compared: the rest is a matter of its alternatives. */
function choiceOf({ isNullable, discriminator, additional, items }: Shape, areBoth: boolean): Shape {
  return { ...ANYTHING, isNullable, discriminator, ...(areBoth && { additional, items }) };
}

const ANYTHING: Shape = {
  types: undefined,
  isNullable: false,
  values: undefined,
  members: new Map(),
  required: new Set(),
  patterns: new Map(),
  additional: true,
  prefix: [],
  items: true,
  alternatives: [],
  discriminator: undefined,
  format: undefined,
  limits: new Map(),
  conditions: new Map(),
  dependent: new Map(),
  default: undefined,
};

/** What takes more and refuses nothing; a member that is described from now on may have been sent as something else. */
function isOpening({ impact, kind }: Finding): boolean {
  return impact === "safe" && kind !== "member-added";
}

function alternativesOf(node: Node, { alternatives }: Shape): readonly Node[] {
  return alternatives.length > 0 ? alternatives : [node];
}

function isDeprecated({ value }: Node): boolean {
  return isObject(value) && value["deprecated"] === true;
}

const COMPONENT = /^\/components\/schemas\/[^/]+$/;
const COMPONENT_WAY = /^[^.[]/;

function componentOf(pointer: string): string | undefined {
  return COMPONENT.test(pointer) ? tokensOf(pointer).at(-1) : undefined;
}

function nameOf({ subject: { direction, name, word = direction }, way }: Pick<Pair, "subject" | "way">): string {
  if (way === "") return name;
  const isOfComponent = COMPONENT_WAY.test(way);
  const path = isOfComponent ? way : way.replace(/^\./, "");
  if (!isOfComponent && name.includes("parameter")) return `${name}, member "${path}"`;
  return /[.[]/.test(way) ? `${word} member "${path}"` : `${word} schema "${path}"`;
}

/** A node where no schema is stated. */
export function anything(pointer: string, keyword = "schema"): Node {
  return { pointer: join(pointer, keyword), value: true };
}
