/** `keyturn generate`: documents to clients. */

import { openCache } from "../cache.js";
import { openThreads } from "../generation/threads.js";
import { runProject } from "../generation.js";
import { problemsText, writtenLine } from "../report.js";
import { defineCommand } from "./command.js";
import { PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions } from "./options.js";
import { isColoured } from "./paint.js";

export const command = defineCommand({
  name: "generate",
  summary: "write a typed client for each API",
  operands: PROJECT_OPERANDS,
  description: [
    "Generates the APIs of keyturn.config.yaml, or of specs/*.yaml when there is no configuration. A document with errors leaves its files as they are; the others are written all the same.",
  ],
  flags: PROJECT_FLAGS,
  examples: [
    ["generate", "every API of the project"],
    ["generate petstore", "one API, by the name that the configuration gives it"],
    ["generate path/to/openapi.yaml --out src/clients", "a document that no configuration speaks of"],
    ["generate --include-tag payments --strict", "only some operations, and nothing that has to be mended"],
  ],
  exits: [
    [0, "all is written"],
    [1, "a document has errors; the others are written"],
  ],
  async run(line, shell) {
    const { stdout, stderr } = shell;
    const project = await projectIn(shell.folder, projectOptions(line));
    const results = await runProject(project, { mode: "write", cache: openCache(project.root), threads: openThreads() });
    stderr.write(problemsText(results, isColoured(shell, stderr, line.flags["no-color"])));
    for (const result of results) stdout.write(`${writtenLine(result, project)}\n`);
    return results.some(({ status }) => status === "failed") ? 1 : 0;
  },
});
