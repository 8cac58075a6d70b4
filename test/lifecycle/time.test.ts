import { describe, expect, it } from "vitest";
import type { Expiry, TimeFormat } from "../../src/lifecycle/contract.js";
import type { Scope } from "../../src/lifecycle/expression.js";
import { functions } from "../../src/lifecycle/functions.js";
import { formatTime, parseTime } from "../../src/lifecycle/moments.js";
import { durationMs, expiresAt, isDuration } from "../../src/lifecycle/time.js";
import { jwt } from "./jwt.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SENT_AT = Date.UTC(2026, 0, 1, 12);

describe("durationMs", () => {
  it.each([
    { text: "PT0S", want: 0 },
    { text: "PT60S", want: MINUTE },
    { text: "PT0.5S", want: 500 },
    { text: "PT1M30S", want: 90 * SECOND },
    { text: "PT2H", want: 2 * HOUR },
    { text: "P1D", want: DAY },
    { text: "P1DT1H", want: DAY + HOUR },
    { text: "P2W", want: 14 * DAY },
    { text: "P1W2DT3H4M5.678S", want: 9 * DAY + 3 * HOUR + 4 * MINUTE + 5678 },
    { text: "PT90M", want: 90 * MINUTE },
  ])("$text is $want ms", ({ text, want }) => {
    expect(isDuration(text)).toBe(true);
    expect(durationMs(text)).toBe(want);
  });

  it.each([
    "",
    "P",
    "PT",
    "P1DT",
    "1H",
    "T1H",
    "P1H",
    "PT1D",
    "P1Y",
    "P1M",
    "PT1.5H",
    "PT-1S",
    "-PT1S",
    "PT1S ",
    " PT1S",
    "PT1S\n",
    "pt1s",
    "PT1S1M",
    "PT1,5S",
    "3600",
  ])("refuses '%s'", (text) => {
    expect(isDuration(text)).toBe(false);
    expect(() => durationMs(text)).toThrow(TypeError);
  });
});

describe("formatTime and parseTime", () => {
  it.each<{ format: TimeFormat; written: string | number; ms: number }>([
    { format: "epoch-seconds", written: 1767268800, ms: SENT_AT },
    { format: "epoch-milliseconds", written: 1767268800000, ms: SENT_AT },
    { format: "date-time", written: "2026-01-01T12:00:00.000Z", ms: SENT_AT },
    { format: "http-date", written: "Thu, 01 Jan 2026 12:00:00 GMT", ms: SENT_AT },
  ])("write and read $format", ({ format, written, ms }) => {
    expect(formatTime(ms, format)).toBe(written);
    expect(parseTime(written, format)).toBe(ms);
    expect(parseTime(String(written), format)).toBe(ms);
  });

  it("formatTime writes whole seconds and milliseconds, never ahead of the time", () => {
    expect(formatTime(SENT_AT + 999.9, "epoch-seconds")).toBe(SENT_AT / 1000);
    expect(formatTime(SENT_AT + 0.9, "epoch-milliseconds")).toBe(SENT_AT);
  });

  it.each<{ value: unknown; format: TimeFormat; want: number }>([
    { value: "1767268800.25", format: "epoch-seconds", want: SENT_AT + 250 },
    { value: " 1767268800 ", format: "epoch-seconds", want: SENT_AT },
    { value: "1.7672688e9", format: "epoch-seconds", want: SENT_AT },
    { value: "+1.7672688E+9", format: "epoch-seconds", want: SENT_AT },
    { value: 0, format: "epoch-seconds", want: 0 },
    { value: -1, format: "epoch-milliseconds", want: -1 },
    { value: "2026-01-01T13:00:00+01:00", format: "date-time", want: SENT_AT },
    { value: "2026-01-01 12:00:00.5Z", format: "date-time", want: SENT_AT + 500 },
    { value: "2026-01-01t12:00:00z", format: "date-time", want: SENT_AT },
    { value: " 2026-01-01T12:00:00Z\n", format: "date-time", want: SENT_AT },
    { value: "2026-01-01T12:00:00.000000000Z", format: "date-time", want: SENT_AT },
    { value: "Sun, 06 Nov 1994 08:49:37 GMT", format: "http-date", want: Date.UTC(1994, 10, 6, 8, 49, 37) },
    { value: "Sunday, 06-Nov-94 08:49:37 GMT", format: "http-date", want: Date.UTC(1994, 10, 6, 8, 49, 37) },
    { value: "Sun Nov  6 08:49:37 1994", format: "http-date", want: Date.UTC(1994, 10, 6, 8, 49, 37) },
  ])("parseTime reads $value as $format", ({ value, format, want }) => {
    expect(parseTime(value, format)).toBe(want);
  });

  const GARBAGE: readonly unknown[] = [undefined, null, "", " ", "soon", "0x10", "1e999", "1_000", "12px", "NaN", "Infinity"];
  const NO_NUMBERS: readonly unknown[] = [...GARBAGE, Number.NaN, Number.POSITIVE_INFINITY, true, [], [1], {}, "--1", "1."];
  const NO_DATES: readonly unknown[] = [
    ...GARBAGE,
    SENT_AT,
    1,
    "1",
    "2026",
    "2026-01-01",
    "2026-01-01T12:00:00",
    "2026-01-01T25:00:00Z",
    "2026-13-01T12:00:00Z",
    "Jan 5",
    "token 1",
    "Thu, 01 Foo 2026 12:00:00 GMT",
    "Thu, 01 Jan 2026 12:00:00 CET",
    ["2026-01-01T12:00:00Z"],
  ];

  it.each<{ format: TimeFormat; values: readonly unknown[] }>([
    { format: "epoch-seconds", values: NO_NUMBERS },
    { format: "epoch-milliseconds", values: NO_NUMBERS },
    { format: "date-time", values: NO_DATES },
    { format: "http-date", values: NO_DATES },
  ])("parseTime finds no $format in garbage", ({ format, values }) => {
    for (const value of values) expect(parseTime(value, format), String(value)).toBeUndefined();
  });

  it("parseTime does not depend on the machine's zone", () => {
    expect(parseTime("2026-01-01T12:00:00", "date-time")).toBeUndefined();
    expect(parseTime("Thu Jan  1 12:00:00 2026", "http-date")).toBe(SENT_AT);
  });
});

describe("expiresAt", () => {
  const end = (rules: readonly Expiry[], body: unknown, output: unknown = "opaque") => {
    const scope: Scope = { response: { status: 200, headers: new Headers({ Expires: "60" }), body: { value: body } } };
    return expiresAt(rules, output, SENT_AT, scope, functions);
  };
  const within = { in: "$response.body#/expires_in" } as const satisfies Expiry;
  const until = (format: TimeFormat) => ({ at: "$response.body#/expires_at", format }) satisfies Expiry;

  it.each<{ name: string; rule: Expiry; body: unknown; want: number | null }>([
    { name: "seconds after the request was sent", rule: within, body: { expires_in: 3600 }, want: SENT_AT + HOUR },
    { name: "seconds in a string", rule: within, body: { expires_in: "3600" }, want: SENT_AT + HOUR },
    { name: "fractions of a second", rule: within, body: { expires_in: 0.5 }, want: SENT_AT + 500 },
    { name: "milliseconds", rule: { ...within, unit: "milliseconds" }, body: { expires_in: 3600 }, want: SENT_AT + 3600 },
    { name: "minutes", rule: { ...within, unit: "minutes" }, body: { expires_in: 60 }, want: SENT_AT + HOUR },
    { name: "a lifetime in a header", rule: { in: "$response.header.Expires" }, body: {}, want: SENT_AT + MINUTE },
    { name: "never as a number", rule: { ...within, never: 0 }, body: { expires_in: 0 }, want: null },
    { name: "never as a number in a string", rule: { ...within, never: 0 }, body: { expires_in: "0" }, want: null },
    { name: "never below zero", rule: { ...within, never: -1 }, body: { expires_in: -1 }, want: null },
    { name: "never as a word", rule: { ...until("date-time"), never: "never" }, body: { expires_at: "never" }, want: null },
    { name: "never without a condition", rule: { never: true }, body: {}, want: null },
    {
      name: "a moment in seconds",
      rule: until("epoch-seconds"),
      body: { expires_at: String(SENT_AT / 1000 + 60) },
      want: SENT_AT + MINUTE,
    },
    {
      name: "a moment in milliseconds",
      rule: until("epoch-milliseconds"),
      body: { expires_at: SENT_AT + MINUTE },
      want: SENT_AT + MINUTE,
    },
    {
      name: "a date",
      rule: until("date-time"),
      body: { expires_at: "2026-01-01T14:00:00+01:00" },
      want: SENT_AT + HOUR,
    },
    {
      name: "an HTTP date",
      rule: until("http-date"),
      body: { expires_at: "Thu, 01 Jan 2026 13:00:00 GMT" },
      want: SENT_AT + HOUR,
    },
    { name: "a constant", rule: { after: "PT2H" }, body: {}, want: SENT_AT + 2 * HOUR },
  ])("is $name", ({ rule, body, want }) => {
    expect(end([rule], body)).toBe(want);
  });

  it.each<{ name: string; claims: unknown; want: number | undefined }>([
    { name: "a claim", claims: { exp: SENT_AT / 1000 + 60 }, want: SENT_AT + MINUTE },
    { name: "a claim in a string", claims: { exp: String(SENT_AT / 1000 + 60) }, want: SENT_AT + MINUTE },
    { name: "nothing by a claim that is not there", claims: {}, want: undefined },
    { name: "nothing by a claim that is no number", claims: { exp: "tomorrow" }, want: undefined },
    { name: "nothing by a claim that has passed", claims: { exp: SENT_AT / 1000 - 1 }, want: undefined },
    { name: "nothing by a claim in milliseconds", claims: { exp: SENT_AT + MINUTE }, want: undefined },
    { name: "nothing by zero", claims: { exp: 0 }, want: undefined },
  ])("is $name", ({ claims, want }) => {
    expect(end([{ claim: "exp" }], {}, jwt(claims))).toBe(want);
  });

  it.each(["opaque", "a.b.c", "", 5, null, undefined, { exp: 1 }])("finds no claim in %s", (output) => {
    expect(end([{ claim: "exp" }], {}, output)).toBeUndefined();
  });

  // A token that has just been handed out is neither over nor good for ever, whatever the number says.
  it.each<{ name: string; value: unknown }>([
    { name: "missing", value: undefined },
    { name: "null", value: null },
    { name: "zero", value: 0 },
    { name: "minus zero", value: -0 },
    { name: "zero in a string", value: "0" },
    { name: "negative", value: -1 },
    { name: "negative in a string", value: "-3600" },
    { name: "not a number", value: "NaN" },
    { name: "infinite", value: "Infinity" },
    { name: "too great for a number", value: "1e999" },
    { name: "too great for a date", value: Number.MAX_VALUE },
    { name: "beyond the year 9999", value: 253_402_300_800 },
    { name: "empty", value: "" },
    { name: "blank", value: "  " },
    { name: "garbage", value: "one hour" },
    { name: "a duration", value: "PT1H" },
    { name: "true", value: true },
    { name: "false", value: false },
    { name: "a list", value: [3600] },
    { name: "an object", value: { seconds: 3600 } },
  ])("leaves a lifetime that is $name to the next rule", ({ value }) => {
    expect(end([within], { expires_in: value })).toBeUndefined();
    expect(end([within, { after: "PT1H" }], { expires_in: value })).toBe(SENT_AT + HOUR);
  });

  it.each<{ name: string; format: TimeFormat; value: unknown }>([
    { name: "zero", format: "epoch-seconds", value: 0 },
    { name: "in the past", format: "epoch-seconds", value: SENT_AT / 1000 - 1 },
    { name: "the one at which the request was sent", format: "epoch-milliseconds", value: SENT_AT },
    { name: "in milliseconds and declared in seconds", format: "epoch-seconds", value: SENT_AT + HOUR },
    { name: "in seconds and declared in milliseconds", format: "epoch-milliseconds", value: SENT_AT / 1000 + 3600 },
    { name: "a date in the past", format: "date-time", value: "2026-01-01T11:59:59Z" },
    { name: "a date without a zone", format: "date-time", value: "2026-01-01T14:00:00" },
    { name: "a number where a date is declared", format: "date-time", value: SENT_AT + HOUR },
    { name: "a date where a number is declared", format: "epoch-seconds", value: "2026-01-01T14:00:00Z" },
    { name: "garbage", format: "http-date", value: "in an hour" },
    { name: "missing", format: "http-date", value: undefined },
  ])("leaves a moment that is $name to the next rule", ({ format, value }) => {
    expect(end([until(format)], { expires_at: value })).toBeUndefined();
    expect(end([until(format), { after: "PT1H" }], { expires_at: value })).toBe(SENT_AT + HOUR);
  });

  it("leaves a constant of nothing to the next rule", () => {
    expect(end([{ after: "PT0S" }, { after: "PT1H" }], {})).toBe(SENT_AT + HOUR);
  });

  it("keeps the last moment of the year 9999, which services write for a token without an end", () => {
    const body = { expires_at: "9999-12-31T23:59:59.999Z" };
    expect(end([until("date-time")], body)).toBe(Date.UTC(9999, 11, 31, 23, 59, 59, 999));
  });

  it("takes never only for the very value", () => {
    const rule: Expiry = { ...within, never: 0 };
    for (const value of [undefined, null, "", "0.0", "00", false, []]) {
      expect(end([rule], { expires_in: value }), String(value)).toBeUndefined();
    }
  });

  it("takes the first rule that yields", () => {
    const rules: readonly Expiry[] = [until("epoch-seconds"), within, { after: "PT2H" }];
    expect(end(rules, { expires_at: SENT_AT / 1000 + 60, expires_in: 3600 })).toBe(SENT_AT + MINUTE);
    expect(end(rules, { expires_in: 3600 })).toBe(SENT_AT + HOUR);
    expect(end(rules, {})).toBe(SENT_AT + 2 * HOUR);
    expect(end([{ ...within, never: 0 }, { after: "PT2H" }], { expires_in: 0 })).toBeNull();
  });

  it("is unknown without rules", () => {
    expect(end([], { expires_in: 3600 })).toBeUndefined();
  });

  it("is unknown while there is no response", () => {
    expect(expiresAt([within, until("epoch-seconds")], "x", SENT_AT, {}, functions)).toBeUndefined();
  });
});
