// How long a watch takes from a change of a document to the files that it leads to.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds, one for each change; the first run, which loads everything, is not among them. */
export async function watchLatencies(command, folder, document, changes) {
  const child = spawn(process.execPath, [command, "watch"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const latencies = [];
  try {
    await lines.next();
    for (let round = -2; round < changes; round++) {
      await pause(300); // a person's next change comes when the last one is through
      const content = JSON.parse(readFileSync(document, "utf8"));
      content.info.title = `Watched ${round}`;
      const start = performance.now();
      writeFileSync(document, JSON.stringify(content, undefined, 2));
      await lines.next();
      if (round >= 0) latencies.push(performance.now() - start);
    }
  } finally {
    child.kill("SIGTERM");
  }
  return latencies;
}
