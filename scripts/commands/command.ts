/** What a command is: what its help says of it, what it takes, and what it does. */

import type { Shell } from "./shell.js";

/** Something that a command line may carry beside names: `--out <folder>`. */
export type Flag =
  | { readonly type: "switch"; readonly help: string; readonly short?: string }
  | {
      /** `texts` may be given several times. */
      readonly type: "text" | "texts";
      /** How the help calls its value: `folder`. */
      readonly value: string;
      readonly help: string;
      readonly short?: string;
      /** The values there are; another one is refused. */
      readonly choices?: readonly string[];
    };

export type Flags = Readonly<Record<string, Flag>>;

/** What a command line said: switches are false and lists are empty when they were not given. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };

type FlagValue<F extends Flag> = F extends { readonly type: "switch" }
  ? boolean
  : F extends { readonly type: "texts" }
    ? readonly string[]
    : F extends { readonly choices: readonly (infer Choice)[] }
      ? Choice | undefined
      : string | undefined;

export interface CommandLine<F extends Flags> {
  readonly flags: FlagValues<F>;
  /** What stands on the line without a flag, in order. */
  readonly names: readonly string[];
}

export interface CommandDefinition<F extends Flags> {
  readonly name: string;
  /** One sentence without a full stop, for the list of commands. */
  readonly summary: string;
  /** What may stand on the line beside options: `[apis or documents...]`; empty when nothing may. */
  readonly operands: string;
  /** Paragraphs, each on one line. */
  readonly description: readonly string[];
  readonly flags: F;
  /** Command lines without the program's name, each with what it is for. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** What 0 and 1 mean, and whatever else this command has of its own. */
  readonly exits: readonly (readonly [code: number, what: string])[];
  /** @returns the exit code. */
  run(line: CommandLine<F & typeof COMMON_FLAGS>, shell: Shell): Promise<number>;
}

/** A command whose line has been checked against its flags already. */
export type Command = CommandDefinition<Flags>;

/** Flags that every command takes. */
export const COMMON_FLAGS = {
  "no-color": { type: "switch", help: "print no colours; NO_COLOR=1 does the same" },
  help: { type: "switch", short: "h", help: "print this" },
} as const satisfies Flags;

/** Exit codes that mean the same after every command. */
export const COMMON_EXITS = [
  [2, "the command line or the configuration is wrong, or a file cannot be read or written"],
  [70, "a fault of keyturn itself"],
  [130, "interrupted with Ctrl+C"],
] as const satisfies CommandDefinition<Flags>["exits"];

export function defineCommand<const F extends Flags>(definition: CommandDefinition<F>): Command {
  return definition as unknown as Command;
}
