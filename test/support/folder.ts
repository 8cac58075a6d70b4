import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these files that is gone when the test is. */
export function temporaryFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), "keyturn-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Writes a file as editors save: the new text takes the place of the old one, and who watches never reads a part of it. */
export function save(file: string, text: string): void {
  const aside = path.join(mkdtempSync(path.join(tmpdir(), "keyturn-")), path.basename(file));
  writeFileSync(aside, text);
  renameSync(aside, file);
  rmSync(path.dirname(aside), { recursive: true });
}
