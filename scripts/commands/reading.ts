/** The documents of a project as generation reads them, for commands that want what they say and not their clients. */

import { formatHuman } from "../diagnostics/human.js";
import { count, type Diagnostic, hasErrors } from "../diagnostics.js";
import { mendDocument } from "../mend/mend.js";
import { buildModel } from "../model/build.js";
import type { ApiModel } from "../model/model.js";
import type { ApiSource, Project } from "../project.js";
import { check } from "../rules/index.js";
import { openSources } from "../sources.js";
import { assembleDocument } from "../spec/assemble.js";
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
  const { remote, overlays, document: path, strict } = source;
  const {
    document: written,
    diagnostics: loading,
    files,
  } = await assembleDocument(path, openSources(root, { remote }), { overlays });
  if (written === undefined || hasErrors(loading)) return { diagnostics: loading, files };
  const { document, diagnostics: mended } = mendDocument(written, { strict });
  const diagnostics = [...loading, ...mended, ...check(document)];
  if (hasErrors(diagnostics)) return { diagnostics, files };
  const api = { source, document, model: buildModel(document), warnings: count(diagnostics, "warning") };
  return { api, diagnostics, files };
}
