/** One renewal: which token calls are made, in which order, and what each answer does to the record. */

import { TokenError, type TokenErrorCode } from "../errors.js";
import type { RenewalReason } from "../events.js";
import type { FailureAction, RenewalRole, SecurityScheme, TokenOperation } from "../lifecycle/contract.js";
import { parseExpression, resolveReference } from "../lifecycle/expression.js";
import { durationMs, expiresAt } from "../lifecycle/time.js";
import type { TokenRecord } from "../stores/store.js";
import { performTokenOperation, type TokenAnswer, type TokenFailure, type TokenUnavailable } from "./call.js";
import type { Caller } from "./engine.js";
import { Ended, type Journal } from "./journal.js";

/** What an access token is taken to live when the document has rules for its end and none of them yields. */
const ASSUMED_LIFE_MS = 60 * 60 * 1000;

export interface RenewalRequest {
  readonly scheme: string;
  readonly definition: SecurityScheme;
  readonly caller: Caller;
  readonly reason: RenewalReason;
  readonly journal: Journal;
  /** The record as it stands, with the caller's initial outputs in it. */
  readonly record: TokenRecord;
  readonly first: RenewalRole;
  /** Whether the caller has what `obtain` asks for. */
  readonly canObtain: boolean;
  /** When this renewal was begun, by the clock that nobody sets. */
  readonly begunAt: number;
}

type Success = Extract<TokenAnswer, { kind: "success" }>;

/**
 * Brings a new access token. Each call is written down before it is sent, what its answer brings is kept before the next one,
 * and each turn of the way is taken at most once.
 *
 * @throws {TokenError} when the ways are at an end. {@link Superseded} when another holder has moved on.
 */
export async function renew(request: RenewalRequest): Promise<TokenRecord> {
  const { scheme, definition, caller, journal } = request;
  const { emit } = caller.engine;
  const taken = new Set<string>();
  let { record, first: role } = request;
  let refused: TokenFailure | undefined;
  for (;;) {
    const operation = definition[role];
    if (operation === undefined) throw nothingLeft(request, refused);
    taken.add(role);
    const begun = await journal.begin(role, operationIdOf(operation), record);
    const answer = await perform(role, operation, request, begun, refused);

    if (answer.kind === "unavailable") {
      record = await release(answer, begun, request);
      const next = await caller.engine.features.refresh?.afterUnavailable(answer, record, taken, request);
      if (next === undefined) throw unavailable(request, answer);
      role = next;
      continue;
    }
    if (answer.kind === "failure") {
      await journal.release(begun, role === "refresh" && isRefusedToken(answer) ? "refused" : "no");
      record = journal.latest ?? record;
      if (role === "recover" && refused === undefined) {
        role = "refresh"; // recovering ahead of time was a precaution: the refresh token may still be good
        continue;
      }
      refused = answer;
      role = nextRole(role, answer, taken, request);
      continue;
    }
    if (Object.keys(answer.outputs).length === 0) {
      await journal.release(begun, "perhaps");
      throw noToken(request, answer);
    }
    const isLast = role !== "recover" && answer.outputs["accessToken"] !== undefined;
    record = await keep(afterSuccess(role, begun, answer, request), begun, isLast, answer, request);
    if (isLast) {
      emit(renewed(role, answer.operationId, begun, record, request));
      return record;
    }
    if (role === "recover") {
      const changed = record.outputs["refreshToken"] !== begun.outputs["refreshToken"];
      emit({ type: "recovered", scheme, operationId: answer.operationId, changed });
      role = changed || refused === undefined ? "refresh" : otherwise("obtain", taken, request, refused);
    } else {
      const isSaved = role === "refresh" && answer.outputs["refreshToken"] !== undefined && !taken.has("saved");
      if (definition.refresh === undefined || (role === "refresh" && !isSaved)) throw await stuck(request, answer);
      if (isSaved) taken.add("saved"); // only the refresh token could be saved from a damaged answer: it brings the rest
      role = "refresh";
    }
    if (record.outputs["refreshToken"] === undefined) throw await stuck(request, answer);
  }
}

/** Keeps what an answer brought; when the grant was ended meanwhile, ends what the answer brought too. */
async function keep(
  next: TokenRecord,
  begun: TokenRecord,
  isLast: boolean,
  { whole, outputs }: Success,
  { scheme, definition, caller, journal }: RenewalRequest,
): Promise<TokenRecord> {
  try {
    return await journal.keep(next, begun, isLast, whole || outputs["refreshToken"] !== undefined);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    const { revoke } = definition;
    if (revoke !== undefined) await performTokenOperation(revoke, { scheme, outputs: next.outputs }, caller).catch(() => {});
    throw new TokenError("revoked", `${scheme}: the grant was ended while it was renewed; the new token was not kept`, {
      scheme,
    });
  }
}

async function release(answer: TokenUnavailable, begun: TokenRecord, request: RenewalRequest): Promise<TokenRecord> {
  const { journal, caller } = request;
  const { operationId, status, reason } = answer;
  const { refresh } = caller.engine.features;
  const retryAfterMs = Math.max(answer.retryAfterMs ?? 0, (await refresh?.pauseAfter(answer, begun, request)) ?? 0);
  const facts = { operationId, ...(status !== undefined && { status }), ...(reason !== undefined && { reason }), retryAfterMs };
  await journal.release(begun, answer.acted, facts);
  return journal.latest ?? begun;
}

/** Whether a refusal is about the refresh token: it leads on, rather than to the caller or a person. */
function isRefusedToken({ actions, status }: TokenFailure): boolean {
  const [first] = actions;
  return first === undefined ? status === 400 || status === 401 : first.type === "goto";
}

function operationIdOf(operation: TokenOperation): string {
  return "steps" in operation ? (operation.steps.at(-1)?.operationId ?? "") : operation.operationId;
}

async function perform(
  role: RenewalRole,
  operation: TokenOperation,
  request: RenewalRequest,
  record: TokenRecord,
  refused: TokenFailure | undefined,
): Promise<TokenAnswer> {
  const { scheme, caller } = request;
  const construction = { scheme, outputs: record.outputs, mayGo: () => request.journal.assertHeld() };
  let further: Readonly<Record<string, unknown>> = {};
  for (let attempt = 1; ; attempt += 1) {
    const answer = await performTokenOperation(operation, construction, caller, further).catch(async (error: unknown) => {
      await request.journal.release(record, "no");
      if (refused === undefined || !(error instanceof TokenError) || error.code !== "missing-input") throw error;
      throw cannotTakeOver(role, request, refused, error);
    });
    if (answer.kind !== "failure" || outcomeOf(answer) !== "challenge") return answer;
    further = await caller.engine.features.challenges!(answer, attempt, scheme, caller).catch(async (error: unknown) => {
      await request.journal.release(record, "no");
      throw error;
    });
  }
}

/** What the first action that holds says of the failure; nothing when it leads to another call. */
function outcomeOf({ actions }: TokenFailure): string | undefined {
  const [first] = actions;
  return first?.type === "end" ? first.outcome : undefined;
}

/** The first action that holds and leads somewhere not yet taken; without one the renewal ends. */
function nextRole(role: RenewalRole, failure: TokenFailure, taken: Set<string>, request: RenewalRequest): RenewalRole {
  for (const action of failure.actions) {
    if (action.type === "end") throw refusal(action, failure, request);
    const turn = `${role} to ${action.operation}`;
    if (taken.has(turn) || (action.operation === "obtain" && taken.has("obtain"))) continue;
    taken.add(turn);
    return action.operation;
  }
  return otherwise(role === "recover" ? "obtain" : undefined, taken, request, failure);
}

function otherwise(
  role: RenewalRole | undefined,
  taken: Set<string>,
  request: RenewalRequest,
  refused: TokenFailure | undefined,
): RenewalRole {
  if (role === undefined || taken.has(role) || request.definition[role] === undefined) throw nothingLeft(request, refused);
  return role;
}

function afterSuccess(
  role: RenewalRole,
  record: TokenRecord,
  answer: Success,
  { definition, caller }: RenewalRequest,
): TokenRecord {
  const { refreshToken: nature, expires: rules = {} } = definition;
  const { refreshToken: before, ...rest } = record.outputs;
  const spent = role === "refresh" && nature?.rotation === "always" && answer.whole;
  const kept = role === "obtain" ? {} : spent ? rest : record.outputs;
  const outputs: Readonly<Record<string, unknown>> = { ...kept, ...answer.outputs };
  const expires: Record<string, number | null> = {};
  for (const [output, list] of Object.entries(rules)) {
    if (outputs[output] === undefined) continue;
    let end = record.expires[output];
    if (output in answer.outputs) {
      end = expiresAt(list, outputs[output], answer.sentAt, answer.scope, caller.engine.features.functions);
      if (end === undefined && output === "accessToken") end = answer.sentAt + ASSUMED_LIFE_MS;
    }
    if (end !== undefined) expires[output] = end;
  }
  const grantedAt = role === "obtain" ? answer.sentAt : (record.grantedAt ?? answer.sentAt);
  const refreshEnds = [
    expires["refreshToken"],
    nature?.idleExpiry && answer.sentAt + durationMs(nature.idleExpiry),
    nature?.absoluteExpiry && grantedAt + durationMs(nature.absoluteExpiry),
  ].filter((end) => typeof end === "number");
  if (refreshEnds.length > 0 && outputs["refreshToken"] !== undefined) expires["refreshToken"] = Math.min(...refreshEnds);

  const hasOther = outputs["refreshToken"] !== before;
  const hasNewAccess = outputs["accessToken"] !== undefined && outputs["accessToken"] !== record.outputs["accessToken"];
  const usesLeft = countUses(hasOther, record, answer, definition);
  const { usesLeft: _uses, refused, ended: _ended, ...facts } = record;
  return {
    ...facts,
    generation: record.generation + (hasNewAccess ? 1 : 0),
    outputs,
    expires,
    obtainedAt: answer.outputs["accessToken"] === undefined ? record.obtainedAt : answer.sentAt,
    ...(nature?.absoluteExpiry !== undefined && { grantedAt }),
    ...(usesLeft !== undefined && { usesLeft }),
    ...(refused && !hasOther && { refused }),
  };
}

/** The uses left: as the answer says, else all of them for another token, else as they were counted when this one was sent. */
function countUses(
  hasOther: boolean,
  record: TokenRecord,
  { outputs }: Success,
  { refreshToken: nature }: SecurityScheme,
): number | undefined {
  if (nature?.remainingUses !== undefined) {
    const told = Number(resolveReference(parseExpression(nature.remainingUses), { outputs }) ?? Number.NaN);
    if (Number.isFinite(told)) return told;
  }
  return hasOther ? nature?.uses : record.usesLeft;
}

function renewed(by: RenewalRole, operationId: string, before: TokenRecord, after: TokenRecord, request: RenewalRequest) {
  const end = after.expires["accessToken"];
  return {
    type: "token-renewed",
    scheme: request.scheme,
    generation: after.generation,
    reason: request.reason,
    by,
    operationId,
    rotated:
      by === "refresh" &&
      before.outputs["refreshToken"] !== undefined &&
      after.outputs["refreshToken"] !== before.outputs["refreshToken"],
    durationMs: request.caller.engine.monotonic() - request.begunAt,
    ...(end !== undefined && { expiresAt: end }),
    ...(after.usesLeft !== undefined && { usesLeft: after.usesLeft }),
  } as const;
}

function refusal(
  { outcome }: Extract<FailureAction, { type: "end" }>,
  { operationId, status }: TokenFailure,
  { scheme }: RenewalRequest,
): TokenError {
  const code: TokenErrorCode = outcome === "failed" ? "renewal-failed" : outcome;
  const next =
    code === "credentials-rejected" ? "correct the inputs; nothing is sent again until they change" : "see its status";
  return new TokenError(code, `${scheme}: ${operationId} answered ${status}; ${next}`, { scheme, operationId, status });
}

function nothingLeft({ scheme, definition, reason }: RenewalRequest, refused: TokenFailure | undefined): TokenError {
  if (refused === undefined) {
    const isRejected = reason === "rejected";
    const held = Object.values(definition.initial ?? {}).join(", ");
    const ways = held === "" ? "" : `; hand in ${isRejected ? "another " : ""}${held}`;
    const what = isRejected
      ? "the token was rejected, and there is no way to another"
      : "there is no token, and no way to obtain one";
    return new TokenError("missing-input", `${scheme}: ${what}${ways}`, { scheme });
  }
  const { operationId, status } = refused;
  const message = `${scheme}: ${operationId} answered ${status}, and nothing else is left to try`;
  return new TokenError("renewal-failed", message, { scheme, operationId, status });
}

function cannotTakeOver(role: RenewalRole, { scheme }: RenewalRequest, refused: TokenFailure, error: TokenError): TokenError {
  const { operationId, status } = refused;
  const missing = error.message.replace(`${scheme}: `, "");
  const message = `${scheme}: ${operationId} answered ${status}, and the way on (${role}) is closed: ${missing}`;
  return new TokenError("renewal-failed", message, { scheme, operationId, status });
}

function unavailable({ scheme }: RenewalRequest, answer: TokenUnavailable): TokenError {
  const { operationId, status, reason } = answer;
  const how = status === undefined ? `could not be reached (${reason})` : `answered ${status}`;
  return new TokenError("unavailable", `${scheme}: ${operationId} ${how}; try again later`, {
    scheme,
    operationId,
    status,
    reason,
  });
}

async function stuck(request: RenewalRequest, answer: Success): Promise<TokenError> {
  const { journal, record } = request;
  await journal.release(journal.latest ?? record, "no");
  return noToken(request, answer);
}

function noToken({ scheme }: RenewalRequest, { operationId }: Success): TokenError {
  const message = `${scheme}: ${operationId} succeeded, but no token stands where the document's outputs say`;
  return new TokenError("unexpected-answer", message, { scheme, operationId });
}
