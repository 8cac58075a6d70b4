/** Handlebars is silent about a misspelt name within `#if` and `#each`, so each template is walked beside the view that it gets. */

import Handlebars from "handlebars";
import { describe, expect, test } from "vitest";
import type { ApiModel } from "../../scripts/model/model.js";
import { HELPERS } from "../../scripts/render/helpers.js";
import { compileTemplates, loadTemplates } from "../../scripts/render/templates.js";
import { clientView, lifecycleView, operationsView, readmeView, schemaView } from "../../scripts/render/views.js";
import { packageFile } from "../../scripts/root.js";
import { modelOf } from "../support/render-document.js";

const { templates, partials } = loadTemplates(packageFile("templates"));

const options = { runtime: "keyturn", command: "npx keyturn generate", hasType: () => true };
const VIEWS: Readonly<Record<string, (model: ApiModel) => object>> = {
  "schema.ts": (model) => schemaView(model, options.command, "export type paths = never;"),
  "operations.ts": (model) => operationsView(model, options),
  "lifecycle.ts": (model) => lifecycleView(model, options),
  "client.ts": (model) => clientView(model, options),
  "index.ts": (model) => clientView(model, options),
  "README.md": (model) => readmeView(model, options),
};

describe("the templates", () => {
  test("are one for each file that is generated", () => {
    expect(Object.keys(templates).sort()).toEqual(Object.keys(VIEWS).sort());
  });

  test.each(Object.keys(templates))("%s names nothing that its view does not have", (file) => {
    const walk = new Walk();
    walk.program(parse(templates[file]!), [VIEWS[file]!(modelOf(everything))]);
    expect(walk.faults).toEqual([]);
    expect(walk.unvisited).toEqual([]);
  });

  test("are looked into wherever a name can stand", () => {
    const walk = new Walk();
    const source = "{{#if a}}{{#each b}}{{str c}}{{/each}}{{else}}{{#each none}}{{str d}}{{/each}}{{/if}}";
    walk.program(parse(source), [{ a: true, b: [{}], none: [] }]);
    expect(walk.faults).toEqual(["c, line 1"]);
    expect(walk.unvisited).toEqual(["none, line 1"]);
  });

  test.each(Object.entries({ ...templates, ...partials }))("%s prints every value with a helper", (_name, source) => {
    expect(bareExpressions(parse(source))).toEqual([]);
  });

  test.each([
    ["a misspelt value", "{{str nmae}}"],
    ["a misspelt helper", "{{sting name}}"],
    ["a misspelt partial", "{{> baner}}"],
  ])("throw over %s", (_fault, source) => {
    const run = () => compileTemplates({ templates: { "x.ts": source }, partials })("x.ts", { name: "x" });
    expect(run).toThrow();
  });

  test.each([
    ["{{str value}}", 7],
    ["{{ident value}}", "not an identifier"],
    ["{{ident value}}", "class"],
    ["{{source value}}", "text of a document"],
    ["{{number value}}", "1"],
  ])("throw when %s is given %j", (source, value) => {
    const run = () => compileTemplates({ templates: { "x.ts": source }, partials })("x.ts", { value });
    expect(run).toThrow(TypeError);
  });
});

function parse(source: string): hbs.AST.Program {
  return Handlebars.parse(source);
}

/** Expressions that would print a value as it is. */
function bareExpressions(program: hbs.AST.Program): string[] {
  return program.body.flatMap((node) => {
    if (isBlock(node)) return [node.program, ...(node.inverse ? [node.inverse] : [])].flatMap(bareExpressions);
    if (node.type !== "MustacheStatement") return [];
    const { path, params, escaped } = node as hbs.AST.MustacheStatement;
    const name = (path as hbs.AST.PathExpression).original;
    return escaped && params.length > 0 && name in HELPERS ? [] : [`${name}, line ${node.loc.start.line}`];
  });
}

/** Follows a template through every element of the lists in its view. */
class Walk {
  readonly faults: string[] = [];
  readonly #visited = new Map<string, boolean>();

  /** Lists that were empty all the time, so that what is printed for their elements was never looked at. */
  get unvisited(): string[] {
    return [...this.#visited].filter(([, visited]) => !visited).map(([list]) => list);
  }

  program(program: hbs.AST.Program, contexts: readonly unknown[]): void {
    for (const node of program.body) for (const context of contexts) this.#statement(node, context);
  }

  #statement(node: hbs.AST.Statement, context: unknown): void {
    if (isBlock(node)) this.#block(node, context);
    else if (node.type === "MustacheStatement") this.#values((node as hbs.AST.MustacheStatement).params, context);
    else if (node.type === "PartialStatement") {
      const { name, params } = node as hbs.AST.PartialStatement;
      const partial = partials[(name as hbs.AST.PathExpression).original];
      const [inner] = this.#values(params, context);
      this.program(parse(partial ?? ""), [inner]);
    }
  }

  #block({ path, params, program, inverse, loc }: hbs.AST.BlockStatement, context: unknown): void {
    const [subject] = this.#values(params, context);
    const isEach = (path as hbs.AST.PathExpression).original === "each";
    const inner = isEach ? (subject as readonly unknown[]) : [context];
    const list = `${(params[0] as hbs.AST.PathExpression).original}, line ${loc.start.line}`;
    this.#visited.set(list, this.#visited.get(list) === true || inner.length > 0);
    this.program(program, inner);
    if (inverse) this.program(inverse, [context]);
  }

  #values(expressions: readonly hbs.AST.Expression[], context: unknown): unknown[] {
    return expressions.map((expression) => {
      const { type, parts, original, data, loc } = expression as hbs.AST.PathExpression;
      if (type !== "PathExpression" || data) return undefined;
      let value: unknown = context;
      for (const part of parts) {
        const holder = value as Record<string, unknown>;
        if (typeof value !== "object" || value === null || !(part in holder)) {
          this.faults.push(`${original}, line ${loc.start.line}`);
          return undefined;
        }
        value = holder[part];
      }
      return value;
    });
  }
}

function isBlock(node: hbs.AST.Statement): node is hbs.AST.BlockStatement {
  return node.type === "BlockStatement";
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
