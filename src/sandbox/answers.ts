/** The answers that a document states: each example of each response, ready to be judged by a condition and to be sent. */

import { sample } from "openapi-sampler";
import type { Criterion } from "../lifecycle/contract.js";
import { type Condition, holds, parseCondition, type Scope } from "../lifecycle/expression.js";
import type { DocumentedHeader, DocumentedOperation, DocumentedResponse } from "./document.js";
import { isScalar, object } from "./json.js";

/** What goes back to the client. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Left out when there is no body. */
  readonly mediaType?: string;
  /** JSON for JSON media types, text for all others. */
  readonly body?: unknown;
}

/** The documented answers of operations. Schemas are sampled once for each operation. */
export interface Answers {
  /** All of them, those with the preferred statuses first and in that order. Ranges and `default` take a preferred status. */
  of(operation: DocumentedOperation, preferred?: readonly number[]): readonly Answer[];
}

interface Documented {
  readonly response: DocumentedResponse;
  readonly content: Pick<Answer, "mediaType" | "body">;
}

/** @param unplayable is told of each schema that no instance can be made of. */
export function createAnswers(document: unknown, unplayable: (what: string) => void): Answers {
  const known = new Map<DocumentedOperation, readonly Documented[]>();

  /** An instance of a schema, made of its examples, defaults and types. */
  const sampled = (schema: unknown): unknown => {
    if (typeof schema !== "object" || schema === null) return {};
    try {
      return sample(schema, { quiet: true, skipWriteOnly: true }, object(document));
    } catch (error) {
      unplayable(`a sample: ${error instanceof Error ? error.message : String(error)}`);
      return {};
    }
  };

  /** JSON where there is a choice. */
  const bodies = ({ content }: DocumentedResponse): Pick<Answer, "mediaType" | "body">[] => {
    const chosen = content.find(({ mediaType }) => isJsonMediaType(mediaType)) ?? content[0];
    if (chosen === undefined) return [{}];
    const { mediaType, examples, schema } = chosen;
    return (examples.length > 0 ? examples : [sampled(schema)]).map((body) => ({ mediaType, body }));
  };

  const headerText = ({ schema, example }: DocumentedHeader): string => {
    if (example === undefined && object(schema)["format"] === "uuid") return crypto.randomUUID();
    const value = example ?? sampled(schema);
    // What a header cannot hold is escaped, so that a document never brings the server down.
    return (isScalar(value) ? String(value) : JSON.stringify(value)).replaceAll(/[^\t\x20-\x7e]/g, encodeURIComponent);
  };

  const documented = (operation: DocumentedOperation): readonly Documented[] => {
    const found =
      known.get(operation) ??
      operation.responses.flatMap((response) => bodies(response).map((content) => ({ response, content })));
    known.set(operation, found);
    return found;
  };

  return {
    of(operation, preferred = []) {
      const exact = operation.responses.map(({ status }) => Number(status));
      const answers = documented(operation).flatMap(({ response, content }) =>
        statusesOf(response.status, preferred, exact).map(
          (status): Answer => ({
            status,
            headers: Object.fromEntries(response.headers.map((header) => [header.name, headerText(header)])),
            ...content,
          }),
        ),
      );
      const rank = ({ status }: Answer): number => (preferred.includes(status) ? preferred.indexOf(status) : preferred.length);
      return answers.sort((one, other) => rank(one) - rank(other));
    },
  };
}

/** Whether a status and a body alone tell that all criteria hold. */
export function satisfies(answer: Answer, criteria: readonly Criterion[]): boolean {
  const scope: Scope = {
    response: { status: answer.status, headers: new Headers(answer.headers), body: { value: answer.body } },
  };
  return criteria.every(({ condition }) => holds(parseCondition(condition), scope) === true);
}

/** The statuses that criteria ask for, in the order in which they are written. */
export function statusesIn(criteria: readonly Criterion[]): number[] {
  const statuses = criteria.flatMap(({ condition }) => numbersBesideStatus(parseCondition(condition)));
  return [...new Set(statuses)];
}

/** An answer that no document states, in the shape of RFC 9457. */
export function problem(status: number, title: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status, headers: {}, mediaType: "application/problem+json", body: { title, status, ...more } };
}

export function isJsonMediaType(mediaType: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(mediaType);
}

/** The statuses under which a documented response can be sent. */
function statusesOf(key: string, preferred: readonly number[], exact: readonly number[]): number[] {
  if (/^\d{3}$/.test(key)) return [Number(key)];
  const range = /^([1-5])XX$/i.exec(key)?.[1];
  const wanted = preferred.filter(
    (status) => !exact.includes(status) && (range === undefined || String(status).startsWith(range)),
  );
  if (wanted.length > 0) return wanted;
  return [range === undefined ? 500 : Number(range) * 100];
}

function numbersBesideStatus(condition: Condition): number[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return [...numbersBesideStatus(condition.left), ...numbersBesideStatus(condition.right)];
    case "compare": {
      const sides = [condition.left, condition.right];
      if (!sides.some((side) => side.kind === "reference" && side.reference.root === "statusCode")) return [];
      return sides.flatMap((side) => (side.kind === "literal" ? [Number(side.value)] : []));
    }
    default:
      return [];
  }
}
