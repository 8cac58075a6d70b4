/** A response that is no more than it has to be: a real `Response` is made when somebody asks for what only that has. */

import { LightHeaders, type ReceivedHeaders } from "./headers.js";
import { type ReceivedBody, textOf } from "./received-body.js";

/** What stands in front of a body. */
export interface Head {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: ReceivedHeaders;
}

/**
 * Behaves as a `Response` that `fetch` brought. Text, JSON and bytes are read as they came off the connection; `body`, `clone`,
 * `blob` and `formData` make a real one of what is there, and everything goes through that from then on.
 */
export class LightResponse implements Response {
  readonly #head: Head;
  /** Null where there can be none: after HEAD, and with the statuses that have no body. */
  readonly #body: ReceivedBody | null;
  #headers: LightHeaders | undefined;
  #real: Response | undefined;
  #isUsed = false;

  constructor(head: Head, body: ReceivedBody | null, real?: Response) {
    this.#head = head;
    this.#body = body;
    this.#real = real;
  }

  get status(): number {
    return this.#head.status;
  }

  get statusText(): string {
    return this.#head.statusText;
  }

  get ok(): boolean {
    return this.#head.status >= 200 && this.#head.status <= 299;
  }

  get url(): string {
    return this.#head.url;
  }

  /** A transport follows no redirects. */
  get redirected(): boolean {
    return false;
  }

  get type(): ResponseType {
    return "basic";
  }

  get headers(): Headers {
    this.#headers ??= new LightHeaders(this.#head.headers);
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#whole().body;
  }

  get bodyUsed(): boolean {
    return this.#real === undefined ? this.#isUsed : this.#real.bodyUsed;
  }

  async text(): Promise<string> {
    return this.#real === undefined ? textOf(await this.#bytes()) : this.#real.text();
  }

  async json(): Promise<unknown> {
    return this.#real === undefined ? JSON.parse(textOf(await this.#bytes())) : this.#real.json();
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#real === undefined ? await this.#bytes() : await this.#real.arrayBuffer());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async blob(): Promise<Blob> {
    return this.#whole().blob();
  }

  async formData(): Promise<FormData> {
    return this.#whole().formData();
  }

  clone(): Response {
    return new LightResponse(this.#head, this.#body, this.#whole().clone());
  }

  /** Without values of headers and query, which may be secrets. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    const { status, statusText, ok, headers, bodyUsed, type, redirected } = this;
    const url = this.url.replace(/\?.*/s, "?…");
    return `Response ${inspect({ status, statusText, ok, headers, bodyUsed, type, url, redirected }, options)}`;
  }

  /** Its bytes, once. */
  async #bytes(): Promise<Uint8Array> {
    if (this.#body === null) return new Uint8Array();
    if (this.#isUsed) throw new TypeError("Body is unusable: Body has already been read");
    this.#isUsed = true;
    return this.#body.collect();
  }

  /** Made with what the body needs to be read; the head stays here, since no constructor takes it whole. */
  #whole(): Response {
    if (this.#real === undefined) {
      const type = this.headers.get("content-type");
      const stream = this.#isUsed ? emptyStream() : (this.#body?.stream() ?? null);
      this.#real = new Response(stream, { headers: type === null ? {} : { "content-type": type } });
      // What somebody has read stays read, and locked, as the reading of all of it leaves a stream.
      if (this.#isUsed) void this.#real.body!.getReader().cancel();
    }
    return this.#real;
  }
}

function emptyStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

// For `instanceof` and `constructor`, without the cost of a constructor that would make a stream.
Object.setPrototypeOf(LightResponse.prototype, Response.prototype);
Object.defineProperty(LightResponse.prototype, "constructor", { value: Response, configurable: true, writable: true });
