/** The token calls of a lifecycle, from the side of the service. */

import { durationMs } from "../lifecycle/time.js";
import { type Account, hasValue } from "./accounts.js";
import type { Answer } from "./answers.js";
import type { Api } from "./api.js";
import type { Granted } from "./credentials.js";
import type { DocumentedOperation } from "./document.js";
import { type Grant, isLive, revokeTokens, type Token } from "./grants.js";
import { areKept, type Bindings, boundInputs, merge, scopeOf } from "./invert.js";
import { chooseSuccess, issue, startGrant, withOutput } from "./issue.js";
import { challenges, type Failure, tokenCallFailure } from "./refusals.js";
import type { SandboxRequest } from "./request.js";
import { applicationInputs, type Fit, optionalInputs, type Role, readClientAuthentication, tokensOf } from "./roles.js";

/** What came of a token call. */
export interface TokenCallResult {
  readonly role: Role;
  readonly answer: Answer;
  readonly account?: Account;
  /** The tokens that the answer carries. */
  readonly tokens: readonly Token[];
}

export interface TokenCallRequest {
  readonly api: Api;
  readonly operation: DocumentedOperation;
  readonly request: SandboxRequest;
  readonly authentication: Granted;
  /** The roles that the request may play; at least one. */
  readonly fits: readonly Fit[];
}

/**
 * Plays a token call. Where a request looks like the call of several lifecycles, the first that it satisfies counts, and all
 * that it satisfies share the grant.
 */
export async function playTokenCall(asked: TokenCallRequest): Promise<TokenCallResult> {
  let failed: TokenCallResult | undefined;
  for (const fit of asked.fits) {
    const found = await identify(asked, fit);
    if (found.kind === "failed") {
      failed ??= fail(asked, fit.role, found.failure);
      continue;
    }
    // From here on nothing waits: of two that spend the same token, one is first.
    return demandFactor(asked, fit.role, found) ?? play(asked, fit, found);
  }
  return failed ?? fail(asked, asked.fits[0]!.role, "user");
}

interface Identified {
  readonly kind: "identified";
  readonly bindings: Bindings;
  readonly account: Account;
}

type Identification = Identified | { readonly kind: "failed"; readonly failure: Failure };

/** The account that a token call speaks for: the first reading of it that agrees with what an account has. */
async function identify(asked: TokenCallRequest, { role, readings }: Fit): Promise<Identification> {
  const { api, request, authentication } = asked;
  const clients = readClientAuthentication(role, request);
  let failure: Failure = clients.length === 0 ? "client" : failureOf(role);
  for (const client of clients) {
    for (const reading of readings) {
      const bindings = [authentication.bindings, client].reduce<Bindings | undefined>(
        (merged, other) => merged && merge(merged, other),
        reading,
      );
      if (bindings === undefined) continue;
      const inputs = requiredInputs(role, bindings);
      const account = ownerOf(asked, role, bindings, inputs);
      if (account !== undefined && (await keeps(asked, account, bindings))) return { kind: "identified", bindings, account };
      if (!knowsApplication(api, role, inputs)) failure = "client";
    }
  }
  return { kind: "failed", failure };
}

/** Whether the digests of a token call are those of the account's own values. */
function keeps({ api, request }: TokenCallRequest, account: Account, bindings: Bindings): Promise<boolean> {
  return areKept(bindings.obligations, { ...scopeOf(bindings), inputs: account.inputs, request }, api.now);
}

function failureOf({ role }: Role): Failure {
  if (role === "obtain") return "user";
  return role === "recover" ? "unknown-account" : "refresh-token";
}

/** What was bound and must agree with an account; the optional members of a challenge are judged apart. */
function requiredInputs(role: Role, bindings: Bindings): Map<string, unknown> {
  const inputs = boundInputs(bindings);
  if (isChallenging(role)) for (const input of optionalInputs(role)) inputs.delete(input);
  return inputs;
}

function ownerOf(
  { api, authentication }: TokenCallRequest,
  role: Role,
  bindings: Bindings,
  inputs: ReadonlyMap<string, unknown>,
): Account | undefined {
  const token = presentedToken(api, role, bindings);
  if (token !== undefined) return api.accounts.findInSlot(token.grant.slot, inputs);
  if (role.role === "refresh") return undefined;
  const ticket = presentedTicket(api, bindings);
  if (ticket === "unknown") return undefined;
  if (ticket !== undefined) return [...inputs].every(([name, value]) => hasValue(ticket, name, value)) ? ticket : undefined;
  return inputs.size === 0 && authentication.account !== undefined ? authentication.account : api.accounts.find(inputs);
}

function knowsApplication(api: Api, role: Role, inputs: ReadonlyMap<string, unknown>): boolean {
  const names = applicationInputs(role);
  const application = new Map([...inputs].filter(([name]) => names.has(name)));
  return application.size === 0 || api.accounts.find(application) !== undefined;
}

/** The token that a call is asked with, in its payload, its parameters or by a scheme that borrows it. */
function presentedToken(api: Api, { lifecycle }: Role, { values }: Bindings): Token | undefined {
  for (const { reference, value } of values.values()) {
    if (!("name" in reference) || (reference.root !== "outputs" && reference.root !== "workflows")) continue;
    if ("of" in reference && reference.of !== lifecycle.name) continue;
    const token = api.ledger.find(value);
    if (token?.grant.schemes.includes(lifecycle.name)) return token;
  }
  return undefined;
}

function presentedTicket(api: Api, { values }: Bindings): Account | "unknown" | undefined {
  for (const [expression, { reference, value }] of values) {
    if (reference.root !== "steps") continue;
    const ticket = api.ledger.tickets.get(String(value));
    return ticket?.expression === expression ? ticket.account : "unknown";
  }
  return undefined;
}

function play(asked: TokenCallRequest, fit: Fit, found: Identified): TokenCallResult {
  const { role } = fit;
  if (role.isFollowed) return giveTicket(asked, role, found);
  switch (role.role) {
    case "obtain":
      return obtain(asked, role, found);
    case "refresh":
      return refresh(asked, role, found);
    case "recover":
      return recover(asked, role, found);
    case "revoke":
      return revoke(asked, fit, found);
  }
}

function obtain(asked: TokenCallRequest, role: Role, { account, bindings }: Identified): TokenCallResult {
  const { api } = asked;
  for (const { reference, value } of bindings.values.values()) {
    if (reference.root === "steps") api.ledger.tickets.delete(String(value));
  }
  const slot = api.accounts.slot(role.lifecycle.name, account);
  const live = role.lifecycle.scheme.refreshToken?.sameTokenWhileValid ? liveGrant(api, role, slot) : undefined;
  const grant = live ?? startGrant(api, role.lifecycle, account, schemesOf(asked, role));
  return succeed(asked, role, grant, account, live === undefined ? tokensOf(role) : []);
}

/** The grant of a slot whose access token is handed out again. */
function liveGrant(api: Api, { lifecycle }: Role, slot: string): Grant | undefined {
  const grant = api.ledger.newest(slot);
  const tokens = [...lifecycle.accessOutputs].map((output) => grant?.tokens.get(output));
  return tokens.every((token) => token !== undefined && isLive(token, api.now())) ? grant : undefined;
}

/** Every scheme whose call of this role looks the same. */
function schemesOf({ fits }: TokenCallRequest, { role, lifecycle }: Role): string[] {
  const others = fits.filter((fit) => fit.role.role === role).map((fit) => fit.role.lifecycle.name);
  return [...new Set([lifecycle.name, ...others])];
}

function refresh(asked: TokenCallRequest, role: Role, { account, bindings }: Identified): TokenCallResult {
  const { api } = asked;
  const token = presentedToken(api, role, bindings);
  if (token === undefined || !mayRefresh(api, role, token)) return fail(asked, role, "refresh-token", account);
  const { grant } = token;
  const { sameTokenWhileValid, revokesAccessToken } = role.lifecycle.scheme.refreshToken ?? {};
  const fresh: string[] = [];
  const isShownAgain = token.replacedAt !== null;
  if (!isShownAgain) {
    spend(api, role, token);
    if (isRotationDue(api, role, token)) fresh.push(token.output);
    if (fresh.length > 0) grant.rotatesNext = false;
  }
  for (const output of role.lifecycle.accessOutputs) {
    const current = grant.tokens.get(output);
    if (sameTokenWhileValid && current !== undefined && isLive(current, api.now())) continue;
    if (revokesAccessToken && current !== undefined) current.isRevoked = true;
    fresh.push(output);
  }
  return succeed(asked, role, grant, account, fresh);
}

/** Whether a refresh token is accepted, now; showing a rotated one too late costs the grant where rotation is `always`. */
function mayRefresh(api: Api, { lifecycle }: Role, token: Token): boolean {
  const { rotation, reuseWindow } = lifecycle.scheme.refreshToken ?? {};
  if (!lifecycle.refreshOutputs.has(token.output) || !isLive(token, api.now())) return false;
  if (token.replacedAt === null) return token.usesLeft !== 0;
  if (reuseWindow !== undefined && api.now() <= token.replacedAt + durationMs(reuseWindow)) return true;
  if (rotation === "always") {
    token.grant.isRevoked = true;
    api.alarms.push({ api: api.name, scheme: lifecycle.name, account: token.grant.account.id, at: api.now() });
  }
  return false;
}

function spend(api: Api, { lifecycle }: Role, token: Token): void {
  const { idleExpiry } = lifecycle.scheme.refreshToken ?? {};
  if (token.usesLeft !== null) token.usesLeft -= 1;
  if (idleExpiry !== undefined) token.idleUntil = api.now() + durationMs(idleExpiry);
  token.grant.refreshes += 1;
}

const ROTATES_EVERY = 5;

function isRotationDue({ settings }: Api, { lifecycle, call }: Role, { grant, usesLeft, output }: Token): boolean {
  const rotation = lifecycle.scheme.refreshToken?.rotation ?? "sometimes";
  if (rotation === "never" || call.outputs?.[output] === undefined) return false;
  if (rotation === "always" || grant.rotatesNext) return true;
  if (settings.rotateEvery !== undefined) return grant.refreshes % settings.rotateEvery === 0;
  return grant.refreshes % ROTATES_EVERY === 0 || (usesLeft !== null && usesLeft <= 1);
}

/** The newest refresh token, as it is; a fresh one when nothing is left of it. */
function recover(asked: TokenCallRequest, role: Role, { account }: Identified): TokenCallResult {
  const { api } = asked;
  const slot = api.accounts.slot(role.lifecycle.name, account);
  const grant = api.ledger.newest(slot) ?? startGrant(api, role.lifecycle, account);
  const stale = tokensOf(role).filter((output) => {
    const token = grant.tokens.get(output);
    return token === undefined || token.usesLeft === 0 || !isLive(token, api.now());
  });
  return succeed(asked, role, grant, account, stale);
}

/** Ends what the document says a revocation ends; a call that the document does not describe ends the token it names. */
function revoke(asked: TokenCallRequest, { role, isExact }: Fit, { account, bindings }: Identified): TokenCallResult {
  const { api, operation } = asked;
  const token = presentedToken(api, role, bindings);
  const answer = chooseSuccess(api, operation, role, []);
  const ends = role.lifecycle.scheme.revoke?.ends ?? [];
  if (token !== undefined) revokeTokens(isExact ? token.grant.history.filter(({ output }) => ends.includes(output)) : [token]);
  return { role, answer, account, tokens: [] };
}

/** The answer to a step that others follow: fresh values wherever a later step reads one. */
function giveTicket(asked: TokenCallRequest, role: Role, { account }: Identified): TokenCallResult {
  const { api, operation } = asked;
  let answer = chooseSuccess(api, operation, role, []);
  for (const [name, output] of Object.entries(role.call.outputs ?? {})) {
    const value = api.random(32);
    api.ledger.tickets.set(value, { expression: `steps.${role.call.stepId}.outputs.${name}`, account });
    answer = withOutput(answer, output, value);
  }
  return { role, answer, account, tokens: [] };
}

/**
 * The answer that demands a second factor, while the account is flagged for one. The optional inputs of the payload, in its
 * order, are the steps: all but the last choose, the last proves.
 */
function demandFactor(asked: TokenCallRequest, role: Role, { account, bindings }: Identified): TokenCallResult | undefined {
  if (!account.challenged || !isChallenging(role)) return undefined;
  const inputs = boundInputs(bindings);
  const optional = optionalInputs(role);
  const proof = optional.at(-1);
  if (proof !== undefined && inputs.has(proof) && hasValue(account, proof, inputs.get(proof))) {
    account.challenged = false;
    return undefined;
  }
  const answers = challenges(asked.api, asked.operation, role);
  const isWrongProof = proof !== undefined && inputs.has(proof);
  const choices = optional.slice(0, -1).filter((input) => isChosen(account, input, inputs));
  const answer = answers[isWrongProof ? 0 : Math.min(choices.length, answers.length - 1)];
  return { role, answer: answer ?? tokenCallFailure(asked.api, asked.operation, role, "user"), account, tokens: [] };
}

/** A choice counts when the account has that value, or has none to compare with. */
function isChosen(account: Account, input: string, inputs: ReadonlyMap<string, unknown>): boolean {
  return inputs.has(input) && (!account.values.has(input) || hasValue(account, input, inputs.get(input)));
}

function isChallenging({ call }: Role): boolean {
  return (call.onFailure ?? []).some((action) => action.type === "end" && action.outcome === "challenge");
}

function succeed(
  { api, operation }: TokenCallRequest,
  role: Role,
  grant: Grant,
  account: Account,
  fresh: readonly string[],
): TokenCallResult {
  const { answer, tokens } = issue(api, operation, role, grant, new Set(fresh));
  return { role, answer, account, tokens };
}

function fail(asked: TokenCallRequest, role: Role, failure: Failure, account?: Account): TokenCallResult {
  const answer = tokenCallFailure(asked.api, asked.operation, role, failure);
  return { role, answer, tokens: [], ...(account && { account }) };
}
