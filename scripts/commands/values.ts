/** Values of flags: durations, rates and whole numbers, each with a sentence about what it should have been. */

import { UsageError } from "./usage.js";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `250ms`, `30s`, `5m`, `1h`, `2d` or `1h30m`, in milliseconds. */
export function readDuration(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text)
    throw new UsageError(`${flag} takes a duration such as 250ms, 30s or 1h30m, not "${text}"`);
  return parts.reduce((total, [, figure, unit = ""]) => total + Number(figure) * (UNITS[unit] ?? 0), 0);
}

/** `10%` or `0.1`, as a number from 0 to 1. */
export function readRate(text: string, flag: string): number {
  const rate = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text === "" || !(rate >= 0 && rate <= 1)) throw new UsageError(`${flag} takes a rate such as 10% or 0.1, not "${text}"`);
  return rate;
}

/** A whole number within bounds. */
export function readInteger(text: string, flag: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`${flag} takes a whole number ${bounds}, not "${text}"`);
}
