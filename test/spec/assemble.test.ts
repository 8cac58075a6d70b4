import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../scripts/diagnostics.js";
import { assembleDocument } from "../../scripts/spec/assemble.js";
import { object } from "../../scripts/spec/pointer.js";
import { memory } from "./memory.js";

const HEAD = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\n";

async function assemble(files: Record<string, string>, overlays: readonly string[] = []) {
  return await assembleDocument("api.yaml", memory(files), { overlays });
}

function told(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ file, line, column, severity, rule, message }) => `${file}:${line}:${column} ${severity} ${rule}: ${message}`,
  );
}

describe("references between files", () => {
  it("make a part of another file a component of the same name", async () => {
    const { document, diagnostics, files } = await assemble({
      "api.yaml": `${HEAD}paths:\n  /a:\n    get:\n      responses:\n        "200":\n          $ref: "shared/common.yaml#/components/responses/Found"\n`,
      "shared/common.yaml": `components:
  responses:
    Found:
      description: Found.
      content: {application/json: {schema: {$ref: "../schemas/Pet.json"}}}
`,
      "schemas/Pet.json": '{"type": "object", "properties": {"owner": {"$ref": "Person.yaml#/Person"}}}',
      "schemas/Person.yaml": "Person: {type: object, properties: {pet: {$ref: Pet.json}}}\n",
    });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({
      paths: { "/a": { get: { responses: { "200": { $ref: "#/components/responses/Found" } } } } },
      components: {
        responses: { Found: { content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } } },
        schemas: {
          Pet: { type: "object", properties: { owner: { $ref: "#/components/schemas/Person" } } },
          Person: { properties: { pet: { $ref: "#/components/schemas/Pet" } } },
        },
      },
    });
    expect(files.map(({ path }) => path)).toEqual([
      "api.yaml",
      "shared/common.yaml",
      "schemas/Pet.json",
      "schemas/Person.yaml",
    ]);
    expect(document?.locate("/components/schemas/Person/properties/pet")).toEqual({
      file: "schemas/Person.yaml",
      line: 1,
      column: 42,
      endColumn: 58,
    });
    expect(document?.locate("/components/responses/Found/description", "key")).toMatchObject({
      file: "shared/common.yaml",
      line: 4,
    });
    expect(document?.locate("/paths/~1a/get", "key")).toMatchObject({ file: "api.yaml", line: 5 });
  });

  it("let a path item of another file take the place of the reference, beside what stands there", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}paths:\n  /a: {$ref: paths/a.yaml, summary: Mine}\n  /b: {$ref: "./paths/all.yaml#/~1b"}\n`,
      "paths/a.yaml": "summary: Theirs\nget:\n  operationId: getA\n  parameters:\n    - $ref: ../parameters.yaml#/limit\n",
      "paths/all.yaml": "/b: {$ref: deeper/b.yaml}\n",
      "paths/deeper/b.yaml": "get: {operationId: getB}\n",
      "parameters.yaml": "limit: {name: limit, in: query, schema: {type: integer}}\n",
    });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({
      paths: {
        "/a": { summary: "Mine", get: { operationId: "getA", parameters: [{ $ref: "#/components/parameters/limit" }] } },
        "/b": { get: { operationId: "getB" } },
      },
      components: { parameters: { limit: { name: "limit" } } },
    });
    expect(document?.locate("/paths/~1a/get/operationId")).toMatchObject({ file: "paths/a.yaml", line: 3 });
    expect(document?.locate("/paths/~1b/get/operationId")).toMatchObject({ file: "paths/deeper/b.yaml", line: 1 });
  });

  it("let whole maps stand in files of their own, whose entries are components under their own names", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}paths: {$ref: paths/index.yaml}\ncomponents: {schemas: {$ref: schemas/index.yaml}}\n`,
      "paths/index.yaml":
        "/a: {get: {responses: {default: {description: D, content: {a/b: {schema: {$ref: ../schemas/Dog.yaml}}}}}}}\n",
      "schemas/index.yaml": "Hound: {$ref: ./Dog.yaml}\nCat: {type: string}\n",
      "schemas/Dog.yaml": "type: object\n",
    });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({
      paths: {
        "/a": { get: { responses: { default: { content: { "a/b": { schema: { $ref: "#/components/schemas/Hound" } } } } } } },
      },
      components: { schemas: { Hound: { type: "object" }, Cat: { type: "string" } } },
    });
  });

  it("give what is brought in the name of the component that stands for it", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}components:\n  schemas:\n    Animal: {$ref: pet.yaml}\n    Zoo: {items: {$ref: pet.yaml}}\n`,
      "pet.yaml": "type: object\nproperties: {parent: {$ref: '#'}, again: {$ref: 'api.yaml#/components/schemas/Zoo'}}\n",
    });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({
      components: {
        schemas: {
          Animal: {
            type: "object",
            properties: { parent: { $ref: "#/components/schemas/Animal" }, again: { $ref: "#/components/schemas/Zoo" } },
          },
          Zoo: { items: { $ref: "#/components/schemas/Animal" } },
        },
      },
    });
  });

  it("give a name that is taken a suffix, with a warning", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}components:\n  schemas:\n    Error: {type: string}\n    A: {items: {$ref: "b.yaml#/components/schemas/Error"}}\n`,
      "b.yaml": "components: {schemas: {Error: {type: object}}}\n",
    });
    expect(document?.root).toMatchObject({
      components: { schemas: { A: { items: { $ref: "#/components/schemas/Error_2" } }, Error_2: { type: "object" } } },
    });
    expect(told(diagnostics)).toEqual([
      'api.yaml:6:23 warning reference-name: another of the schemas is called "Error", so this one of b.yaml is called "Error_2"',
    ]);
  });

  it("keep what leads deep into a component of another file", async () => {
    const { document } = await assemble({
      "api.yaml": `${HEAD}components: {schemas: {A: {$ref: "b.yaml#/components/schemas/B/properties/c%20d~1e"}}}\n`,
      "b.yaml": 'components: {schemas: {B: {properties: {"c d/e": {type: integer}}}}}\n',
    });
    expect(document?.root).toMatchObject({
      components: { schemas: { A: { $ref: "#/components/schemas/B/properties/c d~1e" } } },
    });
    expect(document?.dereference({ $ref: "#/components/schemas/A" })).toEqual({ type: "integer" });
  });

  it("are followed in nothing that is data", async () => {
    const data = "{$ref: none.yaml}";
    const text = `${HEAD}x-mine: ${data}
components:
  schemas:
    A: {default: ${data}, enum: [${data}], const: ${data}, example: ${data}, examples: [${data}], x-mine: ${data}}
    B: {properties: {default: {$ref: b.yaml}, example: {type: string}}}
  examples:
    A: {value: ${data}, externalValue: none.json}
    B: {$ref: b.yaml}
  parameters:
    A: {name: a, in: query, example: ${data}, examples: {a: {value: ${data}}}}
`;
    const { document, diagnostics } = await assemble({ "api.yaml": text, "b.yaml": `value: ${data}\n` });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({
      "x-mine": { $ref: "none.yaml" },
      components: {
        schemas: { A: { default: { $ref: "none.yaml" }, examples: [{ $ref: "none.yaml" }] }, b: {} },
        examples: { B: { value: { $ref: "none.yaml" } } },
      },
    });
  });

  it("rewrite the mappings of discriminators, by file and by name", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}components:
  schemas:
    Cat: {type: object}
    Pet:
      oneOf: [{$ref: "pets.yaml#/components/schemas/Cat"}, {$ref: "dog.yaml"}]
      discriminator: {propertyName: kind, mapping: {cat: "pets.yaml#/components/schemas/Cat", dog: dog.yaml, own: Cat, none: Bird}}
    Theirs: {$ref: "pets.yaml#/components/schemas/Pet"}
`,
      "pets.yaml": `components:
  schemas:
    Cat: {type: string}
    Pet: {oneOf: [{$ref: "#/components/schemas/Cat"}], discriminator: {propertyName: kind, mapping: {cat: Cat}}}
`,
      "dog.yaml": "type: object\n",
    });
    expect(diagnostics.map(({ rule }) => rule)).toEqual(["reference-name"]);
    expect(document?.root).toMatchObject({
      components: {
        schemas: {
          Pet: {
            discriminator: {
              mapping: { cat: "#/components/schemas/Cat_2", dog: "#/components/schemas/dog", own: "Cat", none: "Bird" },
            },
          },
          Theirs: { discriminator: { mapping: { cat: "#/components/schemas/Cat_2" } } },
        },
      },
    });
  });

  it("find parts by $anchor and $id", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}components:
  schemas:
    A: {$anchor: here, $id: "https://example.com/a", type: string, $defs: {E: {type: boolean}}}
    B: {$ref: "#here"}
    C: {$ref: "b.yaml#there"}
    D: {$ref: "https://example.com/a"}
    F: {$ref: "https://example.com/a#"}
    G: {$ref: "https://example.com/a#here"}
    H: {$ref: "https://example.com/a#/$defs/E"}
`,
      "b.yaml": "$defs: {Far: {$anchor: there, type: integer}}\n",
    });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({
      components: {
        schemas: {
          B: { $ref: "#/components/schemas/A" },
          C: { type: "integer" },
          D: { $ref: "#/components/schemas/A" },
          F: { $ref: "#/components/schemas/A" },
          G: { $ref: "#/components/schemas/A" },
          H: { $ref: "#/components/schemas/A/$defs/E" },
        },
      },
    });
  });

  it("that lead to nothing are warnings at the reference, and are left so that nobody follows them", async () => {
    const { document, diagnostics, missing } = await assemble({
      "api.yaml": `${HEAD}components:
  schemas:
    A: {$ref: none.yaml}
    B: {$ref: "b.yaml#/nowhere"}
    C: {$ref: b.yaml}
    D: {$ref: "#nobody"}
    E: {$ref: "%zz"}
    F: {$ref: "#/components/schemas/Gone"}
`,
      "b.yaml": "type: object\nproperties: {a: {$ref: '#/nowhere'}, b: {$ref: 'api.yaml#/nowhere'}}\n",
    });
    expect(told(diagnostics)).toEqual([
      'api.yaml:5:15 warning local-reference: "none.yaml" leads to nothing that can be read: there is no such file',
      'api.yaml:6:15 warning local-reference: "b.yaml#/nowhere" leads nowhere in b.yaml',
      'api.yaml:8:15 warning local-reference: "#nobody" names nothing in this file',
      'api.yaml:9:15 warning local-reference: "%zz" is no reference',
      'b.yaml:2:24 warning local-reference: "#/nowhere" leads nowhere in this file',
    ]);
    expect(missing).toEqual(["none.yaml"]);
    const { schemas } = object(object(document?.root)["components"]) as { schemas: Record<string, { properties?: object }> };
    for (const value of [
      ...Object.values(schemas).filter((schema) => "$ref" in schema),
      ...Object.values(schemas["C"]?.properties ?? {}),
    ]) {
      expect(document?.dereference(value)).toBeUndefined();
    }
  });

  it("that would have to stand within what they stand for are told and left", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}paths: {/a: {$ref: a.yaml}, /b: {$ref: b.yaml}}\n`,
      "a.yaml": "post:\n  callbacks: {done: {'{$url}': {$ref: a.yaml}}}\n",
      "b.yaml": "$ref: b.yaml\n",
    });
    expect(told(diagnostics)).toEqual([
      'a.yaml:2:39 warning local-reference: "a.yaml" would have to stand within what it stands for',
      'b.yaml:1:7 warning local-reference: "b.yaml" would have to stand within what it stands for',
    ]);
    expect(document?.root).toMatchObject({
      paths: { "/a": { post: { callbacks: { done: { "{$url}": { $ref: "a.yaml" } } } } }, "/b": { $ref: "b.yaml" } },
    });
  });

  it("that multiply are put in no more places than a document may have", async () => {
    const levels = Array.from({ length: 30 }, (_, level): [string, string] => {
      const next = `{$ref: l${level + 1}.yaml}`;
      return [`l${level}.yaml`, `a: ${next}\nb: ${next}\nc: ${next}\n`];
    });
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}info2: {$ref: l0.yaml}\n`,
      ...Object.fromEntries(levels),
      "l30.yaml": "a: 1\n",
    });
    expect(document).toBeDefined();
    expect(new Set(diagnostics.map(({ rule, message }) => `${rule}: ${message.replace(/^"l\d+\.yaml"/, "it")}`))).toEqual(
      new Set(["local-reference: it stands where more has been brought in than a document may hold"]),
    );
  });

  it("lead through no more files than a bound allows", async () => {
    const files = Array.from({ length: 2_100 }, (_, index): [string, string] => {
      return [`f${index}.yaml`, `properties: {next: {$ref: f${index + 1}.yaml}}\n`];
    });
    const { diagnostics, files: read } = await assemble({
      "api.yaml": `${HEAD}components: {schemas: {A: {$ref: f0.yaml}}}\n`,
      ...Object.fromEntries(files),
    });
    expect(read.length).toBeLessThanOrEqual(2_000);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '"f1999.yaml" leads to nothing that can be read: more than 2000 files belong to this document',
    ]);
  });

  it("into a malformed file tell what is wrong with the file", async () => {
    const { diagnostics } = await assemble({
      "api.yaml": `${HEAD}components: {schemas: {A: {$ref: b.yaml}}}\n`,
      "b.yaml": 'a: "\\q"\n',
    });
    expect(told(diagnostics)).toEqual([
      "b.yaml:1:5 error syntax: invalid escape sequence \\q",
      'api.yaml:3:34 warning local-reference: "b.yaml" leads to nothing that can be read: the file is malformed',
    ]);
  });

  it("keep the names of prototypes as names", async () => {
    const { document, diagnostics } = await assemble({
      "api.yaml": `${HEAD}components: {schemas: {A: {$ref: "b.yaml#/__proto__"}, B: {$ref: "b.yaml#/constructor"}}}\n`,
      "b.yaml": "__proto__: {type: string, properties: {__proto__: {$ref: '#/__proto__'}}}\n",
    });
    expect(told(diagnostics)).toEqual(['api.yaml:3:66 warning local-reference: "b.yaml#/constructor" leads nowhere in b.yaml']);
    const { schemas } = object(object(document?.root)["components"]) as { schemas: { A: { properties: object } } };
    expect(Object.entries(schemas.A.properties)).toEqual([["__proto__", { $ref: "#/components/schemas/A" }]]);
  });

  it("copy nothing of a document that has no others", async () => {
    const text = `${HEAD}paths: {/a: {get: {responses: {}}}}\n`;
    const { document, files, missing } = await assemble({ "api.yaml": text });
    expect(document?.text).toBe(text);
    expect([files, missing]).toEqual([[{ path: "api.yaml", text }], []]);
  });

  it("need a document that can be read", async () => {
    const { document, diagnostics, files } = await assemble({});
    expect([document, files]).toEqual([undefined, []]);
    expect(told(diagnostics)).toEqual(["api.yaml:1:1 error syntax: the file cannot be read: there is no such file"]);
  });
});
