/** Which documented responses a condition can be about, and what their bodies and headers hold. */

import type { Criterion } from "../../src/lifecycle/contract.js";
import { type Condition, holds, parseCondition } from "../../src/lifecycle/expression.js";
import type { Document } from "../spec/document.js";
import { child, children, type Node } from "../spec/node.js";
import type { WrittenResponse } from "./operations.js";

/** The schemas of the JSON bodies of a response; a response without one that is described has none. */
export function bodySchemas(document: Document, { node }: WrittenResponse): Node[] {
  return children(document, child(document, node, "content")).flatMap(([mediaType, { pointer, value }]) => {
    if (!isJson(mediaType) || typeof value !== "object" || value === null || !("schema" in value)) return [];
    return [{ pointer: `${pointer}/schema`, value: value.schema }];
  });
}

/** Whether a response may be one for which all these criteria hold; what depends on its body may always be. */
export function canMeet(response: WrittenResponse, criteria: readonly Criterion[]): boolean {
  return response.statuses.some((status) => criteria.every(({ condition }) => verdict(condition, status) !== false));
}

/** Whether a response may be one for which some of these criteria does not hold. */
export function canMiss(response: WrittenResponse, criteria: readonly Criterion[]): boolean {
  return response.statuses.some((status) => criteria.some(({ condition }) => verdict(condition, status) !== true));
}

/**
 * Whether a condition holds of a status, when nothing else of the response is known: `undefined` when it depends on that. A
 * malformed condition holds of none.
 */
export function verdict(condition: string, status: number): boolean | undefined {
  try {
    return holds(statusAlone(parseCondition(condition)), { response: { status, headers: new Headers() } });
  } catch {
    return false;
  }
}

/** The condition with everything but the status made a body that nobody has read. */
function statusAlone(condition: Condition): Condition {
  switch (condition.kind) {
    case "literal":
      return condition;
    case "reference":
      return condition.reference.root === "statusCode" ? condition : UNREAD;
    case "not":
      return { ...condition, operand: statusAlone(condition.operand) };
    default:
      return { ...condition, left: statusAlone(condition.left), right: statusAlone(condition.right) };
  }
}

const UNREAD: Condition = { kind: "reference", reference: { root: "response.body", pointer: "" } };

function isJson(mediaType: string): boolean {
  return /^(?:\*\/\*|application\/\*|[\w.*+-]+\/(?:[\w.-]+\+)?json)\s*(?:;|$)/i.test(mediaType);
}
