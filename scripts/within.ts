/** Work that is not known to end, such as regular expressions of an overlay or of a rule on texts of strangers, within a time. */

import { type Context, createContext, Script } from "node:vm";

/** The work took longer than it may. */
export class TooLongError extends Error {
  override readonly name = "TooLongError";
}

const WORK = new Script("work()");
let context: Context | undefined;

/**
 * Does what it is given, and gives up when that takes longer. Only what is synchronous is held to the time; work within work
 * is not.
 *
 * @param timeMs in milliseconds.
 * @throws {TooLongError} when it took longer.
 */
export function within<T>(timeMs: number, work: () => T): T {
  context ??= createContext(Object.create(null));
  context["work"] = work;
  try {
    return WORK.runInContext(context, { timeout: timeMs }) as T;
  } catch (error) {
    if (isTimeout(error)) throw new TooLongError(`it takes longer than ${timeMs / 1000} s`);
    throw error;
  } finally {
    context["work"] = undefined;
  }
}

/** Made by the machinery of the other context, so that it is no `Error` of this one. */
function isTimeout(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
