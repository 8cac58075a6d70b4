// A thousand callers find that the token has ended: how long until all of them are served, and for how many token requests.

import { median } from "./calls.mjs";
import { start } from "./processes.mjs";
import { renewing } from "./renewing.mjs";

const CALLERS = 1000;

export async function measureExpired({ rounds, log }) {
  const server = await start("./server.mjs");
  const { url } = server.first;
  const rows = [];
  try {
    for (const [name, { label, how }] of Object.entries(renewing)) {
      log(`expired: ${label}`);
      const client = await start("./expired-client.mjs", name, url);
      const samples = [];
      for (let round = 0; round < rounds; round += 1) {
        await server.ask({ reset: { isStrict: true, lifeMs: 1500 } });
        await client.ask({ calls: 1 });
        await new Promise((resolve) => setTimeout(resolve, 2000)); // the token ends
        await server.ask({ reset: { lifeMs: 3_600_000 } });
        const { ms, served, cpuMs } = await client.ask({ calls: CALLERS });
        const { counts } = await server.ask({});
        samples.push({ ms, cpuMs, served, tokens: counts.tokens, refused: counts.refused });
        await client.ask({ forget: true });
      }
      client.stop();
      const of = (member) => median(samples.map((sample) => sample[member]));
      rows.push({
        name,
        label,
        how,
        ms: of("ms"),
        cpuMs: of("cpuMs"),
        served: of("served"),
        tokens: of("tokens"),
        refused: of("refused"),
      });
    }
  } finally {
    server.stop();
  }
  return { callers: CALLERS, rows };
}
