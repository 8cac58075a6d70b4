// A process that uses a client and closes it, in one of several situations. It runs the built runtime.
//
//   node close.mjs '{"document": …, "baseUrl": …, "inputs": …, "path": …, "situation": "used"}'
//
// It prints, as JSON, what is left when the client is closed, and what had come to an end before and after that; then it ends by itself, if nothing was left.

import { setTimeout as pause } from "node:timers/promises";
import { createClient, memoryStore } from "../../dist/src/index.js";
import { readDefinition } from "../../dist/src/lifecycle/definition.js";
import { sqliteStore } from "../../dist/src/stores/sqlite.js";

const { document, baseUrl, inputs, path, situation } = JSON.parse(process.argv[2]);
const store = path === undefined ? memoryStore() : sqliteStore({ path });
const client = createClient(readDefinition(document, "close"), { baseUrl, inputs, store, leaseMs: 4000 });
const outcomes = [];

const situations = {
  async used() {
    await client.listThings();
    await client.renew("user");
    await client.listThings();
  },
  async "used by many"() {
    for (let round = 0; round < 5; round += 1) await Promise.all(Array.from({ length: 50 }, () => client.listThings()));
  },
  async "in a renewal"() {
    await client.listThings();
    void outcome(client.renew("user"));
    while ((await client.state("user")).lease === undefined) await pause(5); // it is about to be sent, or is
  },
  async "refused a renewal"() {
    await outcome(client.listThings());
  },
  async "with a caller who gave up"() {
    const giveUp = new AbortController();
    const call = outcome(client.listThings({ signal: giveUp.signal }));
    await pause(50);
    giveUp.abort();
    await call;
  },
  async "behind another holder"() {
    const other = createClient(readDefinition(document, "close"), { baseUrl, inputs, store: { ...store, close: undefined } });
    void outcome(other.listThings());
    while (!(await client.state("user")).renewing) await pause(5);
    void outcome(client.listThings());
    await pause(50);
  },
};

await situations[situation]();
const before = [...outcomes];
if (situation !== "used by many") await client.close();
await pause(20);
process.stdout.write(
  `${JSON.stringify({ before, outcomes, left: process.getActiveResourcesInfo().filter((name) => !/^Pipe/.test(name)) })}\n`,
);

async function outcome(call) {
  await call.then(
    () => outcomes.push("done"),
    (error) => outcomes.push(error.code ?? error.name),
  );
}
