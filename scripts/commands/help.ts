/** The help of the program and of each command, from the same tables that command lines are read by. */

import { COMMON_EXITS, COMMON_FLAGS, type Command, type Flag, type Flags } from "./command.js";
import type { Paint } from "./paint.js";
import type { Output } from "./shell.js";
import { wrap } from "./wrap.js";

/** Lines of help are no longer than this, however wide the terminal: help is read in pages and issues too. */
const WIDTH = 100;
/** Narrower than this, two columns are hard to read; the terminal breaks the lines then. */
const LEAST_WIDTH = 60;

/** How long lines may be: as a narrow terminal has them, and always the same where nobody looks. */
export function helpWidth({ isTTY, columns }: Pick<Output, "isTTY" | "columns">): number {
  return isTTY === true ? Math.max(LEAST_WIDTH, Math.min(WIDTH, columns || WIDTH)) : WIDTH;
}

export function programHelp(
  commands: Readonly<Record<string, { readonly summary: string }>>,
  version: string,
  paint: Paint,
  width: number,
): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const);
  return lines(
    `${paint("bold", "keyturn")} ${version}: typed API clients whose tokens turn by themselves, from OpenAPI documents`,
    "",
    `${paint("bold", "Usage:")} keyturn <command> [options]`,
    "",
    paint("bold", "Commands:"),
    ...table(rows, width, (name) => paint("cyan", name)),
    "",
    paint("bold", "Options:"),
    ...flagLines({ ...COMMON_FLAGS, version: { type: "switch", short: "v", help: "print the version" } }, paint, width),
    "",
    "keyturn <command> --help says more of a command. Start with: keyturn init path/to/openapi.yaml",
  );
}

export function commandHelp(command: Command, paint: Paint, width: number): string {
  const { name, operands, summary, description, flags, examples, exits } = command;
  const heading = (text: string) => paint("bold", text);
  return lines(
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    "",
    `${heading("Usage:")} ${["keyturn", name, ...(operands === "" ? [] : [operands]), "[options]"].join(" ")}`,
    ...description.flatMap((paragraph) => ["", ...wrap(paragraph, width)]),
    "",
    heading("Options:"),
    ...flagLines({ ...flags, ...COMMON_FLAGS }, paint, width),
    "",
    heading("Examples:"),
    ...examples.flatMap(([line, what]) => [`  ${paint("cyan", `keyturn ${line}`)}`, `      ${what}`]),
    "",
    heading("Exit codes:"),
    ...table(
      [...exits, ...COMMON_EXITS].map(([code, what]) => [String(code).padStart(3), what] as const),
      width,
      (code) => paint("cyan", code),
    ),
  );
}

function flagLines(flags: Flags, paint: Paint, width: number): string[] {
  return table(
    Object.entries(flags).map(([name, flag]) => [flagName(name, flag), flagHelp(flag)] as const),
    width,
    (name) => paint("cyan", name),
  );
}

function flagName(name: string, flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `${short}--${name}${flag.type === "switch" ? "" : ` <${flag.value}>`}`;
}

function flagHelp(flag: Flag): string {
  const choices = flag.type !== "switch" && flag.choices !== undefined ? `: ${flag.choices.join(", ")}` : "";
  return `${flag.help}${choices}${flag.type === "texts" ? " (may be repeated)" : ""}`;
}

/** Two columns, the second one wrapped. */
function table(
  rows: readonly (readonly [name: string, text: string])[],
  width: number,
  decorate: (name: string) => string,
): string[] {
  const first = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text]) =>
    wrap(text, width - first - 4).map(
      (line, index) => `  ${index === 0 ? decorate(name.padEnd(first)) : " ".repeat(first)}  ${line}`,
    ),
  );
}

function lines(...texts: readonly string[]): string {
  return `${texts.join("\n")}\n`;
}
