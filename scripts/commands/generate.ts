import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { problemsText, writtenLine } from "../report.js";
import { isColoured, OPTIONS_HELP, projectHere, readOptions } from "./options.js";

export const help = `Usage: keyturn generate [documents...] [options]

Writes a typed client for each document: specs/*.yaml, unless documents are named. A document with errors leaves its files as
they are; the others are written all the same.

${OPTIONS_HELP}

Exit codes: 0 all is written, 1 a document has errors, 2 the command line is wrong or a document cannot be read.
`;

export async function run(args: readonly string[]): Promise<number> {
  const project = await projectHere(readOptions(args));
  const results = await runProject(project, { mode: "write", cache: openCache(project.root) });
  process.stderr.write(problemsText(results, isColoured(process.stderr)));
  for (const result of results) console.log(writtenLine(result, project));
  return results.some(({ status }) => status === "failed") ? 1 : 0;
}
