import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { checkedLine, problemsText } from "../report.js";
import { isColoured, OPTIONS_HELP, projectHere, readOptions } from "./options.js";

export const help = `Usage: keyturn check [documents...] [options]

Fails when generated files are not what the documents lead to, or when a document has errors. Writes nothing.

${OPTIONS_HELP}

Exit codes: 0 all is up to date, 1 something is not, 2 the command line is wrong or a document cannot be read.
`;

export async function run(args: readonly string[]): Promise<number> {
  const project = await projectHere(readOptions(args));
  const results = await runProject(project, { mode: "compare", cache: openCache(project.root) });
  process.stderr.write(problemsText(results, isColoured(process.stderr)));
  for (const result of results) console.log(checkedLine(result, project));
  if (results.some(({ status }) => status === "changed")) console.error(`bring them up to date with: ${project.command}`);
  return results.every(({ status }) => status === "unchanged") ? 0 : 1;
}
