/** A command line, read by the table of a command's flags; everything that is wrong with it is said at once. */

import { parseArgs } from "node:util";
import { nearest } from "../nearest.js";
import type { CommandLine, Flag, Flags, FlagValues } from "./command.js";
import { UsageError } from "./usage.js";

/** @throws {UsageError} with every problem of the line. */
export function readArguments<F extends Flags>(args: readonly string[], flags: F): CommandLine<F> {
  const { tokens } = parseArgs({
    args: [...args],
    options: optionsOf(flags),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, boolean | string | string[]>(
    Object.entries(flags).flatMap(([name, { type }]) => (type === "text" ? [] : [[name, type === "switch" ? false : []]])),
  );
  const names: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") names.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName } = token;
    // Another flag is not the value of this one, unless it is written so: --out=--strange
    const value = token.inlineValue === false && token.value.startsWith("-") ? undefined : token.value;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    const problem = flag === undefined ? unknownFlag(rawName, flags) : valueProblem(rawName, flag, value);
    if (problem !== undefined) problems.push(problem);
    else if (flag?.type === "switch") values.set(name, true);
    else if (flag?.type === "texts") values.set(name, [...(values.get(name) as string[]), value ?? ""]);
    else values.set(name, value ?? "");
  }
  if (problems.length > 0) throw new UsageError(...problems);
  return { names, flags: Object.fromEntries(values) as FlagValues<F> };
}

function optionsOf(flags: Flags) {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      { type: type === "switch" ? ("boolean" as const) : ("string" as const), ...(short !== undefined && { short }) },
    ]),
  );
}

function unknownFlag(rawName: string, flags: Flags): string {
  const known = Object.keys(flags).map((name) => `--${name}`);
  const near = rawName.startsWith("--") ? nearest(rawName, known) : undefined;
  return `there is no option ${rawName}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function valueProblem(rawName: string, flag: Flag, value: string | undefined): string | undefined {
  if (flag.type === "switch") return value === undefined ? undefined : `${rawName} takes no value`;
  if (value === undefined || value === "") return `${rawName} needs a value: ${rawName} <${flag.value}>`;
  const { choices } = flag;
  if (choices === undefined || choices.includes(value)) return undefined;
  const near = nearest(value, choices);
  return `${rawName} has no "${value}"; ${near === undefined ? `there are ${choices.join(", ")}` : `did you mean ${near}?`}`;
}
