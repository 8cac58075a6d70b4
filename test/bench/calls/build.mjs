// Makes the clients that generators make, from the one document: ours, hey-api's and orval's, and turns them into JavaScript.

import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { document } from "./document.mjs";
import { work } from "./work.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const ts = createRequire(import.meta.url)("typescript");

export async function buildClients() {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await writeFile(path.join(work, "package.json"), '{ "type": "module" }\n');
  await writeFile(path.join(work, "things.json"), JSON.stringify(document));
  await copyFile(path.join(here, "../../../specs/finapi.yaml"), path.join(work, "finapi.yaml"));
  const cli = path.join(here, "../../../dist/scripts/cli.js");
  const bin = (name) => path.join(here, "node_modules/.bin", name);
  const lib = path.relative(path.join(work, "keyturn/things"), path.join(here, "../../../dist/lib/index.js"));
  const runtime = lib.replaceAll(path.sep, "/");
  const command = (...args) => run(process.execPath, args, { cwd: work });
  await command(cli, "generate", "things.json", "finapi.yaml", "--out", "keyturn", "--runtime", runtime);
  await command(bin("openapi-ts"), "-i", "things.json", "-o", "hey");
  await command(bin("orval"), "--input", "things.json", "--output", "orval/index.ts", "--client", "fetch");
  for (const folder of ["keyturn", "hey", "orval"]) await transpile(path.join(work, folder));
}

async function transpile(folder) {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/(?<!\.d)\.ts$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { outputText } = ts.transpileModule(await readFile(file, "utf8"), { compilerOptions, fileName: file });
    await writeFile(file.replace(/\.ts$/, ".js"), outputText);
  }
}
