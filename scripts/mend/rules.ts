/** The classes of mending, in the order in which `docs/rules.md` explains them. */

import type { RuleDescription } from "../diagnostics.js";

export const WRONG_KIND = mending("wrong-kind", "Each part of the document is of the kind that belongs in its place.");
export const UNKNOWN_MEMBER = mending("unknown-member", "The members of an object are those that OpenAPI gives it.");
export const DANGLING_REFERENCE = mending("dangling-reference", "Every reference leads to something of its kind.");
export const MISPLACED_REFERENCE = mending("misplaced-reference", "References stand where OpenAPI lets them stand.");
export const REFERENCE_CYCLE = mending("reference-cycle", "Nothing is made of itself.");
export const SCHEMA_TYPE = mending("schema-type", "The type of a schema is one of JSON Schema's.");
export const ENUM_VALUE = mending("enum-value", "An enum lists values that JSON has.");
export const NULLABLE = mending("nullable", "What may be null says so where it counts.");
export const ALTERNATIVES = mending(
  "alternatives",
  "All that a schema may be, taken together, is no more than TypeScript takes.",
);
export const REQUIRED_MEMBER = mending("required-member", "Required members are described.");
export const DISCRIMINATOR = mending("discriminator", "A discriminator names a property, and maps to schemas that there are.");
export const PATH_NAME = mending("path-name", "A path begins with a slash, and stands there once.");
export const OPERATION_ID = mending(
  "operation-id",
  "Every operation has an operationId of its own that a client can have as the name of a method.",
);
export const PARAMETER = mending("parameter", "A parameter has a name and a place, and stands in its list once.");
export const PATH_PARAMETER = mending("path-parameter", "The parameters of a path are those that its braces name.");
export const RESPONSES = mending("responses", "An operation says what it answers, as OpenAPI 3.0 demands.");
export const RESPONSE_STATUS = mending("response-status", "Responses stand under status codes, ranges of them, or default.");
export const MEDIA_TYPE = mending("media-type", "The keys of content are media types.");
export const SERVER = mending("server", "A server has an address that requests can go to, and a name of its own.");
export const SECURITY_SCHEME = mending("security-scheme", "A security scheme says how credentials are presented.");
export const SECURITY_SCHEME_EXISTS = mending(
  "security-scheme-exists",
  "Every security requirement names a security scheme of the document.",
);

/** Every class of mending. */
export const MENDINGS: readonly RuleDescription[] = [
  WRONG_KIND,
  UNKNOWN_MEMBER,
  DANGLING_REFERENCE,
  MISPLACED_REFERENCE,
  REFERENCE_CYCLE,
  SCHEMA_TYPE,
  ENUM_VALUE,
  NULLABLE,
  ALTERNATIVES,
  REQUIRED_MEMBER,
  DISCRIMINATOR,
  PATH_NAME,
  OPERATION_ID,
  PARAMETER,
  PATH_PARAMETER,
  RESPONSES,
  RESPONSE_STATUS,
  MEDIA_TYPE,
  SERVER,
  SECURITY_SCHEME,
  SECURITY_SCHEME_EXISTS,
];

function mending(id: string, description: string): RuleDescription {
  return { id, description, severity: "warning" };
}
