// What a call costs: every variant in a process of its own, all of them alive, one at work at a time, in interleaved rounds. So
// whatever slows the machine for a while slows all of them, and ratios hold where seconds do not.

import { start } from "./processes.mjs";
import { variants } from "./variants.mjs";

const BASE = "openapi-fetch";
const SETTINGS = [
  { id: "one", title: "one at a time", atOnce: 1, body: false, calls: 1500 },
  { id: "fifty", title: "50 at once", atOnce: 50, body: false, calls: 5000 },
  { id: "one-body", title: "one at a time, with a body", atOnce: 1, body: true, calls: 1500 },
  { id: "fifty-body", title: "50 at once, with a body", atOnce: 50, body: true, calls: 5000 },
];
const WARM_CALLS = 4000;

/** For each variant and setting: CPU of the client per call and calls per second, as medians of the ratios to openapi-fetch. */
export async function measureCalls({ rounds, only, log }) {
  const names = Object.keys(variants).filter((name) => name === BASE || !only || only.includes(name));
  const server = await start("./server.mjs");
  const clients = new Map();
  for (const name of names) clients.set(name, await start("./client.mjs", name, server.first.url));

  const samples = new Map(names.map((name) => [name, new Map(SETTINGS.map(({ id }) => [id, []]))]));
  try {
    for (const name of names) {
      for (const setting of SETTINGS) await clients.get(name).ask({ ...setting, calls: WARM_CALLS });
    }
    for (let round = 0; round < rounds; round += 1) {
      log(`calls: round ${round + 1} of ${rounds}`);
      for (const setting of SETTINGS) {
        // Each round begins with another one, so that nobody always comes after the same neighbour.
        for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
          samples
            .get(name)
            .get(setting.id)
            .push(await clients.get(name).ask(setting));
        }
      }
    }
  } finally {
    for (const client of clients.values()) client.stop();
    server.stop();
  }

  const rows = names.map((name) => ({
    name,
    label: variants[name].label,
    how: variants[name].how,
    cells: Object.fromEntries(SETTINGS.map(({ id }) => [id, compare(samples.get(name).get(id), samples.get(BASE).get(id))])),
  }));
  return { settings: SETTINGS.map(({ id, title }) => ({ id, title })), rows };
}

function compare(own, base) {
  return {
    cpuRatio: median(own.map(({ cpuUs }, round) => cpuUs / base[round].cpuUs)),
    speedRatio: median(own.map(({ callsPerSecond }, round) => callsPerSecond / base[round].callsPerSecond)),
    cpuUs: median(own.map(({ cpuUs }) => cpuUs)),
    callsPerSecond: median(own.map(({ callsPerSecond }) => callsPerSecond)),
  };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
