/**
 * Evaluation played backwards: from what was presented to what it was made of.
 *
 * `"{$outputs.accessToken}|{$inputs.fingerprint}"` and a header's text yield the access token and the fingerprint; Basic
 * credentials yield client ID and secret. The same function writes answers: from an output and a fresh token to where in
 * the response body that token has to stand.
 *
 * Where a text can be split in several ways, every way is a candidate, and what the service knows decides.
 */

import type { Computed, Value } from "../lifecycle/contract.js";
import { parseTemplate, type Reference, type Scope } from "../lifecycle/expression.js";
import { functions } from "../lifecycle/functions.js";
import { encode, evaluate, functionName, MissingValueError } from "../lifecycle/value.js";
import { isObject, isSame, isScalar, own } from "./json.js";

/** What expressions stand for, as far as the presented values tell. */
export interface Bindings {
  readonly values: ReadonlyMap<string, Bound>;
  /** Digests that cannot be inverted: they hold when computing them anew gives what was presented. */
  readonly obligations: readonly Obligation[];
}

export interface Bound {
  readonly reference: Reference;
  readonly value: unknown;
}

export interface Obligation {
  readonly value: Value;
  readonly presented: string;
}

export const NOTHING_BOUND: Bindings = { values: new Map(), obligations: [] };

/** A value of the document, and what the request has in its place: `undefined` where it has nothing. */
export interface Presentation {
  readonly value: Value;
  readonly presented: unknown;
}

export type Lets = Readonly<Record<string, Value>>;

/** How many splits of a text are tried at most: hostile text must not buy time. */
const SPLITS = 10_000;

interface Context {
  readonly lets: Lets;
  splitsLeft: number;
}

/** Every way in which the document's values can have given what was presented, at most a thousand of them. */
export function invert(
  presentations: readonly Presentation[],
  { bindings = NOTHING_BOUND, lets = {} }: { readonly bindings?: Bindings; readonly lets?: Lets } = {},
): Bindings[] {
  const found: Bindings[] = [];
  for (const candidate of invertAll(presentations, bindings, { lets, splitsLeft: SPLITS })) {
    found.push(candidate);
    if (found.length === 1000) break;
  }
  return found;
}

/** The scope in which what was bound has its values. */
export function scopeOf({ values }: Bindings): Scope {
  const scope = { inputs: {}, outputs: {}, let: {}, workflows: {} as Record<string, Record<string, unknown>> };
  for (const { reference, value } of values.values()) {
    switch (reference.root) {
      case "inputs":
      case "outputs":
      case "let":
        Object.assign(scope[reference.root], { [reference.name]: value });
        break;
      case "workflows":
        scope.workflows[reference.of] = { ...scope.workflows[reference.of], [reference.name]: value };
    }
  }
  return scope;
}

/** The bound inputs by name. */
export function boundInputs({ values }: Bindings): Map<string, unknown> {
  const inputs = new Map<string, unknown>();
  for (const { reference, value } of values.values()) if (reference.root === "inputs") inputs.set(reference.name, value);
  return inputs;
}

/** Both together, or `undefined` when they contradict each other. */
export function merge(one: Bindings, other: Bindings): Bindings | undefined {
  const values = new Map(one.values);
  for (const [key, bound] of other.values) {
    const known = values.get(key);
    if (known !== undefined && !isSame(known.value, bound.value)) return undefined;
    values.set(key, bound);
  }
  return { values, obligations: [...one.obligations, ...other.obligations] };
}

/** What one scheme was presented with, as others see it: its outputs are those of its workflow, its `let` is its own. */
export function qualify({ values }: Bindings, scheme: string): Bindings {
  const qualified = [...values.values()].flatMap(({ reference, value }): Bound[] => {
    if (reference.root === "let") return [];
    if (reference.root !== "outputs") return [{ reference, value }];
    return [{ reference: { root: "workflows", of: scheme, name: reference.name }, value }];
  });
  return { values: new Map(qualified.map((bound) => [keyOf(bound.reference), bound])), obligations: [] };
}

/** Whether every digest is what computing it anew, with the account's own values, gives. */
export async function areKept(obligations: readonly Obligation[], scope: Scope, now: () => number): Promise<boolean> {
  try {
    for (const { value, presented } of obligations) {
      if ((await evaluate(value, { ...scope, now, functions })) !== presented) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof MissingValueError) return false;
    throw error;
  }
}

/** An expression as a key: one for each thing that can be bound. */
export function keyOf(reference: Reference): string {
  const { root } = reference;
  if ("of" in reference) return `${root}.${reference.of}.outputs.${reference.name}`;
  if ("pointer" in reference) return `${root}#${reference.pointer}`;
  return "name" in reference ? `${root}.${reference.name}` : root;
}

function* invertAll([first, ...rest]: readonly Presentation[], bindings: Bindings, context: Context): Generator<Bindings> {
  if (first === undefined) {
    yield bindings;
    return;
  }
  for (const bound of invertOne(first.value, first.presented, bindings, context)) yield* invertAll(rest, bound, context);
}

function* invertOne(value: Value, presented: unknown, bindings: Bindings, context: Context): Generator<Bindings> {
  if (typeof value === "string") {
    const [only, ...more] = parseTemplate(value);
    if (only !== undefined && typeof only !== "string" && more.length === 0) {
      yield* bind(only, presented, bindings, context);
      return;
    }
    if (isScalar(presented)) yield* split(pieces(value), String(presented), bindings, context);
    return;
  }
  if (typeof value !== "object" || value === null) {
    if (presented !== undefined && isSame(value, presented)) yield bindings;
    return;
  }
  if (Array.isArray(value)) {
    if (Array.isArray(presented)) yield* invertItems(value, presented, bindings, context);
    return;
  }
  if (functionName(value) !== undefined) {
    yield* invertFunction(value as Computed, presented, bindings, context);
    return;
  }
  if (!isObject(presented)) return;
  const pairs = Object.entries(value).map(
    ([name, member]): Presentation => ({
      value: member as Value,
      presented: own(presented, name),
    }),
  );
  yield* invertAll(pairs, bindings, context);
}

/** Items that are optional may have been left out, so that those after them moved up. */
function* invertItems(
  [value, ...values]: readonly Value[],
  presented: readonly unknown[],
  bindings: Bindings,
  context: Context,
): Generator<Bindings> {
  if (value === undefined) {
    if (presented.length === 0) yield bindings;
    return;
  }
  const [item, ...items] = presented;
  if (item !== undefined) {
    for (const bound of invertOne(value, item, bindings, context)) yield* invertItems(values, items, bound, context);
  }
  const isOptional = typeof value === "object" && value !== null && functionName(value) === "optional";
  if (isOptional) yield* invertItems(values, presented, bindings, context);
}

function* invertFunction(value: Computed, presented: unknown, bindings: Bindings, context: Context): Generator<Bindings> {
  if ("optional" in value) {
    if (presented === undefined) yield bindings;
    else yield* invertOne(value.optional, presented, bindings, context);
    return;
  }
  if ("first" in value) {
    for (const candidate of value.first) yield* invertOne(candidate, presented, bindings, context);
    return;
  }
  if ("literal" in value) {
    if (isSame(value.literal, presented)) yield bindings;
    return;
  }
  if (!isScalar(presented)) return;
  const text = String(presented);
  if ("concat" in value) yield* split(pieces(value), text, bindings, context);
  else if ("base64" in value) yield* decoded(value.base64, fromBase64(text, "base64"), bindings, context);
  else if ("base64url" in value) yield* decoded(value.base64url, fromBase64(text, "base64url"), bindings, context);
  else if ("urlEncode" in value) yield* decoded(value.urlEncode, fromUrl(text), bindings, context);
  else if ("hash" in value || "hmac" in value) {
    yield { ...bindings, obligations: [...bindings.obligations, { value, presented: text }] };
  } else yield bindings; // uuid, now, jwtClaim: any text may have been computed
}

function* decoded(value: Value, text: string | undefined, bindings: Bindings, context: Context): Generator<Bindings> {
  if (text !== undefined) yield* invertOne(value, text, bindings, context);
}

/** A text as the row of things it was joined from. */
type Piece = string | { readonly hole: Value } | { readonly hole: Reference; readonly isReference: true };

function pieces(value: Value): Piece[] {
  if (typeof value === "string") {
    return parseTemplate(value).map((part) => (typeof part === "string" ? part : { hole: part, isReference: true }));
  }
  if (typeof value !== "object" || value === null) return [String(value)];
  return "concat" in value && functionName(value) === "concat"
    ? (value.concat as readonly Value[]).flatMap(pieces)
    : [{ hole: value }];
}

function* split([piece, ...rest]: readonly Piece[], text: string, bindings: Bindings, context: Context): Generator<Bindings> {
  if (piece === undefined) {
    if (text === "") yield bindings;
    return;
  }
  if (typeof piece === "string") {
    if (text.startsWith(piece)) yield* split(rest, text.slice(piece.length), bindings, context);
    return;
  }
  const [next] = rest;
  if (next === undefined) {
    yield* fill(piece, text, bindings, context);
    return;
  }
  for (let end = 0; end <= text.length && context.splitsLeft > 0; end += 1) {
    if (typeof next === "string") end = text.indexOf(next, end);
    if (end < 0) return;
    context.splitsLeft -= 1;
    for (const bound of fill(piece, text.slice(0, end), bindings, context)) {
      yield* split(rest, text.slice(end), bound, context);
    }
  }
}

function fill(piece: Exclude<Piece, string>, text: string, bindings: Bindings, context: Context): Generator<Bindings> {
  return "isReference" in piece ? bind(piece.hole, text, bindings, context) : invertOne(piece.hole, text, bindings, context);
}

function* bind(reference: Reference, value: unknown, bindings: Bindings, context: Context): Generator<Bindings> {
  if (value === undefined) return;
  const bound = merge(bindings, { values: new Map([[keyOf(reference), { reference, value }]]), obligations: [] });
  if (bound === undefined) return;
  const definition = reference.root === "let" ? context.lets[reference.name] : undefined;
  if (definition === undefined) yield bound;
  else yield* invertOne(definition, value, bound, context);
}

function fromBase64(text: string, encoding: "base64" | "base64url"): string | undefined {
  const bytes = Buffer.from(text, encoding);
  return encode(bytes, encoding) === text ? bytes.toString("utf8") : undefined;
}

function fromUrl(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
