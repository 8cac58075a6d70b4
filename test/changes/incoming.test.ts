/** Webhooks and callbacks: what the service calls, so that what comes is a request and what goes is the answer. */

import { describe, expect, test } from "vitest";
import { changes, indent, operation } from "./support.js";

/** A document with this webhook. */
function webhook(members: string, method = "post"): string {
  return `openapi: 3.2.0
info: { title: Test, version: "1" }
webhooks:
  newPet:
    ${method}:
${indent(members, 6)}
components:
  schemas:
    Pet: { type: object, properties: { name: { type: string } } }
`;
}

/** A document whose operation leads to this callback. */
function callback(members: string, address = "{$request.body#/url}"): string {
  return operation(`responses: {}
callbacks:
  onData:
    "${address}":
      post:
${indent(members, 8)}`);
}

const brings = (schema: string) => `requestBody: { required: true, content: { application/json: { schema: ${schema} } } }`;
const takes = (schema: string) =>
  `responses: { "200": { description: OK., content: { application/json: { schema: ${schema} } } } }`;

describe.each([
  ["webhook", webhook, "webhook newPet", 'webhook "newPet"', "webhook"],
  ["callback", callback, "a", 'callback "onData"', 'callback "onData"'],
] as const)("a %s", (_kind, document, concerned, label, word) => {
  test.each<[fact: string, before: string, after: string, want: string[]]>([
    [
      "a member of what it brings that is gone",
      brings("{ properties: { a: {} } }"),
      brings("{ properties: {} }"),
      [`breaking: ${word} member "a" is gone`],
    ],
    [
      "a member of what it brings that is always there",
      brings("{ properties: { a: {} } }"),
      brings("{ required: [a], properties: { a: {} } }"),
      [`safe: ${word} member "a" is now always there`],
    ],
    [
      "another value that it may bring",
      brings("{ enum: [a] }"),
      brings("{ enum: [a, b] }"),
      [`risky: body of ${label} may now be "b"`],
    ],
    [
      "another type of what it brings",
      brings("{ type: string }"),
      brings("{ type: [string, integer] }"),
      [`breaking: body of ${label} is now string or integer, and was string`],
    ],
    [
      "a member of what it takes that is now required",
      takes("{ properties: { a: {} } }"),
      takes("{ required: [a], properties: { a: {} } }"),
      [`breaking: ${word} answer member "a" is now required`],
    ],
    [
      "another value that it takes",
      takes("{ enum: [a] }"),
      takes("{ enum: [a, b] }"),
      [`safe: answer to ${label} (200) takes "b" as well`],
    ],
    [
      "answers that it takes and does not take",
      'responses: { "200": { description: OK. }, "400": { description: No. } }',
      'responses: { "200": { description: OK. }, "202": { description: OK. } }',
      [`breaking: ${label} is not answered with 400 any more`, `safe: ${label} may be answered with 202 as well`],
    ],
    ["a body that is gone", brings("{}"), "", [`breaking: ${label} brings no body any more`]],
    ["a body that is new", "", brings("{}"), [`safe: ${label} brings a body now`]],
    [
      "a body that may be missing",
      brings("{}"),
      brings("{}").replace("required: true", "required: false"),
      [`breaking: ${label} may now bring no body`],
    ],
    [
      "a body that is always there",
      brings("{}").replace("required: true", "required: false"),
      brings("{}"),
      [`safe: ${label} now always brings a body`],
    ],
    [
      "media types that it may bring",
      "requestBody: { content: { application/json: {} } }",
      "requestBody: { content: { application/json: {}, text/csv: {} } }",
      [`risky: body of ${label} may be text/csv as well`],
    ],
    [
      "headers that it brings",
      "parameters: [{ name: gone, in: header }, { name: sure, in: header }, { name: spare, in: header, required: true }, { name: kind, in: header, schema: { enum: [a] } }]",
      "parameters: [{ name: sure, in: header, required: true }, { name: spare, in: header }, { name: kind, in: header, schema: { enum: [a, b] } }, { name: new, in: header }]",
      [
        `breaking: header parameter "gone" of ${label} is gone`,
        `breaking: header parameter "spare" of ${label} may now be missing`,
        `risky: header parameter "kind" of ${label} may now be "b"`,
        `safe: header parameter "sure" of ${label} is now always there`,
        `safe: header parameter "new" of ${label} is new`,
      ],
    ],
    ["a deprecation", "summary: a", "deprecated: true", [`safe: ${label} is now deprecated`]],
    ["nothing where only readers see it", "summary: a", "summary: b", []],
  ])("tells of %s", (_fact, before, after, want) => {
    const told = want.map((one) => one.replace(":", ` ${concerned}:`));
    expect(changes(document(before || "summary: a"), document(after || "summary: a"))).toEqual(told);
  });
});

describe("webhooks", () => {
  test("come and go", () => {
    const [one, other] = [webhook("summary: a"), webhook("summary: a").replace("newPet:", "oldPet:")];
    expect(changes(one, other)).toEqual([
      'breaking webhook newPet: webhook "newPet" is gone',
      'safe webhook oldPet: webhook "oldPet" is new',
    ]);
  });

  test("may have the methods of OpenAPI 3.2", () => {
    const query = (type: string) => webhook(brings(`{ type: ${type} }`), "query");
    expect(changes(query("string"), query("integer"))).toEqual([
      'breaking webhook newPet: body of webhook "newPet" (QUERY) is now integer, and was string',
    ]);
  });

  test("are told by the component that they bring", () => {
    const before = webhook(brings('{ $ref: "#/components/schemas/Pet" }'));
    expect(changes(before, before.replace("name: { type: string }", ""))).toEqual([
      'breaking webhook newPet: webhook member "Pet.name" is gone',
    ]);
  });
});

describe("callbacks", () => {
  test("come and go with their operation", () => {
    const [none, one] = [operation("responses: {}"), callback("summary: a")];
    expect(changes(one, none)).toEqual(['breaking a: callback "onData" is gone']);
    expect(changes(none, one)).toEqual(['safe a: callback "onData" is new']);
  });

  test("may go to another place", () => {
    expect(changes(callback("summary: a"), callback("summary: a", "{$request.query.url}"))).toEqual([
      'risky a: callback "onData" goes to {$request.query.url} now, and went to {$request.body#/url}',
    ]);
  });

  test("are compared behind a reference to a component", () => {
    const document = (type: string) =>
      operation(
        'responses: {}\ncallbacks: { onData: { $ref: "#/components/callbacks/Data" } }',
        `components: { callbacks: { Data: { "{$url}": { post: { ${brings(`{ type: ${type} }`)} } } } } }`,
      );
    expect(changes(document("string"), document("integer"))).toEqual([
      'breaking a: body of callback "onData" is now integer, and was string',
    ]);
  });
});
