/** A folder in which generated files are compiled in one program, and run, away from this tree. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageFile } from "../../scripts/root.js";
import type { ScannedFile } from "./scan.js";

export interface Workshop {
  /** What generated code in one of its folders imports the runtime from. */
  readonly runtime: string;
  add(folder: string, files: readonly ScannedFile[]): void;
  /** What the compiler says to the generated files under the strictest flags, a line for each fault; JavaScript is written all the same. */
  compile(): string[];
  /** Imports every client and calls every operation, in a process of its own; tells what it came to. */
  run(planted: number): RunReport;
  remove(): void;
}

export interface RunReport {
  /** The numbers of the planted calls that were made. */
  readonly called: readonly string[];
  /** What was added to the prototype of every object. */
  readonly polluted: readonly string[];
  readonly clients: number;
  readonly calls: number;
  readonly failures: readonly string[];
}

export function openWorkshop(): Workshop {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "keyturn-hostile-")));
  symlinkSync(packageFile("node_modules"), path.join(root, "node_modules"), "junction");
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  write("package.json", JSON.stringify({ type: "module" }));
  write("tsconfig.json", JSON.stringify(configuration()));
  write("run.mjs", RUN);
  const runtime = path.relative(path.join(root, "clients/a"), packageFile("src/index.js")).replaceAll(path.sep, "/");
  return {
    runtime,
    add(folder, files) {
      for (const { name, text } of files) write(`clients/${folder}/${name}`, text);
    },
    compile() {
      const compiler = packageFile("node_modules/typescript-7/bin/tsc");
      const { stdout } = spawnSync(process.execPath, [compiler, "-p", root], { encoding: "utf8", maxBuffer: 2 ** 28 });
      return stdout.split("\n").filter((line) => line.includes("error TS") && line.includes("/clients/"));
    },
    run(planted) {
      const clients = path.join(root, "out", path.relative(path.parse(root).root, path.join(root, "clients")));
      const output = execFileSync(process.execPath, ["--max-old-space-size=256", "run.mjs", clients, String(planted)], {
        cwd: root,
        encoding: "utf8",
        timeout: 60_000,
        killSignal: "SIGKILL",
      });
      return JSON.parse(output) as RunReport;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function configuration(): object {
  return {
    extends: packageFile("tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      rootDir: path.parse(packageFile("")).root,
      outDir: "out",
      types: [],
      isolatedModules: true,
    },
    include: ["clients"],
    exclude: [],
  };
}

/** Runs in the folder, without this project's tools. A planted call that is made says so; so does a prototype that changed. */
const RUN = `
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, planted] = process.argv.slice(2);
const report = { called: [], polluted: [], clients: 0, calls: 0, failures: [] };
for (let id = 0; id < Number(planted); id += 1) {
  Object.defineProperty(globalThis, "pwned_" + id, { get: () => () => report.called.push(String(id)) });
}
const before = [Object.prototype, Array.prototype, Function.prototype].map((one) => Object.getOwnPropertyNames(one).length);
const fetch = async () => new Response('{"token":"x","__proto__":{"polluted":1}}', { headers: { "content-type": "application/json" } });

for (const name of readdirSync(folder)) {
  const from = (file) => import(pathToFileURL(folder + "/" + name + "/" + file));
  try {
    const { inputs } = await from("lifecycle.js");
    const create = Object.entries(await from("index.js")).find(([member]) => member.startsWith("create"))[1];
    const client = create({ fetch, baseUrl: "https://sandbox.example", inputs: Object.fromEntries(Object.keys(inputs).map((input) => [input, "x"])) });
    report.clients += 1;
    for (const operation in client) {
      if (/^(?:[A-Z]+|request|use|eject|with|state|renew|revoke|close)$/.test(operation)) continue;
      report.calls += 1;
      await client[operation]({ params: { path: { x: "1" }, query: { ["__proto__"]: "x" } } }).catch(() => {});
    }
    await client.close();
  } catch (error) {
    report.failures.push(name + ": " + String(error).slice(0, 200));
  }
}
const after = [Object.prototype, Array.prototype, Function.prototype].map((one) => Object.getOwnPropertyNames(one).length);
if (String(before) !== String(after)) report.polluted.push("a prototype has other members");
for (const member in {}) report.polluted.push(member);
process.stdout.write(JSON.stringify(report));
`;
