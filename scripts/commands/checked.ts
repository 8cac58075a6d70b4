/** What `check` found, for machines. */

import { annotationsOf } from "../changes/github.js";
import { type ApiChanges, countImpact } from "../changes/report.js";
import { type Annotation, annotations, diagnosticAnnotation } from "../diagnostics/github.js";
import { printableJson } from "../diagnostics/printable.js";
import type { ApiResult } from "../generation.js";
import type { Project } from "../project.js";
import { checkedLine } from "../report.js";

/** Annotations: what is wrong with the documents, which clients are stale, and what changed for their users. */
export function checkGithub(results: readonly ApiResult[], reports: readonly ApiChanges[], project: Project): string {
  const stale = results.flatMap((result): Annotation[] => {
    if (result.status !== "changed") return [];
    const message = `${checkedLine(result, project)}\nbring it up to date with: ${project.command}`;
    return [{ severity: "error", title: "stale client", message, file: result.document ?? project.out, line: 1, column: 1 }];
  });
  const diagnostics = results.flatMap((result) => result.diagnostics.map(diagnosticAnnotation));
  return annotations([...diagnostics, ...stale, ...annotationsOf(reports)]);
}

/** The same as JSON. Members are added over time; none goes or changes its meaning within a major version. */

export function checkJson(results: readonly ApiResult[], reports: readonly ApiChanges[], exit: number): string {
  const names = [...new Set([...results.map(({ api }) => api), ...reports.map(({ api }) => api)])];
  const apis = names.map((api) => {
    const result = results.find((one) => one.api === api);
    const report = reports.find((one) => one.api === api);
    return {
      api,
      document: result?.document ?? report?.document,
      status: result === undefined ? "gone" : { unchanged: "up-to-date", changed: "stale", failed: "failed" }[result.status],
      files: result?.changes ?? [],
      diagnostics: result?.diagnostics ?? [],
      since: report?.base?.commit,
      note: report?.note,
      changes: report?.changes ?? [],
    };
  });
  const changes = apis.flatMap((api) => api.changes);
  const summary = {
    stale: apis.filter(({ status }) => status === "stale").length,
    failed: apis.filter(({ status }) => status === "failed").length,
    breaking: countImpact(changes, "breaking"),
    risky: countImpact(changes, "risky"),
    safe: countImpact(changes, "safe"),
  };
  return `${printableJson({ apis, summary, exit }, 2)}\n`;
}
