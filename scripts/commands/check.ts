/** `keyturn check`: whether what is committed is what the documents lead to. */

import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { checkedLine, problemsText } from "../report.js";
import { defineCommand } from "./command.js";
import { PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions } from "./options.js";
import { isColoured } from "./paint.js";

export const command = defineCommand({
  name: "check",
  summary: "fail when clients are not what the documents lead to",
  operands: PROJECT_OPERANDS,
  description: ["Compares what is there with what generate would write, and writes nothing."],
  flags: PROJECT_FLAGS,
  examples: [["check", "every API of the project, as a step of continuous integration"]],
  exits: [
    [0, "all is up to date"],
    [1, "something is not, or a document has errors"],
  ],
  async run(line, shell) {
    const { stdout, stderr } = shell;
    const project = await projectIn(shell.folder, projectOptions(line));
    const results = await runProject(project, { mode: "compare", cache: openCache(project.root) });
    stderr.write(problemsText(results, isColoured(shell, stderr, line.flags["no-color"])));
    for (const result of results) stdout.write(`${checkedLine(result, project)}\n`);
    if (results.some(({ status }) => status === "changed")) stderr.write(`bring them up to date with: ${project.command}\n`);
    return results.every(({ status }) => status === "unchanged") ? 0 : 1;
  },
});
