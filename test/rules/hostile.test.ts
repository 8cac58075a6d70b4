import { describe, expect, it } from "vitest";
import { check, lint } from "../../scripts/rules/index.js";
import type { Document } from "../../scripts/spec/document.js";
import { api, load } from "./support.js";

const CYCLES = `
openapi: 3.1.0
info: {title: A, version: "1"}
paths:
  /a: {$ref: "#/paths/~1a"}
  /b:
    parameters: [{$ref: "#/components/parameters/A"}]
    post:
      operationId: b
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}
      responses: {"200": {description: B., content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}}
components:
  parameters: {A: {$ref: "#/components/parameters/A"}}
  schemas:
    A: {allOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}], properties: {next: {$ref: "#/components/schemas/A"}}}
    B: {oneOf: [{$ref: "#/components/schemas/B"}, {$ref: "#/components/schemas/A"}], anyOf: [{$ref: "#/components/schemas/C"}]}
    C: {$ref: "#/components/schemas/C", required: [x]}
  securitySchemes:
    a:
      type: http
      scheme: bearer
      x-token-lifecycle:
        obtain:
          operationId: b
          requestBody: {payload: {next: {next: {next: {}}}}}
          outputs: {accessToken: $response.body#/next/next/next/next}
`;

/** 2^20 alternatives, if somebody multiplied them out. */
const ALTERNATIVES = api({
  lifecycle: "obtain: {operationId: many, requestBody: {payload: {a: 1}}, outputs: {accessToken: $response.body#/x}}",
  paths: `/many: {post: {operationId: many, security: [], responses: {}, requestBody: {content: {application/json: {schema: {allOf: [${Array.from(
    { length: 20 },
    (_, index) => `{oneOf: [{required: [a${index}]}, {required: [b${index}]}]}`,
  ).join(", ")}]}}}}}}`,
});

const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

const PROTOTYPES = `
openapi: 3.1.0
info: {title: A, version: "1"}
servers: [{url: a, x-server-name: __proto__}, {url: b, x-server-name: constructor}]
security: [{${NAMES.map((name) => `${name}: []`).join(", ")}}]
paths:
${NAMES.map((name) => `  /${name}: {get: {operationId: ${name}, tags: [${name}], responses: {${name}: {}}, parameters: [{name: ${name}, in: ${name}, x-fill: {${name}: 1}}]}}`).join("\n")}
components:
  schemas: {${NAMES.map((name) => `${name}: {properties: {${name}: {type: ${name}}}, required: [${name}]}`).join(", ")}}
  securitySchemes:
${NAMES.map(
  (name) => `    ${name}:
      type: apiKey
      in: header
      name: ${name}
      x-token-lifecycle:
        ${name}: {}
        inputs: {properties: {${name}: {}}, required: [${name}]}
        apply: "{$inputs.${name}}{$outputs.${name}}{$workflows.${name}.outputs.${name}}{$let.${name}}"
        obtain: {operationId: ${name}, outputs: {${name}: $response.body#/${name}}, parameters: {${name}: 1}, requestBody: {payload: {${name}: 1}}}
        expires: {${name}: PT1H}`,
).join("\n")}
`;

/** The small document with each of its parts in turn replaced by values of every other type. */
function* misshapen(): Generator<Document> {
  const document = load(api());
  for (const path of paths(document.root)) {
    for (const value of [null, 0, true, "", "x", [], [null], {}, { $ref: "#/nowhere" }, { $ref: 5 }]) {
      yield { ...document, root: replaced(document.root, path, value) };
    }
  }
}

function replaced(root: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = Array.isArray(root) ? [...root] : { ...(root as object) };
  return Object.assign(copy, { [name]: replaced((root as Record<string, unknown>)[name], rest, value) });
}

function* paths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    yield [...path, name];
    yield* paths(member, [...path, name]);
  }
}

describe("hostile documents", () => {
  it.each([
    { name: "references that go round", given: CYCLES },
    { name: "alternatives that multiply", given: ALTERNATIVES },
    { name: "names of the prototype's members", given: PROTOTYPES },
    { name: "nothing but a version", given: "openapi: 3.1.0" },
    { name: "lists where maps belong", given: "openapi: 3.1.0\npaths: []\ncomponents: [[]]\nservers: {a: b}\nsecurity: x" },
  ])("are linted to the end: $name", async ({ given }) => {
    const found = await lint(load(given));
    expect(found.every(({ line, column, message }) => line >= 1 && column >= 1 && message !== "")).toBe(true);
    expect(found.filter(({ rule }) => rule === "redocly").length).toBeLessThanOrEqual(1);
  });

  it("are checked to the end whatever stands in the place of a part", () => {
    let count = 0;
    for (const document of misshapen()) {
      expect(() => check(document)).not.toThrow();
      count += 1;
    }
    expect(count).toBeGreaterThan(1000);
  }, 60_000);
});
