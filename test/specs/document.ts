/** The three hand-written documents as the tests read them: parsed, with every reference replaced by what it stands for. */

import { readFileSync } from "node:fs";
import { parse } from "yaml";

export const NAMES = ["synapse", "finapi", "onmeta"] as const;
export type Name = (typeof NAMES)[number];

export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxProperties?: number;
  readonly deprecated?: boolean;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
}

export interface Header {
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface Parameter extends Header {
  readonly name: string;
  readonly in: string;
  readonly style?: string;
  readonly explode?: boolean;
  readonly "x-fill"?: unknown;
}

export interface Media {
  readonly schema: Schema;
  readonly examples: Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;
}

export interface Body {
  readonly description?: string;
  readonly required?: boolean;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface Response extends Body {
  readonly headers?: Readonly<Record<string, Header>>;
}

export interface Operation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Response>>;
}

/** The parts of a lifecycle that the documents use, in the forms in which they use them. */
export interface Lifecycle {
  readonly inputs?: Schema;
  readonly key?: readonly string[];
  readonly apply?: string;
  readonly initial?: Readonly<Record<string, string>>;
  readonly clientAuthentication?: string;
  readonly obtain?: TokenOperation;
  readonly refresh?: TokenOperation;
  readonly recover?: TokenOperation;
  readonly revoke?: TokenOperation & { readonly ends: readonly string[] };
  readonly expires?: Readonly<Record<string, unknown>>;
  readonly refreshToken?: Readonly<Record<string, unknown>>;
  readonly rejected?: Readonly<Record<string, string>>;
}

export interface TokenOperation {
  readonly operationId: string;
  readonly grantType?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly requestBody?: { readonly payload: Readonly<Record<string, unknown>> };
  readonly successCriteria?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly onFailure?: Readonly<Record<string, string>>;
}

export interface SecurityScheme {
  readonly type: string;
  readonly description?: string;
  readonly in?: string;
  readonly name?: string;
  readonly scheme?: string;
  readonly flows?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly "x-token-lifecycle"?: Lifecycle;
}

export interface Document {
  readonly openapi: string;
  readonly info: Readonly<Record<"title" | "version" | "summary" | "description", string>> & {
    readonly license: Readonly<Record<string, string>>;
    readonly contact: Readonly<Record<string, string>>;
  };
  readonly servers: readonly { readonly url: string; readonly description?: string; readonly "x-server-name": string }[];
  readonly security?: Operation["security"];
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
    readonly parameters?: Readonly<Record<string, Parameter>>;
    readonly headers?: Readonly<Record<string, Header>>;
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly examples: Readonly<Record<string, { readonly summary?: string; readonly value: unknown }>>;
  };
}

/** One operation, with where it stands and the questions that the tests ask of it. */
export interface OperationView extends Operation {
  readonly method: string;
  readonly path: string;
  readonly security: NonNullable<Operation["security"]>;
  readonly parameters: readonly Parameter[];
  parameter(name: string): Parameter;
  /** The headers without which no call is complete, whether a parameter or a security scheme asks for them. */
  readonly requiredHeaders: readonly string[];
  /** The request's only media type, and what it holds. */
  readonly request: MediaView;
  /** The only media type of the response with this status, and what it holds. */
  reply(status: number): MediaView;
}

export interface MediaView extends Media {
  readonly mediaType: string;
  /** The values of the examples, in the document's order. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

export interface Api {
  /** The document as it is written. */
  readonly source: unknown;
  /** The document with every reference replaced. */
  readonly document: Document;
  readonly operations: readonly OperationView[];
  operation(operationId: string): OperationView;
  lifecycle(scheme: string): Lifecycle;
}

/** Reads a document from the folder of specs. */
export function readApi(name: Name): Api {
  const source: unknown = parse(readFileSync(new URL(`../../specs/${name}.yaml`, import.meta.url), "utf8"));
  const document = replaceReferences(source, source) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => viewOperation(document, { method, path, operation })),
  );
  return {
    source,
    document,
    operations,
    operation: (operationId) => found(operations, (one) => one.operationId === operationId, operationId),
    lifecycle: (scheme) => document.components.securitySchemes[scheme]?.["x-token-lifecycle"] ?? {},
  };
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function viewOperation(document: Document, { method, path, operation }: Place): OperationView {
  const security = operation.security ?? document.security ?? [];
  const parameters = operation.parameters ?? [];
  return {
    ...operation,
    method,
    path,
    security,
    parameters,
    parameter: (name) => found(parameters, (one) => one.name === name, `${operation.operationId}: ${name}`),
    requiredHeaders: [
      ...parameters.filter((one) => one.in === "header" && one.required === true).map(({ name }) => name),
      ...Object.keys(security[0] ?? {}).map((scheme) => document.components.securitySchemes[scheme]?.name ?? "Authorization"),
    ],
    get request() {
      return viewMedia(operation.requestBody, `the request of ${operation.operationId}`);
    },
    reply: (status) => viewMedia(operation.responses[status], `${operation.operationId} ${status}`),
  };
}

function viewMedia(body: Body | undefined, what: string): MediaView {
  const [entry, ...others] = Object.entries(body?.content ?? {});
  if (entry === undefined || others.length > 0) throw new Error(`${what} does not have exactly one media type`);
  const [mediaType, media] = entry;
  const values = Object.values(media.examples).map(({ value }) => value as MediaView["values"][number]);
  return { ...media, mediaType, values };
}

function found<T>(items: readonly T[], matches: (item: T) => boolean, what: string): T {
  const item = items.find(matches);
  if (item === undefined) throw new Error(`the document has no ${what}`);
  return item;
}

/** What stands beside a reference wins over what it refers to. */
function replaceReferences(value: unknown, document: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => replaceReferences(item, document));
  if (typeof value !== "object" || value === null) return value;
  const { $ref, ...members } = value as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, replaceReferences(member, document)]));
  if (typeof $ref !== "string") return own;
  return { ...(replaceReferences(lookUp(document, $ref), document) as object), ...own };
}

/** What a local reference refers to. */
export function lookUp(document: unknown, reference: string): unknown {
  if (!reference.startsWith("#/")) throw new Error(`${reference} is not local`);
  return reference
    .slice(2)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((current, token) => {
      const next = (current as Readonly<Record<string, unknown>>)[token];
      if (next === undefined) throw new Error(`${reference} refers to nothing`);
      return next;
    }, document);
}
