import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mendDocument } from "../../scripts/mend/mend.js";
import { packageFile } from "../../scripts/root.js";
import { advise, check, describeRules } from "../../scripts/rules/index.js";
import { assembleDocument } from "../../scripts/spec/assemble.js";
import { memory } from "../spec/memory.js";
import { api } from "./support.js";

const PAGE = readFileSync(packageFile("docs/rules.md"), "utf8");

const OWN = describeRules().filter(({ id }) => !id.startsWith("redocly"));

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

  it.each(SECTIONS)("shows what $id reports and what it accepts", async ({ id, text }) => {
    const [bad, good] = [examples(text, "bad"), examples(text, "good")];
    expect([bad.length, good.length]).toEqual([1, 1]);
    expect(await found(bad[0])).toContain(id);
    expect(await found(good[0])).not.toContain(id);
  });
});

describe("describeRules", () => {
  it("names every rule once", () => {
    const ids = describeRules().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
