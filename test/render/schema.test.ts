/** The types of documents that are broken in the ways of public ones: always types, as good as the document allows. */

import { Project, SyntaxKind } from "ts-morph";
import { describe, expect, test } from "vitest";
import { schemaTypes } from "../../scripts/render/schema/types.js";
import { compileErrors } from "../support/compile.js";
import { asDocument } from "../support/render-document.js";

const typesOf = (document: object) => schemaTypes(asDocument("example", { openapi: "3.1.0", ...document })).text;

/** The type of a schema among others, without comments, on one line. */
function typeOf(name: string, schemas: Record<string, unknown>): string | undefined {
  const text = typesOf({ components: { schemas } });
  expect(compileErrors([{ name: "schema.ts", text }])).toEqual([]);
  const source = new Project({ useInMemoryFileSystem: true }).createSourceFile("schema.ts", text);
  const components = source.getInterfaceOrThrow("components").getPropertyOrThrow("schemas").getTypeNodeOrThrow();
  const property = components.asKindOrThrow(SyntaxKind.TypeLiteral).getProperty(name);
  return property
    ?.getTypeNode()
    ?.getText()
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ");
}

describe("a schema", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["with a reference to nothing is unknown", { A: { $ref: "#/components/schemas/Gone" } }, "unknown"],
    ["with a reference out of the document is unknown", { A: { $ref: "other.yaml#/B" } }, "unknown"],
    [
      "with a reference deep into another names what is there",
      { A: { $ref: "#/components/schemas/B/properties/c" }, B: { type: "object", properties: { c: { type: "string" } } } },
      'components["schemas"]["B.properties.c"]',
    ],
    ["that is a reference to itself is unknown", { A: { $ref: "#/components/schemas/A" } }, "unknown"],
    ["that is a list of itself is a list", { A: { type: "array", items: { $ref: "#/components/schemas/A" } } }, "unknown[]"],
    ["that allows everything is unknown", { A: true }, "unknown"],
    ["that allows nothing is never", { A: false }, "never"],
    [
      "with a member that must not be anything has none",
      { A: { type: "object", properties: { b: { not: {} }, c: { not: true }, d: { not: { type: "string" } } } } },
      "{ b?: never; c?: never; d?: unknown; }",
    ],
    [
      "with a type beside a reference to no type has that type",
      { A: { $ref: "#/components/schemas/B", type: ["string", "null"] }, B: { description: "d" } },
      "string | null",
    ],
    [
      "with a constant beside a reference is both",
      { A: { $ref: "#/components/schemas/B", const: "b" }, B: { enum: ["a", "b"] } },
      'components["schemas"]["B"] & "b"',
    ],
    [
      "with members that are not evaluated has them, as others",
      { A: { type: "object", unevaluatedProperties: { type: "string" } } },
      "{ [key: string]: string; }",
    ],
    [
      "that requires what its alternatives describe demands it of each",
      {
        A: {
          type: "object",
          required: ["k"],
          oneOf: [
            { $ref: "#/components/schemas/B" },
            { $ref: "#/components/schemas/C" },
            { type: "object", properties: { k: { const: 1 } } },
            { type: "object", properties: { c: { type: "string" } } },
          ],
        },
        B: { allOf: [{ type: "object", properties: { k: { type: "string" } } }] },
        C: { allOf: [{ $ref: "#/components/schemas/B" }], required: ["k"] },
      },
      'WithRequired<components["schemas"]["B"], "k"> | components["schemas"]["C"] | { k: 1; } | { c?: string; }',
    ],
    [
      "with words beside its alternatives is one of them",
      { A: { description: "d", anyOf: [{ $ref: "#/components/schemas/B" }, { type: "string" }] }, B: { type: "number" } },
      'components["schemas"]["B"] | string',
    ],
    [
      "that is an object of alternatives is one of them",
      { A: { type: "object", anyOf: [{ $ref: "#/components/schemas/B" }] }, B: { type: "object", properties: {} } },
      'components["schemas"]["B"]',
    ],
    [
      "with a reference to one whose name is empty names that",
      { A: { $ref: "#/components/schemas/" }, "": { type: "object", properties: { "": { type: "string" } }, required: [""] } },
      'components["schemas"][""]',
    ],
    ["that is nullable in the words of an extension is", { A: { type: "string", "x-nullable": true } }, "string | null"],
    ["that is not nullable in standard words is not", { A: { type: "string", "x-nullable": true, nullable: false } }, "string"],
    ["with a type of no standard is unknown", { A: { type: "blob" } }, "unknown"],
    ["with a type of another standard is what that means", { A: { type: "file" } }, "string"],
    ["with items is a list without being told", { A: { items: { type: "string" } } }, "string[]"],
    ["with first items is as long as these", { A: { prefixItems: [{ type: "string" }, {}] } }, "[ string, unknown ]"],
    [
      "with items behind the first ones has any number of these",
      { A: { type: "array", prefixItems: [{ type: "string" }], items: { type: ["string", "integer"] } } },
      "[ string, ...(string | number)[] ]",
    ],
    [
      "with anything behind its first items is so long or longer",
      { A: { type: ["array", "null"], prefixItems: [{ type: "string" }], unevaluatedItems: true } },
      "[ string, ...unknown[] ] | null",
    ],
    [
      "with nothing behind its first items is as long as these",
      { A: { type: "array", prefixItems: [{ type: "string" }], items: false } },
      "[ string ]",
    ],
    ["without members is an object of anything", { A: { type: "object" } }, "Record<string, unknown>"],
    [
      "with null for a list of members has none",
      { A: { type: "object", properties: null, required: null } },
      "Record<string, unknown>",
    ],
    ["with a list for an object is unknown", { A: ["string"] }, "unknown"],
    ["with a boolean among its parts keeps the others", { A: { allOf: [true, { type: "string" }] } }, "string"],
    [
      "with a part that only describes it has no type for that",
      {
        A: { allOf: [{ $ref: "#/components/schemas/B" }, { description: "d", minLength: 1, xml: { name: "a" } }] },
        B: { type: "string" },
      },
      'components["schemas"]["B"]',
    ],
    [
      "with a part that says which way it goes goes that way",
      {
        A: {
          type: "object",
          properties: { b: { allOf: [{ $ref: "#/components/schemas/B" }, { readOnly: true }] } },
        },
        B: { type: "string" },
      },
      '{ b?: $Read<components["schemas"]["B"]>; }',
    ],
    ["named by its enum", { A: { enum: ["a", null] } }, '"a" | null'],
    ["that is an object is one of no values", { A: { type: "object", enum: ["x", { a: 1 }] } }, "Record<string, unknown>"],
    [
      "with a default for a member does not demand it",
      { A: { type: "object", properties: { b: { type: "string", default: "x" } } } },
      "{ b?: string; }",
    ],
    [
      "with members beside others has others that fit the members",
      {
        A: {
          type: "object",
          properties: { b: { type: "string", readOnly: true }, c: { type: "integer" }, d: { type: "string", title: "D" } },
          additionalProperties: { type: "integer" },
        },
      },
      "{ b?: $Read<string>; c?: number; d?: string; } & { [key: string]: number | string; }",
    ],
    [
      "with members beside others as they are has no more",
      { A: { type: "object", properties: { b: { type: "string" } }, additionalProperties: { type: "string", title: "T" } } },
      "{ b?: string; } & { [key: string]: string; }",
    ],
    [
      "with members beside patterns has patterns that fit the members",
      { A: { type: "object", properties: { b: { type: "number" } }, patternProperties: { "^x-": { type: "string" } } } },
      "{ b?: number; } & { [key: string]: number | string; }",
    ],
    [
      "with a long member beside others has others of any type",
      {
        A: {
          type: "object",
          properties: { b: { enum: ["x".repeat(400)] } },
          additionalProperties: { type: "string" },
        },
      },
      `{ b?: "${"x".repeat(400)}"; } & { [key: string]: unknown; }`,
    ],
    [
      "with a percent sign in a name keeps it",
      { A: { type: "object", properties: { "100%": { type: "string" } } } },
      '{ "100%"?: string; }',
    ],
    [
      "with letters of other languages keeps them",
      { A: { type: "object", properties: { größe: { type: "number" } } } },
      '{ "größe"?: number; }',
    ],
    [
      "that requires members of a part demands those that are there",
      {
        A: { allOf: [{ $ref: "#/components/schemas/B" }], required: ["b", "gone"] },
        B: { type: "object", properties: { b: { type: "string" } } },
      },
      'WithRequired<components["schemas"]["B"], "b">',
    ],
    [
      "that requires in one part what another part describes demands it",
      {
        A: { allOf: [{ $ref: "#/components/schemas/B" }, { type: "object", properties: { c: {} }, required: ["b", "c"] }] },
        B: { type: "object", properties: { b: { type: "string" } } },
      },
      'WithRequired<components["schemas"]["B"], "b"> & { c: unknown; }',
    ],
    [
      "that requires what a part has from a part of its own demands it",
      {
        A: { allOf: [{ $ref: "#/components/schemas/B" }, { type: "object", required: ["c"] }] },
        B: { allOf: [{ $ref: "#/components/schemas/C" }, { type: "object", properties: { b: {} } }] },
        C: { type: "object", properties: { c: { type: "string" } } },
      },
      'WithRequired<components["schemas"]["B"], "c">',
    ],
    [
      "that requires something beside a reference demands it",
      {
        A: { $ref: "#/components/schemas/B", required: ["b"] },
        B: { type: "object", properties: { b: { type: "string" } } },
      },
      'WithRequired<components["schemas"]["B"], "b">',
    ],
    [
      "with a part that is any object is not opened by it",
      {
        A: { allOf: [{ $ref: "#/components/schemas/B" }, { type: "object", description: "d" }] },
        B: { type: "object", properties: { b: {} } },
      },
      'components["schemas"]["B"]',
    ],
    [
      "with a reference among its properties' names has a property",
      { A: { type: "object", properties: { $ref: { type: "string" } } } },
      "{ $ref?: string; }",
    ],
    ["with a reference in an example is not one", { A: { type: "string", example: { $ref: "#/nowhere" } } }, "string"],
  ])("%s", (_fact, schemas, want) => {
    expect(typeOf("A", schemas)).toBe(want);
  });

  test.each(["example", "default", "const", "enum"])("may hold data under %s that looks like a schema", (keyword) => {
    const data = { allOf: ["x"], discriminator: { propertyName: 1 }, oneOf: 7 };
    expect(typeOf("A", { A: { type: "object", [keyword]: keyword === "enum" ? [data] : data } })).toBeDefined();
  });

  test("with members beside others can be written down", () => {
    const A = {
      type: "object",
      required: ["b"],
      properties: { b: { type: "string" } },
      additionalProperties: { type: "integer" },
    };
    const use =
      'import type { components } from "./schema.js";\nexport const a: components["schemas"]["A"] = { b: "b", c: 1 };';
    const files = [
      { name: "schema.ts", text: typesOf({ components: { schemas: { A } } }) },
      { name: "use.ts", text: use },
    ];
    expect(compileErrors(files)).toEqual([]);
  });

  test("leaves out numbers that JSON does not have", () => {
    const text = "{ openapi: 3.1.0, components: { schemas: { A: { enum: [1, .inf, .nan], default: .inf } } } }";
    expect(schemaTypes(asDocument("example", text)).text).toContain("A: 1;");
  });

  test("has the words of its parts, and its own before them", () => {
    const described = (words: object) => ({
      ...words,
      allOf: [{ $ref: "#/components/schemas/B" }, { description: "of a part" }],
    });
    const schemas = { A: { type: "object", properties: { b: described({}), c: described({ description: "own" }) } }, B: {} };
    const { text } = schemaTypes(asDocument("example", { openapi: "3.1.0", components: { schemas } }));
    expect(text).toMatch(/of a part \*\/\s+b\?: components\["schemas"\]\["B"\];\s+\/\*\* @description own \*\/\s+c\?/);
  });

  test("of a parent that lists its children keeps what each says", () => {
    const schemas = {
      A: { type: "object", properties: { kind: { type: "string" } }, oneOf: [{ $ref: "#/components/schemas/B" }] },
      B: { allOf: [{ $ref: "#/components/schemas/A" }, { type: "object", properties: { b: { type: "string" } } }] },
    };
    expect(typeOf("A", schemas)).toBe('{ kind?: string; } & components["schemas"]["B"]');
    expect(typeOf("B", schemas)).toBe("{ kind?: string; } & { b?: string; }");
  });
});

test("a part that is referred to demands of the others what it requires and does not describe", () => {
  const Demanding = { type: "object", required: ["x"] };
  const A = {
    allOf: [{ $ref: "#/components/schemas/Demanding" }, { properties: { x: { type: "string" }, y: { type: "string" } } }],
  };
  expect(typeOf("A", { Demanding, A })).toBe('components["schemas"]["Demanding"] & { x: string; y?: string; }');
});

describe("a discriminator", () => {
  const union = (mapping?: object) => ({
    oneOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }],
    discriminator: { propertyName: "kind", ...(mapping && { mapping }) },
  });
  const whose = (kind: object) => ({ type: "object", properties: { kind } });

  test.each<[string, object, object | undefined, string]>([
    ["text, it is the name of the schema", { type: "string" }, undefined, '{ kind: "A"; }'],
    ["text, it is what the mapping says", { type: "string" }, { a: "A" }, '{ kind: "a"; }'],
    ["a boolean, it is one", { type: "boolean" }, { true: "A" }, "{ kind: true; }"],
    ["a number, it is one", { type: "integer" }, { 1: "A", 2: "A" }, "{ kind: 1 | 2; }"],
    ["a number that no tag spells, it is any", { type: "integer" }, undefined, "{ kind: number; }"],
    ["a constant, it stays what it is", { const: "a" }, undefined, '{ kind: "a"; }'],
    ["an enum, it is narrowed", { enum: ["a", "b"] }, { a: "A" }, '{ kind: "a"; }'],
    ["an enum without the name, it stays what it is", { enum: ["a", "b"] }, undefined, '{ kind: "a" | "b"; }'],
    ["behind a reference, it is what that leads to", { $ref: "#/components/schemas/Flag" }, { true: "A" }, "{ kind: true; }"],
  ])("whose member is %s", (_fact, kind, mapping, want) => {
    const schemas = { U: union(mapping), A: whose(kind), B: { type: "object" }, Flag: { type: "boolean" } };
    expect(typeOf("A", schemas)).toBe(want);
  });

  test("beside another takes the texts of both", () => {
    const schemas = { U: union({ a: "A" }), V: union({ b: "A" }), A: whose({ type: "string" }), B: { type: "object" } };
    expect(typeOf("A", schemas)).toBe('{ kind: "a" | "b"; }');
  });

  test("of a parent and of a list takes the texts of both", () => {
    const P = { ...whose({ type: "string" }), discriminator: { propertyName: "kind", mapping: { a: "A" } } };
    const A = { allOf: [{ $ref: "#/components/schemas/P" }, { type: "object", properties: { x: { type: "string" } } }] };
    const want = 'Omit<components["schemas"]["P"], "kind"> & { x?: string; } & { kind: "a" | "A"; }';
    expect(typeOf("A", { P, A, B: { type: "object" }, U: union() })).toBe(want);
  });

  test.each<[string, object]>([
    ["as it is", whose({ type: "string" })],
    ["in a part", { allOf: [whose({ type: "string" })] }],
  ])("leaves what it falls back on %s", (_fact, A) => {
    const U = { ...union(), discriminator: { propertyName: "kind", defaultMapping: "A" } };
    expect(typeOf("A", { U, A, B: whose({ type: "string" }) })).toBe("{ kind?: string; }");
    expect(typeOf("B", { U, A, B: whose({ type: "string" }) })).toBe('{ kind: "B"; }');
  });

  test("of a parent takes what the child states", () => {
    const P = { ...whose({ type: "string" }), discriminator: { propertyName: "kind" } };
    const A = { allOf: [{ $ref: "#/components/schemas/P" }, whose({ const: "a" })] };
    expect(typeOf("A", { P, A })).toBe('Omit<components["schemas"]["P"], "kind"> & { kind?: "a"; } & { kind: "a"; }');
  });

  const P = { ...whose({ type: "string" }), discriminator: { propertyName: "kind", mapping: { a: "#/components/schemas/A" } } };
  const R = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const M = { type: "object", properties: { m: {} } };

  test.each<[string, string, Record<string, object>, string]>([
    [
      "behind a part that tells nothing is there all the same",
      "A",
      { P, M, A: { allOf: [R("M"), R("P")] } },
      'components["schemas"]["M"] & Omit<components["schemas"]["P"], "kind"> & { kind: "a"; }',
    ],
    [
      "that nobody maps is the name of the schema",
      "B",
      { P, A: { allOf: [R("P")] }, B: { allOf: [R("A"), M] } },
      'Omit<components["schemas"]["A"], "kind"> & { m?: unknown; } & { kind: "B"; }',
    ],
    [
      "of several parents is one of each",
      "A",
      { P, Q: { ...whose({ enum: [1, 2] }), discriminator: { propertyName: "n" } }, A: { allOf: [R("P"), R("Q")] } },
      'Omit<components["schemas"]["P"], "kind"> & Omit<components["schemas"]["Q"], "n"> & { kind: "a"; } & { n: "A"; }',
    ],
    [
      "of a schema that is described where it is used stays",
      "A",
      { P, A: { type: "object", properties: { p: { description: "d", allOf: [R("P")] }, q: { allOf: [R("P"), M] } } } },
      '{ p?: components["schemas"]["P"]; q?: components["schemas"]["P"] & { m?: unknown; }; }',
    ],
    [
      "of a union stays, whatever is added to that",
      "A",
      { B: whose({}), U: { oneOf: [R("B")], discriminator: { propertyName: "kind" } }, A: { allOf: [R("U"), M] } },
      'components["schemas"]["U"] & { m?: unknown; }',
    ],
    [
      "of a parent that has it in a part is any text",
      "Q",
      { P, Q: { allOf: [R("P"), { ...whose({ type: "string" }), discriminator: { propertyName: "kind" } }] } },
      'Omit<components["schemas"]["P"], "kind"> & { kind?: string; } & { kind: string; }',
    ],
  ])("whose member is %s", (_fact, name, schemas, want) => {
    expect(typeOf(name, schemas)).toBe(want);
  });
});

describe("an operation", () => {
  const operation = (parts: object) => ({ paths: { "/a/{id}": { get: { operationId: "a", ...parts } } } });

  test.each<[string, object]>([
    ["without responses", operation({})],
    [
      "with parameters of a kind that there is not",
      operation({ parameters: [{ in: "body", name: "x" }, { name: "y" }, null, "z"] }),
    ],
    [
      "with the same parameter twice",
      operation({
        parameters: [
          { in: "query", name: "x" },
          { in: "query", name: "x" },
        ],
      }),
    ],
    ["with a parameter that is a schema", operation({ parameters: [{ $ref: "#/components/schemas/X" }] })],
    ["with a body that refers to nothing", operation({ requestBody: { $ref: "#/components/requestBodies/Gone" } })],
    [
      "with a response that refers to itself",
      operation({ responses: { 200: { $ref: "#/paths/~1a~1{id}/get/responses/200" } } }),
    ],
    [
      "with an extension among the responses",
      operation({ responses: { "x-note": "n", 200: { description: "OK" }, "2xx": {} } }),
    ],
    ["with a hash in its id", operation({ operationId: "a#b" })],
    ["with no id", { paths: { "/a": { get: {} } } }],
    ["with the id of another", { paths: { "/a": { get: { operationId: "a" }, put: { operationId: "a" } } } }],
    [
      "below a path item that refers to nothing",
      { paths: { "/a": { $ref: "#/components/pathItems/Gone" }, "x-b": 1, "/c": null } },
    ],
    ["in a document without paths", {}],
  ])("%s has types that compile", (_fact, document) => {
    expect(compileErrors([{ name: "schema.ts", text: typesOf(document) }])).toEqual([]);
  });

  test("that shares its id with a later one is typed in its place", () => {
    const text = typesOf({
      paths: {
        "/a": { get: { operationId: "same", responses: { 200: { description: "first" } } } },
        "/b": { get: { operationId: "same", responses: { 204: { description: "second" } } } },
      },
    });
    expect(text.match(/same: \{/g)).toHaveLength(1);
    expect(text.slice(text.indexOf("interface operations"))).toContain("second");
  });

  test("has the response that its response stands for", () => {
    const text = typesOf({
      ...operation({ responses: { 200: { $ref: "#/components/responses/A" } } }),
      components: { responses: { A: { $ref: "#/components/responses/B" }, B: { description: "It is B." } } },
    });
    expect(text).toContain('200: components["responses"]["A"]');
    expect(text.match(/@description It is B\./g)).toHaveLength(2);
  });

  test("has a status in the letters that openapi-fetch knows", () => {
    expect(typesOf(operation({ responses: { "4xx": { description: "Refused." } } }))).toContain('"4XX": {');
  });
});

describe("what the service calls", () => {
  const body = { requestBody: { required: true, content: { "application/json": { schema: { type: "string" } } } } };
  const query = {
    parameters: [{ in: "querystring", name: "q", content: { "application/json": { schema: { type: "integer" } } } }],
  };
  const item = { post: body, query, additionalOperations: { NOTIFY: { summary: "Tells." }, LINK: {} } };

  /** The type of a path item in the interface, without comments, what it does not have, and line ends. */
  const typed = (text: string, name: string) => {
    const source = new Project({ useInMemoryFileSystem: true }).createSourceFile("schema.ts", text);
    const type = source.getInterfaceOrThrow(name).getText();
    return type
      .replace(/\/\*\*[\s\S]*?\*\//g, "")
      .replace(/"?\w+"?\?: never;/g, "")
      .replace(/\s+/g, " ");
  };
  const WANT =
    '{ parameters: { }; post: { parameters: { }; requestBody: { content: { "application/json": string; }; }; responses: never; };' +
    " query: { parameters: { querystring?: { q?: number; }; }; responses: never; };" +
    " additionalOperations: { NOTIFY: { parameters: { }; responses: never; }; LINK: { parameters: { }; responses: never; }; }; };";

  test("has types by every method, under its own name", () => {
    const text = typesOf({ webhooks: { "new pet": item, "x-note": item } });
    expect(compileErrors([{ name: "schema.ts", text }])).toEqual([]);
    expect(typed(text, "webhooks")).toBe(`export interface webhooks { "new pet": ${WANT} }`);
  });

  test("has types under the operation that leads to it", () => {
    const reference = { $ref: "#/components/callbacks/Data" };
    const text = typesOf({
      paths: { "/a": { post: { operationId: "subscribe", responses: {}, callbacks: { onData: reference } } } },
      components: { callbacks: { Data: { "{$url}#a": item, "x-note": item } } },
    });
    expect(compileErrors([{ name: "schema.ts", text }])).toEqual([]);
    expect(typed(text, "callbacks")).toBe(`export interface callbacks { subscribe: { onData: { "{$url}#a": ${WANT} }; }; }`);
  });

  test("is not declared where there is nothing", () => {
    expect(typesOf({})).not.toMatch(/webhooks|callbacks/);
  });
});
