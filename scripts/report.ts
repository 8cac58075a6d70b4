/** What a run came to, in words for the terminal: pure, so that commands only have to print it. */

import { formatHuman } from "./diagnostics/human.js";
import { printable } from "./diagnostics/printable.js";
import { count, type Diagnostic, inOrder } from "./diagnostics.js";
import type { Change } from "./files.js";
import type { ApiResult } from "./generation.js";
import type { Project } from "./project.js";

/** One line for each API: what was written, or what stands in the way. */
export function writtenLine(result: ApiResult, project: Project): string {
  const place = printable(`${project.out}/${result.api}`);
  const time = `(${Math.round(result.ms)} ms)`;
  if (result.status === "failed") return failedLine(result);
  if (result.document === undefined) {
    const why = project.config === undefined ? "its document is gone" : "the configuration does not name it";
    return `${place}: removed, ${why} ${time}`;
  }
  if (result.status === "unchanged") return `${place}: unchanged ${time}`;
  return `${place}: ${countedChanges(result.changes)} ${time}`;
}

/** One line for each API: whether the files are what the document leads to. */
export function checkedLine(result: ApiResult, project: Project): string {
  const place = printable(`${project.out}/${result.api}`);
  if (result.status === "failed") return failedLine(result);
  if (result.status === "unchanged") return `${place}: up to date`;
  return `${place}: stale, ${printable(staleFiles(result.changes))}`;
}

/** What is wrong with the files of a client: one by one, unless it is the same with many. */
function staleFiles(changes: readonly Change[]): string {
  const [first] = changes;
  if (first !== undefined && changes.length > FEW && changes.every(({ kind }) => kind === first.kind))
    return `${changes.length} files ${{ create: "are missing", update: "differ", remove: "should be gone" }[first.kind]}`;
  return changes
    .map(({ kind, path }) => {
      const name = path.slice(path.indexOf("/") + 1);
      return { create: `${name} is missing`, update: `${name} differs`, remove: `${name} should be gone` }[kind];
    })
    .join(", ");
}

/** A line for each API that was not as it should be, or one for all of them. */
export function watchedLines(results: readonly ApiResult[], project: Project, ms: number): string[] {
  const lines = results.filter(({ status }) => status !== "unchanged").map((result) => writtenLine(result, project));
  return lines.length > 0 ? lines : [`${plural(results.length, "client")} up to date (${Math.round(ms)} ms)`];
}

export interface ProblemsOptions {
  readonly isColoured: boolean;
  /** Whether warnings and notes are shown one by one, instead of counted by their rules. Default: `false`. */
  readonly isVerbose?: boolean;
}

/** So many are told one by one. */
const FEW = 3;

/** The diagnostics of all results, for a person: errors in full, warnings counted; an empty text when there are none. */
export function problemsText(results: readonly ApiResult[], { isColoured, isVerbose = false }: ProblemsOptions): string {
  const all = inOrder(results.flatMap((result) => result.diagnostics));
  const warnings = all.filter(({ severity }) => severity === "warning");
  const isShort = warnings.length <= FEW;
  const diagnostics = isVerbose
    ? all
    : all.filter(({ severity }) => severity === "error" || (severity === "warning" && isShort));
  const sources = new Map(results.flatMap((result) => [...result.sources]));
  const report = { diagnostics, sources, rules: [], tool: { version: "" }, isColoured, isWhole: isVerbose };
  const shown = diagnostics.length === 0 ? "" : formatHuman(report);
  return isVerbose || isShort ? shown : `${shown}${summary(warnings, isColoured)}`;
}

/** How often each rule warned, and where first. */
function summary(warnings: readonly Diagnostic[], isColoured: boolean): string {
  const paint = (code: number, text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  const byRule = new Map<string, Diagnostic[]>();
  for (const warning of warnings) byRule.set(warning.rule, [...(byRule.get(warning.rule) ?? []), warning]);
  const rules = [...byRule].sort(([, one], [, other]) => other.length - one.length);
  const ruleWidth = Math.max(...rules.map(([rule]) => rule.length));
  const countWidth = Math.max(...rules.map(([, found]) => grouped(found.length).length));
  const lines = rules.map(([rule, found]) => {
    const { file, line, column, message } = found[0]!;
    const text = printable(`${file}:${line}:${column} ${message}`);
    const cut = text.length > 100 ? `${text.slice(0, 99)}…` : text;
    return `  ${paint(33, grouped(found.length).padStart(countWidth))}  ${printable(rule.padEnd(ruleWidth))}  ${paint(2, cut)}`;
  });
  const head = `${paint(33, `${grouped(warnings.length)} warnings`)} about what the documents leave open or get wrong, by rule, each with its first place:`;
  return `${[head, ...lines, paint(2, "  --verbose shows every one; --strict makes an error of each mending"), ""].join("\n")}\n`;
}

/** What was written, for a program. Members are added over time; none goes or changes its meaning within a major version. */
export function writtenJson(results: readonly ApiResult[], project: Project): object {
  const apis = results.map(({ api, document, status, changes, diagnostics, ms }) => ({
    name: api,
    ...(document !== undefined && { document }),
    folder: `${project.out}/${api}`,
    status: document === undefined ? "removed" : { unchanged: "unchanged", changed: "written", failed: "failed" }[status],
    changes,
    errors: count(diagnostics, "error"),
    warnings: count(diagnostics, "warning"),
    ms: Math.round(ms),
  }));
  return { apis, diagnostics: inOrder(results.flatMap(({ diagnostics }) => diagnostics)) };
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

function failedLine({ document, diagnostics }: ApiResult): string {
  return `${printable(document ?? "")}: not generated, ${plural(count(diagnostics, "error"), "error")}`;
}

function countedChanges(changes: readonly Change[]): string {
  const removed = changes.filter(({ kind }) => kind === "remove").length;
  const written = changes.length - removed;
  return [
    ...(written > 0 ? [`${plural(written, "file")} written`] : []),
    ...(removed > 0 ? [`${plural(removed, "file")} removed`] : []),
  ].join(", ");
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
