/**
 * What the last generation started from and came to, so that the next one, when nothing has changed, loads no compiler.
 *
 * It lies on this machine only, in the project's `node_modules/.cache`, else in the user's own folder for caches. Everything in
 * it is a hash of what was read and written here, the code of this generator and the versions of its tools among it. A cache
 * that is missing or cannot be read costs time and nothing else.
 */

import { createHash, type Hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "./diagnostics.js";
import type { Remote } from "./hosts.js";
import { packageFile } from "./root.js";

/** One generation that went well. */
export interface CacheEntry {
  /** Hash of how it was made: the generator, the templates, and what the project says about the API. */
  readonly made: string;
  /** Hash of each file that was read, by its path relative to the project; `null` for one that was looked for in vain. */
  readonly sources: Readonly<Record<string, string | null>>;
  /** What is known of each file of a host that was read, by its address. Left out where there is none. */
  readonly remote?: Readonly<Record<string, Remote>>;
  /** Hash of each file that it came to, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The warnings that went with it. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Cache {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry): void;
  /** Writes what is new to the disk, where there is a place for it. */
  save(): void;
}

/** The variables of an environment that say where a user's caches lie. */
export type CacheEnvironment = Readonly<Record<string, string | undefined>>;

/** @param root the project. Where nothing can be written, the cache lasts as long as the process. */
export function openCache(root: string, env: CacheEnvironment): Cache {
  const file = path.join(moduleCaches(root) ?? userCaches(root, env), "generate.json");
  const entries = new Map(Object.entries(readEntries(file)));
  let isChanged = false;
  return {
    get(key) {
      const entry = entries.get(key);
      return isEntry(entry) ? entry : undefined;
    },
    set(key, entry) {
      entries.set(key, entry);
      isChanged = true;
    },
    save() {
      if (isChanged) isChanged = !writeCache(file, JSON.stringify(Object.fromEntries(entries)));
    },
  };
}

/** The folder for caches in a project's own `node_modules`, when it has one. */
export function moduleCaches(root: string): string | undefined {
  const modules = path.join(root, "node_modules");
  return existsSync(modules) ? path.join(modules, ".cache", "keyturn") : undefined;
}

/**
 * Where the caches of a project without a `node_modules` of its own lie (one of a workspace, or with Plug'n'Play): among those of
 * the user, `$XDG_CACHE_HOME`, `%LOCALAPPDATA%` or `~/.cache`, by a hash of where the project lies.
 */
function userCaches(root: string, env: CacheEnvironment): string {
  const home = env["XDG_CACHE_HOME"] || env["LOCALAPPDATA"] || path.join(homedir(), ".cache");
  return path.join(home, "keyturn", hash(path.resolve(root)).slice(0, 16));
}

/** Writes in one step, so that a run beside this one reads no half of it; `false` where nothing can be written. */
export function writeCache(file: string, text: string): boolean {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, text);
    renameSync(temporary, file);
    return true;
  } catch {
    return false;
  }
}

/** A hash of texts that cannot be mistaken for that of other texts put together differently. */
export function hash(...parts: readonly (string | Buffer)[]): string {
  const digest = createHash("sha256");
  for (const part of parts) add(digest, part);
  return digest.digest("base64url");
}

/** The hash of a file, which is that of its text; `undefined` when there is no such file. */
export function hashFile(file: string): string | undefined {
  try {
    return hash(readFileSync(file));
  } catch {
    return undefined;
  }
}

/** Identifies the generator: its own code as it runs, and the tools that it is built on. */
export function generatorIdentity(): string {
  const own = path.dirname(fileURLToPath(import.meta.url));
  const digest = createHash("sha256");
  for (const part of [process.version, ...toolVersions()]) add(digest, part);
  for (const folder of [own, path.join(own, "../src/lifecycle")]) {
    for (const file of filesIn(folder)) if (/(?<!\.d)\.m?[jt]s$/.test(file)) add(digest, readFileSync(file));
  }
  return digest.digest("base64url");
}

/** A hash of a folder's files, by name and content. */
export function folderIdentity(folder: string, ending: string): string {
  const files = filesIn(folder).filter((file) => file.endsWith(ending));
  return hash(...files.flatMap((file) => [path.relative(folder, file), readFileSync(file)]));
}

function add(digest: Hash, part: string | Buffer): void {
  digest.update(`${Buffer.byteLength(part)}:`).update(part);
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(file);
      return entry.isFile() ? [file] : [];
    });
}

/** The versions that are installed of everything that the package depends on. */
function toolVersions(): string[] {
  const { dependencies = {} } = readPackage(packageFile("package.json"));
  return Object.keys(dependencies).map((name) => `${name}@${installedVersion(name)}`);
}

function installedVersion(name: string): string {
  for (let folder = packageFile(""); ; folder = path.dirname(folder)) {
    const file = path.join(folder, "node_modules", name, "package.json");
    if (existsSync(file)) return readPackage(file).version ?? "";
    if (path.dirname(folder) === folder) return "";
  }
}

interface PackageFile {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readPackage(file: string): PackageFile {
  return JSON.parse(readFileSync(file, "utf8")) as PackageFile;
}

function readEntries(file: string): Record<string, unknown> {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function isEntry(value: unknown): value is CacheEntry {
  if (typeof value !== "object" || value === null) return false;
  const { made, sources, remote = {}, outputs, diagnostics } = value as Partial<CacheEntry>;
  return typeof made === "string" && isMap(sources) && isMap(remote) && isMap(outputs) && Array.isArray(diagnostics);
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
