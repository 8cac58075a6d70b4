/** `keyturn check`: whether clients are what the documents lead to, and what changed for those who use them. */

import { openCache } from "../cache.js";
import { IMPACTS, type Impact, worst } from "../changes/change.js";
import type { ApiChanges } from "../changes/report.js";
import { openThreads } from "../generation/threads.js";
import { type ApiResult, runProject } from "../generation.js";
import type { Commit, History } from "../history.js";
import type { Project } from "../project.js";
import { checkedLine, problemsText } from "../report.js";
import { defineCommand } from "./command.js";
import { PROJECT_FLAGS, PROJECT_OPERANDS, projectIn, projectOptions } from "./options.js";
import { isColoured, painter } from "./paint.js";
import { openProgress } from "./progress.js";
import { Refusal, UsageError } from "./usage.js";

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
    const against = flags.against === undefined ? undefined : await commitOf(project.root, flags.against);

    const progress = openProgress(shell, project.apis.length, painter(isColoured(shell, stderr, flags["no-color"])));
    const results = await runProject(project, {
      mode: "compare",
      cache: openCache(project.root, shell.env),
      threads: openThreads({ env: shell.env }),
      onProgress: ({ name }, event) => (event === "start" ? progress.begin(name) : progress.end(name)),
    }).finally(progress.close);
    const isChosen = ["include-tag", "include-path", "include-operation"].some(
      (name) => flags[name as "include-tag"].length > 0,
    );
    const reports =
      against === undefined ? await changesOfStale(results, project, isChosen) : await changesSince(against, project, isChosen);
    const exit = exitOf(results, reports, against === undefined ? "safe" : (flags["fail-on"] ?? "risky"));

    if (format === "json") stdout.write((await import("./checked.js")).checkJson(results, reports, exit));
    else {
      if (format === "github") stdout.write((await import("./checked.js")).checkGithub(results, reports, project));
      else stderr.write(problemsText(results, { isColoured: isColoured(shell, stderr, flags["no-color"]) }));
      for (const result of results) stdout.write(`${checkedLine(result, project)}\n`);
      const paint = painter(isColoured(shell, stdout, flags["no-color"]));
      const shown = flags.all ? { shown: Number.POSITIVE_INFINITY } : {};
      if (format === "human" && reports.length > 0) {
        const { humanChanges } = await import("../changes/human.js");
        for (const report of reports) stdout.write(humanChanges(report, { paint, ...shown }));
      }
      if (results.some(({ status }) => status === "changed"))
        stderr.write(`\nbring them up to date with: ${project.command}\n`);
    }
    return exit;
  },
});

// What follows is loaded when it is asked for: where nothing is stale, there is nothing to tell and git is not asked.

interface Against {
  readonly history: History;
  readonly commit: Commit;
}

/** @throws {Refusal} when there is no such commit. */
async function commitOf(root: string, reference: string): Promise<Against> {
  const { HistoryError, openHistory } = await import("../history.js");
  const history = await openHistory(root);
  if (history === undefined) throw new Refusal("--against needs a git repository, and git");
  const commit = await history.commit(reference).catch((error: unknown) => {
    throw error instanceof HistoryError ? new Refusal(error.message) : error;
  });
  return { history, commit };
}

async function changesSince({ history, commit }: Against, project: Project, isChosen: boolean): Promise<readonly ApiChanges[]> {
  const { changesAgainst } = await import("../since.js");
  return changesAgainst(commit, { project, history, isChosen });
}

/** A client that is missing altogether is new: nothing changed for anybody. */
async function changesOfStale(
  results: readonly ApiResult[],
  project: Project,
  isChosen: boolean,
): Promise<readonly ApiChanges[]> {
  const stale = results.flatMap(({ api, status, changes }) => {
    if (status !== "changed" || changes.every(({ kind }) => kind === "create")) return [];
    return project.apis.find(({ name }) => name === api) ?? [];
  });
  if (stale.length === 0) return [];
  const { openHistory } = await import("../history.js");
  const { changesSinceCommitted } = await import("../since.js");
  const history = await openHistory(project.root);
  const reports: ApiChanges[] = [];
  for (const source of stale) reports.push(await changesSinceCommitted(source, { project, history, isChosen }));
  return reports;
}

function exitOf(results: readonly ApiResult[], reports: readonly ApiChanges[], mildest: Impact): number {
  const stale = results.every(({ status }) => status === "unchanged") ? 0 : 1;
  const impact = worst(reports.flatMap(({ changes }) => changes));
  const counts = impact !== undefined && IMPACTS.indexOf(impact) <= IMPACTS.indexOf(mildest);
  return Math.max(stale, counts ? EXITS[impact] : 0);
}
