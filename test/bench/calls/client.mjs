// One variant in a process of its own. Told through IPC how many calls to make and how many at once; says what they cost.

import { variants } from "./variants.mjs";

const [, , name, baseUrl] = process.argv;
const { get, post } = await variants[name].load(baseUrl);
const thing = { id: "t-1", name: "A thing of some length", amount: 12.5, tags: ["one", "two", "three"] };

async function round({ calls, atOnce, body }) {
  let left = calls;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const answer = body ? await post(thing) : await get("t-1");
      if (answer?.id !== "t-1") throw new Error(`${name} answered ${JSON.stringify(answer)}`);
    }
  };
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await Promise.all(Array.from({ length: atOnce }, caller));
  const wallNs = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(cpu);
  return { cpuUs: (user + system) / calls, callsPerSecond: calls / (wallNs / 1e9) };
}

process.on("message", async (message) => process.send(await round(message)));
process.on("disconnect", () => process.exit());
process.send({ isReady: true });
