/** Durations and expiry: text in, milliseconds out. */

import type { Expiry } from "./contract.js";
import { parseExpression, resolveReference, type Scope } from "./expression.js";
import type { Functions } from "./value.js";

const DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** The last moment that RFC 3339 can write. */
const LAST_MOMENT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const UNIT_MS = { milliseconds: 1, seconds: 1000, minutes: 60_000 };

/** Whether a text is a duration of the language. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/**
 * The milliseconds in an ISO 8601 duration of weeks, days, hours, minutes and seconds.
 *
 * @throws {TypeError} when the text is not one.
 */
export function durationMs(text: string): number {
  const parts = DURATION.exec(text);
  if (parts === null) throw new TypeError(`"${text}" is not a duration such as PT60S, PT2H or P1D`);
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/**
 * When an output ends, in milliseconds since 1970: `null` when the service says never, `undefined` when no rule yields.
 *
 * A lifetime counts from before the request was sent, so that a slow answer never makes a token look younger than it is. An
 * end that does not come after that yields nothing: a lifetime of zero or less says nothing true of a token that has just
 * been handed out, a moment in the past says that the clocks differ, and to believe either would be to renew on every call.
 * Neither does an end beyond the year 9999 (seconds taken for milliseconds, say): nothing but `never` means for ever.
 *
 * @param functions what reads a moment, or a claim; needed where a rule names one.
 */
export function expiresAt(
  rules: readonly Expiry[],
  output: unknown,
  sentAt: number,
  scope: Scope,
  functions: Functions | undefined,
): number | null | undefined {
  for (const rule of rules) {
    const end = endBy(rule, output, sentAt, scope, functions);
    if (end === null || (end !== undefined && end > sentAt && end <= LAST_MOMENT)) return end;
  }
  return undefined;
}

function endBy(
  rule: Expiry,
  output: unknown,
  sentAt: number,
  scope: Scope,
  functions: Functions | undefined,
): number | null | undefined {
  if ("after" in rule) return sentAt + durationMs(rule.after);
  if ("claim" in rule) return typeof output === "string" ? functions!.claimedTime(output, rule.claim) : undefined;
  if (!("in" in rule || "at" in rule)) return null;
  const value = resolveReference(parseExpression("in" in rule ? rule.in : rule.at), scope);
  if (rule.never !== undefined && value !== undefined && value !== null && String(value) === String(rule.never)) return null;
  if ("at" in rule) return functions!.parseTime(value, rule.format);
  const lifetime = decimal(value);
  return lifetime === undefined ? undefined : sentAt + lifetime * UNIT_MS[rule.unit ?? "seconds"];
}

/** A number, or a text that spells one in decimal: `0x10` and an empty text are not numbers of any service. */
export function decimal(value: unknown): number | undefined {
  const number = typeof value === "string" && DECIMAL.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
