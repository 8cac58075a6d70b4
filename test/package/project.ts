/** The package as a user gets it: packed, and installed into an empty folder. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { packageFile } from "../../scripts/root.js";
import { save } from "../support/folder.js";
import { PLAY, PLAY_UNDICI, SERVE, THINGS } from "./things.js";

const run = promisify(execFile);
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that somebody works in. */
export interface UserFolder {
  readonly folder: string;
  /** Runs the installed command. */
  keyturn(...args: readonly string[]): Promise<Outcome>;
  /** Starts the installed command, and hands out its lines of JSON one after the other. */
  start(...args: readonly string[]): Started;
  /** Runs a program in the folder. */
  run(program: string, ...args: readonly string[]): Promise<Outcome>;
  write(name: string, text: string): void;
  /** A project in a folder below, which has no packages of its own and finds those above it. */
  below(name: string, files: Readonly<Record<string, string>>): UserFolder;
}

/** A command that runs until it is asked to end. */
export interface Started {
  /** The next event, which is awaited for a minute at most. */
  event(): Promise<Readonly<Record<string, unknown>>>;
  /** Ends it as a user would, and gives its exit code. */
  stop(): Promise<number | null>;
}

export interface UserProject extends UserFolder {
  readonly tarball: string;
  /** Puts packages of this project beside the installed one, as a user would install them. */
  add(...packages: readonly string[]): void;
  /** The program of another runtime, installed from the registry; `undefined` where there is none for this machine. */
  runtime(name: RuntimeName): Promise<string | undefined>;
  remove(): void;
}

const machine = `${platform()}-${arch()}`;
const RUNTIMES = {
  "node 22": { name: `node-${machine}`, version: "22", bin: "bin/node" },
  "node 24": { name: `node-${machine}`, version: "24", bin: "bin/node" },
  bun: { name: `@oven/bun-${machine.replace("arm64", "aarch64")}`, version: "1", bin: "bin/bun" },
  deno: { name: `@deno/${machine}${platform() === "linux" ? "-glibc" : ""}`, version: "2", bin: "deno" },
} as const;

export type RuntimeName = keyof typeof RUNTIMES;
export const runtimeNames = Object.keys(RUNTIMES) as RuntimeName[];

/** Packs this package, and installs it where nothing else is. */
export async function makeUserProject(): Promise<UserProject> {
  const folder = mkdtempSync(path.join(tmpdir(), "keyturn-package-"));
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder, "--loglevel=error"], {
    cwd: packageFile(""),
  });
  const tarball = path.join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? packed.stderr);
  const user = userFolder(folder, folder);
  const { write } = user;
  write("package.json", '{ "name": "things-user", "private": true, "type": "module" }\n');
  write("specs/things.yaml", THINGS);
  write("play.ts", PLAY);
  write("play-undici.ts", PLAY_UNDICI);
  write("serve.mjs", SERVE);
  await run("npm", ["install", ...QUIET, tarball], { cwd: folder });

  return {
    ...user,
    tarball,
    add(...packages) {
      for (const name of packages) {
        mkdirSync(path.dirname(path.join(folder, "node_modules", name)), { recursive: true });
        symlinkSync(packageFile(`node_modules/${name}`), path.join(folder, "node_modules", name), "junction");
      }
    },
    async runtime(runtime) {
      const { name, version, bin } = RUNTIMES[runtime];
      const home = path.join(folder, "runtimes", runtime.replace(" ", "-"));
      mkdirSync(home, { recursive: true });
      writeFileSync(path.join(home, "package.json"), '{ "private": true }\n');
      await run("npm", ["install", ...QUIET, `${name}@${version}`], { cwd: home }).catch(() => undefined);
      const program = path.join(home, "node_modules", name, bin);
      return existsSync(program) ? program : undefined;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @param home the folder that the package is installed in. */
function userFolder(home: string, folder: string): UserFolder {
  const env = { ...process.env, NO_COLOR: "1" };
  const command = path.join(home, "node_modules/.bin/keyturn");
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    save(path.join(folder, name), text);
  };
  const outcome = async (program: string, args: readonly string[]): Promise<Outcome> => {
    try {
      const { stdout, stderr } = await run(program, args, { cwd: folder, timeout: 60_000, env });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout = "", stderr = "" } = error as { code?: number; stdout?: string; stderr?: string };
      return { code: typeof code === "number" ? code : -1, stdout, stderr: stderr || String(error) };
    }
  };
  return {
    folder,
    write,
    keyturn: (...args) => outcome(command, args),
    run: (program, ...args) => outcome(program, args),
    start(...args) {
      const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
      return {
        async event() {
          const { value, done } = await lines.next();
          if (done === true) throw new Error(`ended with ${await ended}`);
          return JSON.parse(value) as Readonly<Record<string, unknown>>;
        },
        async stop() {
          child.kill("SIGTERM");
          const code = await ended;
          clearTimeout(late);
          return code;
        },
      };
    },
    below(name, files) {
      const inner = userFolder(home, path.join(folder, name));
      for (const [file, text] of Object.entries(files)) inner.write(file, text);
      return inner;
    },
  };
}

export interface Served {
  readonly url: string;
  readonly expire: string;
  stop(): Promise<void>;
}

/** Starts the sandbox out of the installed package, in a process of its own. */
export async function serve({ folder }: UserProject): Promise<Served> {
  const child = spawn(process.execPath, ["serve.mjs"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const line = await firstLine(child);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    ...(JSON.parse(line) as { url: string; expire: string }),
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk;
      if (text.includes("\n")) resolve(text);
    });
  });
}

/** A compiler of this project's own, by the name of its package. */
export function compiler(name: "typescript" | "typescript-7"): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), "bin/tsc");
}
