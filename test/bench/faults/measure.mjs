// Puts one library through the scenarios, and prints what came of it as JSON.
//
//   node measure.mjs <library>                      all scenarios, each on a service of its own
//   node measure.mjs <library> --only <id>,<id>     some of them
//   node measure.mjs <library> --share <config>     one process of two: a call for each line on its input

import { createInterface } from "node:readline";
import { peers } from "./peers.mjs";
import { outcomeOf, scenarios } from "./scenarios.mjs";
import { sleep } from "./service.mjs";

const SETTLE_MS = 2000;

const [name, flag, argument] = process.argv.slice(2);
const peer = await peers[name]();
// What the libraries print must not come between the lines of this one.
for (const method of ["log", "info", "warn", "error", "debug"]) console[method] = () => {};

if (flag === "--share") {
  const session = peer.start(JSON.parse(argument));
  process.stdout.write("ready\n");
  for await (const _ of createInterface({ input: process.stdin })) process.stdout.write(`${await outcomeOf(session.call())}\n`);
} else {
  let unhandled = 0;
  process.on("unhandledRejection", () => {
    unhandled += 1;
  });
  const only = flag === "--only" ? argument.split(",") : undefined;
  const cells = {};
  const chosen = scenarios.filter(({ id }) => only?.includes(id) ?? true);
  // What takes long runs side by side, but nothing begins while another scenario, or the loading of a library, is busy.
  const measuring = chosen.map(async (scenario, index) => {
    if (only === undefined) await sleep(SETTLE_MS * (index + 1));
    cells[scenario.id] = await measured(scenario);
  });
  await Promise.all(measuring);
  await sleep(50);
  cells.unhandled = unhandled === 0 ? "none" : String(unhandled);
  process.stdout.write(`${JSON.stringify(cells)}\n`, () => process.exit(0));
}

async function measured({ run }) {
  try {
    const { text, service, session } = await run(peer);
    await session?.close?.();
    await service?.close();
    return text;
  } catch (error) {
    return `not measured: ${error?.message}`;
  }
}
