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

import type { AnswerKind, EventTexts, Operation, ParameterStyle, WireEncoding, WireParameter } from "./contract.js";
import { type EventRule, eventRule } from "./event-stream.js";

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
): Pick<Operation, "contentType" | "parameters" | "encoding" | "answers" | "texts"> {
  const content = object(object(dereference(operation["requestBody"]))["content"]);
  const contentType = preferred(Object.keys(content));
  const deviating = parameters.flatMap((parameter) => readParameter(parameter));
  const encoding = Object.entries(content).flatMap(([mediaType, media]) => {
    const properties = readEncoding(object(dereference(media)));
    return Object.keys(properties).length > 0 ? [[essence(mediaType), properties] as const] : [];
  });
  const { answers, texts } = readAnswers(operation, dereference);
  return {
    ...(contentType !== undefined && { contentType }),
    ...(deviating.length > 0 && { parameters: deviating }),
    ...(encoding.length > 0 && { encoding: Object.fromEntries(encoding) }),
    ...(answers !== undefined && { answers }),
    ...(texts !== undefined && { texts }),
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

function readAnswers(operation: Json, dereference: Dereference): Pick<Operation, "answers" | "texts"> {
  const responses = Object.entries(object(operation["responses"]));
  const successes = responses.filter(([status]) => status.startsWith("2"));
  // Beside a success, `default` is an error.
  const answering = successes.length > 0 ? successes : responses.filter(([status]) => status === "default");
  const kinds = new Map<string, AnswerKind>();
  let texts: EventTexts | undefined;
  for (const [, response] of answering) {
    for (const [mediaType, media] of Object.entries(object(object(dereference(response))["content"]))) {
      const name = essence(mediaType);
      if (kinds.has(name)) continue;
      const rule = ruleOf(name, object(dereference(media)), dereference);
      kinds.set(name, rule.kind);
      texts ??= rule.texts;
    }
  }
  if ([...kinds.values()].every((kind) => kind === "json")) return {};
  return { answers: Object.fromEntries(kinds), ...(texts !== undefined && { texts }) };
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

/** Whether a content comes item by item. */
export function isStream(mediaType: string): boolean {
  return mediaType === "text/event-stream" || isSequence(mediaType) || LINES.includes(mediaType);
}

/** The schema of an item of a stream: `itemSchema`; or `schema`, and of a list what it is a list of. */
export function itemOf({ itemSchema, schema }: Json, dereference: Dereference): unknown {
  if (itemSchema !== undefined) return itemSchema;
  const { type, items } = object(dereference(schema));
  return type === "array" && items !== undefined ? items : schema;
}

function ruleOf(mediaType: string, media: Json, dereference: Dereference): EventRule {
  const schema = object(dereference(itemOf(media, dereference)));
  if (mediaType === "text/event-stream") return eventRule(schema, dereference);
  return { kind: kindOf(mediaType, schema) };
}

function kindOf(mediaType: string, schema: Json): AnswerKind {
  if (isSequence(mediaType)) return "sequence";
  if (LINES.includes(mediaType)) return "lines";
  if (isJson(mediaType)) return "json";
  if (BYTES.test(mediaType) || schema["format"] === "binary") return "blob";
  return TEXTS.test(mediaType) || (schema["type"] === "string" && !mediaType.includes("*")) ? "text" : "json";
}

function isSequence(mediaType: string): boolean {
  return /[/+]json-seq$/.test(mediaType);
}

function isJson(mediaType: string): boolean {
  return /[/+]json$/.test(essence(mediaType));
}

/** A media type without its parameters, in lower case. */
export function essence(mediaType: string): string {
  return (mediaType.split(";")[0] ?? "").trim().toLowerCase();
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
