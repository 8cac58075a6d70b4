/** Runs something again whenever files below some folders change: never two runs at once, and never one for nothing. */

import { existsSync, type FSWatcher, watch } from "node:fs";
import path from "node:path";

export interface WatchOptions {
  /** Followed with everything below them; one that does not exist is left out. */
  readonly folders: readonly string[];
  /** What happens below this folder wakes nobody: it is where the runs write. */
  readonly ignored: string;
  /** Rejecting ends one run and not the watch. */
  readonly run: () => Promise<void>;
  /** Hears of a run that rejected, and of a folder that can no longer be followed. */
  readonly onError: (error: unknown) => void;
  /** How long it has to be quiet before a run, in milliseconds; an editor saves in several steps. Default: 50. */
  readonly settleMs?: number;
}

export interface Watching {
  /** Resolves when the last run has ended. */
  close(): Promise<void>;
}

/** The first run starts at once. */
export function watchFolders({ folders, ignored, run, onError, settleMs = 50 }: WatchOptions): Watching {
  let state: "idle" | "running" | "rerun" | "closed" = "idle";
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();

  const start = async (): Promise<void> => {
    state = "running";
    await run().catch(onError);
    if (isClosed()) return;
    const again = isAsked();
    state = "idle";
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

  const watchers = folders.filter((folder) => existsSync(folder)).map((folder) => follow(folder, ignored, changed, onError));
  current = start();
  return {
    async close() {
      state = "closed";
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      await current;
    },
  };
}

function follow(folder: string, ignored: string, changed: () => void, onError: (error: unknown) => void): FSWatcher {
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    const file = name === null ? folder : path.join(folder, name);
    if (!isWithin(file, ignored)) changed();
  });
  return watcher.on("error", onError);
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === "" || !(relative.startsWith("..") || path.isAbsolute(relative));
}
