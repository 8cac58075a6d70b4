/** Templates are read before they run, beside the shapes of their views; and the views have the shapes that are told of them. */

import { describe, expect, test } from "vitest";
import type { ApiModel } from "../../scripts/model/model.js";
import { ALLOWED } from "../../scripts/render/allowed.js";
import { HELPERS, SourceText } from "../../scripts/render/helpers.js";
import { ADDED, SHAPES, type Shape, type ViewShape } from "../../scripts/render/shapes.js";
import { compileTemplates, loadTemplates, TemplateError } from "../../scripts/render/templates.js";
import { clientView, documentView, lifecycleView, operationsView, readmeView, schemaView } from "../../scripts/render/views.js";
import { packageFile } from "../../scripts/root.js";
import { modelOf } from "../support/render-document.js";

const sources = loadTemplates(packageFile("templates"));
const BANNER = "{{> banner origin}}\n";

const options = { runtime: "keyturn", command: "npx keyturn generate", hasType: () => true };
const VIEWS: Readonly<Record<string, (model: ApiModel) => object>> = {
  "schema.ts": (model) => schemaView(model, options.command, "export type paths = never;"),
  "operations.ts": (model) => operationsView(model, options),
  "lifecycle.ts": (model) => lifecycleView(model, options),
  "client.ts": (model) => clientView(model, options),
  "index.ts": (model) => clientView(model, options),
  "README.md": (model) => readmeView(model, options),
};

/** What the audit says of a template of the project's own. */
function faultsOf(text: string, file = "own.ts", partials: Readonly<Record<string, string>> = {}): string[] {
  const own = {
    templates: { [file]: { file: `mine/${file}.hbs`, text } },
    partials: Object.fromEntries(
      Object.entries(partials).map(([name, text]) => [name, { file: `mine/partials/${name}.hbs`, text }]),
    ),
  };
  try {
    compileTemplates({ ...sources, own });
    return [];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return error.message.split("\n");
  }
}

describe("the templates", () => {
  test("are one for each file that is generated", () => {
    expect(Object.keys(sources.templates).sort()).toEqual(Object.keys(VIEWS).sort());
    expect(Object.keys(SHAPES).sort()).toEqual(Object.keys(VIEWS).sort());
  });

  test("have an entry for each helper", () => {
    expect(Object.keys(ALLOWED).sort()).toEqual(Object.keys(HELPERS).sort());
  });

  test.each([
    [
      "a bare expression",
      "{{client.name}}",
      '3:1 "client.name" stands there bare, whatever the document says; {{str client.name}} as a string',
    ],
    ["one without escapes", "{{{client.name}}}", '3:1 "client.name" would be printed as it is'],
    ["one without escapes, in the other way", "{{&client.name}}", '3:1 "client.name" would be printed as it is'],
    ["a helper without escapes", "{{{str client.name}}}", '3:1 "str" would be printed as it is'],
    ["a misspelt value", "{{str client.nmae}}", '3:7 there is no "nmae" here; did you mean "name"?'],
    ["a misspelt value in a condition", "{{#if client.nmae}}{{/if}}", '3:7 there is no "nmae" here'],
    ["a misspelt value in a list", "{{#each operations.operation}}{{/each}}", 'did you mean "operations"?'],
    ["a misspelt value of an element", "{{#each operations.operations}}{{str nmae}}{{/each}}", 'there is no "nmae" here'],
    ["a list that is none", "{{#each client}}{{/each}}", '"client" is view and no list'],
    ["a misspelt helper", "{{strr client.name}}", '3:1 there is no helper "strr"; did you mean "str"?'],
    ["a misspelt partial", "{{> baner}}", '3:1 there is no partial "baner"; did you mean "banner"?'],
    ["a helper of another kind", "{{str operations}}", '"str" prints text, and "operations" is view'],
    ["a document's text as code", "{{source client.name}}", '"source" prints code, and "client.name" is text'],
    ["an option that there is not", "{{literal client.name colour=1}}", '"literal" has no option "colour"'],
    ["a helper within another", "{{str (str client.name)}}", "a helper within another is no value of a view"],
    ["the constructor", "{{str client.constructor}}", 'there is no "constructor" here'],
    ["the prototype", "{{#each client.__proto__}}{{/each}}", 'there is no "__proto__" here'],
    ["lookup", '{{lookup client "name"}}', 'there is no helper "lookup"'],
    ["log", "{{log client.name}}", 'there is no helper "log"'],
    ["with", "{{#with client}}{{str name}}{{/with}}", 'there is no block "with"'],
    ["a block of a helper", "{{#str client.name}}{{/str}}", 'there is no block "str"'],
    [
      "a name for an element",
      "{{#each operations.operations as |one|}}x{{/each}}",
      "a block gives its value no name of its own",
    ],
    ["the root", "{{str @root.client.name}}", '"@root.client.name" means nothing here'],
    ["an element outside of a list", "{{#if @first}}{{/if}}", '"@first" means nothing here'],
    ["a way out of the view", "{{str ../client.name}}", '"../client.name" leads out of the view'],
    ["a partial by a computed name", "{{> (lookup . 'x')}}", "the name of a partial is not computed"],
    ["a partial of its own", '{{#*inline "x"}}{{/inline}}', "templates have no decorators or partials of their own"],
    ["a partial with a block", "{{#> banner}}{{/banner}}", "templates have no partials with a block"],
    ["a decorator", "{{* x}}", "templates have no decorators"],
    ["what does not parse", "{{#if client.name}}", "does not parse"],
  ])("refuse %s", (_what, text, fault) => {
    const [first, ...more] = faultsOf(`${BANNER}\n${text}`);
    expect(first).toContain(fault);
    expect(first).toMatch(/^mine\/own\.ts\.hbs:\d+:\d+ /);
    expect(more).toEqual([]);
  });

  test("refuse everything that is wrong at once", () => {
    expect(faultsOf("{{a}}\n{{{b}}}\n{{#each c}}{{/each}}\n{{> d}}")).toHaveLength(4);
  });

  test("refuse a fault in a partial, at its place there", () => {
    expect(faultsOf(`${BANNER}{{> mine client}}`, "own.ts", { mine: "{{str name}}\n{{nmae}}" })).toEqual([
      expect.stringMatching(/^mine\/partials\/mine\.hbs:2:3 there is no "nmae" here/),
    ]);
  });

  test("refuse a partial that prints itself", () => {
    expect(faultsOf(`${BANNER}{{> a}}`, "own.ts", { a: "{{> b}}", b: "{{> a}}" })).toEqual([
      expect.stringMatching(/^mine\/partials\/b\.hbs:1:1 the partial "a" would print itself/),
    ]);
  });

  test.each(["own.js", "own.html", ".hidden.ts", "own", "../own.ts", "a b.ts", "Client.ts", "readme.md"])(
    "do not make a file named %s",
    (file) => expect(faultsOf(BANNER, file)).toEqual([expect.stringMatching(/rename the template/)]),
  );

  test("throw when a value is not what its helper prints", () => {
    expect(() => HELPERS.str(7)).toThrow(TypeError);
    expect(() => HELPERS.ident("not an identifier")).toThrow(TypeError);
    expect(() => HELPERS.ident("class")).toThrow(TypeError);
    expect(() => HELPERS.source("text of a document")).toThrow(TypeError);
    expect(() => HELPERS.number("1")).toThrow(TypeError);
  });
});

describe("the view", () => {
  test.each(Object.keys(VIEWS))("of %s has the fields that are told, and no others", (file) => {
    expect(differences(VIEWS[file]!(modelOf(everything)), SHAPES[file] as ViewShape, file)).toEqual([]);
  });

  test("of an added file has the fields that are told, and no others", () => {
    expect(differences(documentView(modelOf(everything), options), ADDED, "own")).toEqual([]);
  });
});

/** Where a value is not of a shape. A list must have elements, so that what is told of them is seen. */
function differences(value: unknown, shape: Shape, place: string): string[] {
  if (shape.kind === "view") {
    const view = value as Readonly<Record<string, unknown>>;
    const names = [...new Set([...Object.keys(view), ...Object.keys(shape.fields)])];
    return names.flatMap((name) => {
      const field = shape.fields[name];
      if (field === undefined) return [`${place}.${name} is not told`];
      return name in view ? differences(view[name], field, `${place}.${name}`) : [`${place}.${name} is not there`];
    });
  }
  if (shape.kind === "list") {
    if (!Array.isArray(value)) return [`${place} is no list`];
    const found = value.map((element) => differences(element, shape.each, `${place}[]`));
    return found.length === 0 && !place.endsWith("presented[].states") && !place.endsWith("presented[].transitions")
      ? [`${place} is empty`]
      : [...new Set(found.flat())].filter((one) => !one.endsWith("[] is empty") && !found.some((each) => each.length === 0));
  }
  const isOfKind = {
    text: typeof value === "string",
    flag: typeof value === "boolean",
    number: typeof value === "number" || value === undefined,
    code: value instanceof SourceText,
    type: typeof value === "object",
    data: value !== undefined,
  }[shape.kind];
  return isOfKind ? [] : [`${place} is not ${shape.kind}`];
}

/** A document that fills every list of every view. */
const everything = {
  openapi: "3.1.0",
  info: { title: "Everything", version: "1", description: "One.\n\nTwo." },
  externalDocs: { url: "https://example.com" },
  servers: [{ url: "https://a.example", description: "A." }, { url: "https://b.example" }],
  security: [{ token: [], key: [] }],
  paths: {
    "/token": {
      post: {
        operationId: "token",
        security: [],
        externalDocs: { url: "https://example.com/token" },
        responses: {
          200: { description: "OK." },
          202: { description: "Ask.", content: { "application/json": { schema: { type: "object" } } } },
        },
      },
    },
    "/things": { get: { operationId: "things", deprecated: true, responses: { 200: { description: "OK." } } } },
  },
  components: {
    securitySchemes: {
      key: { type: "apiKey", in: "header", name: "X-Key", description: "The key." },
      token: {
        type: "http",
        scheme: "bearer",
        description: "The token.",
        "x-token-lifecycle": {
          inputs: { type: "object", required: ["user"], properties: { user: { type: "string", description: "Who." } } },
          obtain: {
            operationId: "token",
            requestBody: { payload: { user: "$inputs.user" } },
            outputs: { accessToken: "$response.body#/token" },
            successCriteria: "$statusCode == 200",
            onFailure: { challenge: "$statusCode == 202" },
          },
        },
      },
    },
  },
};
