/** Checks that are not known to end, such as a document's regular expressions on texts of whoever calls, within a time. */

import { type Context, createContext, Script } from "node:vm";

/** How long one check may take, in milliseconds. */
const LONGEST_MS = 1000;
const CHECK = new Script("check()");
let context: Context | undefined;

/** @throws {Error} when the check takes longer than a second. */
export function inTime(check: () => boolean): boolean {
  context ??= createContext(Object.create(null));
  context["check"] = check;
  try {
    return CHECK.runInContext(context, { timeout: LONGEST_MS }) as boolean;
  } catch (error) {
    // Made in the other context, so that it is no `Error` of this one.
    if ((error as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new Error(`it takes longer than ${LONGEST_MS / 1000} s`);
  } finally {
    context["check"] = undefined;
  }
}
