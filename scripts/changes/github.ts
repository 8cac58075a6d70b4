/** Changes as annotations of a pull request. */

import type { Annotation } from "../diagnostics/github.js";
import type { Impact } from "./change.js";
import { type ApiChanges, operationsInWords } from "./report.js";

const SEVERITIES: Readonly<Record<Impact, "error" | "warning" | "info">> = {
  breaking: "error",
  risky: "warning",
  safe: "info",
};

export function annotationsOf(reports: readonly ApiChanges[]): Annotation[] {
  return reports.flatMap(({ changes }) =>
    changes.map(({ impact, kind, message, operations, file, line, column }) => {
      const concerned = kind.startsWith("operation-") || operations.length === 0 ? "" : ` (${operationsInWords(operations)})`;
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
