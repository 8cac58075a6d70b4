/** Diagnostics as text, for the readers there are: a person, GitHub's annotations, code scanning, a program. */

import { count, type Diagnostic, inOrder, type RuleDescription } from "../diagnostics.js";
import { formatGithub } from "./github.js";
import { formatHuman } from "./human.js";
import { printableJson } from "./printable.js";
import { formatSarif } from "./sarif.js";

/** What was looked at and what was found. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file that was looked at, by its path. */
  readonly sources: ReadonlyMap<string, string>;
  /** Every rule that could have spoken. */
  readonly rules: readonly RuleDescription[];
  readonly tool: { readonly version: string; readonly homepage?: string };
  readonly isColoured: boolean;
  /** Whether a person is shown every finding, and not a few of each kind. Default: `false`. */
  readonly isWhole?: boolean;
}

const FORMATTERS = {
  human: formatHuman,
  github: formatGithub,
  sarif: formatSarif,
  json: formatJson,
} satisfies Record<string, (report: Report) => string>;

export type Format = keyof typeof FORMATTERS;

export const FORMATS = Object.keys(FORMATTERS) as readonly Format[];

/** The report in a format, all problems at once and in a stable order, with a line break at its end. */
export function format(name: Format, report: Report): string {
  return FORMATTERS[name]({ ...report, diagnostics: inOrder(report.diagnostics) });
}

function formatJson({ diagnostics, sources }: Report): string {
  const summary = {
    files: sources.size,
    errors: count(diagnostics, "error"),
    warnings: count(diagnostics, "warning"),
    infos: count(diagnostics, "info"),
  };
  return `${printableJson({ diagnostics, summary }, 2)}\n`;
}
