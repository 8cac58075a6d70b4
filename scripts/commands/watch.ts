import path from "node:path";
import { openCache } from "../cache.js";
import { runProject } from "../generation.js";
import { problemsText, watchedLine } from "../report.js";
import { watchFolders } from "../watcher.js";
import { isColoured, OPTIONS_HELP, projectHere, readOptions } from "./options.js";

export const help = `Usage: keyturn watch [documents...] [options]

Generates, and again whenever a document or a template changes. A document with errors is reported, and its last good files
stay. Ends with Ctrl+C.

${OPTIONS_HELP}
`;

export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const { root, documents, templates, out } = await projectHere(options);
  const cache = openCache(root);
  const generate = async (): Promise<void> => {
    const start = performance.now();
    const project = await projectHere(options);
    const results = await runProject(project, { mode: "write", cache });
    process.stderr.write(problemsText(results, isColoured(process.stderr)));
    console.log(watchedLine(results, project, performance.now() - start));
  };
  const watching = watchFolders({
    folders: [...new Set([...documents.map((document) => path.dirname(path.join(root, document))), templates])],
    ignored: path.join(root, out),
    run: generate,
    onError: (error) => console.error(error instanceof Error ? error.message : error),
  });
  await new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await watching.close();
  return 0;
}
