/**
 * Diagnostics as workflow commands, which GitHub Actions turns into annotations on the lines concerned.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */

import type { Severity } from "../diagnostics.js";
import type { Report } from "./format.js";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

export function formatGithub({ diagnostics }: Report): string {
  return diagnostics
    .map(({ rule, severity, message, hint, file, line, column }) => {
      const properties = { file, line, col: column, title: rule };
      const written = Object.entries(properties).map(([name, value]) => `${name}=${propertyValue(String(value))}`);
      return `::${COMMANDS[severity]} ${written.join(",")}::${data(hint === undefined ? message : `${message}\n${hint}`)}\n`;
    })
    .join("");
}

/** Percent signs first: the others are written with them. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function propertyValue(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
