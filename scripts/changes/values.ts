/** What may stand at one place, before and now: types, `null`, the values of an enum, formats, bounds and defaults. */

import type { Node } from "../spec/node.js";
import { isObject, join } from "../spec/pointer.js";
import type { ChangeKind, Finding, Impact } from "./change.js";
import type { Direction } from "./schemas.js";
import type { Shape } from "./shape.js";

interface Compared {
  readonly direction: Direction;
  /** How messages call the place. */
  readonly name: string;
  /** The present schema. */
  readonly node: Node;
  readonly before: Shape;
  readonly after: Shape;
}

export function compareValues(compared: Compared): Finding[] {
  const { before, after, node } = compared;
  const types = compareTypes(compared);
  // Of a value of another type nothing else can be compared.
  const rest =
    types.length > 0
      ? []
      : [compareEnum(compared), compareFormat(compared), compareLimits(compared), compareAdditional(compared)];
  return [
    ...types,
    compareNull(compared),
    ...rest,
    compareDefault(compared),
    compareDiscriminator(before, after, compared.name),
  ]
    .flat()
    .map(({ keyword, ...said }) => ({ ...said, pointer: placeOf(keyword ?? KEYWORDS[said.kind], node) }));
}

interface Said extends Omit<Finding, "pointer"> {
  /** The keyword that says it, where its kind does not tell. */
  readonly keyword?: string;
}

const KEYWORDS: Readonly<Partial<Record<ChangeKind, string>>> = {
  "schema-type": "type",
  "schema-values": "enum",
  "schema-format": "format",
  "schema-default": "default",
  "schema-discriminator": "discriminator",
};

/** The keyword, where it stands in the schema itself. */
function placeOf(keyword: string | undefined, { pointer, value }: Node): string {
  return keyword !== undefined && isObject(value) && Object.hasOwn(value, keyword) ? join(pointer, keyword) : pointer;
}

function compareTypes({ direction, name, before, after }: Compared): Said[] {
  if (sameSet(before.types, after.types)) return [];
  const takesMore = contains(after.types, before.types);
  const takesLess = contains(before.types, after.types);
  const impact = takesMore
    ? ifRequest(direction, "safe", "breaking")
    : takesLess
      ? ifRequest(direction, "breaking", "safe")
      : "breaking";
  // An integer is a number to whoever reads it; only who counts on whole ones may be surprised.
  const isNumber = [before.types, after.types].every(
    (types) => types !== undefined && [...types].every((type) => NUMBERS.has(type)),
  );
  const message = `${name} is now ${typesInWords(after.types)}, and was ${typesInWords(before.types)}`;
  return [
    { kind: "schema-type", impact: isNumber && direction === "response" && impact === "breaking" ? "risky" : impact, message },
  ];
}

const NUMBERS = new Set(["integer", "number"]);

function compareNull({ direction, name, before, after }: Compared): Said[] {
  if (before.isNullable === after.isNullable) return [];
  const message = `${name} ${after.isNullable ? "may now" : "may no longer"} be null`;
  const impact = after.isNullable ? ifRequest(direction, "safe", "breaking") : ifRequest(direction, "breaking", "safe");
  return [{ kind: "schema-nullable", impact, message }];
}

function compareEnum({ direction, name, before, after }: Compared): Said[] {
  const [was, is] = [before.values, after.values];
  const say = (request: Impact, response: Impact, [toService, toCaller]: readonly [string, string]): Said => {
    const impact = ifRequest(direction, request, response);
    return { kind: "schema-values", impact, message: `${name} ${direction === "request" ? toService : toCaller}` };
  };
  if (was === undefined && is === undefined) return [];
  if (was === undefined)
    return [say("breaking", "safe", [`takes nothing but ${listed(is)} now`, `is now one of ${listed(is)}`])];
  if (is === undefined) return [say("safe", "risky", ["takes any value now", `may be something else than ${listed(was)} now`])];
  const [gone, fresh] = [without(was, is), without(is, was)];
  // Code that compares an answer with what it can never be does not compile, and loses nothing by that.
  const less = say("breaking", "risky", [`does not take ${listed(gone)} any more`, `is never ${listed(gone)} any more`]);
  const more = say("safe", "risky", [`takes ${listed(fresh)} as well`, `may now be ${listed(fresh)}`]);
  return [...(gone.size > 0 ? [less] : []), ...(fresh.size > 0 ? [more] : [])];
}

function compareFormat({ name, before, after }: Compared): Said[] {
  if (before.format === after.format) return [];
  // Widths of numbers are of no consequence in JavaScript.
  if ([before.format, after.format].every((format) => format === undefined || WIDTHS.has(format))) return [];
  const message = `${name} is now of ${after.format === undefined ? "no format" : `format ${after.format}`}, and was of ${before.format ?? "none"}`;
  return [{ kind: "schema-format", impact: "risky", message }];
}

const WIDTHS = new Set(["int32", "int64", "float", "double"]);

function compareLimits({ direction, name, before, after }: Compared): Said[] {
  return [...new Set([...before.limits.keys(), ...after.limits.keys()])].flatMap((keyword): Said[] => {
    const [old, present] = [before.limits.get(keyword), after.limits.get(keyword)];
    if (JSON.stringify(old) === JSON.stringify(present)) return [];
    const isLooser =
      present === undefined || (typeof old === "number" && typeof present === "number" && isAllowedMore(keyword, old, present));
    // What comes may be checked by nobody, what goes is checked by the service.
    const impact = direction === "response" || isLooser ? "safe" : "risky";
    const was = old === undefined ? "" : `, and was ${quoted(old)}`;
    const message =
      present === undefined
        ? `${name} has no ${keyword} any more${was}`
        : `${name} has a ${keyword} of ${quoted(present)} now${was}`;
    return [{ kind: "schema-limit", impact, message, keyword }];
  });
}

function isAllowedMore(keyword: string, old: number, present: number): boolean {
  if (/^min|^exclusiveMin/.test(keyword)) return present < old;
  return /^max|^exclusiveMax/.test(keyword) ? present > old : false;
}

const ADDITIONAL = [
  ["additional", "additionalProperties", "members"],
  ["items", "items", "items"],
] as const;

function compareAdditional({ direction, name, before, after }: Compared): Said[] {
  const kind: ChangeKind = "schema-additional";
  return ADDITIONAL.flatMap(([rest, keyword, noun]): Said[] => {
    if ((before[rest] === false) === (after[rest] === false)) return [];
    return after[rest] === false
      ? [
          {
            kind,
            impact: ifRequest(direction, "breaking", "risky"),
            message: `${name} has no further ${noun} any more`,
            keyword,
          },
        ]
      : [{ kind, impact: "safe", message: `${name} may have further ${noun}`, keyword }];
  });
}

function compareDefault({ direction, name, before, after }: Compared): Said[] {
  if (direction === "response" || before.default === after.default) return [];
  const [old, present] = [before.default, after.default].map((value) => (value === undefined ? "no default" : short(value)));
  return [
    { kind: "schema-default", impact: "risky", message: `${name}, left out, stands now for ${present}, and stood for ${old}` },
  ];
}

function compareDiscriminator(before: Shape, after: Shape, name: string): Said[] {
  if (before.discriminator === after.discriminator) return [];
  const [old, present] = [before, after].map(({ discriminator }) =>
    discriminator === undefined ? "nothing" : `"${short(discriminator)}"`,
  );
  return [
    { kind: "schema-discriminator", impact: "risky", message: `${name} is now told apart by ${present}, and was by ${old}` },
  ];
}

function ifRequest(direction: Direction, request: Impact, response: Impact): Impact {
  return direction === "request" ? request : response;
}

type Values = ReadonlySet<string> | undefined;

/** Whether whatever is in the one is in the other; what is not stated has everything in it. */
function contains(all: Values, some: Values): boolean {
  if (all === undefined) return true;
  return some !== undefined && [...some].every((value) => all.has(value) || (value === "integer" && all.has("number")));
}

function sameSet(one: Values, other: Values): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && [...one].every((value) => other.has(value));
}

function without(one: ReadonlySet<string>, other: ReadonlySet<string>): Set<string> {
  return new Set([...one].filter((value) => !other.has(value)));
}

function typesInWords(types: Values): string {
  return types === undefined ? "anything" : types.size === 0 ? "nothing" : [...types].join(" or ");
}

/** How many values a message lists. */
const LISTED = 6;

function listed(values: Values = new Set()): string {
  const shown = [...values].slice(0, LISTED).map(short).join(", ");
  return values.size > LISTED ? `${shown} and ${values.size - LISTED} more` : shown;
}

function quoted(value: unknown): string {
  return short(typeof value === "string" ? value : JSON.stringify(value));
}

/** Texts of a document can be of any length; a message is not. */
function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
