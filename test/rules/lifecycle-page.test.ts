import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { packageFile } from "../../scripts/root.js";
import { check, lint } from "../../scripts/rules/index.js";
import { load } from "./support.js";

const PAGE = readFileSync(packageFile("docs/lifecycle.md"), "utf8");
const SCHEMA = JSON.parse(readFileSync(packageFile("src/lifecycle/lifecycle.schema.json"), "utf8"));

/** Every fenced example, with the kind that stands behind `yaml` and the line on which it begins. */
const EXAMPLES = [...PAGE.matchAll(/^```yaml(.*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: kind = "", 2: text = "" }) => ({
  kind: kind.trim(),
  text,
  line: PAGE.slice(0, index).split("\n").length,
}));

const HEAD = { openapi: "3.1.0", info: { title: "Example", version: "1" } };

/** An example as a document of its own. What it refers to is not there, so only its own structure can be checked. */
function asDocument(kind: string, text: string): string {
  const value = parse(text);
  const lifecycle = (content: unknown) => ({
    ...HEAD,
    components: { securitySchemes: { user: { type: "http", scheme: "bearer", "x-token-lifecycle": content } } },
  });
  switch (kind) {
    case "document":
      return text;
    case "lifecycle":
      return stringify(lifecycle(value));
    case "value":
      return stringify(lifecycle({ obtain: { operationId: "a", requestBody: { payload: value } } }));
    case "parameter":
      return stringify({ ...HEAD, components: { parameters: { A: value } } });
    case "server":
      return stringify({ ...HEAD, servers: [value] });
    default:
      throw new Error(`there is no kind of example called "${kind}"`);
  }
}

const ABOUT_ITSELF = /^(?:lifecycle-(?:schema|expression|duration|apply|criterion-body)|fill-.*|server-name|known-extension)$/;

describe("docs/lifecycle.md", () => {
  it.each(EXAMPLES)("holds a right example of a $kind in line $line", ({ kind, text }) => {
    const found = check(load(asDocument(kind, text))).filter(({ rule }) => ABOUT_ITSELF.test(rule));
    expect(found.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });

  it("opens with a document that lint has nothing to say of", async () => {
    const [whole] = EXAMPLES.filter(({ kind }) => kind === "document");
    expect(await lint(load(whole?.text ?? ""))).toEqual([]);
  });

  it.each(["lifecycle", "call", "chain"])("has a section with an example for every member of a %s", (definition) => {
    for (const name of Object.keys(SCHEMA.$defs[definition].properties)) {
      const section = PAGE.split(`\n### \`${name}\``)[1]?.split(/\n##+ /)[0] ?? "";
      expect(section, name).toContain("```yaml lifecycle");
    }
  });

  it.each(["function", "refreshToken", "rejected", "expiryIn", "expiryAt", "apply"])(
    "names every member of %s",
    (definition) => {
      for (const name of Object.keys(SCHEMA.$defs[definition].properties)) expect(PAGE).toContain(`\`${name}`);
    },
  );

  it("says of everything that comes later that it does", () => {
    const [, later = ""] = PAGE.split("## What comes later");
    for (const [, names = ""] of JSON.stringify(SCHEMA).matchAll(/"x-later":\[([^\]]*)\]/g)) {
      for (const name of names.replaceAll('"', "").split(",")) {
        if (name !== "authorization_code") expect(later).toMatch(new RegExp(`[\` ]${name}\``));
      }
    }
  });

  it("links to sections that there are", () => {
    const anchors = [...PAGE.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .trim()
        .replaceAll(" ", "-"),
    );
    for (const [, anchor] of PAGE.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors).toContain(anchor);
  });
});
