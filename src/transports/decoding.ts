/** Content codings, taken off as `fetch` takes them off. */

import { type Duplex, finished, Transform, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";
import type { Flow, ReceivedBody } from "./received-body.js";

/** What takes the pieces of a body in as they come off the connection. */
export interface Sink {
  push(chunk: Uint8Array): void;
  end(): void;
  fail(failure: unknown): void;
}

/** More of them is an attack: each multiplies what the one before made. */
const MOST_CODINGS = 5;

/** A coding that was cut off, or is slightly wrong, gives what can be had, as curl and browsers do. */
const LENIENT = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const LENIENT_BROTLI = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

const DECODERS: Readonly<Record<string, () => Duplex>> = {
  gzip: () => zlib.createGunzip(LENIENT),
  "x-gzip": () => zlib.createGunzip(LENIENT),
  deflate: () => new InflateEither(),
  br: () => zlib.createBrotliDecompress(LENIENT_BROTLI),
  ...zstdDecoder(),
};

/**
 * The codings that a `Content-Encoding` names, in the order in which they were put on; none when one of them is unknown, since
 * the body is handed on as it is then.
 *
 * @throws {Error} when there are more than anybody needs.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function codingsOf(contentEncoding: string): readonly string[] {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim());
  if (codings.length > MOST_CODINGS) {
    throw new Error(`too many content-encodings in response: ${codings.length}, maximum allowed is ${MOST_CODINGS}`);
  }
  return codings.every((coding) => Object.hasOwn(DECODERS, coding)) ? codings : [];
}

/** The flow of a body that is decoded: who reads it slows the decoders, and these slow the connection. */
export class Decoding implements Flow, Sink {
  readonly #stages: readonly Duplex[];
  readonly #wire: Flow;
  readonly #failed: (error: Error) => void;
  #body: ReceivedBody | undefined;
  #isEmpty = true;

  /** @param failed Hears that what came is not what its coding says. */
  constructor(codings: readonly string[], wire: Flow, failed: (error: Error) => void) {
    this.#stages = codings.map((coding) => DECODERS[coding]!()).reverse();
    this.#wire = wire;
    this.#failed = failed;
  }

  /** Says where decoded pieces go. */
  into(body: ReceivedBody): void {
    this.#body = body;
    const [first] = this.#stages;
    for (const [index, stage] of this.#stages.entries()) {
      stage.on("error", this.#failed);
      const next = this.#stages[index + 1];
      if (next !== undefined) stage.pipe(next);
    }
    first!.on("drain", () => this.#wire.resume());
    this.#last.on("data", (chunk: Buffer) => body.push(chunk)).on("end", () => body.end());
  }

  push(chunk: Uint8Array): void {
    this.#isEmpty = false;
    if (!this.#stages[0]!.write(chunk)) this.#wire.pause();
  }

  /** No bytes at all are an empty body under every coding, though no decoder takes them for one. */
  end(): void {
    if (this.#isEmpty) this.#body!.end();
    else this.#stages[0]!.end();
  }

  fail(failure: unknown): void {
    for (const stage of this.#stages) stage.destroy();
    this.#body!.fail(failure);
  }

  pause(): void {
    this.#last.pause();
  }

  resume(): void {
    this.#last.resume();
  }

  abort(reason: unknown): void {
    for (const stage of this.#stages) stage.destroy();
    this.#wire.abort(reason);
  }

  get #last(): Duplex {
    return this.#stages.at(-1)!;
  }
}

/** `deflate` with the zlib header that RFC 9110 asks for, or without it, as some services send it. */
class InflateEither extends Transform {
  #inflate: zlib.Inflate | zlib.InflateRaw | undefined;

  override _transform(chunk: Buffer, encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#inflate === undefined) {
      const hasHeader = (chunk[0]! & 0x0f) === 0x08;
      this.#inflate = hasHeader ? zlib.createInflate(LENIENT) : zlib.createInflateRaw(LENIENT);
      this.#inflate.on("data", (data: Buffer) => this.push(data) || this.#inflate?.pause());
      this.#inflate.on("error", (error) => this.destroy(error));
    }
    this.#inflate.write(chunk, encoding, () => done());
  }

  override _read(size: number): void {
    this.#inflate?.resume();
    super._read(size);
  }

  /** It may have come to its end already: what stands behind that is left out, as browsers do. */
  override _flush(done: TransformCallback): void {
    if (this.#inflate === undefined) done();
    else finished(this.#inflate.end(), { writable: false }, () => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#inflate?.destroy();
    done(error);
  }
}

/** Node has had it since 22.15. */
function zstdDecoder(): Record<string, () => Duplex> {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Duplex };
  return createZstdDecompress === undefined ? {} : { zstd: () => createZstdDecompress() };
}
