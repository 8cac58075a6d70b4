import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

/** A module of the tests that runs in processes of its own, as it stands in the tree and not as it was built last. */
export interface ChildModule {
  /** Where it lies in one file. */
  readonly file: URL;
  /** Starts it. What it prints is told line by line. */
  start(...args: readonly string[]): Child;
  remove(): void;
}

export interface Child {
  readonly process: ChildProcess;
  /** The lines that it has printed so far. */
  readonly lines: readonly string[];
  readonly errors: () => string;
  /** The first line that begins with this, as soon as it is printed. */
  line(prefix: string): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Puts a module and what it imports of this tree into one file, next to the packages that it imports. */
export async function childModule(file: URL): Promise<ChildModule> {
  const folder = mkdtempSync(fileURLToPath(new URL("../../node_modules/.keyturn-test-", import.meta.url)));
  await build({
    configFile: false,
    logLevel: "silent",
    build: {
      ssr: fileURLToPath(file),
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: "child.mjs" } },
      minify: false,
    },
  });
  return {
    file: pathToFileURL(join(folder, "child.mjs")),
    start: (...args) => startChild([join(folder, "child.mjs"), ...args]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startChild(args: string[]): Child {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let errors = "";
  createInterface({ input: child.stdout! }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  child.stderr!.on("data", (text: Buffer) => {
    errors += text.toString();
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill); // when the tests were ended before they could
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once("close", (code, signal) => {
      process.removeListener("exit", kill);
      resolve(signal ?? code);
    });
  });
  return {
    process: child,
    lines,
    errors: () => errors,
    ended,
    line: (prefix) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => line.startsWith(prefix));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then((how) => reject(new Error(`the process ended (${how}) without "${prefix}": ${errors}`)));
      }),
  };
}
