import { describe, expect, test } from "vitest";
import { mendDocument } from "../../scripts/mend/mend.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { api, load, testMending } from "../rules/support.js";

const NAME_IT = "state one to choose the name";
const OWN = "give each operation an operationId of its own";

function operationsOf(text: string): string[] {
  const { document } = mendDocument(load(text));
  return Object.keys(readDefinition(document.root, "test").operations);
}

describe("operation-id", () => {
  testMending("operation-id", [
    { name: "leaves names of methods as they are", given: api(), want: [] },
    {
      name: "names an operation that has none after its method and path",
      given: api({ paths: "/a/{b-c}: {«get»: {responses: {}}}\n/: {«put»: {operationId: ''}}" }),
      want: [
        `GET /a/{b-c} has no operationId; the client calls it "getAByBC" → ${NAME_IT}`,
        `PUT / has no operationId; the client calls it "putRoot" → ${NAME_IT}`,
      ],
    },
    {
      name: "leaves a name to the operation that states it first",
      given: api({ paths: "/a: {get: {operationId: «login», responses: {}}}" }),
      want: [`"login" is the operationId of POST /login as well; GET /a becomes "loginGetA" → ${OWN}`],
    },
    {
      name: "leaves clients and objects the names that they have",
      given: api({ paths: "/a: {get: {operationId: «then»}, put: {operationId: «GET»}, post: {operationId: «constructor»}}" }),
      want: [
        '"then" is a name that every client has already; the operation becomes "then_" → name what the operation does to what',
        '"GET" is a name that every client has already; the operation becomes "GET_" → name what the operation does to what',
        '"constructor" is a name that every object has already; the operation becomes "constructor_" → name what the operation does to what',
      ],
    },
  ]);

  test("gives the operations of OpenAPI 3.2 names as well", () => {
    const given = api({ paths: "/a: {query: {responses: {}}, additionalOperations: {COPY: {responses: {}}}}" });
    expect(operationsOf(given)).toEqual(["login", "refresh", "getMe", "queryA", "copyA"]);
  });

  test("takes no name that another operation states, before or after it", () => {
    const given = api({ paths: "/a: {get: {}, put: {operationId: getA}}\n/a-b: {get: {}}\n/a/b: {get: {}}" });
    expect(operationsOf(given).slice(3)).toEqual(["getA2", "getA", "getAB", "getAB2"]);
  });

  test("keeps what two paths share apart", () => {
    const given = api({ paths: "/a: &shared {get: {operationId: same}}\n/b: *shared\n/c: {$ref: '#/paths/~1a'}" });
    expect(operationsOf(given).slice(3)).toEqual(["same", "sameGetB", "sameGetC"]);
  });

  test("has token calls follow the operations that go by another name", () => {
    const given = api({ lifecycle: "obtain: {operationId: renew, outputs: {accessToken: $response.body#/a}}" }).replace(
      "operationId: login",
      "operationId: renew",
    );
    const { document } = mendDocument(load(given));
    const { securitySchemes, operations } = readDefinition(document.root, "test");
    expect(securitySchemes["user"]?.obtain).toMatchObject({ operationId: "renew_" });
    expect(operations).toHaveProperty("renew_");
  });
});

test("a document that needs no mending is the one that was given, member by member", () => {
  const document = load(api());
  const mended = mendDocument(document);
  expect(mended.diagnostics).toEqual([]);
  expect(mended.document.root).toBe(document.root);
});

test("strict mending forbids what it mends", () => {
  const { diagnostics } = mendDocument(load(api({ paths: "/a: {get: {}}" })), { strict: true });
  expect(diagnostics.map(({ severity }) => severity)).toEqual(["error"]);
});
