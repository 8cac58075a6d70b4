/** The documents of a project as generation reads them, for commands that want what they say and not their clients. */

import { formatHuman } from "../diagnostics/human.js";
import { count, type Diagnostic } from "../diagnostics.js";
import type { ApiModel } from "../model/model.js";
import { understand } from "../pipeline.js";
import type { ApiSource, Project } from "../project.js";
import { openSources } from "../sources.js";
import type { Document } from "../spec/document.js";
import { isColoured } from "./paint.js";
import type { Shell } from "./shell.js";

/** An API whose document could be read: assembled, mended and checked. */
export interface ReadApi {
  readonly source: ApiSource;
  readonly document: Document;
  readonly model: ApiModel;
  /** How many warnings there are, mendings among them. */
  readonly warnings: number;
}

/** Every API of a project; when a document has errors they are printed, and there is nothing. */
export async function readApis(
  { root, apis }: Pick<Project, "root" | "apis">,
  shell: Shell,
  isPlain: boolean,
): Promise<ReadApi[] | undefined> {
  const read = await Promise.all(apis.map((source) => readApi(root, source)));
  const errors = read.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "error"));
  if (errors.length === 0) return read.flatMap(({ api }) => api ?? []);
  const { stderr } = shell;
  const sources = new Map(read.flatMap(({ files }) => files.map(({ path, text }) => [path, text] as const)));
  const report = { diagnostics: errors, sources, rules: [], tool: { version: "" } };
  stderr.write(formatHuman({ ...report, isColoured: isColoured(shell, stderr, isPlain) }));
  return undefined;
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
