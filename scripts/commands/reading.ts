/** The documents of a project as generation reads them, for commands that want what they say and not their clients. */

import { statSync } from "node:fs";
import path from "node:path";
import { formatHuman } from "../diagnostics/human.js";
import { count, type Diagnostic } from "../diagnostics.js";
import type { ApiModel } from "../model/model.js";
import { understand } from "../pipeline.js";
import type { ApiSource, Project } from "../project.js";
import { openSources } from "../sources.js";
import type { Document } from "../spec/document.js";
import { isColoured, painter } from "./paint.js";
import { openProgress } from "./progress.js";
import type { Shell } from "./shell.js";

/** An API whose document could be read: assembled, mended and checked. */
export interface ReadApi {
  readonly source: ApiSource;
  readonly document: Document;
  readonly model: ApiModel;
  /** How many warnings there are, mendings among them. */
  readonly warnings: number;
}

/** Documents of so many bytes take about a second to read. */
const LONG = 1024 * 1024;

/** Every API of a project; when a document has errors they are printed, and there is nothing. */
export async function readApis(
  { root, apis }: Pick<Project, "root" | "apis">,
  shell: Shell,
  isPlain: boolean,
): Promise<ReadApi[] | undefined> {
  const { stderr } = shell;
  const isLong = apis.reduce((sum, { document }) => sum + sizeOf(path.join(root, document)), 0) > LONG;
  const paint = painter(isColoured(shell, stderr, isPlain));
  const progress = openProgress(shell, apis.length, paint, "reading", isLong ? 0 : undefined);
  for (const { document } of apis) progress.begin(document);
  const read = await Promise.all(apis.map((source) => readApi(root, source))).finally(progress.close);
  const errors = read.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "error"));
  if (errors.length === 0) return read.flatMap(({ api }) => api ?? []);
  const sources = new Map(read.flatMap(({ files }) => files.map((file) => [file.path, file.text] as const)));
  const report = { diagnostics: errors, sources, rules: [], tool: { version: "" } };
  stderr.write(formatHuman({ ...report, isColoured: isColoured(shell, stderr, isPlain) }));
  return undefined;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

interface Read {
  readonly api?: ReadApi;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

async function readApi(root: string, source: ApiSource): Promise<Read> {
  const { document, model, diagnostics, read } = await understand(source.document, openSources(root, source), source);
  if (document === undefined || model === undefined) return { diagnostics, files: read };
  return { api: { source, document, model, warnings: count(diagnostics, "warning") }, diagnostics, files: read };
}
