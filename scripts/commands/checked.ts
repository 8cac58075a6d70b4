/** What `check` found, for a program. Members are added over time; none goes or changes its meaning within a major version. */

import { type ApiChanges, countImpact } from "../changes/report.js";
import type { ApiResult } from "../generation.js";

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
  return `${JSON.stringify({ apis, summary, exit }, null, 2)}\n`;
}
