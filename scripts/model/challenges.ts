/** The ways in which a renewal can need a person, found by trying the document's conditions on its documented statuses. */

import type { ApiDefinition, Criterion, FailureAction, TokenCall } from "../../src/lifecycle/contract.js";
import { dereference, tokenCalls } from "../../src/lifecycle/definition.js";
import { at, type Condition, holds, parseCondition } from "../../src/lifecycle/expression.js";
import type { ChallengeModel } from "./model.js";

const JSON_MEDIA_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

/**
 * One entry for each scheme, operation and status that ends in the outcome `challenge`. A status counts when the condition
 * holds for it or depends on a body, and when neither success nor an earlier action takes it for certain.
 *
 * @param responsesOf finds the responses that an operation documents, by its name.
 */
export function readChallenges(
  document: unknown,
  definition: ApiDefinition,
  responsesOf: (operation: string) => unknown,
): ChallengeModel[] {
  const challenges = Object.entries(definition.securitySchemes).flatMap(([scheme, { obtain, refresh, recover }]) =>
    [obtain, refresh, recover].flatMap(tokenCalls).flatMap((call): ChallengeModel[] => {
      const responses = dereferenceMembers(document, responsesOf(call.operationId));
      return challengeStatuses(call, Object.keys(responses)).map((status) => {
        const body = bodyOf(document, responses, status);
        return { scheme, operation: call.operationId, status, ...(body && { body }) };
      });
    }),
  );
  return [...new Map(challenges.map((one) => [`${one.scheme} ${one.operation} ${one.status}`, one])).values()];
}

function challengeStatuses(call: TokenCall, documented: readonly string[]): number[] {
  const actions = call.onFailure ?? [];
  const index = actions.findIndex(isChallenge);
  if (index < 0) return [];
  const earlier = [call.successCriteria, ...actions.slice(0, index).map(({ criteria }) => criteria)];
  const { criteria } = actions[index]!;
  const stated = criteria.flatMap(({ condition }) => statusesIn(parseCondition(condition)));
  const statuses = new Set([...documented.map(Number).filter(Number.isInteger), ...stated]);
  return [...statuses]
    .filter((status) => allHold(criteria, status) !== false && !earlier.some((before) => allHold(before, status) === true))
    .sort((a, b) => a - b);
}

function isChallenge(action: FailureAction): boolean {
  return action.type === "end" && action.outcome === "challenge";
}

function allHold(criteria: readonly Criterion[], status: number): boolean | undefined {
  const scope = { response: { status, headers: new Headers() } };
  const results = criteria.map(({ condition }) => holds(parseCondition(condition), scope));
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

/** The statuses that a condition itself names; a service may answer with one that the operation does not document. */
function statusesIn(condition: Condition): number[] {
  switch (condition.kind) {
    case "not":
      return statusesIn(condition.operand);
    case "and":
    case "or":
      return [...statusesIn(condition.left), ...statusesIn(condition.right)];
    case "compare": {
      const { left, right, operator } = condition;
      const namesStatus = left.kind === "reference" && left.reference.root === "statusCode" && right.kind === "literal";
      return namesStatus && operator === "==" ? [Number(right.value)] : [];
    }
    default:
      return [];
  }
}

function bodyOf(document: unknown, responses: Readonly<Record<string, unknown>>, status: number): ChallengeModel["body"] {
  const response = [String(status), `${Math.floor(status / 100)}XX`, "default"].find((key) => Object.hasOwn(responses, key));
  if (response === undefined) return undefined;
  const content = dereferenceMembers(document, at(responses[response], "/content"));
  const mediaType = Object.keys(content).find((type) => JSON_MEDIA_TYPE.test(type));
  return mediaType === undefined ? undefined : { response, mediaType };
}

function dereferenceMembers(document: unknown, value: unknown): Record<string, unknown> {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(members.map(([name, member]) => [name, dereference(document, member)]));
}
