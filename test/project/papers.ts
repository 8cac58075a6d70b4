import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageFile } from "../../scripts/root.js";

/** Every file of the project, relative to its root and in order: what a clone has, without what commands make there. */
export function projectFiles(): string[] {
  const made = readFileSync(packageFile(".gitignore"), "utf8").split("\n");
  const skipped = new Set([".git", ...made.flatMap((line) => (line.endsWith("/") ? line.slice(0, -1) : []))]);
  const walk = (folder: string): string[] =>
    readdirSync(packageFile(folder), { withFileTypes: true }).flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (skipped.has(entry.name)) return [];
      return entry.isDirectory() ? walk(file) : [file];
    });
  return walk(".").sort();
}

export function read(file: string): string {
  return readFileSync(packageFile(file), "utf8");
}

/** The blocks of code in a page, with the line that each begins in. */
export function codeBlocks(page: string, language: string): { readonly code: string; readonly line: number }[] {
  return [...page.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].flatMap(({ 1: found, 2: code = "", index }) =>
    found === language ? [{ code, line: page.slice(0, index).split("\n").length + 1 }] : [],
  );
}

/** A page without its blocks of code. */
export function prose(page: string): string {
  return page.replace(/^```.*?^```$/gms, "");
}
