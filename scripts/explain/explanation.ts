/** What is shown of an API: its schemes, and how the token of each lives. Every form of it shows this same data. */

import type { SecurityScheme } from "../../src/lifecycle/contract.js";
import { tokenCalls } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import { inputNames } from "../../src/lifecycle/value.js";
import type { ApiModel, InputModel, SchemeModel, TokenLife } from "../model/model.js";
import type { Document } from "../spec/document.js";
import { object } from "../spec/pointer.js";

export interface Explanation {
  /** The API's name. */
  readonly name: string;
  readonly title: string;
  /** The document's file, relative to the project. */
  readonly document: string;
  readonly schemes: readonly SchemeExplanation[];
}

export interface SchemeExplanation {
  readonly name: string;
  /** What the document says that it is: `oauth2 (clientCredentials)`, `http bearer`, `apiKey`. */
  readonly type: string;
  readonly description?: string;
  /** What the caller supplies for it. */
  readonly inputs: readonly InputExplanation[];
  /** What it presents and how its token lives, in sentences of Markdown. */
  readonly sentences: readonly string[];
  /** Left out for a scheme that holds no token. */
  readonly life?: TokenLife;
}

export interface InputExplanation {
  readonly name: string;
  readonly isSecret: boolean;
  /** Whether the scheme can be used without it. */
  readonly isOptional: boolean;
  readonly description?: string;
}

export function explainApi(name: string, document: Document, model: ApiModel): Explanation {
  const stated = object(at(document.root, "/components/securitySchemes"));
  return {
    name,
    title: model.title,
    document: model.source,
    schemes: model.securitySchemes.map((scheme) => {
      return explainScheme(scheme, object(document.dereference(stated[scheme.name])), model.inputs);
    }),
  };
}

function explainScheme(
  { name, data, description, sentences, life }: SchemeModel,
  stated: Readonly<Record<string, unknown>>,
  inputs: readonly InputModel[],
): SchemeExplanation {
  const used = usedInputs(data);
  return {
    name,
    type: typeInWords(stated),
    ...(description && { description }),
    inputs: inputs
      .filter((input) => used.has(input.name))
      .map((input) => ({
        name: input.name,
        isSecret: input.declaration.secret === true,
        isOptional: !data.requires.includes(input.name),
        ...(input.description && { description: input.description }),
      })),
    sentences,
    ...(life && { life }),
  };
}

function usedInputs({ requires, apply, let: named = {}, key = [], initial = {}, ...calls }: SecurityScheme): Set<string> {
  const { obtain, refresh, recover, revoke } = calls;
  const values = [obtain, refresh, recover, revoke]
    .flatMap(tokenCalls)
    .flatMap((call) => [
      ...Object.values(call.let ?? {}),
      ...[...(call.apply ?? []), ...(call.parameters ?? [])].map(({ value }) => value),
      ...(call.requestBody === undefined ? [] : [call.requestBody.payload]),
    ]);
  const presented = apply.map(({ value }) => value);
  return new Set([
    ...requires,
    ...inputNames([...presented, ...Object.values(named), ...key, ...Object.values(initial), ...values]),
  ]);
}

function typeInWords({ type, scheme, bearerFormat, flows, in: place, name }: Readonly<Record<string, unknown>>): string {
  if (typeof type !== "string") return "";
  if (type === "http") return ["http", scheme, bearerFormat && `(${String(bearerFormat)})`].filter(Boolean).join(" ");
  if (type === "apiKey") return `apiKey in ${String(place)} ${String(name)}`;
  const kinds = Object.keys(object(flows));
  return type === "oauth2" && kinds.length > 0 ? `oauth2 (${kinds.join(", ")})` : type;
}
