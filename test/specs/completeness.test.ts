/** What holds for every operation, schema, example and lifecycle of the three hand-written documents. */

import { createConfig, lint } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import {
  type Condition,
  parseCondition,
  parseTemplate,
  type Reference,
  referencesInCondition,
} from "../../src/lifecycle/expression.js";
import { durationMs } from "../../src/lifecycle/time.js";
import { type Lifecycle, lookUp, type MediaView, NAMES, readApi, type Schema, type TokenOperation } from "./document.js";

const SENTENCE = /^[`A-Za-z].*[.?]$/s;

/** The names of secrets, at the end of where they stand. */
const SECRET =
  /(?<![A-Za-z_])(password|fingerprint|apiKey|oauth_key|token|access_?token|refresh_?token|client_?secret|validation_?pin)$/i;

/** The order of keys that every object of a kind keeps, in all three documents. */
const KEY_ORDER = {
  document: ["openapi", "info", "servers", "security", "tags", "paths", "components"],
  info: ["title", "version", "summary", "description", "contact", "license"],
  server: ["url", "description", "x-server-name"],
  tag: ["name", "description"],
  operation: ["tags", "operationId", "summary", "description", "security", "parameters", "requestBody", "responses"],
  parameter: ["$ref", "name", "in", "description", "required", "style", "explode", "schema", "example", "x-fill"],
  header: ["$ref", "description", "required", "schema", "example"],
  requestBody: ["description", "required", "content"],
  response: ["$ref", "description", "headers", "content"],
  media: ["schema", "examples"],
  example: ["$ref", "summary", "value"],
  components: ["securitySchemes", "parameters", "headers", "schemas", "responses", "examples"],
  securityScheme: ["type", "description", "in", "name", "scheme", "bearerFormat", "flows", "x-token-lifecycle"],
  lifecycle: [
    ...["inputs", "key", "apply", "initial", "clientAuthentication", "obtain", "refresh", "recover", "revoke"],
    ...["expires", "refreshToken", "rejected"],
  ],
  tokenOperation: ["operationId", "grantType", "parameters", "requestBody", "successCriteria", "outputs", "onFailure", "ends"],
  schema: [
    ...["$ref", "type", "format", "const", "minLength", "maxLength", "pattern", "minimum", "maximum", "default"],
    ...["deprecated", "description", "enum", "oneOf", "anyOf", "allOf", "discriminator", "minItems", "maxItems"],
    ...["maxProperties", "additionalProperties", "required", "properties", "items", "examples"],
  ],
} as const;

type Kind = keyof typeof KEY_ORDER;

describe.each(NAMES)("%s.yaml", (name) => {
  const api = readApi(name);
  const { document, operations, source } = api;
  const schemas = Object.entries(document.components.schemas).flatMap(([schema, value]) => membersOf(schema, value));
  const schemes = Object.entries(document.components.securitySchemes);
  const lifecycles = schemes.flatMap(([scheme, value]): [string, Lifecycle][] =>
    value["x-token-lifecycle"] ? [[scheme, value["x-token-lifecycle"]]] : [],
  );

  it("is OpenAPI 3.1.0, with a license and two named servers", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.info.license).toHaveProperty("identifier");
    expect(document.servers).toHaveLength(2);
    for (const server of document.servers) expect(server).toMatchObject({ description: expect.stringMatching(SENTENCE) });
  });

  it("satisfies Redocly's recommended rules", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const problems = await lint({ ref: new URL(`../../specs/${name}.yaml`, import.meta.url).pathname, config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual([]);
  });

  it("refers only to itself, and never to nothing", () => {
    for (const reference of referencesIn(source)) expect(lookUp(source, reference)).toBeDefined();
  });

  it("declares every tag with a description, and uses it", () => {
    const used = new Set(operations.flatMap(({ tags }) => tags));
    expect(new Set(document.tags.map((tag) => tag.name))).toEqual(used);
    for (const tag of document.tags) expect(tag.description).toMatch(SENTENCE);
  });

  it("keeps one order of keys", () => {
    for (const { kind, keys, where } of objectsIn(source)) {
      const order: readonly string[] = KEY_ORDER[kind];
      expect(keys, where).toEqual([...keys].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
      expect(order, where).toEqual(expect.arrayContaining(keys));
    }
  });

  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    "%s has a summary, a description, one tag, and described parameters and responses",
    (_, { summary, description, tags, parameters, requestBody, responses }) => {
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
      expect(description).toMatch(SENTENCE);
      expect(tags).toHaveLength(1);
      for (const parameter of parameters) expect(parameter.description, parameter.name).toMatch(SENTENCE);
      if (requestBody !== undefined)
        expect(requestBody).toMatchObject({ description: expect.stringMatching(SENTENCE), required: true });
      expect(Object.keys(responses).some((status) => status.startsWith("4"))).toBe(true);
      for (const [status, response] of Object.entries(responses)) {
        expect(response.description, status).toMatch(SENTENCE);
        for (const header of Object.values(response.headers ?? {})) expect(header.description).toMatch(SENTENCE);
      }
    },
  );

  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    "%s has a valid example for each parameter, header, request and response with a body",
    (operationId, operation) => {
      const { parameters, requestBody, responses, reply } = operation;
      for (const parameter of parameters) expectValid(parameter.schema, parameter.example, `${operationId} ${parameter.name}`);
      if (requestBody !== undefined) expectValidExamples(operation.request, operationId);
      for (const [status, { headers = {}, content }] of Object.entries(responses)) {
        for (const header of Object.values(headers)) expectValid(header.schema, header.example, `${operationId} ${status}`);
        if (content !== undefined) expectValidExamples(reply(Number(status)), `${operationId} ${status}`);
      }
    },
  );

  it("describes every schema and every property in sentences", () => {
    for (const [where, schema] of schemas) expect(schema.description, where).toMatch(SENTENCE);
  });

  it("gives every schema a type or the schemas that it is made of", () => {
    for (const [where, { type, oneOf, anyOf, allOf }] of schemas) expect(type ?? oneOf ?? anyOf ?? allOf, where).toBeDefined();
  });

  it("marks every secret as one", () => {
    const inputs = lifecycles.flatMap(([scheme, lifecycle]) => membersOf(scheme, lifecycle.inputs ?? {}));
    const parameters = operations.flatMap((operation) => operation.parameters);
    const named = [
      ...schemas.filter(([where]) => where.includes(".")),
      ...inputs,
      ...parameters.map((parameter): [string, Schema] => [parameter.name, parameter.schema]),
    ];
    for (const [where, schema] of named) if (SECRET.test(where)) expect(schema.format, where).toBe("password");
  });

  it("requires only properties that exist", () => {
    for (const [where, { required = [], properties = {} }] of schemas) {
      expect(Object.keys(properties), where).toEqual(expect.arrayContaining([...required]));
    }
  });

  it("describes every security scheme and every input in sentences", () => {
    for (const [scheme, { description }] of schemes) expect(description, scheme).toMatch(SENTENCE);
    for (const [scheme, { inputs }] of lifecycles) {
      for (const [input, { description }] of Object.entries(inputs?.properties ?? {})) {
        expect(description, `${scheme} ${input}`).toMatch(SENTENCE);
      }
    }
  });

  it("declares the same input in the same way everywhere", () => {
    const declared = new Map<string, Schema>();
    for (const [, { inputs }] of lifecycles) {
      for (const [input, schema] of Object.entries(inputs?.properties ?? {})) {
        expect(schema, input).toEqual(declared.get(input) ?? schema);
        declared.set(input, schema);
      }
    }
  });

  it("declares every input to which a lifecycle refers", () => {
    for (const [scheme, lifecycle] of lifecycles) {
      const { required = [], properties = {} } = lifecycle.inputs ?? {};
      const referred = templatesIn(lifecycle).flatMap((reference) => (reference.root === "inputs" ? [reference.name] : []));
      expect(Object.keys(properties), scheme).toEqual(expect.arrayContaining([...referred, ...required]));
    }
  });

  it("states conditions that can be read, about members that the documented responses have", () => {
    for (const [scheme, lifecycle] of lifecycles) {
      for (const call of callsOf(lifecycle)) {
        const { responses } = api.operation(call.operationId);
        for (const condition of [call.successCriteria ?? [], Object.values(call.onFailure ?? {})].flat()) {
          const parsed = parseCondition(condition);
          expect(
            statusesIn(parsed).filter((status) => !(status in responses)),
            `${scheme}: ${condition}`,
          ).toEqual([]);
          for (const pointer of pointersIn(referencesInCondition(parsed))) {
            const bodies = Object.values(responses).flatMap(({ content = {} }) => Object.values(content));
            expect(
              bodies.some(({ schema }) => at(schema, pointer) !== undefined),
              `${scheme}: ${condition}`,
            ).toBe(true);
          }
        }
      }
      for (const condition of Object.values(lifecycle.rejected ?? {})) {
        const guarded = operations.filter(({ security }) => security.some((alternative) => scheme in alternative));
        const pointers = pointersIn(referencesInCondition(parseCondition(condition)));
        for (const { operationId, reply } of guarded) {
          const { schema, values } = reply(401);
          for (const pointer of pointers) expect(at(schema, pointer), `${operationId}: ${condition}`).toBeDefined();
          expect(values.length).toBeGreaterThan(0);
        }
      }
    }
  });

  it("finds outputs and expiries in the response that brings the token", () => {
    for (const [scheme, lifecycle] of lifecycles) {
      for (const call of callsOf(lifecycle)) {
        const success = successSchema(api.operation(call.operationId));
        for (const [output, expression] of Object.entries(call.outputs ?? {})) {
          for (const pointer of pointersIn(parseTemplate(expression).filter(isReference))) {
            expect(at(success, pointer), `${scheme} ${output}`).toBeDefined();
          }
        }
      }
      for (const [output, stated] of Object.entries(lifecycle.expires ?? {})) {
        const bringing = callsOf(lifecycle).filter(
          ({ grantType, outputs = {} }) => grantType !== undefined || output in outputs,
        );
        expect(bringing, `${scheme} ${output}`).not.toEqual([]);
        for (const rule of Array.isArray(stated) ? (stated as unknown[]) : [stated]) {
          for (const call of bringing)
            expectExpiry(rule, successSchema(api.operation(call.operationId)), `${scheme} ${output}`);
        }
      }
    }
  });
});

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

function expectValid(schema: Schema, value: unknown, where: string): void {
  expect(value, `${where} has an example`).toBeDefined();
  const validate = ajv.compile(schema);
  validate(value);
  expect(validate.errors ?? [], where).toEqual([]);
}

function expectValidExamples({ schema, examples, values }: MediaView, where: string): void {
  expect(values.length, `${where} has an example`).toBeGreaterThan(0);
  for (const [name, { summary, value }] of Object.entries(examples)) {
    expect(summary, `${where} ${name}`).toMatch(SENTENCE);
    expectValid(schema, value, `${where} ${name}`);
  }
}

/** A duration, a claim of the token itself, or a member of the response that a number of seconds can be read from. */
function expectExpiry(rule: unknown, success: Schema | undefined, where: string): void {
  if (typeof rule === "string") {
    expect(durationMs(rule), where).toBeGreaterThan(0);
    return;
  }
  const { in: span, at: moment, claim } = rule as { readonly in?: string; readonly at?: string; readonly claim?: string };
  if (claim !== undefined) return;
  for (const pointer of pointersIn(parseTemplate(span ?? moment ?? "").filter(isReference))) {
    const member = at(success, pointer);
    expect(["integer", "number", "string"], where).toContain(member?.type);
    if (member?.type === "string") expect(member.pattern, where).toBe("^\\d+$");
  }
}

function callsOf({ obtain, refresh, recover, revoke }: Lifecycle): TokenOperation[] {
  return [obtain, refresh, recover, revoke].filter((call) => call !== undefined);
}

function successSchema({ responses }: { readonly responses: ReturnType<typeof readApi>["operations"][number]["responses"] }) {
  return responses["200"]?.content?.["application/json"]?.schema;
}

/** The schema of the member at a JSON Pointer, through properties alone. */
function at(schema: Schema | undefined, pointer: string): Schema | undefined {
  return pointer
    .split("/")
    .slice(1)
    .reduce<Schema | undefined>((current, token) => current?.properties?.[token], schema);
}

function isReference(part: string | Reference): part is Reference {
  return typeof part !== "string";
}

function pointersIn(references: readonly Reference[]): string[] {
  return references.flatMap((reference) => (reference.root === "response.body" ? [reference.pointer] : []));
}

/** The statuses with which a condition compares `$statusCode`. */
function statusesIn(condition: Condition): string[] {
  if (condition.kind === "and" || condition.kind === "or")
    return [...statusesIn(condition.left), ...statusesIn(condition.right)];
  if (condition.kind !== "compare" || condition.left.kind !== "reference" || condition.right.kind !== "literal") return [];
  return condition.left.reference.root === "statusCode" ? [String(condition.right.value)] : [];
}

/** Every expression in the strings of a lifecycle, conditions left out. */
function templatesIn(value: unknown): Reference[] {
  if (typeof value === "string") return /==|<=/.test(value) ? [] : parseTemplate(value).filter(isReference);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === "inputs" ? [] : templatesIn(member)));
}

/** A schema and all that are inside it, each with where it is; plain items of an array have no description of their own. */
function membersOf(where: string, schema: Schema): [string, Schema][] {
  const { properties = {}, items } = schema;
  return [
    [where, schema],
    ...Object.entries(properties).flatMap(([name, property]) => membersOf(`${where}.${name}`, property)),
    ...(items?.properties === undefined ? [] : membersOf(`${where}[]`, items)),
  ];
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "$ref" && typeof member === "string" ? [member] : referencesIn(member),
  );
}

interface Written {
  readonly kind: Kind;
  readonly keys: string[];
  readonly where: string;
}

/** What the members of an object are, by their names: one kind, a list or a map of it. */
const MEMBERS: Readonly<
  Record<Kind, Readonly<Record<string, Kind | { readonly each: Kind } | { readonly each: { readonly each: Kind } }>>>
> = {
  document: {
    info: "info",
    servers: { each: "server" },
    tags: { each: "tag" },
    paths: { each: { each: "operation" } },
    components: "components",
  },
  info: {},
  server: {},
  tag: {},
  operation: { parameters: { each: "parameter" }, requestBody: "requestBody", responses: { each: "response" } },
  parameter: { schema: "schema" },
  header: { schema: "schema" },
  requestBody: { content: { each: "media" } },
  response: { headers: { each: "header" }, content: { each: "media" } },
  media: { schema: "schema", examples: { each: "example" } },
  example: {},
  components: {
    securitySchemes: { each: "securityScheme" },
    parameters: { each: "parameter" },
    headers: { each: "header" },
    schemas: { each: "schema" },
    responses: { each: "response" },
    examples: { each: "example" },
  },
  securityScheme: { "x-token-lifecycle": "lifecycle" },
  lifecycle: { obtain: "tokenOperation", refresh: "tokenOperation", recover: "tokenOperation", revoke: "tokenOperation" },
  tokenOperation: {},
  schema: {
    properties: { each: "schema" },
    items: "schema",
    oneOf: { each: "schema" },
    anyOf: { each: "schema" },
    allOf: { each: "schema" },
  },
};

/** Every object of the document whose order of keys is laid down. */
function objectsIn(value: unknown, kind: Kind = "document", where = "#"): Written[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(MEMBERS[kind]).flatMap(([name, shape]) => {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    return typeof shape === "string" ? objectsIn(member, shape, `${where}/${name}`) : eachIn(member, shape, `${where}/${name}`);
  });
  return [{ kind, keys: Object.keys(value), where }, ...inside];
}

function eachIn(value: unknown, { each }: { readonly each: Kind | { readonly each: Kind } }, where: string): Written[] {
  return Object.entries(value ?? {}).flatMap(([key, member]) =>
    typeof each === "string" ? objectsIn(member, each, `${where}/${key}`) : eachIn(member, each, `${where}/${key}`),
  );
}
