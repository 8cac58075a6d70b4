// Measures generating: this toolkit's command beside those of others on the same documents, as whole processes in interleaved
// rounds, and what a run with nothing to do and a watch cost. Writes the tables into docs/benchmarks.md, between the markers.
//
//   npm run bench:generate                                         measures, writes and prints
//   npm run bench:generate -- --print                              measures and prints, and writes nothing
//   npm run bench:generate -- --documents folder --rounds 3        with the documents of a folder besides
//   npm run bench:generate -- --only small --part commands         one document, by its name; one part

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { commands, measure, OWN, writes } from "./commands.mjs";
import { makeDocument } from "./document.mjs";
import { watchLatencies } from "./watching.mjs";

const { values } = parseArgs({
  options: {
    print: { type: "boolean" },
    documents: { type: "string" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    part: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const PAGE = here("../../../docs/benchmarks.md");
const [BEGIN, END] = ["<!-- bench:generate begins -->", "<!-- bench:generate ends -->"];
const isAsked = (part) => values.part === undefined || values.part === part;
const log = (text) => process.stderr.write(`${text}\n`);

// The peers are locked apart from everything else, so that nobody else has to install them.
await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", here(".")]);

const work = mkdtempSync(path.join(os.tmpdir(), "keyturn-bench-"));
try {
  const sections = [machine()];
  if (isAsked("commands")) sections.push(await compareCommands());
  if (isAsked("again")) sections.push(await measureAgain());
  const text = sections.join("\n\n");
  process.stdout.write(`${text}\n`);
  if (!values.print) insert(text);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Every command on every document, one after the other, round after round. */
async function compareCommands() {
  const names = Object.keys(commands);
  const runs = new Map();
  const documents = makeDocuments();
  for (let round = 0; round < rounds; round++) {
    for (const { name, file } of documents) {
      for (const command of names) {
        const folder = path.join(work, command);
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(path.join(folder, "out"), { recursive: true });
        const used = await measure(commands[command](file, path.join(folder, "out")), { folder });
        log(
          `round ${round + 1} ${name} ${command}: ${used.fault ?? `${used.cpu.toFixed(2)} s CPU, ${used.wall.toFixed(2)} s`}`,
        );
        const key = `${name} ${command}`;
        runs.set(key, [...(runs.get(key) ?? []), used]);
      }
    }
  }
  const cell = (name, command) => {
    const used = runs.get(`${name} ${command}`);
    const fault = used.find((one) => one.fault !== undefined)?.fault;
    if (fault !== undefined) return `no client: ${fault}`;
    const base = runs.get(`${name} ${names[0]}`);
    const ratio = (what) => median(used.map((one, index) => one[what] / (base[index][what] ?? Number.NaN))).toFixed(2);
    const figures = `${median(used.map(({ cpu }) => cpu)).toFixed(1)} s, ${Math.round(median(used.map(({ memory }) => memory)))} MB`;
    return `**${ratio("cpu")}** / ${ratio("wall")}<br>${figures}`;
  };
  return [
    line(["Document", ...names.map((name) => `${name} ${versionOf(name)}`)]),
    line(["---", ...names.map(() => "---")]),
    ...documents.map(({ name, title }) => line([title, ...names.map((command) => cell(name, command))])),
    "",
    `Ratios to ${names[0]} in the same round, of processor time and of wall time; below them processor time, user and system, and the`,
    "most memory that the process had. Medians. What each writes:",
    "",
    ...names.map((name) => `- ${name}: ${writes[name]}.`),
  ].join("\n");
}

/** What a run costs when nothing has changed, and how long a watch takes after a change. */
async function measureAgain() {
  const three = project("three", 3);
  const thirty = project("thirty", 30);
  const plain = async () => (await measure(["-e", "0"], { folder: work })).wall;
  const times = { generate3: [], check3: [], generate30: [], check30: [], changed: [] };
  for (const folder of [three, thirty]) await measure([OWN, "generate"], { folder });
  for (let round = 0; round < rounds * 3; round++) {
    const boot = await plain();
    for (const [count, folder] of [
      [3, three],
      [30, thirty],
    ]) {
      for (const command of ["generate", "check"]) {
        const { wall, fault } = await measure([OWN, command], { folder });
        if (fault !== undefined) throw new Error(`keyturn ${command} failed: ${fault}`);
        times[`${command}${count}`].push((wall - boot) * 1000);
      }
    }
  }
  for (let round = 0; round < rounds; round++) {
    change(path.join(three, "specs/api1.json"), round);
    times.changed.push((await measure([OWN, "generate"], { folder: three })).wall * 1000);
  }
  const watched = await watchLatencies(OWN, three, path.join(three, "specs/api1.json"), rounds * 2);
  const ms = (list) => `${Math.round(median(list))} ms`;
  return [
    line(["", "3 documents", "30 documents"]),
    line(["---", "---", "---"]),
    line(["`generate`, nothing changed: beyond `node -e 0`", ms(times.generate3), ms(times.generate30)]),
    line(["`check`, nothing changed: beyond `node -e 0`", ms(times.check3), ms(times.check30)]),
    line(["`generate`, one small document changed: the whole command", ms(times.changed), ""]),
    line(["`watch`, one small document changed: from the change to the new files", ms(watched), ""]),
    "",
    "Wall time, medians. In a watch, 50 ms of it are waited for, as editors save in several steps.",
  ].join("\n");
}

function makeDocuments() {
  const made = [
    ["small", 0.02],
    ["large", 4],
    ["huge", 13],
  ].map(([name, megabytes]) => {
    const file = path.join(work, `${name}.json`);
    writeFileSync(file, JSON.stringify(makeDocument(megabytes), undefined, 2));
    return { name, file };
  });
  const specs = here("../../../specs");
  const given = [specs, ...(values.documents === undefined ? [] : [path.resolve(values.documents)])].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /(?<!\.overlay)\.(?:ya?ml|json)$/.test(file))
      .map((file) => ({ name: file, file: path.join(folder, file) })),
  );
  return [...made, ...given]
    .filter(({ name }) => values.only === undefined || name.includes(values.only))
    .map((document) => ({ ...document, title: `${document.name.replace(/\.\w+$/, "")}, ${size(document.file)}` }));
}

function project(name, count) {
  const folder = path.join(work, name);
  mkdirSync(path.join(folder, "specs"), { recursive: true });
  mkdirSync(path.join(folder, "node_modules"));
  for (let number = 1; number <= count; number++) {
    writeFileSync(
      path.join(folder, `specs/api${number}.json`),
      JSON.stringify(makeDocument(0.02 + number / 1e4), undefined, 2),
    );
  }
  return folder;
}

function change(file, round) {
  const document = JSON.parse(readFileSync(file, "utf8"));
  document.info.title = `Changed ${round}`;
  writeFileSync(file, JSON.stringify(document, undefined, 2));
}

function machine() {
  const [cpu] = os.cpus();
  return `Node ${process.versions.node}, ${os.cpus().length} × ${cpu?.model ?? "unknown processor"}, ${rounds} interleaved rounds.`;
}

function versionOf(name) {
  const packages = { keyturn: here("../../../package.json"), "hey-api": here("node_modules/@hey-api/openapi-ts/package.json") };
  const file = packages[name] ?? here(`node_modules/${name}/package.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : "";
}

function size(file) {
  const bytes = statSync(file).size;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function median(list) {
  const sorted = [...list].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}

function insert(text) {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  if (from < BEGIN.length || to < 0) throw new Error(`docs/benchmarks.md has no ${BEGIN} and ${END}`);
  writeFileSync(PAGE, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
}
