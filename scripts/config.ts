/**
 * The project's configuration, `keyturn.config.yaml`: found, and read as plain data that is known to be right.
 *
 * What a configuration says is kept in the cache by the hash of its text: a run with nothing to do loads no parser for it.
 */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { hash, moduleCaches, writeCache } from "./cache.js";
import type { Diagnostic } from "./diagnostics.js";
import { packageFile } from "./root.js";
import type { OwnRule } from "./rules/own.js";
import type { Ignore } from "./rules/settings.js";

/** A configuration as it is written, checked against `config.schema.json`. */
export interface Config {
  readonly apis: Readonly<Record<string, ApiConfig>>;
  readonly out?: string;
  readonly runtime?: string;
  readonly templates?: string;
  readonly lint?: LintConfig;
}

export interface ApiConfig {
  readonly document: string;
  readonly overlays?: readonly string[];
  readonly client?: string;
  readonly include?: Partial<Inclusion>;
  readonly strict?: boolean;
  readonly remote?: readonly string[];
}

/** The operations that a client has: those that one of the lists names, and all when every list is empty. */
export interface Inclusion {
  readonly tags: readonly string[];
  /** Paths as in the document; `*` stands for any part. */
  readonly paths: readonly string[];
  /** `*` stands for any part. */
  readonly operationIds: readonly string[];
}

export interface LintConfig {
  readonly profile?: "minimal" | "recommended" | "strict";
  /** Severities by the names of rules. */
  readonly rules?: Readonly<Record<string, "off" | "info" | "warning" | "error">>;
  /** Findings that are not told. */
  readonly ignore?: readonly Ignore[];
  /** Rules of the project's own. */
  readonly own?: readonly OwnRule[];
}

/** A configuration that says something wrong; every problem at once, each with its place. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly diagnostics: readonly Diagnostic[];
  /** The configuration's path as the diagnostics name it, and its text. */
  readonly file: string;
  readonly text: string;

  constructor(file: string, text: string, diagnostics: readonly Diagnostic[]) {
    super(`${file} has ${diagnostics.length === 1 ? "a problem" : `${diagnostics.length} problems`}`);
    this.file = file;
    this.text = text;
    this.diagnostics = diagnostics;
  }
}

/** The names that a configuration goes by, the first that is there counts. */
export const CONFIG_NAMES = ["keyturn.config.yaml", "keyturn.config.yml", "keyturn.config.json"] as const;

/** The configuration that holds for a folder: its own, or that of the nearest folder above it. */
export function findConfig(folder: string): string | undefined {
  const found = CONFIG_NAMES.map((name) => path.join(folder, name)).find((file) => existsSync(file));
  const parent = path.dirname(folder);
  return found ?? (parent === folder ? undefined : findConfig(parent));
}

/**
 * @param file the configuration's path.
 * @throws {ConfigError} when it says something wrong.
 */
export async function readConfig(file: string): Promise<Config> {
  const text = readFileSync(file, "utf8");
  const key = hash(readFileSync(packageFile("scripts/config.schema.json"), "utf8"), path.extname(file), text);
  const caches = moduleCaches(path.dirname(file));
  const cached = caches === undefined ? undefined : path.join(caches, "config.json");
  const known = cached === undefined ? undefined : readCached(cached, key);
  if (known !== undefined) return known;
  const { checkConfig } = await import("./config/check.js");
  const name = path.basename(file);
  const { config, diagnostics } = checkConfig(name, text);
  if (config === undefined) throw new ConfigError(name, text, diagnostics);
  if (cached !== undefined) writeCache(cached, JSON.stringify({ key, config }));
  return config;
}

/**
 * What the world makes wrong of a configuration, such as a file that is not there, at the place that says it; nothing when not
 * all of it stands in the configuration.
 *
 * @param file the configuration's path.
 */
export async function configFaults(
  file: string,
  faults: readonly { readonly message: string; readonly pointer?: string }[],
): Promise<ConfigError | undefined> {
  const text = readFileSync(file, "utf8");
  const { locateFaults } = await import("./config/check.js");
  const diagnostics = locateFaults(path.basename(file), text, faults);
  return diagnostics.length === faults.length ? new ConfigError(path.basename(file), text, diagnostics) : undefined;
}

function readCached(file: string, key: string): Config | undefined {
  try {
    const cached = JSON.parse(readFileSync(file, "utf8")) as { readonly key: string; readonly config: Config };
    return cached.key === key ? cached.config : undefined;
  } catch {
    return undefined;
  }
}
