/** The language of lifecycles put into words, for diagrams and for sentences. */

import type { Criterion, Expiry, TimeFormat, Value } from "../../src/lifecycle/contract.js";
import {
  type Comparison,
  type Condition,
  parseCondition,
  parseTemplate,
  type Reference,
} from "../../src/lifecycle/expression.js";
import { durationMs } from "../../src/lifecycle/time.js";

/** How a name from the document is set off from the words around it: in Markdown as code, in a diagram not at all. */
export type Quote = (name: string) => string;

export const plain: Quote = (name) => name;
export const code: Quote = (name) => `\`${name}\``;

/** Criteria that must all hold: `status 401 and error_code 110 or 300`. */
export function criteriaInWords(criteria: readonly Criterion[], quote: Quote): string {
  const parts = criteria.map(({ condition }) => parseCondition(condition));
  if (parts.length === 1) return conditionInWords(parts[0]!, quote);
  return parts.map((part) => operandInWords(part, "and", quote)).join(" and ");
}

export function conditionInWords(condition: Condition, quote: Quote): string {
  switch (condition.kind) {
    case "literal":
      return String(condition.value);
    case "reference":
      return referenceInWords(condition.reference, quote);
    case "not":
      return `not ${operandInWords(condition.operand, "not", quote)}`;
    case "compare":
      return comparisonInWords(condition.operator, condition.left, condition.right, quote);
    case "and":
      return (
        statusClass(condition) ??
        `${operandInWords(condition.left, "and", quote)} and ${operandInWords(condition.right, "and", quote)}`
      );
    case "or":
      return (
        oneOfInWords(condition, quote) ??
        `${operandInWords(condition.left, "or", quote)} or ${operandInWords(condition.right, "or", quote)}`
      );
  }
}

/** A lifetime: `for 2 hours`, `until the moment in its claim exp`; alternatives in the order in which they are tried. */
export function expiryInWords(rules: readonly Expiry[], quote: Quote): string {
  return rules.map((rule) => ruleInWords(rule, quote)).join(", else ");
}

/** A duration in the largest unit that leaves no fraction: `PT120S` is `2 minutes`. */
export function durationInWords(duration: string): string {
  const ms = durationMs(duration);
  const [unit, size] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? (["second", 1000] as const);
  const count = ms / size;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** What an output is called. */
export function outputInWords(output: string, quote: Quote): string {
  if (output === "accessToken") return "access token";
  return output === "refreshToken" ? "refresh token" : quote(output);
}

/** A string with its expressions named, `$inputs.userId` is `userId`. */
export function expressionInWords(expression: string, quote: Quote): string {
  return parseTemplate(expression)
    .map((part) => (typeof part === "string" ? part : referenceInWords(part, quote)))
    .join("");
}

/** A value with its expressions in braces, `Bearer {accessToken}`; `undefined` where a function computes it. */
export function valueInWords(value: Value): string | undefined {
  if (typeof value !== "string") return undefined;
  return parseTemplate(value)
    .map((part) => (typeof part === "string" ? part : `{${referenceInWords(part, plain)}}`))
    .join("");
}

/** `a`, `a and b`, `a, b and c`. */
export function listInWords(items: readonly string[], conjunction: "and" | "or" = "and"): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

export function referenceInWords(reference: Reference, quote: Quote): string {
  switch (reference.root) {
    case "statusCode":
      return "status";
    case "response.body":
      return reference.pointer === "" ? "the body" : quote(reference.pointer.slice(1).replaceAll("/", "."));
    case "response.header":
      return `header ${quote(reference.name)}`;
    case "steps":
    case "workflows":
      return quote(`${reference.of}.${reference.name}`);
    case "url":
    case "method":
      return quote(reference.root);
    default:
      return quote(reference.name);
  }
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

const OPERATORS: Readonly<Record<Exclude<Comparison, "==">, string>> = {
  "!=": "not",
  "<": "<",
  "<=": "≤",
  ">": ">",
  ">=": "≥",
};

const TIME_FORMATS: Readonly<Record<TimeFormat, string>> = {
  "epoch-seconds": "in seconds since 1970",
  "epoch-milliseconds": "in milliseconds since 1970",
  "date-time": "a date and time",
  "http-date": "an HTTP date",
};

function operandInWords(operand: Condition, within: "and" | "or" | "not", quote: Quote): string {
  const words = conditionInWords(operand, quote);
  const grouped =
    (operand.kind === "or" && within !== "or" && oneOfInWords(operand, quote) === undefined) ||
    (operand.kind === "and" && within !== "and" && statusClass(operand) === undefined);
  return grouped ? `(${words})` : words;
}

function comparisonInWords(operator: Comparison, left: Condition, right: Condition, quote: Quote): string {
  const [subject, value] = [sideInWords(left, quote), sideInWords(right, quote)];
  return operator === "==" ? `${subject} ${value}` : `${subject} ${OPERATORS[operator]} ${value}`;
}

function sideInWords(side: Condition, quote: Quote): string {
  if (side.kind === "reference") return referenceInWords(side.reference, quote);
  return side.kind === "literal" ? String(side.value) : `(${conditionInWords(side, quote)})`;
}

/** `$statusCode >= 200 && $statusCode < 300` is `status 2xx`. */
function statusClass(condition: Condition): string | undefined {
  if (condition.kind !== "and") return undefined;
  const [low, high] = [condition.left, condition.right];
  if (low.kind !== "compare" || high.kind !== "compare" || !isStatus(low.left) || !isStatus(high.left)) return undefined;
  if (low.operator !== ">=" || high.operator !== "<") return undefined;
  if (low.right.kind !== "literal" || high.right.kind !== "literal") return undefined;
  const first = Number(low.right.value);
  return first % 100 === 0 && Number(high.right.value) === first + 100 ? `status ${first / 100}xx` : undefined;
}

/** `x == 1 || x == 2 || x == 3` is `x 1, 2 or 3`. */
function oneOfInWords(condition: Condition, quote: Quote): string | undefined {
  const equalities = disjuncts(condition).map((part) =>
    part.kind === "compare" && part.operator === "==" && part.left.kind === "reference"
      ? { subject: referenceInWords(part.left.reference, quote), value: sideInWords(part.right, quote) }
      : undefined,
  );
  const [first] = equalities;
  if (first === undefined || equalities.some((equality) => equality?.subject !== first.subject)) return undefined;
  const values = listInWords(
    equalities.map((equality) => equality!.value),
    "or",
  );
  return `${first.subject} ${values}`;
}

function disjuncts(condition: Condition): Condition[] {
  return condition.kind === "or" ? [...disjuncts(condition.left), ...disjuncts(condition.right)] : [condition];
}

function isStatus(operand: Condition): boolean {
  return operand.kind === "reference" && operand.reference.root === "statusCode";
}

function ruleInWords(rule: Expiry, quote: Quote): string {
  if ("after" in rule) return `for ${durationInWords(rule.after)}`;
  if ("claim" in rule) return `until the moment in its claim ${quote(rule.claim)}`;
  if ("at" in rule) {
    return `until the moment in ${expressionInWords(rule.at, quote)} (${TIME_FORMATS[rule.format]}${exception(rule.never)})`;
  }
  if ("in" in rule) {
    const except = rule.never === undefined ? "" : ` (${rule.never}: for ever)`;
    return `for the ${rule.unit ?? "seconds"} in ${expressionInWords(rule.in, quote)}${except}`;
  }
  return "for ever";
}

function exception(never: number | string | undefined): string {
  return never === undefined ? "" : `; ${never}: for ever`;
}
