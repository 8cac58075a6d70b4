// How long a process takes from its own beginning until the first request is on the wire, its client imported on the way.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median } from "./calls.mjs";
import { start } from "./processes.mjs";

const run = promisify(execFile);
const STARTED = [
  "openapi-fetch",
  "openapi-fetch-auth",
  "keyturn",
  "keyturn-undici",
  "fetch",
  "undici-pool",
  "hey-api",
  "ky",
  "got",
  "axios",
  "google",
  "azure",
];

export async function measureCold({ rounds, log }) {
  const server = await start("./server.mjs");
  const samples = new Map(STARTED.map((name) => [name, []]));
  const child = fileURLToPath(new URL("./cold-client.mjs", import.meta.url));
  try {
    for (let round = 0; round < rounds; round += 1) {
      log(`cold start: round ${round + 1} of ${rounds}`);
      for (const name of STARTED) {
        const { stdout } = await run(process.execPath, [child, name, server.first.url]);
        samples.get(name).push(Number(stdout));
      }
    }
  } finally {
    server.stop();
  }
  const base = samples.get("openapi-fetch");
  return STARTED.map((name) => ({
    name,
    ms: median(samples.get(name)),
    moreMs: median(samples.get(name).map((ms, round) => ms - base[round])),
  }));
}
