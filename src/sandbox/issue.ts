/** Success: a documented answer, with tokens in it that the sandbox will know again. */

import type { Expiry, Value } from "../lifecycle/contract.js";
import { at, parseExpression, type Reference, type Scope } from "../lifecycle/expression.js";
import { jwtClaims } from "../lifecycle/jwt.js";
import { formatTime } from "../lifecycle/moments.js";
import { durationMs, expiresAt } from "../lifecycle/time.js";
import type { Account } from "./accounts.js";
import { type Answer, statusesIn } from "./answers.js";
import type { Api } from "./api.js";
import type { DocumentedOperation } from "./document.js";
import type { Grant, Token, TokenTerms } from "./grants.js";
import { invert } from "./invert.js";
import { isScalar, withoutValueAt, withValueAt } from "./json.js";
import { jwt } from "./random.js";
import { successes } from "./refusals.js";
import { type Lifecycle, type Role, tokensOf } from "./roles.js";

export interface Issuance {
  readonly answer: Answer;
  /** The tokens that the answer carries. */
  readonly tokens: readonly Token[];
}

/**
 * Hands out a call's tokens: the named outputs get a fresh one, all others keep the one that the grant has. The lifetimes
 * are those of the answer, and the answer says what is left of them.
 */
export function issue(
  api: Api,
  operation: DocumentedOperation,
  role: Role,
  grant: Grant,
  fresh: ReadonlySet<string>,
): Issuance {
  const now = api.now();
  const outputs = tokensOf(role);
  const stated = chooseSuccess(api, operation, role, outputs);
  const renewed = outputs.filter((output) => fresh.has(output) || !grant.tokens.has(output));
  for (const output of renewed) mint(api, operation, role, grant, { output, now });
  let answer = withoutStrangers(api, operation, role, stated);
  const tokens: Token[] = [];
  for (const output of outputs) {
    const token = grant.tokens.get(output);
    if (token === undefined) continue;
    const wasThere = isThere(answer, role.call.outputs?.[output] ?? null);
    if (!renewed.includes(output) && !wasThere) continue;
    answer = withOutput(answer, role.call.outputs?.[output] ?? null, token.value);
    answer = withExpiry(answer, role.lifecycle.scheme.expires?.[output] ?? [], token, now);
    tokens.push(token);
  }
  return { answer: withRemainingUses(answer, role, grant), tokens };
}

/** Begins a grant without tokens, for one scheme or for several whose token calls look the same. */
export function startGrant(api: Api, { name }: Lifecycle, account: Account, schemes: readonly string[] = [name]): Grant {
  return api.ledger.start({ schemes, slot: api.accounts.slot(name, account), account, startedAt: api.now() });
}

export interface Minting {
  readonly output: string;
  readonly now: number;
  /** Default: a fresh one. */
  readonly value?: string | undefined;
}

/** Makes a token of a call's output, on the terms that the call's documented successes state. */
export function mint(api: Api, operation: DocumentedOperation, role: Role, grant: Grant, wanted: Minting): Token {
  const { output, now } = wanted;
  const examples = successes(api, operation, role);
  const terms = termsOf(api, role, grant, { output, now, examples });
  const value = wanted.value ?? freshValue(api, role, output, terms, examples);
  return api.ledger.issue(grant, output, value, terms);
}

/** A JWT where the output ends by a claim of its own, else a text without meaning. */
function freshValue(
  api: Api,
  { lifecycle, call }: Role,
  output: string,
  terms: TokenTerms,
  examples: readonly Answer[],
): string {
  const claim = endingClaim(lifecycle.scheme.expires?.[output] ?? []);
  if (claim === undefined) return api.random(32);
  const shown = examples.map((answer) => claimsOf(call.outputs?.[output] ?? null, answer));
  return mintJwt(api, claim, terms, shown.find((claims) => claims !== undefined) ?? {});
}

/** The documented success that already has a place for these tokens and for no others. */
export function chooseSuccess(api: Api, operation: DocumentedOperation, role: Role, outputs: readonly string[]): Answer {
  const places = new Set(outputs.flatMap((output) => pointersOf(role.call.outputs?.[output] ?? null)));
  const strangers = strangersOf(api, operation, role);
  const misfit = (answer: Answer): number =>
    [...places].filter((pointer) => at(answer.body, pointer) === undefined).length +
    strangers.filter((pointer) => at(answer.body, pointer) !== undefined).length;
  const [first, ...others] = successes(api, operation, role);
  if (first === undefined) return undocumentedSuccess(role);
  return others.reduce((best, answer) => (misfit(answer) < misfit(best) ? answer : best), first);
}

function undocumentedSuccess({ call }: Role): Answer {
  const [status = 200] = statusesIn(call.successCriteria);
  return { status, headers: {}, mediaType: "application/json", body: {} };
}

/** An answer in which a computed output would have this value. */
export function withOutput(answer: Answer, output: Value, value: unknown): Answer {
  const [bindings] = invert([{ value: output, presented: value }]);
  let written = answer;
  for (const { reference, value: part } of bindings?.values.values() ?? []) written = withReference(written, reference, part);
  return written;
}

function withReference(answer: Answer, reference: Reference, value: unknown): Answer {
  if (reference.root === "response.body") return { ...answer, body: withValueAt(answer.body, reference.pointer, value) };
  if (reference.root === "response.header") {
    const others = Object.entries(answer.headers).filter(([name]) => name.toLowerCase() !== reference.name.toLowerCase());
    return { ...answer, headers: { ...Object.fromEntries(others), [reference.name]: String(value) } };
  }
  return answer;
}

function isThere(answer: Answer, output: Value): boolean {
  return pointersOf(output).some((pointer) => at(answer.body, pointer) !== undefined);
}

/** Where in a response body an output stands. */
function pointersOf(output: Value): string[] {
  const [bindings] = invert([{ value: output, presented: "" }]);
  return [...(bindings?.values.values() ?? [])].flatMap(({ reference }) =>
    reference.root === "response.body" ? [reference.pointer] : [],
  );
}

/** Where tokens of the operation's other calls stand, which this call does not hand out. */
function strangersOf({ lifecycles }: Api, operation: DocumentedOperation, role: Role): string[] {
  const mine = new Set(Object.values(role.call.outputs ?? {}).flatMap(pointersOf));
  return lifecycles
    .flatMap(({ roles }) => roles)
    .filter(({ call }) => call.operationId === operation.operationId)
    .flatMap((other) => tokensOf(other).flatMap((output) => pointersOf(other.call.outputs?.[output] ?? null)))
    .filter((pointer) => !mine.has(pointer));
}

function withoutStrangers(api: Api, operation: DocumentedOperation, role: Role, answer: Answer): Answer {
  let { body }: { body?: unknown } = answer;
  for (const pointer of strangersOf(api, operation, role)) {
    if (at(body, pointer) !== undefined) body = withoutValueAt(body, pointer);
  }
  return { ...answer, body };
}

interface Terms extends Minting {
  /** Answers that are success. */
  readonly examples: readonly Answer[];
}

function termsOf(api: Api, { lifecycle, call }: Role, grant: Grant, { output, now, examples }: Terms): TokenTerms {
  const rules = lifecycle.scheme.expires?.[output] ?? [];
  const documented = (): number => documentedMs(rules, call.outputs?.[output] ?? null, examples);
  const ownMs = configuredMs(api, lifecycle, output) ?? documented();
  if (!lifecycle.refreshOutputs.has(output)) return { issuedAt: now, expiresAt: ownMs === Infinity ? null : now + ownMs };
  const { uses, idleExpiry, absoluteExpiry } = lifecycle.scheme.refreshToken ?? {};
  const grantMs = absoluteExpiry === undefined ? Infinity : grant.startedAt + durationMs(absoluteExpiry) - now;
  const lifetimeMs = Math.min(ownMs, grantMs);
  return {
    issuedAt: now,
    expiresAt: lifetimeMs === Infinity ? null : now + lifetimeMs,
    idleUntil: idleExpiry === undefined ? null : now + durationMs(idleExpiry),
    usesLeft: uses ?? null,
  };
}

function configuredMs({ settings: { lifetimeSeconds } }: Api, lifecycle: Lifecycle, output: string): number | undefined {
  if (typeof lifetimeSeconds === "object") return secondsToMs(lifetimeSeconds[output]);
  return lifecycle.accessOutputs.has(output) ? secondsToMs(lifetimeSeconds) : undefined;
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

const HOUR_MS = 3_600_000;

/**
 * How long a token lives by its rules and the examples: the longest that any of them says, since an example may show a token
 * that has been handed out before. Without any, an hour it is; without rules, for ever.
 */
function documentedMs(rules: readonly Expiry[], output: Value, examples: readonly Answer[]): number {
  if (rules.length === 0) return Infinity;
  const stated = examples.flatMap((answer) => statedMs(rules, output, answer) ?? []);
  const finite = stated.filter((ms) => ms !== Infinity);
  if (finite.length > 0) return Math.max(...finite);
  return stated.length > 0 ? Infinity : HOUR_MS;
}

/** What the first rule says that says it; an absolute moment in an example lies in the past and says nothing. */
function statedMs(rules: readonly Expiry[], output: Value, answer: Answer): number | undefined {
  const scope: Scope = {
    response: { status: answer.status, headers: new Headers(answer.headers), body: { value: answer.body } },
  };
  for (const rule of rules) {
    if ("at" in rule) continue;
    const ms =
      "claim" in rule ? claimedMs(claimsOf(output, answer), rule.claim) : expiresAt([rule], undefined, 0, scope, undefined);
    if (ms !== undefined) return ms ?? Infinity;
  }
  return undefined;
}

type Claims = Readonly<Record<string, unknown>>;

/** The span from `iat` to the claim that ends a token. */
function claimedMs(claims: Claims | undefined, claim: string): number | undefined {
  const [start, end] = [Number(claims?.["iat"]), Number(claims?.[claim])];
  return end > start ? (end - start) * 1000 : undefined;
}

/** The claims of the token that an example shows, if that is a JWT. */
function claimsOf(output: Value, { body }: Answer): Claims | undefined {
  const [token] = pointersOf(output).map((pointer) => at(body, pointer));
  return typeof token === "string" ? jwtClaims(token) : undefined;
}

function endingClaim(rules: readonly Expiry[]): string | undefined {
  return rules.flatMap((rule) => ("claim" in rule ? [rule.claim] : []))[0];
}

function mintJwt(api: Api, claim: string, { issuedAt, expiresAt: end }: TokenTerms, example: Claims): string {
  const { [claim]: _, ...others } = example;
  const claims = {
    ...others,
    jti: api.random(16),
    iat: Math.floor(issuedAt / 1000),
    ...(end !== null && { [claim]: Math.floor(end / 1000) }),
  };
  return jwt(claims, api.random);
}

/** Writes what is left of a token's life wherever the answer already says something about it. */
function withExpiry(answer: Answer, rules: readonly Expiry[], { expiresAt: end }: Token, now: number): Answer {
  return rules.reduce((written, rule) => {
    if (!("in" in rule || "at" in rule)) return written;
    const value = expiryText(rule, end, now);
    return value === undefined
      ? written
      : withKnownReference(written, parseExpression("in" in rule ? rule.in : rule.at), value);
  }, answer);
}

const UNIT_MS = { milliseconds: 1, seconds: 1000, minutes: 60_000 };

function expiryText(rule: Extract<Expiry, { never?: number | string }>, end: number | null, now: number): unknown {
  if (end === null) return rule.never;
  if ("at" in rule) return formatTime(end, rule.format);
  return Math.max(0, Math.floor((end - now) / UNIT_MS[rule.unit ?? "seconds"]));
}

function withRemainingUses(answer: Answer, { lifecycle, call }: Role, grant: Grant): Answer {
  const { remainingUses } = lifecycle.scheme.refreshToken ?? {};
  const [left] = [...lifecycle.refreshOutputs].flatMap((output) => grant.tokens.get(output)?.usesLeft ?? []);
  if (remainingUses === undefined || left === undefined) return answer;
  const reference = parseExpression(remainingUses);
  if (reference.root !== "outputs") return withKnownReference(answer, reference, left);
  const [bindings] = invert([{ value: call.outputs?.[reference.name] ?? null, presented: left }]);
  const places = [...(bindings?.values.values() ?? [])];
  return places.reduce((written, place) => withKnownReference(written, place.reference, place.value), answer);
}

/** Replaces what the answer has in a place, as text where it is text; a place that the answer lacks stays empty. */
function withKnownReference(answer: Answer, reference: Reference, value: unknown): Answer {
  if (reference.root === "response.header") {
    const isKnown = new Headers(answer.headers).has(reference.name);
    return isKnown ? withReference(answer, reference, value) : answer;
  }
  if (reference.root !== "response.body") return answer;
  const known = at(answer.body, reference.pointer);
  if (known === undefined) return answer;
  return withReference(answer, reference, typeof known === "string" && isScalar(value) ? String(value) : value);
}
