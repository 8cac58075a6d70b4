/**
 * What git knows of a project: files as they were, and when they changed. Git is asked by arguments and never by a shell, and
 * what a user names is resolved to a hash before anything else is asked for.
 */

import { execFile } from "node:child_process";
import { debuglog, promisify } from "node:util";
import { SourceError, type Sources } from "./spec/sources.js";

export interface Commit {
  readonly hash: string;
  readonly short: string;
  /** The day of the commit, `2026-11-20`. */
  readonly date: string;
}

/** Why something cannot be looked up in the history, in a sentence for the caller. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

export interface History {
  /** Whether the clone holds only the newest commits, as those of continuous integration often do. */
  readonly isShallow: boolean;
  /** @throws {HistoryError} when the reference names no commit that is here. */
  commit(reference: string): Promise<Commit>;
  /** The newest commit that changed something below these paths; `undefined` when there is none. */
  lastChange(paths: readonly string[]): Promise<Commit | undefined>;
  /** The text of a file as it was; `undefined` when it was not there. */
  read(commit: Commit, path: string): Promise<string | undefined>;
  /** The names of the files of a folder as it was. */
  list(commit: Commit, folder: string): Promise<readonly string[]>;
}

/** Longer than git takes for any answer that is waited for here. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** Nothing that a repository configures is run, and no locks are taken. */
const OPTIONS = [
  ...["--no-pager", "--no-optional-locks", "--literal-pathspecs"],
  ...["-c", "core.fsmonitor=false", "-c", "log.showSignature=false"],
];

/** The history of a folder; all paths are relative to it, with `/`. `undefined` without git, or outside of a repository. */
export async function openHistory(root: string): Promise<History | undefined> {
  const run = promisify(execFile);
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("git", [...OPTIONS, ...args], { cwd: root, timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES });
    return stdout;
  };
  /** What git says to a question that may have no answer; its reason is shown with NODE_DEBUG=keyturn. */
  const ask = (...args: string[]): Promise<string | undefined> =>
    git(...args).catch((error: unknown) => {
      debuglog("keyturn")("%s", error);
      return undefined;
    });

  const found = await ask("rev-parse", "--is-shallow-repository", "--show-prefix");
  if (found === undefined) return undefined;
  const [shallow, prefix = ""] = found.split("\n");
  const describe = async (...args: string[]): Promise<Commit | undefined> => {
    const [hash, short, date] = (await ask("log", "-1", "--format=%H %h %cs", ...args))?.trim().split(" ") ?? [];
    return hash && short && date ? { hash, short, date } : undefined;
  };
  const history: History = {
    isShallow: shallow === "true",
    async commit(reference) {
      const isName = !reference.startsWith("-") && !reference.includes("\0") && reference !== "";
      const hash = isName
        ? await ask("rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`)
        : undefined;
      const commit = hash === undefined ? undefined : await describe(hash.trim(), "--");
      if (commit !== undefined) return commit;
      const hint = history.isShallow ? "; this clone is shallow: fetch the commit first, or clone with the whole history" : "";
      throw new HistoryError(`git knows no commit "${reference}"${hint}`);
    },
    lastChange: (paths) => describe("--", ...paths),
    read: (commit, path) => ask("cat-file", "blob", `${commit.hash}:${prefix}${path}`),
    async list(commit, folder) {
      const names = await ask("ls-tree", "--name-only", "-z", `${commit.hash}:${prefix}${folder}`);
      return names?.split("\0").filter((name) => name !== "") ?? [];
    },
  };
  return history;
}

/** Texts as they were at a commit; nothing else is read, and nothing is fetched. */
export function sourcesAt(history: History, commit: Commit): Sources {
  const read = async (path: string): Promise<string> => {
    const text = /^[a-z][a-z\d+.-]*:/i.test(path) ? undefined : await history.read(commit, path);
    if (text === undefined) throw new SourceError(`"${path}" is not in commit ${commit.short}`, { isMissing: true });
    return text;
  };
  return { open: read, follow: read };
}
