// One renewing variant in a process of its own; see expired.mjs.

import { renewing } from "./renewing.mjs";

const [, , name, baseUrl] = process.argv;
let get = await renewing[name].load(baseUrl);

async function callAll(calls) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const answers = await Promise.allSettled(Array.from({ length: calls }, () => get("t-1")));
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1e3, served: answers.filter(({ value }) => value?.id === "t-1").length };
}

process.on("message", async ({ calls, forget }) => {
  if (forget) get = await renewing[name].load(baseUrl);
  process.send(forget ? {} : await callAll(calls));
});
process.on("disconnect", () => process.exit());
process.send({ isReady: true });
