import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../scripts/diagnostics.js";
import { mendDocument } from "../../scripts/mend/mend.js";
import { packageFile } from "../../scripts/root.js";
import { advise, check, describeRules } from "../../scripts/rules/index.js";
import { loadDocument } from "../../scripts/spec/document.js";
import { api } from "./support.js";

const PAGE = readFileSync(packageFile("docs/rules.md"), "utf8");

const OWN = describeRules().filter(({ id }) => !id.startsWith("redocly"));

const SECTIONS = [...PAGE.matchAll(/^### (.*)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].map(([, id = "", text = ""]) => ({
  id,
  text,
}));

function examples(text: string, verdict: "bad" | "good"): string[] {
  return [...text.matchAll(/^```yaml (\w+) (\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, which]) => which === verdict)
    .map(([, , kind, example = ""]) => (kind === "document" ? example : api({ [String(kind)]: example })));
}

function found(text: string): readonly Diagnostic[] {
  const { document, diagnostics } = loadDocument("a.yaml", text);
  if (document === undefined) return diagnostics;
  const mended = mendDocument(document);
  return [...diagnostics, ...mended.diagnostics, ...check(mended.document), ...advise(mended.document)];
}

describe("docs/rules.md", () => {
  it("has a section for every rule of ours, in the order in which they are listed", () => {
    expect(SECTIONS.map(({ id }) => id)).toEqual(OWN.map(({ id }) => id));
  });

  it.each(SECTIONS)("shows what $id reports and what it accepts", ({ id, text }) => {
    const [bad, good] = [examples(text, "bad"), examples(text, "good")];
    expect([bad.length, good.length]).toEqual([1, 1]);
    expect(found(bad[0] ?? "").map(({ rule }) => rule)).toContain(id);
    expect(found(good[0] ?? "").map(({ rule }) => rule)).not.toContain(id);
  });
});

describe("describeRules", () => {
  it("names every rule once", () => {
    const ids = describeRules().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
