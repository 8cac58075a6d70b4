/** From a command line to the command that it names. Commands are loaded when they are run: some need heavy libraries. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { debuglog } from "node:util";
import { ConfigError } from "../config.js";
import { inertOutput, printableLines } from "../diagnostics/printable.js";
import { shortened } from "../diagnostics/shorten.js";
import { UnsafePathError } from "../files.js";
import { nearest } from "../nearest.js";
import { packageFile } from "../root.js";
import { readArguments } from "./arguments.js";
import { COMMON_FLAGS, type Command } from "./command.js";
import { isColoured, painter } from "./paint.js";
import type { Output, Shell } from "./shell.js";
import { Refusal, UsageError } from "./usage.js";

const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<{ command: Command }> }>> = {
  init: { summary: "write the configuration of a project, from its documents", load: () => import("./init.js") },
  generate: { summary: "write the client of each API", load: () => import("./generate.js") },
  check: {
    summary: "fail when clients are not what the documents lead to, and say what changed",
    load: () => import("./check.js"),
  },
  lint: { summary: "say what is wrong with documents", load: () => import("./lint.js") },
  watch: { summary: "generate again whenever something changes", load: () => import("./watch.js") },
  explain: { summary: "show how the tokens of an API live", load: () => import("./explain.js") },
  sandbox: { summary: "serve documents on a port, with tokens that turn", load: () => import("./sandbox.js") },
};

/** Runs what a command line asks for; the result is the exit code. */
export function dispatch(args: readonly string[], shell: Shell): Promise<number> {
  return run(args, { ...shell, stdout: inert(shell.stdout), stderr: inert(shell.stderr) });
}

/** Each command prints texts of documents so that they are harmless; this holds them to it. */
function inert(output: Output): Output {
  return Object.create(output, { write: { value: (text: string) => output.write(inertOutput(text)) } }) as Output;
}

async function run([name, ...args]: readonly string[], shell: Shell): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && args.length === 0)) {
    const { helpWidth, programHelp } = await import("./help.js");
    shell.stdout.write(programHelp(COMMANDS, version(), painter(isColoured(shell, shell.stdout)), helpWidth(shell.stdout)));
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    shell.stdout.write(`${version()}\n`);
    return 0;
  }
  if (name === "help") return run([...args.slice(0, 1), "--help"], shell);
  if (name.startsWith("-")) return refuse(shell, "keyturn", new UsageError(`there is no option ${name} before a command`));
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) {
    const near = nearest(name, [...Object.keys(COMMANDS), "help"]);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    return refuse(shell, "keyturn", new UsageError(`there is no command "${name}"${hint}`));
  }
  const { command } = await entry.load();
  try {
    if (args.includes("--help") || args.includes("-h")) {
      const { commandHelp, helpWidth } = await import("./help.js");
      const paint = painter(isColoured(shell, shell.stdout, args.includes("--no-color")));
      shell.stdout.write(commandHelp(command, paint, helpWidth(shell.stdout)));
      return 0;
    }
    return await command.run(readArguments(args, { ...command.flags, ...COMMON_FLAGS }), shell);
  } catch (error) {
    debuglog("keyturn")("%s", error instanceof Error ? error.stack : error);
    return refuse(shell, `keyturn ${name}`, error);
  }
}

/** Says why a command could not do its work; the stack is shown with NODE_DEBUG=keyturn. */
async function refuse(shell: Shell, line: string, error: unknown): Promise<number> {
  const { stderr } = shell;
  const paint = painter(isColoured(shell, stderr));
  const say = (message: string) => stderr.write(`${paint("red", "keyturn:")} ${printableLines(shortened(message))}\n`);
  if (error instanceof UsageError) {
    error.problems.forEach(say);
    if (!(error instanceof Refusal)) stderr.write(`${line} --help lists what there is\n`);
    return 2;
  }
  if (error instanceof ConfigError) {
    const { formatHuman } = await import("../diagnostics/human.js");
    const { diagnostics, file, text } = error;
    const sources = new Map([[file, text]]);
    stderr.write(
      formatHuman({
        diagnostics,
        sources,
        rules: [],
        tool: { version: "" },
        isWhole: true,
        isColoured: isColoured(shell, stderr),
      }),
    );
    return 2;
  }
  if (error instanceof UnsafePathError || isSystemError(error)) {
    say(seenFrom(shell.folder, error instanceof UnsafePathError ? error.message : systemMessage(error)));
    return 2;
  }
  say(`a fault of keyturn itself: ${error instanceof Error ? error.message : String(error)}`);
  stderr.write("please report it with the document; NODE_DEBUG=keyturn shows where it happened\n");
  return 70;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** Node's message is "ENOENT: no such file or directory, open '…'". */
function systemMessage(error: NodeJS.ErrnoException): string {
  const { path: file, message } = error;
  const [, reason = message] = /^\w+: ([^,]+)/.exec(message) ?? [];
  return file === undefined ? reason : `"${file}": ${reason}`;
}

/** A message whose paths are those that a person in the folder would write. */
function seenFrom(folder: string, message: string): string {
  let text = message;
  for (let [above, steps] = [folder, ""]; path.dirname(above) !== above; above = path.dirname(above), steps += "../")
    text = text.replaceAll(`${above}${path.sep}`, steps);
  return text;
}

function version(): string {
  return (JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string }).version;
}
