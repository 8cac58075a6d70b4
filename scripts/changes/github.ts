/** Changes as annotations of a pull request. */

import type { Annotation } from "../diagnostics/github.js";
import type { Impact } from "./change.js";
import { type ApiChanges, isNamed, operationsInWords } from "./report.js";

const SEVERITIES: Readonly<Record<Impact, "error" | "warning" | "info">> = {
  breaking: "error",
  risky: "warning",
  safe: "info",
};

export function annotationsOf(reports: readonly ApiChanges[]): Annotation[] {
  return reports.flatMap(({ changes }) =>
    changes.map((change) => {
      const { impact, kind, message, operations, file, line, column } = change;
      const concerned = isNamed(change) ? "" : ` (${operationsInWords(operations)})`;
      return {
        severity: SEVERITIES[impact],
        title: `${impact}: ${kind}`,
        message: `${message}${concerned}`,
        file,
        line,
        column,
      };
    }),
  );
}
