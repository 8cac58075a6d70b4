/**
 * Diagnostics as workflow commands, which GitHub Actions turns into annotations on the lines concerned.
 *
 * GitHub shows ten annotations of each severity for one step and drops the rest. So the first ten are written as annotations,
 * the worst first, and what follows goes into the log, with a line that says so.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */

import { type Diagnostic, SEVERITIES, type Severity } from "../diagnostics.js";
import type { Report } from "./format.js";
import { printable, printableLines } from "./printable.js";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/** How many annotations of one severity GitHub shows for a step. */
export const SHOWN_ANNOTATIONS = 10;

export interface Annotation extends Pick<Diagnostic, "severity" | "message" | "file" | "line" | "column"> {
  readonly title: string;
}

export function formatGithub({ diagnostics }: Report): string {
  return annotations(diagnostics.map(diagnosticAnnotation));
}

export function diagnosticAnnotation({ rule, severity, message, hint, file, line, column }: Diagnostic): Annotation {
  return { severity, title: rule, message: hint === undefined ? message : `${message}\n${hint}`, file, line, column };
}

/** The workflow commands for annotations, the worst first; those that GitHub would drop become lines of a group in the log. */
export function annotations(all: readonly Annotation[]): string {
  return SEVERITIES.map((severity) => {
    const own = all.filter((annotation) => annotation.severity === severity);
    const rest = own.slice(SHOWN_ANNOTATIONS);
    const lines = own.slice(0, SHOWN_ANNOTATIONS).map(command);
    if (rest.length === 0) return lines.join("");
    const title = `::group::${rest.length} more of severity ${severity}, for which GitHub shows no annotations\n`;
    return `${lines.join("")}${title}${rest.map(logged).join("")}::endgroup::\n`;
  }).join("");
}

function command({ severity, title, message, file, line, column }: Annotation): string {
  const written = Object.entries({ file, line, col: column, title }).map(
    ([name, value]) => `${name}=${propertyValue(String(value))}`,
  );
  return `::${COMMANDS[severity]} ${written.join(",")}::${data(message)}\n`;
}

/** A line of the log must not be taken for a command; `##[` begins one of the old kind wherever it stands. */
function logged({ title, message, file, line, column }: Annotation): string {
  return `  at ${printable(`${file}:${line}:${column} ${title}: ${message}`).replaceAll("##[", "## [")}\n`;
}

/** Percent signs first: the others are written with them. The log is read on a page and on terminals. */
function data(text: string): string {
  return printableLines(text.replaceAll("\r\n", "\n")).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function propertyValue(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
