import { parseArgs } from "node:util";
import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { openProject } from "../project.js";
import { checkedLine, problemsText } from "../report.js";

export const help = `Usage: keyturn check [documents...] [options]

Fails when generated files are not what the documents lead to, or when a document has errors. Writes nothing.

Options:
  --out <folder>        where the folder of each API is (default: generated)
  --runtime <module>    what generated code imports the runtime from (default: keyturn)

Exit codes: 0 all is up to date, 1 something is stale or has errors.
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: "string" }, runtime: { type: "string" } },
  });
  const root = process.cwd();
  const project = openProject(root, { documents: positionals, ...values });
  const results = await runProject(project, { mode: "compare", cache: openCache(root) });
  process.stderr.write(problemsText(results, process.stderr.isTTY));
  for (const result of results) console.log(checkedLine(result, project));
  if (results.every(({ status }) => status === "unchanged")) return 0;
  if (results.some(({ status }) => status === "changed")) console.error(`bring them up to date with: ${project.command}`);
  return 1;
}
