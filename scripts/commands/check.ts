/** `keyturn check`: whether clients are what the documents lead to, and what changed for those who use them. */

import { openCache } from "../cache.js";
import { IMPACTS, type Impact, worst } from "../changes/change.js";
import { humanChanges } from "../changes/human.js";
import type { ApiChanges } from "../changes/report.js";
import { openThreads } from "../generation/threads.js";
import { type ApiResult, runProject } from "../generation.js";
import { type Commit, type History, HistoryError, openHistory } from "../history.js";
import { checkedLine, problemsText } from "../report.js";
import { changesAgainst, changesSinceCommitted } from "../since.js";
import { checkGithub, checkJson } from "./checked.js";
import { defineCommand } from "./command.js";
import { PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions } from "./options.js";
import { isColoured, painter } from "./paint.js";
import { openProgress } from "./progress.js";
import { UsageError } from "./usage.js";

/** What the worst change comes to where it counts. */
const EXITS: Readonly<Record<Impact, number>> = { safe: 1, risky: 3, breaking: 4 };

const FORMATS = ["human", "github", "json"] as const;

export const command = defineCommand({
  name: "check",
  summary: "fail when clients are not what the documents lead to, and say what changed",
  operands: PROJECT_OPERANDS,
  description: [
    "Compares what is there with what generate would write, and writes nothing. Where a client is stale, it says what changed since the client was committed, for those who use it: breaking, risky or safe.",
    "With --against, it says what changed since a commit, whether or not anything is stale: documents, overlays, the files that they refer to, and the configuration.",
  ],
  flags: {
    ...PROJECT_FLAGS,
    against: { type: "text", value: "git ref", help: "compare with the documents of that commit, such as origin/main" },
    "fail-on": {
      type: "text",
      value: "impact",
      help: "with --against: the mildest change that fails (default: risky)",
      choices: IMPACTS,
    },
    format: {
      type: "text",
      value: "name",
      help: "how it is printed (default: human)",
      choices: FORMATS,
    },
    json: { type: "switch", help: "the same as --format json" },
    all: { type: "switch", help: "print every change, however many there are" },
  },
  examples: [
    ["check", "every API of the project, as a step of continuous integration"],
    ["check --against origin/main", "what a pull request means for the users of the clients"],
    ["check --against v1.4.0 --fail-on breaking --json", "before a release, for a program"],
  ],
  exits: [
    [0, "all is up to date; with --against, nothing changed that --fail-on names, or worse"],
    [1, "a client is stale, by safe changes at most, or a document has errors"],
    [3, "risky changes"],
    [4, "breaking changes"],
  ],
  async run(line, shell) {
    const { stdout, stderr } = shell;
    const { flags } = line;
    const format = flags.json ? "json" : (flags.format ?? "human");
    if (flags["fail-on"] !== undefined && flags.against === undefined) throw new UsageError("--fail-on goes with --against");
    const project = await projectIn(shell.folder, projectOptions(line));
    const history = await openHistory(project.root);
    const commit = flags.against === undefined ? undefined : await commitOf(history, flags.against);

    const progress = openProgress(shell, project.apis.length, painter(isColoured(shell, stderr, flags["no-color"])));
    const results = await runProject(project, {
      mode: "compare",
      cache: openCache(project.root),
      threads: openThreads(),
      onProgress: ({ name }, event) => (event === "start" ? progress.begin(name) : progress.end(name)),
    }).finally(progress.close);
    const isChosen = ["include-tag", "include-path", "include-operation"].some(
      (name) => flags[name as "include-tag"].length > 0,
    );
    const options = { project, history, isChosen };
    const reports =
      commit === undefined || history === undefined
        ? await changesOfStale(results, options)
        : await changesAgainst(commit, { ...options, history });
    const exit = exitOf(results, reports, commit === undefined ? "safe" : (flags["fail-on"] ?? "risky"));

    if (format === "json") stdout.write(checkJson(results, reports, exit));
    else {
      if (format === "github") stdout.write(checkGithub(results, reports, project));
      else stderr.write(problemsText(results, { isColoured: isColoured(shell, stderr, flags["no-color"]) }));
      for (const result of results) stdout.write(`${checkedLine(result, project)}\n`);
      const paint = painter(isColoured(shell, stdout, flags["no-color"]));
      const shown = flags.all ? { shown: Number.POSITIVE_INFINITY } : {};
      if (format === "human") for (const report of reports) stdout.write(humanChanges(report, { paint, ...shown }));
      if (results.some(({ status }) => status === "changed"))
        stderr.write(`\nbring them up to date with: ${project.command}\n`);
    }
    return exit;
  },
});

/** @throws {UsageError} when there is no such commit. */
async function commitOf(history: History | undefined, reference: string): Promise<Commit> {
  if (history === undefined) throw new UsageError("--against needs a git repository, and git");
  return history.commit(reference).catch((error: unknown) => {
    throw error instanceof HistoryError ? new UsageError(error.message) : error;
  });
}

/** A client that is missing altogether is new: nothing changed for anybody. */
async function changesOfStale(
  results: readonly ApiResult[],
  options: Parameters<typeof changesSinceCommitted>[1],
): Promise<ApiChanges[]> {
  const reports: ApiChanges[] = [];
  for (const { api, status, changes } of results) {
    const source = options.project.apis.find(({ name }) => name === api);
    if (source === undefined || status !== "changed" || changes.every(({ kind }) => kind === "create")) continue;
    reports.push(await changesSinceCommitted(source, options));
  }
  return reports;
}

function exitOf(results: readonly ApiResult[], reports: readonly ApiChanges[], mildest: Impact): number {
  const stale = results.every(({ status }) => status === "unchanged") ? 0 : 1;
  const impact = worst(reports.flatMap(({ changes }) => changes));
  const counts = impact !== undefined && IMPACTS.indexOf(impact) <= IMPACTS.indexOf(mildest);
  return Math.max(stale, counts ? EXITS[impact] : 0);
}
