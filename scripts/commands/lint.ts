/** `keyturn lint`: what is wrong with documents. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { FORMATS, format } from "../diagnostics/format.js";
import { count, type Diagnostic, hasErrors } from "../diagnostics.js";
import { openProject } from "../project.js";
import { packageFile } from "../root.js";
import { describeRules, lint } from "../rules/index.js";
import { loadDocument } from "../spec/document.js";
import { defineCommand } from "./command.js";
import { CONFIG_FLAG } from "./options.js";
import { isColoured } from "./paint.js";
import { UsageError } from "./usage.js";

export const command = defineCommand({
  name: "lint",
  summary: "say what is wrong with documents",
  operands: "[documents...]",
  description: ["Looks at the structure of documents, their examples, and above all the lifecycles of their tokens."],
  flags: {
    ...CONFIG_FLAG,
    format: { type: "text", value: "name", help: "how findings are printed (default: human)", choices: FORMATS },
    "max-warnings": { type: "text", value: "n", help: "fail when there are more warnings than this (default: any number)" },
  },
  examples: [
    ["lint", "every document of the project"],
    ["lint path/to/openapi.yaml --format github", "as annotations of a pull request"],
  ],
  exits: [
    [0, "no errors"],
    [1, "errors, or too many warnings"],
  ],
  async run({ flags, names }, shell) {
    const maxWarnings = readCount(flags["max-warnings"]);
    const options = flags.config === undefined ? {} : { config: flags.config };
    const files = names.length > 0 ? names : (await openProject(shell.folder, options)).documents;
    if (files.length === 0) throw new UsageError("there is no document in specs/; name the documents to lint");

    const sources = new Map<string, string>();
    const diagnostics: Diagnostic[] = [];
    for (const file of new Set(files.map((name) => name.replaceAll("\\", "/")))) {
      const text = readText(shell.folder, file);
      const { document, diagnostics: loading } = loadDocument(file, text);
      diagnostics.push(...loading, ...(document === undefined ? [] : await lint(document)));
      sources.set(file, text);
    }
    const colours = isColoured(shell, shell.stdout, flags["no-color"]);
    const report = { diagnostics, sources, rules: describeRules(), tool: readTool(), isColoured: colours };
    shell.stdout.write(format(flags.format ?? "human", report));
    return hasErrors(diagnostics) || count(diagnostics, "warning") > maxWarnings ? 1 : 0;
  },
});

function readCount(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--max-warnings takes a number, not "${text}"`);
}

function readText(folder: string, file: string): string {
  try {
    return readFileSync(path.resolve(folder, file), "utf8");
  } catch (error) {
    // Node's message is "ENOENT: no such file or directory, open '…'".
    const [, reason] = /^\w+: ([^,]+)/.exec((error as Error).message) ?? [];
    throw new UsageError(`"${file}" cannot be read: ${reason ?? String(error)}`);
  }
}

function readTool(): { version: string; homepage?: string } {
  const { version, homepage } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Record<string, string>;
  return { version: version ?? "0", ...(homepage !== undefined && { homepage }) };
}
