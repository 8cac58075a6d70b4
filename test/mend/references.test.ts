import { describe, expect, test } from "vitest";
import { mended, operation, schema } from "./support.js";

const R = (name: string, kind = "schemas") => ({ $ref: `#/components/${kind}/${name}` });

describe("a reference", () => {
  test.each<[string, object, string, unknown, string[]]>([
    [
      "to no schema allows anything",
      schema(R("Gone")),
      "/components/schemas/A",
      {},
      ['dangling-reference: "#/components/schemas/Gone" leads to no schema; anything is allowed'],
    ],
    [
      "to no response is any answer",
      operation({ responses: { 200: R("Gone", "responses") } }),
      "/paths/~1a/get/responses/200/content",
      { "*/*": {} },
      ['dangling-reference: "#/components/responses/Gone" leads to no response; anything is allowed'],
    ],
    [
      "to no parameter is left out",
      operation({ parameters: [R("Gone", "parameters")] }),
      "/paths/~1a/get/parameters",
      [],
      ['dangling-reference: "#/components/parameters/Gone" leads to no parameter; it is left out'],
    ],
    [
      "to another kind leads nowhere",
      schema(R("P", "parameters"), {}),
      "/components/schemas/A",
      {},
      ['dangling-reference: "#/components/parameters/P" leads to no schema; anything is allowed'],
    ],
    [
      "that is itself allows anything",
      schema(R("A")),
      "/components/schemas/A",
      {},
      ['reference-cycle: "#/components/schemas/A" leads to nothing but itself; anything is allowed'],
    ],
    [
      "of two to each other allows anything",
      schema(R("B"), { B: R("A") }),
      "/components/schemas/A",
      {},
      [
        'reference-cycle: "#/components/schemas/B" leads to nothing but itself; anything is allowed',
        'reference-cycle: "#/components/schemas/A" leads to nothing but itself; anything is allowed',
      ],
    ],
    [
      "to a schema for a body is its schema",
      operation({ requestBody: R("A") }, schema({})),
      "/paths/~1a/get/requestBody",
      { content: { "application/json": { schema: R("A") } } },
      [
        'misplaced-reference: "#/components/schemas/A" leads to a schema, not to a request body; it is taken for the schema of the body',
      ],
    ],
    [
      "where there can be none is put in its place",
      { paths: { "/a": { get: { $ref: "#/x-get" } } }, "x-get": { operationId: "a" } },
      "/paths/~1a/get",
      { operationId: "a" },
      ['misplaced-reference: a reference cannot stand for "get"; what "#/x-get" leads to is put in its place'],
    ],
    [
      "of a path item is followed",
      {
        paths: { "/a": { $ref: "#/components/pathItems/P" } },
        components: { pathItems: { P: { get: { operationId: "a" } } } },
      },
      "/paths/~1a",
      { get: { operationId: "a" } },
      [],
    ],
    [
      "deep into a schema is one to a component",
      schema({ properties: { b: { type: "string" } } }, { C: { $ref: "#/components/schemas/A/properties/b" } }),
      "/components/schemas/C",
      R("A.properties.b"),
      [],
    ],
    [
      "through another arrives",
      schema({ properties: { b: { type: "string" } } }, { B: R("A"), C: { $ref: "#/components/schemas/B/properties/b" } }),
      "/components/schemas/B.properties.b",
      { type: "string" },
      [],
    ],
    [
      "by an anchor arrives",
      schema({ $anchor: "here", type: "string" }, { C: { $ref: "#here" } }),
      "/components/schemas/C",
      R("A"),
      [],
    ],
    [
      "to a schema where properties belong means its properties",
      schema({ properties: R("B") }, { B: { type: "object", properties: { b: { type: "string" } } } }),
      "/components/schemas/A",
      { properties: { b: { type: "string" } } },
      ['misplaced-reference: "#/components/schemas/B" leads to a schema; its properties are put in the place of the reference'],
    ],
    [
      "to the definitions of its own schema arrives",
      schema({ $defs: { D: { type: "string" } }, properties: { d: { $ref: "#/$defs/D" } } }),
      "/components/schemas/A.D",
      { type: "string" },
      [],
    ],
    [
      "to a part of its own schema arrives",
      schema({ properties: { d: { properties: { e: { $ref: "#/properties/d" } } } } }),
      "/components/schemas/A.properties.d",
      { properties: { e: R("A.properties.d") } },
      [],
    ],
    [
      "in an example is none",
      schema({ example: { $ref: "#/nowhere" }, enum: [{ $ref: "#/nowhere" }] }),
      "/components/schemas/A/example",
      { $ref: "#/nowhere" },
      [],
    ],
    [
      "has nothing beside it but words",
      operation(
        { parameters: [{ ...R("P", "parameters"), required: false, description: "d" }] },
        { components: { parameters: { P: { name: "p", in: "query", required: true } } } },
      ),
      "/paths/~1a/get/parameters/0",
      { ...R("P", "parameters"), description: "d" },
      ['unknown-member: beside a reference "required" means nothing; it is left out'],
    ],
    [
      "to a parameter that is left out is left out",
      operation({ parameters: [R("P", "parameters")] }, { components: { parameters: { P: { in: "query" } } } }),
      "/paths/~1a/get/parameters",
      [],
      ["parameter: a parameter has no name; it is left out"],
    ],
  ])("%s", (_fact, document, pointer, value, said) => {
    const result = mended(document, pointer);
    expect(result.value).toEqual(value);
    expect(result.said.toSorted()).toEqual(said.toSorted());
  });
});

describe("a schema that is made of itself", () => {
  test("as a child of a parent that lists it has what the parent says of itself", () => {
    const parent = { type: "object", properties: { kind: {} }, oneOf: [R("B")] };
    const { value, said } = mended(
      schema(parent, { B: { allOf: [R("A"), { properties: { b: {} } }] } }),
      "/components/schemas/B",
    );
    expect(value).toEqual({ allOf: [{ type: "object", properties: { kind: {} } }, { properties: { b: {} } }] });
    expect(said).toEqual([
      'reference-cycle: "A" lists "B" among what it is one of; of "A" only what it says of itself is taken here',
    ]);
  });

  test("in a long chain is found without end", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`S${index}`, { allOf: [R(`S${(index + 1) % 5000}`)] }]),
    );
    expect(mended({ components: { schemas: chain } }).said).toHaveLength(1);
  });

  test("in a property is right", () => {
    expect(mended(schema({ properties: { next: R("A") }, additionalProperties: R("A") })).said).toEqual([]);
  });
});
