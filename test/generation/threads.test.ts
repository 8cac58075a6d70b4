/** Threads: several documents at once, and a document that goes out of bounds is the only one that fails. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openCache } from "../../scripts/cache.js";
import type { Job } from "../../scripts/generation/job.js";
import { MEMORY_VARIABLE, openThreads, type Threads, type ThreadsOptions } from "../../scripts/generation/threads.js";
import { runProject } from "../../scripts/generation.js";
import { openProject } from "../../scripts/project.js";
import { packageFile } from "../../scripts/root.js";
import { type ChildModule, childModule } from "../support/child.js";
import { temporaryFolder } from "../support/folder.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

/** A thread that does this with each job, instead of what a thread does. */
function threadsDoing(code: string, options: ThreadsOptions = {}): Threads {
  const folder = temporaryFolder({ "thread.mjs": `import { parentPort } from "node:worker_threads";\n${code}` });
  const threads = openThreads({ file: pathToFileURL(path.join(folder, "thread.mjs")), ...options });
  onTestFinished(() => threads.close());
  return threads;
}

const job = (document: string): Job => ({
  source: { name: "a", document, overlays: [], include: { tags: [], paths: [], operationIds: [] }, strict: false, remote: [] },
  project: { root: ".", templates: "templates", runtime: "keyturn", command: "npx keyturn generate" },
});

const messagesOf = async (threads: Threads, document: string) =>
  (await threads.run(job(document))).diagnostics.map(({ file, message }) => `${file}: ${message}`);

describe("a document", () => {
  test("that takes more memory than the bound fails alone, and says so in one line", async () => {
    const code = `parentPort.on("message", ({ source }) => {
      const kept = [];
      while (source.document === "big.yaml") kept.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
      parentPort.postMessage({ diagnostics: [], sources: {} });
    });`;
    const threads = threadsDoing(code, { memoryMb: 32 });
    const both = await Promise.all([messagesOf(threads, "big.yaml"), messagesOf(threads, "small.yaml")]);
    expect(both).toEqual([["big.yaml: generating takes more than 32 MB of memory"], []]);
    expect(await messagesOf(threads, "small.yaml")).toEqual([]);
  });

  test("may have the memory that the user allows", async () => {
    const code = `import { resourceLimits } from "node:worker_threads";
      parentPort.on("message", () => parentPort.postMessage({ diagnostics: [], sources: { mb: String(resourceLimits.maxOldGenerationSizeMb) } }));`;
    const threads = threadsDoing(code, { env: { [MEMORY_VARIABLE]: "123" } });
    expect((await threads.run(job("a.yaml"))).sources).toEqual({ mb: "123" });
  });

  test("that never ends is given up", async () => {
    const threads = threadsDoing('parentPort.on("message", () => { for (;;); });', { timeMs: 100 });
    expect(await messagesOf(threads, "endless.yaml")).toEqual(["endless.yaml: generating takes more than 0.1 seconds"]);
  });

  test.each([
    ["ends", "process.exit(0)", "its thread was ended"],
    ["throws", 'throw new Error("It is broken.")', "It is broken."],
  ])("whose thread %s fails alone", async (_how, code, message) => {
    const threads = threadsDoing(`parentPort.on("message", () => { ${code}; });`);
    expect(await messagesOf(threads, "a.yaml")).toEqual([`a.yaml: ${message}`]);
    expect(await messagesOf(threads, "a.yaml")).toEqual([`a.yaml: ${message}`]);
  });
});

test("a thread that is idle is used again", async () => {
  const code =
    'let jobs = 0; parentPort.on("message", () => parentPort.postMessage({ diagnostics: [], sources: { jobs: String(++jobs) } }));';
  const threads = threadsDoing(code);
  await threads.run(job("a.yaml"));
  expect((await threads.run(job("b.yaml"))).sources).toEqual({ jobs: "2" });
});

describe("the threads of the generator", () => {
  let thread: ChildModule;
  beforeAll(async () => {
    thread = await childModule(new URL("../../scripts/generation/thread.ts", import.meta.url));
  });
  afterAll(() => thread.remove());

  test("write what is written without them, in the order of the documents", async () => {
    const padding = `# ${"x".repeat(300_000)}\n`;
    const specs = { "specs/a.yaml": MINIMAL, "specs/b.yaml": padding + MINIMAL, "specs/c.yaml": "openapi: [" };
    const generate = async (threads: Threads) => {
      const root = temporaryFolder({ ...specs, "node_modules/.keep": "" });
      const results = await runProject(await openProject(root), { mode: "write", cache: openCache(root, {}), threads });
      const files = results.flatMap(({ changes }) => changes.map(({ path: file }) => file));
      return {
        results: results.map(({ api, status }) => [api, status]),
        texts: files.map((file) => [file, readFileSync(path.join(root, "generated", file), "utf8")]),
      };
    };
    const threads = openThreads({ file: thread.file });
    onTestFinished(() => threads.close());
    const made = await generate(threads);
    expect(made.results).toEqual([
      ["a", "changed"],
      ["b", "changed"],
      ["c", "failed"],
    ]);
    expect(made).toEqual(await generate(openThreads({ file: new URL("file:///nowhere.js") })));
  });
});
