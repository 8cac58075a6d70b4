/** A thread of the generator: one API after the other, as it is told. */

import { parentPort } from "node:worker_threads";
import { generateApi, type Job } from "./job.js";

parentPort?.on("message", async (job: Job) => parentPort?.postMessage(await generateApi(job)));
