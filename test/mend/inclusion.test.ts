import { describe, expect, test } from "vitest";
import { includeOperations, type Wanted } from "../../scripts/mend/inclusion.js";
import { loadDocument } from "../../scripts/spec/document.js";

const DOCUMENT = {
  openapi: "3.2.0",
  info: { title: "T", version: "1" },
  paths: {
    "/pets": {
      summary: "Pets",
      get: { operationId: "listPets", tags: ["pets"] },
      post: { operationId: "addPet", tags: ["pets", "write"] },
    },
    "/shops/{id}": {
      get: { operationId: "getShop", tags: ["shops"] },
      additionalOperations: { COPY: { operationId: "copyShop" } },
    },
    "/token": { post: { operationId: "getToken" } },
    "/empty": {},
  },
  components: { securitySchemes: { user: { type: "oauth2", "x-token-lifecycle": { obtain: { operationId: "getToken" } } } } },
};

function include(wanted: Partial<Wanted>) {
  const { document } = loadDocument("a.json", JSON.stringify(DOCUMENT));
  if (document === undefined) throw new Error("the document is right");
  const included = includeOperations(document, { tags: [], paths: [], operationIds: [], ...wanted });
  const paths = Object.entries((included.document.root as typeof DOCUMENT).paths);
  const operations = paths.flatMap(([path, item]) =>
    Object.entries({ ...item, ...("additionalOperations" in item ? item.additionalOperations : {}) })
      .filter(([, value]) => typeof value === "object" && "operationId" in value)
      .map(([method]) => `${method} ${path}`),
  );
  return { operations, diagnostics: included.diagnostics, isSame: included.document === document };
}

const TOKEN = "post /token";

describe("the operations of a client", () => {
  test("are all of them when nothing is named", () => {
    expect(include({})).toMatchObject({ isSame: true, diagnostics: [] });
  });

  test.each<[string, Partial<Wanted>, string[]]>([
    ["with a tag", { tags: ["write"] }, ["post /pets", TOKEN]],
    ["of a path", { paths: ["/pets"] }, ["get /pets", "post /pets", TOKEN]],
    ["of paths that a star stands for", { paths: ["/sh*/{id}"] }, ["get /shops/{id}", "COPY /shops/{id}", TOKEN]],
    ["by their names", { operationIds: ["copy*", "listPets"] }, ["get /pets", "COPY /shops/{id}", TOKEN]],
    ["that one of the lists names", { tags: ["shops"], operationIds: ["listPets"] }, ["get /pets", "get /shops/{id}", TOKEN]],
  ])("are those %s, and those that lifecycles call", (_what, wanted, operations) => {
    expect(include(wanted)).toMatchObject({ operations, diagnostics: [] });
  });

  test("bring the components that they need, and no others", () => {
    const { document } = loadDocument(
      "a.json",
      JSON.stringify({
        openapi: "3.1.0",
        paths: {
          "/a": { get: { operationId: "a", parameters: [{ $ref: "#/components/parameters/P" }] } },
          "/b": { get: { operationId: "b", responses: { 200: { $ref: "#/components/responses/R" } } } },
        },
        components: {
          parameters: { P: { name: "p", in: "query", schema: { $ref: "#/components/schemas/A" } } },
          responses: { R: { description: "R" } },
          schemas: {
            A: { oneOf: [{}], discriminator: { propertyName: "k", mapping: { b: "B", c: "#/components/schemas/C" } } },
            B: { properties: { next: { $ref: "#/components/schemas/B" } } },
            C: {},
            D: {},
          },
        },
      }),
    );
    if (document === undefined) throw new Error("the document is right");
    const { root } = includeOperations(document, { tags: [], paths: [], operationIds: ["a"] }).document;
    const { components } = root as { components: Record<string, object> };
    expect(Object.entries(components).map(([kind, members]) => [kind, Object.keys(members)])).toEqual([
      ["parameters", ["P"]],
      ["responses", []],
      ["schemas", ["A", "B", "C"]],
    ]);
  });

  test("are never left out because of a slip", () => {
    const { diagnostics } = include({ tags: ["pet"], paths: ["/shop"], operationIds: ["*Nothing"] });
    expect(diagnostics.map(({ rule, severity, message, hint }) => [rule, severity, message, hint])).toEqual([
      ["include", "error", 'no operation has the tag "pet" that is to be included', 'did you mean "pets"?'],
      [
        "include",
        "error",
        'no operation has the path "/shop" that is to be included',
        'there are "/pets", "/shops/{id}", "/token"',
      ],
      [
        "include",
        "error",
        'no operation has the operationId "*Nothing" that is to be included',
        expect.stringMatching(/^there are "listPets"/),
      ],
    ]);
  });
});
