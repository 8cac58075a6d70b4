import { parseArgs } from "node:util";
import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { openProject } from "../project.js";
import { problemsText, writtenLine } from "../report.js";

export const help = `Usage: keyturn generate [documents...] [options]

Writes a typed client for each OpenAPI document: specs/*.yaml, unless documents are named.
A document with errors leaves its files as they are; the others are written all the same.

Options:
  --out <folder>        where the folder of each API goes (default: generated)
  --runtime <module>    what generated code imports the runtime from (default: keyturn)

Exit codes: 0 all is generated, 1 a document has errors.
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: "string" }, runtime: { type: "string" } },
  });
  const root = process.cwd();
  const project = openProject(root, { documents: positionals, ...values });
  if (project.documents.length === 0) {
    console.error("there are no documents: put one into specs/, or name it: keyturn generate api.yaml");
    return 1;
  }
  const results = await runProject(project, { mode: "write", cache: openCache(root) });
  process.stderr.write(problemsText(results, process.stderr.isTTY));
  for (const result of results) console.log(writtenLine(result, project));
  return results.some(({ status }) => status === "failed") ? 1 : 0;
}
