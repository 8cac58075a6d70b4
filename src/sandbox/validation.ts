/** Whether a request is what its operation documents. */

import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ApiDefinition } from "../lifecycle/contract.js";
import { dereference } from "../lifecycle/definition.js";
import { isJsonMediaType } from "./answers.js";
import type { DocumentedContent, DocumentedOperation, DocumentedParameter } from "./document.js";
import { inTime } from "./in-time.js";
import { array, type Json, object, own, text } from "./json.js";
import { presentedAt, type SandboxRequest } from "./request.js";
import { standaloneSchema } from "./schema.js";

/** A body as it came: its bytes, and the media type it claims. */
export interface RawBody {
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

export type ParsedBody =
  | { readonly kind: "none" }
  | { readonly kind: "parsed"; readonly value: unknown }
  /** Of a media type that is not looked into. */
  | { readonly kind: "opaque" }
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "unsupported" };

export interface Validator {
  parse(operation: DocumentedOperation, body: RawBody): ParsedBody;
  /** Everything that is wrong with a request, each in one sentence that quotes nothing of it. */
  problems(operation: DocumentedOperation, request: SandboxRequest, body: ParsedBody): string[];
  /** The members that a body's schemas name. */
  knownMembers(operation: DocumentedOperation): ReadonlySet<string>;
}

const FORM = "application/x-www-form-urlencoded";

/**
 * @param uncheckable is told of each schema that nothing can be checked by, such as one whose reference leads nowhere.
 */
export function createValidator(document: unknown, definition: ApiDefinition, uncheckable: (what: string) => void): Validator {
  const options = { strict: false, allErrors: true, ownProperties: true, logger: false, validateSchema: false } as const;
  const json = new Ajv2020(options);
  const texts = new Ajv2020({ ...options, coerceTypes: "array" });
  for (const ajv of [json, texts]) addFormats.default(ajv);
  const compiled = new Map<unknown, Check | undefined>();

  /**
   * What a value lacks of its schema: once for each parameter or body, a schema that is none, or that takes too long, lets
   * everything pass.
   */
  const check = ({ subject, owner, ajv, schema, value, root = "" }: Checked): string[] => {
    try {
      if (!compiled.has(owner)) compiled.set(owner, compile(ajv, standaloneSchema(document, schema)));
      const known = compiled.get(owner);
      return known === undefined || known.passes(value) ? [] : describe(known.validate.errors, root, subject);
    } catch (error) {
      compiled.set(owner, undefined);
      uncheckable(`${subject}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  };

  const parameterProblems = (parameter: DocumentedParameter, request: SandboxRequest): string[] => {
    const subject = `${parameter.in} parameter "${parameter.name}"`;
    const presented = presentedAt(request, parameter);
    if (presented === undefined) return parameter.required && parameter.isReadable ? [`${subject} is missing`] : [];
    if (!parameter.isReadable) return [];
    const type = text(object(dereference(document, parameter.schema))["type"]);
    const value = readParameter(parameter, type, presented, request);
    if (value === undefined) return [`${subject} is not JSON`];
    const schema = { properties: { value: parameter.schema } };
    const ajv = parameter.isJson ? json : texts;
    return check({ subject, owner: parameter, ajv, schema, value: { value }, root: "/value" });
  };

  return {
    parse(operation, { bytes, contentType }) {
      const content = operation.requestBody?.content;
      if (bytes.length === 0 || content === undefined) return { kind: "none" };
      const [mediaType = ""] = (contentType ?? "").toLowerCase().split(";");
      if (!content.some((one) => covers(one.mediaType, mediaType.trim()))) return { kind: "unsupported" };
      if (isJsonMediaType(mediaType)) return parseJson(bytes);
      return mediaType.trim() === FORM ? { kind: "parsed", value: parseForm(bytes) } : { kind: "opaque" };
    },

    problems(operation, request, body) {
      const credentials = credentialPlaces(operation, definition);
      const found = operation.parameters
        .filter(({ in: place, name }) => !credentials.has(`${place} ${name.toLowerCase()}`))
        .flatMap((parameter) => parameterProblems(parameter, request));
      if (body.kind === "malformed") return [...found, body.problem];
      const { requestBody } = operation;
      if (body.kind === "none") return requestBody?.required ? [...found, "the body is missing"] : found;
      if (body.kind !== "parsed") return found;
      const mediaType = (request.headers.get("content-type") ?? "").toLowerCase().split(";")[0]?.trim() ?? "";
      const content = requestBody?.content.find((one) => covers(one.mediaType, mediaType));
      if (content === undefined) return found;
      // Coercion writes into what it judges; the request keeps what was presented.
      const [ajv, value] = mediaType === FORM ? [texts, structuredClone(body.value)] : [json, body.value];
      return [...found, ...check({ subject: "the body", owner: content, ajv, schema: content.schema, value })];
    },

    knownMembers(operation) {
      const content = operation.requestBody?.content ?? [];
      return new Set(content.flatMap(({ schema }) => memberNames(document, schema, new Set())));
    },
  };
}

/** A schema, ready to check by. */
interface Check {
  readonly validate: ValidateFunction;
  passes(value: unknown): boolean;
}

/** Keywords by which a check may take longer than its value is long: much longer, and without an end. */
const SLOW = /"(?:pattern|patternProperties|uniqueItems)":/;

function compile(ajv: Ajv2020, schema: Json): Check {
  const validate = ajv.compile(schema);
  const isSlow = SLOW.test(JSON.stringify(schema));
  return { validate, passes: (value) => (isSlow ? inTime(() => validate(value)) : validate(value)) };
}

interface Checked {
  /** What is checked, as a message names it. */
  readonly subject: string;
  /** What the schema belongs to, by which it is known again. */
  readonly owner: DocumentedParameter | DocumentedContent;
  readonly ajv: Ajv2020;
  readonly schema: unknown;
  readonly value: unknown;
  /** What a JSON Pointer into the value starts with, and no message shows. */
  readonly root?: string;
}

/** Where credentials go: whether those are right is not a question of form. */
function credentialPlaces({ security }: DocumentedOperation, { securitySchemes }: ApiDefinition): Set<string> {
  const schemes = security.flatMap((requirement) => Object.keys(requirement));
  const places = schemes.flatMap((scheme) => own(securitySchemes, scheme)?.apply ?? []);
  return new Set(["header authorization", ...places.map(({ in: place, name }) => `${place} ${name.toLowerCase()}`)]);
}

function readParameter(
  parameter: DocumentedParameter,
  type: string | undefined,
  presented: string,
  request: SandboxRequest,
): unknown {
  if (parameter.isJson) {
    try {
      return JSON.parse(presented);
    } catch {
      return undefined;
    }
  }
  if (type !== "array") return presented;
  return parameter.in === "query" && parameter.explode
    ? request.query.getAll(parameter.name)
    : presented.split(parameter.separator);
}

function parseJson(bytes: Buffer): ParsedBody {
  try {
    const json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (isTooDeep(json)) return { kind: "malformed", problem: "the body is nested too deeply" };
    return { kind: "parsed", value: JSON.parse(json) };
  } catch {
    return { kind: "malformed", problem: "the body is not JSON" };
  }
}

/** How many arrays and objects may stand in each other: a schema that refers to itself is followed that far. */
const DEPTH_LIMIT = 200;

function isTooDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}]/gs)) {
    if (token === "[" || token === "{") depth += 1;
    if (token === "]" || token === "}") depth -= 1;
    if (depth > DEPTH_LIMIT) return true;
  }
  return false;
}

function parseForm(bytes: Buffer): Json {
  const form = new URLSearchParams(bytes.toString("utf8"));
  const members = new Map<string, string | string[]>();
  for (const [name, value] of form) {
    const known = members.get(name);
    if (Array.isArray(known)) known.push(value);
    else members.set(name, known === undefined ? value : [known, value]);
  }
  return Object.fromEntries(members);
}

/** Whether a media type range, such as `application/*`, covers a media type. */
function covers(range: string, mediaType: string): boolean {
  const [plain = ""] = range.split(";");
  if (plain.trim() === "*/*") return true;
  return plain.trim().endsWith("/*") ? mediaType.startsWith(plain.trim().slice(0, -1)) : plain.trim() === mediaType;
}

function describe(errors: readonly ErrorObject[] | null | undefined, root: string, subject: string): string[] {
  return (errors ?? []).map(({ instancePath, message }) => {
    const place = instancePath.slice(root.length);
    return `${place === "" ? subject : `${subject} at ${place}`} ${message ?? "is not as documented"}`;
  });
}

function memberNames(document: unknown, schema: unknown, seen: Set<unknown>): string[] {
  const resolved = object(dereference(document, schema));
  if (seen.has(resolved)) return [];
  seen.add(resolved);
  const parts = ["allOf", "oneOf", "anyOf"].flatMap((keyword) => array(resolved[keyword]));
  return [...Object.keys(object(resolved["properties"])), ...parts.flatMap((part) => memberNames(document, part, seen))];
}
