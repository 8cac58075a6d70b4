/** One renewal: which token calls are made, in which order, and what each answer does to the record. */

import { TokenError, type TokenErrorCode } from "../errors.js";
import type { RenewalReason } from "../events.js";
import type { FailureAction, RenewalRole, SecurityScheme, TokenOperation } from "../lifecycle/contract.js";
import { holds, parseCondition, parseExpression, resolveReference } from "../lifecycle/expression.js";
import { expiresAt } from "../lifecycle/time.js";
import type { TokenRecord } from "../stores/store.js";
import { performTokenOperation, type TokenAnswer } from "./call.js";
import type { Caller, ChallengeFacts } from "./engine.js";

/** How often a person is asked within one renewal. */
const MOST_CHALLENGES = 5;
/** What an access token is taken to live when the document has rules for its end and none of them yields. */
const ASSUMED_LIFE_MS = 60 * 60 * 1000;

export interface RenewalRequest {
  readonly scheme: string;
  readonly definition: SecurityScheme;
  readonly caller: Caller;
  readonly reason: RenewalReason;
  /** The record as it stands, with the caller's initial outputs in it. */
  readonly record: TokenRecord;
  /** Keeps what an answer brought before anything else is done with it. */
  readonly save: (record: TokenRecord) => Promise<TokenRecord>;
}

type Success = Extract<TokenAnswer, { kind: "success" }>;
type Failure = Extract<TokenAnswer, { kind: "failure" }>;

/**
 * Brings a new access token: refresh while a refresh token is held, else obtain; recover where the document says so. Each
 * turn of the way is taken at most once, and every answer is saved before the next call is made.
 *
 * @throws {TokenError} when the ways are at an end.
 */
export async function renew(request: RenewalRequest): Promise<TokenRecord> {
  const { scheme, definition, caller, save } = request;
  const { emit } = caller.engine;
  const taken = new Set<string>();
  let record = request.record;
  let refused: Failure | undefined;
  let role: RenewalRole = firstRole(request);
  for (;;) {
    taken.add(role);
    const operation = definition[role];
    if (operation === undefined) throw nothingLeft(request, refused);
    const answer = await perform(role, operation, request, record, refused);
    if (answer.kind === "success") {
      const before = record;
      record = await save(afterSuccess(role, record, answer, request));
      if (role === "recover" && record.outputs["refreshToken"] !== undefined) {
        const changed = record.outputs["refreshToken"] !== before.outputs["refreshToken"];
        emit({ type: "recovered", scheme, operationId: answer.operationId, changed });
        if (!changed && refused !== undefined) {
          role = otherwise("obtain", taken, request, refused);
          continue;
        }
      } else if (answer.outputs["accessToken"] !== undefined) {
        emit(renewed(role, answer.operationId, before, record, request));
        return record;
      } else if (role === "refresh" || definition.refresh === undefined || record.outputs["refreshToken"] === undefined) {
        throw noToken(request, answer);
      }
      role = "refresh";
      continue;
    }
    if (role === "recover" && refused === undefined && answer.kind === "failure") {
      role = "refresh"; // recovering ahead of time was a precaution: the refresh token is still good
      continue;
    }
    if (answer.kind === "unavailable") throw unavailable(request, answer);
    refused = answer;
    role = nextRole(role, answer, taken, request);
  }
}

/** Runtime rule 2: what is tried first. */
function firstRole({ definition, record, caller }: RenewalRequest): RenewalRole {
  const { obtain, refresh, recover, refreshToken } = definition;
  const end = record.expires["refreshToken"];
  const held = record.outputs["refreshToken"] !== undefined && !(typeof end === "number" && end <= caller.engine.now());
  if (refresh !== undefined && held) {
    if (recover === undefined) return record.usesLeft === 0 && obtain !== undefined ? "obtain" : "refresh";
    const scope = { outputs: record.outputs };
    const criteria = refreshToken?.recoverWhen ?? [];
    const due = criteria.length > 0 && criteria.every(({ condition }) => holds(parseCondition(condition), scope) === true);
    return due || record.usesLeft === 0 ? "recover" : "refresh";
  }
  return obtain === undefined && recover !== undefined ? "recover" : "obtain";
}

async function perform(
  role: RenewalRole,
  operation: TokenOperation,
  request: RenewalRequest,
  record: TokenRecord,
  refused: Failure | undefined,
): Promise<TokenAnswer> {
  const { scheme, caller } = request;
  const construction = { scheme, outputs: record.outputs };
  let further: Readonly<Record<string, unknown>> = {};
  for (let attempt = 1; ; attempt += 1) {
    const answer = await performTokenOperation(operation, construction, caller, further).catch((error: unknown) => {
      if (refused === undefined || !(error instanceof TokenError) || error.code !== "missing-input") throw error;
      throw cannotTakeOver(role, request, refused, error);
    });
    if (answer.kind !== "failure" || outcomeOf(answer) !== "challenge") return answer;
    further = await askPerson(answer, attempt, request);
  }
}

async function askPerson(
  { operationId, status, body }: Failure,
  attempt: number,
  { scheme, caller }: RenewalRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const challenge: ChallengeFacts = { scheme, operationId, status, body, attempt };
  caller.engine.emit({ type: "challenge", scheme, operationId, status, attempt });
  const next = caller.onChallenge === undefined ? "hand in onChallenge" : `onChallenge was asked ${MOST_CHALLENGES} times`;
  const error = new TokenError(
    "challenge",
    `${scheme}: ${operationId} answered ${status}: a person must act first; ${next}`,
    { scheme, operationId, status },
    challenge,
  );
  if (caller.onChallenge === undefined || attempt > MOST_CHALLENGES) throw error;
  const answer = await caller.onChallenge(challenge);
  if (typeof answer !== "object" || answer === null) throw error;
  return answer as Readonly<Record<string, unknown>>;
}

/** What the first action that holds says of the failure; nothing when it leads to another call. */
function outcomeOf({ actions }: Failure): string | undefined {
  const [first] = actions;
  return first?.type === "end" ? first.outcome : undefined;
}

/** The first action that holds and leads somewhere not yet taken; without one the renewal ends. */
function nextRole(role: RenewalRole, failure: Failure, taken: Set<string>, request: RenewalRequest): RenewalRole {
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
  refused: Failure | undefined,
): RenewalRole {
  if (role === undefined || taken.has(role) || request.definition[role] === undefined) throw nothingLeft(request, refused);
  return role;
}

function afterSuccess(role: RenewalRole, record: TokenRecord, answer: Success, { definition }: RenewalRequest): TokenRecord {
  const nature = definition.refreshToken;
  const spent = role === "obtain" || (role === "refresh" && nature?.rotation === "always");
  const { refreshToken: _, ...rest } = record.outputs;
  const kept = role === "obtain" ? {} : spent ? rest : record.outputs;
  const outputs: Record<string, unknown> = { ...kept, ...answer.outputs };
  const expires: Record<string, number | null> = {};
  for (const [output, rules] of Object.entries(definition.expires ?? {})) {
    if (outputs[output] === undefined) continue;
    const end =
      output in answer.outputs
        ? (expiresAt(rules, outputs[output], answer.sentAt, answer.scope) ??
          (output === "accessToken" ? answer.sentAt + ASSUMED_LIFE_MS : undefined))
        : record.expires[output];
    if (end !== undefined) expires[output] = end;
  }
  const never = neverEnds(answer, definition);
  for (const output of never) expires[output] = null;

  const changed = outputs["refreshToken"] !== record.outputs["refreshToken"];
  const usesLeft = countUses(role, changed, record, answer, definition);
  const fresh = outputs["accessToken"] !== undefined && outputs["accessToken"] !== record.outputs["accessToken"];
  const { usesLeft: _uses, ...facts } = record;
  return {
    ...facts,
    generation: record.generation + (fresh ? 1 : 0),
    outputs,
    expires,
    obtainedAt: answer.outputs["accessToken"] === undefined ? record.obtainedAt : answer.sentAt,
    ...(usesLeft !== undefined && { usesLeft }),
  };
}

function neverEnds({ outputs, sentAt, scope }: Success, { expires }: SecurityScheme): string[] {
  return Object.entries(expires ?? {}).flatMap(([output, rules]) =>
    output in outputs && expiresAt(rules, outputs[output], sentAt, scope) === null ? [output] : [],
  );
}

/** The uses left: as the answer says, else counted down from what the document allows. */
function countUses(
  role: RenewalRole,
  changed: boolean,
  record: TokenRecord,
  { outputs }: Success,
  { refreshToken: nature }: SecurityScheme,
): number | undefined {
  if (nature?.remainingUses !== undefined) {
    const told = Number(resolveReference(parseExpression(nature.remainingUses), { outputs }) ?? Number.NaN);
    if (Number.isFinite(told)) return told;
  }
  if (nature?.uses === undefined) return undefined;
  if (changed) return nature.uses;
  const left = record.usesLeft ?? nature.uses;
  return role === "refresh" ? Math.max(0, left - 1) : left;
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
    ...(end !== undefined && { expiresAt: end }),
    ...(after.usesLeft !== undefined && { usesLeft: after.usesLeft }),
  } as const;
}

function refusal(
  { outcome }: Extract<FailureAction, { type: "end" }>,
  { operationId, status }: Failure,
  { scheme }: RenewalRequest,
): TokenError {
  const code: TokenErrorCode = outcome === "failed" ? "renewal-failed" : outcome;
  const next =
    code === "credentials-rejected" ? "correct the inputs; nothing is sent again until they change" : "see its status";
  return new TokenError(code, `${scheme}: ${operationId} answered ${status}; ${next}`, { scheme, operationId, status });
}

function nothingLeft({ scheme, definition }: RenewalRequest, refused: Failure | undefined): TokenError {
  if (refused === undefined) {
    const ways = definition.initial === undefined ? "" : `; hand in ${Object.values(definition.initial).join(", ")}`;
    return new TokenError("missing-input", `${scheme}: there is no token, and no way to obtain one${ways}`, { scheme });
  }
  const { operationId, status } = refused;
  const message = `${scheme}: ${operationId} answered ${status}, and nothing else is left to try`;
  return new TokenError("renewal-failed", message, { scheme, operationId, status });
}

function cannotTakeOver(role: RenewalRole, { scheme }: RenewalRequest, refused: Failure, error: TokenError): TokenError {
  const { operationId, status } = refused;
  const missing = error.message.replace(`${scheme}: `, "");
  const message = `${scheme}: ${operationId} answered ${status}, and the way on (${role}) is closed: ${missing}`;
  return new TokenError("renewal-failed", message, { scheme, operationId, status });
}

function unavailable({ scheme }: RenewalRequest, answer: Extract<TokenAnswer, { kind: "unavailable" }>): TokenError {
  const { operationId, status, reason } = answer;
  const how = status === undefined ? `could not be reached (${reason})` : `answered ${status}`;
  return new TokenError("unavailable", `${scheme}: ${operationId} ${how}; try again later`, {
    scheme,
    operationId,
    status,
    reason,
  });
}

function noToken({ scheme }: RenewalRequest, { operationId }: Success): TokenError {
  const message = `${scheme}: ${operationId} succeeded, but no token stands where the document's outputs say`;
  return new TokenError("unexpected-answer", message, { scheme, operationId });
}
