import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createSecureServer, type Http2Server } from "node:http2";
import { type AddressInfo, connect, createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";
import { Agent, ProxyAgent } from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fetchTransport, type Transport, type WireRequest } from "../../src/transport.js";
import { undici } from "../../src/transports/undici.js";
import { collectGarbage } from "../support/garbage.js";
import { NEVER_MS } from "../support/waiting.js";
import { selfSigned } from "./certificate.js";
import { described } from "./outcome.js";

const LONG = Buffer.alloc(8 * 1024 * 1024, "long ");

const CODE: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  identity: (body) => body,
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

const cleanups: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("connections", () => {
  it("are used again", async () => {
    const { url, connections } = await serve((_request, response) => response.end("ok"));
    const transport = own(undici());
    for (let call = 0; call < 20; call += 1) await (await get(transport, url)).text();
    // undici lets a connection rest for a turn of the event loop: the next request may find it too early.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it("are no more than were asked for", async () => {
    const { url, connections } = await serve((_request, response) => setTimeout(() => response.end("ok"), 5));
    const transport = own(undici({ connections: 3 }));
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await get(transport, url)).text()));
    expect(answers).toEqual(Array.from({ length: 20 }, () => "ok"));
    expect(connections()).toBe(3);
  });

  it("come free when a short answer is not read", async () => {
    const { url, connections } = await serve((_request, response) => response.end("short"));
    const transport = own(undici({ connections: 1 }));
    for (let call = 0; call < 5; call += 1) expect((await get(transport, url)).status).toBe(200);
    expect(connections()).toBe(1);
  });

  it("come free when the body of a long answer is cancelled", async () => {
    const { url, closed } = await serve((_request, response) => response.end(LONG));
    const transport = own(undici({ connections: 1 }));
    const response = await get(transport, url);
    await response.body?.cancel();
    await closed();
    expect((await get(transport, url)).status).toBe(200);
  });

  it("come free when a long answer is forgotten", async () => {
    const { url } = await serve((_request, response) => response.end(LONG));
    const transport = own(undici({ connections: 1 }));
    for (let call = 0; call < 3; call += 1) {
      let isAnswered = false;
      const status = get(transport, url).then((response) => {
        isAnswered = true;
        return response.status;
      });
      await vi.waitUntil(async () => {
        await collectGarbage();
        return isAnswered;
      }, NEVER_MS);
      expect(await status).toBe(200);
    }
  });

  it("go through a unix socket", async () => {
    const socketPath = join(tmpdir(), `keyturn-${process.pid}-${Date.now()}.sock`);
    await listening(
      createHttpServer((request, response) => response.end(request.headers.host)),
      socketPath,
    );
    const transport = own(undici({ connect: { socketPath } }));
    expect(await (await get(transport, "http://service.example/")).text()).toBe("service.example");
  });

  it("go through a proxy that is handed in", async () => {
    const { url } = await serve((_request, response) => response.end("behind the proxy"));
    const asked: string[] = [];
    const proxy = createHttpServer().on("connect", (request: IncomingMessage, socket: Socket) => {
      asked.push(request.url!);
      const { hostname, port } = new URL(`http://${request.url}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write("HTTP/1.1 200 Connected\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
      cleanups.push(() => onward.destroy());
    });
    await listening(proxy);
    const dispatcher = new ProxyAgent(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    cleanups.push(() => dispatcher.destroy());
    const transport = undici({ dispatcher });
    expect(await (await get(transport, url)).text()).toBe("behind the proxy");
    expect(asked).toEqual([new URL(url).host]);
  });
});

describe("TLS", () => {
  const certificate = selfSigned();

  it("fails as fetch does with a certificate that nobody knows", async () => {
    const url = await secure(certificate);
    const failures = await Promise.all(
      [fetchTransport(), own(undici())].map((transport) => get(transport, url).then(() => "answered", described)),
    );
    expect(failures[1]).toMatchObject({ message: "fetch failed", cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
    expect(failures[1]).toEqual(failures[0]);
  });

  it("trusts the authorities that it is told of, and offers br", async () => {
    const url = await secure(certificate);
    const transport = own(undici({ connect: { ca: certificate.cert } }));
    expect(await (await get(transport, url)).json()).toMatchObject({ version: "1.1", coding: "br, gzip, deflate" });
  });

  it("speaks HTTP/2 when it may, many requests on one connection, up and down", async () => {
    const sessions: unknown[] = [];
    const url = await secure(certificate, sessions);
    const transport = own(undici({ allowH2: true, connections: 1, connect: { ca: certificate.cert } }));
    const first = await get(transport, url);
    expect([first.status, first.statusText, first.headers.getSetCookie()]).toEqual([200, "", ["a=1", "b=2"]]);
    expect(await first.json()).toMatchObject({ version: "2.0", method: "GET", headers: { "x-a": "1" } });
    const posted = await Promise.all(
      ["text", streamOf("te", "xt"), new Blob(["text"]), pieces("te", "xt")].map(async (body) =>
        (await transport.send({ ...request(url), method: "POST", body })).json(),
      ),
    );
    for (const answer of posted) expect(answer).toMatchObject({ version: "2.0", method: "POST", body: "text" });
    expect(sessions).toHaveLength(1);
  });

  it("ends a request on HTTP/2 for the caller's reason", async () => {
    const url = await secure(certificate);
    const transport = own(undici({ allowH2: true, connect: { ca: certificate.cert } }));
    const controller = new AbortController();
    const reason = new RangeError("enough");
    const response = await transport.send({ ...request(`${url}endless`), signal: controller.signal });
    const reading = response.text();
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect((await get(transport, url)).status).toBe(200);
  });
});

describe("time-outs", () => {
  it("of the head have undici's code", async () => {
    const { url } = await serve(() => {});
    const failure = get(own(undici({ headersTimeout: 50 })), url);
    expect(await failure.catch(described)).toMatchObject({
      message: "fetch failed",
      cause: { code: "UND_ERR_HEADERS_TIMEOUT" },
    });
  });

  it("of a silent body have undici's code", async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { "content-length": 10 }).write("ab"));
    const response = await get(own(undici({ bodyTimeout: 50 })), url);
    expect(await response.text().catch(described)).toMatchObject({
      message: "terminated",
      cause: { code: "UND_ERR_BODY_TIMEOUT" },
    });
  });
});

describe("pressure", () => {
  it("holds a long answer back until somebody reads, and then all of it comes", async () => {
    let sent = 0;
    const { url } = await serve(async (_request, response) => {
      for (; sent < 64; sent += 1) if (!response.write(Buffer.alloc(1024 * 1024))) await once(response, "drain");
      response.end();
    });
    const response = await get(own(undici()), url);
    const reader = response.body!.getReader();
    let received = (await reader.read()).value!.byteLength;
    const before = await settled(() => sent);
    expect(before).toBeLessThan(32);
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) received += piece.value.byteLength;
    expect(received).toBe(64 * 1024 * 1024);
  });

  it.each(["identity", "gzip", "deflate", "gzip, br"])(
    "lets an answer under %s wait, and all of it comes when asked for",
    async (coding) => {
      const coded = coding.split(", ").reduce<Buffer>((body, name) => CODE[name]!(body), LONG);
      const { url } = await serve((_request, response) => response.writeHead(200, { "content-encoding": coding }).end(coded));
      const transport = own(undici({ connections: 1 }));
      const response = await get(transport, url);
      await settled(() => 0);
      expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), LONG)).toBe(0);
      const streamed = await get(transport, url);
      await settled(() => 0);
      let received = 0;
      for await (const piece of streamed.body!) received += piece.byteLength;
      expect(received).toBe(LONG.byteLength);
    },
  );

  it("takes little of an answer that would be a thousand times as long when it is decoded", async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const { url } = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    const before = process.memoryUsage().rss;
    const response = await get(own(undici()), url);
    await settled(() => 0);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    await response.body?.cancel();
  });

  it("asks a source for no more than the service takes", async () => {
    let resume = () => {};
    const { url } = await serve((incoming, response) => {
      incoming.pause();
      resume = () => incoming.resume();
      incoming.on("end", () => response.end("ok"));
    });
    let asked = 0;
    const source = (async function* () {
      for (; asked < 64; asked += 1) yield new Uint8Array(1024 * 1024);
    })();
    const sending = own(undici()).send({ ...request(url), method: "POST", body: source });
    expect(await settled(() => asked)).toBeLessThan(32);
    resume();
    expect(await (await sending).text()).toBe("ok");
    expect(asked).toBe(64);
  });

  it("lets go of a source as soon as its request is given up", async () => {
    const { url } = await serve(() => {});
    const controller = new AbortController();
    let cancelled: unknown;
    const body = new ReadableStream<Uint8Array>({
      start: (to) => to.enqueue(new Uint8Array([1])),
      cancel(reason) {
        cancelled = reason;
      },
    });
    const sending = own(undici()).send({ ...request(url), method: "POST", body, signal: controller.signal });
    await settled(() => body.locked);
    controller.abort("enough");
    await expect(sending).rejects.toBe("enough");
    expect(cancelled).toBe("enough");
  });
});

describe("what is given up", () => {
  it("while it waits for a connection never reaches the service", async () => {
    const paths: (string | undefined)[] = [];
    const { url } = await serve((incoming, response) => {
      paths.push(incoming.url);
      setTimeout(() => response.end("ok"), 50);
    });
    const transport = own(undici({ connections: 1 }));
    const controller = new AbortController();
    const first = get(transport, `${url}first`);
    const second = transport.send({ ...request(`${url}second`), signal: controller.signal });
    const third = get(transport, `${url}third`);
    controller.abort(new RangeError("enough"));
    await expect(second).rejects.toThrow(RangeError);
    expect(await Promise.all([first, third].map(async (one) => (await one).text()))).toEqual(["ok", "ok"]);
    expect(paths).toEqual(["/first", "/third"]);
  });

  it("ends its connection, so that the service hears of it", async () => {
    const { url, closed } = await serve(() => {});
    const controller = new AbortController();
    const sending = own(undici()).send({ ...request(url), signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(sending).rejects.toThrow("aborted");
    await closed();
  });
});

describe("close", () => {
  it("lets requests under way come to their end, and refuses further ones", async () => {
    const { url, closed } = await serve((_request, response) => setTimeout(() => response.end("ok"), 30));
    const transport = undici();
    const sending = get(transport, url).then((response) => response.text());
    await transport.close?.();
    expect(await sending).toBe("ok");
    await closed();
    expect(await get(transport, url).catch(described)).toMatchObject({
      message: "fetch failed",
      cause: { code: expect.stringMatching(/^UND_ERR_(?:CLOSED|DESTROYED)$/) },
    });
  });

  it("does not wait for an answer that nobody reads", async () => {
    const { url } = await serve((_request, response) => response.end(LONG));
    const transport = undici();
    const response = await get(transport, url);
    await settled(() => 0);
    await transport.close?.();
    await expect(response.text()).rejects.toThrow("aborted");
  });

  it("leaves a dispatcher that was handed in to its owner", async () => {
    const { url } = await serve((_request, response) => response.end("ok"));
    const dispatcher = new Agent();
    cleanups.push(() => dispatcher.close());
    await undici({ dispatcher }).close?.();
    expect(await (await get(undici({ dispatcher }), url)).text()).toBe("ok");
  });
});

/** As much as an answer takes in unasked: with its last byte the connection begins to wait. */
const UNASKED = Buffer.alloc(64 * 1024, "x");
const LENGTH = `content-length: ${UNASKED.length}\r\n`;

describe("a connection that waits for its reader", () => {
  it.each<[string, string, "end" | "resetAndDestroy", number | "terminated"]>([
    ["closes behind a body of that length", `${LENGTH}connection: close\r\n`, "end", UNASKED.length],
    ["closes behind a body of that length, though it was to be kept", LENGTH, "end", UNASKED.length],
    ["is reset behind a body of that length", `${LENGTH}connection: close\r\n`, "resetAndDestroy", UNASKED.length],
    ["closes, and with it the body", "", "end", UNASKED.length],
    ["is reset within a body", "", "resetAndDestroy", "terminated"],
  ])("%s: the answer is what has come", async (_what, headers, end, expected) => {
    const head = `HTTP/1.1 200 OK\r\n${headers}\r\n`;
    const server = createNetServer((socket) => {
      socket
        .on("error", () => {})
        .once("data", () => {
          socket.write(head);
          socket.write(UNASKED);
          answered = socket;
        });
    });
    let answered: Socket | undefined;
    let ours: Socket | undefined;
    const connected = channel("undici:client:connected");
    const listener = (message: unknown) => {
      ours = (message as { readonly socket: Socket }).socket;
    };
    connected.subscribe(listener);
    cleanups.push(() => connected.unsubscribe(listener));

    const response = await get(own(undici()), await listening(server));
    await vi.waitUntil(() => ours!.bytesRead === head.length + UNASKED.length, 10_000);
    answered![end]();
    await vi.waitUntil(() => ours!.closed, 10_000);
    const read = response.text().then(
      (text) => text.length,
      (error: Error) => error.message,
    );
    expect(await read).toBe(expected);
  });
});

describe("undici()", () => {
  it("says so where the module of that name sends nothing", () => {
    vi.stubGlobal("Bun", {});
    cleanups.push(() => vi.unstubAllGlobals());
    expect(() => undici()).toThrow("cannot dispatch requests");
    expect(() => undici({ dispatcher: {} as Agent })).toThrow(TypeError);
  });
});

function request(url: string): WireRequest {
  return { operationId: "op", method: "GET", url, headers: ["x-a", "1"], redirect: "manual" };
}

function get(transport: Transport, url: string): Promise<Response> {
  return transport.send(request(url));
}

function own(transport: Transport): Transport {
  cleanups.push(() => transport.close?.());
  return transport;
}

interface Served {
  readonly url: string;
  /** How many connections there have been. */
  readonly connections: () => number;
  /** Settles when none is left. */
  readonly closed: () => Promise<void>;
}

async function serve(listener: RequestListener): Promise<Served> {
  const server = createHttpServer(listener);
  const open = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  const url = await listening(server);
  return { url, connections: () => connections, closed: () => vi.waitUntil(() => open.size === 0, NEVER_MS).then(() => {}) };
}

async function listening(server: Server | NetServer | Http2Server, at: string | number = 0): Promise<string> {
  const sockets = new Set<Socket>();
  (server as NetServer).on("connection", (socket) => sockets.add(socket));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(at);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Over TLS, by HTTP/2 or 1.1, whichever the client wants: tells what it saw. */
async function secure({ cert, key }: { cert: string; key: string }, sessions: unknown[] = []): Promise<string> {
  const server = createSecureServer({ cert, key, allowHTTP1: true }, async (incoming, response) => {
    if (incoming.url === "/endless") return void response.write("beginning");
    let body = "";
    for await (const chunk of incoming) body += String(chunk);
    const { httpVersion: version, method, headers } = incoming;
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.end(JSON.stringify({ version, method, coding: headers["accept-encoding"], headers, body }));
  });
  server.on("session", (session) => sessions.push(session));
  return (await listening(server)).replace("http:", "https:");
}

async function* pieces(...values: string[]): AsyncGenerator<Uint8Array> {
  for (const value of values) yield new TextEncoder().encode(value);
}

function streamOf(...values: string[]): ReadableStream<Uint8Array> {
  return new Blob(values).stream();
}

/** What a value comes to when it does not change any more. */
async function settled<Value>(look: () => Value): Promise<Value> {
  let last = look();
  for (let same = 0; same < 5; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    same = look() === last ? same + 1 : 0;
    last = look();
  }
  return last;
}
