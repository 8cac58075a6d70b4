/** What a document holds, for whoever is about to make a client of it. */

import { at } from "../../../src/lifecycle/expression.js";
import { explainApi } from "../../explain/explanation.js";
import { list, object } from "../../spec/pointer.js";
import type { ReadApi } from "../reading.js";

export interface Survey {
  readonly title: string;
  /** Of the API. */
  readonly version: string;
  /** Of OpenAPI. */
  readonly openapi: string;
  readonly operations: number;
  /** The tags that operations have, the most frequent first. */
  readonly tags: readonly { readonly name: string; readonly operations: number }[];
  readonly schemes: readonly SurveyedScheme[];
}

export interface SurveyedScheme {
  readonly name: string;
  readonly type: string;
  /** `lifecycle`: the document says how its tokens live. `static`: there is nothing to renew. `none`: tokens that nothing is said of. */
  readonly tokens: "lifecycle" | "static" | "none";
  /** The Security Scheme Object. */
  readonly stated: Readonly<Record<string, unknown>>;
}

export function survey({ source, document, model }: ReadApi): Survey {
  const { root } = document;
  const info = object(at(root, "/info"));
  const stated = object(at(root, "/components/securitySchemes"));
  const paths = Object.values(object(at(root, "/paths"))).map((item) => object(document.dereference(item)));
  const counts = new Map<string, number>();
  for (const operation of paths.flatMap((item) => Object.values(item))) {
    for (const tag of list(object(operation)["tags"])) counts.set(String(tag), (counts.get(String(tag)) ?? 0) + 1);
  }
  return {
    title: model.title,
    version: String(info["version"] ?? ""),
    openapi: String(at(root, "/openapi")),
    operations: model.operations.length,
    tags: [...counts].map(([name, operations]) => ({ name, operations })).sort((a, b) => b.operations - a.operations),
    schemes: explainApi(source.name, document, model).schemes.map(({ name, type, life }) => {
      const scheme = object(document.dereference(stated[name]));
      const tokens = life !== undefined || "x-token-lifecycle" in scheme ? "lifecycle" : turns(scheme) ? "none" : "static";
      return { name, type, tokens, stated: scheme };
    }),
  };
}

/** Whether what a scheme presents is a token that somebody issues, and that ends. */
function turns({ type, scheme }: Readonly<Record<string, unknown>>): boolean {
  return type === "oauth2" || type === "openIdConnect" || (type === "http" && String(scheme).toLowerCase() === "bearer");
}
