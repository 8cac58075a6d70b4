/**
 * Which way the requests of a suite go: by `fetch`, or by undici where `KEYTURN_TEST_TRANSPORT` says so. `vitest.config.ts` runs
 * the suites about calls in both ways.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Transport } from "../../src/transport.js";
import { undici } from "../../src/transports/undici.js";

type Fetch = (request: Request) => Promise<Response>;

const isUndici = process.env["KEYTURN_TEST_TRANSPORT"] === "undici";

/** Options of a client that calls a real server. */
export function transportUnderTest(): { readonly transport?: Transport } {
  return isUndici ? { transport: undici() } : {};
}

/**
 * Options of a client whose service is a function. On undici the function answers behind a real server: whatever host a request
 * is for, its connection leads there. What the function throws breaks the connection, and is what the caller hears.
 */
export function reaching(service: Fetch): { readonly fetch: Fetch } | { readonly transport: Transport } {
  return isUndici ? { transport: undiciTo(service) } : { fetch: service };
}

/** Says which request is which, on the way to the service alone. */
const NUMBER = "x-test-number";
/** What undici or HTTP adds on the way, and a service that is a function never sees. */
const ADDED: Readonly<Record<string, RegExp>> = {
  [NUMBER]: /^/,
  host: /^/,
  connection: /^/,
  "content-length": /^/,
  "transfer-encoding": /^/,
  accept: /^\*\/\*$/,
  "user-agent": /^node$/,
  "accept-encoding": /^(?:br, )?gzip, deflate$/,
};

/** A service behind the server of this process, and what went wrong in it, by the number of the request. */
interface Served {
  readonly service: Fetch;
  readonly protocols: Map<string, string>;
  readonly thrown: Map<string, unknown>;
}

const served = new Map<string, Served>();
let listening: Promise<number> | undefined;

/** The port of the one server that all services of a test file are behind: tests make hundreds of them. */
function portOfServer(): Promise<number> {
  listening ??= new Promise((resolve) => {
    const server = createServer((incoming, outgoing) => {
      const { host = "", [NUMBER]: number } = incoming.headers;
      const { service, protocols, thrown } = served.get(String(number).split(".")[0]!)!;
      answer(incoming, outgoing, service, protocols.get(host.replace(/:\d+$/, ""))!).catch((error: unknown) => {
        thrown.set(String(number), error);
        outgoing.destroy();
      });
    });
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    server.unref();
  });
  return listening;
}

function undiciTo(service: Fetch): Transport {
  const protocols = new Map<string, string>();
  const thrown = new Map<string, unknown>();
  const name = String(served.size);
  served.set(name, { service, protocols, thrown });
  let count = 0;
  const { send } = undici({
    connect: ({ hostname, protocol }, done) => {
      protocols.set(hostname, protocol);
      portOfServer().then((port) => {
        const socket = connect(port, "127.0.0.1", () => done(null, socket));
        socket.once("error", (error) => done(error, null));
      });
    },
  });
  return {
    async send(request) {
      count += 1;
      const number = `${name}.${count}`;
      return send({ ...request, headers: [...request.headers, NUMBER, number] }).catch((error: unknown) => {
        throw thrown.get(number) ?? error;
      });
    },
  };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, service: Fetch, protocol: string): Promise<void> {
  const { method = "GET", url, headers, rawHeaders } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const sent = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index]!, rawHeaders[index + 1]!];
    const added = Object.entries(ADDED).find(([one]) => one === name.toLowerCase())?.[1];
    if (!added?.test(value)) sent.append(name, value);
  }
  const body = method === "GET" || method === "HEAD" || chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const request = new Request(`${protocol}//${headers.host}${url}`, {
    method,
    headers: sent,
    ...body,
    signal: gone.signal,
    redirect: "manual",
  });
  const response = await service(request);
  const told = [...response.headers].filter(([name]) => !/^(?:connection|keep-alive|transfer-encoding)$/.test(name));
  outgoing.writeHead(response.status, response.statusText, told.flat());
  outgoing.flushHeaders();
  for await (const chunk of response.body ?? []) outgoing.write(chunk);
  outgoing.end();
}
