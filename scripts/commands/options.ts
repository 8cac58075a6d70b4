/** What `generate`, `check` and `watch` take from the command line and from the environment alike. */

import { parseArgs } from "node:util";
import { openProject, type Project, ProjectError, type ProjectOptions, projectFault } from "../project.js";
import { UsageError } from "./usage.js";

/** The part of the help that describes the options. */
export const OPTIONS_HELP = `Options:
  --out <folder>        where the folder of each API is (default: generated)
  --runtime <module>    what generated code imports the runtime from (default: keyturn)`;

export function readOptions(args: readonly string[]): ProjectOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: "string" }, runtime: { type: "string" } },
  });
  return { documents: positionals, ...values };
}

/**
 * @throws {UsageError} when nothing can be generated from the project of the current folder.
 * @throws {ConfigError} when its configuration says something wrong.
 */
export async function projectHere(options: ProjectOptions): Promise<Project> {
  const project = await openProject(process.cwd(), options).catch((error: unknown) => {
    throw error instanceof ProjectError ? new UsageError(error.message) : error;
  });
  const fault = projectFault(project);
  if (fault !== undefined) throw new UsageError(fault);
  return project;
}

/** @see https://no-color.org */
export function isColoured(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env["NO_COLOR"];
}
