/**
 * Redocly's rules within bounds. They hold examples to schemas, and so run regular expressions that a document brings; one that
 * backtracks for ever would hold up the process. So they run in a thread that has so much time and memory and no more. A
 * document that takes longer is asked again without those rules, and what is missing is said.
 */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Diagnostic } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { EXAMPLE_RULES, failure, findWithRedocly, placed, type RedoclyFinding } from "./redocly.js";
import type { RedoclyJob } from "./redocly-thread.js";

export interface RedoclyBounds {
  /** How long one run may take, in milliseconds. Default: 30,000; there are two at most. */
  readonly timeMs?: number;
  /** What one run may take in the heap of its thread, in megabytes. Default: 2,048. */
  readonly memoryMb?: number;
  /** The module of the thread. Default: the one beside this; where it is not compiled, no bound is held. */
  readonly thread?: URL;
}

const THREAD = new URL("./redocly-thread.js", import.meta.url);

/** What Redocly's rules say of a document, as far as they come within the bounds. */
export async function lintWithinBounds(document: Document, bounds: RedoclyBounds = {}): Promise<Diagnostic[]> {
  const { timeMs = 30_000, memoryMb = 2048, thread = THREAD } = bounds;
  const described = { path: document.path, root: document.root };
  if (!existsSync(fileURLToPath(thread))) return placed(document, await findWithRedocly(described));
  const run = (skip: readonly string[]) => runThread(thread, { described, skip }, timeMs, memoryMb);
  const whole = await run([]);
  if (Array.isArray(whole)) return placed(document, whole);
  const part = await run(EXAMPLE_RULES);
  if (!Array.isArray(part))
    return placed(document, [failure(`${whole.fault}, so that none of their findings is here`, "warning")]);
  const missing = `${whole.fault} with examples, which were left out: nothing is said of whether they fit`;
  return placed(document, [...part, failure(missing, "warning")]);
}

interface Lost {
  /** Completes the sentence "Redocly's rules …". */
  readonly fault: string;
}

function runThread(file: URL, job: RedoclyJob, timeMs: number, memoryMb: number): Promise<RedoclyFinding[] | Lost> {
  return new Promise((resolve) => {
    const thread = new Worker(file, { workerData: job, resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    const settle = (result: RedoclyFinding[] | Lost): void => {
      clearTimeout(timer);
      resolve(result);
      void thread.terminate();
    };
    const timer = setTimeout(() => settle({ fault: `took longer than ${timeMs / 1000} s` }), timeMs);
    thread.once("message", (findings: RedoclyFinding[]) => settle(findings));
    thread.once("error", (error: Error & { readonly code?: string }) => {
      const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      settle({ fault: isMemory ? `took more than ${memoryMb} MB of memory` : `could not be run (${error.message})` });
    });
  });
}
