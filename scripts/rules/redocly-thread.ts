/** A thread that runs Redocly's rules on one document, and ends. */

import { parentPort, workerData } from "node:worker_threads";
import { type Described, findWithRedocly } from "./redocly.js";

/** What the thread is told when it is started. */
export interface RedoclyJob {
  readonly described: Described;
  readonly skip: readonly string[];
}

const { described, skip } = workerData as RedoclyJob;
parentPort?.postMessage(await findWithRedocly(described, skip));
