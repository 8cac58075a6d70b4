/** What each template is given: every field that it names, in the order in which it is printed. No decisions are left. */

import type { ApiModel, ChallengeModel, OperationModel } from "../model/model.js";
import { clientDoc, docOf, inputDoc, operationDoc, startExample } from "./docs.js";
import { SourceText } from "./helpers.js";
import { VIEW_VERSION } from "./shapes.js";

/** What generated files say about where they come from. */
export interface Origin {
  /** The document's path. */
  readonly source: string;
  /** The command that makes them again. */
  readonly command: string;
}

export interface ViewOptions {
  /** What to import the runtime from. */
  readonly runtime: string;
  readonly command: string;
  /** Whether the module `schema.ts` declares a type there. */
  readonly hasType: (path: readonly string[]) => boolean;
}

export function schemaView(model: ApiModel, command: string, body: string) {
  return { origin: originOf(model, command), body: new SourceText(body) };
}

export function operationsView(model: ApiModel, { runtime, command }: ViewOptions) {
  return {
    origin: originOf(model, command),
    runtime,
    servers: model.servers.map(({ data, description }) => ({ doc: docOf(description), data })),
    describesServers: model.servers.length > 1 || model.servers.some(({ description }) => description !== undefined),
    plainServers: model.definition.servers,
    operations: model.operations.map((operation) => ({
      doc: operationDoc(operation, model.names.camel),
      name: operation.name,
      data: operation.data,
    })),
  };
}

export function lifecycleView(model: ApiModel, { runtime, command, hasType }: ViewOptions) {
  const challenges = model.challenges.map((challenge) => challengeView(challenge, hasType));
  return {
    origin: originOf(model, command),
    runtime,
    runtimeTypes: [...(model.inputs.length > 0 ? ["Input"] : []), "InputDeclarations", "SecuritySchemes"],
    namesSchema: challenges.some(({ body }) => body.length > 0),
    inputs: model.inputs.map((input) => ({
      doc: inputDoc(input),
      name: input.name,
      type: input.type,
      declaration: input.declaration,
    })),
    securitySchemes: model.securitySchemes.map(({ name, data, description }) => ({ doc: docOf(description), name, data })),
    challenges,
    isOneChallenge: challenges.length === 1,
  };
}

export function clientView(model: ApiModel, { runtime, command }: ViewOptions) {
  const { camel, pascal } = model.names;
  return {
    origin: originOf(model, command),
    runtime,
    name: model.name,
    title: model.title,
    features: model.features,
    doc: clientDoc(model),
    names: {
      create: `create${pascal}`,
      client: `${pascal}Client`,
      options: `${pascal}Options`,
      types: `${pascal}Types`,
      variable: camel,
    },
  };
}

export function readmeView(model: ApiModel, { command }: ViewOptions) {
  const schemes = model.securitySchemes.map(({ name, description, sentences, life }) => ({
    name,
    description: blocksOf(description),
    sentences,
    states: life?.states ?? [],
    transitions: (life?.transitions ?? []).map(({ from = "", to, label = "" }) => ({ from, to, label })),
  }));
  return {
    origin: originOf(model, command),
    title: model.title,
    description: blocksOf([model.summary, model.description].filter(Boolean).join("\n\n")),
    documentation: model.documentation?.url ?? "",
    create: `create${model.names.pascal}`,
    start: new SourceText(startExample(model)),
    servers: model.servers.map(({ data, description }) => ({
      name: data.name ?? "",
      url: data.url,
      description: description ?? "",
    })),
    inputs: model.inputs.map(({ name, declaration, description, requiredBy }) => ({
      name,
      isSecret: declaration.secret === true,
      requiredBy,
      description: description ?? "",
    })),
    operations: model.operations.map(operationRow),
    slots: schemes.filter(({ states }) => states.length > 0),
    presented: schemes.filter(({ states }) => states.length === 0),
  };
}

/** Everything, for a file that a project adds by a template of its own. */
export function documentView(model: ApiModel, view: ViewOptions) {
  return {
    viewVersion: VIEW_VERSION,
    origin: originOf(model, view.command),
    runtime: view.runtime,
    client: clientView(model, view),
    operations: operationsView(model, view),
    lifecycle: lifecycleView(model, view),
    readme: readmeView(model, view),
  };
}

function operationRow({ name, data, summary, description, documentation, deprecated }: OperationModel) {
  return {
    name,
    place: `${data.method.toUpperCase()} ${data.path}`,
    summary: summary ?? description?.split("\n")[0] ?? "",
    documentation: documentation?.url ?? "",
    isDeprecated: deprecated,
    schemes: schemeNames(data.security),
  };
}

/** The alternatives of an operation's security, each a list of scheme names; without any, nothing is presented. */
function schemeNames(security: OperationModel["data"]["security"]): string[][] {
  return security.map((requirement) => Object.keys(requirement));
}

function challengeView({ scheme, operation, status, body }: ChallengeModel, hasType: ViewOptions["hasType"]) {
  const path = body && ["operations", operation, "responses", body.response, "content", body.mediaType];
  const isDeclared = path !== undefined && hasType(path);
  return { scheme, operation, status, body: isDeclared ? path.slice(1).map(indexOf) : [] };
}

/** openapi-typescript writes a status as a number. */
function indexOf(key: string): string | number {
  return /^[1-5]\d\d$/.test(key) ? Number(key) : key;
}

function originOf({ source }: ApiModel, command: string): Origin {
  return { source, command };
}

interface Block {
  text: string;
  readonly isItem: boolean;
  /** Whether an empty line goes before it. */
  readonly isApart: boolean;
}

/** A description as paragraphs and items of lists, each on one line. */
function blocksOf(description: string | undefined): readonly Block[] {
  const blocks: Block[] = [];
  let isAfterGap = true;
  for (const line of (description ?? "").split("\n")) {
    const [, item] = /^\s*[-*+]\s+(.*)$/.exec(line) ?? [];
    const last = blocks.at(-1);
    const text = (item ?? line).trim();
    if (item !== undefined) blocks.push({ text, isItem: true, isApart: isAfterGap || last?.isItem !== true });
    else if (last !== undefined && !isAfterGap) last.text = `${last.text} ${text}`.trim();
    else if (text !== "") blocks.push({ text, isItem: false, isApart: true });
    isAfterGap = text === "";
  }
  return blocks;
}
