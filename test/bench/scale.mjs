// What a slot costs: memory for each, the time of a call and of a look at a fresh token as slots become many, and what the service
// sees when ten thousand tokens end in the same minute. Runs the built runtime.
//
//   npm run build && node --expose-gc test/bench/scale.mjs [--write]
//
// Prints what it found; with --write puts it into docs/operations.md, between its markers. The service is a function in this
// process, so that the time is the runtime's own with that of `Request` and `Response`: the row without a token
// says how much of it is theirs. Time is that of the processor, so that a busy machine does not count. Flags:
// --slots 1,1000,100000, --calls 20000, --herd 10000 (0: none). It takes about three minutes.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createClient } from "../../dist/src/index.js";
import { readDefinition } from "../../dist/src/lifecycle/definition.js";
import { Slot } from "../../dist/src/tokens/slot.js";
import { perUser } from "./scale-document.mjs";

const { values: flags } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    slots: { type: "string", default: "1,1000,100000" },
    calls: { type: "string", default: "20000" },
    herd: { type: "string", default: "10000" },
    part: { type: "string" },
  },
});
if (globalThis.gc === undefined) throw new Error("run it with node --expose-gc: memory is read after a collection");

const PAGE = new URL("../../docs/operations.md", import.meta.url);
const MARKERS = ["<!-- scale: written by test/bench/scale.mjs -->", "<!-- /scale -->"];
const ROUNDS = 5;
const HOUR = 3_600_000;
const LOOKS = 400_000;
/** How long the token endpoint of the herd takes to answer, and how often each of its users makes a call. */
const LATENCY_MS = 100;
const CALL_EVERY_MS = 5000;
const calls = Number(flags.calls);

if (flags.part === undefined) report();
else {
  const [kind, count] = flags.part.split(":");
  const parts = { slots: measure, looks, herd, bare };
  process.stdout.write(JSON.stringify(await parts[kind](Number(count))));
}

/** Each part in a process of its own, so that none of them sees the garbage of another. */
function report() {
  const measured = flags.slots.split(",").map((count) => partOf(`slots:${count}`));
  const { bareNs } = partOf("bare:");
  const lines = [
    "| slots | heap for each slot | with a client for each | a call with a fresh token | the same, another slot each time |",
    "| ---: | ---: | ---: | ---: | ---: |",
    ...measured.map(({ count, slotBytes, clientBytes, oneNs, allNs }) => {
      const memory = count < 1000 ? "| " : `${bytes(slotBytes)} | ${bytes(clientBytes)}`;
      return `| ${group(count)} | ${memory} | ${micro(oneNs)} | ${micro(allNs)} |`;
    }),
    `| an operation without security | | | ${micro(bareNs)} | |`,
  ];
  const machine = `Node ${process.version}, ${process.platform} ${process.arch}`;
  lines.push("", `${machine}; processor time for a call, ${group(calls)} calls, the best of ${ROUNDS} rounds.`);
  lines.push(
    "",
    "A look at the token alone, `peek()`, beside a clock read and a compare with a number that lies among the slots; what more",
    "than one of them takes is the memory that is not in a cache:",
    "",
    "| slots | a clock read and a compare | `peek()` |",
    "| ---: | ---: | ---: |",
    ...flags.slots.split(",").map((count) => {
      const { floorNs, peekNs } = partOf(`looks:${count}`);
      return `| ${group(Number(count))} | ${nano(floorNs)} | ${nano(peekNs)} |`;
    }),
  );
  if (flags.herd !== "0") {
    const { users, requests, peak, most, failed, seconds, ending, fresh } = partOf(`herd:${flags.herd}`);
    lines.push(
      "",
      `${group(users)} users with tokens that end in the same second, each of whom makes a call every ${CALL_EVERY_MS / 1000} seconds, at a token`,
      `endpoint that takes ${LATENCY_MS} ms: ${group(requests)} token requests over ${seconds} seconds, at most ${group(peak)} in one second and ${most}`,
      `at once; ${failed} calls failed.`,
      "",
      "| calls of | half take at most | 99 of 100 | the longest |",
      "| --- | ---: | ---: | ---: |",
      `| those users | ${ending.map(milli).join(" | ")} |`,
      `| others, whose tokens are fresh | ${fresh.map(milli).join(" | ")} |`,
    );
  }
  const told = lines.join("\n");
  process.stdout.write(`${told}\n`);
  if (flags.write) write(told);
}

function partOf(part) {
  const args = ["--expose-gc", fileURLToPath(import.meta.url), "--part", part, "--calls", flags.calls];
  const { status, stdout } = spawnSync(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  if (status !== 0) throw new Error(`the part ${part} failed`);
  return JSON.parse(stdout);
}

/** A family with so many slots, each with a fresh token. */
async function measure(count) {
  const before = await heap();
  const family = familyOf();
  let clients = [];
  for (let user = 0; user < count; user += 1) {
    const client = family.with({ username: `user-${user}` });
    clients.push(client);
    await client.listThings();
    if (user % 100 === 0) await turn();
  }
  const withClients = (await heap()) - before;
  const one = clients.slice(0, 1);
  const oneNs = await timed(one);
  const allNs = await timed(clients);
  clients = undefined;
  const slotsAlone = (await heap()) - before;
  await one[0].listThings();
  await family.close();
  return { count, slotBytes: slotsAlone / count, clientBytes: withClients / count, oneNs, allNs };
}

/** Looking at the token of another slot each time, and at as many numbers that were made between them. */
async function looks(count) {
  const family = familyOf();
  const { peek } = Slot.prototype;
  let seen;
  Slot.prototype.peek = function () {
    seen = this;
    return peek.call(this);
  };
  const clients = [];
  const slots = [];
  const marks = [];
  for (let user = 0; user < count; user += 1) {
    const client = family.with({ username: `user-${user}` });
    await client.listThings();
    clients.push(client);
    slots.push(seen);
    marks.push({ until: Math.floor(performance.now() + HOUR), token: seen });
    if (user % 100 === 0) await turn();
  }
  Slot.prototype.peek = peek;
  const floorNs = looked(marks, (mark) => (performance.now() < mark.until ? mark.token : undefined));
  const peekNs = looked(slots, (slot) => slot.peek());
  return { floorNs, peekNs, held: clients.length };
}

function looked(list, look) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4 * ROUNDS; round += 1) {
    let found = 0;
    const from = process.cpuUsage();
    for (let time = 0; time < LOOKS; time += 1) if (look(list[(time * 7919) % list.length]) !== undefined) found += 1;
    const { user, system } = process.cpuUsage(from);
    if (found !== LOOKS) throw new Error("a token is missing");
    best = Math.min(best, ((user + system) * 1000) / LOOKS);
  }
  return best;
}

async function bare() {
  const family = familyOf();
  return { bareNs: await timed([{ listThings: () => family.getOpen() }]) };
}

/** Tokens of an hour, all of which came in the same moment, in the minute and ten seconds before they end. */
async function herd(users) {
  const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
  const begun = new Map();
  let [now, most, requests, isMeasured] = [0, 0, 0, false];
  const family = familyOf({
    clock,
    onTokenRequest: async () => {
      if (!isMeasured) return;
      requests += 1;
      now += 1;
      most = Math.max(most, now);
      const second = Math.floor(Date.now() / 1000);
      begun.set(second, (begun.get(second) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
      now -= 1;
    },
  });
  const from = Date.now();
  const clients = Array.from({ length: users }, (_, user) => family.with({ username: `user-${user}` }));
  for (let user = 0; user < users; user += 500) {
    clock.aheadMs = from - Date.now(); // time stands still until all have one
    await Promise.all(clients.slice(user, user + 500).map((client) => client.listThings()));
  }
  clock.aheadMs = from - Date.now() + HOUR - 65_000;
  const others = Array.from({ length: 100 }, (_, user) => family.with({ username: `another-${user}` }));
  await Promise.all(others.map((client) => client.listThings()));
  isMeasured = true;
  const took = { ending: [], fresh: [] };
  let failed = 0;
  const calling = new Set();
  const call = (client, list) => {
    const at = performance.now();
    const one = client.listThings().then(
      () => list.push(performance.now() - at),
      () => {
        failed += 1;
      },
    );
    calling.add(one);
    void one.finally(() => calling.delete(one));
  };
  const start = performance.now();
  for (let called = 0; performance.now() - start < 70_000; ) {
    const due = Math.floor(((performance.now() - start) / CALL_EVERY_MS) * users);
    for (; called < due; called += 1) call(clients[called % users], took.ending);
    call(others[called % others.length], took.fresh);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await Promise.all(calling);
  await family.close();
  const seconds = [...begun.keys()];
  const span = Math.max(...seconds) - Math.min(...seconds) + 1;
  const peak = Math.max(...begun.values());
  return { users, requests, peak, most, failed, seconds: span, ending: shares(took.ending), fresh: shares(took.fresh) };
}

/** Milliseconds that half of the calls, all but one in a hundred, and the longest took. */
function shares(list) {
  list.sort((a, b) => a - b);
  return [0.5, 0.99, 1].map((share) => list[Math.min(list.length - 1, Math.floor(list.length * share))]);
}

function familyOf({ clock, onTokenRequest } = {}) {
  let issued = 0;
  return createClient(readDefinition(perUser, "scale"), {
    inputs: { clientId: "client", clientSecret: "secret", password: "password" },
    ...(clock && { clock }),
    fetch: async (request) => {
      if (!request.url.endsWith("/token")) return new Response("[]", { headers: { "content-type": "application/json" } });
      await onTokenRequest?.();
      issued += 1;
      // As long as the tokens of real services are.
      const token = `${String(issued).padStart(8, "0")}${"t".repeat(56)}`;
      return Response.json({ access_token: `a${token}`, refresh_token: `r${token}`, token_type: "bearer", expires_in: 3600 });
    },
  });
}

/** Nanoseconds of the processor for a call, one after the other. */
async function timed(clients) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    globalThis.gc();
    const from = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) {
      await clients[(call * 7919) % clients.length].listThings();
      if (call % 100 === 0) await turn();
    }
    const { user, system } = process.cpuUsage(from);
    best = Math.min(best, ((user + system) * 1000) / calls);
  }
  return best;
}

async function heap() {
  for (let pass = 0; pass < 4; pass += 1) {
    globalThis.gc();
    await turn();
  }
  return process.memoryUsage().heapUsed;
}

/** What a program does between its calls: without it nothing that is weakly held is ever let go. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

function bytes(count) {
  return `${group(count)} bytes`;
}

function group(count) {
  return Math.round(count).toLocaleString("en-GB");
}

function milli(ms) {
  return `${ms.toFixed(1)} ms`;
}

function nano(ns) {
  return `${ns.toFixed(0)} ns`;
}

function micro(ns) {
  return `${(ns / 1000).toFixed(1)} µs`;
}

function write(text) {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = MARKERS.map((marker) => page.indexOf(marker));
  if (from === -1 || to === -1) throw new Error(`docs/operations.md lacks ${MARKERS.join(" … ")}`);
  writeFileSync(PAGE, `${page.slice(0, from)}${MARKERS[0]}\n${text}\n${page.slice(to)}`);
}
