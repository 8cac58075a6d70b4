/** Collects garbage now, in a process that was not started for it. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** Collects, and lets those who wait for a collection have their turn. */
export async function collectGarbage(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
