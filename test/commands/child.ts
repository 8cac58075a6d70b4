/** A command in a process of its own, in the folder that it is told; at its end it says which heavy packages it loaded. */

import { createRequire } from "node:module";

const [folder = "", command, ...args] = process.argv.slice(2);
process.chdir(folder);
const { run } =
  command === "watch" ? await import("../../scripts/commands/watch.js") : await import("../../scripts/commands/generate.js");
process.exitCode = await run(args);

const loaded = Object.keys(createRequire(import.meta.url).cache).flatMap((file) => {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file.replaceAll("\\", "/"))?.[1] ?? [];
});
process.stdout.write(`loaded ${[...new Set(loaded)].filter((name) => !name.startsWith(".")).join(" ")}\n`);
