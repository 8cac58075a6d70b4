/** Lint over the APIs of a project: each document assembled, mended, and held to every rule that the project wants. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, RuleDescription } from "./diagnostics.js";
import type { ApiSource, Project } from "./project.js";
import { packageFile } from "./root.js";
import { describeRules, lint } from "./rules/index.js";
import { type OwnRule, OwnRuleError, type ReadyRule, readOwnRules } from "./rules/own.js";
import { type Ignore, type RuleSettings, settingsFaults, settle } from "./rules/settings.js";
import { UNUSED_IGNORE } from "./rules/tool.js";
import { openSources } from "./sources.js";
import { assembleDocument } from "./spec/assemble.js";
import type { SourceFile } from "./spec/document.js";
import { parseText } from "./spec/parse.js";

export interface LintRequest extends RuleSettings {
  readonly own: readonly OwnRule[];
}

export interface Linted {
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file that was looked at, by its path. */
  readonly sources: ReadonlyMap<string, string>;
  /** Every rule that could have spoken. */
  readonly rules: readonly RuleDescription[];
}

/** Settings that make no sense; every problem at once. */
export class LintSettingsError extends Error {
  override readonly name = "LintSettingsError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * @param onProgress is told when an API begins and when it ends.
 * @throws {LintSettingsError} when the settings make no sense.
 */
export async function lintProject(
  project: Project,
  request: LintRequest,
  onProgress?: (source: ApiSource, event: "start" | "end") => void,
): Promise<Linted> {
  const rules = describeRules();
  const own = ownRules(request.own, rules);
  const known = [...rules, ...own];
  const faults = settingsFaults(request, known);
  if (faults.length > 0) throw new LintSettingsError(faults);

  const files = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const api of project.apis) {
    onProgress?.(api, "start");
    const { diagnostics, files: read } = await lintApi(project, api, own);
    onProgress?.(api, "end");
    found.push(...diagnostics);
    for (const { path: file, text } of read) files.set(file, text);
  }
  const { diagnostics, unused } = settle(unique(found), request);
  const warnings = project.isWhole ? unusedIgnores(project, unused, files) : [];
  return { diagnostics: [...diagnostics, ...settle(warnings, request).diagnostics], sources: files, rules: withHelp(known) };
}

function ownRules(stated: readonly OwnRule[], rules: readonly RuleDescription[]): ReadyRule[] {
  try {
    return readOwnRules(
      stated,
      rules.map(({ id }) => id),
    );
  } catch (error) {
    throw error instanceof OwnRuleError ? new LintSettingsError(error.message.split("\n")) : error;
  }
}

async function lintApi(
  { root }: Project,
  { document: file, overlays, remote, strict }: ApiSource,
  own: readonly ReadyRule[],
): Promise<{ diagnostics: readonly Diagnostic[]; files: readonly SourceFile[] }> {
  const sources = openSources(root, { remote });
  const { document: written, diagnostics: told, files } = await assembleDocument(file, sources, { overlays });
  // As when generating: who wants nothing mended wants nothing overlooked while loading either.
  const loading = strict ? told.map((diagnostic): Diagnostic => ({ ...diagnostic, severity: "error" })) : told;
  if (written === undefined) return { diagnostics: loading, files };
  const conventions = own.flatMap((rule) => rule.check(written));
  return { diagnostics: [...loading, ...(await lint(written, { strict })), ...conventions], files };
}

/** What several APIs refer to is found once for each of them. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ rule, file, line, column, message }) => {
    const identity = `${rule} ${file}:${line}:${column} ${message}`;
    return !seen.has(identity) && seen.add(identity);
  });
}

/** Ignores that silence nothing would hide the next finding that they fit. The configuration is then one of the files. */
function unusedIgnores(
  { root, config, lint: { ignore: all } }: Project,
  unused: readonly Ignore[],
  files: Map<string, string>,
): Diagnostic[] {
  if (config === undefined || unused.length === 0) return [];
  const text = readFileSync(path.join(root, config), "utf8");
  files.set(config, text);
  return unused.map((ignore): Diagnostic => {
    const pointer = `/lint/ignore/${all.indexOf(ignore)}`;
    const message = `nothing that "${ignore.rule}" finds is silenced by this`;
    const hint = "take it out, or correct its pointer or file";
    const { id: rule, severity } = UNUSED_IGNORE;
    return { rule, severity, message, hint, file: config, ...parseText(text).positions.locate(pointer), pointer };
  });
}

/** The sections of the rules page, for reports that can show them. */
function withHelp(rules: readonly RuleDescription[]): RuleDescription[] {
  const page = packageFile("docs/rules.md");
  const text = existsSync(page) ? readFileSync(page, "utf8") : "";
  const sections = new Map(
    [...text.matchAll(/^### (\S+)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].map(([, id = "", section = ""]) => [id, section.trim()]),
  );
  return rules.map((rule) => {
    const help = sections.get(rule.id);
    return help === undefined ? rule : { ...rule, help };
  });
}
