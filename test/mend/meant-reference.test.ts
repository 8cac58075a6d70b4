import { describe, expect, test } from "vitest";
import { mended, operation, schema } from "./support.js";

const R = (name: string, kind = "schemas") => ({ $ref: `#/components/${kind}/${name}` });

describe("a reference that leads nowhere", () => {
  test.each([
    "#/definitions/User",
    "#/schemas/User",
    "#/components/schema/User",
    "#/components/schemas/User/",
    "#/components/schemas/user",
    "#components/schemas/User",
    "components/schemas/User",
    "#\\components\\schemas\\User",
    "User",
  ])("as %s does leads to the component that it is written for", ($ref) => {
    const { value, said } = mended(schema({ $ref }, { User: {} }), "/components/schemas/A");
    expect(value).toEqual(R("User"));
    expect(said.at(-1)).toBe(`dangling-reference: "${$ref}" leads to no schema; it is taken for "#/components/schemas/User"`);
  });

  test.each([
    "#/definitions/Gone",
    "#/parameters/User",
    "#/components/schemas/Gone/properties/User",
    "user.yaml#/User",
    "#/definitions/lists",
  ])("as %s does leads to none", ($ref) => {
    const { value } = mended(schema({ $ref }, { User: {}, Lists: {}, LISTS: {} }), "/components/schemas/A");
    expect(value).toEqual({});
  });

  test("leads to a component of the kind that belongs in its place", () => {
    const components = {
      parameters: { P: { name: "p", in: "query" } },
      responses: { P: { description: "" } },
      schemas: { P: {} },
    };
    const document = operation({ parameters: [{ $ref: "#/parameters/P" }], responses: { 200: { $ref: "P" } } }, { components });
    expect(mended(document, "/paths/~1a/get")).toMatchObject({
      value: { parameters: [R("P", "parameters")], responses: { 200: R("P", "responses") } },
    });
  });

  test("from a discriminator leads to the schema that it is written for", () => {
    const given = { discriminator: { propertyName: "k", mapping: { u: "#/definitions/User" } } };
    const { value, said } = mended(schema(given, { User: {} }), "/components/schemas/A/discriminator/mapping");
    expect(value).toEqual({ u: "#/components/schemas/User" });
    expect(said).toHaveLength(1);
  });

  test("with its percent signs read leads where it leads with them as they are", () => {
    const { value, said } = mended(
      { components: { schemas: { "Pick_%22a%22": { type: "string" }, A: R("B"), B: R("Pick_%22a%22") } } },
      "/components/schemas",
    );
    expect(value).toMatchObject({ A: R("B"), B: R("Pick_%2522a%2522") });
    expect(said).toHaveLength(1);
  });
});

describe("a reference to another kind of component", () => {
  const RESPONSE = { description: "d", content: { "application/json": { schema: { type: "integer" } } } };

  test.each<[string, object, object, string, unknown, string]>([
    [
      "that is a response for all that",
      operation({ responses: { 200: R("X") } }),
      { schemas: { X: RESPONSE } },
      "/paths/~1a/get/responses/200",
      RESPONSE,
      '"#/components/schemas/X" leads to a response that stands among the schemas; it is taken for one',
    ],
    [
      "that is a parameter for all that",
      operation({ parameters: [R("X")] }),
      { schemas: { X: { name: "x", in: "query" } } },
      "/paths/~1a/get/parameters",
      [{ name: "x", in: "query" }],
      '"#/components/schemas/X" leads to a parameter that stands among the schemas; it is taken for one',
    ],
    [
      "that has a body, from a body",
      operation({ requestBody: R("X", "responses"), responses: {} }),
      { responses: { X: RESPONSE } },
      "/paths/~1a/get/requestBody",
      RESPONSE,
      '"#/components/responses/X" leads to a request body that stands among the responses; it is taken for one',
    ],
    [
      "that has a schema, from a schema",
      { paths: {} },
      { responses: { X: RESPONSE }, schemas: { A: R("X", "responses") } },
      "/components/schemas",
      {
        A: R("X.content.application_json.schema"),
        "X.content.application_json.schema": { type: "integer" },
      },
      '"#/components/responses/X" leads to no schema, but to what has one; that one is taken',
    ],
  ])("%s is taken for that", (_what, document, components, pointer, value, message) => {
    const result = mended({ ...document, components }, pointer);
    expect(result.value).toEqual(value);
    expect(result.said).toContain(`misplaced-reference: ${message}`);
  });
});
