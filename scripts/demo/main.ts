/**
 * `npm start`: lints the documents, brings the clients up to date, and drives them through the life of a token against a
 * sandbox of the services. The exit code is 0 only if every step held.
 */

import { spawnSync } from "node:child_process";
import { dispatch } from "../commands/dispatch.js";
import { processShell } from "../commands/shell.js";
import { createTerminal } from "./terminal.js";

process.exitCode = await main();

async function main(): Promise<number> {
  const shell = processShell();
  for (const command of ["lint", "generate"]) {
    const code = await dispatch([command], shell);
    if (code !== 0) return code;
  }
  // What was generated a moment ago has to be compiled before it can be driven.
  const built = spawnSync("npm", ["run", "--silent", "build"], { stdio: "inherit", shell: process.platform === "win32" });
  if (built.status !== 0) return built.status ?? 1;
  const { play } = await import("./play.js");
  const colour = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
  return (await play(createTerminal((line) => console.log(line), colour))) ? 0 : 1;
}
