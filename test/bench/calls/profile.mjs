// Where the processor's time of a call goes, on both transports: a sampling profile of 50 calls at once, by whose code was running.
//
//   npm run bench -- --print --part tokens && node test/bench/calls/profile.mjs [--write]
//
// (The first builds the clients.) With --write it puts the table into docs/benchmarks.md, between its markers.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";
import { start } from "./processes.mjs";
import { variants } from "./variants.mjs";

const PAGE = fileURLToPath(new URL("../../../docs/benchmarks.md", import.meta.url));
const [BEGIN, END] = ["<!-- bench:profile begins -->", "<!-- bench:profile ends -->"];
const MEASURED = { "keyturn-undici": "keyturn on undici", keyturn: "keyturn on fetch" };
const CALLS = 30_000;
const AT_ONCE = 50;

/** The first that fits a function and its file counts. */
const OWNERS = [
  [
    "writing to the socket (a system call for each request)",
    ({ functionName }) => /^write\w*String$|^writev$/.test(functionName),
  ],
  ["garbage collection", ({ functionName }) => functionName === "(garbage collector)"],
  ["the text of the answer into a value (`JSON.parse`)", ({ functionName }) => functionName === "parseJson"],
  ["the HTTP parser", ({ functionName, url }) => url.startsWith("wasm:") || /^wasm_on_/.test(functionName)],
  ["undici, or the `fetch` inside Node", ({ url }) => /node_modules\/undici\/|deps\/undici/.test(url)],
  ["keyturn's transport", ({ url }) => /dist\/lib\/transports\//.test(url)],
  ["keyturn and the generated client", ({ url }) => /dist\/lib\/|\.work\/keyturn/.test(url)],
  ["Node's sockets, streams, signals and timers", ({ url }) => url.startsWith("node:")],
  ["the rest: native code that has no name, microtasks, this script", () => true],
];

if (process.argv[2] in MEASURED) process.stdout.write(JSON.stringify(await shares(process.argv[2])));
else {
  const columns = Object.keys(MEASURED).map((name) => JSON.parse(execFileSync(process.execPath, [process.argv[1], name])));
  const lines = [
    `| share of the time | ${Object.values(MEASURED).join(" | ")} |`,
    "| --- | ---: | ---: |",
    ...OWNERS.map(
      ([owner]) => `| ${owner} | ${columns.map((column) => `${(column[owner] * 100).toFixed(0)} %`).join(" | ")} |`,
    ),
  ];
  const table = lines.join("\n");
  process.stdout.write(`${table}\n`);
  if (process.argv[2] === "--write") {
    const page = readFileSync(PAGE, "utf8");
    const [before, after] = [page.slice(0, page.indexOf(BEGIN) + BEGIN.length), page.slice(page.indexOf(END))];
    writeFileSync(PAGE, `${before}\n\n${table}\n\n${after}`);
  }
}

async function shares(name) {
  const server = await start("./server.mjs");
  const { get } = await variants[name].load(server.first.url);
  const round = async (calls) => {
    let left = calls;
    const caller = async () => {
      for (; left > 0; left -= 1) await get("t-1");
    };
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
  };
  await round(CALLS / 5);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  await round(CALLS);
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  server.stop();
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = Object.fromEntries(OWNERS.map(([owner]) => [owner, 0]));
  let all = 0;
  for (const [index, id] of profile.samples.entries()) {
    const frame = frames.get(id);
    if (frame.functionName === "(idle)") continue;
    const [owner] = OWNERS.find(([, isIts]) => isIts(frame));
    spent[owner] += profile.timeDeltas[index];
    all += profile.timeDeltas[index];
  }
  return Object.fromEntries(Object.entries(spent).map(([owner, time]) => [owner, time / all]));
}
