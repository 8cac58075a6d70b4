/**
 * A body as its media type is written on the wire: JSON, a form, several parts, lines, or as it is.
 *
 * What is no longer data (bytes, a form that was made by hand, a stream) is sent as it is.
 */

import type { Features } from "../features.js";
import type { Operation } from "../lifecycle/contract.js";
import type { WireRequest } from "../transport.js";
import { encodeName, isJson } from "./parameters.js";

export interface WrittenBody {
  readonly body: NonNullable<WireRequest["body"]>;
  /** The media type that goes with it, where it is another one than was asked for; `null`: the transport's to write. */
  readonly contentType?: string | null;
}

const FORM = "application/x-www-form-urlencoded";
const BYTES = "application/octet-stream";
/** Media types that nothing but text or bytes can be written as. */
const OPAQUE = /^(?:text|image|audio|video|font)\/|[/+]xml$|^application\/(?:octet-stream|pdf|zip|gzip)$/;
const LINES = /^application\/(?:jsonl|x-ndjson|ndjson|jsonlines|x-jsonlines|json-seq)$/;

/**
 * @param contentType the media type to write it as, its parameters with it.
 * @throws {TypeError} when a value is neither text nor bytes, and its media type is not one that values are written as.
 */
export function writeBody(
  body: unknown,
  contentType: string,
  operationId: string,
  encoding: Operation["encoding"] = {},
  { multipart, styles }: Features = {},
): WrittenBody {
  if (isBodyInit(body)) return ownType(body, contentType);
  if (isJson(contentType)) return { body: JSON.stringify(body) };
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaType === FORM && isRecord(body)) return { body: writeForm(body, encoding[mediaType] ?? {}, styles) };
  if (mediaType === "multipart/form-data" && isRecord(body)) {
    if (multipart !== undefined) return multipart(body, encoding[mediaType] ?? {});
    throw new TypeError(`${operationId}: the document has no body of several parts; hand in a FormData`);
  }
  if (typeof body === "string") return { body };
  if (LINES.test(mediaType) && Array.isArray(body)) {
    const start = mediaType.endsWith("seq") ? "\u001E" : "";
    return { body: body.map((item) => `${start}${JSON.stringify(item)}\n`).join("") };
  }
  if (OPAQUE.test(mediaType)) {
    if (typeof body !== "object" && mediaType.startsWith("text/")) return { body: String(body) };
    throw new TypeError(`${operationId}: a body of ${mediaType} is handed in as text or as bytes`);
  }
  return { body: JSON.stringify(body), ...(mediaType.includes("*") && { contentType: "application/json" }) };
}

/** Whether a body can be read more than once. */
export function isReplayable(body: unknown): boolean {
  return typeof body !== "object" || body === null || !(Symbol.asyncIterator in body || body instanceof ReadableStream);
}

type NonText = Exclude<NonNullable<WireRequest["body"]>, string>;

function isBodyInit(body: unknown): body is NonText {
  return (
    body instanceof FormData ||
    body instanceof URLSearchParams ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    (typeof body === "object" && body !== null && !isReplayable(body))
  );
}

/** What bears a media type of its own keeps it; a range of them is none that could be sent. */
function ownType(body: NonText, contentType: string): WrittenBody {
  if (body instanceof FormData) return { body, contentType: null };
  if (!contentType.includes("*")) return { body };
  return { body, contentType: body instanceof URLSearchParams ? FORM : (body instanceof Blob && body.type) || BYTES };
}

/**
 * The members of a form: a list is repeated, an object is JSON, what has no value is left out; unless the document says how
 * else.
 *
 * @see https://url.spec.whatwg.org/#urlencoded-serializing
 */
function writeForm(
  body: Readonly<Record<string, unknown>>,
  encoding: NonNullable<Operation["encoding"]>[string],
  styles: Features["styles"],
): string {
  const written: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    const rule = Object.hasOwn(encoding, name) ? encoding[name] : undefined;
    if (rule?.style !== undefined) {
      const property = styles!({ in: "query", name, ...rule })(encodeName(name), value);
      if (property !== undefined) written.push(property);
      continue;
    }
    const items = Array.isArray(value) && !isJson(rule?.contentType ?? "") ? value : [value];
    const pairs = items.filter(isPresent).map((item: unknown) => [name, formText(item, rule?.contentType)]);
    if (pairs.length > 0) written.push(new URLSearchParams(pairs).toString());
  }
  return written.join("&");
}

function formText(value: unknown, contentType = ""): string {
  if (isJson(contentType)) return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
