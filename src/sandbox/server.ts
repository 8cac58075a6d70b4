/** The wire: HTTP in, outcomes out, and nothing left open at the end. */

import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, problem } from "./answers.js";
import { bodyBytes, type Outcome } from "./exchange.js";

/** A request, its body read. */
export interface Incoming {
  readonly method: string;
  /** As it came: percent-encoded, with its query. */
  readonly target: string;
  readonly headers: Headers;
  /** `undefined` when it was larger than a body may be. */
  readonly body: Buffer | undefined;
  /** Such as `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** Waits in real time, until the time is over or the server closes. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface Server {
  readonly origin: string;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly listener: (incoming: Incoming) => Promise<Outcome>;
}

/** How large a body may be, in bytes. */
export const BODY_LIMIT = 1_048_576;
/** A body may go on for so long beyond the limit before the connection ends, so that a client can read why. */
const DISCARD_LIMIT = 16 * BODY_LIMIT;

export async function startServer({ host, port, listener }: ServerOptions): Promise<Server> {
  const { wait, wakeAll } = createWaiting();
  const server = createServer((request, response) => {
    void serve(request, response, (incoming) => listener({ ...incoming, origin: originOf(server), wait }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    origin: originOf(server),
    async close() {
      wakeAll();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function originOf(server: HttpServer): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Timers that can all be brought to their end. */
function createWaiting(): { readonly wait: Incoming["wait"]; wakeAll(): void } {
  const waiting = new Set<() => void>();
  return {
    async wait(ms) {
      if (ms <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, ms);
        waiting.add(done);
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
      });
    },
    wakeAll() {
      for (const done of [...waiting]) done();
    },
  };
}

type Received = Omit<Incoming, "origin" | "wait">;

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  listener: (received: Received) => Promise<Outcome>,
): Promise<void> {
  // A client that goes away in the middle is its own business.
  request.on("error", () => response.destroy());
  response.on("error", () => response.destroy());
  try {
    const body = await readBody(request);
    const { method = "GET", url: target = "/" } = request;
    const outcome = await listener({ method, target, headers: readHeaders(request), body });
    if (outcome.kind === "drop") request.socket.destroy();
    else send(response, outcome.answer, outcome.cut);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else send(response, internalError(error));
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT) chunks.push(chunk);
    if (length > DISCARD_LIMIT) request.destroy();
  }
  return length > BODY_LIMIT ? undefined : Buffer.concat(chunks);
}

function readHeaders(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function send(response: ServerResponse, answer: Answer, cut?: number): void {
  const bytes = bodyBytes(answer);
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.mediaType !== undefined && !response.hasHeader("content-type"))
    response.setHeader("Content-Type", answer.mediaType);
  if (answer.status !== 204 && answer.status !== 304) response.setHeader("Content-Length", bytes.length);
  if (cut === undefined) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, cut), () => response.destroy());
}

/** A document that cannot be played, such as one with a schema that is none, is said and not hidden. */
function internalError(error: unknown): Answer {
  return problem(500, "The sandbox cannot play this", { detail: error instanceof Error ? error.message : String(error) });
}
