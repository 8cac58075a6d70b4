import { expect, test } from "vitest";
import { mended, operation, schema } from "./support.js";

test.each<[string, object, string, unknown, string[]]>([
  [
    "a text of true is true",
    operation({ deprecated: "true" }),
    "/paths/~1a/get/deprecated",
    true,
    ['"deprecated" is a text where true or false belongs; it is taken for one'],
  ],
  [
    "a number is a text",
    { info: { title: "A", version: 1.5 } },
    "/info/version",
    "1.5",
    ['"version" is the number 1.5 where a text belongs; it is taken for one'],
  ],
  [
    "lines are a text",
    { info: { description: ["a", "b"] } },
    "/info/description",
    "a\nb",
    ['"description" is a list where a text belongs; it is taken for one'],
  ],
  [
    "an empty list is an empty map",
    operation({ responses: [] }),
    "/paths/~1a/get/responses",
    {},
    ['"responses" is a list where a map belongs; it is taken for one'],
  ],
  [
    "a list of what has names is a map of it",
    schema({ properties: [{ name: "b", type: "string" }] }),
    "/components/schemas/A/properties",
    { b: { type: "string" } },
    ['"properties" is a list where a map belongs; it is taken for one'],
  ],
  [
    "a single item is a list of one",
    operation({ tags: "x" }),
    "/paths/~1a/get/tags",
    ["x"],
    ['"tags" is a text where a list belongs; it is taken for one'],
  ],
  [
    "a single parameter is a list of one",
    operation({ parameters: { name: "p", in: "query" } }),
    "/paths/~1a/get/parameters",
    [{ name: "p", in: "query" }],
    ['"parameters" is a map where a list belongs; it is taken for one'],
  ],
  [
    "nothing is left out",
    operation({ summary: null }),
    "/paths/~1a/get/summary",
    undefined,
    ['"summary" is empty where a text belongs; it is left out'],
  ],
  [
    "a path that is nothing is left out",
    { paths: { "/a": null } },
    "/paths",
    {},
    ['"/a" is empty where a map belongs; it is left out'],
  ],
  [
    "an operation that is nothing is there all the same",
    { paths: { "/a": { get: null } } },
    "/paths/~1a/get",
    { operationId: "getA" },
    ['"get" is empty where a map belongs; it is taken for one'],
  ],
  [
    "a media type that is nothing is a media type",
    operation({ responses: { 200: { description: "A", content: { "text/plain": null } } } }),
    "/paths/~1a/get/responses/200/content",
    { "text/plain": {} },
    ['"text/plain" is empty where a map belongs; it is taken for one'],
  ],
  [
    "a response that is nothing has no body",
    operation({ responses: { 204: null } }),
    "/paths/~1a/get/responses",
    { 204: {} },
    ['"204" is empty where a map belongs; it is taken for one'],
  ],
  [
    "a schema that is nothing allows anything",
    schema(null),
    "/components/schemas/A",
    {},
    ['"A" is empty where a schema belongs; anything is allowed'],
  ],
  [
    "a text for a schema is its type",
    schema({ items: "string" }),
    "/components/schemas/A/items",
    { type: "string" },
    ['"items" is a text where a schema belongs; it is taken for one'],
  ],
  [
    "items by their positions have their keyword",
    schema({ type: "array", items: [{ type: "string" }] }),
    "/components/schemas/A/prefixItems",
    [{ type: "string" }],
    ['"items" is one schema, not a list; it is taken for "prefixItems"'],
  ],
  [
    "items behind those by their positions have theirs",
    schema({ type: "array", items: [{ type: "string" }], additionalItems: { type: "integer" } }),
    "/components/schemas/A",
    { type: "array", prefixItems: [{ type: "string" }], items: { type: "integer" } },
    ['"items" is one schema, not a list; it is taken for "prefixItems"'],
  ],
  [
    "a property that is required is required of its schema",
    schema({ properties: { b: { required: true }, c: { required: false } } }),
    "/components/schemas/A",
    { properties: { b: {}, c: {} }, required: ["b"] },
    [
      '"required" is a list, in the schema that holds the property; it is listed there',
      '"required" is a list, in the schema that holds the property; it is left out',
    ],
  ],
  [
    "a tag that is a text has it for a name",
    { tags: ["x"] },
    "/tags",
    [{ name: "x" }],
    ['item 0 of "tags" is a text where a map belongs; it is taken for one'],
  ],
])("%s", (_fact, document, pointer, value, said) => {
  const result = mended(document, pointer);
  expect(result.value).toEqual(value);
  expect(result.said.filter((one) => !one.startsWith("operation-id"))).toEqual(said.map((message) => `wrong-kind: ${message}`));
});

test.each(["example", "default", "const", "x-anything"])("%s holds anything", (keyword) => {
  const data = { type: 7, $ref: "#/nowhere", required: true, properties: null };
  expect(mended(schema({ [keyword]: data })).said).toEqual([]);
});

test("what stands behind something left out keeps its place", () => {
  const text = [
    "openapi: 3.1.0",
    "paths:",
    "  /a:",
    "    get:",
    "      operationId: a",
    "      parameters:",
    "        - 7",
    "        - {name: p, in: Query}",
  ].join("\n");
  const { value, said } = mended(text, "/paths/~1a/get/parameters");
  expect(value).toEqual([{ name: "p", in: "query" }]);
  expect(said).toHaveLength(2);
});
