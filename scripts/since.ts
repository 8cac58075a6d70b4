/** What changed in the APIs of a project since a commit: documents as they were against documents as they are. */

import path from "node:path";
import type { Change } from "./changes/change.js";
import type { ApiChanges, Base } from "./changes/report.js";
import type { Config } from "./config.js";
import { type Commit, type History, sourcesAt } from "./history.js";

import { type ApiSource, apiName, type Project } from "./project.js";
import { openSources } from "./sources.js";
import type { Loaded } from "./spec/document.js";
import type { Sources } from "./spec/sources.js";

export interface SinceOptions {
  readonly project: Project;
  /** Left out without git, or outside of a repository. */
  readonly history?: History | undefined;
  /** Whether the command line chose the operations, so that an earlier configuration does not. */
  readonly isChosen: boolean;
}

/**
 * What changed since the client of an API was committed. That is the newest commit that touched the client's files: document
 * and client are committed together, so its document is the one that the client was made of, whatever was committed since.
 */
export async function changesSinceCommitted(api: ApiSource, options: SinceOptions): Promise<ApiChanges> {
  const { project, history } = options;
  const without = (note: string): ApiChanges => ({ api: api.name, document: api.document, changes: [], note });
  if (history === undefined) return without("what changed cannot be said: this is no git repository, or git is not installed");
  const commit = await history.lastChange([`${project.out}/${api.name}`]);
  if (commit === undefined) return without("what changed cannot be said: the client was never committed");
  const found = await compareSince(api, commit, options);
  if (found.changes.length > 0 || found.note !== undefined) return found;
  const note = history.isShallow
    ? "nothing since the oldest commit of this shallow clone; git fetch --unshallow, or a clone with the whole history (fetch-depth: 0), shows what is further back"
    : `the document says nothing else to users of the client; ${atHosts(api)}keyturn, its templates, or the files themselves are what changed`;
  return { ...found, note };
}

/** What has no history. */
function atHosts({ remote }: ApiSource): string {
  return remote.length > 0 ? "what its references find at hosts, " : "";
}

/** What changed in every API between a commit and now, APIs that came and went included. */
export async function changesAgainst(
  commit: Commit,
  options: SinceOptions & { readonly history: History },
): Promise<ApiChanges[]> {
  const { project, history } = options;
  const gone = project.isWhole ? (await apisAt(project, history, commit)).filter(({ name }) => !has(project, name)) : [];
  const compared: ApiChanges[] = [];
  for (const api of project.apis) compared.push(await compareSince(api, commit, options));
  return [...compared, ...gone.map((api) => removed(api, baseOf(commit)))];
}

async function compareSince(api: ApiSource, commit: Commit, options: SinceOptions): Promise<ApiChanges> {
  const { project, history } = options;
  const base = baseOf(commit);
  const report = (part: { readonly changes?: readonly Change[]; readonly note?: string }): ApiChanges => {
    return { api: api.name, document: api.document, base, changes: [], ...part };
  };
  if (history === undefined) return report({});
  const known = await apisAt(project, history, commit);
  const found = known.find(({ name }) => name === api.name);
  const earlier = found === undefined ? api : { ...found, ...(options.isChosen && { include: api.include }) };
  // A document that was another API's makes a new API; one that was nobody's is compared with what stood in its place.
  const isNew = earlier === api && known.some(({ document }) => document === api.document);
  if (isNew || (await history.read(commit, earlier.document)) === undefined) return report({ changes: [added(api)] });
  const sources = openSources(project.root, { remote: api.remote });
  const past: Sources = {
    ...sourcesAt(history, commit),
    // What stands at a URL has no history here: it is taken for the same.
    follow: (file) => (URL_START.test(file) ? sources : sourcesAt(history, commit)).follow(file),
  };
  const [before, after] = [await read(earlier, past), await read(api, sources)];
  if (before.document === undefined)
    return report({ note: `${earlier.document} could not be read at ${base.label}: ${reasonOf(before)}` });
  if (after.document === undefined) return report({ note: `what changed cannot be said: ${reasonOf(after)}` });
  const { compareDocuments } = await import("./changes/compare.js");
  return report({ changes: compareDocuments(before.document, after.document) });
}

const URL_START = /^[a-z][a-z\d+.-]+:/i;

/** Assembled, mended, and with the operations that the client has. */
async function read(api: ApiSource, sources: Sources): Promise<Loaded> {
  const { assembleDocument } = await import("./spec/assemble.js");
  const { includeOperations } = await import("./mend/inclusion.js");
  const { mendDocument } = await import("./mend/mend.js");
  const loaded = await assembleDocument(api.document, sources, { overlays: api.overlays });
  if (loaded.document === undefined) return loaded;
  return { ...loaded, document: includeOperations(mendDocument(loaded.document).document, api.include).document };
}

function reasonOf({ diagnostics }: Loaded): string {
  const [first] = diagnostics;
  return first === undefined ? "it is no document" : `${first.message} (${first.file}:${first.line}:${first.column})`;
}

/** The APIs of the project as they were configured at a commit; what cannot be read of them is as it is now. */
async function apisAt(project: Project, history: History, commit: Commit): Promise<readonly ApiSource[]> {
  const config = project.config === undefined ? undefined : await configAt(project.config, history, commit);
  if (config !== undefined) {
    const present = new Map(project.apis.map((api) => [api.name, api]));
    return Object.entries(config.apis).map(([name, { document, overlays = [], include }]) => {
      const base = { ...(present.get(name) ?? PLAIN), include: { ...PLAIN.include, ...include } };
      return { ...base, name, document: path.posix.normalize(document), overlays };
    });
  }
  const files = await history.list(commit, "specs/");
  const documents = files.filter((file) => DOCUMENT.test(file) && !OVERLAY.test(file));
  return documents.map((file): ApiSource => {
    const name = apiName(file);
    const overlays = files.filter((other) => OVERLAY.test(other) && other.replace(OVERLAY, "") === name);
    return { ...PLAIN, name, document: `specs/${file}`, overlays: overlays.map((other) => `specs/${other}`) };
  });
}

const DOCUMENT = /\.(?:ya?ml|json)$/i;
const OVERLAY = /\.overlay\.(?:ya?ml|json)$/i;
const PLAIN = { overlays: [], include: { tags: [], paths: [], operationIds: [] }, strict: false, remote: [] };

async function configAt(file: string, history: History, commit: Commit): Promise<Config | undefined> {
  const text = await history.read(commit, file);
  if (text === undefined) return undefined;
  const { checkConfig } = await import("./config/check.js");
  return checkConfig(file, text).config;
}

function has(project: Project, name: string): boolean {
  return project.apis.some((api) => api.name === name);
}

function baseOf({ hash, short, date }: Commit): Base {
  return { label: `${short} of ${date}`, commit: hash };
}

function added({ name, document }: ApiSource): Change {
  const place = { file: document, line: 1, column: 1, pointer: "" };
  return { kind: "api-added", impact: "safe", message: `the API "${name}" is new`, operations: [], ...place };
}

function removed({ name, document }: ApiSource, base: Base): ApiChanges {
  const place = { file: document, line: 1, column: 1, pointer: "" };
  const message = `the API "${name}" is gone`;
  return {
    api: name,
    document,
    base,
    changes: [{ kind: "api-removed", impact: "breaking", message, operations: [], ...place }],
  };
}
