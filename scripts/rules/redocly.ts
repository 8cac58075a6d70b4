/** The ordinary rules, which Redocly has written: loaded when they are needed, fed with our document, told in our words. */

import type { NormalizedProblem } from "@redocly/openapi-core";
import { at } from "../../src/lifecycle/expression.js";
import { type Diagnostic, hasErrors, type RuleDescription } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { isObject, localTarget, object, tokensOf } from "../spec/pointer.js";
import { nearest } from "./nearest.js";

/**
 * What Redocly's rules say of a document. Errors are faults with which no right client can be made, warnings all others. What
 * our own rules say better (operation ids, security requirements) is left to them.
 */
export async function lintWithRedocly(document: Document): Promise<Diagnostic[]> {
  try {
    return await run(REDOCLY_RULES, document);
  } catch (error) {
    // Most rules count on a right structure, and throw where it is not; the one that checks it does not.
    const structure = await run(STRUCTURE, document).catch(() => []);
    return hasErrors(structure) ? structure : [...structure, crash(error, document)];
  }
}

function crash(error: unknown, { path }: Document): Diagnostic {
  const message = `Redocly's rules could not be run on this document: ${error instanceof Error ? error.message : String(error)}`;
  return { rule: CRASH.id, severity: CRASH.severity, message: oneLine(message), file: path, line: 1, column: 1 };
}

async function run(rules: readonly RuleDescription[], document: Document): Promise<Diagnostic[]> {
  const { BaseResolver, createConfig, lintDocument, ResolveError, Source } = await import("@redocly/openapi-core");
  /** Neither the disk nor the network: a document is what was handed in. */
  class NoResolver extends BaseResolver {
    override loadExternalRef(): Promise<never> {
      return Promise.reject(new ResolveError(new Error("references into other documents are not followed")));
    }
  }
  const externalRefResolver = new NoResolver();
  const levels = Object.fromEntries(rules.map(({ id, severity }) => [id.slice(PREFIX.length), LEVELS[severity]]));
  const config = await createConfig({ rules: levels }, { externalRefResolver });
  const source = new Source(document.path, document.text);
  const problems = await lintDocument({ document: { source, parsed: document.root }, config, externalRefResolver });
  return problems.flatMap((problem) => diagnose(document, problem) ?? []);
}

const LEVELS = { error: "error", warning: "warn", info: "warn" } as const;

function diagnose(
  document: Document,
  { ruleId, severity, message, suggest, location }: NormalizedProblem,
): Diagnostic | undefined {
  const [place] = location;
  const pointer = place?.pointer?.replace(/^#\/?$/, "").replace(/^#/, "") ?? "";
  const told = ruleId === "no-unresolved-refs" ? tellReference(document, pointer) : { message, near: suggest[0] };
  if (told === undefined) return undefined;
  return {
    rule: `${PREFIX}${ruleId}`,
    severity: severity === "error" && !(ruleId === "struct" && HARMLESS.test(message)) ? "error" : "warning",
    message: oneLine(told.message).replace(/\.$/, ""),
    ...(told.near !== undefined && { hint: `did you mean "${told.near}"?` }),
    ...document.locate(pointer, place?.reportOnKey ? "key" : "value"),
    pointer,
  };
}

/** Departures from the structure that leave nothing unclear: a member too many, or one missing that only readers need. */
const HARMLESS =
  /^Property .* is not expected here|^The field `(?:description|info|paths|title|version)` must be|^Must contain at least one of the following fields: schema, content/;

/** A reference that leads nowhere, with its nearest neighbour; loading the document has told of those that leave it. */
function tellReference({ root }: Document, pointer: string): { message: string; near: string | undefined } | undefined {
  const value = at(root, pointer);
  const reference = isObject(value) ? value["$ref"] : value;
  const target = typeof reference === "string" ? localTarget(reference) : undefined;
  if (typeof reference !== "string" || target === undefined) return undefined;
  const neighbours = Object.keys(object(at(root, target.slice(0, target.lastIndexOf("/")))));
  return { message: `"${reference}" leads nowhere`, near: nearest(tokensOf(target).at(-1) ?? "", neighbours) };
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}

const PREFIX = "redocly/";

const CRASH: RuleDescription = {
  id: "redocly",
  description: "Redocly's rules can be run on the document.",
  severity: "error",
};

const REDOCLY_RULES: readonly RuleDescription[] = [
  ...described("error", {
    struct: "The document has the structure of its OpenAPI version.",
    "no-server-variables-empty-enum": "The values of a server variable are not an empty list.",
    "no-undefined-server-variable": "Every variable in the URL of a server is defined.",
    "no-unresolved-refs": "Every reference leads somewhere.",
    "operation-parameters-unique": "An operation has a parameter only once.",
    "path-declaration-must-exist": "No parameter in a path is without a name.",
    "path-parameters-defined": "Every parameter in a path is defined, and no other parameter is in: path.",
    "spec-no-invalid-encoding-combinations": "Encodings are combined as OpenAPI 3.2 allows.",
    "spec-querystring-parameters": "A parameter in: querystring stands alone.",
  }),
  ...described("warning", {
    "spec-components-invalid-map-name": "The names of components are made of letters, digits, dots, hyphens and underscores.",
    "path-not-include-query": "A path holds no query.",
    "no-identical-paths": "No two paths differ by the names of their parameters alone.",
    "no-ambiguous-paths": "No request could be meant for two paths.",
    "no-duplicated-enum-values": "An enum holds each value once.",
    "no-duplicated-tag-names": "No two tags have the same name.",
    "no-enum-type-mismatch": "The values of an enum are of the schema's type.",
    "no-example-value-and-externalValue": "An example has a value or an externalValue, not both.",
    "no-invalid-media-type-examples": "Examples of media types fit their schemas.",
    "no-invalid-parameter-examples": "Examples of parameters fit their schemas.",
    "no-invalid-schema-examples": "Examples of schemas fit them.",
    "no-mixed-number-range-constraints": "A number is not held by an inclusive and an exclusive bound at once.",
    "no-required-schema-properties-undefined": "Required properties are described.",
    "no-schema-type-mismatch": "Only objects have properties, only arrays have items.",
    "no-server-trailing-slash": "The URL of a server does not end with a slash.",
    "no-unused-components": "Every component is used.",
    "nullable-type-sibling": "nullable stands beside a type.",
    "operation-2xx-response": "An operation documents a response of success.",
    "security-scopes-defined": "Every scope that is required is defined.",
  }),
];

const STRUCTURE = REDOCLY_RULES.filter(({ id }) => id === `${PREFIX}struct` || id === `${PREFIX}no-unresolved-refs`);

/** Every rule of Redocly that is run, and what is said when they cannot be. */
export const ORDINARY_RULES: readonly RuleDescription[] = [CRASH, ...REDOCLY_RULES];

function described(severity: "error" | "warning", rules: Readonly<Record<string, string>>): RuleDescription[] {
  return Object.entries(rules).map(([name, description]) => {
    const helpUri = `https://redocly.com/docs/cli/rules/oas/${name.toLowerCase()}`;
    return { id: `${PREFIX}${name}`, description, severity, helpUri };
  });
}
