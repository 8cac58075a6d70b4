/**
 * Which documented answer says no.
 *
 * The document says how a client tells one failure from another; the sandbox asks of each documented answer what a client
 * would make of it, and sends the first that is taken for what happened.
 */

import type { Criterion, FailureAction } from "../lifecycle/contract.js";
import { at } from "../lifecycle/expression.js";
import { referencesInValue } from "../lifecycle/value.js";
import { type Answer, problem, satisfies, statusesIn } from "./answers.js";
import { type Api, rolesOf } from "./api.js";
import type { Refused } from "./credentials.js";
import type { DocumentedOperation } from "./document.js";
import { own } from "./json.js";
import type { Role } from "./roles.js";

/** Why a token call fails. */
export type Failure =
  /** The application's own credentials are wrong. */
  | "client"
  /** The user's credentials, or what an `obtain` asks for in their place, are wrong. */
  | "user"
  /** The refresh token is unknown, spent, revoked or has ended. */
  | "refresh-token"
  /** What `recover` asks for does not exist. */
  | "unknown-account";

/** The answer to a request whose credentials do not satisfy its operation's security. */
export function rejection(api: Api, operation: DocumentedOperation, refused: Refused): Answer {
  const documented = judgedRejection(api, operation, refused.scheme, refused.cause);
  if (documented !== undefined) return documented;
  const lent = rolesOf(api, operation).find(
    ({ role, lifecycle }) => role === "refresh" && borrows(api, refused.scheme, lifecycle.name),
  );
  if (lent !== undefined) return tokenCallFailure(api, operation, lent, "refresh-token");
  if (refused.cause === "credentials") {
    for (const scheme of Object.keys(api.definition.securitySchemes)) {
      const siblings = judgedRejection(api, operation, scheme, "credentials");
      if (siblings !== undefined) return siblings;
    }
  }
  return firstWithStatus(api, operation, [401]) ?? unauthorized();
}

/** The answer that a client takes for a rejected token or rejected credentials of one scheme, if one is documented. */
export function judgedRejection(
  api: Api,
  operation: DocumentedOperation,
  scheme: string,
  cause: "token" | "credentials" | "challenge",
): Answer | undefined {
  const rejected = own(api.definition.securitySchemes, scheme)?.rejected ?? {};
  const criteria = rejected[cause];
  if (criteria === undefined) return undefined;
  const others = Object.entries(rejected).flatMap(([other, stated]) => (other === cause ? [] : [stated]));
  const fitting = api.answers.of(operation, statusesIn(criteria)).filter((answer) => satisfies(answer, criteria));
  return fitting.find((answer) => !others.some((other) => satisfies(answer, other))) ?? fitting[0];
}

/** The answer to a token call that fails. */
export function tokenCallFailure(api: Api, operation: DocumentedOperation, role: Role, failure: Failure): Answer {
  for (const isWanted of ACTIONS[failure]) {
    const fitting = answersTakenAs(api, operation, role, isWanted);
    const chosen = fitting.find((answer) => names(answer, failure)) ?? fitting[0];
    if (chosen !== undefined) return chosen;
  }
  return firstWithStatus(api, operation, STATUSES[failure]) ?? problem(STATUSES[failure][0] ?? 400, TITLES[failure]);
}

/** The answers that demand something of a person, in the document's order. */
export function challenges(api: Api, operation: DocumentedOperation, role: Role): Answer[] {
  return answersTakenAs(api, operation, role, (action) => action.type === "end" && action.outcome === "challenge");
}

/** The answers that a client takes for success. */
export function successes(api: Api, operation: DocumentedOperation, { call }: Role): Answer[] {
  const statuses = statusesIn(call.successCriteria);
  return api.answers.of(operation, statuses).filter((answer) => satisfies(answer, call.successCriteria));
}

/** The answer to a request that is not as documented. */
export function badRequest(api: Api, operation: DocumentedOperation, problems: readonly string[]): Answer {
  return firstWithStatus(api, operation, [400]) ?? problem(400, "The request is not as documented", { problems });
}

export function firstWithStatus(api: Api, operation: DocumentedOperation, statuses: readonly number[]): Answer | undefined {
  return api.answers.of(operation, statuses).find(({ status }) => statuses.includes(status));
}

function unauthorized(): Answer {
  return { ...problem(401, "The credentials are missing or not accepted"), headers: { "WWW-Authenticate": "Bearer" } };
}

type ActionTest = (action: FailureAction) => boolean;

const isRejected: ActionTest = (action) => action.type === "end" && action.outcome === "credentials-rejected";
const isFailed: ActionTest = (action) => action.type === "end" && action.outcome === "failed";
const goesElsewhere: ActionTest = (action) => action.type === "goto";

/** Which failure actions a client should take, the best first. */
const ACTIONS: Readonly<Record<Failure, readonly ActionTest[]>> = {
  client: [isRejected],
  user: [isRejected, isFailed, goesElsewhere],
  "refresh-token": [goesElsewhere, isFailed, isRejected],
  "unknown-account": [goesElsewhere, isFailed],
};

/** Where no failure action tells. */
const STATUSES: Readonly<Record<Failure, readonly number[]>> = {
  client: [401, 400],
  user: [400, 401, 403],
  "refresh-token": [400, 401, 404],
  "unknown-account": [404, 400, 403],
};

const TITLES: Readonly<Record<Failure, string>> = {
  client: "The client credentials are wrong",
  user: "The credentials are wrong",
  "refresh-token": "The refresh token is not accepted",
  "unknown-account": "There is no such account",
};

/**
 * Whether an answer names what failed, where several would do. RFC 6749 section 5.2: 401 is for clients alone, and `error`
 * says the cause; a text may say it too.
 */
function names({ status, body }: Answer, failure: Failure): boolean {
  const error = at(body, "/error");
  if (failure === "client") return error === "invalid_client" || (status === 401 && error !== "invalid_grant");
  if (error === "invalid_grant") return true;
  return failure === "refresh-token" && /refresh[_ -]?token/i.test(JSON.stringify(body ?? ""));
}

function answersTakenAs(api: Api, operation: DocumentedOperation, { call }: Role, isWanted: ActionTest): Answer[] {
  const actions = call.onFailure ?? [];
  const criteria: Criterion[] = actions.filter(isWanted).flatMap((action) => action.criteria);
  return api.answers.of(operation, statusesIn(criteria)).filter((answer) => {
    if (satisfies(answer, call.successCriteria)) return false;
    const taken = actions.find((action) => satisfies(answer, action.criteria));
    return taken !== undefined && isWanted(taken);
  });
}

function borrows({ definition }: Api, scheme: string, lifecycle: string): boolean {
  const values = own(definition.securitySchemes, scheme)?.apply ?? [];
  return values
    .flatMap(({ value }) => referencesInValue(value))
    .some(({ reference }) => reference.root === "workflows" && reference.of === lifecycle);
}
