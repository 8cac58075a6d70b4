/** The scenes, one service after the other, and the table at the end. */

import { startSandbox } from "../../src/sandbox/index.js";
import { playFinapi } from "./scenes/finapi.js";
import { playOnmeta } from "./scenes/onmeta.js";
import { playSynapse } from "./scenes/synapse.js";
import { MovableClock, Stage } from "./stage.js";
import type { Terminal } from "./terminal.js";

const SCENES = [
  { api: "synapse", title: "SynapseFi: two halves in one header, ten uses, a second factor", play: playSynapse },
  { api: "finapi", title: "finAPI: a client and a user, form bodies, a revocation", play: playFinapi },
  { api: "onmeta", title: "Onmeta: an API key, a JWT, a refresh by GET", play: playOnmeta },
];

/** Plays every scene against a sandbox of the documents. Resolves to whether every check held. */
export async function play(terminal: Terminal): Promise<boolean> {
  const clock = new MovableClock();
  const sandbox = await startSandbox({ documents: SCENES.map(({ api }) => ({ path: `specs/${api}.yaml` })), clock });
  terminal.note(`sandbox of ${SCENES.map(({ api }) => api).join(", ")} at ${sandbox.origin}`);
  terminal.note("‹a1b2› stands for a secret: the first digits of its SHA-256, so that one can tell them apart");
  const rows: string[][] = [];
  let failures = 0;
  try {
    for (const { api, title, play: playScene } of SCENES) {
      terminal.heading(title);
      const stage = new Stage(api, sandbox, clock, terminal);
      await playScene(stage);
      const { tally } = stage;
      failures += tally.failures;
      rows.push([api, ...[tally.calls, tally.tokenRequests, tally.rotations, tally.replays, tally.failures].map(String)]);
    }
  } finally {
    await sandbox.close();
  }
  terminal.table([["", "calls", "token requests", "rotations", "replays", "failures"], ...rows]);
  return failures === 0;
}
