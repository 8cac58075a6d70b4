// Processes that are asked one thing at a time.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Starts a module, and resolves with its first message and a way to ask for the next ones. */
export async function start(file, ...args) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: ["--expose-gc"] });
  const next = () =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`${file} ${args.join(" ")} ended with ${code}`));
      child.once("exit", ended);
      child.once("message", (message) => {
        child.off("exit", ended);
        resolve(message);
      });
    });
  const first = await next();
  const ask = (message) => {
    const answer = next();
    child.send(message);
    return answer;
  };
  return { first, ask, stop: () => child.disconnect() };
}
