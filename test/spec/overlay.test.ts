import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../scripts/diagnostics.js";
import { assembleDocument } from "../../scripts/spec/assemble.js";
import { memory } from "./memory.js";

const DOCUMENT = `openapi: 3.1.0
info:
  title: Vendor
  version: "1"
tags: [a, b]
paths:
  /a:
    get:
      parameters:
        - {name: one, in: query}
        - {name: two, in: query}
        - {name: three, in: query}
  /b:
    get: {summary: B}
`;

const HEAD = 'info: {title: Mine, version: "1"}\n';

async function apply(actions: string, { version = "1.1.0", document = DOCUMENT, top = "" } = {}) {
  const overlay = `overlay: ${version}\n${HEAD}${top}actions:\n${actions}`;
  return await assembleDocument("api.yaml", memory({ "api.yaml": document, "my.overlay.yaml": overlay }), {
    overlays: ["my.overlay.yaml"],
  });
}

function told(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ file, line, column, severity, rule, message, hint }) => {
    return `${file}:${line}:${column} ${severity} ${rule}: ${message}${hint === undefined ? "" : ` → ${hint}`}`;
  });
}

describe("an overlay", () => {
  it.each<{ name: string; actions: string; want: object }>([
    {
      name: "merges maps, appends to lists within them, and replaces single values",
      actions: "  - {target: $, update: {info: {title: New, x-more: {a: 1}}, tags: [c]}}\n",
      want: { info: { title: "New", version: "1", "x-more": { a: 1 } }, tags: ["a", "b", "c"] },
    },
    { name: "appends a value to a list", actions: "  - {target: $.tags, update: c}\n", want: { tags: ["a", "b", "c"] } },
    {
      name: "appends a list to a list",
      actions: "  - {target: $.tags, update: [c, d]}\n",
      want: { tags: ["a", "b", "c", "d"] },
    },
    {
      name: "replaces single values",
      actions: "  - {target: '$.paths.*.get.summary', update: New}\n",
      want: { paths: { "/b": { get: { summary: "New" } } } },
    },
    {
      name: "updates all that a target selects",
      actions: "  - {target: '$.paths.*.get', update: {x-safe: true}}\n",
      want: { paths: { "/a": { get: { "x-safe": true } }, "/b": { get: { "x-safe": true, summary: "B" } } } },
    },
    {
      name: "removes members and items",
      actions:
        "  - {target: \"$..parameters[?@.name == 'two' || @.name == 'one']\", remove: true}\n  - {target: $.tags, remove: true}\n",
      want: { paths: { "/a": { get: { parameters: [{ name: "three", in: "query" }] } } } },
    },
    {
      name: "applies its actions one after the other",
      actions:
        "  - {target: $.tags, remove: true}\n  - {target: $, update: {tags: [z]}}\n  - {target: '$.tags[0]', update: y}\n",
      want: { tags: ["y"] },
    },
    {
      name: "copies a value to where it has to be",
      actions:
        "  - {target: $, update: {paths: {/c: {}}}}\n  - {target: \"$.paths['/c']\", copy: \"$.paths['/b']\"}\n  - {target: \"$.paths['/b']\", remove: true}\n",
      want: { paths: { "/a": {}, "/c": { get: { summary: "B" } } } },
    },
    {
      name: "lets remove go before update",
      actions: "  - {target: $.tags, update: [c], remove: true}\n  - {target: $.info, remove: false}\n",
      want: { info: { title: "Vendor" } },
    },
    {
      name: "keeps the names of prototypes as names",
      actions: "  - {target: $, update: {__proto__: {polluted: true}, constructor: 1}}\n",
      want: { constructor: 1 },
    },
  ])("$name", async ({ actions, want }) => {
    const { document, diagnostics } = await apply(actions);
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject(want);
    expect(document?.root).toSatisfy((root: Record<string, unknown>) => root["polluted"] === undefined);
  });

  it("removes what it removes", async () => {
    const { document } = await apply(
      "  - {target: $.tags, remove: true}\n  - {target: \"$.paths['/a'].get.parameters[1]\", remove: true}\n",
    );
    expect(document?.root).not.toHaveProperty("tags");
    expect(document?.root).toMatchObject({ paths: { "/a": { get: { parameters: [{ name: "one" }, { name: "three" }] } } } });
  });

  it("lets every part be found where it was written", async () => {
    const { document, files } = await apply(
      "  - target: $.info\n    update:\n      title: New\n      x-more: [1]\n  - {target: '$..parameters[0]', remove: true}\n  - {target: '$..parameters', update: {name: four}}\n",
    );
    expect(files.map(({ path }) => path)).toEqual(["api.yaml", "my.overlay.yaml"]);
    expect(document?.locate("/info/title")).toEqual({ file: "my.overlay.yaml", line: 6, column: 14, endColumn: 17 });
    expect(document?.locate("/info/x-more/0")).toMatchObject({ file: "my.overlay.yaml", line: 7 });
    expect(document?.locate("/info/version")).toMatchObject({ file: "api.yaml", line: 4 });
    expect(document?.locate("/info", "key")).toMatchObject({ file: "api.yaml", line: 2 });
    expect(document?.locate("/paths/~1a/get/parameters/0/name")).toMatchObject({ file: "api.yaml", line: 11 });
    expect(document?.locate("/paths/~1a/get/parameters/2/name")).toMatchObject({ file: "my.overlay.yaml", line: 9 });
    expect(document?.locateCharacter("/info/title", 1)).toMatchObject({ file: "my.overlay.yaml", column: 15 });
  });

  it("leaves what aliases share as it is elsewhere", async () => {
    const document = `${DOCUMENT}x-a: &a {n: {m: 1}}\nx-b: *a\n`;
    const applied = await apply("  - {target: $.x-b.n, update: {m: 2}}\n".replace("$.x-b.n", "\"$['x-b'].n\""), { document });
    expect(applied.document?.root).toMatchObject({ "x-a": { n: { m: 1 } }, "x-b": { n: { m: 2 } } });
  });

  it("is applied before references are followed, which are relative to the document", async () => {
    const files = {
      "specs/api.yaml": `${DOCUMENT.replace("/b:", "/c: {$ref: gone.yaml}\n  /b:")}`,
      "specs/schemas/Pet.yaml": "type: object\n",
      "overlays/my.yaml": `overlay: 1.0.0\n${HEAD}extends: ../specs/api.yaml\nactions:\n  - {target: "$.paths['/c']", remove: true}\n  - {target: $, update: {components: {schemas: {Pet: {$ref: schemas/Pet.yaml}}}}}\n`,
    };
    const { document, diagnostics } = await assembleDocument("specs/api.yaml", memory(files), {
      overlays: ["overlays/my.yaml"],
    });
    expect(told(diagnostics)).toEqual([]);
    expect(document?.root).toMatchObject({ components: { schemas: { Pet: { type: "object" } } } });
  });

  it("is one of several, each applied to what those before have left", async () => {
    const overlay = (update: string) => `overlay: 1.0.0\n${HEAD}actions: [{target: $.info, update: ${update}}]\n`;
    const files = { "api.yaml": DOCUMENT, "1.yaml": overlay("{title: One, x-a: 1}"), "2.json": overlay("{title: Two}") };
    const { document } = await assembleDocument("api.yaml", memory(files), { overlays: ["1.yaml", "2.json"] });
    expect(document?.root).toMatchObject({ info: { title: "Two", "x-a": 1 } });
  });

  it.each<{ name: string; actions: string; version?: string; top?: string; want: string[] }>([
    {
      name: "a target that selects nothing",
      actions: "  - {target: $.nothing, update: {}}\n",
      want: ['my.overlay.yaml:4:14 warning overlay-target: "$.nothing" selects nothing'],
    },
    {
      name: "a target that is no JSONPath, at the character",
      actions: "  - {target: $.paths./a, remove: true}\n",
      want: [
        `my.overlay.yaml:4:22 error overlay: "$.paths./a" is no JSONPath: unexpected shorthand selector '/' → names with other characters than letters, digits and _ stand in brackets: $.paths['/users']`,
      ],
    },
    {
      name: "an update of another kind than what it meets",
      actions: "  - {target: $, update: {info: {title: [1]}}}\n  - {target: $.info, update: text}\n",
      want: [
        "my.overlay.yaml:4:40 error overlay: a list cannot be merged into the single value that stands there",
        "my.overlay.yaml:5:30 error overlay: a single value cannot be merged into the map that stands there",
      ],
    },
    {
      name: "targets of several kinds",
      actions: "  - {target: '$.*', update: {}}\n",
      want: [
        "my.overlay.yaml:4:14 error overlay: the target selects single values and maps and lists, and one update fits only one of them",
      ],
    },
    {
      name: "single values before 1.1",
      version: "1.0.0",
      actions: "  - {target: $.info.title, update: New}\n",
      want: [
        "my.overlay.yaml:4:14 error overlay: Overlay 1.0 updates maps and lists, no single values: select the map around it, or write overlay: 1.1.0",
      ],
    },
    {
      name: "copy before 1.1",
      version: "1.0.0",
      actions: "  - {target: $.info, copy: $.paths}\n",
      want: [
        'my.overlay.yaml:4:22 error overlay: "copy" has no meaning here → there are target, description, update, remove',
        "my.overlay.yaml:4:5 error overlay: the action changes nothing → say update or remove",
      ],
    },
    {
      name: "a copy of nothing, and of too much",
      actions: "  - {target: $.info, copy: $.nothing}\n  - {target: $.info, copy: '$.paths.*'}\n",
      want: [
        'my.overlay.yaml:4:28 error overlay: "$.nothing" selects nothing that could be copied',
        'my.overlay.yaml:5:28 error overlay: "$.paths.*" selects 2 values, and copy takes one',
      ],
    },
    {
      name: "the removal of everything",
      actions: "  - {target: $, remove: true}\n",
      want: ["my.overlay.yaml:4:14 error overlay: the whole document cannot be removed"],
    },
    {
      name: "an overlay that was made for another document",
      top: "extends: other.yaml\n",
      actions: "  - {target: $.info, update: {}}\n",
      want: ["my.overlay.yaml:3:10 warning overlay: this overlay was made for other.yaml, and is applied to api.yaml"],
    },
  ])("reports $name", async ({ actions, version, top, want }) => {
    const { diagnostics } = await apply(actions, { ...(version && { version }), ...(top && { top }) });
    expect(told(diagnostics)).toEqual(want);
  });

  it("is reported with everything that is wrong with it at once", async () => {
    const overlay =
      "overlay: 2.0.0\ninfo: {title: 1}\nextends: [a]\nother: 1\nactions:\n  - update: {}\n  - {target: 1, remove: yes}\n  - text\n";
    const files = { "api.yaml": DOCUMENT, "my.yaml": overlay };
    const { document, diagnostics } = await assembleDocument("api.yaml", memory(files), { overlays: ["my.yaml"] });
    expect(document?.root).toMatchObject({ info: { title: "Vendor" } });
    expect(diagnostics.map(({ line, message }) => `${line}: ${message}`).toSorted()).toEqual([
      '1: version "2.0.0" is not read, only Overlay 1.0 and 1.1',
      '2: the member "version" is missing',
      "2: the title is a text",
      "3: extends is a URI reference to the document",
      '4: "other" has no meaning here',
      '6: the member "target" is missing',
      "7: remove is true or false",
      "7: target is a JSONPath, a text that starts with $",
      "7: the action changes nothing",
      "8: an action is a map with a target",
    ]);
  });

  it.each([
    { name: "that is not there", files: {}, want: "the file cannot be read: there is no such file" },
    { name: "that is empty", files: { "my.yaml": "" }, want: "an overlay is a map" },
    { name: "without actions", files: { "my.yaml": `overlay: 1.1.0\n${HEAD}` }, want: 'the member "actions" is missing' },
    { name: "that is malformed", files: { "my.yaml": "a: ]" }, want: 'unexpected flow-seq-end token in YAML stream: "]"' },
  ])("$name forbids generation", async ({ files, want }) => {
    const sources = memory({ "api.yaml": DOCUMENT, ...(files as Record<string, string>) });
    const { diagnostics } = await assembleDocument("api.yaml", sources, { overlays: ["my.yaml"] });
    expect(diagnostics).toMatchObject([{ severity: "error", file: "my.yaml", message: want }]);
  });

  it("looks into no more values than a bound allows", async () => {
    const deep = `${"{a: ".repeat(150)}1${"}".repeat(150)}`;
    const { diagnostics } = await apply("  - {target: '$..[?@..[?@..[?@..nothing]]]', remove: true}\n", {
      document: `${DOCUMENT}x-deep: ${deep}\n`,
    });
    expect(diagnostics).toMatchObject([{ rule: "overlay", message: "the query looks into more values than a document has" }]);
  });

  it.each([
    [
      "copies onto itself",
      Array.from(
        { length: 20 },
        (_, index) => `  - {target: $.x-a, update: {k${index}: {}}}\n  - {target: $.x-a.k${index}, copy: $.x-a}\n`,
      ).join(""),
    ],
    ["puts everywhere", `  - {target: '$.x-b.*', update: {k: [${"1, ".repeat(1000)}1]}}\n`],
  ])("brings no more values than a bound allows, whatever it %s", async (_what, actions) => {
    const document = `${DOCUMENT}x-a: {b: {}}\nx-b: [${"{}, ".repeat(1000)}{}]\n`;
    const { diagnostics } = await apply(actions, { document });
    expect(diagnostics[0]).toMatchObject({
      severity: "error",
      rule: "overlay",
      message: "with this action the overlay brings more than 1000000 values",
    });
  });
});
