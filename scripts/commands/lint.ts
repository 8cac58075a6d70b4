/** `keyturn lint`: what is wrong with documents. */

import { readFileSync } from "node:fs";
import { FORMATS, format } from "../diagnostics/format.js";
import { count, hasErrors } from "../diagnostics.js";
import { LintSettingsError, lintProject } from "../lint.js";
import { packageFile } from "../root.js";
import { PROFILES, SETTINGS, type Setting } from "../rules/settings.js";
import { defineCommand } from "./command.js";
import { CONFIG_FLAG, PROJECT_OPERANDS, projectIn } from "./options.js";
import { isColoured, painter } from "./paint.js";
import { openProgress } from "./progress.js";
import { UsageError } from "./usage.js";

export const command = defineCommand({
  name: "lint",
  summary: "say what is wrong with documents",
  operands: PROJECT_OPERANDS,
  description: [
    "Looks at the structure of documents, at what would be mended in them, at their examples, and above all at the lifecycles of their tokens; and holds them to the rules that the project states itself.",
    "Of many findings of one kind a few are shown. The profile minimal tells errors alone, and strict takes what is a warning for an error.",
  ],
  flags: {
    ...CONFIG_FLAG,
    format: {
      type: "text",
      value: "name",
      help: "how findings are printed (default: human)",
      choices: FORMATS,
    },
    json: { type: "switch", help: "the same as --format json" },
    all: { type: "switch", help: "show every finding, however many there are" },
    profile: { type: "text", value: "name", help: "the severities to start from (default: recommended)", choices: PROFILES },
    rule: {
      type: "texts",
      value: "id=severity",
      help: `another severity for a rule: ${SETTINGS.join(", ")}; * stands for any part`,
    },
    strict: { type: "switch", help: "take each mending of a document for an error" },
    "max-warnings": { type: "text", value: "n", help: "fail when there are more warnings than this (default: any number)" },
  },
  examples: [
    ["lint", "every document of the project"],
    ["lint path/to/openapi.yaml --format github", "as annotations of a pull request"],
    ["lint --profile strict --rule 'redocly/*=off'", "our own rules alone, and every warning an error"],
  ],
  exits: [
    [0, "no errors"],
    [1, "errors, or more warnings than --max-warnings"],
  ],
  async run({ flags, names }, shell) {
    const maxWarnings = readCount(flags["max-warnings"]);
    const project = await projectIn(shell.folder, {
      documents: names,
      ...(flags.config !== undefined && { config: flags.config }),
      ...(flags.strict && { strict: true }),
    });
    const rules = { ...project.lint.rules, ...readRules(flags.rule) };
    const request = { ...project.lint, rules, profile: flags.profile ?? project.lint.profile };
    const progress = openProgress(
      shell,
      project.apis.length,
      painter(isColoured(shell, shell.stderr, flags["no-color"])),
      "reading",
    );
    const { diagnostics, ...looked } = await lintHere(project, request, ({ name }, event) => {
      if (event === "start") progress.begin(name);
      else progress.end(name);
    }).finally(progress.close);
    const colours = isColoured(shell, shell.stdout, flags["no-color"]);
    const report = { diagnostics, ...looked, tool: readTool(), isColoured: colours, isWhole: flags.all };
    shell.stdout.write(format(flags.json ? "json" : (flags.format ?? "human"), report));
    return hasErrors(diagnostics) || count(diagnostics, "warning") > maxWarnings ? 1 : 0;
  },
});

/** @throws {UsageError} when the settings of the rules make no sense. */
async function lintHere(...args: Parameters<typeof lintProject>) {
  return lintProject(...args).catch((error: unknown) => {
    throw error instanceof LintSettingsError ? new UsageError(...error.problems) : error;
  });
}

function readRules(stated: readonly string[]): Readonly<Record<string, Setting>> {
  return Object.fromEntries(
    stated.map((text) => {
      const [, id = "", name = ""] = /^(.+)=(.*)$/.exec(text) ?? [];
      const setting = SETTINGS.find((one) => one === name);
      if (setting === undefined)
        throw new UsageError(`--rule takes a rule and a severity, such as server-name=off, not "${text}"`);
      return [id, setting];
    }),
  );
}

function readCount(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--max-warnings takes a number, not "${text}"`);
}

function readTool(): { version: string; homepage?: string } {
  const { version, homepage } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as Record<string, string>;
  return { version: version ?? "0", ...(homepage !== undefined && { homepage }) };
}
