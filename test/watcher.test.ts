import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Interest, type WatchOptions, watchFiles } from "../scripts/watcher.js";
import { temporaryFolder } from "./support/folder.js";
import { eventually, pause } from "./support/waiting.js";

/** Longer than it takes a change to be noticed and to settle. */
const QUIET_MS = 300;
const quiet = () => pause(QUIET_MS);

/** What a project without a configuration follows. */
function interestIn(root: string): Interest {
  return {
    files: [path.join(root, "missing/deep/b.yaml")],
    folders: [path.join(root, "specs")],
    ignored: path.join(root, "specs", "generated"),
  };
}

function watching(root: string, options: Partial<WatchOptions> = {}) {
  const onError = vi.fn();
  const interest = interestIn(root);
  const watcher = watchFiles({ interest, run: async () => interest, onError, settleMs: 60, ...options });
  onTestFinished(() => watcher.close());
  return { watcher, onError };
}

const touch = (root: string, file = "specs/a.yaml") => writeFileSync(path.join(root, file), String(Math.random()));

describe("watching", () => {
  test("runs at once, and again after a change", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const run = vi.fn(async () => interestIn(root));
    watching(root, { run });
    await quiet();
    expect(run).toHaveBeenCalledTimes(1);
    touch(root);
    await eventually(() => expect(run).toHaveBeenCalledTimes(2));
  });

  test("runs once for changes that come together", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "", "specs/b.yaml": "" });
    const run = vi.fn(async () => interestIn(root));
    watching(root, { run });
    await quiet();
    for (const file of ["specs/a.yaml", "specs/b.yaml", "specs/c.yaml"]) touch(root, file);
    await eventually(() => expect(run).toHaveBeenCalledTimes(2));
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
      return interestIn(root);
    });
    watching(root, { run });
    for (let change = 0; change < 3; change += 1) {
      touch(root);
      await quiet();
    }
    expect(run).toHaveBeenCalledTimes(1);
    ends[0]!();
    await eventually(() => expect(run).toHaveBeenCalledTimes(2));
    ends[1]!();
    await quiet();
    expect(run).toHaveBeenCalledTimes(2);
  });

  test("goes on after a run that failed", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const run = vi.fn(async () => interestIn(root)).mockRejectedValueOnce(new Error("broken"));
    const { onError } = watching(root, { run });
    await eventually(() => expect(onError).toHaveBeenCalledWith(new Error("broken")));
    await quiet();
    touch(root);
    await eventually(() => expect(run).toHaveBeenCalledTimes(2));
  });

  test("is not woken by what the runs write", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    mkdirSync(path.join(root, "specs/generated"));
    const run = vi.fn(async () => {
      touch(root, "specs/generated/client.ts");
      return interestIn(root);
    });
    watching(root, { run });
    await quiet();
    touch(root, "specs/generated/other.ts");
    await quiet();
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("notices new files, removed files and new folders", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    const run = vi.fn(async () => interestIn(root));
    watching(root, { run });
    await quiet();
    touch(root, "specs/new.yaml");
    await eventually(() => expect(run).toHaveBeenCalledTimes(2));
    await quiet();
    rmSync(path.join(root, "specs/a.yaml"));
    await eventually(() => expect(run).toHaveBeenCalledTimes(3));
  });

  test("does nothing after it is closed, and closes when the last run has ended", async () => {
    const root = temporaryFolder({ "specs/a.yaml": "" });
    let isDone = false;
    const run = vi.fn(async () => {
      await quiet();
      isDone = true;
      return interestIn(root);
    });
    const { watcher } = watching(root, { run });
    touch(root);
    await watcher.close();
    expect(isDone).toBe(true);
    touch(root);
    await quiet();
    expect(run).toHaveBeenCalledTimes(1);
  });

  describe("a file", () => {
    /** Follows these files alone, and counts the runs. */
    async function following(root: string, ...files: string[]) {
      const interest = { files: files.map((file) => path.join(root, file)), folders: [] };
      const run = vi.fn(async () => interest);
      watching(root, { run, interest });
      await quiet();
      return async (change: () => void, runs = 1) => {
        run.mockClear();
        change();
        if (runs > 0) await eventually(() => expect(run).toHaveBeenCalledTimes(runs));
        await quiet();
        expect(run).toHaveBeenCalledTimes(runs);
      };
    }

    test("that is not there yet is noticed when it comes, with all of its folders", async () => {
      const root = temporaryFolder();
      const expectRuns = await following(root, "deep/er/a.yaml");
      await expectRuns(() => mkdirSync(path.join(root, "deep")));
      await expectRuns(() => mkdirSync(path.join(root, "deep/er")));
      await expectRuns(() => touch(root, "deep/er/a.yaml"));
      await expectRuns(() => touch(root, "deep/er/a.yaml"));
    });

    test("that is renamed into its place is noticed, as often as that happens", async () => {
      const root = temporaryFolder({ "a.yaml": "" });
      const expectRuns = await following(root, "a.yaml");
      for (let save = 0; save < 3; save += 1) {
        await expectRuns(() => {
          touch(root, ".a.yaml.swp");
          renameSync(path.join(root, ".a.yaml.swp"), path.join(root, "a.yaml"));
        });
      }
    });

    test("wakes nobody when another one beside it changes", async () => {
      const root = temporaryFolder({ "a.yaml": "", "b.yaml": "" });
      const expectRuns = await following(root, "a.yaml");
      await expectRuns(() => touch(root, "b.yaml"), 0);
      await expectRuns(() => touch(root, "a.yaml"), 1);
    });

    test("is noticed in a folder that took the place of another", async () => {
      const root = temporaryFolder({ "specs/a.yaml": "", "other/a.yaml": "" });
      const expectRuns = await following(root, "specs/a.yaml");
      await expectRuns(() => {
        renameSync(path.join(root, "specs"), path.join(root, "old"));
        renameSync(path.join(root, "other"), path.join(root, "specs"));
      });
      await expectRuns(() => touch(root, "specs/a.yaml"));
      await expectRuns(() => touch(root, "old/a.yaml"), 0);
    });

    test("that a run tells of is followed from then on", async () => {
      const root = temporaryFolder({ "a.yaml": "", "b.yaml": "" });
      const [one, both] = [["a.yaml"], ["a.yaml", "b.yaml"]].map((files) => ({
        files: files.map((file) => path.join(root, file)),
        folders: [],
      }));
      const run = vi.fn(async () => both!);
      watching(root, { run, interest: one! });
      await quiet();
      touch(root, "b.yaml");
      await eventually(() => expect(run).toHaveBeenCalledTimes(2));
    });
  });
});
