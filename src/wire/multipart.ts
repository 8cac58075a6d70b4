/**
 * A form of several parts, each with its own media type, which `FormData` cannot say: values, files and streams.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7578
 */

import type { Operation } from "../lifecycle/contract.js";
import type { WrittenBody } from "./body.js";
import { isJson } from "./parameters.js";

/** Members in order; a list is repeated, an object is JSON, and what has no value is left out. */
export function writeParts(
  body: Readonly<Record<string, unknown>>,
  encoding: NonNullable<Operation["encoding"]>[string],
): WrittenBody {
  const boundary = `keyturn-${crypto.randomUUID()}`;
  const pieces: (BlobPart | AsyncIterable<Uint8Array>)[] = [];
  for (const [name, stated] of Object.entries(body)) {
    const allowed = Object.hasOwn(encoding, name) ? encoding[name]?.contentType : undefined;
    const isWhole = !Array.isArray(stated) || (allowed !== undefined && isJson(allowed));
    for (const value of isWhole ? [stated] : (stated as unknown[])) {
      if (value === undefined || value === null) continue;
      const { content, type, file } = partOf(value, allowed);
      const fileName = file === undefined ? "" : `; filename="${quoted(file)}"`;
      const typeLine = type === "" ? "" : `Content-Type: ${type}\r\n`;
      pieces.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"${fileName}\r\n${typeLine}\r\n`);
      pieces.push(content, "\r\n");
    }
  }
  pieces.push(`--${boundary}--\r\n`);
  const contentType = `multipart/form-data; boundary=${boundary}`;
  const isWhole = pieces.every((piece) => typeof piece === "string" || !isStream(piece));
  return { body: isWhole ? new Blob(pieces as BlobPart[]) : streamOf(pieces), contentType };
}

interface Part {
  readonly content: BlobPart | AsyncIterable<Uint8Array>;
  /** Empty: text, as RFC 7578 section 4.4 has it by default. */
  readonly type: string;
  readonly file?: string;
}

/** @param allowed the media types that the document has for this part, with commas between. */
function partOf(value: unknown, allowed: string | undefined): Part {
  const [first = ""] = (allowed ?? "").split(",").map((type) => type.trim());
  const named = first.includes("*") ? "" : first;
  if (value instanceof Blob) {
    const isNamed = named !== "" && !(allowed ?? "").includes(value.type || named);
    const file = value instanceof File ? value.name : "blob";
    return { content: value, type: oneLine((isNamed ? named : value.type || named) || "application/octet-stream"), file };
  }
  const type = named || "application/octet-stream";
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { content: value as BufferSource, type, file: "blob" };
  if (typeof value === "object" && value !== null && isStream(value)) return { content: value, type, file: "blob" };
  if (typeof value !== "object") return { content: isJson(named) ? JSON.stringify(value) : String(value), type: named };
  if (value instanceof Date && !isJson(named)) return { content: value.toISOString(), type: named };
  return { content: JSON.stringify(value), type: named || "application/json" };
}

function isStream(value: object): value is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in value || value instanceof ReadableStream;
}

/** A body that is read as it is sent, and so only once. */
async function* streamOf(pieces: readonly (BlobPart | AsyncIterable<Uint8Array>)[]): AsyncGenerator<Uint8Array> {
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

/** A name between quotes, as the HTML standard has it: nothing in it ends the quotes or the line. */
function quoted(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

function oneLine(type: string): string {
  return type.replace(/[\r\n]+/g, " ");
}
