import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { FORMATS, type Format, format } from "../diagnostics/format.js";
import { count, type Diagnostic, hasErrors } from "../diagnostics.js";
import { openProject } from "../project.js";
import { packageFile } from "../root.js";
import { describeRules, lint } from "../rules/index.js";
import { nearest } from "../rules/nearest.js";
import { loadDocument } from "../spec/document.js";
import { UsageError } from "./usage.js";

export const help = `Usage: keyturn lint [documents...] [options]

Says what is wrong with the documents: their structure, their examples, and above all the lifecycles of their tokens.

Options:
  --format <name>       ${FORMATS.join(", ")} (default: human)
  --max-warnings <n>    fail when there are more warnings than this (default: any number is fine)
  --no-color            print no colours; NO_COLOR does the same

Exit codes: 0 no errors, 1 errors or too many warnings, 2 the command line is wrong or a document cannot be read.
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { format: { type: "string" }, "max-warnings": { type: "string" }, "no-color": { type: "boolean" } },
  });
  const formatName = readFormat(values.format ?? "human");
  const maxWarnings = readCount(values["max-warnings"]);
  const files = positionals.length > 0 ? positionals : (await openProject(process.cwd())).documents;
  if (files.length === 0) throw new UsageError("there is no document in specs/; name the documents to lint");

  const sources = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const file of new Set(files.map((name) => name.replaceAll("\\", "/")))) {
    const text = readText(file);
    const { document, diagnostics: loading } = loadDocument(file, text);
    diagnostics.push(...loading, ...(document === undefined ? [] : await lint(document)));
    sources.set(file, text);
  }
  const report = { diagnostics, sources, rules: describeRules(), tool: readTool(), isColoured: isColoured(values["no-color"]) };
  process.stdout.write(format(formatName, report));
  return hasErrors(diagnostics) || count(diagnostics, "warning") > maxWarnings ? 1 : 0;
}

function readFormat(name: string): Format {
  const known = FORMATS.find((one) => one === name);
  if (known !== undefined) return known;
  const near = nearest(name, FORMATS);
  throw new UsageError(
    `there is no format "${name}"; ${near === undefined ? `there are ${FORMATS.join(", ")}` : `did you mean ${near}?`}`,
  );
}

function readCount(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--max-warnings takes a number, not "${text}"`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
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

/** @see https://no-color.org */
function isColoured(isRefused = false): boolean {
  const noColour = process.env["NO_COLOR"];
  return process.stdout.isTTY === true && !isRefused && (noColour === undefined || noColour === "");
}
