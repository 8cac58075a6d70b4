/** A command in a process of its own, in the folder that it is told; at its end it says which heavy packages it loaded. */

import { createRequire } from "node:module";
import { dispatch } from "../../scripts/commands/dispatch.js";
import { processShell } from "../../scripts/commands/shell.js";

const [folder = "", ...args] = process.argv.slice(2);
process.chdir(folder);
process.exitCode = await dispatch(args, processShell());

const loaded = Object.keys(createRequire(import.meta.url).cache).flatMap((file) => {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file.replaceAll("\\", "/"))?.[1] ?? [];
});
process.stdout.write(`loaded ${[...new Set(loaded)].filter((name) => !name.startsWith(".")).join(" ")}\n`);
