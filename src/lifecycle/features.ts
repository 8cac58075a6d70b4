/** Which parts of the runtime a definition needs. What every client needs has no name here. */

import type { AnswerKind, ApiDefinition, Operation, SecurityScheme, Server, TokenOperation, WireEncoding } from "./contract.js";
import { isFurther } from "./value.js";

/** A part of the runtime that only some documents need; `src/features.ts` says what each is. */
export type FeatureName =
  | "challenges"
  | "fill"
  | "functions"
  | "initial"
  | "multipart"
  | "refresh"
  | "revoke"
  | "streams"
  | "styles"
  | "tokens"
  | "variables";

/** What a definition needs, once each. */
export function featuresOf({ servers, operations, securitySchemes }: ApiDefinition): ReadonlySet<FeatureName> {
  const features = Object.values(operations).flatMap((operation) => featuresOfOperation(operation));
  if (servers.some(hasVariables)) features.push("variables");
  for (const scheme of Object.values(securitySchemes)) features.push(...featuresOfScheme(scheme));
  if (usesFunctions(securitySchemes)) features.push("functions");
  return new Set(features);
}

/** Whether a scheme holds tokens that turn. */
export function isSlot(scheme: SecurityScheme): boolean {
  return scheme.obtain !== undefined || scheme.refresh !== undefined || scheme.initial !== undefined;
}

function featuresOfScheme(scheme: SecurityScheme): FeatureName[] {
  const { initial, obtain, refresh, recover, revoke } = scheme;
  const features: FeatureName[] = isSlot(scheme) ? ["tokens"] : [];
  if (initial !== undefined) features.push("initial");
  if (refresh !== undefined || recover !== undefined) features.push("refresh");
  if (revoke !== undefined) features.push("revoke");
  if ([obtain, refresh, recover].some(asksPerson)) features.push("challenges");
  return features;
}

function asksPerson(operation: TokenOperation | undefined): boolean {
  const calls = operation === undefined ? [] : "steps" in operation ? operation.steps : [operation];
  const actions = calls.flatMap(({ onFailure = [] }) => onFailure);
  return actions.some((action) => action.type === "end" && action.outcome === "challenge");
}

function hasVariables({ url }: Server): boolean {
  return url.includes("{");
}

function featuresOfOperation(operation: Operation): FeatureName[] {
  const {
    servers = [],
    fill,
    contentType = "",
    contentTypes = [contentType],
    parameters,
    encoding = {},
    answers = {},
  } = operation;
  const features: FeatureName[] = [];
  if (fill !== undefined) features.push("fill");
  if (usesFunctions(fill)) features.push("functions");
  if (servers.some(hasVariables)) features.push("variables");
  if (contentTypes.some((mediaType) => /^multipart\//i.test(mediaType))) features.push("multipart");
  if (Object.values(answers).some((kind) => !isWhole(kind))) features.push("streams");
  if (parameters !== undefined || Object.values(encoding).some(hasStyle)) features.push("styles");
  return features;
}

/** Whether a property of a form is written in a style, or one of a part that is a form itself. */
function hasStyle(form: NonNullable<WireEncoding["encoding"]>): boolean {
  return Object.values(form).some(({ style, encoding = {} }) => style !== undefined || hasStyle(encoding));
}

function isWhole(kind: AnswerKind): boolean {
  return kind === "json" || kind === "text" || kind === "blob";
}

/** Whether a member is named as what reads a clock, chance, a digest, a moment or a claim: seldom it is another one's name. */
function usesFunctions(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => isFurther(name) || name === "at" || name === "claim" || usesFunctions(member),
  );
}
