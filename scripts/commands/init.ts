/** `keyturn init`: from documents to a configuration, asked for on a terminal or told by flags. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { CONFIG_NAMES } from "../config.js";
import { printable, printableJson } from "../diagnostics/printable.js";
import { isSafeName, writeTogether } from "../files.js";
import { type ApiSource, addressFault, apiName, isAddress, OVERLAY } from "../project.js";
import { readText } from "../text.js";
import { defineCommand, type Flags, type FlagValues } from "./command.js";
import { NoAnswer, openQuestions, type Questions } from "./init/ask.js";
import { type ChosenApi, configText } from "./init/config-text.js";
import { lifecyclesOverlay } from "./init/lifecycles.js";
import { type Survey, type SurveyedScheme, survey } from "./init/survey.js";
import { scalar } from "./init/yaml.js";
import { JSON_FLAG } from "./options.js";
import { isColoured, type Paint, painter } from "./paint.js";
import { type ReadApi, readApis } from "./reading.js";
import type { Shell } from "./shell.js";
import { Refusal, UsageError } from "./usage.js";

const FLAGS = {
  yes: { type: "switch", short: "y", help: "ask nothing, and take the defaults" },
  name: { type: "text", short: "n", value: "name", help: "the API's name, and that of its folder (default: the document's)" },
  client: { type: "text", value: "name", help: "the client's name in code (default: from the API's name)" },
  out: { type: "text", short: "o", value: "folder", help: "where the folder of each API goes (default: generated)" },
  runtime: { type: "text", value: "module", help: "what generated code imports the runtime from (default: keyturn)" },
  overlay: { type: "texts", value: "file", help: "an overlay of the document" },
  "include-tag": { type: "texts", value: "tag", help: "only operations with this tag" },
  remote: { type: "texts", value: "host", help: "a host that references may lead to" },
  strict: { type: "switch", help: "take each mending of the document for an error" },
  lifecycles: { type: "switch", help: "write an overlay that begins to say how tokens live, where nothing does" },
  force: { type: "switch", help: "write anew what is there already" },
  ...JSON_FLAG,
} as const satisfies Flags;

type Values = FlagValues<typeof FLAGS>;

export const command = defineCommand({
  name: "init",
  summary: "write the configuration of a project, from its documents",
  operands: "[documents...]",
  description: [
    "Reads OpenAPI documents, says what is in them, and writes keyturn.config.yaml with a word about everything that may be set. On a terminal it asks; flags answer beforehand, and --yes answers all.",
    "Where a document has tokens and nothing says how they live, --lifecycles (or a yes) writes an overlay to say it in, beside the document and without touching it.",
  ],
  flags: FLAGS,
  examples: [
    ["init path/to/openapi.yaml", "asks, and writes keyturn.config.yaml"],
    ["init openapi.json --name petstore --out src/clients --yes", "asks nothing"],
    ["init vendor/*.yaml --lifecycles --yes", "several documents, and overlays for their tokens"],
  ],
  exits: [
    [0, "the configuration is written"],
    [1, "a document has errors, and nothing is written"],
  ],
  async run({ flags, names }, shell) {
    const there = CONFIG_NAMES.find((name) => existsSync(path.join(shell.folder, name)));
    if (there !== undefined && !flags.force) throw new Refusal(...thereFaults(there, names, shell.folder));
    const paint = painter(isColoured(shell, shell.stderr, flags["no-color"]));
    const isAsking = shell.stdin.isTTY === true && shell.stderr.isTTY === true && !flags.yes && !flags.json;
    const questions = isAsking ? openQuestions(shell, paint) : undefined;
    try {
      return await initialise(await chooseDocuments(names, shell, questions), { flags, shell, paint, questions });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      shell.stderr.write("\nnothing was written\n");
      return 130;
    } finally {
      questions?.close();
    }
  },
});

interface Session {
  readonly flags: Values & { readonly "no-color": boolean };
  readonly shell: Shell;
  readonly paint: Paint;
  /** Left out when nobody is asked. */
  readonly questions: Questions | undefined;
}

async function initialise(documents: readonly string[], session: Session): Promise<number> {
  const { flags, shell, questions } = session;
  if (documents.length > 1 && (flags.name ?? flags.client) !== undefined)
    throw new UsageError("--name and --client go with one document; name several in the configuration");
  checkFlags(flags);
  const sources = documents.map((document): ApiSource => asSource(document, session));
  const read = await readApis({ root: shell.folder, apis: sources }, shell, flags["no-color"]);
  if (read === undefined) return 1;

  const surveys = read.map((api) => ({ api, found: survey(api) }));
  const chosen: ChosenApi[] = [];
  const overlays = new Map<string, string>();
  for (const { api, found } of surveys) {
    if (!flags.json) shell.stderr.write(surveyText(api, found, session.paint));
    const { choice, overlay } = await chooseApi(api, found, session);
    if (overlay !== undefined) overlays.set(overlay, lifecyclesOverlay(api, found.schemes.filter(isOpen)));
    chosen.push(choice);
  }
  const names = new Set(chosen.map(({ name }) => name.toLowerCase()));
  if (names.size < chosen.length)
    throw new UsageError("two documents have one name; write the configuration with one, then add the other");
  const out = flags.out ?? (await questions?.text("Folder of the generated clients", "generated", outsideFault)) ?? "generated";
  const fault = outsideFault(out);
  if (fault !== undefined) throw new UsageError(`--out: ${fault}`);

  const { runtime } = flags;
  const files = new Map([
    ["keyturn.config.yaml", configText({ apis: chosen, out, ...(runtime !== undefined && { runtime }) })],
    ...overlays,
  ]);
  const taken = [...overlays.keys()].find((file) => existsSync(path.join(shell.folder, file)));
  if (taken !== undefined && !flags.force) throw new Refusal(`${taken} is there already; --force writes it anew`);
  writeTogether(shell.folder, files);

  const written = [...files.keys()];
  if (flags.json) {
    const apis = surveys.map(({ api, found: { schemes, ...found } }, index) => ({
      name: chosen[index]?.name,
      document: api.source.document,
      ...found,
      warnings: api.warnings,
      schemes: schemes.map(({ name, type, tokens }) => ({ name, type, tokens })),
    }));
    shell.stdout.write(`${printableJson({ written, apis }, 2)}\n`);
  } else {
    const hasSchemes = surveys.some(({ found }) => found.schemes.length > 0);
    shell.stderr.write(nextSteps({ written, out, apis: chosen, hasSchemes }, session));
  }
  return 0;
}

function checkFlags({ name, client, remote }: Values): void {
  const problems = [
    name === undefined ? undefined : nameFault(name),
    client === undefined || /^[A-Za-z][A-Za-z0-9]*$/.test(client)
      ? undefined
      : `"${client}" is not a name in code: a letter, then letters and digits`,
    ...remote
      .filter((host) => !/^[\w.*-]+(?::\d+)?$/.test(host))
      .map((host) => `"${host}" is not a host, such as api.example.com`),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new UsageError(...problems);
}

function asSource(document: string, { flags, shell }: Session): ApiSource {
  const file = path.resolve(shell.folder, document);
  const relative = path.relative(shell.folder, file).replaceAll(path.sep, "/");
  return {
    name: flags.name ?? apiName(relative),
    document: relative,
    overlays: flags.overlay.map((overlay) =>
      path.relative(shell.folder, path.resolve(shell.folder, overlay)).replaceAll(path.sep, "/"),
    ),
    include: { tags: flags["include-tag"], paths: [], operationIds: [] },
    strict: flags.strict,
    remote: flags.remote,
  };
}

async function chooseApi(api: ReadApi, found: Survey, session: Session): Promise<{ choice: ChosenApi; overlay?: string }> {
  const { flags, questions } = session;
  const { source } = api;
  const name = flags.name ?? (await questions?.text("Name of the API", source.name, nameFault)) ?? source.name;
  const asksTags =
    questions !== undefined && flags["include-tag"].length === 0 && found.operations > 30 && found.tags.length > 1;
  const tags = asksTags
    ? readTags(await questions.text("Only operations with these tags", "all", tagFault(found)))
    : source.include.tags;
  const isOpenEnded = found.schemes.some(isOpen);
  const wantsOverlay =
    isOpenEnded &&
    (flags.lifecycles || (await questions?.confirm("Begin an overlay that says how its tokens live?", true)) === true);
  const folder = path.posix.dirname(source.document);
  // Overlays are written here and not beside a document that lies elsewhere.
  const overlay = `${folder.startsWith("..") ? "." : folder}/${name}.overlay.yaml`.replace(/^\.\//, "");
  return {
    choice: {
      name,
      title: found.title,
      document: source.document,
      overlays: [...source.overlays, ...(wantsOverlay ? [overlay] : [])],
      ...(flags.client !== undefined && { client: flags.client }),
      tags,
      strict: source.strict,
      remote: source.remote,
    },
    ...(wantsOverlay && { overlay }),
  };
}

/** The documents that are named, else those that are found where documents usually are. */
async function chooseDocuments(
  names: readonly string[],
  { folder }: Shell,
  questions: Questions | undefined,
): Promise<readonly string[]> {
  const faults = names.flatMap((name) => documentFault(name, folder) ?? []);
  if (faults.length > 0) throw new Refusal(...faults);
  if (names.length > 0) return names;
  const found = findDocuments(folder);
  if (questions === undefined && found.length > 0) return found;
  if (questions === undefined)
    throw new Refusal("there is no OpenAPI document here; name one: keyturn init path/to/openapi.yaml");
  return [await questions.text("OpenAPI document", found[0] ?? "", (answer) => documentFault(answer, folder))];
}

/** Why a document cannot be read; `undefined` when it is a file. */
function documentFault(name: string, folder: string): string | undefined {
  if (name === "") return "name a file";
  if (isAddress(name)) return addressFault(name);
  const file = path.resolve(folder, name);
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind === undefined) return `"${name}" cannot be read: there is no such file`;
  if (!kind.isDirectory()) return undefined;
  const inside = openApiFiles(file).map((found) => path.posix.join(name, found));
  const hint = inside.length === 0 ? "" : `; name a document in it: ${inside.slice(0, 3).join(", ")}`;
  return `"${name}" cannot be read: it is a folder${hint}`;
}

/** A configuration is written once: what may be done instead, with the lines to add for the documents that were named. */
function thereFaults(config: string, names: readonly string[], folder: string): string[] {
  const apis = names
    .filter((name) => documentFault(name, folder) === undefined)
    .map((name) => {
      const document = path.relative(folder, path.resolve(folder, name)).replaceAll(path.sep, "/");
      return `  ${apiName(document)}: { document: ${scalar(document)} }`;
    });
  const add = apis.length === 0 ? [] : ["to add to it instead, write under its apis:", ...apis];
  return [[`${config} is there already; --force writes it anew`, ...add].join("\n")];
}

const USUAL_FOLDERS = [".", "specs", "api", "openapi", "docs"];

function findDocuments(folder: string): string[] {
  return USUAL_FOLDERS.flatMap((name) => {
    const inside = path.join(folder, name);
    return existsSync(inside) ? openApiFiles(inside).map((file) => path.posix.join(name, file)) : [];
  }).sort();
}

function openApiFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/i.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => !OVERLAY.test(name) && isOpenApi(path.join(folder, name)));
}

/** Whether a file says near its beginning that it is one. One that cannot be read may be: it is told of then. */
function isOpenApi(file: string): boolean {
  return /(?:^|[{,])\s*["']?openapi["']?\s*:/m.test(readText(file)?.slice(0, 4096) ?? "openapi:");
}

function isOpen({ tokens }: SurveyedScheme): boolean {
  return tokens === "none";
}

function nameFault(name: string): string | undefined {
  return isSafeName(name) ? undefined : `"${name}" cannot be the name of a folder: letters, digits, "_", "." and "-"`;
}

function outsideFault(folder: string): string | undefined {
  const relative = path.posix.normalize(folder.replaceAll("\\", "/"));
  return path.posix.isAbsolute(relative) || relative.startsWith("..") ? `"${folder}" is not below this folder` : undefined;
}

function readTags(answer: string): string[] {
  return answer === "all" ? [] : answer.split(",").map((tag) => tag.trim());
}

function tagFault({ tags }: Survey): (answer: string) => string | undefined {
  const known = new Set(tags.map(({ name }) => name));
  return (answer) => {
    const unknown = readTags(answer).filter((tag) => !known.has(tag));
    return unknown.length === 0
      ? undefined
      : `there is no tag ${unknown.map((tag) => `"${tag}"`).join(", ")}; separate tags by commas`;
  };
}

const TOKENS: Readonly<Record<SurveyedScheme["tokens"], string>> = {
  lifecycle: "its lifecycle is described",
  static: "presented as it is given",
  none: "nothing says how its tokens live",
};

function surveyText({ source, warnings }: ReadApi, found: Survey, paint: Paint): string {
  const { title, version, openapi, operations, tags, schemes } = found;
  const width = Math.max(0, ...schemes.map(({ name }) => name.length));
  const typeWidth = Math.max(0, ...schemes.map(({ type }) => type.length));
  const shown = tags.slice(0, 8).map(({ name, operations: count }) => `${name} (${count})`);
  const more = tags.length > shown.length ? [`${tags.length - shown.length} more`] : [];
  return [
    `${paint("bold", printable(source.document))}  ${printable(`${title} ${version}`)} ${paint("dim", `· OpenAPI ${printable(openapi)}`)}`,
    `  ${count(operations, "operation")}${shown.length > 0 ? paint("dim", `  ${printable([...shown, ...more].join(", "))}`) : ""}`,
    ...(warnings > 0
      ? [`  ${paint("yellow", count(warnings, "warning"))}${paint("dim", ", which keyturn generate tells")}`]
      : []),
    ...(schemes.length === 0 ? [`  ${paint("dim", "no security scheme: nothing says how callers are known")}`] : []),
    ...schemes.map(({ name, type, tokens }) => {
      const said = paint(tokens === "none" ? "yellow" : "dim", TOKENS[tokens]);
      return `  ${paint("cyan", printable(name.padEnd(width)))}  ${printable(type.padEnd(typeWidth))}  ${said}`;
    }),
    "",
    "",
  ].join("\n");
}

interface Written {
  readonly written: readonly string[];
  readonly out: string;
  readonly apis: readonly ChosenApi[];
  readonly hasSchemes: boolean;
}

function nextSteps({ written, out, apis, hasSchemes }: Written, { shell, paint, questions }: Session): string {
  const hasScript = scriptsIn(shell.folder).some((script) => script.includes("keyturn generate"));
  const [overlay] = apis.flatMap(({ overlays }) => overlays.filter((file) => written.includes(file)));
  const steps: readonly (readonly [line: string, what: string])[] = [
    ...(overlay === undefined ? [] : [[overlay, "look it over: how the tokens live, and what # leaves open"] as const]),
    ["npx keyturn generate", `writes ${out}/${apis.length === 1 ? `${apis[0]?.name}/` : ""}`],
    ...(hasSchemes ? [["npx keyturn explain", "shows how the tokens live"] as const] : []),
    ...(hasScript
      ? []
      : [['"generate": "keyturn generate"', 'the same as npm run generate, in "scripts" of package.json'] as const]),
  ];
  const width = Math.max(...steps.map(([line]) => line.length));
  return [
    ...(questions === undefined ? [] : [""]),
    ...written.map((file) => `${paint("green", "✓")} ${printable(file)}`),
    "",
    "Next:",
    ...steps.map(([line, what]) => `  ${paint("cyan", printable(line.padEnd(width)))}  ${paint("dim", printable(what))}`),
    "",
  ].join("\n");
}

function scriptsIn(folder: string): string[] {
  try {
    const { scripts = {} } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      scripts?: Record<string, string>;
    };
    return Object.values(scripts).map(String);
  } catch {
    return [];
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
