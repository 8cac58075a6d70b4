/** Which documented responses an expression can be about. */

import type { Criterion, TokenCall } from "../../src/lifecycle/contract.js";
import { object } from "../spec/pointer.js";
import type { Context } from "./context.js";
import { responsesOf, type WrittenOperation, type WrittenResponse } from "./operations.js";
import { canMeet, canMiss } from "./responses.js";
import type { WrittenCall, WrittenScheme } from "./schemes.js";
import type { LifecycleText } from "./texts.js";

export interface Answer {
  readonly operation: WrittenOperation;
  readonly response: WrittenResponse;
}

/** The operations whose responses a text judges, and those of their responses that it can be about. */
export interface Answers {
  readonly operations: readonly WrittenOperation[];
  readonly answers: readonly Answer[];
}

export function answersFor(context: Context, text: LifecycleText): Answers {
  const { call, scheme, site } = text;
  const itself = [{ condition: text.text }];
  if (site === "rejected") {
    return among(context, requiring(context, scheme), (response) => canMeet(response, itself));
  }
  if (site === "onFailure") {
    return among(context, called(call), (response) => canMeet(response, itself) && canMiss(response, successOf(call)));
  }
  if (site === "expires") {
    const bringing = (scheme.lifecycle?.calls ?? []).filter(({ read }) => brings(read, text.output));
    const parts = bringing.map((one) => among(context, called(one), (response) => canMeet(response, successOf(one))));
    return { operations: parts.flatMap(({ operations }) => operations), answers: parts.flatMap(({ answers }) => answers) };
  }
  return among(context, called(call), (response) => canMeet(response, successOf(call)));
}

function among(
  { document }: Context,
  operations: readonly WrittenOperation[],
  keep: (response: WrittenResponse) => boolean,
): Answers {
  const answers = operations.flatMap((operation) =>
    responsesOf(document, operation)
      .filter(keep)
      .map((response) => ({ operation, response })),
  );
  return { operations, answers };
}

function called(call: WrittenCall | undefined): WrittenOperation[] {
  return call?.operation === undefined ? [] : [call.operation];
}

function successOf(call: WrittenCall | undefined): readonly Criterion[] {
  return call?.read?.successCriteria ?? [{ condition: "$statusCode >= 200 && $statusCode < 300" }];
}

function brings(call: TokenCall | undefined, output: string | undefined): boolean {
  return output !== undefined && Object.hasOwn(call?.outputs ?? {}, output);
}

function requiring({ operations }: Context, { name }: WrittenScheme): WrittenOperation[] {
  return operations.filter(({ security }) => security.some(({ value }) => Object.hasOwn(object(value), name)));
}
