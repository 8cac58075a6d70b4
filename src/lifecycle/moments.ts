/** Moments as services write them: text or number in, milliseconds since 1970 out, and back. */

import type { TimeFormat } from "./contract.js";
import { decimal } from "./time.js";

/** RFC 3339 section 5.6. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
/** RFC 9110 section 5.6.7, with the two obsolete forms that a recipient accepts. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT|[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} [\d:]{8} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;

/** A moment, given in milliseconds since 1970, as a service wants to read it. */
export function formatTime(ms: number, format: TimeFormat): string | number {
  if (format === "epoch-seconds") return Math.floor(ms / 1000);
  if (format === "epoch-milliseconds") return Math.floor(ms);
  return format === "date-time" ? new Date(ms).toISOString() : new Date(ms).toUTCString();
}

/**
 * A moment as a service wrote it, in milliseconds since 1970; `undefined` when it is not one. Numbers may be strings.
 *
 * Texts are held to their grammar before `Date.parse` sees them: on its own it takes almost anything for a date, and a time
 * without a zone for the local one.
 */
export function parseTime(value: unknown, format: TimeFormat): number | undefined {
  if (format === "epoch-seconds" || format === "epoch-milliseconds") {
    const number = decimal(value);
    return number === undefined ? undefined : number * (format === "epoch-seconds" ? 1000 : 1);
  }
  const text = typeof value === "string" ? value.trim() : "";
  const ms = format === "date-time" ? dateTimeMs(text) : httpDateMs(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function dateTimeMs(text: string): number {
  return DATE_TIME.test(text) ? Date.parse(text.toUpperCase().replace(" ", "T")) : Number.NaN;
}

function httpDateMs(text: string): number {
  return HTTP_DATE.test(text) ? Date.parse(text.endsWith("GMT") ? text : `${text} GMT`) : Number.NaN;
}
