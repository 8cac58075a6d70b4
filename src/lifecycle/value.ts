/** Values to be computed: templates, functions, and JSON that holds them. */

import type { Computed, Encoding, FunctionName, TimeFormat, Value } from "./contract.js";
import {
  type Condition,
  parseCondition,
  parseTemplate,
  type Reference,
  referencesInCondition,
  resolveTemplate,
  type Scope,
} from "./expression.js";

/** What functions that are not pure read: the clock, in milliseconds since 1970. */
export interface ValueScope extends Scope {
  readonly now: () => number;
  /** The functions that only some documents use; left out where a value is known to use none of them. */
  readonly functions: Functions | undefined;
}

/** What asks the clock, chance or a digest, and what reads a moment: only some documents use it. */
export interface Functions extends Evaluators<FurtherName> {
  parseTime(value: unknown, format: TimeFormat): number | undefined;
  /** The moment in a claim of a JWT, in milliseconds since 1970. */
  claimedTime(token: string, claim: string): number | undefined;
}

/**
 * Computes a value. A promise comes back only where `hash` or `hmac` is in it; everything else is there at once, which
 * keeps a ready header value synchronous. Missing values are `undefined`, and drop out of objects and arrays when they are
 * `optional`; what is missing deep inside a value makes an `optional` or a candidate of `first` missing itself.
 *
 * @throws {MissingValueError} when a member or an item of a payload that is not `optional` has no value.
 */
export function evaluate(value: Value, scope: ValueScope): unknown {
  if (typeof value === "string") return resolveTemplate(parseTemplate(value), scope);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return evaluateArray(value, scope);
  const name = functionName(value);
  if (name !== undefined) {
    const evaluator = isFurther(name) ? scope.functions![name] : FUNCTIONS[name];
    return evaluator((value as Record<string, never>)[name] as never, scope);
  }
  return evaluateMembers(Object.entries(value as Readonly<Record<string, Value>>), scope);
}

/**
 * Computes the members of an object, whatever their names are.
 *
 * @throws {MissingValueError} when one that is not `optional` has no value.
 */
export function evaluateMembers(
  members: readonly (readonly [name: string, value: Value])[],
  scope: ValueScope,
): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>> {
  return all(
    members.map(([, value]) => evaluate(value, scope)),
    (results) => {
      const kept: [string, unknown][] = [];
      members.forEach(([name, value], index) => {
        const result = results[index];
        if (result !== undefined) kept.push([name, result]);
        else if (!isOptional(value)) throw missing(name, value);
      });
      return Object.fromEntries(kept);
    },
  ) as Readonly<Record<string, unknown>>;
}

/** A member of a payload that has no value and may not be left out. */
export class MissingValueError extends Error {
  override readonly name = "MissingValueError";
  readonly references: readonly Reference[];

  constructor(member: string, references: readonly Reference[]) {
    super(`"${member}" has no value`);
    this.references = references;
  }
}

/** The function that an object stands for: that of its only member, if there is one of that name. */
export function functionName(value: object): FunctionName | undefined {
  const members = Object.keys(value);
  const [only] = members;
  const isOne = members.length === 1 && only !== undefined && (Object.hasOwn(FUNCTIONS, only) || isFurther(only));
  return isOne ? (only as FunctionName) : undefined;
}

/** Every expression in a value, with whether the value can do without it. */
export function referencesInValue(value: Value, optional = false): { reference: Reference; optional: boolean }[] {
  if (typeof value === "string") {
    return parseTemplate(value).flatMap((part) => (typeof part === "string" ? [] : [{ reference: part, optional }]));
  }
  if (typeof value !== "object" || value === null) return [];
  const name = Array.isArray(value) ? undefined : functionName(value);
  if (name === "literal") return [];
  const lenient = optional || name === "optional" || name === "first";
  return Object.values(value).flatMap((member) => referencesInValue(member as Value, lenient));
}

/** Whether a value is the same whenever it is computed from the same scope: it asks neither the clock nor chance. */
export function isTimeless(value: Value): boolean {
  if (typeof value !== "object" || value === null) return true;
  const name = Array.isArray(value) ? undefined : functionName(value);
  if (name === "literal") return true;
  return name !== "uuid" && name !== "now" && Object.values(value).every((member) => isTimeless(member as Value));
}

/** The inputs that values refer to. */
export function inputNames(values: readonly Value[]): Set<string> {
  const references = values.flatMap((value) => referencesInValue(value));
  return new Set(references.flatMap(({ reference }) => (reference.root === "inputs" ? [reference.name] : [])));
}

/** Every expression in a list of criteria. */
export function referencesInCriteria(criteria: readonly { readonly condition: string }[] | undefined): Reference[] {
  return (criteria ?? []).flatMap(({ condition }) => referencesInCondition(parseCondition(condition) satisfies Condition));
}

type Evaluator<Argument> = (argument: Argument, scope: ValueScope) => unknown;
type Argument<Name extends FunctionName> = Extract<Computed, Readonly<Record<Name, unknown>>>[Name];
type Evaluators<Names extends FunctionName> = { readonly [Name in Names]: Evaluator<Argument<Name>> };

const FURTHER = ["hash", "hmac", "jwtClaim", "now", "uuid"] as const satisfies FunctionName[];
type FurtherName = (typeof FURTHER)[number];

/** Whether a function is one of {@link Functions}. */
export function isFurther(name: string): name is FurtherName {
  return (FURTHER as readonly string[]).includes(name);
}

const FUNCTIONS: Evaluators<Exclude<FunctionName, FurtherName>> = {
  base64: (data, scope) => onText(evaluate(data, scope), (text) => encode(bytes(text), "base64")),
  base64url: (data, scope) => onText(evaluate(data, scope), (text) => encode(bytes(text), "base64url")),
  urlEncode: (data, scope) => onText(evaluate(data, scope), (text) => new URLSearchParams([["", text]]).toString().slice(1)),
  concat: (parts, scope) =>
    all(
      parts.map((part) => evaluate(part, scope)),
      (values) => (values.some(isMissing) ? undefined : values.map(String).join("")),
    ),
  first: firstOf,
  optional: (value, scope) => all([valueOrNothing(value, scope)], ([found]) => found ?? undefined),
  literal: (value) => value,
};

/** Bytes as text, in the encoding that the language names. */
export function encode(data: Uint8Array, encoding: Encoding): string {
  if (encoding === "hex") return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
  let binary = "";
  for (const byte of data) binary += String.fromCharCode(byte);
  const base64 = btoa(binary);
  return encoding === "base64" ? base64 : base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function evaluateArray(values: readonly Value[], scope: ValueScope): unknown {
  return all(
    values.map((value) => evaluate(value, scope)),
    (results) =>
      results.filter((result, index) => {
        if (result === undefined && !isOptional(values[index]!)) throw missing(`item ${index}`, values[index]!);
        return result !== undefined;
      }),
  );
}

function firstOf([candidate, ...others]: readonly Value[], scope: ValueScope): unknown {
  if (candidate === undefined) return undefined;
  return all([valueOrNothing(candidate, scope)], ([value]) => (isMissing(value) ? firstOf(others, scope) : value));
}

function valueOrNothing(value: Value, scope: ValueScope): unknown {
  try {
    const result = evaluate(value, scope);
    return result instanceof Promise ? result.catch(nothingIfMissing) : result;
  } catch (error) {
    return nothingIfMissing(error);
  }
}

function nothingIfMissing(error: unknown): undefined {
  if (!(error instanceof MissingValueError)) throw error;
}

function missing(member: string, value: Value): MissingValueError {
  return new MissingValueError(
    member,
    referencesInValue(value).map(({ reference }) => reference),
  );
}

function isOptional(value: Value): boolean {
  return typeof value === "object" && value !== null && "optional" in value && functionName(value) === "optional";
}

/** Whether there is no value. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** The text of a value, handed on where there is one. */
export function onText(value: unknown, then: (text: string) => unknown): unknown {
  return all([value], ([only]) => (isMissing(only) ? undefined : then(String(only))));
}

/** Values handed on together, at once where none of them is a promise. */
export function all(values: readonly unknown[], then: (values: readonly unknown[]) => unknown): unknown {
  const result = values.some((value) => value instanceof Promise) ? Promise.all(values).then(then) : then(values);
  // Nobody waits for a digest when a value beside it is missing; that must not count as an unhandled rejection.
  if (result instanceof Promise) result.catch(() => {});
  return result;
}

/** A text in UTF-8; of what array the bytes are, only TypeScript 5.7 and later can say. */
export function bytes(text: string): ReturnType<InstanceType<typeof TextEncoder>["encode"]> {
  return new TextEncoder().encode(text);
}
