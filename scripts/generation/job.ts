/** One API, from the files that it is made from to the files of its client, in memory: what a thread is told and answers. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { debuglog } from "node:util";
import { hash } from "../cache.js";
import type { Diagnostic } from "../diagnostics.js";
import type { Generated } from "../pipeline.js";
import type { ApiSource, Project } from "../project.js";

/** Plain data, so that it can be told to a thread. */
export interface Job {
  readonly source: ApiSource;
  readonly project: Pick<Project, "root" | "templates" | "customTemplates" | "runtime" | "command">;
}

export interface Done extends Generated {
  /** Hash of each file that was read, by its path relative to the project; `null` for one that was looked for in vain. */
  readonly sources: Readonly<Record<string, string | null>>;
}

/** Never rejects: a fault of the generator ends one API and not the run; its stack is shown with NODE_DEBUG=keyturn. */
export async function generateApi({ source, project }: Job): Promise<Done> {
  const { document } = source;
  try {
    const bytes = readFileSync(path.join(project.root, document));
    const { generate } = await import("../pipeline.js");
    const { loadTemplates } = await import("../render/templates.js");
    const { templates, runtime, command } = project;
    const options = { templates: loadTemplates(templates), runtime, command, strict: source.strict };
    const generated = await generate(document, bytes.toString("utf8"), options);
    return { ...generated, sources: { [document]: hash(bytes) } };
  } catch (error) {
    debuglog("keyturn")("%s", error instanceof Error ? error.stack : error);
    return failed(document, error instanceof Error ? error.message : String(error));
  }
}

/** A document that is not generated for a reason that is none of its own. */
export function failed(document: string, message: string, hint = REPORT): Done {
  const diagnostic: Diagnostic = { rule: "generator", severity: "error", message, hint, file: document, line: 1, column: 1 };
  return { diagnostics: [diagnostic], sources: {} };
}

const REPORT = "this is a fault of the generator, please report it with the document";
