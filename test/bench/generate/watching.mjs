// How long a watch takes from a change of a document to the files that it leads to.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds, one for each change; the first run, which loads everything, is not among them. */
export async function watchLatencies(command, folder, document, changes) {
  const child = spawn(process.execPath, [command, "watch", "--json"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const generated = async () => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (JSON.parse(line.value).event === "generated") return;
    }
    throw new Error("the watch has ended");
  };
  const latencies = [];
  try {
    await generated();
    for (let round = -2; round < changes; round++) {
      await pause(300); // a person's next change comes when the last one is through
      const content = JSON.parse(readFileSync(document, "utf8"));
      content.info.title = `Watched ${round}`;
      const start = performance.now();
      writeFileSync(document, JSON.stringify(content, undefined, 2));
      await generated();
      if (round >= 0) latencies.push(performance.now() - start);
    }
  } finally {
    child.kill("SIGTERM");
  }
  return latencies;
}
