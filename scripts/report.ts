/** What a run came to, in words for the terminal: pure, so that commands only have to print it. */

import { formatHuman } from "./diagnostics/human.js";
import { count, type Diagnostic, inOrder } from "./diagnostics.js";
import type { Change } from "./files.js";
import type { ApiResult } from "./generation.js";
import type { Project } from "./project.js";

/** One line for each API: what was written, or what stands in the way. */
export function writtenLine(result: ApiResult, project: Project): string {
  const place = `${project.out}/${result.api}`;
  const time = `(${Math.round(result.ms)} ms)`;
  if (result.status === "failed") return failedLine(result);
  if (result.document === undefined) return `${place}: removed, its document is gone ${time}`;
  if (result.status === "unchanged") return `${place}: unchanged ${time}`;
  return `${place}: ${countedChanges(result.changes)} ${time}`;
}

/** One line for each API: whether the files are what the document leads to. */
export function checkedLine(result: ApiResult, project: Project): string {
  const place = `${project.out}/${result.api}`;
  if (result.status === "failed") return failedLine(result);
  if (result.status === "unchanged") return `${place}: up to date`;
  const files = result.changes.map(({ kind, path }) => {
    const name = path.slice(path.indexOf("/") + 1);
    return { create: `${name} is missing`, update: `${name} differs`, remove: `${name} should be gone` }[kind];
  });
  return `${place}: stale, ${files.join(", ")}`;
}

/** One line for the whole run: what was written, or that there was nothing to write. */
export function watchedLine(results: readonly ApiResult[], project: Project, ms: number): string {
  const lines = results.filter(({ status }) => status !== "unchanged").map((result) => writtenLine(result, project));
  return lines.length > 0 ? lines.join("; ") : `${plural(results.length, "client")} up to date (${Math.round(ms)} ms)`;
}

/** The diagnostics of all results, for a person; an empty text when there are none. */
export function problemsText(results: readonly ApiResult[], isColoured: boolean): string {
  const diagnostics: readonly Diagnostic[] = inOrder(results.flatMap((result) => result.diagnostics));
  if (diagnostics.length === 0) return "";
  const sources = new Map(results.flatMap((result) => [...result.sources]));
  return formatHuman({ diagnostics, sources, rules: [], tool: { version: "" }, isColoured });
}

function failedLine({ document, diagnostics }: ApiResult): string {
  return `${document}: not generated, ${plural(count(diagnostics, "error"), "error")}`;
}

function countedChanges(changes: readonly Change[]): string {
  const removed = changes.filter(({ kind }) => kind === "remove").length;
  const written = changes.length - removed;
  return [
    ...(written > 0 ? [`${plural(written, "file")} written`] : []),
    ...(removed > 0 ? [`${plural(removed, "file")} removed`] : []),
  ].join(", ");
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
