/**
 * A body of several parts, each with its own media type, which `FormData` cannot say: values, files and streams.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 */

import type { Features } from "../features.js";
import type { Operation, WireEncoding } from "../lifecycle/contract.js";
import { FORM, fits, isRecord, type WrittenBody, writeForm } from "./body.js";
import { setHeader } from "./headers.js";
import { encodeName, isJson } from "./parameters.js";
import { Part, type PartOptions } from "./part.js";

type Piece = BlobPart | AsyncIterable<Uint8Array>;
type Encoding = NonNullable<Operation["encoding"]>[string];
type Members = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * Members in order; a list among them is repeated, an object is JSON, and what has no value is left out. A body that is a list
 * has parts without names.
 *
 * @param contentType the media type of the whole, with the boundary if it has one.
 * @throws {TypeError} when a part has a value that its media type does not have, a header that would be more than one, or a text
 * that would end it.
 */
export function writeParts(body: Members, encoding: Encoding, contentType: string, styles?: Features["styles"]): WrittenBody {
  const stated = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const boundary = stated?.[1] ?? stated?.[2] ?? `keyturn-${crypto.randomUUID()}`;
  const pieces: Piece[] = [];
  const put = (value: unknown, rule: WireEncoding | undefined, name?: string) => {
    if (value === undefined || value === null) return;
    const { headers, content } = partOf(value, rule, name, styles);
    // One that is chosen here is in no text, and files are not looked into.
    if (typeof content === "string" && content.includes(`--${boundary}`)) {
      throw new TypeError(`the part ${nameOf(name)} has the boundary between the parts in it; leave the boundary out`);
    }
    pieces.push(`--${boundary}\r\n${headers.map((one, index) => (index % 2 ? `${one}\r\n` : `${one}: `)).join("")}\r\n`);
    pieces.push(content, "\r\n");
  };
  if (Array.isArray(body)) {
    for (const [index, value] of body.entries()) put(value, encoding[index] ?? encoding["*"]);
  } else {
    for (const [name, value] of Object.entries(body)) {
      const rule = Object.hasOwn(encoding, name) ? encoding[name] : undefined;
      if (rule?.style !== undefined) {
        // In the style of a query, but that nothing is percent-encoded where nothing need be.
        const written = styles!({ ...rule, in: "query", name, allowReserved: false })(encodeName(name), value);
        for (const [member, text] of new URLSearchParams(written)) put(text, undefined, member);
      } else {
        const isWhole = !Array.isArray(value) || isJson(rule?.contentType ?? "");
        for (const one of isWhole ? [value] : (value as unknown[])) put(one, rule, name);
      }
    }
  }
  pieces.push(`--${boundary}--\r\n`);
  const isWhole = pieces.every((piece) => typeof piece === "string" || !isStream(piece));
  return {
    body: isWhole ? new Blob(pieces as BlobPart[]) : streamOf(pieces),
    contentType: stated === null ? `${contentType}; boundary=${boundary}` : contentType,
  };
}

/** @param name that of the part, in a form. */
function partOf(value: unknown, rule: WireEncoding | undefined, name: string | undefined, styles: Features["styles"]) {
  const { content: stated, options } = value instanceof Part ? (value as Part) : { content: value, options: NONE };
  const { content, type, file } = contentOf(stated, { ...rule, ...options }, name, styles);
  const fileName = options.fileName ?? (name === undefined && file === "blob" ? undefined : file);
  const disposition = [
    name === undefined ? "attachment" : `form-data; name="${quoted(name)}"`,
    ...(fileName === undefined ? [] : [`filename="${quoted(fileName)}"`]),
  ].join("; ");
  const headers: string[] = [];
  if (name !== undefined || fileName !== undefined) headers.push("Content-Disposition", disposition);
  if (type !== "") headers.push("Content-Type", type);
  for (const [header, text] of Object.entries({ ...rule?.headers, ...options.headers }))
    setHeader(headers, header, String(text));
  if (headers.some((text) => /[\r\n\0]/.test(text))) {
    throw new TypeError(`a header of the part ${nameOf(name)} is more than a line`);
  }
  return { headers, content };
}

const NONE: PartOptions = {};

interface Content {
  readonly content: Piece;
  /** Empty: text, as RFC 7578 section 4.4 has it by default. */
  readonly type: string;
  readonly file?: string;
}

/** @param rule the media types that the part may have, with commas between, and how its own parts or properties are written. */
function contentOf(
  value: unknown,
  { contentType: allowed = "", encoding = {} }: Pick<WireEncoding, "contentType" | "encoding">,
  name: string | undefined,
  styles: Features["styles"],
): Content {
  const types = allowed.split(",").map((type) => type.trim());
  const [first = ""] = types;
  const named = first.includes("*") ? "" : first;
  if (value instanceof Blob) {
    const isFit = named === "" || types.some((type) => fits(value.type, type));
    const type = (isFit && value.type) || named || BYTES;
    return { content: value, type, file: value instanceof File ? value.name : "blob" };
  }
  const type = named || BYTES;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { content: value as BufferSource, type, file: "blob" };
  if (typeof value === "object" && value !== null && isStream(value)) return { content: value, type, file: "blob" };
  if (typeof value !== "object") return { content: isJson(named) ? JSON.stringify(value) : String(value), type: named };
  if (value instanceof Date && !isJson(named)) return { content: value.toISOString(), type: named };
  if (named.startsWith("multipart/")) {
    const { body, contentType } = writeParts(value as Members, encoding, named, styles);
    return { content: body as Piece, type: contentType! };
  }
  if (named === FORM && isRecord(value)) {
    return { content: writeForm(value, encoding, `the part ${nameOf(name)}`, styles), type: named };
  }
  if (named === "" || isJson(named)) return { content: JSON.stringify(value), type: named || "application/json" };
  throw new TypeError(`the part ${nameOf(name)} of ${named} is handed in as text or as bytes`);
}

const BYTES = "application/octet-stream";

function isStream(value: object): value is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in value || value instanceof ReadableStream;
}

/** A body that is read as it is sent, and so only once. */
async function* streamOf(pieces: readonly Piece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    const stream = typeof piece === "object" && isStream(piece) ? piece : new Blob([piece as BlobPart]).stream();
    if (stream instanceof ReadableStream) {
      const reader = (stream as ReadableStream<Uint8Array>).getReader();
      try {
        for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
      } finally {
        await reader.cancel();
      }
    } else yield* stream;
  }
}

function nameOf(name: string | undefined): string {
  return JSON.stringify(name ?? "without a name");
}

/** A name between quotes, as the HTML standard has it: nothing in it ends the quotes or the line. */
function quoted(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
