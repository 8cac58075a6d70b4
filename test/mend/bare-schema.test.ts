import { expect, test } from "vitest";
import { mended, operation } from "./support.js";

const parameter = (stated: object) => operation({ parameters: [{ name: "p", in: "query", ...stated }] });
const response = (stated: object) => operation({ responses: { 200: { description: "A", ...stated } } });
const [PARAMETER, RESPONSE] = ["/paths/~1a/get/parameters/0", "/paths/~1a/get/responses/200"];

test.each<[string, object, string, unknown, string[]]>([
  [
    "of a parameter is its schema",
    parameter({ type: "array", items: { type: "string" }, maxItems: 3, required: true, collectionFormat: "pipes" }),
    PARAMETER,
    {
      ...{ name: "p", in: "query", required: true, style: "pipeDelimited", explode: false },
      schema: { type: "array", items: { type: "string" }, maxItems: 3 },
    },
    [
      '"type" and "items" and "maxItems" belong in a schema; they are taken for that',
      '"collectionFormat" is Swagger\'s; it is taken for the style that it means',
    ],
  ],
  [
    "that names what it requires takes that along",
    parameter({ properties: { a: {} }, required: ["a"] }),
    PARAMETER,
    { name: "p", in: "query", schema: { properties: { a: {} }, required: ["a"] } },
    ['"properties" and "required" belong in a schema; they are taken for that'],
  ],
  [
    "beside a schema means nothing",
    parameter({ schema: { type: "string" }, type: "integer" }),
    PARAMETER,
    { name: "p", in: "query", schema: { type: "string" } },
    ['"type" is no member of a parameter in OpenAPI; it is left out'],
  ],
  [
    "of a header is its schema",
    response({ headers: { A: { type: "integer" } } }),
    `${RESPONSE}/headers/A`,
    { schema: { type: "integer" } },
    ['"type" belongs in a schema; it is taken for that'],
  ],
  [
    "of a media type is its schema",
    response({ content: { "text/plain": { type: "string" } } }),
    `${RESPONSE}/content`,
    { "text/plain": { schema: { type: "string" } } },
    ['"type" belongs in a schema; it is taken for that'],
  ],
  [
    "of a response is that of its body",
    response({ type: "string" }),
    RESPONSE,
    { description: "A", content: { "application/json": { schema: { type: "string" } } } },
    ['"type" belongs in the schema of a body, which is taken to be JSON; it is taken for that'],
  ],
  [
    "as Swagger's responses have it is that of the body",
    response({ schema: { type: "string" } }),
    `${RESPONSE}/content`,
    { "application/json": { schema: { type: "string" } } },
    ['"schema" belongs in the media type of a body, which is taken to be JSON; it is taken for that'],
  ],
  [
    "under a media type without content is that of the body",
    operation({ requestBody: { required: true, "text/plain": { schema: { type: "string" } } } }),
    "/paths/~1a/get/requestBody",
    { required: true, content: { "text/plain": { schema: { type: "string" } } } },
    ['"text/plain" belongs in content; it is taken for that'],
  ],
])("a schema %s", (_fact, document, pointer, value, said) => {
  const result = mended(document, pointer);
  expect(result.value).toEqual(value);
  expect(result.said.toSorted()).toEqual(said.map((message) => `unknown-member: ${message}`).toSorted());
});

test("content that is a schema is of JSON", () => {
  const { value, said } = mended(response({ content: { schema: { type: "string" } } }), `${RESPONSE}/content`);
  expect(value).toEqual({ "application/json": { schema: { type: "string" } } });
  expect(said).toContain('media-type: "schema" is no media type; it is taken for application/json');
});

test("a list in Swagger's form has its items", () => {
  const field = { name: "f", in: "formData", type: "array", items: { type: "integer" } };
  const { value } = mended(
    operation({ parameters: [field] }),
    "/paths/~1a/get/requestBody/content/multipart~1form-data/schema",
  );
  expect(value).toEqual({ type: "object", required: [], properties: { f: { type: "array", items: { type: "integer" } } } });
});
