/** `keyturn generate`: documents to clients. */

import { openCache } from "../cache.js";
import { printableJson } from "../diagnostics/printable.js";
import { openThreads } from "../generation/threads.js";
import { runProject } from "../generation.js";
import { problemsText, writtenJson, writtenLine } from "../report.js";
import { defineCommand } from "./command.js";
import { JSON_FLAG, PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions, VERBOSE_FLAG } from "./options.js";
import { isColoured, painter } from "./paint.js";
import { openProgress } from "./progress.js";

export const command = defineCommand({
  name: "generate",
  summary: "write a typed client for each API",
  operands: PROJECT_OPERANDS,
  description: [
    "Generates the APIs of keyturn.config.yaml, or of specs/*.yaml when there is no configuration. A document with errors leaves its files as they are; the others are written all the same.",
  ],
  flags: { ...PROJECT_FLAGS, ...VERBOSE_FLAG, ...JSON_FLAG },
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
    const { flags } = line;
    const project = await projectIn(shell.folder, projectOptions(line));
    const colours = isColoured(shell, stderr, flags["no-color"]);
    const progress = openProgress(shell, project.apis.length, painter(colours));
    const results = await runProject(project, {
      mode: "write",
      cache: openCache(project.root, shell.env),
      threads: openThreads({ env: shell.env }),
      onProgress: ({ name }, event) => (event === "start" ? progress.begin(name) : progress.end(name)),
    }).finally(progress.close);
    if (flags.json) stdout.write(`${printableJson(writtenJson(results, project), 2)}\n`);
    else {
      stderr.write(problemsText(results, { isColoured: colours, isVerbose: flags.verbose }));
      for (const result of results) stdout.write(`${writtenLine(result, project)}\n`);
    }
    return results.some(({ status }) => status === "failed") ? 1 : 0;
  },
});
