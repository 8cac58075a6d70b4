/** What undici is given of a request: the header list with what `fetch` would add, and the body in a form that undici sends. */

import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import type { WireRequest } from "../transport.js";
import { blobOf } from "./form.js";

/** A body, and what belongs to it. */
export interface OutgoingBody {
  readonly body: string | Uint8Array | Blob | AsyncIterable<Uint8Array>;
  /** Goes out when the request names no type of its own. */
  readonly type?: string;
  /** Lets go of the source when the request is over before the body is. */
  readonly drop?: (reason: unknown) => void;
}

/** @see https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHODS = ["CONNECT", "TRACE", "TRACK"];
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
/** What the Fetch standard lets into a header: undici lets in less, and says so as the cause of a failure. */
const NOT_A_VALUE = /[\0\r\n\u0100-\uffff]/;
/** Fetch takes these off both ends of a header's value. */
const OUTER_SPACE = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const SPACE = 0x20;

/** @throws {TypeError} when `fetch` would not send such a request: the method is none of its methods, or takes no body. */
export function checkMethod({ method, body }: WireRequest): void {
  if (FORBIDDEN_METHODS.includes(method)) throw new TypeError(`'${method}' HTTP method is unsupported.`);
  if (body !== undefined && (method === "GET" || method === "HEAD")) {
    throw new TypeError("Request with GET/HEAD method cannot have body.");
  }
}

/**
 * The header list as it goes out: what the caller wrote, then what is missing. `Host` is undici's to write.
 *
 * @param bodyType The media type of the body, for when the list names none.
 */
export function headersOf(given: readonly string[], secure: boolean, bodyType: string | undefined): string[] {
  const headers: string[] = [];
  let type = bodyType;
  let accept = true;
  let agent = true;
  let coding = true;
  let isRange = false;
  for (let index = 0; index + 1 < given.length; index += 2) {
    const name = given[index]!;
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === "host") continue;
        break;
      case 5:
        if (name.toLowerCase() === "range") isRange = true;
        break;
      case 6:
        if (name.toLowerCase() === "accept") accept = false;
        break;
      case 10:
        if (name.toLowerCase() === "user-agent") agent = false;
        break;
      case 12:
        if (name.toLowerCase() === "content-type") type = undefined;
        break;
      case 15:
        if (name.toLowerCase() === "accept-encoding") coding = false;
        break;
    }
    headers.push(name, trimmed(given[index + 1]!));
  }
  if (type !== undefined) headers.push("content-type", type);
  if (accept) headers.push("accept", "*/*");
  if (agent) headers.push("user-agent", "node");
  if (coding) headers.push("accept-encoding", isRange ? "identity" : secure ? "br, gzip, deflate" : "gzip, deflate");
  return headers;
}

/**
 * The body as undici takes it. What could still change is copied, as `fetch` does it; a `Blob` and a stream are read while they
 * are sent.
 *
 * @see https://fetch.spec.whatwg.org/#concept-bodyinit-extract
 */
export function outgoingBody(body: NonNullable<WireRequest["body"]>): OutgoingBody {
  if (typeof body === "string") return { body, type: "text/plain;charset=UTF-8" };
  if (body instanceof URLSearchParams) {
    return { body: body.toString(), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  if (body instanceof ArrayBuffer) return { body: Buffer.from(body.slice(0)) };
  if (ArrayBuffer.isView(body))
    return { body: Buffer.copyBytesFrom(new Uint8Array(body.buffer, body.byteOffset, body.byteLength)) };
  if (body instanceof FormData) return typed(blobOf(body) as Blob);
  if (body instanceof Blob) return typed(body);
  if (body instanceof ReadableStream && (body.locked || Readable.isDisturbed(body as unknown as Readable))) {
    throw new TypeError("Response body object should not be disturbed or locked");
  }
  return streamed(body);
}

/** Lets go of a body that is not sent at all. */
export function dropBody({ body }: WireRequest, reason: unknown): void {
  if (typeof body === "object" && Symbol.asyncIterator in body) outgoingBody(body).drop?.(reason);
}

/**
 * Why undici would not take a request, where `fetch` says so itself; nothing where it fails in the same way. No message quotes
 * a value: it may be a secret.
 */
export function explainRefusal(error: unknown, { method, headers }: WireRequest): TypeError | undefined {
  if ((error as { code?: unknown } | null)?.code !== "UND_ERR_INVALID_ARG") return undefined;
  if (!TOKEN.test(method)) return new TypeError(`'${method}' is not a valid HTTP method.`);
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index]!;
    if (!TOKEN.test(name)) return new TypeError(`${JSON.stringify(name)} is an invalid header name.`);
    if (NOT_A_VALUE.test(trimmed(headers[index + 1]!))) return new TypeError(`The header "${name}" has an invalid value.`);
  }
  return undefined;
}

function typed(blob: Blob): OutgoingBody {
  return blob.type === "" ? { body: blob } : { body: blob, type: blob.type };
}

/** One reader for sending and for letting go: `for await` alone would not hear of the end while it waits for a piece. */
function streamed(source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): OutgoingBody {
  const iterator = source instanceof ReadableStream ? iteratorOf(source) : source[Symbol.asyncIterator]();
  const drop = (reason: unknown) => void iterator.return?.(reason).catch(() => {});
  return { body: { [Symbol.asyncIterator]: () => iterator }, drop };
}

function iteratorOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
    async return(reason: unknown) {
      await reader.cancel(reason);
      return { done: true, value: undefined };
    },
  };
}

function trimmed(value: string): string {
  const { length } = value;
  const isTrim = length === 0 || (value.charCodeAt(0) > SPACE && value.charCodeAt(length - 1) > SPACE);
  return isTrim ? value : value.replace(OUTER_SPACE, "");
}
