/** The body of a response on its way in: kept until somebody asks, then collected, or handed on piece by piece. */

import { Buffer } from "node:buffer";

/** The connection that a body comes from. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** Ends the request; the connection goes with it. Nothing happens once everything is here. */
  abort(reason: unknown): void;
}

/** How much is taken in before anybody asked for it: with more than that the connection waits. */
const UNASKED_BYTES = 64 * 1024;

const UTF_8 = new TextDecoder();

export class ReceivedBody {
  readonly #flow: Flow;
  readonly #signal: AbortSignal | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #state: "open" | "ended" | "failed" = "open";
  #failure: unknown;
  #collector: { readonly resolve: (bytes: Uint8Array) => void; readonly reject: (reason: unknown) => void } | undefined;
  #stream: { readonly controller: ReadableByteStreamController; wake: (() => void) | undefined } | undefined;

  constructor(flow: Flow, signal: AbortSignal | undefined) {
    this.#flow = flow;
    this.#signal = signal;
  }

  /** Whether it waits for somebody to ask, and holds its connection meanwhile. */
  get isUnasked(): boolean {
    return this.#state === "open" && this.#collector === undefined && this.#stream === undefined;
  }

  push(chunk: Uint8Array): void {
    if (this.#state !== "open") return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#stream?.wake !== undefined) this.#stream.wake();
    else if (this.#collector === undefined && this.#bytes >= UNASKED_BYTES) this.#flow.pause();
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    if (this.#collector !== undefined) this.#collector.resolve(this.#take());
    this.#stream?.wake?.();
  }

  fail(failure: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#failure = failure;
    this.#chunks = [];
    this.#collector?.reject(failure);
    if (this.#stream !== undefined) {
      this.#stream.controller.error(failure);
      this.#stream.wake?.();
    }
  }

  /** Lets go of what nobody asked for. */
  abandon(): void {
    this.#flow.abort(new DOMException("The operation was aborted.", "AbortError"));
  }

  /** All of it, once. */
  collect(): Promise<Uint8Array> {
    if (this.#signal?.aborted) return Promise.reject(this.#signal.reason);
    if (this.#state === "ended") return Promise.resolve(this.#take());
    if (this.#state === "failed") return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#collector = { resolve, reject };
      this.#flow.resume();
    });
  }

  /** Its pieces, once: each is taken from the connection when it is wanted. Who cancels lets go of the connection. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      type: "bytes",
      start: (controller) => {
        if (this.#signal?.aborted) controller.error(this.#signal.reason);
        else if (this.#state === "failed") controller.error(this.#failure);
        this.#stream = { controller, wake: undefined };
      },
      pull: (controller) => this.#pull(controller),
      cancel: (reason) => {
        this.#chunks = [];
        this.#flow.abort(reason ?? new DOMException("The operation was aborted.", "AbortError"));
      },
    });
  }

  async #pull(controller: ReadableByteStreamController): Promise<void> {
    if (this.#chunks.length === 0 && this.#state === "open") {
      await new Promise<void>((resolve) => {
        this.#stream!.wake = resolve;
        this.#flow.resume();
      });
      this.#stream!.wake = undefined;
    }
    if (this.#state === "failed") return;
    if (this.#signal?.aborted) return controller.error(this.#signal.reason);
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#bytes -= chunk.byteLength;
      // A copy: a byte stream takes the memory of what it is given, and this memory is the socket's.
      controller.enqueue(new Uint8Array(chunk));
      return;
    }
    controller.close();
    controller.byobRequest?.respond(0);
  }

  #take(): Uint8Array {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.#bytes);
  }
}

/** UTF-8 decode of the Encoding standard, as `text()` does it: a byte order mark is dropped, what is no UTF-8 replaced. */
export function textOf(bytes: Uint8Array): string {
  return UTF_8.decode(bytes);
}
