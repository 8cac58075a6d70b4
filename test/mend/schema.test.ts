import { expect, test } from "vitest";
import { mended, schema } from "./support.js";

test.each<[string, object, unknown, string[]]>([
  [
    "of another language is what it means",
    { type: "int" },
    { type: "integer" },
    ['schema-type: "int" is no type; it is taken for "integer"'],
  ],
  [
    "with capitals is what it means",
    { type: "String" },
    { type: "string" },
    ['schema-type: "String" is no type; it is taken for "string"'],
  ],
  [
    "of Swagger is what it means",
    { type: "file" },
    { type: "string", format: "binary" },
    ['schema-type: "file" is no type; it is taken for "string"'],
  ],
  ["that is nothing is null", { type: null }, { type: "null" }, ['schema-type: empty is no type; it is taken for "null"']],
  [
    "that is a component is a reference to it",
    { type: "B" },
    { $ref: "#/components/schemas/B" },
    ['schema-type: "B" is no type; it is taken for "#/components/schemas/B"'],
  ],
  ["that nobody knows allows any", { type: "blob" }, {}, ['schema-type: "blob" is no type; any is allowed']],
  [
    "in a list that nobody knows allows any",
    { type: ["string", "blob"] },
    {},
    ['schema-type: "string" and "blob" are not all types; those that are none are left out'],
  ],
])("a type %s", (_fact, given, value, said) => {
  const result = mended(schema(given, { B: {} }), "/components/schemas/A");
  expect(result).toEqual({ value, said });
});

test.each<[string, object, unknown, string[]]>([
  ["an empty enum is none", { enum: [] }, {}, ["enum-value: an empty enum allows nothing; it is left out"]],
  [
    "an enum of texts that spell numbers is one of numbers",
    { type: ["integer", "null"], enum: ["0", "1", 1, "-2", null] },
    { type: ["integer", "null"], enum: [0, 1, -2, null] },
    ['enum-value: these are not all of the type "integer"; they are taken for what they spell'],
  ],
  [
    "an enum of numbers and truths beside texts is one of texts",
    { type: "string", enum: ["a", 1, true] },
    { type: "string", enum: ["a", "1", "true"] },
    ['enum-value: these are not all of the type "string"; they are taken for what they spell'],
  ],
  [
    "an enum of texts that spell truths is one of these",
    { type: "boolean", enum: ["true", "false"] },
    { type: "boolean", enum: [true, false] },
    ['enum-value: these are not all of the type "boolean"; they are taken for what they spell'],
  ],
  ...[
    { type: "integer", enum: ["up", "1"] },
    { type: "integer", enum: ["9007199254740993"] },
    { type: "number", enum: [1.5, 1e300] },
    { type: ["string", "integer"], enum: ["1", 2] },
    { type: "object", enum: ["1"] },
    { type: "array", enum: [["a"]] },
    { enum: ["1", 2, true] },
  ].map((kept): [string, object, unknown, string[]] => [`the enum of ${JSON.stringify(kept)} stays`, kept, kept, []]),
  [
    "an enum of a list is that of its items",
    { type: "array", enum: [1, "2"], items: { type: "string", maxLength: 1 } },
    { type: "array", items: { type: "string", maxLength: 1, enum: ["1", "2"] } },
    [
      "enum-value: the values of a list are lists, and these are none; they are taken for those of its items",
      'enum-value: these are not all of the type "string"; they are taken for what they spell',
    ],
  ],
  [
    "an enum of a list whose items have one is left out",
    { type: "array", enum: ["a"], items: { enum: ["b"] } },
    { type: "array", items: { enum: ["b"] } },
    ["enum-value: the values of a list are lists, and these are none; they are left out"],
  ],
  ...(["anyOf", "oneOf"] as const).flatMap((keyword) =>
    [{ nullable: true }, { type: "object", nullable: true, description: "d" }].map(
      (part): [string, object, unknown, string[]] => {
        const { nullable: _nullable, ...words } = part;
        return [
          `${keyword} of a reference and ${JSON.stringify(part)} is what that leads to, or null`,
          { [keyword]: [part, { $ref: "#/components/schemas/B" }] },
          { [keyword]: [{ ...words, type: "null" }, { $ref: "#/components/schemas/B" }] },
          ["nullable: beside the others this alternative is there for null, and allows more; it is taken for null alone"],
        ];
      },
    ),
  ),
  [
    "a part that allows null allows it of the whole",
    { allOf: [{ $ref: "#/components/schemas/B" }, { type: "object", nullable: true, description: "d" }] },
    { allOf: [{ $ref: "#/components/schemas/B" }, { description: "d" }], nullable: true },
    ["nullable: null that one part allows is not allowed by the others; it is taken for allowed"],
  ],
  ...[
    { anyOf: [{ type: "string" }, { type: "object", nullable: true }] },
    { anyOf: [{ $ref: "#/components/schemas/B" }, { type: "object", nullable: true, additionalProperties: true }] },
    { anyOf: [{ $ref: "#/components/schemas/B" }, { type: "string", nullable: true }] },
    { anyOf: [{ $ref: "#/components/schemas/B" }, { type: "object" }] },
  ].map((kept): [string, object, unknown, string[]] => [`alternatives stay ${JSON.stringify(kept)}`, kept, kept, []]),
  [
    "a name that is described nowhere is not demanded",
    { type: "object", required: ["a", "b"], properties: { a: {} } },
    { type: "object", required: ["a"], properties: { a: {} } },
    ['required-member: "b" is required and described nowhere; it is not demanded'],
  ],
  [
    "a name that a part describes is demanded",
    { required: ["b"], allOf: [{ $ref: "#/components/schemas/B" }] },
    { required: ["b"], allOf: [{ $ref: "#/components/schemas/B" }] },
    [],
  ],
  [
    "a name among any is demanded",
    { type: "object", required: ["b"], additionalProperties: true },
    { type: "object", required: ["b"], additionalProperties: true },
    [],
  ],
  [
    "a discriminator in one word names the property",
    { discriminator: "kind" },
    { discriminator: { propertyName: "kind" } },
    ['wrong-kind: "discriminator" is a text where a map belongs; it is taken for one'],
  ],
  [
    "a discriminator without a name is none",
    { discriminator: { mapping: {} } },
    {},
    ["discriminator: a discriminator without a propertyName tells nothing apart; it is left out"],
  ],
  [
    "a discriminator maps to schemas that there are",
    { discriminator: { propertyName: "k", mapping: { a: "B", b: "#/components/schemas/B", c: "Gone" } } },
    { discriminator: { propertyName: "k", mapping: { a: "B", b: "#/components/schemas/B" } } },
    ['discriminator: "Gone" leads to no schema; it is left out'],
  ],
])("%s", (_fact, given, value, said) => {
  const result = mended(schema(given, { B: { properties: { b: {} } } }), "/components/schemas/A");
  expect(result).toEqual({ value, said });
});
