/**
 * Threads that generate, one API each at a time: several documents use the processors that there are, and a document that takes
 * too much memory, or that never ends, ends its own thread and nothing else. Idle threads wait with everything loaded, which is
 * what makes a watch quick, and keep no process alive.
 */

import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { Worker } from "node:worker_threads";
import { type Done, failed, generateApi, type Job } from "./job.js";

export interface ThreadsOptions {
  /** Where the user may have set the bound of memory. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The module of a thread. Default: the one beside this. */
  readonly file?: URL;
  /** What one document may take in the heap of its thread, in megabytes. Default: 2048, less where the machine has less. */
  readonly memoryMb?: number;
  /** How long one document may take, in milliseconds. Default: five minutes. */
  readonly timeMs?: number;
}

export interface Threads {
  /** How many may run at once. */
  readonly count: number;
  /** Generates one API in a thread that is idle, else in a new one. Never rejects. */
  run(job: Job): Promise<Done>;
  /** Ends every thread. What still runs is never told. */
  close(): Promise<void>;
}

const HERE: Threads = { count: 1, run: generateApi, close: () => Promise.resolve() };

/** For a document that is as it should be and needs more than the bound. */
export const MEMORY_VARIABLE = "KEYTURN_MEMORY_MB";

const MAX_MEMORY_MB = 2048;
const MAX_TIME_MS = 300_000;

/** Without the module of a thread, as when all of this was put into one file, one API after the other is generated here. */
export function openThreads(options: ThreadsOptions = {}): Threads {
  const { file = new URL("./thread.js", import.meta.url), memoryMb = memoryBound(options.env), timeMs = MAX_TIME_MS } = options;
  if (!existsSync(file)) return HERE;
  const all = new Set<Worker>();
  const idle = new Set<Worker>();

  const start = (): Worker => {
    const thread = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    all.add(thread);
    const forget = () => {
      all.delete(thread);
      idle.delete(thread);
    };
    return thread.on("exit", forget).on("error", forget);
  };

  return {
    count: availableParallelism(),
    async run(job) {
      const thread = idle.values().next().value ?? start();
      idle.delete(thread);
      thread.ref();
      const { done, isLost } = await answer(thread, job, { memoryMb, timeMs });
      if (isLost) {
        await thread.terminate();
      } else {
        thread.unref();
        idle.add(thread);
      }
      return done;
    },
    async close() {
      for (const thread of all) thread.removeAllListeners();
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}

/** As many threads as there are processors stay within three quarters of what the machine, or the container, has. */
function memoryBound(env: ThreadsOptions["env"] = {}): number {
  const stated = Number(env[MEMORY_VARIABLE]);
  if (stated > 0) return stated;
  const bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.min(MAX_MEMORY_MB, Math.floor((bytes * 0.75) / 2 ** 20 / availableParallelism()));
}

interface Bounds {
  readonly memoryMb: number;
  readonly timeMs: number;
}

interface Answer {
  readonly done: Done;
  /** Whether the thread is of no use any more. */
  readonly isLost: boolean;
}

function answer(thread: Worker, job: Job, { memoryMb, timeMs }: Bounds): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (done: Done, isLost: boolean): void => {
      clearTimeout(timer);
      thread.off("message", answered).off("error", broken).off("exit", exited);
      resolve({ done, isLost });
    };
    const lose = (message: string, hint?: string) => settle(failed(job.source.document, message, hint), true);
    const answered = (done: Done) => settle(done, false);
    const broken = (error: Error & { readonly code?: string }) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") lose(`generating takes more than ${memoryMb} MB of memory`, NARROWER);
      else lose(error.message);
    };
    const exited = () => lose("its thread was ended");
    const timer = setTimeout(() => lose(`generating takes more than ${timeMs / 1000} seconds`, NARROWER), timeMs);
    thread.on("message", answered).on("error", broken).on("exit", exited);
    thread.postMessage(job);
  });
}

const NARROWER = `leave out what nobody needs (--include-tag), or allow more memory with ${MEMORY_VARIABLE}`;
