/** The documents of a project as generation reads them, for commands that want what they say and not their clients. */

import { formatHuman } from "../diagnostics/human.js";
import { type Diagnostic, hasErrors } from "../diagnostics.js";
import type { ApiModel } from "../model/model.js";
import { understand } from "../pipeline.js";
import type { ApiSource, Project } from "../project.js";
import { openSources } from "../sources.js";
import type { Document } from "../spec/document.js";
import { isColoured } from "./paint.js";
import type { Shell } from "./shell.js";

/** An API whose document could be read. */
export interface ReadApi {
  readonly source: ApiSource;
  readonly document: Document;
  readonly model: ApiModel;
}

/** Every API of a project; when a document has errors they are printed, and there is nothing. */
export async function readApis(project: Project, shell: Shell, isPlain: boolean): Promise<ReadApi[] | undefined> {
  const apis: ReadApi[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const source of project.apis) {
    const files = openSources(project.root, source);
    const read = await understand(source.document, files, source);
    const { document, model } = read;
    if (document !== undefined && model !== undefined) apis.push({ source, document, model });
    else {
      diagnostics.push(...read.diagnostics.filter(({ severity }) => severity === "error"));
      for (const { path, text } of read.read) sources.set(path, text);
    }
  }
  if (!hasErrors(diagnostics)) return apis;
  const { stderr } = shell;
  const tool = { version: "" };
  stderr.write(formatHuman({ diagnostics, sources, rules: [], tool, isColoured: isColoured(shell, stderr, isPlain) }));
  return undefined;
}
