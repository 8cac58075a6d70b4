// A process that renews a token once and dies, or stops, at a given step of the protocol. It runs the built runtime.
//
//   node child.mjs '{"document": …, "baseUrl": …, "inputs": …, "store": …, "aheadMs": …, "leaseMs": …, "step": "s4", "signal": "SIGKILL"}'
//
// It prints one line: what the renewal came to, if it came to an end.

import { createClient } from "../../dist/src/index.js";
import { readDefinition } from "../../dist/src/lifecycle/definition.js";
import { openStore } from "./open-store.mjs";

const { document, baseUrl, inputs, store: stated, aheadMs, leaseMs, step, signal } = JSON.parse(process.argv[2]);

const store = await openStore(stated);
let swaps = 0;
const client = createClient(readDefinition(document, "natures"), {
  baseUrl,
  inputs,
  leaseMs,
  clock: { now: () => Date.now() + aheadMs },
  store: {
    ...store,
    read: async (key) => {
      await at("s0");
      return store.read(key);
    },
    swap: async (key, expected, next) => {
      swaps += 1;
      const isIntent = swaps === 1;
      const isSave = next?.intent === undefined; // any other is a sign of life
      if (isIntent) await at("s2");
      if (isSave) await at("s6");
      const swapped = store.swap(key, expected, next);
      if (isSave && step === "s7") process.kill(process.pid, signal);
      const won = await swapped;
      if (isIntent) await at("s3");
      if (isSave) await at("s8");
      return won;
    },
  },
  fetch: async (request) => {
    if (!request.url.endsWith("/token")) return fetch(request);
    await at("s4");
    const response = await fetch(request);
    await at("s5");
    return response;
  },
});

try {
  const { generation } = await client.renew("user");
  await at("s9");
  console.log(`generation ${generation}`);
} catch (error) {
  console.log(`failed: ${error.code ?? error}`);
}
await client.close();
process.exit(0);

/** Ends or stops this process when it has come to the step that it was told. */
async function at(reached) {
  if (reached !== step) return;
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 50)); // the signal is on its way
}
