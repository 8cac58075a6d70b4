/** What is generated from, and where to: the APIs, templates and output folder of the project that a command runs in. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import {
  type ApiConfig,
  CONFIG_NAMES,
  type Config,
  findConfig,
  type Inclusion,
  type LintConfig,
  readConfig,
} from "./config.js";
import { linkIn, safeName } from "./files.js";
import { nearest } from "./nearest.js";
import { packageFile } from "./root.js";
import { join } from "./spec/pointer.js";

export interface Project {
  /** The folder that all paths are relative to: that of the configuration, else the one that the command runs in. */
  readonly root: string;
  /** The configuration's file, relative to the root; left out when there is none. */
  readonly config?: string;
  /** What is generated, in the order in which it was named; without a configuration in that of the names. */
  readonly apis: readonly ApiSource[];
  /** The documents of the APIs, in the same order. */
  readonly documents: readonly string[];
  /** Whether these are all there are, so that an output folder without a document is stale. */
  readonly isWhole: boolean;
  /** The folder that holds one folder for each API, relative and with `/`. */
  readonly out: string;
  /** The folder of keyturn's own templates. */
  readonly templates: string;
  /** A folder of the project whose templates take their place, relative and with `/`. */
  readonly customTemplates?: string;
  /** What generated code imports the runtime from. */
  readonly runtime: string;
  /** What makes the generated files again. */
  readonly command: string;
  readonly lint: LintSettings;
}

/** One API: where it comes from, and how its client is made. Paths are relative to the project's root, with `/`. */
export interface ApiSource {
  /** Names the folder that is generated. */
  readonly name: string;
  readonly document: string;
  /** Applied to the document in this order. */
  readonly overlays: readonly string[];
  /** The name of the client in code; left out: made from the API's name. */
  readonly client?: string;
  readonly include: Inclusion;
  /** Whether each mending of the document is an error. */
  readonly strict: boolean;
  /** The hosts that references may lead to. */
  readonly remote: readonly string[];
}

export interface LintSettings {
  readonly profile: NonNullable<LintConfig["profile"]>;
  readonly rules: NonNullable<LintConfig["rules"]>;
  readonly ignore: NonNullable<LintConfig["ignore"]>;
  readonly own: NonNullable<LintConfig["own"]>;
}

/** What a command line says; it goes before what the configuration says. Paths are relative to the folder of the command. */
export interface ProjectOptions {
  /** Names of APIs, or documents; without any, everything. */
  readonly documents?: readonly string[];
  readonly config?: string;
  readonly out?: string;
  readonly runtime?: string;
  readonly strict?: boolean;
  /** Lists that are given take the place of all those of the configuration. */
  readonly include?: Partial<Inclusion>;
}

/** What a project cannot be opened for, in a sentence for the caller. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}

const SPECS = "specs";
const DOCUMENT = /\.(?:ya?ml|json)$/i;
/** By convention the name of an overlay that lies beside its document. */
export const OVERLAY = /\.overlay\.(?:ya?ml|json)$/i;

/**
 * The project that a folder belongs to. A configuration says what is generated; without one it is `specs/*.yaml` (`.yml`,
 * `.json`), each with the overlays beside it: `petstore.overlay.yaml` belongs to `petstore.yaml`.
 *
 * @throws {ConfigError} when the configuration says something wrong.
 * @throws {ProjectError} when it is not there, or nothing is known by a name.
 */
export async function openProject(folder: string, options: ProjectOptions = {}): Promise<Project> {
  const file = options.config === undefined ? findConfig(folder) : path.resolve(folder, options.config);
  if (file !== undefined && options.config !== undefined && !isFile(file))
    throw new ProjectError(`"${options.config}" cannot be read: ${configFault(options.config, file)}`);
  const root = file === undefined ? folder : path.dirname(file);
  const config: Partial<Config> = file === undefined ? {} : await readConfig(file);
  const known = config.apis === undefined ? specSources(root) : Object.entries(config.apis).map(configured);

  const { documents = [] } = options;
  const chosen = documents.length === 0 ? known : documents.map((named) => choose(named, known, folder, root));
  const apis = [...new Map(chosen.map((api) => [api.name + api.document, withOptions(api, options)])).values()];
  const out = relativePath(root, options.out === undefined ? (config.out ?? "generated") : path.resolve(folder, options.out));
  const isOwn = nameOf(root) === "keyturn";
  return {
    root,
    ...(file !== undefined && { config: path.basename(file) }),
    apis,
    documents: apis.map(({ document }) => document),
    isWhole: documents.length === 0,
    out,
    templates: packageFile("templates"),
    ...(config.templates !== undefined && { customTemplates: relativePath(root, config.templates) }),
    runtime: options.runtime ?? config.runtime ?? (isOwn ? path.posix.relative(`${out}/api`, "src/index.js") : "keyturn"),
    command: isOwn ? "npm run generate" : "npx keyturn generate",
    lint: { profile: "recommended", rules: {}, ignore: [], own: [], ...config.lint },
  };
}

/** Why a configuration that is named is none. */
function configFault(named: string, file: string): string {
  if (!existsSync(file)) return "there is no such file";
  const inside = CONFIG_NAMES.find((name) => isFile(path.join(file, name)));
  return `it is a folder${inside === undefined ? "" : `; did you mean ${path.posix.join(named, inside)}?`}`;
}

/** Why nothing can be generated from a project. */
export interface ProjectFault {
  /** In a sentence for the caller. */
  readonly message: string;
  /** Where a configuration says what is wrong. */
  readonly pointer?: string;
}

/** Everything that forbids generating; nothing when all is well. */
export function projectFaults({ root, apis, customTemplates, out, config }: Project): readonly ProjectFault[] {
  if (apis.length === 0)
    return [
      { message: "there is no document in specs/: put one there, name one, or begin with keyturn init path/to/openapi.yaml" },
    ];
  const faults: ProjectFault[] = [];
  const link = linkIn(root, out);
  if (link !== undefined)
    faults.push({ message: `the output folder "${out}" cannot be written to: "${link}" is a link, which is not followed` });
  const byName = new Map<string, string>();
  for (const { name, document, overlays } of apis) {
    const at = join("/apis", name);
    const files = [
      { file: document, pointer: join(at, "document") },
      ...overlays.map((file, index) => ({ file, pointer: join(at, "overlays", String(index)) })),
    ];
    for (const { file, pointer } of files) {
      const fault = unreadable(root, file);
      if (fault !== undefined) faults.push({ message: fault, pointer });
    }
    // Some file systems do not tell upper case from lower case.
    const other = byName.get(name.toLowerCase());
    if (other !== undefined)
      faults.push({ message: `${other} and ${document} would share the folder ${name}; rename one of them` });
    byName.set(name.toLowerCase(), document);
  }
  if (customTemplates !== undefined && !isFolder(path.join(root, customTemplates)))
    faults.push({
      message: `the folder of templates "${customTemplates}" cannot be read: there is no such folder`,
      pointer: "/templates",
    });
  // Only a configuration has places; an API that it does not speak of was named by its file.
  return config === undefined ? faults.map(({ message }) => ({ message })) : faults;
}

/** Why a document or an overlay cannot be read, as far as its kind tells. */
function unreadable(root: string, file: string): string | undefined {
  const kind = statSync(path.join(root, file), { throwIfNoEntry: false });
  if (kind === undefined) return `"${file}" cannot be read: there is no such file`;
  return kind.isDirectory() ? folderFault(file, file, root) : undefined;
}

/** Whether what is named is an address on the web, where a file was meant. */
export function isAddress(named: string): boolean {
  return /^https?:/i.test(named);
}

export function addressFault(named: string): string {
  return `"${named}" is an address; download it first: curl -o openapi.yaml ${named}`;
}

/** A folder where a document was meant, and the first file in it that may be one. */
function folderFault(named: string, folder: string, root: string): string {
  const first = filesIn(path.join(root, folder)).find((file) => DOCUMENT.test(file) && !OVERLAY.test(file));
  const hint = first === undefined ? "" : `; name a document in it, such as ${path.posix.join(named, first)}`;
  return `"${named}" cannot be read: it is a folder${hint}`;
}

/** The name of an API, and of its folder: that of its document without the ending, in characters that folders may have. */
export function apiName(document: string): string {
  return safeName(withoutEnding(document));
}

function withoutEnding(document: string): string {
  return path.posix.basename(document).replace(/\.[^.]+$/, "");
}

function configured([name, { document, overlays = [], client, include = {}, strict = false, remote = [] }]: [
  string,
  ApiConfig,
]): ApiSource {
  return {
    name,
    document: asPath(document),
    overlays: overlays.map(asPath),
    ...(client !== undefined && { client }),
    include: { ...EVERYTHING, ...include },
    strict,
    remote,
  };
}

const EVERYTHING: Inclusion = { tags: [], paths: [], operationIds: [] };

function specSources(root: string): ApiSource[] {
  return filesIn(path.join(root, SPECS))
    .filter((file) => DOCUMENT.test(file) && !OVERLAY.test(file))
    .map((file) => sourceOf(root, `${SPECS}/${file}`));
}

/** A document that no configuration speaks of, with the overlays beside it. */
function sourceOf(root: string, document: string): ApiSource {
  const folder = path.posix.dirname(document);
  const stem = withoutEnding(document);
  const overlays = filesIn(path.join(root, folder)).filter((file) => OVERLAY.test(file) && file.replace(OVERLAY, "") === stem);
  return configured([apiName(document), { document, overlays: overlays.map((file) => path.posix.join(folder, file)) }]);
}

/** What a command line means by a name: an API, or a document, be it one of an API or not. */
function choose(named: string, known: readonly ApiSource[], folder: string, root: string): ApiSource {
  const document = relativePath(root, path.resolve(folder, named));
  const found = known.find(({ name }) => name === named) ?? known.find((api) => api.document === document);
  if (found !== undefined) return found;
  const kind = statSync(path.join(root, document), { throwIfNoEntry: false });
  if (kind?.isFile()) return sourceOf(root, document);
  if (kind?.isDirectory()) throw new ProjectError(folderFault(named, document, root));
  if (kind !== undefined) throw new ProjectError(`"${named}" cannot be read: it is not a file`);
  if (isAddress(named)) throw new ProjectError(addressFault(named));
  const names = known.map((api) => (DOCUMENT.test(named) ? api.document : api.name));
  const near = nearest(named, names);
  const all = names.length > 0 && names.length <= 12 ? `; there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}` : "";
  const hint = near === undefined ? all : `; did you mean ${near}?`;
  if (DOCUMENT.test(named) || /[\\/]/.test(named))
    throw new ProjectError(`"${named}" cannot be read: there is no such file${hint}`);
  throw new ProjectError(`there is no API and no file "${named}"${hint}`);
}

function withOptions(api: ApiSource, { strict, include = {} }: ProjectOptions): ApiSource {
  const isChosen = Object.values(include).some((names) => names.length > 0);
  return { ...api, strict: strict ?? api.strict, ...(isChosen && { include: { ...EVERYTHING, ...include } }) };
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function relativePath(root: string, file: string): string {
  return asPath(path.relative(root, path.resolve(root, file)));
}

/** With forward slashes, and without steps that lead nowhere. */
function asPath(file: string): string {
  return path.posix.normalize(file.replaceAll("\\", "/")).replace(/(?<=.)\/$/, "");
}

function nameOf(root: string): unknown {
  const file = path.join(root, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name : undefined;
}
