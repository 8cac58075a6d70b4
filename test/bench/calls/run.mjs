// Measures calls through this toolkit's clients and through others, all in one run on this machine, and writes the tables into
// docs/benchmarks.md, between the markers, and a chart beside it.
//
//   npm run bench                                  measures, writes and prints
//   npm run bench -- --print                       measures and prints, and writes nothing
//   npm run bench -- --print --rounds 3 --only keyturn,fetch --part calls

import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const { values } = parseArgs({
  options: {
    print: { type: "boolean" },
    rounds: { type: "string", default: "9" },
    only: { type: "string" },
    part: { type: "string" },
  },
});
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const PAGE = here("../../../docs/benchmarks.md");
const CHART = here("../../../docs/benchmarks.svg");
const [BEGIN, END] = ["<!-- bench:calls begins -->", "<!-- bench:calls ends -->"];
const rounds = Number(values.rounds);
const log = (text) => process.stderr.write(`${text}\n`);
const isAsked = (part) => values.part === undefined || values.part === part;

// The peers are locked apart from everything else, so that nobody else has to install them.
await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", here(".")]);
const { buildClients } = await import("./build.mjs");
await buildClients();

const { barChart } = await import("./chart.mjs");
const tables = await import("./tables.mjs");
const sections = [tables.machine({ node: process.version, cpu: os.cpus()[0]?.model, cores: os.cpus().length, rounds })];
let chart;
if (isAsked("calls")) {
  const { measureCalls } = await import("./calls.mjs");
  const calls = await measureCalls({ rounds, only: values.only?.split(","), log });
  sections.push(tables.calls(calls));
  chart = barChart({
    title: "CPU of the client for one call",
    subtitle: "small JSON over loopback, 50 at once; openapi-fetch is 1",
    rows: calls.rows.map(({ name, label, cells }) => ({
      label,
      value: cells.fifty.cpuRatio,
      isOwn: name.startsWith("keyturn"),
    })),
  });
}
if (isAsked("expired")) {
  const { measureExpired } = await import("./expired.mjs");
  sections.push(tables.expired(await measureExpired({ rounds: Math.min(rounds, 5), log })));
}
if (isAsked("tokens")) {
  const { measureTokens } = await import("./tokens.mjs");
  sections.push(tables.tokens(await measureTokens({ log })));
}
if (isAsked("cold")) {
  const { measureCold } = await import("./cold.mjs");
  sections.push(tables.cold(await measureCold({ rounds: rounds + 6, log })));
}
if (isAsked("bundle")) {
  const { measureBundles } = await import("./bundle.mjs");
  sections.push(tables.bundles(await measureBundles()));
}

const text = sections.join("\n\n");
process.stdout.write(`${text}\n`);
if (!values.print) {
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = [page.slice(0, page.indexOf(BEGIN) + BEGIN.length), page.slice(page.indexOf(END))];
  writeFileSync(PAGE, `${before}\n\n${text}\n\n${after}`);
  if (chart !== undefined) writeFileSync(CHART, chart);
}
