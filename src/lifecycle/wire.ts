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
): Pick<Operation, "contentType" | "contentTypes" | "accept" | "parameters" | "encoding" | "answers" | "texts"> {
  const content = object(object(dereference(operation["requestBody"]))["content"]);
  const mediaTypes = Object.keys(content);
  const contentType = preferred(mediaTypes);
  const isSeveral = mediaTypes.some((one) => one !== contentType && (one.includes("*") || BYTES.test(essence(one))));
  const deviating = parameters.flatMap((parameter) => readParameter(parameter));
  const encoding = Object.entries(content).flatMap(([mediaType, media]) => {
    const properties = readEncoding(object(dereference(media)), dereference);
    return Object.keys(properties).length > 0 ? [[essence(mediaType), properties] as const] : [];
  });
  const { accept, answers, texts } = readAnswers(operation, dereference);
  return {
    ...(contentType !== undefined && { contentType }),
    ...(isSeveral && { contentTypes: mediaTypes }),
    ...(accept !== undefined && { accept }),
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

/**
 * Of the parts of a form by their names; of others, since OpenAPI 3.2, by their positions. A part may say the same of its own.
 */
function readEncoding(media: Json, dereference: Dereference): Readonly<Record<string, WireEncoding>> {
  const { prefixEncoding, itemEncoding } = media;
  const stated = [
    ...Object.entries(object(media["encoding"])),
    ...(Array.isArray(prefixEncoding) ? prefixEncoding.map((one, index) => [String(index), one] as const) : []),
    ...(itemEncoding === undefined ? [] : [["*", itemEncoding] as const]),
  ];
  return Object.fromEntries(
    stated.flatMap(([name, value]) => {
      const read = encodingOf(object(value), dereference);
      const isPosition = itemEncoding !== undefined && name !== "*"; // so that what is for those behind is not for it
      return isPosition || Object.keys(read).length > 0 ? [[name, read] as const] : [];
    }),
  );
}

function encodingOf(stated: Json, dereference: Dereference): WireEncoding {
  // What says how a query would be written makes the media type of the value say nothing.
  if (["style", "explode", "allowReserved"].some((member) => member in stated)) {
    return { style: "form", ...deviation(stated, "form") };
  }
  const headers = readHeaders(object(stated["headers"]), dereference);
  const inner = readEncoding(stated, dereference);
  return {
    ...(typeof stated["contentType"] === "string" && { contentType: stated["contentType"] }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(inner).length > 0 && { encoding: inner }),
  };
}

/** Headers that a part must have, and of which the document has the one value. `Content-Type` is not for it to say here. */
function readHeaders(stated: Json, dereference: Dereference): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(stated).flatMap(([name, value]): [string, string][] => {
      const header = object(dereference(value));
      const { const: constant, enum: values } = object(dereference(header["schema"]));
      const [only] = Array.isArray(values) && values.length === 1 ? (values as unknown[]) : [constant];
      const isOne = header["required"] === true && ["string", "number", "boolean"].includes(typeof only);
      return isOne && name.toLowerCase() !== "content-type" ? [[name, String(only)]] : [];
    }),
  );
}

function readAnswers(operation: Json, dereference: Dereference): Pick<Operation, "accept" | "answers" | "texts"> {
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
  const accept = acceptOf([...kinds.keys()]);
  return {
    ...(accept !== undefined && { accept }),
    ...([...kinds.values()].some((kind) => kind !== "json") && { answers: Object.fromEntries(kinds) }),
    ...(texts !== undefined && { texts }),
  };
}

/** A longer one is not sent by a page without asking first; https://fetch.spec.whatwg.org/#cors-safelisted-request-header. */
const LONGEST_ACCEPT = 128;
/** What an answer may be as well: a service that has only that is not to refuse. */
const ANYTHING = "*/*;q=0.1";

/** JSON first, then what else there is, as it is with a body; RFC 9110 section 12.5.1. */
function acceptOf(mediaTypes: readonly string[]): string | undefined {
  const known = mediaTypes.filter((mediaType) => mediaType !== "*/*" && /^[\w.+*-]+\/[\w.+*-]+$/.test(mediaType));
  if (known.every((mediaType) => mediaType === "application/json")) return undefined;
  const json = known.filter(isJson);
  const others = known.filter((mediaType) => !isJson(mediaType)).map((one) => (json.length > 0 ? `${one};q=0.9` : one));
  let accept = "";
  for (const one of [...json, ...others]) {
    if (`${accept}${one}, ${ANYTHING}`.length <= LONGEST_ACCEPT) accept += `${one}, `;
  }
  return accept + ANYTHING;
}

const LINES = [
  "application/jsonl",
  "application/jsonlines",
  "application/x-jsonlines",
  "application/x-ndjson",
  "application/ndjson",
];
const FORM = "application/x-www-form-urlencoded";
const TEXTS =
  /^(?:text|plain)\/|[/+](?:xml|ya?ml|jwt)$|^application\/(?:x-)?(?:yaml|javascript|csv|toml|turtle|html|text|graphql|sql|jose(?:\+jwe)?|pem-file|pem-certificate-chain|www-form-urlencoded)$/;
const BYTES =
  /^(?:image|audio|video|font|model|multipart)\/|^application\/(?:x-)?(?:octet-stream|binary|pdf|postscript|rtf|msword|xlsx?|wasm|dicom|java-archive|tar|zip-compressed|7z-compressed|vnd\.(?:ms-|openxmlformats|oasis\.)[^+]*)$|[/+.](?:x-)?(?:zip|gzip|zstd|bzip2|cbor|msgpack|bson|avro|parquet|json-smile|protobuf)$/;

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
  return TEXTS.test(mediaType) || schema["type"] === "string" ? "text" : "json";
}

/** Whether a body of it is text or bytes to a client, whatever its schema says of what is in there. */
export function isOpaque(mediaType: string): boolean {
  const name = essence(mediaType);
  return name !== FORM && !name.startsWith("multipart/") && (TEXTS.test(name) || BYTES.test(name));
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
