// A process with many callers of one slot, all at once, as often as it is told. It runs the built runtime.
//
//   node herd.mjs '{"document": …, "baseUrl": …, "inputs": …, "store": …, "leaseMs": …, "callers": 50}'
//
// For each line on its input, the offset of its clock in milliseconds, it prints a line: the tokens that its callers presented,
// by how many of them, and the codes of those that failed.

import { createInterface } from "node:readline";
import { createClient } from "../../dist/src/index.js";
import { readDefinition } from "../../dist/src/lifecycle/definition.js";
import { openStore } from "./open-store.mjs";

const { document, baseUrl, inputs, store, leaseMs, callers } = JSON.parse(process.argv[2]);
let aheadMs = 0;
const tokens = new Map();
const client = createClient(readDefinition(document, "natures"), {
  baseUrl,
  inputs,
  leaseMs,
  store: await openStore(store),
  clock: { now: () => Date.now() + aheadMs },
  fetch: async (request) => {
    if (request.url.endsWith("/token")) return fetch(request);
    const token = request.headers.get("authorization");
    tokens.set(token, (tokens.get(token) ?? 0) + 1);
    return Response.json([]);
  },
});
console.log("ready");

for await (const line of createInterface({ input: process.stdin })) {
  aheadMs = Number(line);
  tokens.clear();
  const results = await Promise.allSettled(Array.from({ length: callers }, () => client.listThings()));
  const failed = results.flatMap(({ reason }) => (reason === undefined ? [] : [reason.code ?? String(reason)]));
  console.log(JSON.stringify({ presented: [...tokens.values()], distinct: tokens.size, failed }));
}
await client.close();
process.exit(0);
