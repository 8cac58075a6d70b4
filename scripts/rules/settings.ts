/** What a project makes of the rules: a profile, severities of its own, and findings that it has looked at and lets be. */

import { type Diagnostic, type RuleDescription, SEVERITIES, type Severity } from "../diagnostics.js";
import { suggest } from "../nearest.js";
import { tokensOf } from "../spec/pointer.js";

/**
 * - `recommended`: every rule as it describes itself.
 * - `strict`: what is a warning there is an error, and a note a warning.
 * - `minimal`: errors alone.
 */
export type Profile = "minimal" | "recommended" | "strict";

export const PROFILES: readonly Profile[] = ["minimal", "recommended", "strict"];

export type Setting = "off" | Severity;

export const SETTINGS: readonly Setting[] = ["off", ...SEVERITIES.toReversed()];

/** Findings that are not told. `*` stands for any part of a name; in a pointer for one token, and `**` for any number. */
export interface Ignore {
  readonly rule: string;
  /** Default: any place. */
  readonly pointer?: string;
  /** Default: any file. */
  readonly file?: string;
}

export interface RuleSettings {
  readonly profile: Profile;
  /** By the id of a rule, or a name with `*` such as `redocly/*`; the last that fits counts. */
  readonly rules: Readonly<Record<string, Setting>>;
  readonly ignore: readonly Ignore[];
}

/** Rules without which nothing else can be told; they are errors whatever is set. */
const FIXED: readonly string[] = ["syntax", "openapi-version"];

/** What a project cannot set, each in a sentence for its author. */
export function settingsFaults(
  { rules, ignore }: Pick<RuleSettings, "rules" | "ignore">,
  known: readonly RuleDescription[],
): string[] {
  const ids = known.map(({ id }) => id);
  const unknown = [...Object.keys(rules), ...ignore.map(({ rule }) => rule)]
    .filter((name) => !ids.some((id) => fits(name, id)))
    .map((name) => [`there is no rule "${name}"`, suggest(name, ids)].filter((part) => part !== undefined).join("; "));
  const fixed = Object.entries(rules)
    .filter(([name, setting]) => FIXED.includes(name) && setting !== "error")
    .map(([name]) => `"${name}" is always an error: a document that cannot be read cannot be looked at`);
  return [...new Set([...unknown, ...fixed])];
}

export interface Settled {
  readonly diagnostics: readonly Diagnostic[];
  /** Those that silenced nothing. */
  readonly unused: readonly Ignore[];
}

/** The findings as the project wants them told. */
export function settle(diagnostics: readonly Diagnostic[], settings: RuleSettings): Settled {
  const used = new Set<Ignore>();
  const told = diagnostics.flatMap((diagnostic): Diagnostic[] => {
    if (FIXED.includes(diagnostic.rule)) return [diagnostic];
    const ignored = settings.ignore.filter((ignore) => isIgnored(diagnostic, ignore));
    for (const ignore of ignored) used.add(ignore);
    const severity = severityOf(diagnostic, settings);
    return ignored.length > 0 || severity === "off"
      ? []
      : [severity === diagnostic.severity ? diagnostic : { ...diagnostic, severity }];
  });
  return { diagnostics: told, unused: settings.ignore.filter((ignore) => !used.has(ignore)) };
}

function severityOf({ rule, severity }: Diagnostic, { profile, rules }: RuleSettings): Setting {
  const stated = Object.entries(rules).findLast(([name]) => fits(name, rule));
  return stated?.[1] ?? BY_PROFILE[profile][severity];
}

const BY_PROFILE: Readonly<Record<Profile, Readonly<Record<Severity, Setting>>>> = {
  recommended: { error: "error", warning: "warning", info: "info" },
  strict: { error: "error", warning: "error", info: "warning" },
  minimal: { error: "error", warning: "off", info: "off" },
};

function isIgnored({ rule, file, pointer = "" }: Diagnostic, ignore: Ignore): boolean {
  if (!fits(ignore.rule, rule) || (ignore.file !== undefined && !fits(ignore.file, file))) return false;
  return ignore.pointer === undefined || fitsPointer(tokensOf(ignore.pointer), tokensOf(pointer));
}

/** Whether a name with `*` in it fits a name. Walks both once, so that no pattern takes long. */
export function fits(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    from = found + part.length;
  }
  return true;
}

/** The same for the tokens of a pointer, where `**` stands for any number of them. */
function fitsPointer(pattern: readonly string[], tokens: readonly string[]): boolean {
  let reached = new Set([0]);
  const skip = (from: Set<number>) => {
    for (const index of from) if (pattern[index] === "**") from.add(index + 1);
    return from;
  };
  skip(reached);
  for (const token of tokens) {
    const next = new Set<number>();
    for (const index of reached) {
      const part = pattern[index];
      if (part === "**") next.add(index);
      else if (part !== undefined && fits(part, token)) next.add(index + 1);
    }
    reached = skip(next);
  }
  return reached.has(pattern.length);
}
