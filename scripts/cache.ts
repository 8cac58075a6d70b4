/**
 * What the last generation started from and came to, so that the next one, when nothing has changed, loads no compiler.
 *
 * It lies in `node_modules/.cache`, on this machine only: everything in it is a hash of what was read and written here, the
 * code of this generator and the versions of its tools among it. A cache that is missing or cannot be read costs time and
 * nothing else.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "./diagnostics.js";
import { packageFile } from "./root.js";

/** One generation that went well. */
export interface CacheEntry {
  /** Hash of everything that it depends on. */
  readonly input: string;
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

/** @param root the project; without a `node_modules` of its own, the cache lasts as long as the process. */
export function openCache(root: string): Cache {
  const modules = path.join(root, "node_modules");
  const file = existsSync(modules) ? path.join(modules, ".cache", "keyturn", "generate.json") : undefined;
  const entries = new Map(Object.entries(file === undefined ? {} : readEntries(file)));
  let isChanged = false;
  return {
    get: (key) => entries.get(key),
    set(key, entry) {
      entries.set(key, entry);
      isChanged = true;
    },
    save() {
      if (file === undefined || !isChanged) return;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(Object.fromEntries(entries)));
      isChanged = false;
    },
  };
}

/** A hash of texts that cannot be mistaken for that of other texts put together differently. */
export function hash(...parts: readonly string[]): string {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(`${part.length}:`).update(part);
  return digest.digest("base64url");
}

/** Identifies the generator: its own code as it runs, and the tools that it is built on. */
export function generatorIdentity(): string {
  const own = path.dirname(fileURLToPath(import.meta.url));
  const code = [own, path.join(own, "../src/lifecycle")].flatMap((folder) =>
    sourcesIn(folder).map((file) => readFileSync(file, "utf8")),
  );
  return hash(process.version, ...toolVersions(), ...code);
}

/** A hash of a folder's files, by name and content. */
export function folderIdentity(folder: string, ending: string): string {
  const files = filesIn(folder).filter((file) => file.endsWith(ending));
  return hash(...files.flatMap((file) => [path.relative(folder, file), readFileSync(file, "utf8")]));
}

function sourcesIn(folder: string): string[] {
  return filesIn(folder).filter((file) => /(?<!\.d)\.m?[jt]s$/.test(file));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** The versions that are installed of everything that the package depends on. */
function toolVersions(): string[] {
  const { dependencies = {}, devDependencies = {} } = readPackage(packageFile("package.json"));
  return Object.keys({ ...dependencies, ...devDependencies }).map((name) => `${name}@${installedVersion(name)}`);
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
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readPackage(file: string): PackageFile {
  return JSON.parse(readFileSync(file, "utf8")) as PackageFile;
}

function readEntries(file: string): Record<string, CacheEntry> {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? {}) as Record<string, CacheEntry>;
  } catch {
    return {};
  }
}
