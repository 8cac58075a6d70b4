/** `keyturn watch`: generates again whenever something changes. */

import path from "node:path";
import { openCache } from "../cache.js";
import { openThreads } from "../generation/threads.js";
import { runProject } from "../generation.js";
import { problemsText, watchedLine } from "../report.js";
import { watchFolders } from "../watcher.js";
import { defineCommand } from "./command.js";
import { PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions } from "./options.js";
import { isColoured } from "./paint.js";

export const command = defineCommand({
  name: "watch",
  summary: "generate again whenever something changes",
  operands: PROJECT_OPERANDS,
  description: [
    "Generates, and again whenever a document or a template changes. A document with errors is reported, and its last good files stay. Ends with Ctrl+C.",
  ],
  flags: PROJECT_FLAGS,
  examples: [["watch", "every API of the project"]],
  exits: [[0, "asked to end by SIGTERM"]],
  async run(line, shell) {
    const { stdout, stderr } = shell;
    const options = projectOptions(line);
    const { root, documents, templates, out } = await projectIn(shell.folder, options);
    const cache = openCache(root);
    const threads = openThreads();
    const generate = async (): Promise<void> => {
      const start = performance.now();
      const project = await projectIn(shell.folder, options);
      const results = await runProject(project, { mode: "write", cache, threads });
      stderr.write(problemsText(results, isColoured(shell, stderr, line.flags["no-color"])));
      stdout.write(`${watchedLine(results, project, performance.now() - start)}\n`);
    };
    const watching = watchFolders({
      folders: [...new Set([...documents.map((document) => path.dirname(path.join(root, document))), templates])],
      ignored: path.join(root, out),
      run: generate,
      onError: (error) => stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
    });
    const code = await shell.ended();
    void watching.close(); // a run that is under way ends with its threads; what it has written is whole
    await threads.close();
    return code;
  },
});
