/** From a command line to the command that it names. Commands are loaded when they are run: some need heavy libraries. */

import { readFileSync } from "node:fs";
import { packageFile } from "../root.js";
import { nearest } from "../rules/nearest.js";
import { UsageError } from "./usage.js";

interface Command {
  /** Takes what follows the command's name, and gives the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
  readonly help: string;
}

const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  lint: { summary: "say what is wrong with the documents", load: () => import("./lint.js") },
  generate: { summary: "write the client of each document", load: () => import("./generate.js") },
  check: { summary: "fail when generated files are not what the documents lead to", load: () => import("./check.js") },
  watch: { summary: "generate again whenever a document or a template changes", load: () => import("./watch.js") },
};

const HELP = `Usage: keyturn <command> [documents...] [options]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

keyturn <command> --help says more. Documents are specs/*.yaml unless others are named.
`;

/** Runs what a command line asks for; the result is the exit code: 2 when the line itself is wrong. */
export async function dispatch([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return printed(HELP);
  if (name === "--version" || name === "-v") return printed(`${version()}\n`);
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) return refused(`there is no command "${name}"`, nearest(name, Object.keys(COMMANDS)), "keyturn");
  const command = await entry.load();
  if (args.includes("--help") || args.includes("-h")) return printed(command.help);
  try {
    return await command.run(args);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    const flags = command.help.match(/(?<!\S)--[a-z-]+/g) ?? [];
    const unknown = /'(--[^']+)'/.exec(error.message)?.[1];
    const message = unknown === undefined ? lower(error.message) : `there is no option ${unknown}`;
    return refused(message, unknown && nearest(unknown, flags), `keyturn ${name}`);
  }
}

function printed(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refused(message: string, near: string | undefined, command: string): number {
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  process.stderr.write(`keyturn: ${message}${hint}\n${command} --help lists what there is\n`);
  return 2;
}

/** Node's parser of arguments throws errors of its own codes. */
function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, "");
}

function version(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
}
