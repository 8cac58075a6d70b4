/** One run over a project: each document through the pipeline, unless nothing that it depends on has changed. */

import { statSync } from "node:fs";
import path from "node:path";
import { type Cache, type CacheEntry, folderIdentity, generatorIdentity, hash, hashFile } from "./cache.js";
import type { Diagnostic } from "./diagnostics.js";
import { type Change, compareFiles, generatedFolders, holdsFiles, writeFiles } from "./files.js";
import type { Done, Job } from "./generation/job.js";
import type { Threads } from "./generation/threads.js";
import type { ApiSource, Project } from "./project.js";
import { readText } from "./text.js";

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
  /** The texts of the files that the diagnostics speak of, by path. */
  readonly sources: ReadonlyMap<string, string>;
  /** Every file that was read, or looked for in vain, relative to the project. */
  readonly files: readonly string[];
  readonly ms: number;
}

export interface RunOptions {
  readonly mode: Mode;
  readonly cache: Cache;
  /** Where the work is done. */
  readonly threads: Threads;
  /** Whether what hosts have said before is taken for what they would say now, as they are not to be asked all the time. */
  readonly trustsHosts?: boolean;
  /** Hears of each API that is to be generated and not only looked at, when that begins and when it ends. */
  readonly onProgress?: (source: ApiSource, event: "start" | "end") => void;
}

/** @throws {Error} when a file cannot be read or written. */
export async function runProject(project: Project, options: RunOptions): Promise<ApiResult[]> {
  const { mode, cache, trustsHosts = false } = options;
  const identity = identityOf(project);
  const results = new Map<ApiSource, ApiResult>();
  const changed: ApiSource[] = [];
  for (const source of project.apis) {
    const start = performance.now();
    const known = cache.get(keyOf(project, source));
    const isSame = known !== undefined && isCurrent(project, source, identity, known);
    const told = isSame && !trustsHosts ? await lookAgain(source, known) : [];
    if (isSame && told !== "changed") {
      const result = resultOf(project, source, start, { ...known, diagnostics: [...known.diagnostics, ...told] });
      results.set(source, { ...result, status: "unchanged", changes: [] });
    } else {
      changed.push(source);
    }
  }
  await generateAll(project, changed, options, (source, start, done) => {
    results.set(source, settle(project, source, { start, done, mode, cache, identity }));
  });
  const stale = project.isWhole ? removeStaleFolders(project, mode) : [];
  cache.save();
  return [...project.apis.flatMap((source) => results.get(source) ?? []), ...stale];
}

/** So much of a document takes as long to generate as a thread takes to load what it needs. */
const BYTES_WORTH_A_THREAD = 200_000;

/** The largest first, as what comes last is waited for. */
async function generateAll(
  project: Project,
  apis: readonly ApiSource[],
  { threads, onProgress }: RunOptions,
  done: (source: ApiSource, start: number, done: Done) => void,
): Promise<void> {
  const sized = apis.map((source) => ({ source, size: statSync(path.join(project.root, source.document)).size }));
  sized.sort((one, other) => other.size - one.size);
  const size = sized.reduce((sum, one) => sum + one.size, 0);
  const count = Math.min(threads.count, apis.length, Math.ceil(size / BYTES_WORTH_A_THREAD));
  const { root, templates, customTemplates, runtime, command } = project;
  const settings: Job["project"] = {
    root,
    templates,
    runtime,
    command,
    ...(customTemplates !== undefined && { customTemplates }),
  };
  const queue = sized.values();
  const work = async (): Promise<void> => {
    for (const { source } of queue) {
      const start = performance.now();
      onProgress?.(source, "start");
      done(source, start, await threads.run({ source, project: settings }));
      onProgress?.(source, "end");
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, count) }, work));
}

interface Settling {
  readonly start: number;
  readonly done: Done;
  readonly mode: Mode;
  readonly cache: Cache;
  readonly identity: string;
}

/** What was generated, written or compared, and noted where the disk now holds it. */
function settle(project: Project, source: ApiSource, { start, done, mode, cache, identity }: Settling): ApiResult {
  const { files, diagnostics, sources, remote } = done;
  if (files === undefined) {
    return { ...resultOf(project, source, start, done), status: "failed", changes: [] };
  }
  const apply = mode === "write" ? writeFiles : compareFiles;
  const changes = apply(path.join(project.root, project.out), new Map([[source.name, files]]));
  if (mode === "write" || changes.length === 0) {
    const outputs = Object.fromEntries(files.map(({ name, text }) => [name, hash(Buffer.from(text))]));
    cache.set(keyOf(project, source), {
      made: madeOf(identity, source),
      sources,
      ...(remote && { remote }),
      outputs,
      diagnostics,
    });
  }
  return { ...resultOf(project, source, start, done), status: changes.length > 0 ? "changed" : "unchanged", changes };
}

function resultOf(
  project: Project,
  { name, document }: ApiSource,
  start: number,
  { diagnostics, sources: read }: Pick<CacheEntry, "diagnostics" | "sources">,
) {
  const sources = new Map<string, string>();
  for (const { file } of diagnostics) {
    if (!sources.has(file)) sources.set(file, readText(path.join(project.root, file)) ?? "");
  }
  return { api: name, document, diagnostics, sources, files: Object.keys(read), ms: performance.now() - start };
}

function keyOf({ out }: Project, { name }: ApiSource): string {
  return `${out}/${name}`;
}

function identityOf({ root, templates, customTemplates, runtime, command }: Project): string {
  const custom = customTemplates === undefined ? "" : folderIdentity(path.join(root, customTemplates), ".hbs");
  return hash(generatorIdentity(), folderIdentity(templates, ".hbs"), custom, runtime, command);
}

function madeOf(identity: string, source: ApiSource): string {
  return hash(identity, JSON.stringify(source));
}

/** Whether nothing has changed since: neither what the files were made of, nor the files themselves. */
function isCurrent(project: Project, source: ApiSource, identity: string, known: CacheEntry): boolean {
  const { made, sources, outputs } = known;
  const out = path.join(project.root, project.out);
  return (
    made === madeOf(identity, source) &&
    Object.entries(sources).every(([file, expected]) => hashFile(path.join(project.root, file)) === (expected ?? undefined)) &&
    holdsFiles(out, source.name, Object.keys(outputs)) &&
    Object.entries(outputs).every(([name, expected]) => hashFile(path.join(out, source.name, name)) === expected)
  );
}

/** Whether what a document's references found at hosts is still there. A host that does not answer changes nothing, and is told. */
async function lookAgain({ document, remote }: ApiSource, known: CacheEntry): Promise<"changed" | Diagnostic[]> {
  if (known.remote === undefined) return [];
  const { isUnchanged } = await import("./hosts.js");
  // All at once: one host that does not answer keeps a run as long as all of them do.
  const asked = Object.entries(known.remote).map(async ([address, file]): Promise<"changed" | Diagnostic[]> => {
    try {
      return (await isUnchanged(address, file, { remote })) ? [] : "changed";
    } catch (error) {
      // What could not be read then has been told of.
      if (file.hash === "") return [];
      const reason = error instanceof Error ? error.message : String(error);
      const message = `"${address}" was not looked at again: ${reason}; it is taken for what it was`;
      return [{ rule: "local-reference", severity: "warning", message, file: document, line: 1, column: 1, pointer: "" }];
    }
  });
  const told = await Promise.all(asked);
  return told.includes("changed") ? "changed" : (told as Diagnostic[][]).flat();
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
      return { api, status: "changed", changes, diagnostics: [], sources: new Map(), files: [], ms: performance.now() - start };
    });
}
