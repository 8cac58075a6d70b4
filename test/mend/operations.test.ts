import { expect, test } from "vitest";
import { mended, operation } from "./support.js";

const path = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const onPath = (template: string, parameters: object[], own: object[] = []) => ({
  paths: { [template]: { parameters: own, get: { operationId: "a", parameters } } },
});

test.each<[string, object, string, unknown, string[]]>([
  [
    "an operation of OpenAPI 3.0 says what it answers",
    { openapi: "3.0.3", paths: { "/a": { get: { operationId: "a" } } } },
    "/paths/~1a/get",
    { operationId: "a" },
    ['responses: "responses" is missing; its client knows of no data and no error'],
  ],
  [
    "since OpenAPI 3.1 it need not",
    { paths: { "/a": { get: { operationId: "a" } } } },
    "/paths/~1a/get",
    { operationId: "a" },
    [],
  ],
  [
    "what it says of its answers is missing once",
    { openapi: "3.0.3", paths: { "/a": { get: { operationId: "a", responses: null } } } },
    "/paths/~1a/get",
    { operationId: "a" },
    ['wrong-kind: "responses" is empty where a map belongs; it is left out'],
  ],
  [
    "a path begins with a slash",
    { paths: { "a/b": {} } },
    "/paths",
    { "/a/b": {} },
    ['path-name: the path "a/b" does not begin with a slash; "/a/b" is taken'],
  ],
  [
    "a path does not hold its server",
    { paths: { "https://x.example/a": {} } },
    "/paths",
    { "/a": {} },
    ['path-name: the path "https://x.example/a" does not begin with a slash; "/a" is taken'],
  ],
  [
    "a path stands there once",
    { paths: { a: { summary: "1" }, "/a": { summary: "2" } } },
    "/paths",
    { "/a": { summary: "2" } },
    ['path-name: the path "a" does not begin with a slash; as there is "/a", it is left out'],
  ],
  [
    "a method is in lower case",
    { paths: { "/a": { GET: { operationId: "a" } } } },
    "/paths/~1a",
    { get: { operationId: "a" } },
    ['unknown-member: "GET" is no member of a path item in OpenAPI; it is taken for "get"'],
  ],
  ["braces around nothing are no parameter", onPath("/a/{}", []), "/paths/~1a~1{}/get/parameters", [], []],
  [
    "a parameter of the path that is not described is a text",
    onPath("/a/{id}", []),
    "/paths/~1a~1{id}/get/parameters",
    [path("id")],
    ['path-parameter: GET /a/{id} does not describe the parameter "id" of its path; any text is taken for it'],
  ],
  [
    "a parameter of the path may stand beside the operations",
    onPath("/a/{id}", [], [path("id")]),
    "/paths/~1a~1{id}/get/parameters",
    [],
    [],
  ],
  [
    "a parameter that the path has not is left out",
    onPath("/a", [path("id")]),
    "/paths/~1a/get/parameters",
    [],
    ['path-parameter: the path has no parameter "id"; it is left out'],
  ],
  [
    "a parameter that differs in its case is the path's",
    onPath("/a/{userId}", [path("user_id")]),
    "/paths/~1a~1{userId}/get/parameters",
    [path("userId")],
    ['path-parameter: the path has no parameter "user_id"; it is taken for "userId"'],
  ],
  [
    "a parameter of the path is required",
    onPath("/a/{id}", [{ name: "id", in: "path" }]),
    "/paths/~1a~1{id}/get/parameters/0/required",
    true,
    ['parameter: the parameter "id" stands in the path, so it is required'],
  ],
  [
    "of two parameters the last one counts",
    operation({
      parameters: [
        { name: "p", in: "query" },
        { name: "p", in: "query", required: true },
      ],
    }),
    "/paths/~1a/get/parameters",
    [{ name: "p", in: "query", required: true }],
    ['parameter: the parameter "p" stands in the list again; the last one counts'],
  ],
  [
    "a parameter in no place is left out",
    operation({ parameters: [{ name: "p", in: "somewhere" }] }),
    "/paths/~1a/get/parameters",
    [],
    ['parameter: the parameter "p" has no place that there is; it is left out'],
  ],
  [
    "a header has a name that headers can have",
    operation({
      parameters: [
        { name: "a b", in: "header" },
        { name: "X-A ", in: "header" },
      ],
    }),
    "/paths/~1a/get/parameters",
    [{ name: "X-A", in: "header" }],
    ['parameter: the parameter "a b" has a name that no header can have; it is left out'],
  ],
  [
    "a style is one of its place",
    operation({ parameters: [{ name: "p", in: "query", style: "simple", explode: false }] }),
    "/paths/~1a/get/parameters/0",
    { name: "p", in: "query", explode: false },
    ['parameter: "simple" is no style of a parameter in: query; the usual one is taken'],
  ],
  [
    "a method is one that requests can have",
    { paths: { "/a": { additionalOperations: { "A B": { operationId: "a" }, COPY: { operationId: "b" } } } } },
    "/paths/~1a/additionalOperations",
    { COPY: { operationId: "b" } },
    ['unknown-member: "A B" is no method of HTTP; the operation is left out'],
  ],
  [
    "a method with a member of its own is that member",
    {
      paths: {
        "/a": { put: { operationId: "a" }, additionalOperations: { POST: { operationId: "b" }, put: { operationId: "c" } } },
      },
    },
    "/paths/~1a",
    { put: { operationId: "a" }, additionalOperations: {}, post: { operationId: "b" } },
    [
      'unknown-member: "POST" has a member of its own in a path item; it is taken for that',
      'unknown-member: "put" has a member of its own in a path item; the operation is left out',
    ],
  ],
  [
    "Swagger's body is a request body",
    operation({ parameters: [{ name: "b", in: "body", required: true, schema: { type: "string" } }] }),
    "/paths/~1a/get/requestBody",
    { required: true, content: { "application/json": { schema: { type: "string" } } } },
    ["parameter: a parameter in: body is Swagger's; it is taken for the request body where there is no other"],
  ],
  [
    "Swagger's form is a request body",
    operation({ parameters: [{ name: "f", in: "formData", type: "file", required: true }] }),
    "/paths/~1a/get/requestBody/content/multipart~1form-data/schema/properties/f/format",
    "binary",
    [
      'schema-type: "file" is no type; it is taken for "string"',
      "parameter: a parameter in: formData is Swagger's; it is taken for the request body where there is no other",
    ],
  ],
  [
    "a range is written with capitals",
    operation({ responses: { "2xx": {} } }),
    "/paths/~1a/get/responses",
    { "2XX": {} },
    ['response-status: "2xx" is no status; it is taken for 2XX'],
  ],
  [
    "several statuses stand for each",
    operation({ responses: { "200, 201": {} } }),
    "/paths/~1a/get/responses",
    { 200: {}, 201: {} },
    ['response-status: "200, 201" is no status; it is taken for 200 and 201'],
  ],
  [
    "a word is no status",
    operation({ responses: { ok: {}, "x-a": 1 } }),
    "/paths/~1a/get/responses",
    { "x-a": 1 },
    ['response-status: "ok" is no status; it is left out'],
  ],
  [
    "json is a media type",
    operation({ requestBody: { content: { json: {} } } }),
    "/paths/~1a/get/requestBody/content",
    { "application/json": {} },
    ['media-type: "json" is no media type; it is taken for application/json'],
  ],
  [
    "two media types stand for each",
    operation({ requestBody: { content: { "application/json, text/xml": {} } } }),
    "/paths/~1a/get/requestBody/content",
    { "application/json": {}, "text/xml": {} },
    ['media-type: "application/json, text/xml" is no media type; it is taken for application/json and text/xml'],
  ],
  [
    "a media type may have parameters",
    operation({ requestBody: { content: { "text/plain; charset=utf-8": {}, "application/*": {} } } }),
    "/paths/~1a/get/requestBody/content/application~1*",
    {},
    [],
  ],
  [
    "a slip is told with what it may mean",
    operation({ paramters: [] }),
    "/paths/~1a/get",
    { operationId: "a" },
    ['unknown-member: "paramters" is no member of an operation in OpenAPI; it is left out'],
  ],
])("%s", (_fact, document, pointer, value, said) => {
  const result = mended(document, pointer);
  expect(result.value).toEqual(value);
  expect(result.said.toSorted()).toEqual(said.toSorted());
});

test.each<[unknown, string]>([
  ["3.0", "3.0.0"],
  [3.1, "3.1.0"],
  [3, "3.0.0"],
  [" 3.0.3", "3.0.3"],
  ["v3.1.x", "3.1.0"],
  ['3.1."; print', "3.1.0"],
  ["3.0 (draft)", "3.0.0"],
])("version %j is %s", (openapi, whole) => {
  expect(mended({ openapi }, "/openapi")).toEqual({ value: whole, said: [] });
});
