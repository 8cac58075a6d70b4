/** The parts of an OpenAPI document that a server answers from, references followed. */

import type { Operation, SecurityRequirement } from "../lifecycle/contract.js";
import { dereference, parametersOf } from "../lifecycle/definition.js";
import { at } from "../lifecycle/expression.js";
import { type NamedOperation, nameOperations } from "../lifecycle/operations.js";
import { array, isObject, type Json, object, text } from "./json.js";

/** One operation, with everything that a request to it is judged by. */
export interface DocumentedOperation {
  /** The document's own, or method and path where it has none. */
  readonly operationId: string;
  readonly method: Operation["method"];
  readonly path: string;
  readonly security: readonly SecurityRequirement[];
  readonly parameters: readonly DocumentedParameter[];
  readonly requestBody?: DocumentedBody;
  readonly responses: readonly DocumentedResponse[];
}

export interface DocumentedParameter {
  readonly in: "path" | "query" | "header" | "cookie";
  readonly name: string;
  readonly required: boolean;
  /** A JSON Schema, `true` where the document has none. */
  readonly schema: unknown;
  /** Whether an array comes as several parameters of the name, not as one with separators. */
  readonly explode: boolean;
  readonly separator: "," | " " | "|";
  /** Whether the value is JSON text (the parameter has `content`). */
  readonly isJson: boolean;
  /** Whether values of this shape can be read: arrays and scalars can, objects spread over a query cannot. */
  readonly isReadable: boolean;
}

export interface DocumentedBody {
  readonly required: boolean;
  readonly content: readonly DocumentedContent[];
}

export interface DocumentedResponse {
  /** A status, a range such as `4XX`, or `default`. */
  readonly status: string;
  readonly headers: readonly DocumentedHeader[];
  readonly content: readonly DocumentedContent[];
}

export interface DocumentedHeader {
  readonly name: string;
  readonly schema: unknown;
  /** The header's own example, which wins over its schema's. */
  readonly example?: unknown;
}

export interface DocumentedContent {
  /** A media type or a range of them, in lower case. */
  readonly mediaType: string;
  /** A JSON Schema, `true` where the document has none. */
  readonly schema: unknown;
  readonly examples: readonly unknown[];
}

/** Every operation of a parsed document, in its order. */
export function readOperations(document: unknown): DocumentedOperation[] {
  return nameOperations(document, (value) => dereference(document, value)).map((operation) =>
    readOperation(document, operation),
  );
}

/** The path of the first server, without its host and without a slash at the end: the base of every path. */
export function readBasePath(document: unknown): string {
  const server = object(array(at(document, "/servers"))[0]);
  const variables = object(server["variables"]);
  const url = (text(server["url"]) ?? "/").replaceAll(/\{([^}]*)\}/g, (_, variable: string) =>
    String(at(object(variables[variable]), "/default") ?? ""),
  );
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "")
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "");
}

function readOperation(document: unknown, { name, path, method, pathItem, operation }: NamedOperation): DocumentedOperation {
  const body = dereference(document, operation["requestBody"]);
  return {
    operationId: name,
    method,
    path,
    security: array(operation["security"] ?? at(document, "/security")) as SecurityRequirement[],
    parameters: parametersOf(document, pathItem, operation).map((parameter) => readParameter(parameter)),
    ...(isObject(body) && { requestBody: readBody(document, body) }),
    responses: Object.entries(object(operation["responses"]))
      .filter(([status]) => !status.startsWith("1") && !status.startsWith("x-")) // an interim response is not an answer
      .map(([status, response]) => readResponse(document, status, object(dereference(document, response)))),
  };
}

function readParameter(parameter: Json): DocumentedParameter {
  const place = parameter["in"] as DocumentedParameter["in"];
  const style = text(parameter["style"]) ?? (place === "query" || place === "cookie" ? "form" : "simple");
  const [media] = Object.values(object(parameter["content"]));
  return {
    in: place,
    name: String(parameter["name"]),
    required: place === "path" || parameter["required"] === true,
    schema: at(media, "/schema") ?? parameter["schema"] ?? true,
    explode: parameter["explode"] === undefined ? style === "form" : parameter["explode"] === true,
    separator: style === "spaceDelimited" ? " " : style === "pipeDelimited" ? "|" : ",",
    isJson: media !== undefined,
    isReadable: ["form", "simple", "spaceDelimited", "pipeDelimited"].includes(style),
  };
}

function readBody(document: unknown, body: Json): DocumentedBody {
  return { required: body["required"] === true, content: readContent(document, body) };
}

/** What the server itself sends, so that no example may contradict it. */
const SERVER_HEADERS = ["content-type", "content-length", "transfer-encoding", "connection", "date"];

function readResponse(document: unknown, status: string, response: Json): DocumentedResponse {
  return {
    status,
    headers: Object.entries(object(response["headers"]))
      .filter(([name]) => !SERVER_HEADERS.includes(name.toLowerCase()))
      .map(([name, header]) => readHeader(document, name, object(dereference(document, header)))),
    content: readContent(document, response),
  };
}

function readContent(document: unknown, holder: Json): DocumentedContent[] {
  return Object.entries(object(holder["content"])).map(([mediaType, media]) => ({
    mediaType: mediaType.toLowerCase(),
    schema: at(media, "/schema") ?? true,
    examples: readExamples(document, object(media)),
  }));
}

function readHeader(document: unknown, name: string, header: Json): DocumentedHeader {
  const [example] = readExamples(document, header);
  return { name, schema: header["schema"] ?? { type: "string" }, ...(example !== undefined && { example }) };
}

/** The values of `examples`, in order, or that of `example`. */
function readExamples(document: unknown, holder: Json): unknown[] {
  if ("example" in holder) return [holder["example"]];
  return Object.values(object(holder["examples"])).flatMap((stated) => {
    const example = object(dereference(document, stated));
    return "value" in example ? [example["value"]] : [];
  });
}
