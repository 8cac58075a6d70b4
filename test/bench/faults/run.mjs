// Puts this engine and its peers through the same faults on the same scripted service, and writes the table of what came of
// it into docs/guarantees.md, between the markers. It takes two minutes: some libraries renew only a minute ahead of the end.
//
//   npm run bench:faults                    measures, writes the table, and prints it
//   npm run bench:faults -- --print         measures and prints, and writes nothing

import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const PAGE = here("../../../docs/guarantees.md");
const [BEGIN, END] = ["<!-- bench:faults begins -->", "<!-- bench:faults ends -->"];

const run = promisify(execFile);
// The peers are locked apart from everything else, so that nobody else has to install them.
await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", here(".")]);

const { peers } = await import("./peers.mjs");
const { scenarios } = await import("./scenarios.mjs");
const columns = await Promise.all(
  Object.entries(peers).map(async ([name, load], index) => {
    await new Promise((resolve) => setTimeout(resolve, index * 300)); // they take turns
    const { stdout } = await run(process.execPath, [here("measure.mjs"), name], { timeout: 300_000 });
    return { peer: await load(), cells: JSON.parse(stdout) };
  }),
);

const rows = [...scenarios, { id: "unhandled", title: "Unhandled rejections in all of this" }];
const table = [
  line(["", ...columns.map(({ peer }) => heading(peer))]),
  line(["---", ...columns.map(() => "---")]),
  ...rows.map(({ id, title }) => line([`**${title}**`, ...columns.map(({ cells }) => cells[id])])),
  "",
  "What was done, in each row:",
  "",
  ...scenarios.map(({ title, given, short = title }) => `- *${short}*: ${given}.`),
  "",
  "How each library was used:",
  "",
  ...columns.map(({ peer }) => `- ${peer.name}: ${peer.how}. ${peer.store ? `Store: ${peer.store}.` : "It has no store."}`),
  "",
  `Measured by \`npm run bench:faults\` on Node ${process.versions.node}: every cell on a service of its own on loopback, whose`,
  "refresh tokens turn on every use and whose grant ends when a spent one is shown; numbers are what that service counted.",
].join("\n");

process.stdout.write(`${table}\n`);
if (!process.argv.includes("--print")) {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  if (from < BEGIN.length || to < 0) throw new Error(`docs/guarantees.md has no ${BEGIN} and ${END}`);
  writeFileSync(PAGE, `${page.slice(0, from)}\n\n${table}\n\n${page.slice(to)}`);
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}

function heading({ name, packages }) {
  const [version] = packages.map((one) => JSON.parse(readFileSync(here(`node_modules/${one}/package.json`), "utf8")).version);
  return version === undefined ? name : `${name} ${version}`;
}
