/** What is generated from, and where to: the documents, templates and output folder of the project that a command runs in. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isSafeName } from "./files.js";
import { packageFile } from "./root.js";

export interface Project {
  /** The folder that all paths are relative to. */
  readonly root: string;
  /** The documents, relative and with `/`, in the order of their names. */
  readonly documents: readonly string[];
  /** Whether these are all there are, so that an output folder without a document is stale. */
  readonly isWhole: boolean;
  /** The folder that holds one folder for each API, relative and with `/`. */
  readonly out: string;
  readonly templates: string;
  /** What generated code imports the runtime from. */
  readonly runtime: string;
  /** What makes the generated files again. */
  readonly command: string;
}

export interface ProjectOptions {
  readonly documents?: readonly string[];
  readonly out?: string;
  readonly runtime?: string;
}

const SPECS = "specs";

/** Documents are `specs/*.yaml` unless others are named; output goes to `generated/`. */
export function openProject(root: string, options: ProjectOptions = {}): Project {
  const { documents = [] } = options;
  const out = relativePath(root, options.out ?? "generated");
  const isOwn = nameOf(root) === "keyturn";
  const found = documents.length > 0 ? documents.map((document) => relativePath(root, document)) : specDocuments(root);
  return {
    root,
    documents: [...new Set(found)],
    isWhole: documents.length === 0,
    out,
    templates: packageFile("templates"),
    runtime: options.runtime ?? (isOwn ? path.posix.relative(`${out}/api`, "src/index.js") : "keyturn"),
    command: isOwn ? "npm run generate" : "npx keyturn generate",
  };
}

/** Why nothing can be generated from the project, in a sentence for the caller; `undefined` when all is well. */
export function projectFault({ root, documents }: Project): string | undefined {
  if (documents.length === 0) return "there is no document in specs/: put one there, or name one";
  const byName = new Map<string, string>();
  for (const document of documents) {
    if (!existsSync(path.join(root, document))) return `"${document}" cannot be read: there is no such file`;
    const api = apiName(document);
    if (!isSafeName(api)) return `${document}: "${api}" cannot be the name of a folder; rename the file`;
    // Some file systems do not tell upper case from lower case.
    const other = byName.get(api.toLowerCase());
    if (other !== undefined) return `${other} and ${document} would share the folder ${api}; rename one of them`;
    byName.set(api.toLowerCase(), document);
  }
  return undefined;
}

/** The name of an API, and of its folder: that of its document without the ending. */
export function apiName(document: string): string {
  return path.posix.basename(document).replace(/\.[^.]+$/, "");
}

function specDocuments(root: string): string[] {
  const folder = path.join(root, SPECS);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.(?:ya?ml|json)$/i.test(file))
    .sort()
    .map((file) => `${SPECS}/${file}`);
}

function relativePath(root: string, file: string): string {
  return path.relative(root, path.resolve(root, file)).replaceAll(path.sep, "/") || ".";
}

function nameOf(root: string): unknown {
  const file = path.join(root, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name : undefined;
}
