import { describe, expect, test } from "vitest";
import { changes, operation } from "./support.js";

const EMPTY = `openapi: 3.1.0
info: { title: Test, version: "1" }
paths: {}
`;

/** A document with these paths. */
function paths(text: string): string {
  return EMPTY.replace("paths: {}", `paths: ${text}`);
}

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly want: readonly string[];
}

const GET_A = "{ operationId: getA, responses: {} }";

const OPERATIONS: readonly Case[] = [
  {
    name: "an operation that is gone, and one that is new",
    before: paths(`{ /a: { get: ${GET_A} } }`),
    after: paths("{ /b: { get: { operationId: getB, responses: {} } } }"),
    want: ["breaking getA: getA (GET /a) is gone", "safe getB: getB (GET /b) is new"],
  },
  {
    name: "an operation with another name",
    before: paths(`{ /a: { get: ${GET_A} } }`),
    after: paths("{ /a: { get: { operationId: readA, responses: {} } } }"),
    want: ["breaking readA: readA was called getA"],
  },
  {
    name: "an operation with another method and path",
    before: paths(`{ /a: { get: ${GET_A} } }`),
    after: paths(`{ /v2/a: { post: ${GET_A} } }`),
    want: ["breaking getA: getA is now POST /v2/a, and was GET /a"],
  },
  {
    name: "operations that changed places",
    before: paths("{ /a: { get: { operationId: x, responses: {} }, put: { operationId: y, responses: {} } } }"),
    after: paths("{ /a: { get: { operationId: y, responses: {} }, put: { operationId: x, responses: {} } } }"),
    want: ["breaking y: y is now GET /a, and was PUT /a", "breaking x: x is now PUT /a, and was GET /a"],
  },
  {
    name: "an operation without a name whose path parameter has another",
    before: paths('{ "/a/{id}": { get: { parameters: [{ name: id, in: path, required: true }], responses: {} } } }'),
    after: paths('{ "/a/{key}": { get: { parameters: [{ name: key, in: path, required: true }], responses: {} } } }'),
    want: [
      "breaking getAByKey: getAByKey is now GET /a/{key}, and was GET /a/{id}",
      "breaking getAByKey: getAByKey was called getAById",
      'breaking getAByKey: path parameter "id" is gone',
      'breaking getAByKey: path parameter "key" is new, and required',
    ],
  },
  {
    name: "a deprecation",
    before: operation("responses: {}"),
    after: operation("deprecated: true\nresponses: {}"),
    want: ["safe a: a is now deprecated"],
  },
  {
    name: "an operation of OpenAPI 3.2",
    before: paths("{ /a: { query: { operationId: q, responses: {} } } }").replace("3.1.0", "3.2.0"),
    after: paths("{ /a: { additionalOperations: { LINK: { operationId: q, responses: {} } } } }").replace("3.1.0", "3.2.0"),
    want: ["breaking q: q is now LINK /a, and was QUERY /a"],
  },
];

/** The parameters of the operation, before and after. */
const PARAMETERS: readonly Case[] = [
  { name: "one that is gone", before: "{ name: p, in: query }", after: "", want: ['breaking a: query parameter "p" is gone'] },
  { name: "one that is new", before: "", after: "{ name: p, in: query }", want: ['safe a: query parameter "p" is new'] },
  {
    name: "a required one that is new",
    before: "",
    after: "{ name: p, in: query, required: true }",
    want: ['breaking a: query parameter "p" is new, and required'],
  },
  {
    name: "a required one that is new and filled",
    before: "",
    after: "{ name: p, in: header, required: true, x-fill: { uuid: v4 } }",
    want: ['safe a: header parameter "p" is new, and filled'],
  },
  {
    name: "one that is now required",
    before: "{ name: p, in: query }",
    after: "{ name: p, in: query, required: true }",
    want: ['breaking a: query parameter "p" is now required'],
  },
  {
    name: "one that is no longer required",
    before: "{ name: p, in: query, required: true }",
    after: "{ name: p, in: query }",
    want: ['safe a: query parameter "p" is now optional'],
  },
  {
    name: "one that stands somewhere else",
    before: "{ name: p, in: query }",
    after: "{ name: p, in: header }",
    want: [
      'breaking a: query parameter "p" is now a header parameter',
      'risky a: header parameter "p" is written differently: style simple, and was style form, exploded',
    ],
  },
  {
    name: "one of another type",
    before: "{ name: p, in: query, schema: { type: string } }",
    after: "{ name: p, in: query, schema: { type: integer } }",
    want: ['breaking a: query parameter "p" is now integer, and was string'],
  },
  {
    name: "another style",
    before: "{ name: p, in: query, schema: { type: array } }",
    after: "{ name: p, in: query, explode: false, schema: { type: array } }",
    want: ['risky a: query parameter "p" is written differently: style form, and was style form, exploded'],
  },
  {
    name: "a style that is said, and was not",
    before: "{ name: p, in: query }",
    after: "{ name: p, in: query, style: form, explode: true }",
    want: [],
  },
  {
    name: "a media type",
    before: "{ name: p, in: query, schema: { type: object } }",
    after: "{ name: p, in: query, content: { application/json: { schema: { type: object } } } }",
    want: ['risky a: query parameter "p" is written differently: as application/json, and was style form, exploded'],
  },
  {
    name: "a fill",
    before: "{ name: p, in: header, required: true }",
    after: "{ name: p, in: header, required: true, x-fill: { uuid: v4 } }",
    want: ['safe a: header parameter "p" is now filled'],
  },
  {
    name: "a required one that is no longer filled",
    before: "{ name: p, in: header, required: true, x-fill: { uuid: v4 } }",
    after: "{ name: p, in: header, required: true }",
    want: ['breaking a: header parameter "p" is no longer filled, and required'],
  },
  {
    name: "another fill",
    before: "{ name: p, in: header, x-fill: x }",
    after: "{ name: p, in: header, x-fill: y }",
    want: ['risky a: header parameter "p" is now filled with something else'],
  },
  {
    name: "the case of a header",
    before: "{ name: X-Id, in: header }",
    after: "{ name: x-id, in: header }",
    want: [],
  },
  {
    name: "a deprecation",
    before: "{ name: p, in: query }",
    after: "{ name: p, in: query, deprecated: true }",
    want: ['safe a: query parameter "p" is now deprecated'],
  },
];

const BODIES: readonly Case[] = [
  {
    name: "a body that is new",
    before: "",
    after: "requestBody: { content: {} }",
    want: ["safe a: the request has a body now"],
  },
  {
    name: "a required body that is new",
    before: "",
    after: "requestBody: { required: true, content: {} }",
    want: ["breaking a: the request has a body now, which is required"],
  },
  {
    name: "a body that is gone",
    before: "requestBody: { content: {} }",
    after: "",
    want: ["breaking a: the request has no body any more"],
  },
  {
    name: "a body that is now required",
    before: "requestBody: { content: {} }",
    after: "requestBody: { required: true, content: {} }",
    want: ["breaking a: the request body is now required"],
  },
  {
    name: "another media type of a request",
    before: "requestBody: { content: { application/json: { schema: { type: string } } } }",
    after: "requestBody: { content: { application/xml: { schema: { type: integer } } } }",
    want: [
      "breaking a: request body is now application/xml, and was application/json",
      "breaking a: request body is now integer, and was string",
    ],
  },
  {
    name: "another order of media types",
    before: "requestBody: { content: { application/json: {}, application/xml: {} } }",
    after: "requestBody: { content: { application/xml: {}, application/json: {} } }",
    want: ["risky a: request bodies are sent as application/xml unless something else is said, and were as application/json"],
  },
  {
    name: "another encoding",
    before: "requestBody: { content: { multipart/form-data: { encoding: { a: { contentType: text/plain } } } } }",
    after: "requestBody: { content: { multipart/form-data: { encoding: { a: { contentType: text/csv } } } } }",
    want: ["risky a: parts of the request body are encoded differently"],
  },
  {
    name: "one more media type of a response",
    before: 'responses: { "200": { content: { application/json: {} } } }',
    after: 'responses: { "200": { content: { application/json: {}, text/csv: {} } } }',
    want: ["risky a: response body (200) may be text/csv as well"],
  },
  {
    name: "responses that came and went",
    before: 'responses: { "200": {}, "404": {}, 5xx: {} }',
    after: 'responses: { "201": {}, "409": {}, 5XX: {} }',
    want: [
      "breaking a: response 200 is gone",
      "risky a: response 404 is gone",
      "risky a: response 201 is new",
      "safe a: response 409 is new",
    ],
  },
  {
    name: "response headers",
    before: 'responses: { "200": { headers: { X-A: {}, X-B: {} } } }',
    after: 'responses: { "200": { headers: { x-b: {}, X-C: {} } } }',
    want: ['risky a: response header "X-A" (200) is gone', 'safe a: response header "X-C" (200) is new'],
  },
  {
    name: "a stream",
    before: 'responses: { "200": { content: { text/event-stream: { itemSchema: { properties: { a: {} } } } } } }',
    after: 'responses: { "200": { content: { text/event-stream: { itemSchema: { properties: { b: {} } } } } } }',
    want: ['breaking a: response member "a" is gone', 'safe a: response member "b" is new'],
  },
];

const SCHEMES = `components:
  securitySchemes:
    one: { type: http, scheme: bearer }
    two: { type: http, scheme: basic }
`;

const SECURITY: readonly Case[] = [
  {
    name: "credentials where none were needed",
    before: "security: []",
    after: "security: [{ one: [] }]",
    want: ["breaking a: credentials are required now: one"],
  },
  {
    name: "none where some were needed",
    before: "security: [{ one: [] }]",
    after: "security: [{ one: [] }, {}]",
    want: ["safe a: no credentials are required any more"],
  },
  {
    name: "others",
    before: "security: [{ one: [] }]",
    after: "security: [{ one: [], two: [] }]",
    want: ["breaking a: one will not do any more, but one and two"],
  },
  {
    name: "another alternative",
    before: "security: [{ one: [] }]",
    after: "security: [{ one: [] }, { two: [] }]",
    want: ["safe a: two will do as well"],
  },
  {
    name: "other scopes",
    before: "security: [{ one: [read] }]",
    after: "security: [{ one: [write, admin] }]",
    want: ["risky a: one has to have the scopes write, admin", "safe a: one need not have the scope read any more"],
  },
];

describe("an operation", () => {
  test.each(OPERATIONS)("tells of $name", ({ before, after, want }) => {
    expect(changes(before, after)).toEqual(want);
  });
});

describe("a parameter", () => {
  test.each(PARAMETERS)("tells of $name", ({ before, after, want }) => {
    const [old, present] = [before, after].map((one) => operation(`parameters: [${one}]\nresponses: {}`));
    expect(changes(old!, present!)).toEqual(want);
  });
});

test("what many operations shared is told once when it is gone", () => {
  const document = (parameters: string, responses: string) =>
    paths(`
  /a: { get: { operationId: a, parameters: ${parameters}, responses: ${responses} } }
  /b: { get: { operationId: b, parameters: ${parameters}, responses: ${responses} } }`).concat(`components:
  parameters: { P: { name: p, in: query } }
  responses: { Gone: { description: Gone. } }
`);
  const before = document('[{ $ref: "#/components/parameters/P" }]', '{ "410": { $ref: "#/components/responses/Gone" } }');
  expect(changes(before, document("[]", "{}"))).toEqual([
    'breaking a, b: query parameter "p" is gone',
    "risky a, b: response 410 is gone",
  ]);
});

describe("a body", () => {
  test.each(BODIES)("tells of $name", ({ before, after, want }) => {
    expect(changes(operation(before), operation(after))).toEqual(want);
  });
});

describe("security", () => {
  test.each(SECURITY)("tells of $name", ({ before, after, want }) => {
    expect(changes(operation(before, SCHEMES), operation(after, SCHEMES))).toEqual(want);
  });

  test("of the document is told once, with the operations that it holds for", () => {
    const document = (security: string) => `${operation("responses: {}", SCHEMES)}security: ${security}\n`;
    expect(changes(document("[]"), document("[{ one: [] }]"))).toEqual(["breaking a: credentials are required now: one"]);
  });
});
