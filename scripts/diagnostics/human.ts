/** Diagnostics for a person at a terminal: the place, the sentence, the line itself with a caret, the next step. */

import { count, type Diagnostic, type Severity } from "../diagnostics.js";
import type { Report } from "./format.js";
import { printable } from "./printable.js";

/** Lines longer than this are cut to a stretch around the caret. */
const WIDTH = 100;

const COLOURS = { error: 31, warning: 33, info: 36, bold: 1, dim: 2 };

type Paint = (colour: keyof typeof COLOURS, text: string) => string;

export function formatHuman(report: Report): string {
  const paint: Paint = (colour, text) => (report.isColoured ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text);
  const linesOf = new Map([...report.sources].map(([file, text]) => [file, text.split(/\r\n|\r|\n/)]));
  const problems = report.diagnostics.map((diagnostic) => problem(diagnostic, linesOf.get(diagnostic.file) ?? [], paint));
  return `${[...problems, summaryLine(report)].join("\n")}\n`;
}

function problem(diagnostic: Diagnostic, lines: readonly string[], paint: Paint): string {
  const { file, line, column, severity, rule, message, hint } = diagnostic;
  const place = paint("bold", printable(`${file}:${line}:${column}`));
  const gutter = " ".repeat(String(line).length);
  return [
    `${place} ${paint(severity, severity)} ${paint("dim", printable(rule))}: ${printable(message)}`,
    ...excerpt(diagnostic, lines[line - 1] ?? "").map(
      (text, index) => ` ${paint("dim", `${index === 0 ? line : gutter} |`)} ${index === 0 ? text : paint(severity, text)}`,
    ),
    ...(hint === undefined ? [] : [` ${gutter} ${paint("dim", "=")} ${printable(hint)}`]),
    "",
  ].join("\n");
}

/** The line of the place, cut to a stretch around it where it is long, and the caret under it. */
function excerpt({ column, endColumn = column + 1 }: Diagnostic, line: string): string[] {
  const from = line.length <= WIDTH ? 0 : Math.max(0, Math.min(column - 1 - WIDTH / 4, line.length - WIDTH));
  const to = Math.min(line.length, from + WIDTH);
  const text = `${from > 0 ? "…" : ""}${printable(line.slice(from, to))}${to < line.length ? "…" : ""}`;
  const indent = column - 1 - from + (from > 0 ? 1 : 0);
  const length = Math.max(1, Math.min(endColumn - column, to - column + 1));
  return [text, `${" ".repeat(indent)}^${"~".repeat(length - 1)}`];
}

function summaryLine({ diagnostics, sources }: Report): string {
  const files = plural(sources.size, "file");
  const counts = (["error", "warning", "info"] as const satisfies readonly Severity[]).flatMap((severity) => {
    const number = count(diagnostics, severity);
    return number === 0 ? [] : [plural(number, severity)];
  });
  return counts.length === 0 ? `no problems in ${files}` : `${counts.join(", ")} in ${files}`;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
