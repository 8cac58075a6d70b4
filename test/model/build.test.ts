import { describe, expect, test, vi } from "vitest";
import { modelOf } from "../support/render-document.js";

const ok = { responses: { 200: { description: "OK." } } };

const documentOf = (operation: object, more: object = {}) => ({
  openapi: "3.1.0",
  info: { title: "Example", version: "1" },
  paths: { "/things": { post: { operationId: "make", ...ok, ...operation } } },
  ...more,
});

const exampleOf = (operation: object, more?: object) => modelOf(documentOf(operation, more)).operations[0]?.example;

describe("an example call", () => {
  test("is made up in silence, whatever the types of parts that contradict each other", () => {
    const warn = vi.spyOn(console, "warn");
    const schema = { allOf: [{ type: "object" }, { type: "array", items: {} }] };
    const requestBody = { required: true, content: { "application/json": { schema } } };
    expect(exampleOf({ requestBody })).toHaveProperty("body");
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test("has the parameters that a caller must write, with the document's examples", () => {
    const parameters = [
      { in: "path", name: "id", required: true, schema: { type: "string" }, example: "a1" },
      { in: "query", name: "page", schema: { type: "integer" } },
      { in: "query", name: "sort", required: true, schema: { enum: ["up", "down"] } },
      { in: "header", name: "X-Id", required: true, schema: { type: "string" }, "x-fill": { uuid: "v4" } },
    ];
    const paths = { "/things/{id}": { post: { operationId: "make", ...ok, parameters } } };
    expect(exampleOf({}, { paths })).toEqual({ params: { path: { id: "a1" }, query: { sort: "up" } } });
  });

  test.each<[string, object, unknown]>([
    ["of the media type", { example: { a: 1 }, schema: { example: { a: 2 } } }, { a: 1 }],
    ["the first of several", { examples: { one: { value: { a: 1 } }, two: { value: { a: 2 } } } }, { a: 1 }],
    ["of the schema", { schema: { type: "object", examples: [{ a: 3 }] } }, { a: 3 }],
    [
      "made of what is required",
      { schema: { type: "object", required: ["a"], properties: { a: { type: "string" }, b: { type: "string" } } } },
      { a: "…" },
    ],
  ])("has the body %s", (_where, media, body) => {
    const requestBody = { required: true, content: { "application/json": media } };
    expect(exampleOf({ requestBody })).toEqual({ params: undefined, body });
  });

  test.each<[string, object, unknown]>([
    ["that is required", { schema: { type: "object" } }, "…"],
    ["of which the document has it taken apart", { example: { a: 1 } }, "…"],
    ["of which the document has an example", { schema: { example: "<a/>" } }, "<a/>"],
  ])("has a text for a body of XML %s", (_which, media, body) => {
    expect(exampleOf({ requestBody: { required: true, content: { "application/xml": media } } })?.body).toBe(body);
  });

  test.each<[object, unknown]>([
    [{ schema: { type: "string", example: "of the schema" } }, "of the schema"],
    [{ schema: { type: "object" }, example: { q: 1 } }, { q: 1 }],
    [{ schema: {} }, "…"],
  ])("has of a parameter that is a media type what that says", (media, value) => {
    const parameters = [{ in: "query", name: "by", required: true, content: { "application/json": media } }];
    expect(exampleOf({ parameters })?.params).toEqual({ query: { by: value } });
  });

  test("has of an example what fits, something made up where nothing does, and the example where nothing is to be made up", () => {
    const schema = { type: "object", required: ["a"], properties: { a: { type: "string", enum: ["x"] }, b: {} } };
    const bodyOf = (media: object) =>
      exampleOf({ requestBody: { required: true, content: { "application/json": media } } })?.body;
    expect(bodyOf({ schema, example: { a: "x", c: 1 } })).toEqual({ a: "x" });
    expect(bodyOf({ schema, example: { a: "y" } })).toEqual({ a: "x" });
    expect(bodyOf({ schema: { type: "string", enum: [] }, example: "y" })).toBe("y");
  });

  test("has of a long body what is required", () => {
    const long = { name: "n", note: "x".repeat(600) };
    const schema = { allOf: [{ type: "object", required: ["name"] }] };
    expect(exampleOf({ requestBody: { content: { "application/json": { schema, example: long } } } })?.body).toEqual({
      name: "n",
    });
  });

  test("has no body where the document gives no example and asks for none", () => {
    expect(exampleOf({ requestBody: { content: { "application/json": { schema: { type: "object" } } } } })).toEqual({});
  });

  test("survives a reference to nothing", () => {
    const requestBody = {
      required: true,
      content: { "application/json": { schema: { properties: { a: { $ref: "#/gone" } }, required: ["a"] } } },
    };
    expect(exampleOf({ requestBody })?.body).toEqual({ a: null });
  });
});

describe("an operation", () => {
  test("says what the document says of it", () => {
    const [operation] = modelOf(
      documentOf({ summary: " Make ", tags: ["a"], deprecated: true, externalDocs: { url: "https://example.com/a b" } }),
    ).operations;
    expect(operation).toMatchObject({
      summary: "Make",
      tag: "a",
      deprecated: true,
      documentation: { url: "https://example.com/a%20b" },
    });
  });

  test.each(["javascript:alert(1)", "not an address", "", 7])("links to no %j", (url) => {
    expect(modelOf(documentOf({ externalDocs: { url } })).operations[0]).not.toHaveProperty("documentation");
  });
});

describe("a renamed operation", () => {
  const content = documentOf(
    { operationId: "renew" },
    {
      components: {
        securitySchemes: {
          token: {
            type: "http",
            scheme: "bearer",
            "x-token-lifecycle": {
              obtain: { steps: [{ stepId: "a", operationId: "renew" }] },
              revoke: { operationId: "renew" },
            },
          },
        },
      },
    },
  );

  test("goes by its new name wherever the lifecycle calls it", () => {
    const { definition } = modelOf(content);
    expect(Object.keys(definition.operations)).toEqual(["renew_"]);
    expect(definition.securitySchemes["token"]).toMatchObject({
      obtain: { steps: [{ operationId: "renew_" }] },
      revoke: { operationId: "renew_", ends: ["refreshToken", "accessToken"] },
    });
  });
});

describe("inputs", () => {
  const inputs = (properties: object) => {
    const lifecycle = { inputs: { type: "object", required: ["a"], properties }, apply: "$inputs.a" };
    const securitySchemes = { key: { type: "apiKey", in: "header", name: "K", "x-token-lifecycle": lifecycle } };
    return modelOf(documentOf({}, { components: { securitySchemes } })).inputs;
  };

  test.each([
    [{ type: "string" }, { kind: "primitive", name: "string" }],
    [{ type: "integer" }, { kind: "primitive", name: "number" }],
    [{ type: "boolean" }, { kind: "primitive", name: "boolean" }],
    [{ enum: ["x", 1, true] }, { kind: "values", values: ["x", 1, true] }],
    [{ const: "x" }, { kind: "values", values: ["x"] }],
    [{ enum: [] }, { kind: "primitive", name: "string" }],
    [{ enum: [{ a: 1 }] }, { kind: "primitive", name: "string" }],
    [{}, { kind: "primitive", name: "string" }],
  ])("of the schema %j are of the type %j", (schema, type) => {
    expect(inputs({ a: schema })[0]?.type).toEqual(type);
  });

  test("say which schemes need them", () => {
    expect(inputs({ a: { description: "An A." }, b: {} })).toMatchObject([
      { name: "a", description: "An A.", requiredBy: ["key"] },
      { name: "b", requiredBy: [] },
    ]);
  });
});
