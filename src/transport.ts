/** How requests leave: what the runtime hands to a transport, what it expects back, and the transport that is plain `fetch`. */

import { Follower } from "./followed.js";
import { pairsOf } from "./wire/headers.js";

/** One request, complete: the runtime has put on it everything that it will say. */
export interface WireRequest {
  /** The operation that it belongs to. For messages and metrics; it is not sent. */
  readonly operationId: string;
  /** Upper case. */
  readonly method: string;
  /** Absolute, without a fragment. */
  readonly url: string;
  /**
   * A flat list: name, value, name, value. Names go on the wire as they stand here, where the transport can do that. `Host`,
   * `Content-Length` and what belongs to the connection are the transport's to write.
   */
  readonly headers: readonly string[];
  /**
   * Not consumed before it is sent, and read at most once; a string stays a string. What carries its own `Content-Type` (a form,
   * a `Blob`, a string) gets that, as `fetch` does it, when `headers` name none.
   */
  readonly body?: NonNullable<RequestInit["body"]> | AsyncIterable<Uint8Array> | undefined;
  /** Ends the request, and afterwards the reading of its response, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What becomes of an answer that leads elsewhere: it is handed back (`manual`), or it is a failure (`error`). A transport
   * never follows: the runtime does, since credentials stay behind at another origin.
   */
  readonly redirect: "manual" | "error";
}

/**
 * Sends requests. Handed to a client as `transport`.
 *
 * A transport is to its caller what `fetch` is: it answers with a `Response`, or with an object that behaves as one and is
 * `instanceof Response`; whatever the service said is an answer, and only what stood in the way of one is thrown, as
 * `TypeError: fetch failed` with the failure as its `cause`, or as the reason of the signal that ended it.
 */
export interface Transport {
  /** Sends one request, once: nothing is repeated here, whatever went wrong. */
  send(request: WireRequest): Promise<Response>;
  /** Lets requests under way come to their end, then lets go of the connections. Default: there is nothing to let go of. */
  close?(): Promise<void>;
}

/**
 * The transport that every platform has.
 *
 * @param fetch gets a `Request`. Default: the global one, looked up at each request, so that whoever replaces it is heard.
 */
export function fetchTransport(fetch?: (request: Request) => Promise<Response>): Transport {
  // The global one makes its own Request, once.
  const send = (url: string, init: RequestInit) =>
    fetch === undefined ? globalThis.fetch(url, init) : fetch(new Request(url, init));
  return {
    // A request that cannot be made is a rejection, as it is with `fetch`.
    async send(request) {
      const { url, signal } = request;
      const init = initOf(request);
      // Left to itself, `fetch` puts a listener on the signal for each request, and takes it off when garbage is collected.
      if (signal === undefined || signal.aborted) return send(url, init);
      const follower = new Follower(signal);
      try {
        init.signal = follower.signal;
        return follower.until(await send(url, init));
      } catch (error) {
        follower.end();
        throw error;
      }
    },
  };
}

function initOf({ method, headers, body, signal, redirect }: WireRequest): RequestInit {
  const init: RequestInit & { duplex?: "half" } = { method, headers: pairsOf(headers), redirect };
  if (signal !== undefined) init.signal = signal;
  if (body !== undefined) {
    init.body = isAsyncIterable(body) ? streamOf(body) : body;
    if (init.body instanceof ReadableStream) init.duplex = "half";
  }
  return init;
}

/** A `ReadableStream` is async iterable on some platforms, and a body as it is on all of them. */
function isAsyncIterable(body: NonNullable<WireRequest["body"]>): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body && !(body instanceof ReadableStream);
}

/** `ReadableStream.from`, which browsers lack: asks for a piece when one is wanted, and lets go of the source when none is. */
function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        await iterator.return?.(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
