/** `keyturn watch`: generates again whenever something changes. */

import path from "node:path";
import { openCache } from "../cache.js";
import { CONFIG_NAMES, ConfigError } from "../config.js";
import { formatHuman } from "../diagnostics/human.js";
import { printable, printableJson } from "../diagnostics/printable.js";
import { openThreads } from "../generation/threads.js";
import { type ApiResult, runProject } from "../generation.js";
import type { Project } from "../project.js";
import { problemsText, watchedLines, writtenJson } from "../report.js";
import { type Interest, watchFiles } from "../watcher.js";
import { defineCommand } from "./command.js";
import { JSON_FLAG, PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions, VERBOSE_FLAG } from "./options.js";
import { isColoured, painter } from "./paint.js";

export const command = defineCommand({
  name: "watch",
  summary: "generate again whenever something changes",
  operands: PROJECT_OPERANDS,
  description: [
    "Generates, and again whenever something changes that a client is made of: documents, the files that they refer to, overlays, the configuration, templates of your own. Only what changed is generated. A document with errors is reported, and its last good files stay. Ends with Ctrl+C.",
  ],
  flags: { ...PROJECT_FLAGS, ...VERBOSE_FLAG, json: { ...JSON_FLAG.json, help: "print events as lines of JSON" } },
  examples: [
    ["watch", "every API of the project"],
    ["watch petstore --json", "events for another program"],
  ],
  exits: [[0, "asked to end by SIGTERM, or by the end of whoever read what it prints"]],
  async run(line, shell) {
    const { stdout, stderr } = shell;
    const { flags } = line;
    const options = projectOptions(line);
    const colours = isColoured(shell, stderr, flags["no-color"]);
    const paint = painter(colours);
    const say = (event: object): void => void (flags.json && stdout.write(`${printableJson(event)}\n`));
    const first = await projectIn(shell.folder, options);
    const cache = openCache(first.root, shell.env);
    const threads = openThreads({ env: shell.env });
    let runs = 0;
    let wasBroken = false;

    const generate = async (): Promise<Interest> => {
      const start = performance.now();
      const project = await projectIn(shell.folder, options);
      const results = await runProject(project, { mode: "write", cache, threads, trustsHosts: runs > 0 });
      const ms = performance.now() - start;
      runs += 1;
      // That all is well again is news, though nothing was written for it.
      const isNew = runs === 1 || wasBroken || results.some(({ status }) => status !== "unchanged");
      wasBroken = results.some(({ status }) => status === "failed");
      if (flags.json && isNew) say({ event: "generated", ...writtenJson(results, project), ms: Math.round(ms) });
      if (!flags.json && isNew) {
        const spoken = runs === 1 ? results : results.filter(({ status }) => status !== "unchanged");
        stderr.write(problemsText(spoken, { isColoured: colours, isVerbose: flags.verbose }));
        for (const text of watchedLines(results, project, ms)) stdout.write(`${text}\n`);
      }
      return interestOf(project, results);
    };

    if (!flags.json) stderr.write(`${paint("dim", "watching; Ctrl+C ends it")}\n`);
    const ended = shell.ended();
    const watching = watchFiles({
      interest: interestOf(first, []),
      run: generate,
      onError(error) {
        wasBroken = true;
        const message = error instanceof Error ? error.message : String(error);
        const diagnostics = error instanceof ConfigError ? error.diagnostics : [];
        if (flags.json) say({ event: "error", message, diagnostics });
        else if (error instanceof ConfigError) {
          const sources = new Map([[error.file, error.text]]);
          stderr.write(
            formatHuman({ diagnostics, sources, rules: [], tool: { version: "" }, isWhole: true, isColoured: colours }),
          );
        } else stderr.write(`${paint("red", "keyturn:")} ${printable(message)}\n`);
      },
    });
    const code = await ended;
    void watching.close(); // a run that is under way ends with its threads; what it has written is whole
    await threads.close();
    say({ event: "closed" });
    return code;
  },
});

/** Everything that the next run may depend on. */
function interestOf(project: Project, results: readonly ApiResult[]): Interest {
  const { root, apis, config, customTemplates, templates, out, isWhole } = project;
  const files = [
    ...(config === undefined ? CONFIG_NAMES : [config]),
    ...apis.flatMap(({ document, overlays }) => [document, ...overlays]),
    // A document that refers to an address is made of it too, and nobody tells when that changes.
    ...results.flatMap((result) => result.files).filter((file) => !/^[a-z][a-z\d+.-]+:\/\//i.test(file)),
  ];
  const specs = config === undefined && isWhole ? [path.join(root, "specs")] : [];
  return {
    files: [...new Set(files)].map((file) => path.resolve(root, file)),
    folders: [...specs, templates, ...(customTemplates === undefined ? [] : [path.join(root, customTemplates)])],
    ignored: path.join(root, out),
  };
}
