/** One API, from the files that it is made from to the files of its client, in memory: what a thread is told and answers. */

import path from "node:path";
import { debuglog } from "node:util";
import { hash } from "../cache.js";
import type { Diagnostic } from "../diagnostics.js";
import type { Remote } from "../hosts.js";
import type { Generated } from "../pipeline.js";
import type { ApiSource, Project } from "../project.js";
import { openSources } from "../sources.js";

/** Plain data, so that it can be told to a thread. */
export interface Job {
  readonly source: ApiSource;
  readonly project: Pick<Project, "root" | "templates" | "customTemplates" | "runtime" | "command">;
}

export interface Done extends Generated {
  /** Hash of each file that was read, by its path relative to the project; `null` for one that was looked for in vain. */
  readonly sources: Readonly<Record<string, string | null>>;
  /** What is known of each file of a host that was read, by its address. Left out where there is none. */
  readonly remote?: Readonly<Record<string, Remote>>;
}

/** Never rejects: a fault of the generator ends one API and not the run; its stack is shown with NODE_DEBUG=keyturn. */
export async function generateApi({ source, project }: Job): Promise<Done> {
  const { document } = source;
  try {
    const read: Record<string, string | null> = {};
    const remote: Record<string, Remote> = {};
    const fetched = (address: string, found: Remote) => {
      remote[address] = found;
    };
    const noted = (file: string, bytes: Buffer | undefined) => {
      read[file] = bytes === undefined ? null : hash(bytes);
    };
    const sources = openSources(project.root, { remote: source.remote, noted, fetched });
    const { generate } = await import("../pipeline.js");
    const { loadTemplates } = await import("../render/templates.js");
    const { templates, customTemplates, runtime, command } = project;
    const own = customTemplates && { folder: path.join(project.root, customTemplates), name: customTemplates };
    const options = { ...source, templates: loadTemplates(templates, own || undefined), runtime, command };
    const generated = await generate(document, sources, options);
    return { ...generated, sources: read, ...(Object.keys(remote).length > 0 && { remote }) };
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
