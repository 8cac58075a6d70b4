/** Durations, moments and expiry: text in, milliseconds out. */

import type { Expiry, TimeFormat } from "./contract.js";
import { parseExpression, resolveReference, type Scope } from "./expression.js";
import { jwtClaims } from "./jwt.js";

const DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
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

/** A moment, given in milliseconds since 1970, as a service wants to read it. */
export function formatTime(ms: number, format: TimeFormat): string | number {
  if (format === "epoch-seconds") return Math.floor(ms / 1000);
  if (format === "epoch-milliseconds") return Math.floor(ms);
  return format === "date-time" ? new Date(ms).toISOString() : new Date(ms).toUTCString();
}

/** A moment as a service wrote it, in milliseconds since 1970; `undefined` when it is not one. Numbers may be strings. */
export function parseTime(value: unknown, format: TimeFormat): number | undefined {
  if (format === "date-time" || format === "http-date") {
    const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
  }
  const number = finite(value);
  return number === undefined ? undefined : number * (format === "epoch-seconds" ? 1000 : 1);
}

/**
 * When an output ends, in milliseconds since 1970: `null` when the service says never, `undefined` when no rule yields.
 *
 * A lifetime counts from before the request was sent, so that a slow answer never makes a token look younger than it is. A
 * lifetime that is negative or not a number yields nothing: it is never taken for "for ever".
 */
export function expiresAt(rules: readonly Expiry[], output: unknown, sentAt: number, scope: Scope): number | null | undefined {
  for (const rule of rules) {
    const ms = applyRule(rule, output, sentAt, scope);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

function applyRule(rule: Expiry, output: unknown, sentAt: number, scope: Scope): number | null | undefined {
  if ("after" in rule) return sentAt + durationMs(rule.after);
  if ("claim" in rule)
    return typeof output === "string" ? parseTime(jwtClaims(output)?.[rule.claim], "epoch-seconds") : undefined;
  if (!("in" in rule || "at" in rule)) return null;
  const value = resolveReference(parseExpression("in" in rule ? rule.in : rule.at), scope);
  if (rule.never !== undefined && value !== undefined && value !== null && String(value) === String(rule.never)) return null;
  if ("at" in rule) return parseTime(value, rule.format);
  const lifetime = finite(value);
  return lifetime === undefined || lifetime < 0 ? undefined : sentAt + lifetime * UNIT_MS[rule.unit ?? "seconds"];
}

function finite(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
