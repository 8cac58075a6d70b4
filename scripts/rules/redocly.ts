/** The ordinary rules, which Redocly has written: loaded when they are needed, fed with our document, told in our words. */

import type { NormalizedProblem } from "@redocly/openapi-core";
import { at } from "../../src/lifecycle/expression.js";
import { type Diagnostic, hasErrors, type RuleDescription, type Severity } from "../diagnostics.js";
import { nearest } from "../nearest.js";
import type { Document } from "../spec/document.js";
import { isObject, localTarget, object, tokensOf } from "../spec/pointer.js";
import type { Part } from "../spec/positions.js";

/** What Redocly's rules look at: plain data, so that it can be told to a thread. */
export interface Described {
  /** The document's path. */
  readonly path: string;
  readonly root: unknown;
}

/** A fault and where it is; plain data as well. */
export interface RedoclyFinding extends Pick<Diagnostic, "rule" | "severity" | "message"> {
  readonly hint?: string;
  readonly pointer: string;
  readonly part: Part;
}

/** The findings with their places, which only the document itself knows. */
export function placed(document: Document, findings: readonly RedoclyFinding[]): Diagnostic[] {
  return findings.map(({ part, ...finding }) => ({ ...finding, ...document.locate(finding.pointer, part) }));
}

/**
 * What Redocly's rules say of a document, in this process and for as long as it takes. Errors are faults with which no right
 * client can be made, warnings all others. What our own rules say better (operation ids, security requirements) is left to
 * them.
 *
 * @param skip the rules that are not run.
 */
export async function findWithRedocly(described: Described, skip: readonly string[] = []): Promise<RedoclyFinding[]> {
  try {
    return await run(
      REDOCLY_RULES.filter(({ id }) => !skip.includes(id)),
      described,
    );
  } catch (error) {
    // Most rules count on a right structure, and throw where it is not; the one that checks it does not.
    const structure = await run(STRUCTURE, described).catch(() => []);
    const reason = error instanceof Error ? error.message : String(error);
    return hasErrors(structure) ? structure : [...structure, failure(`could not be run on this document: ${reason}`, "error")];
  }
}

/** Says what became of Redocly's rules themselves. */
export function failure(what: string, severity: Severity): RedoclyFinding {
  return { rule: FAILURE.id, severity, message: oneLine(`Redocly's rules ${what}`), pointer: "", part: "key" };
}

async function run(rules: readonly RuleDescription[], { path, root }: Described): Promise<RedoclyFinding[]> {
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
  const source = new Source(path, "");
  const problems = await lintDocument({ document: { source, parsed: root }, config, externalRefResolver });
  return problems.flatMap((problem) => tell(root, problem) ?? []);
}

const LEVELS = { error: "error", warning: "warn", info: "warn" } as const;

function tell(root: unknown, { ruleId, severity, message, suggest, location }: NormalizedProblem): RedoclyFinding | undefined {
  const [place] = location;
  const pointer = place?.pointer?.replace(/^#\/?$/, "").replace(/^#/, "") ?? "";
  if (ruleId === "struct" && SAID.test(message)) return undefined;
  const told = ruleId === "no-unresolved-refs" ? tellReference(root, pointer) : { message, near: suggest[0] };
  if (told === undefined) return undefined;
  return {
    rule: `${PREFIX}${ruleId}`,
    severity: severity === "error" && !(ruleId === "struct" && HARMLESS.test(message)) ? "error" : "warning",
    message: oneLine(told.message).replace(/\.$/, ""),
    ...(told.near !== undefined && { hint: `did you mean "${told.near}"?` }),
    pointer,
    part: place?.reportOnKey ? "key" : "value",
  };
}

/** Departures from the structure that leave nothing unclear: a member too many, or one missing that only readers need. */
const HARMLESS =
  /^Property .* is not expected here|^The field `(?:description|info|paths|title|version)` must be|^Must contain at least one of the following fields: schema, content/;

/** What mending has said of the document as it was written. */
const SAID = /^The field `responses` must be present/;

/** A reference that leads nowhere, with its nearest neighbour; loading the document has told of those that leave it. */
function tellReference(root: unknown, pointer: string): { message: string; near: string | undefined } | undefined {
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

const FAILURE: RuleDescription = {
  id: "redocly",
  description: "Redocly's rules can be run on the document, within the time that they are given.",
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

/** Those that hold values to schemas, and so run regular expressions of the document. */
export const EXAMPLE_RULES: readonly string[] = ["media-type", "parameter", "schema"].map(
  (what) => `${PREFIX}no-invalid-${what}-examples`,
);

const STRUCTURE = REDOCLY_RULES.filter(({ id }) => id === `${PREFIX}struct` || id === `${PREFIX}no-unresolved-refs`);

/** Every rule of Redocly that is run, and what is said when they cannot be. */
export const ORDINARY_RULES: readonly RuleDescription[] = [FAILURE, ...REDOCLY_RULES];

function described(severity: "error" | "warning", rules: Readonly<Record<string, string>>): RuleDescription[] {
  return Object.entries(rules).map(([name, description]) => {
    const helpUri = `https://redocly.com/docs/cli/rules/oas/${name.toLowerCase()}`;
    return { id: `${PREFIX}${name}`, description, severity, helpUri };
  });
}
