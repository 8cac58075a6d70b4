import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../scripts/diagnostics.js";
import { loadDocument } from "../../scripts/spec/document.js";

const HEAD = "openapi: 3.1.0\n";

describe("loadDocument", () => {
  it("names the document after its file and keeps the path with forward slashes", () => {
    const { document } = loadDocument("specs\\finapi.v2.yaml", HEAD);
    expect(document).toMatchObject({ name: "finapi.v2", path: "specs/finapi.v2.yaml", text: HEAD, root: { openapi: "3.1.0" } });
  });

  it("reads JSON, also when it is indented with tabs", () => {
    const { document, diagnostics } = loadDocument(
      "a.json",
      '{\n\t"openapi": "3.1.0",\n\t"info": {\n\t\t"title": "A"\n\t}\n}\n',
    );
    expect(diagnostics).toEqual([]);
    expect(document?.root).toEqual({ openapi: "3.1.0", info: { title: "A" } });
    expect(document?.locate("/info/title")).toEqual({ file: "a.json", line: 4, column: 12, endColumn: 15 });
  });

  it("reads lines that end in CRLF, and a text with a byte order mark", () => {
    const { document, diagnostics } = loadDocument("a.yaml", `\uFEFF${HEAD}info:\n  title: A\n`.replaceAll("\n", "\r\n"));
    expect(diagnostics).toEqual([]);
    expect(document?.root).toEqual({ openapi: "3.1.0", info: { title: "A" } });
    expect(document?.locate("/info/title")).toEqual({ file: "a.yaml", line: 3, column: 10, endColumn: 11 });
    expect(loadDocument("a.json", `\uFEFF{"openapi": "3.1.0"}`).document?.root).toEqual({ openapi: "3.1.0" });
  });

  it("reads keys as strings, so that a status code is a name", () => {
    expect(loadDocument("a.yaml", `${HEAD}responses: {200: ok, true: yes}`).document?.root).toMatchObject({
      responses: { "200": "ok", true: "yes" },
    });
  });

  it("keeps a __proto__ key as an own member and changes no prototype", () => {
    const root = loadDocument("a.yaml", `${HEAD}a: {__proto__: {polluted: true}, constructor: 1}`).document?.root as {
      a: Record<string, unknown>;
    };
    expect(Object.keys(root.a)).toEqual(["__proto__", "constructor"]);
    expect((root.a as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("reports every syntax error with its place", () => {
    const { document, diagnostics } = loadDocument("a.yaml", 'openapi: 3.1.0\na: "\\q"\nb: ]\n');
    expect(document).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { rule: "syntax", severity: "error", line: 2, column: 5, endColumn: 6 },
      { rule: "syntax", severity: "error", line: 3, column: 4, endColumn: 5 },
    ]);
  });

  it.each<{ name: string; given: string; want: Partial<Diagnostic>[] }>([
    {
      name: "a duplicate key, of which the last wins",
      given: `${HEAD}info:\n  title: A\n  title: B\n`,
      want: [{ rule: "duplicate-key", severity: "warning", line: 4, column: 3 }],
    },
    {
      name: "a status that is written once as a number and once as a string",
      given: `${HEAD}responses:\n  200: a\n  "200": b\n`,
      want: [{ rule: "duplicate-key", severity: "warning", line: 4, column: 3 }],
    },
    {
      name: "a reference into another file",
      given: `${HEAD}paths:\n  /a:\n    $ref: other.yaml#/a\n`,
      want: [{ rule: "local-reference", severity: "warning", line: 4, column: 11, pointer: "/paths/~1a/$ref" }],
    },
    {
      name: "a reference to a URL",
      given: `${HEAD}components: {schemas: {A: {$ref: "https://example.com/a.json"}}}\n`,
      want: [{ rule: "local-reference", line: 2, column: 34, endColumn: 62 }],
    },
    {
      name: "a reference that is no JSON Pointer",
      given: `${HEAD}components: {schemas: {A: {$ref: "#A"}, B: {$ref: "#/%zz"}}}\n`,
      want: [
        { rule: "local-reference", column: 34 },
        { rule: "local-reference", column: 51 },
      ],
    },
    { name: "Swagger 2.0", given: 'swagger: "2.0"\n', want: [{ rule: "openapi-version", line: 1, column: 10 }] },
    { name: "a version that is a number", given: "openapi: 3.1\n", want: [{ rule: "openapi-version", line: 1, column: 10 }] },
    {
      name: "a version in other words",
      given: 'openapi: "v3.0.x"\n',
      want: [{ rule: "openapi-version", severity: "warning" }],
    },
    { name: "a version to come", given: "openapi: 4.0.0\n", want: [{ rule: "openapi-version", line: 1, column: 10 }] },
    { name: "a document without a version", given: "info: {}\n", want: [{ rule: "openapi-version", line: 1, column: 1 }] },
    {
      name: "an empty text",
      given: "",
      want: [{ rule: "openapi-version", line: 1, column: 1, message: "the document is empty" }],
    },
    {
      name: "a text that is no document",
      given: "Not found\n",
      want: [{ rule: "openapi-version", line: 1, column: 1, message: "an OpenAPI document is a map" }],
    },
    {
      name: "a page of the web",
      given: "<!DOCTYPE html>\n<html>\n  <head><title>Sign in</title></head>\n</html>\n",
      want: [{ rule: "openapi-version", line: 1, message: "an OpenAPI document is a map" }],
    },
    {
      name: "YAML that is something else",
      given: "version: 3\nservices: {}\n",
      want: [{ rule: "openapi-version", line: 1, column: 1, message: 'the member "openapi" is missing' }],
    },
    {
      name: "an Overlay",
      given: "overlay: 1.0.0\nactions: []\n",
      want: [{ rule: "openapi-version", line: 1, column: 10, message: "this is an Overlay, not an OpenAPI document" }],
    },
    {
      name: "a NUL character",
      given: `${HEAD}info: a\0b\n`,
      want: [{ rule: "syntax", line: 2, column: 8, message: "a NUL character stands here, so this is no text" }],
    },
    {
      name: "nothing but space",
      given: " \n\n",
      want: [{ rule: "openapi-version", line: 1, column: 1, message: "the document is empty" }],
    },
    {
      name: "nothing but comments",
      given: "# to do\n",
      want: [{ rule: "openapi-version", line: 1, column: 1, message: "the document is empty" }],
    },
    { name: "a list", given: "- a\n", want: [{ rule: "openapi-version", line: 1, column: 1 }] },
    {
      name: "two documents in one file",
      given: `${HEAD}---\n${HEAD}`,
      want: [{ rule: "syntax", severity: "warning", line: 2 }],
    },
    { name: "a key that is a list", given: `${HEAD}? [a]\n: b\n`, want: [{ rule: "syntax", severity: "warning" }] },
    {
      name: "lists nested without end",
      given: `${HEAD}a: ${"[".repeat(100_000)}`,
      want: [{ rule: "syntax", line: 2, message: "the document is nested more than 200 levels deep" }],
    },
    {
      name: "lists nested without end in block style",
      given: `${"- ".repeat(20_000)}a`,
      want: [{ rule: "syntax", line: 1, message: "the document is nested more than 200 levels deep" }],
    },
    {
      name: "an alias within its own anchor",
      given: `${HEAD}a: &a {b: *a}\n`,
      want: [{ rule: "syntax", message: 'the alias "a" stands within what it stands for' }],
    },
    {
      name: "aliases that multiply",
      given: `${HEAD}${laughs(12)}`,
      want: [{ rule: "syntax", message: "aliases stand for more than 1000000 values" }],
    },
  ])("reports $name", ({ given, want }) => {
    const { diagnostics } = loadDocument("a.yaml", given);
    expect(diagnostics).toMatchObject(want.map((diagnostic) => ({ file: "a.yaml", ...diagnostic })));
  });

  it("takes no $ref for a reference that is data of the API or the name of a property", () => {
    const { diagnostics } = loadDocument(
      "a.yaml",
      `${HEAD}components:
  schemas:
    A:
      properties: {$ref: {type: string}, default: {type: string, example: {$ref: a.yaml}}}
      default: {$ref: b.yaml}
  examples:
    A: {value: {$ref: c.yaml}}
x-other: {$ref: d.yaml}
`,
    );
    expect(diagnostics).toEqual([]);
  });
});

describe("locate", () => {
  const text = `openapi: 3.1.0
x: &x
  - deep:
      "a/b": [1, two]
y: *x
empty:
`;
  const { document } = loadDocument("a.yaml", text);

  it.each([
    { name: "a scalar", pointer: "/openapi", part: "value" as const, want: { line: 1, column: 10, endColumn: 15 } },
    { name: "a key", pointer: "/openapi", part: "key" as const, want: { line: 1, column: 1, endColumn: 8 } },
    {
      name: "an item, by its escaped path",
      pointer: "/x/0/deep/a~1b/1",
      part: "value" as const,
      want: { line: 4, column: 18, endColumn: 21 },
    },
    {
      name: "an item, which has no key",
      pointer: "/x/0/deep/a~1b/0",
      part: "key" as const,
      want: { line: 4, column: 15, endColumn: 16 },
    },
    {
      name: "a value behind an alias, where the anchor is",
      pointer: "/y/0/deep/a~1b/0",
      part: "value" as const,
      want: { line: 4, column: 15, endColumn: 16 },
    },
    { name: "the alias itself", pointer: "/y", part: "value" as const, want: { line: 5, column: 4, endColumn: 6 } },
    {
      name: "the nearest ancestor's key of what is not there",
      pointer: "/x/0/deep/none/further",
      part: "value" as const,
      want: { line: 3, column: 5, endColumn: 9 },
    },
    {
      name: "the nearest ancestor of an item beyond the end",
      pointer: "/x/7",
      part: "key" as const,
      want: { line: 2, column: 1, endColumn: 2 },
    },
    { name: "the whole document", pointer: "", part: "value" as const, want: { line: 1, column: 1 } },
    {
      name: "an inherited name, which is not there",
      pointer: "/constructor",
      part: "key" as const,
      want: { line: 1, column: 1 },
    },
  ])("finds $name", ({ pointer, part, want }) => {
    expect(document?.locate(pointer, part)).toEqual({ file: "a.yaml", ...want });
  });

  it.each([
    { name: "a plain string", given: "a: $inputs.x!", at: "!", want: { line: 2, column: 13 } },
    { name: "a string in double quotes with escapes", given: 'a: "\\u0041\\t\\"!"', at: "!", want: { line: 2, column: 15 } },
    {
      name: "a string in double quotes with a folded line",
      given: 'a: "one\n  two\\\n  !"',
      at: "!",
      want: { line: 4, column: 3 },
    },
    { name: "a string in single quotes", given: "a: 'it''s !'", at: "!", want: { line: 2, column: 11 } },
    { name: "a folded plain string", given: "a: one\n  two\n  !", at: "!", want: { line: 4, column: 3 } },
    { name: "a folded block", given: "a: >-\n  one\n  two !\n", at: "!", want: { line: 4, column: 7 } },
    { name: "a literal block", given: "a: |\n    one\n    !\n", at: "!", want: { line: 4, column: 5 } },
    {
      name: "a literal block with indentation of its own",
      given: "a: |\n    one\n      !\n",
      at: "!",
      want: { line: 4, column: 7 },
    },
    { name: "a string in JSON style", given: '"a": "$inputs.x!"', at: "!", want: { line: 2, column: 16 } },
  ])("finds a character within $name", ({ given, at, want }) => {
    const loaded = loadDocument("a.yaml", `${HEAD}${given}\n`).document;
    const value = loaded?.root as { a: string } | undefined;
    expect(loaded?.locateCharacter("/a", value?.a.indexOf(at) ?? -1)).toMatchObject(want);
  });

  it("points behind the last character at the end of a string", () => {
    const loaded = loadDocument("a.yaml", `${HEAD}a: "$inputs."\n`).document;
    expect(loaded?.locateCharacter("/a", 8)).toMatchObject({ line: 2, column: 13 });
  });
});

describe("dereference", () => {
  const { document } = loadDocument(
    "a.yaml",
    `${HEAD}one: {$ref: "#/two"}\ntwo: {$ref: "#/a~1b%20c"}\n"a/b c": 3\nloop: {$ref: "#/loop"}\nnone: {$ref: "#/nowhere"}\n`,
  );
  const root = document?.root as Record<string, unknown>;

  it("follows references to their end", () => {
    expect(document?.dereference(root["one"])).toBe(3);
  });

  it("yields nothing for a circle, a dangling reference and a prototype's member", () => {
    expect(document?.dereference(root["loop"])).toBeUndefined();
    expect(document?.dereference(root["none"])).toBeUndefined();
    expect(document?.dereference({ $ref: "#/constructor" })).toBeUndefined();
  });
});

/** Each anchor holds the one before ten times: `levels` of them stand for ten to the power of `levels` values. */
function laughs(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const items = level === 0 ? "ha" : Array.from({ length: 10 }, () => `*l${level - 1}`).join(", ");
    return `l${level}: &l${level} [${items}]`;
  });
  return lines.join("\n");
}
