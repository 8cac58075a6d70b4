/** Writes files as `generate` does, and is killed at a step of it: before, in the middle of, or after what it does to the disk. */

import { renameSync, rmSync, writeFileSync } from "node:fs";
import { type Disk, writeFiles } from "../../scripts/files.js";

const [root = "", texts = "{}", step = "0"] = process.argv.slice(2);

let steps = 0;
function reach(): void {
  if (steps === Number(step)) process.kill(process.pid, "SIGKILL");
  steps += 1;
}

const disk: Disk = {
  create(file, text) {
    reach();
    writeFileSync(file, "", { flag: "wx" });
    reach();
    writeFileSync(file, text.slice(0, 10));
    reach();
    writeFileSync(file, text.slice(0, text.length / 2));
    reach();
    writeFileSync(file, text);
    reach();
  },
  move(from, to) {
    reach();
    renameSync(from, to);
    reach();
  },
  remove(file) {
    reach();
    rmSync(file);
    reach();
  },
};

const files = Object.entries(JSON.parse(texts) as Record<string, string>).map(([name, text]) => ({ name, text }));
writeFiles(root, new Map([["a", files]]), disk);
process.stdout.write(`whole after ${steps} steps\n`);
