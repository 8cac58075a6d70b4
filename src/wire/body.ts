/**
 * A body as its media type is written on the wire: JSON, a form, several parts, lines, or as it is.
 *
 * What is no longer data (bytes, a form that was made by hand, a stream) is sent as it is.
 */

import type { Features } from "../features.js";
import type { Operation } from "../lifecycle/contract.js";
import type { WireRequest } from "../transport.js";
import { encodeName, isJson, mediaTypeOf } from "./parameters.js";

export interface WrittenBody {
  readonly body: NonNullable<WireRequest["body"]>;
  /** The media type that goes with it, where it is another one than was asked for; `null`: the transport's to write. */
  readonly contentType?: string | null;
}

export const FORM = "application/x-www-form-urlencoded";
const BYTES = "application/octet-stream";
/** Media types that nothing but text or bytes can be written as. */
const OPAQUE =
  /^(?:text|plain|image|audio|video|font|model)\/|[/+](?:xml|ya?ml|jwt)$|^application\/(?:x-)?(?:yaml|javascript|csv|toml|turtle|html|text|graphql|sql|jose(?:\+jwe)?|pem-file|pem-certificate-chain|octet-stream|binary|pdf|postscript|rtf|msword|xlsx?|wasm|dicom|java-archive|tar|zip-compressed|7z-compressed|vnd\.(?:ms-|openxmlformats|oasis\.)[^+]*)$|[/+.](?:x-)?(?:zip|gzip|zstd|bzip2|cbor|msgpack|bson|avro|parquet|json-smile|protobuf)$/;
const LINES = /^application\/(?:jsonl|x-ndjson|ndjson|jsonlines|x-jsonlines|[\w.+-]*json-seq)$/;

/**
 * @param contentType the media type to write it as, its parameters with it.
 * @throws {TypeError} when a value is neither text nor bytes, and its media type is not one that values are written as.
 */
export function writeBody(
  body: unknown,
  contentType: string,
  { operationId, operation: { contentType: preferred, contentTypes = [], encoding = {} } }: Writing,
  { multipart, styles }: Features = {},
): WrittenBody {
  const mediaType = mediaTypeOf(contentType);
  const isChosen = contentType !== (preferred ?? "application/json");
  if (isBodyInit(body)) {
    const written = {
      body,
      contentType:
        isChosen && !contentType.includes("*") && !(body instanceof FormData)
          ? contentType
          : ownType(body, contentType, contentTypes),
    };
    if (!written.contentType?.startsWith("multipart/") || written.contentType.includes("boundary=")) return written;
    throw new TypeError(`${operationId}: bytes of ${mediaType} need a Content-Type that names their boundary`);
  }
  const json = (value: unknown): string => {
    let cause: unknown;
    try {
      const text = JSON.stringify(value) as string | undefined;
      if (text !== undefined) return text;
    } catch (error) {
      cause = error; // its message may quote what the body holds
    }
    throw new TypeError(`${operationId}: the body holds what JSON has not, such as a bigint or itself`, { cause });
  };
  if (isJson(mediaType)) return { body: json(body) };
  const rules = encoding[mediaType] ?? {};
  if (mediaType === FORM && isRecord(body)) return { body: writeForm(body, rules, operationId, styles) };
  if (mediaType.startsWith("multipart/") && typeof body === "object" && body !== null) {
    if (multipart !== undefined) return multipart(body as Readonly<Record<string, unknown>>, rules, contentType, styles);
    throw new TypeError(`${operationId}: the document has no body of several parts; hand in a FormData`);
  }
  if (typeof body === "string") return { body };
  if (LINES.test(mediaType) && Array.isArray(body)) {
    const start = mediaType.endsWith("seq") ? "\u001E" : "";
    return { body: body.map((item) => `${start}${json(item)}\n`).join("") };
  }
  if (OPAQUE.test(mediaType) || mediaType.startsWith("multipart/")) {
    if (typeof body !== "object" && mediaType.startsWith("text/")) return { body: String(body) };
    throw new TypeError(`${operationId}: a body of ${mediaType} is handed in as text or as bytes`);
  }
  return { body: json(body), ...(mediaType.includes("*") && { contentType: "application/json" }) };
}

/** Whose body it is. */
interface Writing {
  readonly operationId: string;
  readonly operation: Pick<Operation, "contentType" | "contentTypes" | "encoding">;
}

/** Whether a body can be read more than once. */
export function isReplayable(body: unknown): boolean {
  return typeof body !== "object" || body === null || !(Symbol.asyncIterator in body || body instanceof ReadableStream);
}

type NonText = Exclude<NonNullable<WireRequest["body"]>, string>;

/** Plain data is told at once: to name the classes has Node load all of its `fetch`, which another transport does without. */
function isBodyInit(body: unknown): body is NonText {
  if (typeof body !== "object" || body === null || Array.isArray(body) || isPlain(body)) return false;
  return (
    body instanceof FormData ||
    body instanceof URLSearchParams ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    !isReplayable(body)
  );
}

/** An object of no class, which is not sent piece by piece either. */
function isPlain(body: object): boolean {
  return Object.getPrototypeOf(body) === Object.prototype && !(Symbol.asyncIterator in body);
}

/**
 * The media type of what may bear one of its own. A `Blob` keeps its own where the document has it, or has a range, which is
 * none that could be sent.
 */
function ownType(body: NonText, contentType: string, documented: readonly string[]): string | null {
  if (body instanceof FormData) return null;
  if (body instanceof URLSearchParams) return FORM;
  const own = body instanceof Blob ? body.type : "";
  if (own.includes("boundary=") || (own !== "" && documented.some((type) => fits(own, type)))) return own;
  return contentType.includes("*") ? own || BYTES : contentType;
}

/** Whether a media type is another one, or of its range. */
export function fits(type: string, range: string): boolean {
  const [own, other] = [mediaTypeOf(type), mediaTypeOf(range)];
  return own === other || other === "*/*" || (other.endsWith("/*") && own.startsWith(other.slice(0, -1)));
}

/**
 * The members of a form: a list is repeated, an object is JSON, what has no value is left out; unless the document says how
 * else.
 *
 * @see https://url.spec.whatwg.org/#urlencoded-serializing
 */
export function writeForm(
  body: Readonly<Record<string, unknown>>,
  encoding: NonNullable<Operation["encoding"]>[string],
  operationId: string,
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
    if (items.some((item) => isBodyInit(item))) {
      throw new TypeError(`${operationId}: "${name}" is bytes, which a form of ${FORM} has not; hand it in as text`);
    }
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

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
