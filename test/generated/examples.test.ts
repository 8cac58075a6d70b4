/** The examples above generated methods are code that compiles, and the words above them show where a caller looks. */

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as TypeScript from "typescript";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { compileErrors, STRICTEST } from "../support/compile.js";

const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;

const GENERATED = packageFile("generated");
const apis = readdirSync(GENERATED);

describe.each(apis)("the examples of %s", (api) => {
  test("compile", { timeout: 60_000 }, () => {
    const examples = ["operations.ts", "client.ts"].flatMap((file) => examplesIn(path.join(GENERATED, api, file)));
    const pascal = api.charAt(0).toUpperCase() + api.slice(1);
    const text = [
      `import { create${pascal} } from "../${api}/index.js";`,
      `const ${api} = create${pascal}();`,
      ...examples.map((example) => `{\n${example}\nvoid [data, error];\n}`),
    ].join("\n");
    expect(examples.length).toBeGreaterThan(3);
    expect(compileErrors([{ name: "examples.ts", text }])).toEqual([]);
  });
});

describe("the documentation of a method", () => {
  test.each([
    ["finapi", "getAuthorizedUser"],
    ["synapse", "issueOAuthKey"],
    ["onmeta", "userLogin"],
  ])("%s.%s shows the document's words, the request and the example", { timeout: 60_000 }, (api, method) => {
    const pascal = api.charAt(0).toUpperCase() + api.slice(1);
    const shown = quickInfo(`import { create${pascal} } from "../${api}/index.js";\ncreate${pascal}().${method}`);
    const source = readFileSync(path.join(GENERATED, api, "operations.ts"), "utf8");
    const [, summary = ""] = new RegExp(String.raw`/\*\*\s+\* ([^\n]+)(?:(?!\*/)[\s\S])*\*/\s+${method}:`).exec(source) ?? [];
    expect(shown.text).toContain(summary);
    expect(shown.text).toMatch(/`(?:GET|POST) \//);
    expect(shown.tags).toContain("example");
  });
});

function examplesIn(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^( *) \* @example\n((?: * \*(?!\/).*\n)+)/gm)].map(([, , lines = ""]) =>
    lines.replace(/^ *\* ?/gm, ""),
  );
}

/** What an editor shows for the last name in a text. */
function quickInfo(text: string): { text: string; tags: string[] } {
  const file = path.join(GENERATED, "in-memory", "hover.ts");
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = name === file ? text : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCompilationSettings: () => STRICTEST,
    getCurrentDirectory: () => packageFile(""),
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    directoryExists: (folder) => folder === path.dirname(file) || ts.sys.directoryExists(folder),
  });
  const info = service.getQuickInfoAtPosition(file, text.length - 1);
  return { text: ts.displayPartsToString(info?.documentation), tags: (info?.tags ?? []).map(({ name }) => name) };
}
