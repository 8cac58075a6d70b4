/**
 * Runs something again whenever files change: never two runs at once, and never one for nothing. What is followed are the
 * folders that files stand in, so that a file which is renamed into its place, or which is not there yet, is followed too.
 */

import { existsSync, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import path from "node:path";

/** What is followed, in absolute paths. */
export interface Interest {
  /** They may be missing, and so may their folders. */
  readonly files: readonly string[];
  /** Followed with everything below them. */
  readonly folders: readonly string[];
  /** What happens below this folder wakes nobody: it is where the runs write. */
  readonly ignored?: string;
}

export interface WatchOptions {
  /** Tells what to follow from then on. Rejecting ends one run and not the watch, and what was followed stays so. */
  readonly run: () => Promise<Interest>;
  /** Hears of a run that rejected, and of a folder that can no longer be followed. */
  readonly onError: (error: unknown) => void;
  /** What is followed until the first run has told. */
  readonly interest: Interest;
  /** How long it has to be quiet before a run, in milliseconds; an editor saves in several steps. Default: 30. */
  readonly settleMs?: number;
}

export interface Watching {
  /** Resolves when the last run has ended. */
  close(): Promise<void>;
}

/** The first run starts at once. */
export function watchFiles({ run, onError, interest, settleMs = 30 }: WatchOptions): Watching {
  let state: "idle" | "running" | "rerun" | "closed" = "idle";
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  const start = async (): Promise<void> => {
    state = "running";
    const next = await run().catch(onError);
    if (isClosed()) return;
    const again = isAsked();
    state = "idle";
    if (next !== undefined) followed.follow(next);
    if (again) settle();
  };
  // Asked by functions: over an await the compiler takes the state to be what it was before.
  const isClosed = () => state === "closed";
  const isAsked = () => state === "rerun";
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      current = start();
    }, settleMs);
  };
  const changed = (): void => {
    if (state === "closed") return;
    if (state === "idle") settle();
    else state = "rerun";
  };

  const followed = createFollowed(changed, onError);
  followed.follow(interest);
  current = start();
  return {
    async close() {
      state = "closed";
      clearTimeout(timer);
      followed.close();
      await current;
    },
  };
}

interface Followed {
  follow(interest: Interest): void;
  close(): void;
}

function createFollowed(changed: () => void, onError: (error: unknown) => void): Followed {
  /** By folder: the watcher, and which names in it matter; none stands for all of them. */
  const watchers = new Map<string, { readonly watcher: FSWatcher; names: ReadonlySet<string> | undefined }>();
  let current: Interest = { files: [], folders: [] };

  const follow = (interest: Interest): void => {
    current = interest;
    const wanted = namesByFolder(interest);
    for (const [folder, { watcher }] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const [folder, names] of wanted) {
      const known = watchers.get(folder);
      if (known !== undefined) known.names = names;
      else open(folder, names);
    }
  };
  const open = (folder: string, names: ReadonlySet<string> | undefined): void => {
    try {
      const watcher = watch(folder, (_event, name) => {
        if (!existsSync(folder)) renew(folder);
        const names = watchers.get(folder)?.names;
        if (name !== null && names !== undefined && !names.has(name)) return;
        const file = name === null ? folder : path.join(folder, name);
        if (isWithin(file, current.ignored)) return;
        // A folder may have come, or another one taken its place.
        if (watchers.has(file) || isFolder(file)) renew(file);
        changed();
      });
      watcher.on("error", (error) => {
        renew(folder);
        onError(error);
      });
      watchers.set(folder, { watcher, names });
    } catch {
      // It went away just now; its own folder tells when it is back.
    }
  };
  /** Follows what is at a place and below it now. */
  const renew = (place: string): void => {
    for (const [folder, { watcher }] of watchers) {
      if (!isWithin(folder, place)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    follow(current);
  };
  return {
    follow,
    close() {
      for (const { watcher } of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** The folders to follow, each with the names in it that matter: that of a file, or that of a folder on the way to one. */
function namesByFolder({ files, folders, ignored }: Interest): ReadonlyMap<string, ReadonlySet<string> | undefined> {
  const wanted = new Map<string, Set<string> | undefined>();
  const add = (file: string): void => {
    const folder = path.dirname(file);
    if (folder === file) return;
    // A folder that is renamed away and back is another one: the one above it is followed as well.
    const isThere = existsSync(folder);
    const names = wanted.has(folder) ? wanted.get(folder) : new Set<string>();
    names?.add(path.basename(file));
    if (isThere) wanted.set(folder, names);
    else add(folder);
  };
  for (const file of files) {
    add(file);
    add(path.dirname(file));
  }
  for (const folder of folders) {
    add(folder);
    for (const below of foldersBelow(folder, ignored)) wanted.set(below, undefined);
  }
  return wanted;
}

/** A folder and those below it; none when it is not there. */
function foldersBelow(folder: string, ignored: string | undefined): string[] {
  if (!isFolder(folder) || isWithin(folder, ignored)) return [];
  const below = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "node_modules",
  );
  return [folder, ...below.flatMap(({ name }) => foldersBelow(path.join(folder, name), ignored))];
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isWithin(file: string, folder: string | undefined): boolean {
  return folder !== undefined && (file === folder || file.startsWith(folder + path.sep));
}
