import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { lintWithinBounds } from "../../scripts/rules/redocly-bounded.js";
import { temporaryFolder } from "../support/folder.js";
import { api, load } from "./support.js";

/** A thread that does this with what it is told. */
function thread(body: string): URL {
  const folder = temporaryFolder({
    "thread.mjs": `import { parentPort, workerData } from "node:worker_threads";\nconst { described, skip } = workerData;\n${body}\n`,
  });
  return pathToFileURL(path.join(folder, "thread.mjs"));
}

const ANSWER =
  'parentPort.postMessage([{ rule: "redocly/struct", severity: "warning", message: described.path, pointer: "/info", part: "key" }]);';

describe("lintWithinBounds", () => {
  test("gives the findings of the thread their places", async () => {
    expect(await lintWithinBounds(load(api()), { thread: thread(ANSWER) })).toMatchObject([
      { rule: "redocly/struct", message: "test.yaml", file: "test.yaml", line: 2, column: 1, pointer: "/info" },
    ]);
  });

  test("leaves the rules about examples out when they take too long, and says so", async () => {
    const file = thread(`if (skip.length === 0) for (;;); else ${ANSWER}`);
    const found = await lintWithinBounds(load(api()), { thread: file, timeMs: 1000 });
    expect(found.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`)).toEqual([
      "warning redocly/struct: test.yaml",
      "warning redocly: Redocly's rules took longer than 1 s with examples, which were left out: nothing is said of whether they fit",
    ]);
  });

  test("says that nothing could be found when nothing comes to an end", async () => {
    const found = await lintWithinBounds(load(api()), { thread: thread("for (;;);"), timeMs: 300 });
    expect(found.map(({ message }) => message)).toEqual([
      "Redocly's rules took longer than 0.3 s, so that none of their findings is here",
    ]);
  });

  test("outlives a thread that takes too much memory, and one that fails", async () => {
    const greedy = thread("const all = []; for (;;) all.push(new Array(1e6).fill(all.length));");
    const [tooMuch] = await lintWithinBounds(load(api()), { thread: greedy, memoryMb: 32 });
    expect(tooMuch?.message).toContain("took more than 32 MB of memory");
    const [failed] = await lintWithinBounds(load(api()), { thread: thread('throw new Error("no");') });
    expect(failed?.message).toContain("could not be run (no)");
  });

  test("runs Redocly in the thread that is built", async () => {
    const built = pathToFileURL(packageFile("dist/scripts/rules/redocly-thread.js"));
    const found = await lintWithinBounds(load(api({ paths: "/b/: {get: {operationId: b, responses: {}, more: 1}}" })), {
      thread: built,
    });
    expect(found.map(({ rule }) => rule)).toContain("redocly/struct");
  });
});
