// A process that calls one operation of several services for several users, until its input ends. It runs the built runtime.
//
//   node --expose-gc worker.mjs '{"path": …, "pauseMs": …, "leaseMs": …, "apis": [{"name", "document", "baseUrl", "users": [{"inputs", "refreshTokenFile"}]}]}'
//
// On its output, line by line, as JSON: `{"failed": …}` for each call that did not succeed, `{"sample": …}` every second, and
// `{"closed": …}` when its clients are closed. Then it ends by itself, if nothing was left behind.

import { getEventListeners } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "../../dist/src/index.js";
import { readDefinition } from "../../dist/src/lifecycle/definition.js";
import { sqliteStore } from "../../dist/src/stores/sqlite.js";

const { path, pauseMs, leaseMs, apis } = JSON.parse(process.argv[2]);
const SAMPLE_MS = 1000;
const stop = new AbortController();
const told = { calls: 0, failed: 0, waited: 0, longestMs: 0, events: {} };
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

process.on("warning", ({ name, message }) => tell({ failed: { api: "process", code: name, message } }));
process.on("unhandledRejection", (error) =>
  tell({ failed: { api: "process", code: "unhandledRejection", message: String(error) } }),
);
process.stdin.on("data", () => {}).on("end", () => stop.abort());

const families = apis.map((api) => ({
  ...api,
  client: createClient(readDefinition(api.document, api.name), {
    baseUrl: api.baseUrl,
    leaseMs,
    timeoutMs: 3000,
    store: sqliteStore({ path }),
    onEvent: ({ type, code }) => {
      const name = code === undefined ? type : `${type}: ${code}`;
      told.events[name] = (told.events[name] ?? 0) + 1;
    },
  }),
}));

const loops = families.flatMap(({ name, client, users }) =>
  users.map(async ({ inputs, refreshTokenFile }) => {
    const refreshToken = refreshTokenFile && (() => readFileSync(refreshTokenFile, "utf8"));
    const user = client.with({ ...inputs, ...(refreshToken && { refreshToken }) });
    while (!stop.signal.aborted) {
      await call(name, inputs.device, user);
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }),
);
const sampling = sample();
await Promise.all(loops);
await sampling;
for (const { client } of families) await client.close();
await pause(20); // the output that is under way
tell({ closed: { resources: resources(), ...told } });

async function call(api, device, user) {
  const from = performance.now();
  told.calls += 1;
  let failure;
  try {
    const { response } = await user.listThings({ signal: stop.signal });
    if (response.status !== 200) failure = { code: response.status, message: `status ${response.status}` };
  } catch (error) {
    if (stop.signal.aborted) return;
    failure = { code: error.code ?? error.name, message: `${error.message} ${error.cause?.code ?? ""}` };
  }
  const tookMs = performance.now() - from;
  if (tookMs > 50) told.waited += 1;
  told.longestMs = Math.max(told.longestMs, Math.round(tookMs));
  if (failure === undefined) return;
  told.failed += 1;
  tell({ failed: { api, device, at: Date.now(), ...failure } });
}

async function sample() {
  while (!stop.signal.aborted) {
    await pause(SAMPLE_MS);
    // Twice: what a finaliser lets go of is there for the second.
    globalThis.gc();
    await pause(0);
    globalThis.gc();
    const heapBytes = process.memoryUsage().heapUsed;
    tell({ sample: { heapBytes, resources: resources(), listeners: listeners(), ...told } });
  }
}

/** What keeps this process alive, by kind. */
function resources() {
  const counts = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function listeners() {
  const ofProcess = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { signal: getEventListeners(stop.signal, "abort").length, process: ofProcess };
}
