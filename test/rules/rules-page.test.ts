import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkConfig } from "../../scripts/config/check.js";
import type { Diagnostic } from "../../scripts/diagnostics.js";
import { mendDocument } from "../../scripts/mend/mend.js";
import { packageFile } from "../../scripts/root.js";
import { advise, check, describeRules } from "../../scripts/rules/index.js";
import { readOwnRules } from "../../scripts/rules/own.js";
import { PROFILES, settingsFaults, settle } from "../../scripts/rules/settings.js";
import { TOOL_RULES } from "../../scripts/rules/tool.js";
import { assembleDocument } from "../../scripts/spec/assemble.js";
import { codeBlocks } from "../project/papers.js";
import { memory } from "../spec/memory.js";
import { api } from "./support.js";

const PAGE = readFileSync(packageFile("docs/rules.md"), "utf8");

const OWN = describeRules().filter(({ id }) => !id.startsWith("redocly"));

/** What these say is not said of a document, so that no document shows it. */
const ABOUT_TOOL = new Set(TOOL_RULES.map(({ id }) => id));

const SECTIONS = [...PAGE.matchAll(/^### (.*)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].map(([, id = "", text = ""]) => ({
  id,
  text,
}));

/** Files by their names; the document is the first. */
type Files = Readonly<Record<string, string>>;

/** An example is a document, several files each of which follows its name, an overlay to a document of lifecycles, or a part of one. */
function examples(text: string, verdict: "bad" | "good"): Files[] {
  return [...text.matchAll(/^```yaml (\w+) (\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, which]) => which === verdict)
    .map(([, , kind, example = ""]): Files => {
      if (kind === "document") return { "a.yaml": example };
      if (kind === "overlay") return { "a.yaml": api(), "a.overlay.yaml": example };
      if (kind !== "files") return { "a.yaml": api({ [String(kind)]: example }) };
      const [document = "", ...others] = example.split(/^# /m);
      return { "a.yaml": document, ...Object.fromEntries(others.map((other) => other.split(/\n([\s\S]*)/))) };
    });
}

async function found(files: Files = {}): Promise<string[]> {
  const overlays = Object.keys(files).filter((name) => name.endsWith(".overlay.yaml"));
  const { document, diagnostics } = await assembleDocument("a.yaml", memory(files), { overlays });
  const mended = document && mendDocument(document);
  const linted = mended === undefined ? [] : [...mended.diagnostics, ...check(mended.document), ...advise(mended.document)];
  return [...diagnostics, ...linted].map(({ rule }) => rule);
}

describe("docs/rules.md", () => {
  it("has a section for every rule of ours, in the order in which they are listed", () => {
    expect(SECTIONS.map(({ id }) => id)).toEqual(OWN.map(({ id }) => id));
  });

  it.each(SECTIONS.filter(({ id }) => !ABOUT_TOOL.has(id)))(
    "shows what $id reports and what it accepts",
    async ({ id, text }) => {
      const [bad, good] = [examples(text, "bad"), examples(text, "good")];
      expect([bad.length, good.length]).toEqual([1, 1]);
      expect(await found(bad[0])).toContain(id);
      expect(await found(good[0])).not.toContain(id);
    },
  );
});

describe("the settings in docs/rules.md", () => {
  const settings = codeBlocks(PAGE, "yaml")
    .map(({ code }) => code)
    .filter((code) => code.startsWith("lint:"));

  it("are a configuration that can be read, and name rules that there are", () => {
    expect(settings).toHaveLength(2);
    for (const text of settings) {
      const { config, diagnostics } = checkConfig("keyturn.config.yaml", `apis: { a: { document: a.yaml } }\n${text}`);
      expect(diagnostics).toEqual([]);
      const { rules = {}, ignore = [] } = config?.lint ?? {};
      expect(settingsFaults({ rules, ignore }, describeRules())).toEqual([]);
    }
  });

  it("hold documents to what they say", async () => {
    const { config } = checkConfig("keyturn.config.yaml", `apis: { a: { document: a.yaml } }\n${settings[1]}`);
    const { document } = await assembleDocument(
      "a.yaml",
      memory({
        "a.yaml": `openapi: 3.1.0
info: { title: A, version: "1" }
paths:
  /Users: { get: { operationId: a, tags: [a, b], responses: {} } }
  /users: { get: { operationId: b, tags: [a], responses: {} } }
components: { securitySchemes: { password: { type: http, scheme: basic } } }
`,
      }),
      {},
    );
    if (document === undefined) throw new Error("the document cannot be read");
    const found = readOwnRules(config?.lint?.own ?? [], []).flatMap((rule) => rule.check(document));
    expect(found.map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual([
      "paths-in-lower-case /paths/~1Users",
      "operations-have-one-tag /paths/~1Users/get",
      "no-basic /components/securitySchemes/password",
    ]);
  });
});

describe("docs/severities.md", () => {
  it("says what each profile makes of each rule; npx vitest run test/rules/rules-page.test.ts -u writes it anew", async () => {
    const rows = describeRules().map(({ id, description, severity, helpUri }) => {
      const found: Diagnostic = { rule: id, severity, message: "", file: "", line: 1, column: 1 };
      const told = PROFILES.map(
        (profile) => settle([found], { profile, rules: {}, ignore: [] }).diagnostics[0]?.severity ?? "off",
      );
      return `| [${id}](${helpUri ?? `rules.md#${id}`}) | ${told.join(" | ")} | ${description} |\n`;
    });
    const head = `# The severity of every rule

What each profile makes of it; [rules.md](rules.md#what-a-project-makes-of-it) says how a project changes that. A rule of which a mild
finding and a grave one are known stands here with the graver one.

| Rule | ${PROFILES.join(" | ")} | What it holds |
| --- | --- | --- | --- | --- |
`;
    await expect(`${head}${rows.join("")}`).toMatchFileSnapshot("../../docs/severities.md");
  });
});

describe("describeRules", () => {
  it("describes every rule that a message is ever given", () => {
    const sources = readdirSync(packageFile("scripts"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const given = sources.flatMap((name) => [
      ...readFileSync(packageFile(`scripts/${name}`), "utf8").matchAll(/\brule: "([^"]+)"/g),
    ]);
    expect(given.length).toBeGreaterThan(2);
    const known = new Set(describeRules().map(({ id }) => id));
    expect(given.map(([, id = ""]) => id).filter((id) => !known.has(id))).toEqual([]);
  });

  it("names every rule once", () => {
    const ids = describeRules().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
