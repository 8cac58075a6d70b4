/** One run over a project: each document through the pipeline, unless nothing that it depends on has changed. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { debuglog } from "node:util";
import { type Cache, type CacheEntry, folderIdentity, generatorIdentity, hash } from "./cache.js";
import type { Diagnostic } from "./diagnostics.js";
import { type Change, compareFiles, generatedFolders, writeFiles } from "./files.js";
import type { Generated } from "./pipeline.js";
import type { ApiSource, Project } from "./project.js";

/** What a run does with what it generates: the difference between `generate` and `check`. */
export type Mode = "write" | "compare";

export interface ApiResult {
  readonly api: string;
  /** Left out for an output folder whose document is gone. */
  readonly document?: string;
  /** `failed`: an error forbids generation, and what is there stays. */
  readonly status: "unchanged" | "changed" | "failed";
  /** Relative to the project's output folder. */
  readonly changes: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly mode: Mode;
  readonly cache: Cache;
}

/** @throws {Error} when a file cannot be read or written. */
export async function runProject(project: Project, { mode, cache }: RunOptions): Promise<ApiResult[]> {
  const identity = hash(generatorIdentity(), folderIdentity(project.templates, ".hbs"), project.runtime, project.command);
  const results: ApiResult[] = [];
  for (const source of project.apis) results.push(await runApi(project, source, { mode, cache, identity }));
  const stale = project.isWhole ? removeStaleFolders(project, mode) : [];
  cache.save();
  return [...results, ...stale];
}

async function runApi(
  project: Project,
  source: ApiSource,
  { mode, cache, identity }: RunOptions & { readonly identity: string },
): Promise<ApiResult> {
  const start = performance.now();
  const { name: api, document } = source;
  const text = readFileSync(path.join(project.root, document), "utf8");
  const out = path.join(project.root, project.out);
  const key = `${project.out}/${api}`;
  const input = hash(identity, JSON.stringify(source), text);
  const result = (part: Pick<ApiResult, "status" | "changes" | "diagnostics">): ApiResult => {
    return { api, document, text, ms: performance.now() - start, ...part };
  };

  const known = cache.get(key);
  if (known?.input === input && isUntouched(out, api, known)) {
    return result({ status: "unchanged", changes: [], diagnostics: known.diagnostics });
  }

  const { generate } = await import("./pipeline.js");
  const { loadTemplates } = await import("./render/templates.js");
  const { runtime, command } = project;
  const options = { templates: loadTemplates(project.templates), runtime, command };
  const { files, diagnostics } = await generate(document, text, options).catch((error) => faultOf(document, error));
  if (files === undefined) return result({ status: "failed", changes: [], diagnostics });

  const apply = mode === "write" ? writeFiles : compareFiles;
  const changes = apply(out, new Map([[api, files]]));
  if (mode === "write" || changes.length === 0) {
    const outputs = Object.fromEntries(files.map(({ name, text }) => [name, hash(text)]));
    cache.set(key, { input, outputs, diagnostics });
  }
  return result({ status: changes.length > 0 ? "changed" : "unchanged", changes, diagnostics });
}

/** A fault of the generator ends one document and not the run; its stack is shown with NODE_DEBUG=keyturn. */
function faultOf(document: string, error: unknown): Generated {
  const message = error instanceof Error ? error.message : String(error);
  debuglog("keyturn")("%s", error instanceof Error ? error.stack : message);
  const hint = "this is a fault of the generator, please report it with the document";
  return {
    diagnostics: [{ rule: "generator", severity: "error", message, hint, file: document, line: 1, column: 1 }],
  };
}

/** Whether the folder holds exactly what the last generation came to; a file that somebody edited is found here. */
function isUntouched(out: string, api: string, { outputs }: CacheEntry): boolean {
  const files = Object.entries(outputs).map(([name, expected]) => {
    const file = path.join(out, api, name);
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return hash(text) === expected ? { name, text } : undefined;
  });
  return files.every((file) => file !== undefined) && compareFiles(out, new Map([[api, files]])).length === 0;
}

function removeStaleFolders(project: Project, mode: Mode): ApiResult[] {
  const out = path.join(project.root, project.out);
  const apis = new Set(project.apis.map(({ name }) => name));
  const apply = mode === "write" ? writeFiles : compareFiles;
  return generatedFolders(out)
    .filter((folder) => !apis.has(folder))
    .map((api) => {
      const start = performance.now();
      const changes = apply(out, new Map([[api, []]]));
      return { api, status: "changed", changes, diagnostics: [], text: "", ms: performance.now() - start };
    });
}
