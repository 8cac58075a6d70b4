/** Which parts of the runtime a definition needs. What every client needs has no name here. */

import type { AnswerKind, ApiDefinition, Operation, SecurityScheme, WireEncoding } from "./contract.js";
import { isFurther } from "./value.js";

/** A part of the runtime that only some documents need; `src/features.ts` says what each is. */
export type FeatureName = "fill" | "functions" | "multipart" | "streams" | "styles" | "tokens";

/** What a definition needs, once each. */
export function featuresOf({ operations, securitySchemes }: ApiDefinition): ReadonlySet<FeatureName> {
  const features = Object.values(operations).flatMap((operation) => featuresOfOperation(operation));
  if (Object.values(securitySchemes).some((scheme) => isSlot(scheme))) features.push("tokens");
  if (usesFunctions(securitySchemes)) features.push("functions");
  return new Set(features);
}

/** Whether a scheme holds tokens that turn. */
export function isSlot(scheme: SecurityScheme): boolean {
  return scheme.obtain !== undefined || scheme.refresh !== undefined || scheme.initial !== undefined;
}

function featuresOfOperation(operation: Operation): FeatureName[] {
  const { fill, contentType = "", contentTypes = [contentType], parameters, encoding = {}, answers = {} } = operation;
  const features: FeatureName[] = [];
  if (fill !== undefined) features.push("fill");
  if (usesFunctions(fill)) features.push("functions");
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
