import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type WatchOptions, watchFolders } from "../scripts/watcher.js";
import { temporaryFolder } from "./support/folder.js";

/** Longer than it takes a change to be noticed and to settle. */
const QUIET_MS = 300;
const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET_MS));

function watching(root: string, options: Partial<WatchOptions> = {}) {
  const onError = vi.fn();
  const watcher = watchFolders({
    folders: [path.join(root, "specs"), path.join(root, "missing")],
    ignored: path.join(root, "specs", "generated"),
    run: async () => {},
    onError,
    settleMs: 60,
    ...options,
  });
  onTestFinished(() => watcher.close());
  return { watcher, onError };
}

const touch = (root: string, file = "specs/a.yaml") => writeFileSync(path.join(root, file), String(Math.random()));

describe("watching", () => {
  test("runs at once, and again after a change", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const run = vi.fn(async () => {});
    watching(root, { run });
    await quiet();
    expect(run).toHaveBeenCalledTimes(1);
    touch(root);
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  });

  test("runs once for changes that come together", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "", "specs/b.yaml": "" });
    const run = vi.fn(async () => {});
    watching(root, { run });
    await quiet();
    for (const file of ["specs/a.yaml", "specs/b.yaml", "specs/c.yaml"]) touch(root, file);
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
    await quiet();
    expect(run).toHaveBeenCalledTimes(2);
  });

  test("never has two runs at once, and runs once more for what changed meanwhile", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const ends: (() => void)[] = [];
    let running = 0;
    const run = vi.fn(async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
    });
    watching(root, { run });
    for (let change = 0; change < 3; change += 1) {
      touch(root);
      await quiet();
    }
    expect(run).toHaveBeenCalledTimes(1);
    ends[0]!();
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
    ends[1]!();
    await quiet();
    expect(run).toHaveBeenCalledTimes(2);
  });

  test("goes on after a run that failed", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const run = vi.fn(async () => {}).mockRejectedValueOnce(new Error("broken"));
    const { onError } = watching(root, { run });
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(new Error("broken")));
    await quiet();
    touch(root);
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  });

  test("is not woken by what the runs write", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    mkdirSync(path.join(root, "specs/generated"));
    const run = vi.fn(async () => touch(root, "specs/generated/client.ts"));
    watching(root, { run });
    await quiet();
    touch(root, "specs/generated/other.ts");
    await quiet();
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("notices new files, removed files and new folders", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const run = vi.fn(async () => {});
    watching(root, { run });
    await quiet();
    touch(root, "specs/new.yaml");
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
    await quiet();
    rmSync(path.join(root, "specs/a.yaml"));
    await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(3));
  });

  test("does nothing after it is closed, and closes when the last run has ended", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    let isDone = false;
    const run = vi.fn(async () => {
      await quiet();
      isDone = true;
    });
    const { watcher } = watching(root, { run });
    touch(root);
    await watcher.close();
    expect(isDone).toBe(true);
    touch(root);
    await quiet();
    expect(run).toHaveBeenCalledTimes(1);
  });
});
