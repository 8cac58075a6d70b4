/**
 * Diagnostics for a person at a terminal: the place, the sentence, the line itself with a caret, the next step. The worst come
 * first. Of many of one kind a few are shown, and the rest is counted: nobody reads the thousandth.
 */

import { count, type Diagnostic, SEVERITIES, type Severity } from "../diagnostics.js";
import type { Report } from "./format.js";
import { printable } from "./printable.js";
import { shortened } from "./shorten.js";

/** Lines longer than this are cut to a stretch around the caret. */
const WIDTH = 100;

/** How many findings of one rule and severity are shown. */
export const SHOWN = 5;

const COLOURS = { error: 31, warning: 33, info: 36, bold: 1, dim: 2 };

type Paint = (colour: keyof typeof COLOURS, text: string) => string;

/** @param report in the order in which findings of one severity are shown. */
export function formatHuman(report: Report): string {
  const paint: Paint = (colour, text) => (report.isColoured ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text);
  const linesOf = new Map<string, readonly string[]>();
  const lines = (file: string): readonly string[] => {
    const known = linesOf.get(file) ?? (report.sources.get(file) ?? "").split(/\r\n|\r|\n/);
    linesOf.set(file, known);
    return known;
  };
  const { shown, rest } = selected(report);
  const problems = shown.map((diagnostic) => problem(diagnostic, lines(diagnostic.file), paint));
  return `${[...problems, ...restLines(rest, paint), summaryLine(report)].join("\n")}\n`;
}

/** Findings of one rule and severity that are not shown. */
interface Rest {
  readonly rule: string;
  readonly severity: Severity;
  readonly count: number;
}

function selected({ diagnostics, isWhole = false }: Report): { shown: Diagnostic[]; rest: Rest[] } {
  const sorted = SEVERITIES.flatMap((severity) => diagnostics.filter((diagnostic) => diagnostic.severity === severity));
  if (isWhole) return { shown: sorted, rest: [] };
  const counts = new Map<string, Rest>();
  const shown = sorted.filter(({ rule, severity }) => {
    const kind = `${severity} ${rule}`;
    const known = counts.get(kind)?.count ?? 0;
    counts.set(kind, { rule, severity, count: known + 1 });
    return known < SHOWN;
  });
  const rest = [...counts.values()].map((one) => ({ ...one, count: one.count - SHOWN })).filter((one) => one.count > 0);
  return { shown, rest };
}

function restLines(rest: readonly Rest[], paint: Paint): string[] {
  if (rest.length === 0) return [];
  const width = Math.max(...rest.map(({ count }) => grouped(count).length));
  const lines = rest.map(({ rule, severity, count }) => {
    return `  … and ${grouped(count).padStart(width)} more ${paint(severity, severity)} ${paint("dim", printable(rule))}`;
  });
  return [...lines, paint("dim", `  = ${REST}`), ""];
}

const REST = "keyturn lint --all shows every one, --format json and sarif hold them all";

function problem(diagnostic: Diagnostic, lines: readonly string[], paint: Paint): string {
  const { file, line, column, severity, rule, message, hint } = diagnostic;
  const place = paint("bold", printable(`${file}:${line}:${column}`));
  const gutter = " ".repeat(String(line).length);
  return [
    `${place} ${paint(severity, severity)} ${paint("dim", printable(rule))}: ${printable(shortened(message))}`,
    ...excerpt(diagnostic, lines[line - 1] ?? "").map(
      (text, index) => ` ${paint("dim", `${index === 0 ? line : gutter} |`)} ${index === 0 ? text : paint(severity, text)}`,
    ),
    ...(hint === undefined ? [] : [` ${gutter} ${paint("dim", "=")} ${printable(shortened(hint))}`]),
    "",
  ].join("\n");
}

/** The line of the place, cut to a stretch around it where it is long, and the caret under it; nothing when it is empty. */
function excerpt({ column, endColumn = column + 1 }: Diagnostic, line: string): string[] {
  if (line.trim() === "") return [];
  const from = line.length <= WIDTH ? 0 : Math.max(0, Math.min(column - 1 - WIDTH / 4, line.length - WIDTH));
  const to = Math.min(line.length, from + WIDTH);
  const text = `${from > 0 ? "…" : ""}${printable(line.slice(from, to))}${to < line.length ? "…" : ""}`;
  const indent = column - 1 - from + (from > 0 ? 1 : 0);
  const length = Math.max(1, Math.min(endColumn - column, to - column + 1));
  return [text, `${" ".repeat(indent)}^${"~".repeat(length - 1)}`];
}

function summaryLine({ diagnostics, sources }: Report): string {
  // What could not be read has no text.
  const files = plural(new Set([...sources.keys(), ...diagnostics.map(({ file }) => file)]).size, "file");
  const counts = SEVERITIES.flatMap((severity) => {
    const number = count(diagnostics, severity);
    return number === 0 ? [] : [plural(number, severity)];
  });
  return counts.length === 0 ? `no problems in ${files}` : `${counts.join(", ")} in ${files}`;
}

function plural(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** `1234567` is `1,234,567`. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
