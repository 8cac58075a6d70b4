/**
 * Diagnostics as SARIF 2.1.0, which code scanning reads.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */

import type { Diagnostic, RuleDescription, Severity } from "../diagnostics.js";
import type { Report } from "./format.js";
import { printableJson } from "./printable.js";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export function formatSarif({ diagnostics, rules, tool }: Report): string {
  const spoke = new Set(diagnostics.map(({ rule }) => rule));
  const listed = rules.filter(({ id }) => spoke.has(id));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "keyturn",
            semanticVersion: tool.version,
            ...(tool.homepage !== undefined && { informationUri: tool.homepage }),
            rules: listed.map((rule) => reportingDescriptor(rule, tool.homepage)),
          },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => result(diagnostic, listed)),
      },
    ],
  };
  return `${printableJson(log, 2)}\n`;
}

/** A `helpUri` has to be absolute (section 3.49.12): without a homepage there is none, and the section itself stands for it. */
function reportingDescriptor(rule: RuleDescription, homepage: string | undefined): object {
  const { id, description, severity, helpUri, help } = rule;
  const page =
    helpUri ?? (homepage === undefined ? undefined : `${homepage.replace(/#.*$/, "")}/blob/main/docs/rules.md#${id}`);
  return {
    id,
    shortDescription: { text: description },
    ...(page !== undefined && { helpUri: page }),
    ...(help !== undefined && { help: { text: help, markdown: help } }),
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function result(diagnostic: Diagnostic, listed: readonly RuleDescription[]): object {
  const { rule, severity, message, hint, file, line, column, endColumn, pointer } = diagnostic;
  const ruleIndex = listed.findIndex(({ id }) => id === rule);
  return {
    ruleId: rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message}; ${hint}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactLocation(file),
          region: { startLine: line, startColumn: column, ...(endColumn !== undefined && { endColumn }) },
        },
        ...(pointer !== undefined && { logicalLocations: [{ fullyQualifiedName: pointer, kind: "member" }] }),
      },
    ],
  };
}

/** Relative paths are relative to the root of the sources, wherever that is on the reader's machine. */
function artifactLocation(file: string): object {
  const path = file
    .split("/")
    .map((segment) => encodeURIComponent(segment))
    .join("/");
  return file.startsWith("/") ? { uri: `file://${path}` } : { uri: path.replace(/^\.\//, ""), uriBaseId: "%SRCROOT%" };
}
