import path from "node:path";
import { parseArgs } from "node:util";
import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { openProject, SPECS } from "../project.js";
import { problemsText, writtenLine } from "../report.js";
import { watchFolders } from "../watcher.js";

export const help = `Usage: keyturn watch [options]

Generates from specs/*.yaml, and again whenever a document or a template changes. A document with errors is reported, and its
last good files stay. Ends with Ctrl+C.

Options:
  --out <folder>        where the folder of each API goes (default: generated)
  --runtime <module>    what generated code imports the runtime from (default: keyturn)
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { out: { type: "string" }, runtime: { type: "string" } } });
  const root = process.cwd();
  const cache = openCache(root);
  const { templates, out } = openProject(root, values);

  const generateOnce = async (): Promise<void> => {
    const project = openProject(root, values);
    const results = await runProject(project, { mode: "write", cache });
    process.stderr.write(problemsText(results, process.stderr.isTTY));
    const lines = results.filter(({ status }) => status !== "unchanged").map((result) => writtenLine(result, project));
    console.log(lines.length > 0 ? lines.join("; ") : `${project.documents.length} documents, nothing changed`);
  };

  const watching = watchFolders({
    folders: [path.join(root, SPECS), templates],
    ignored: path.join(root, out),
    run: generateOnce,
    onError: (error) => console.error(error instanceof Error ? error.message : error),
  });
  await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await watching.close();
  return 0;
}
