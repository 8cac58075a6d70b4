import { describe, expect, it } from "vitest";
import { lint } from "../../scripts/rules/index.js";
import { ORDINARY_RULES } from "../../scripts/rules/redocly.js";
import { lintWithinBounds } from "../../scripts/rules/redocly-bounded.js";
import { api, load } from "./support.js";

/** Rule, severity, place and sentence of everything that Redocly says. */
async function said(text: string): Promise<string[]> {
  const found = await lintWithinBounds(load(text));
  return found.map(
    ({ rule, severity, line, column, message, hint }) =>
      `${line}:${column} ${severity} ${rule}: ${message}${hint === undefined ? "" : ` → ${hint}`}`,
  );
}

describe("lintWithinBounds", () => {
  it("has nothing to say of a clean document", async () => {
    expect(await said(api())).toEqual([]);
  });

  it("tells its problems with our places, in our words", async () => {
    const text = `openapi: 3.1.0
info: {title: A, version: "1"}
paths:
  /a/{id}:
    get:
      operationId: a
      responses:
        "200":
          description: OK.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Nmae"}
              example: 5
    post:
      operationId: b
      paramters: []
      responses: {"200": {description: OK.}}
components:
  schemas:
    Name: {type: string}
`;
    expect(await said(text)).toMatchInlineSnapshot(`
      [
        "12:23 error redocly/no-unresolved-refs: "#/components/schemas/Nmae" leads nowhere → did you mean "Name"?",
        "5:5 error redocly/path-parameters-defined: The operation does not define the path parameter \`{id}\` expected by path \`/a/{id}\`",
        "16:7 warning redocly/struct: Property \`paramters\` is not expected here → did you mean "parameters"?",
        "14:5 error redocly/path-parameters-defined: The operation does not define the path parameter \`{id}\` expected by path \`/a/{id}\`",
        "20:5 warning redocly/no-unused-components: Component: "Name" is never used",
      ]
    `);
  });

  it("leaves references that leave the document to those who load it, and follows none", async () => {
    const text = api({
      paths: `/a: {get: {operationId: a, responses: {"200": {$ref: "https://127.0.0.1:1/a.yaml"}, "201": {$ref: "../../package.json"}}}}`,
    });
    expect(await said(text)).toEqual([]);
  });

  it("warns of what leaves nothing unclear, and forbids what does", async () => {
    const text = api({ paths: `/a: {get: {operationId: a, more: 1, responses: {"200": {}}, parameters: [{in: query}]}}` });
    const found = await lintWithinBounds(load(text));
    expect(
      found.filter(({ rule }) => rule === "redocly/struct").map(({ severity, message }) => `${severity} ${message}`),
    ).toEqual([
      "warning Property `more` is not expected here",
      "error The field `name` must be present on this level",
      "warning Must contain at least one of the following fields: schema, content",
      "warning The field `description` must be present on this level",
    ]);
  });

  it("tells of the structure alone where the other rules cannot be run on it", async () => {
    expect(await said(api({ paths: "/a: {get: {operationId: a, responses: {}, parameters: none}}" }))).toEqual([
      "36:57 error redocly/struct: Expected type `ParameterList` (array) but got `string`",
    ]);
  });

  it("says once that it could not be run when it cannot say why", async () => {
    const text = api().replace("info: {", "info: {hasOwnProperty: 1, ");
    expect(await said(text)).toEqual([
      "1:1 error redocly: Redocly's rules could not be run on this document: node.hasOwnProperty is not a function",
    ]);
  });

  it("describes every rule that it runs", () => {
    expect(ORDINARY_RULES.every(({ description }) => /^\w.*\.$/.test(description))).toBe(true);
  });
});

describe("lint", () => {
  it.each(["", "responses: null", "Responses: 1"])(
    "says once, and mildly, that nothing is known of answers: %j",
    async (responses) => {
      const text = api({ paths: `/a: {get: {operationId: a, ${responses}}}` }).replace("openapi: 3.1.0", "openapi: 3.0.3");
      const found = (await lint(load(text))).filter(({ pointer = "" }) => pointer.startsWith("/paths/~1a"));
      expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(found.filter(({ message }) => /responses/i.test(message))).not.toEqual([]);
      expect(new Set(found.map(({ rule }) => rule)).has("redocly/struct")).toBe(false);
    },
  );

  it("brings our rules and Redocly's together in the order of the document", async () => {
    const text = api({ lifecycle: "obtain: {operationId: logni}", paths: "/a/{b}: {get: {operationId: a, responses: {}}}" });
    const found = await lint(load(text));
    expect(found.map(({ rule }) => rule)).toContain("lifecycle-operation");
    expect(found.map(({ rule }) => rule)).toContain("redocly/operation-2xx-response");
    expect(found.map(({ line }) => line)).toEqual(found.map(({ line }) => line).toSorted((a, b) => a - b));
  });
});
