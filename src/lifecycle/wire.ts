/**
 * From a document to what its operations look like on the wire: only what deviates from OpenAPI's defaults, so that the data
 * of an ordinary operation stays as short as it is.
 *
 * This module is for build time and the sandbox; the runtime's entry never reaches it.
 *
 * @see https://spec.openapis.org/oas/v3.2.0#parameter-object
 * @see https://spec.openapis.org/oas/v3.2.0#encoding-object
 * @see https://spec.openapis.org/oas/v3.2.0#special-considerations-for-server-sent-events
 */

import type { AnswerKind, Operation, ParameterStyle, WireEncoding, WireParameter } from "./contract.js";

type Json = Readonly<Record<string, unknown>>;
/** Follows references until something else stands there. */
type Dereference = (value: unknown) => unknown;

const PLACES: Readonly<Record<WireParameter["in"], ParameterStyle>> = {
  path: "simple",
  query: "form",
  querystring: "form",
  header: "simple",
  cookie: "form",
};
const STYLES: readonly string[] = [
  "simple",
  "label",
  "matrix",
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "deepObject",
  "cookie",
] satisfies ParameterStyle[];

/** What an operation's parameters, body and answers need said of them. */
export function readWire(
  parameters: readonly Json[],
  operation: Json,
  dereference: Dereference,
): Pick<Operation, "contentType" | "parameters" | "encoding" | "answers"> {
  const content = object(object(dereference(operation["requestBody"]))["content"]);
  const contentType = preferred(Object.keys(content));
  const deviating = parameters.flatMap((parameter) => readParameter(parameter));
  const encoding = Object.entries(content).flatMap(([mediaType, media]) => {
    const properties = readEncoding(object(dereference(media)));
    return Object.keys(properties).length > 0 ? [[essence(mediaType), properties] as const] : [];
  });
  const answers = readAnswers(operation, dereference);
  return {
    ...(contentType !== undefined && { contentType }),
    ...(deviating.length > 0 && { parameters: deviating }),
    ...(encoding.length > 0 && { encoding: Object.fromEntries(encoding) }),
    ...(answers !== undefined && { answers }),
  };
}

/** The media type that a body is written as when its caller names none. */
function preferred(mediaTypes: readonly string[]): string | undefined {
  return mediaTypes.find((mediaType) => isJson(mediaType)) ?? mediaTypes[0];
}

function readParameter(parameter: Json): WireParameter[] {
  const { in: place, name } = parameter;
  if (typeof name !== "string" || typeof place !== "string" || !Object.hasOwn(PLACES, place)) return [];
  const known = place as WireParameter["in"];
  const [contentType] = Object.keys(object(parameter["content"]));
  const rule = contentType === undefined ? deviation(parameter, PLACES[known]) : { contentType: essence(contentType) };
  return Object.keys(rule).length > 0 || known === "querystring" ? [{ in: known, name, ...rule }] : [];
}

/** What is said beside the default of a place. `explode` means nothing to `deepObject`, which is always exploded. */
function deviation(stated: Json, fallback: ParameterStyle): Omit<WireEncoding, "contentType"> {
  const style = STYLES.includes(String(stated["style"])) ? (stated["style"] as ParameterStyle) : fallback;
  const explodes = style === "form" || style === "cookie";
  const explode = typeof stated["explode"] === "boolean" && style !== "deepObject" ? stated["explode"] : explodes;
  return {
    ...(style !== fallback && { style }),
    ...(explode !== explodes && { explode }),
    ...(stated["allowReserved"] === true && { allowReserved: true }),
  };
}

function readEncoding(media: Json): Readonly<Record<string, WireEncoding>> {
  const entries = Object.entries(object(media["encoding"])).flatMap(([property, value]): [string, WireEncoding][] => {
    const stated = object(value);
    // What says how a query would be written makes the media type of the value say nothing.
    const isStyled = ["style", "explode", "allowReserved"].some((member) => member in stated);
    const contentType = typeof stated["contentType"] === "string" ? { contentType: stated["contentType"] } : {};
    const read: WireEncoding = isStyled ? { style: "form", ...deviation(stated, "form") } : contentType;
    return Object.keys(read).length > 0 ? [[property, read]] : [];
  });
  return Object.fromEntries(entries);
}

function readAnswers(operation: Json, dereference: Dereference): Readonly<Record<string, AnswerKind>> | undefined {
  const responses = Object.entries(object(operation["responses"]));
  const successes = responses.filter(([status]) => status.startsWith("2"));
  // Beside a success, `default` is an error.
  const answering = successes.length > 0 ? successes : responses.filter(([status]) => status === "default");
  const kinds = new Map<string, AnswerKind>();
  for (const [, response] of answering) {
    for (const [mediaType, media] of Object.entries(object(object(dereference(response))["content"]))) {
      const name = essence(mediaType);
      if (!kinds.has(name)) kinds.set(name, kindOf(name, object(dereference(media)), dereference));
    }
  }
  return [...kinds.values()].some((kind) => kind !== "json") ? Object.fromEntries(kinds) : undefined;
}

const LINES = [
  "application/jsonl",
  "application/jsonlines",
  "application/x-jsonlines",
  "application/x-ndjson",
  "application/ndjson",
];
const TEXTS = /^text\/|[/+](?:xml|yaml)$|^application\/(?:x-yaml|javascript|graphql|sql|x-www-form-urlencoded)$/;
const BYTES =
  /^(?:image|audio|video|font|model|multipart)\/|^application\/(?:octet-stream|pdf|zip|gzip|x-tar|x-gzip|x-zip-compressed|x-7z-compressed|msword|rtf|vnd\.(?:ms-|openxmlformats|oasis\.)|protobuf|x-protobuf|wasm)/;

function kindOf(mediaType: string, media: Json, dereference: Dereference): AnswerKind {
  const schema = object(dereference(media["itemSchema"] ?? media["schema"]));
  if (mediaType === "text/event-stream") return eventKind(schema, dereference);
  if (mediaType === "application/json-seq") return "sequence";
  if (LINES.includes(mediaType)) return "lines";
  if (isJson(mediaType)) return "json";
  if (BYTES.test(mediaType) || schema["format"] === "binary") return "blob";
  return TEXTS.test(mediaType) || (schema["type"] === "string" && !mediaType.includes("*")) ? "text" : "json";
}

/** Whether the schema is that of an event or of its data, and whether the data is JSON. */
function eventKind(schema: Json, dereference: Dereference): AnswerKind {
  const data = dataOf(schema, dereference, 0);
  if (data !== undefined) return isJsonData(data) ? "json-events" : "events";
  return isJsonData(schema) ? "json-data" : "data";
}

const MOST_LEVELS = 16;

/** The schema of an event's `data`, in the schema itself or in a part of it. */
function dataOf(schema: Json, dereference: Dereference, level: number): Json | undefined {
  const properties = object(schema["properties"]);
  if (Object.hasOwn(properties, "data")) {
    const found = object(dereference(properties["data"]));
    return Object.keys(found).length > 0 ? found : { type: "string" };
  }
  if (level === MOST_LEVELS) return undefined;
  const found: Json[] = [];
  for (const part of ["allOf", "oneOf", "anyOf"].flatMap((member) => schema[member] ?? [])) {
    const data = dataOf(object(dereference(part)), dereference, level + 1);
    if (data !== undefined) found.push(data);
  }
  return found.find((data) => isJsonData(data)) ?? found[0];
}

function isJsonData(schema: Json): boolean {
  const { type, contentMediaType } = schema;
  if (typeof contentMediaType === "string") return isJson(contentMediaType);
  const types = Array.isArray(type) ? type : [type];
  if (types.includes("string")) return false;
  return type !== undefined || ["properties", "items", "allOf", "oneOf", "anyOf"].some((member) => member in schema);
}

function isJson(mediaType: string): boolean {
  return /[/+]json$/.test(essence(mediaType));
}

/** A media type without its parameters, in lower case. */
function essence(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
