/** Every field of a document that reaches generated files, with every way out of a literal, a comment, a key or a template. */

import { ts } from "ts-morph";
import { describe, expect, test } from "vitest";
import { compileErrors } from "../support/compile.js";
import { renderDocument } from "../support/render-document.js";

const BREAKOUTS = {
  "a double quote": 'x"); pwned(); ("',
  "a single quote": "x'); pwned(); ('",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a string that would be a template elsewhere
  "a backtick": "x`); pwned(); (`${pwned()}",
  "a backslash before a quote": 'x\\"; pwned(); //',
  "the end of a comment": "x */ pwned(); /*",
  "a split end of a comment": "x *\\/ pwned(); **/ pwned(); /**",
  "a line break": "x\npwned();\n",
  "a carriage return": "x\rpwned();\r",
  "a line separator": "x\u2028pwned();\u2029pwned();",
  "a template of Handlebars": "{{pwned}} {{{pwned}}} {{> banner}} {{/each}}",
  "a tag": "</script><script>pwned()</script><img src=x onerror=pwned()> -->",
  "a computed key": 'x"]: pwned(), ["y',
  "the end of an index": 'x"]; pwned(); type A = ["x',
  "a cell and a link": "x | [pwned](javascript:pwned()) ![x](http://x) `|`",
  "a fence": "x\n```\npwned()\n```\n~~~\n",
  "a tag of a doc comment": "@example pwned()\n@deprecated",
  "percent signs and hashes": "100% #/x %zz %2F # ~1 ~0",
  "the prototype": "__proto__",
  "the constructor": "constructor",
  "a number": "1e3",
} as const;

describe("a hostile document", () => {
  test.each(Object.entries(BREAKOUTS))("with %s in every field stays data", (_name, text) => {
    const files = renderDocument("hostile", hostileDocument(text));
    for (const { name, text: generated } of files) {
      if (name.endsWith(".ts")) expect(identifiersIn(generated)).not.toContain("pwned");
      else expect(outsideOfCode(generated)).not.toMatch(/(?<!\\)<(?!https:|!-- Generated)|(?<!\\)\]\(javascript:|^pwned/im);
    }
    expect(compileErrors(files)).toEqual([]);
  });
});

/** Markdown without its fenced blocks and code spans. */
function outsideOfCode(markdown: string): string {
  return markdown.replace(/^```\w+\n[\s\S]*?\n```$/gm, "").replace(/(`+)[^`][\s\S]*?(?<!`)\1(?!`)/g, "");
}

/** Whatever a compiler takes for a name, another version than the one that the generator checks with. */
function identifiersIn(text: string): string[] {
  const source = ts.createSourceFile("hostile.ts", text, ts.ScriptTarget.ESNext, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The text in every field that the generator reads: names, words, values, and keys. */
function hostileDocument(text: string): object {
  const schema = {
    type: "object",
    title: text,
    description: text,
    required: [text],
    properties: {
      [text]: { type: "string", description: text, default: text, example: text, enum: [text, "b"], title: text, format: text },
      other: { const: text },
      tagged: { $ref: "#/components/schemas/Tagged" },
    },
    patternProperties: { [text]: { type: "string" } },
    additionalProperties: { type: "string", description: text },
    example: { [text]: text },
  };
  return {
    openapi: "3.1.0",
    info: { title: text, version: text, summary: text, description: text },
    externalDocs: { url: `https://example.com/${text}`, description: text },
    servers: [
      {
        url: `https://example.com/{host}/${text}`,
        description: text,
        "x-server-name": text,
        variables: { host: { default: text, enum: [text], description: text }, [text]: { default: text } },
      },
    ],
    tags: [{ name: text, description: text }],
    security: [{ [text]: [text] }],
    paths: {
      [`/a/${text}/{${text}}`]: {
        parameters: [{ name: text, in: "path", required: true, schema: { type: "string" }, description: text }],
        post: {
          operationId: text,
          tags: [text],
          summary: text,
          description: text,
          externalDocs: { url: `https://example.com/*/${text}`, description: text },
          deprecated: true,
          parameters: [
            {
              name: text,
              in: "header",
              required: true,
              description: text,
              example: text,
              schema: { type: "string", default: text },
            },
            { name: text, in: "query", schema: { enum: [text] }, "x-fill": text.replaceAll("{", "(") },
            { name: `${text}2`, in: "cookie", schema: schema },
          ],
          requestBody: {
            required: true,
            description: text,
            content: { [`application/${text}`]: { schema, example: { [text]: text }, examples: { [text]: { value: text } } } },
          },
          responses: {
            200: {
              description: text,
              headers: { [text]: { description: text, schema: { type: "string", example: text } } },
              content: { [`application/${text}`]: { schema: { $ref: "#/components/schemas/Tagged" }, example: text } },
            },
            202: { description: text, content: { "application/json": { schema: { enum: [text] } } } },
            default: { $ref: `#/components/responses/${encodeURIComponent(text.replaceAll("~", "~0").replaceAll("/", "~1"))}` },
          },
        },
      },
    },
    components: {
      schemas: {
        [text]: schema,
        Tagged: {
          oneOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }],
          discriminator: { propertyName: text, mapping: { [text]: "#/components/schemas/A", [`${text}b`]: "B" } },
        },
        A: { type: "object", properties: { [text]: { type: "string" } } },
        B: { type: "object", properties: { [text]: { type: "string" } } },
      },
      responses: { [text]: { description: text, content: { "application/json": { schema } } } },
      securitySchemes: {
        [text]: {
          type: "apiKey",
          in: "header",
          name: text,
          description: text,
          "x-token-lifecycle": {
            inputs: {
              type: "object",
              properties: {
                [text]: { type: "string", description: text, enum: [text, "other"], default: text },
                secret: { type: "string", format: "password", description: text },
              },
            },
            apply: [{ in: "header", name: text, value: { literal: text } }],
            let: { [text]: { literal: text } },
            obtain: {
              operationId: text,
              requestBody: { contentType: text, payload: { [text]: { literal: text } } },
              outputs: { accessToken: "$response.body#/token", [text]: { literal: text } },
              onFailure: { challenge: "$statusCode == 202" },
            },
            expires: { [text]: [{ in: "$response.body#/x", never: text }], accessToken: { after: "PT1H" } },
          },
        },
      },
    },
  };
}
