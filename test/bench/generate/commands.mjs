// The commands that are compared, each as a user runs it, and what a run of one used.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const peer = (file) => path.join(here, "node_modules", file);
export const OWN = path.join(here, "../../../dist/scripts/cli.js");

/** By name; each takes the document and the folder to write to. The first is what the others are compared with. */
export const commands = {
  "openapi-typescript": (document, out) => [peer("openapi-typescript/bin/cli.js"), document, "-o", path.join(out, "schema.ts")],
  keyturn: (document, out) => [OWN, "generate", document, "--out", out],
  "hey-api": (document, out) => [peer("@hey-api/openapi-ts/bin/run.js"), "-i", document, "-o", out, "-s"],
  orval: (document, out) => [
    peer("orval/dist/bin/orval.mjs"),
    "--input",
    document,
    "--output",
    path.join(out, "index.ts"),
    "--client",
    "fetch",
  ],
};

/** What each writes. */
export const writes = {
  "openapi-typescript": "types",
  keyturn: "types, operations, lifecycles, client, README; all of it parsed again and checked",
  "hey-api": "types, client, operations",
  orval: "types, operations",
};

/**
 * Runs Node in a folder; seconds of wall time, and of processor time and megabytes of memory at most, each the sum over the
 * processes that it started. A run that fails has `fault`.
 */
export function measure(args, { folder, limitMs = 180_000 }) {
  const usage = mkdtempSync(path.join(folder, "usage-"));
  const preload = `--import ${pathToFileURL(path.join(here, "usage.mjs")).href}`;
  // No cache of an earlier run, wherever it would lie.
  const env = {
    ...process.env,
    NODE_OPTIONS: preload,
    USAGE: usage,
    XDG_CACHE_HOME: path.join(folder, "caches"),
    NO_COLOR: "1",
  };
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.on("data", (text) => {
      errors = `${errors}${text}`.slice(-2000);
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const wall = (performance.now() - start) / 1000;
      if (code !== 0) return resolve({ fault: signal ?? `exit code ${code}`, errors, wall });
      const processes = readdirSync(usage).map((file) => JSON.parse(readFileSync(path.join(usage, file), "utf8")));
      rmSync(usage, { recursive: true });
      const sum = (what) => processes.reduce((total, one) => total + one[what], 0);
      resolve({ wall, cpu: sum("cpu"), memory: sum("memory") });
    });
  });
}
