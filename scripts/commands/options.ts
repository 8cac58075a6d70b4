/** What `generate`, `check` and `watch` take from the command line alike. */

import path from "node:path";
import { configFaults } from "../config.js";
import { openProject, type Project, ProjectError, type ProjectOptions, projectFaults } from "../project.js";
import type { CommandLine, Flags } from "./command.js";
import { Refusal } from "./usage.js";

/** Where the project is described. */
export const CONFIG_FLAG = {
  config: { type: "text", short: "c", value: "file", help: "the configuration (default: the nearest keyturn.config.yaml)" },
} as const satisfies Flags;

/** For machines. */
export const JSON_FLAG = { json: { type: "switch", help: "print JSON instead of text" } } as const satisfies Flags;

/** For those who write and not only compare. */
export const VERBOSE_FLAG = {
  verbose: { type: "switch", help: "show every warning and note, and not only how many there are of each kind" },
} as const satisfies Flags;

export const PROJECT_FLAGS = {
  ...CONFIG_FLAG,
  out: { type: "text", short: "o", value: "folder", help: "where the folder of each API is (default: generated)" },
  runtime: { type: "text", value: "module", help: "what generated code imports the runtime from (default: keyturn)" },
  strict: { type: "switch", help: "take each mending of a document for an error" },
  "include-tag": { type: "texts", value: "tag", help: "only operations with this tag" },
  "include-path": { type: "texts", value: "path", help: "only operations of this path; * stands for any part" },
  "include-operation": { type: "texts", value: "id", help: "only this operation; * stands for any part" },
} as const satisfies Flags;

/** How a help calls what these commands may be given. */
export const PROJECT_OPERANDS = "[apis or documents...]";

export function projectOptions({ flags, names }: CommandLine<typeof PROJECT_FLAGS>): ProjectOptions {
  const { config, out, runtime, strict } = flags;
  return {
    documents: names,
    ...(config !== undefined && { config }),
    ...(out !== undefined && { out }),
    ...(runtime !== undefined && { runtime }),
    ...(strict && { strict }),
    include: {
      tags: flags["include-tag"],
      paths: flags["include-path"],
      operationIds: flags["include-operation"],
    },
  };
}

/**
 * The project of a folder.
 *
 * @throws {Refusal} when nothing can be generated from it.
 * @throws {ConfigError} when that is because of what its configuration says.
 */
export async function projectIn(folder: string, options: ProjectOptions): Promise<Project> {
  const project = await openProject(folder, options).catch((error: unknown) => {
    throw error instanceof ProjectError ? new Refusal(error.message) : error;
  });
  const faults = projectFaults(project);
  if (faults.length === 0) return project;
  const { root, config } = project;
  const placed = config === undefined ? undefined : await configFaults(path.join(root, config), faults);
  throw placed ?? new Refusal(...faults.map(({ message }) => message));
}
