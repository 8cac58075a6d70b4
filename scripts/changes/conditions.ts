/**
 * What must hold of a value and changes no type: `not`, `if`, `contains`, `propertyNames`, `dependentSchemas` and
 * `dependentRequired`. Whoever sends a value may be refused for more than before; whoever gets one may meet what could not be.
 */

import type { Node } from "../spec/node.js";
import type { Finding, Impact } from "./change.js";
import { anything, type Direction } from "./schemas.js";
import type { Condition, Shape } from "./shape.js";

/** What a schema takes now, beside what it took: the same, `more`, `less`, or some more and some less. */
export type Verdict = "same" | "more" | "less" | "other";

/** Judges what a schema takes, by the schema before and now. */
export type Judge = (before: Node, after: Node) => Verdict;

interface Compared {
  readonly direction: Direction;
  /** How messages call the place. */
  readonly name: string;
  /** How they call a member of it. */
  readonly memberName: (member: string) => string;
  /** Leads to the present schema. */
  readonly pointer: string;
  readonly before: Shape;
  readonly after: Shape;
}

export function compareConditions(compared: Compared, judge: Judge): Finding[] {
  const { direction, name, pointer, before, after } = compared;
  const labels = new Set([...before.conditions.keys(), ...after.conditions.keys()]);
  const found = [...labels].flatMap((label): Finding[] => {
    const verdict = judged(before.conditions.get(label) ?? [], after.conditions.get(label) ?? [], judge);
    if (verdict === "same") return [];
    const message = `${name} is held to ${HELD[verdict]} now: ${label}`;
    return [{ kind: "schema-condition", impact: impactOf(verdict, direction), message, pointer }];
  });
  return [...found, ...compareDependent(compared)];
}

const HELD = { more: "less", less: "more", other: "something else" } as const;

/** What is sent may be refused where less is taken; what comes may be new where more may be. */
function impactOf(verdict: Verdict, direction: Direction): Impact {
  return verdict === (direction === "request" ? "more" : "less") ? "safe" : "risky";
}

function judged(before: readonly Condition[], after: readonly Condition[], judge: Judge): Verdict {
  const [old, present] = [before, after].map((conditions) => new Map(conditions.map((one) => [textOf(one), one] as const)));
  const pairs: [Condition, Condition][] = [];
  for (const [text, condition] of old ?? []) {
    const other = present?.get(text);
    if (other === undefined) continue;
    pairs.push([condition, other]);
    old?.delete(text);
    present?.delete(text);
  }
  // What is left of both is taken for the same conditions, changed.
  const [gone, fresh] = [[...(old?.values() ?? [])], [...(present?.values() ?? [])]];
  const count = Math.min(gone.length, fresh.length);
  for (const [index, other] of fresh.slice(0, count).entries()) pairs.push([gone[index] ?? other, other]);
  const one = gone.slice(count).map((): Verdict => "more");
  const another = fresh.slice(count).map((): Verdict => "less");
  return together([...pairs.map(([was, is]) => judgeCondition(was, is, judge)), ...one, ...another]);
}

function judgeCondition(before: Condition, after: Condition, judge: Judge): Verdict {
  const verdicts = [...new Set([...before.keys(), ...after.keys()])].map((keyword): Verdict => {
    const [old, present] = [before, after].map((condition) => condition.get(keyword) ?? anything("", keyword));
    const verdict = old === undefined || present === undefined ? "same" : judge(old, present);
    if (keyword === "not") return verdict === "more" ? "less" : verdict === "less" ? "more" : verdict;
    // Where a case begins elsewhere, more is held to the one part and less to the other.
    return keyword === "if" && verdict !== "same" ? "other" : verdict;
  });
  return together(verdicts);
}

function together(verdicts: readonly Verdict[]): Verdict {
  const [first, ...others] = new Set(verdicts.filter((verdict) => verdict !== "same"));
  return others.length > 0 ? "other" : (first ?? "same");
}

function textOf(condition: Condition): string {
  return JSON.stringify([...condition].map(([keyword, { value }]) => [keyword, value]));
}

/** What becomes of a member where less is taken and where more is. */
const SAYS = {
  request: { less: "is now required", more: "is now optional" },
  response: { less: "is now always there", more: "may now be missing" },
} as const;

function compareDependent({ direction, memberName, pointer, before, after }: Compared): Finding[] {
  const owners = new Set([...before.dependent.keys(), ...after.dependent.keys()]);
  return [...owners].flatMap((owner): Finding[] => {
    const [old, present] = [before, after].map(({ dependent }) => dependent.get(owner) ?? new Set<string>());
    const say = (member: string, isDemanded: boolean): Finding => {
      const message = `${memberName(member)} ${SAYS[direction][isDemanded ? "less" : "more"]} where "${owner}" is`;
      return { kind: "schema-condition", impact: impactOf(isDemanded ? "less" : "more", direction), message, pointer };
    };
    return [
      ...[...(present ?? [])].filter((member) => !old?.has(member)).map((member) => say(member, true)),
      ...[...(old ?? [])].filter((member) => !present?.has(member)).map((member) => say(member, false)),
    ];
  });
}
