/** One request on its way and its answer, as undici tells of them. */

import { type Listener, listen, unlisten } from "../signals.js";
import type { WireRequest } from "../transport.js";
import { codingsOf, Decoding, type Sink } from "./decoding.js";
import type { ReceivedHeaders } from "./headers.js";
import { LightResponse } from "./light-response.js";
import { explainRefusal } from "./outgoing.js";
import { type Flow, ReceivedBody } from "./received-body.js";

/** What undici lets a handler do to its request. */
export interface Controller {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

/** What the exchange knows of the request that it belongs to. */
export interface Sent {
  readonly request: WireRequest;
  /** As the response says it. */
  readonly url: string;
  /** Lets go of the source of a body that is not wanted any more. */
  readonly dropBody: ((reason: unknown) => void) | undefined;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const WITHOUT_BODY = [204, 205, 304];

/** The bodies of one transport that wait, and hold their connections, because nobody has asked for them. */
export class Waiting {
  readonly #bodies = new Set<ReceivedBody>();
  #isClosed = false;

  add(body: ReceivedBody): void {
    if (this.#isClosed) body.abandon();
    else this.#bodies.add(body);
  }

  delete(body: ReceivedBody): boolean {
    return this.#bodies.delete(body);
  }

  /** Lets go of those that wait, and from now on of each that would begin to: it would never come to an end. */
  close(): void {
    this.#isClosed = true;
    for (const body of this.#bodies) if (body.isUnasked) body.abandon();
  }
}

/** Whoever forgets a response that is still coming forgets its connection with it. */
const forgotten = new FinalizationRegistry((forget: () => void) => forget());

/** The handler of one `dispatch`. Its members are called by undici, in the order in which they stand here. */
export class Exchange implements Flow, Listener {
  readonly #sent: Sent;
  readonly #waiting: Waiting;
  /** Until there is an answer: both hold what the promise has come to. */
  #settle: { readonly resolve: (response: Response) => void; readonly reject: (reason: unknown) => void } | undefined;
  #controller: Controller | undefined;
  #sink: Sink | undefined;
  #body: ReceivedBody | undefined;
  /** How long the body is to be, as its header says it, and how much of it has come, in bytes. */
  #announced: ReceivedHeaders[string];
  #received = 0;
  /** Held no longer than the connection does not wait, so that one that nobody wants can be forgotten. */
  #response: Response | undefined;
  #isOver = false;
  #endedBy: { readonly reason: unknown } | undefined;

  constructor(sent: Sent, waiting: Waiting, resolve: (response: Response) => void, reject: (reason: unknown) => void) {
    this.#sent = sent;
    this.#waiting = waiting;
    this.#settle = { resolve, reject };
    if (sent.request.signal !== undefined) listen(sent.request.signal, this);
  }

  /** Hears that the caller gives up. */
  onAbort(reason: unknown): void {
    this.#sent.dropBody?.(reason);
    this.abort(reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    // Given up while it waited for a connection.
    if (this.#endedBy !== undefined) controller.abort(abortError());
  }

  onResponseStart(controller: Controller, status: number, headers: ReceivedHeaders, statusText = ""): void {
    if (status < 200 || this.#isOver) return;
    const { url, request } = this.#sent;
    this.#controller = controller;
    if (request.redirect === "error" && REDIRECTS.includes(status)) this.#refuse(new Error("unexpected redirect"));
    const hasBody = !this.#isOver && request.method !== "HEAD" && !WITHOUT_BODY.includes(status);
    this.#announced = headers["content-length"];
    const body = hasBody ? this.#bodyUnder(headers["content-encoding"]) : null;
    if (!this.#isOver) this.#answer(new LightResponse({ url, status, statusText, headers }, body));
  }

  onResponseData(_controller: Controller, chunk: Uint8Array): void {
    this.#received += chunk.byteLength;
    this.#sink?.push(chunk);
  }

  onResponseEnd(): void {
    this.#over();
    this.#sink?.end();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    this.#fail(error);
  }

  pause(): void {
    // Nothing more can come: a wait would only keep the connection from hearing that it is done.
    if (Number(this.#announced) === this.#received) return;
    this.#controller?.pause();
    const response = this.#response;
    const body = this.#body;
    if (body === undefined || response === undefined || !body.isUnasked) return;
    this.#response = undefined;
    forgotten.register(response, () => body.isUnasked && this.abort(abortError()), this);
    this.#waiting.add(body);
  }

  resume(): void {
    this.#waitNoMore();
    this.#controller?.resume();
  }

  abort(reason: unknown): void {
    if (this.#isOver) return;
    this.#endedBy = { reason };
    this.#fail(undefined);
    this.#controller?.abort(abortError());
  }

  /** The body, with its codings taken off. */
  #bodyUnder(contentEncoding: ReceivedHeaders[string]): ReceivedBody {
    const codings = contentEncoding === undefined ? [] : this.#codings(String(contentEncoding));
    const decoding = codings.length === 0 ? undefined : new Decoding(codings, this, (error) => this.#damaged(error));
    this.#body = new ReceivedBody(decoding ?? this, this.#sent.request.signal);
    decoding?.into(this.#body);
    this.#sink = decoding ?? this.#body;
    return this.#body;
  }

  #codings(contentEncoding: string): readonly string[] {
    try {
      return codingsOf(contentEncoding);
    } catch (error) {
      this.#refuse(error);
      return [];
    }
  }

  #answer(response: Response): void {
    this.#response = response;
    this.#settle?.resolve(response);
    this.#settle = undefined;
  }

  /** An answer that is a failure: the connection it came by is not used again. */
  #refuse(cause: unknown): void {
    this.#fail(cause);
    this.#controller?.abort(abortError());
  }

  /** What came is not what its coding says; it may all have come. */
  #damaged(error: Error): void {
    if (this.#isOver) this.#sink?.fail(new TypeError("terminated", { cause: error }));
    else this.#refuse(error);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#over();
    const why = (message: string, cause: unknown) =>
      this.#endedBy === undefined ? new TypeError(message, { cause }) : this.#endedBy.reason;
    if (this.#settle === undefined) {
      this.#sink?.fail(why("terminated", error));
      return;
    }
    this.#settle.reject(explainRefusal(error, this.#sent.request) ?? why("fetch failed", error));
    this.#settle = undefined;
  }

  #over(): void {
    this.#isOver = true;
    if (this.#sent.request.signal !== undefined) unlisten(this.#sent.request.signal, this);
    this.#waitNoMore();
  }

  #waitNoMore(): void {
    if (this.#body === undefined || !this.#waiting.delete(this.#body)) return;
    forgotten.unregister(this);
  }
}

function abortError(): DOMException {
  return new DOMException("The operation was aborted.", "AbortError");
}
