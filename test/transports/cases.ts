/** The cases in which both transports must do the same: what is asked, what is answered, how it is read. */

import type { Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import type { WireRequest } from "../../src/transport.js";
import { turns } from "../support/waiting.js";
import type { Answer } from "./loopback.js";
import type { Read } from "./outcome.js";

export interface Case {
  readonly title: string;
  /** What deviates from a GET of "/". Made anew for each transport. */
  readonly request?: () => Partial<WireRequest> & { readonly path?: string; readonly secure?: boolean };
  /** The answer of an HTTP server. Default: 200, "ok". */
  readonly answer?: Answer;
  /** Bytes, instead of an HTTP server. */
  readonly raw?: (socket: Socket) => void;
  readonly read?: Read;
}

const text = (body: string | Buffer, headers: Record<string, string | string[]> = {}, status = 200): Answer => {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "text/plain", ...headers });
    response.end(body);
  };
};
const coded = (coding: string, body: Buffer): Answer => text(body, { "content-encoding": coding });
const json = text('{"a":[1,"ä"]}', { "content-type": "application/json" });
const post = (body: WireRequest["body"], ...headers: string[]) => ({ method: "POST", body, headers });
const bytes = (value: string) => new TextEncoder().encode(value);
const LONG = "long ".repeat(50_000);

async function* pieces(...values: string[]): AsyncGenerator<Uint8Array> {
  for (const value of values) yield bytes(value);
}

function streamOf(...values: string[]): ReadableStream<Uint8Array> {
  return streamOfPieces(values.map(bytes));
}

function streamOfPieces(pieces: readonly unknown[]): ReadableStream<Uint8Array> {
  return new ReadableStream<unknown>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  }) as ReadableStream<Uint8Array>;
}

const methods: Case[] = [
  ...["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"].map((method) => ({
    title: `${method} without a body`,
    request: () => ({ method }),
    answer: json,
  })),
  ...["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"].map((method) => ({
    title: `${method} with a body`,
    request: () => ({ method, body: "text" }),
  })),
  ...["GET", "HEAD"].map((method) => ({ title: `${method} takes no body`, request: () => ({ method, body: "" }) })),
  ...["CONNECT", "TRACE", "TRACK"].map((method) => ({ title: `${method} is refused`, request: () => ({ method }) })),
  { title: "a method that is no token is refused", request: () => ({ method: "A B" }) },
];

const addresses: Case[] = [
  ...[
    "/a/b?c=d&e=f%20g",
    "/a%2Fb/%C3%A4",
    "/a/../b/./c",
    "/a/%2e%2E/b",
    "/a/.hidden/..c",
    "/a b/c d?e f",
    "/ä/ö?ü=€",
    "/a?b='c'",
    "//a//b/",
    "/a|b[c]{d}^e`f?g|h[i]{j}^k`l",
    "/a\\b\\c",
    '/a?b="c"<d>',
    "/a\tb\nc",
    "?a=b",
    "",
    "/a;b=c,d:e@f!g$h&i*(j)+k=~l",
    "/a%",
    "/%zz",
  ].map((path) => ({ title: `the address ${JSON.stringify(path)}`, request: () => ({ path }) })),
  ...[
    "no address",
    "/only/a/path",
    "http://user:password@127.0.0.1:1/",
    "ftp://127.0.0.1/",
    "http://127.0.0.1:25/",
    "http://127.0.0.1:99999/",
    "http://[::1/",
    "http://a b/",
  ].map((url) => ({ title: `the address ${url} is refused`, request: () => ({ url }) })),
];

const requestHeaders: Case[] = [
  { title: "names keep their case", request: () => ({ headers: ["X-One", "1", "x-TWO", "2", "ETag", "3"] }) },
  { title: "a value in latin1", request: () => ({ headers: ["x-a", "caf\u00e9 \u00ff"] }) },
  { title: "an empty value", request: () => ({ headers: ["x-a", ""] }) },
  { title: "space around a value", request: () => ({ headers: ["x-a", " \t1 2\t ", "x-b", "   "] }) },
  { title: "a value that ends with a line end", request: () => ({ headers: ["x-a", "1\r\n"] }) },
  { title: "a line end within a value", request: () => ({ headers: ["x-a", "1\r\nx-b: 2"] }) },
  { title: "NUL within a value", request: () => ({ headers: ["x-a", "1\u00002"] }) },
  { title: "a control character within a value", request: () => ({ headers: ["x-a", "1\u00012"] }) },
  { title: "a character wider than a byte", request: () => ({ headers: ["x-a", "1\u20ac"] }) },
  { title: "a name that is no token", request: () => ({ headers: ["x a", "1"] }) },
  { title: "an empty name", request: () => ({ headers: ["", "1"] }) },
  { title: "Host is not the caller's", request: () => ({ headers: ["Host", "elsewhere.example"] }) },
  { title: "Connection: close", request: () => ({ headers: ["Connection", "close"] }) },
  { title: "Content-Length, the right one", request: () => post("text", "Content-Length", "4") },
  { title: "Content-Length, another one", request: () => post("text", "Content-Length", "5") },
  { title: "Content-Length of a stream", request: () => post(streamOf("te", "xt"), "Content-Length", "4") },
  { title: "Transfer-Encoding is refused", request: () => post("text", "Transfer-Encoding", "chunked") },
  { title: "Keep-Alive is refused", request: () => ({ headers: ["Keep-Alive", "timeout=5"] }) },
  { title: "Upgrade is refused", request: () => ({ headers: ["Upgrade", "websocket"] }) },
  { title: "Expect is refused", request: () => post("text", "Expect", "100-continue") },
  { title: "an Accept of one's own", request: () => ({ headers: ["Accept", "text/html"] }) },
  { title: "a User-Agent of one's own", request: () => ({ headers: ["User-Agent", "mine/1"] }) },
  { title: "an Accept-Encoding of one's own", request: () => ({ headers: ["Accept-Encoding", "br"] }) },
  { title: "a part asks for no coding", request: () => ({ headers: ["Range", "bytes=0-1"] }) },
  { title: "long headers", request: () => ({ headers: ["x-a", "a".repeat(100_000)] }) },
  { title: "many headers", request: () => ({ headers: Array.from({ length: 400 }, (_, at) => (at % 2 ? "1" : `x-${at}`)) }) },
];

const requestBodies: Case[] = [
  { title: "a string", request: () => post("text") },
  { title: "an empty string", request: () => post("") },
  { title: "an empty string, deleting", request: () => ({ method: "DELETE", body: "" }) },
  { title: "a string of characters wider than a byte", request: () => post("aä€😀") },
  { title: "half of a character", request: () => post("a\ud83d!") },
  { title: "a string under a type of its own", request: () => post("{}", "Content-Type", "application/json") },
  { title: "a megabyte", request: () => post("€".repeat(350_000)) },
  {
    title: "form fields",
    request: () =>
      post(
        new URLSearchParams([
          ["a", "b c"],
          ["ä", "&="],
        ]),
      ),
  },
  { title: "no form fields", request: () => post(new URLSearchParams()) },
  { title: "a Blob with a type", request: () => post(new Blob(["a", "b"], { type: "image/png" })) },
  { title: "a Blob without a type", request: () => post(new Blob(["ab"])) },
  { title: "an empty Blob", request: () => post(new Blob([])) },
  { title: "a File", request: () => post(new File(["ab"], "name.txt", { type: "text/html" })) },
  { title: "an ArrayBuffer", request: () => post(new Uint8Array([1, 2, 255]).buffer) },
  { title: "an empty ArrayBuffer", request: () => post(new ArrayBuffer(0)) },
  { title: "a part of an array", request: () => post(new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3)) },
  { title: "an array of longer numbers", request: () => post(new Uint16Array([1, 515])) },
  { title: "a DataView", request: () => post(new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)) },
  { title: "a Buffer", request: () => post(Buffer.from("text")) },
  {
    title: "a form",
    request: () => {
      const form = new FormData();
      form.append("a", "1");
      form.append("a", "line\none\r\ntwo\rthree");
      form.append('na"me\nä', "ä");
      return post(form);
    },
  },
  {
    title: "a form with files",
    request: () => {
      const form = new FormData();
      form.append("one", new Blob(["a"], { type: "text/html" }));
      form.append("two", new File(["b\nc"], 'na"me\r\nä.bin'));
      form.append("three", new Blob(["d"]), "given.txt");
      form.append("four", new File([LONG], "long.txt", { type: "text/plain" }));
      return post(form);
    },
  },
  { title: "an empty form", request: () => post(new FormData()) },
  { title: "a stream", request: () => post(streamOf("one ", "two ", "three")) },
  { title: "a stream without pieces", request: () => post(streamOf()) },
  { title: "a stream with a type", request: () => post(streamOf("a"), "Content-Type", "text/csv") },
  { title: "an async iterable", request: () => post(pieces("one ", "two ", "three")) },
  { title: "an async iterable without pieces", request: () => post(pieces()) },
  { title: "a long stream", request: () => post(pieces(...Array.from({ length: 20 }, () => LONG))) },
  {
    title: "a stream that fails",
    request: () =>
      post(
        (async function* () {
          yield bytes("a");
          throw new RangeError("the source is broken");
        })(),
      ),
  },
  {
    title: "a stream of strings",
    request: () => post(streamOfPieces(["a", "tä"])),
  },
  {
    title: "a stream of what is no bytes",
    request: () => post(streamOfPieces([1])),
  },
  {
    title: "a stream that somebody else reads",
    request: () => {
      const stream = streamOf("a");
      stream.getReader();
      return post(stream);
    },
  },
  {
    title: "a stream that has been read",
    request: () => {
      const stream = streamOf("a");
      void stream.cancel();
      return post(stream);
    },
  },
];

const statuses: Case[] = [
  ...[200, 201, 203, 206, 207, 226, 299, 300, 400, 401, 404, 418, 429, 500, 503, 599].map((status) => ({
    title: `${status} with a body`,
    answer: text("body", {}, status),
  })),
  ...[204, 205, 304].map((status) => ({
    title: `${status} has no body`,
    answer: text("", { "content-encoding": "gzip" }, status),
    read: async (response: Response) => [response.body, await response.text(), await response.text(), response.bodyUsed],
  })),
  {
    title: "HEAD has no body",
    request: () => ({ method: "HEAD" }),
    answer: text("body", { "content-length": "4", "content-encoding": "gzip" }),
    read: async (response) => [response.body, await response.text(), (await response.arrayBuffer()).byteLength],
  },
  { title: "an answer without a body", answer: (_request, response) => response.writeHead(200, { "content-length": 0 }).end() },
  { title: "a reason of its own", answer: (_request, response) => response.writeHead(200, "Quite So").end("a") },
  { title: "no reason", raw: (socket) => socket.end("HTTP/1.1 200 \r\ncontent-length: 1\r\n\r\na") },
  { title: "a reason that is UTF-8", raw: (socket) => socket.end("HTTP/1.1 200 Schön\r\ncontent-length: 1\r\n\r\na") },
  { title: "status 700", raw: (socket) => socket.end("HTTP/1.1 700 Far\r\ncontent-length: 1\r\n\r\na") },
  { title: "HTTP/1.0", raw: (socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nuntil the end") },
  { title: "a body that ends with the connection", raw: (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end") },
  {
    title: "early hints come before the answer",
    raw: (socket) => socket.end("HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na"),
  },
  {
    title: "102 comes before the answer",
    raw: (socket) => socket.end("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na"),
  },
  {
    title: "100 that nobody asked for",
    raw: (socket) => socket.end("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na"),
  },
  {
    title: "a body in chunks, with trailers",
    answer: (_request, response) => {
      response.writeHead(200, { trailer: "x-sum" });
      response.write("one ");
      response.addTrailers({ "x-sum": "3" });
      response.end("two");
    },
  },
];

const responseHeaders: Case[] = [
  {
    title: "several cookies",
    answer: text("a", { "set-cookie": ["a=1; Expires=Wed, 01 Jan 2025 00:00:00 GMT", "b=2"] }),
    read: (response) => [response.headers.getSetCookie(), response.headers.get("set-cookie")],
  },
  { title: "no cookie", read: (response) => [response.headers.getSetCookie(), response.headers.get("set-cookie")] },
  {
    title: "a name that stands twice",
    answer: text("a", { "x-a": ["1", "2"] }),
    read: (response) => [
      response.headers.get("X-A"),
      response.headers.has("x-A"),
      [...response.headers.keys()].includes("x-a"),
    ],
  },
  {
    title: "values in latin1",
    raw: (socket) => socket.end(Buffer.from("HTTP/1.1 200 OK\r\nx-a: caf\xe9\r\ncontent-length: 0\r\n\r\n", "latin1")),
  },
  {
    title: "names that objects have",
    raw: (socket) => socket.end("HTTP/1.1 200 OK\r\n__proto__: 1\r\nconstructor: 2\r\ncontent-length: 0\r\n\r\n"),
    read: ({ headers }) =>
      ["__proto__", "constructor", "toString", "hasOwnProperty"].map((name) => [headers.get(name), headers.has(name)]),
  },
  {
    title: "empty values, and space before values",
    raw: (socket) => socket.end("HTTP/1.1 200 OK\r\nx-a:\r\nx-b: \t1\r\ncontent-length: 0\r\n\r\n"),
    read: ({ headers }) => [headers.get("x-a"), headers.get("x-b")],
  },
  { title: "headers that are too long", raw: (socket) => socket.end(`HTTP/1.1 200 OK\r\nx-a: ${"a".repeat(20_000)}\r\n\r\n`) },
  { title: "headers as long as they may be", answer: text("a", { "x-a": "a".repeat(10_000) }) },
  { title: "a name that no header can have", read: ({ headers }) => headers.get("a b") },
  { title: "nobody changes them", read: ({ headers }) => headers.set("a", "b") },
  { title: "nobody adds to them", read: ({ headers }) => headers.append("a", "b") },
  { title: "nobody takes from them", read: ({ headers }) => headers.delete("date") },
  {
    title: "they are a list",
    answer: text("a", { "x-b": "2", "x-a": "1", "set-cookie": ["c=1", "d=2"], date: "now" }),
    read: ({ headers }) => {
      const each: unknown[] = [];
      headers.forEach((value, name, all) => void each.push([name, value, all === headers]));
      return [each, [...headers.entries()], [...headers.values()], [...headers], [...new Headers(headers)]];
    },
  },
];

const redirects: Case[] = [
  ...[301, 302, 303, 307, 308].flatMap((status) => [
    { title: `${status} is handed back`, answer: text("see there", { location: "/elsewhere" }, status) },
    {
      title: `${status} is a failure when redirects are errors`,
      request: () => ({ redirect: "error" as const }),
      answer: text("see there", { location: "/elsewhere" }, status),
    },
  ]),
  { title: "300 is no redirect", request: () => ({ redirect: "error" }), answer: text("a", { location: "/b" }, 300) },
  { title: "304 is no redirect", request: () => ({ redirect: "error" }), answer: text("", { location: "/b" }, 304) },
  { title: "302 that leads nowhere", request: () => ({ redirect: "error" }), answer: text("a", {}, 302) },
  { title: "302 that leads nowhere, handed back", answer: text("a", {}, 302) },
];

const gzipped = gzipSync(LONG);
const codings: Case[] = [
  { title: "gzip", answer: coded("gzip", gzipped) },
  { title: "x-gzip", answer: coded("x-gzip", gzipped) },
  { title: "GZIP in capitals", answer: coded("GZIP", gzipped) },
  { title: "deflate", answer: coded("deflate", deflateSync(LONG)) },
  { title: "deflate without a header", answer: coded("deflate", deflateRawSync(LONG)) },
  { title: "deflate of nothing", answer: coded("deflate", deflateSync("")) },
  { title: "br", answer: coded("br", brotliCompressSync(LONG)) },
  { title: "gzip of br", answer: coded("br, gzip", gzipSync(brotliCompressSync(LONG))) },
  { title: "deflate of gzip of deflate", answer: coded("deflate, gzip, deflate", deflateSync(gzipSync(deflateRawSync("a")))) },
  { title: "identity", answer: coded("identity", Buffer.from("a")) },
  { title: "a coding that nobody knows", answer: coded("sdch", Buffer.from("a")) },
  { title: "a known coding under an unknown one", answer: coded("gzip, sdch", gzipSync("a")) },
  { title: "six codings", answer: coded("gzip, gzip, gzip, gzip, gzip, gzip", Buffer.from("a")) },
  { title: "gzip that is cut off", answer: coded("gzip", gzipped.subarray(0, -20)) },
  { title: "br that is cut off", answer: coded("br", brotliCompressSync(LONG).subarray(0, -3)) },
  { title: "deflate that is cut off", answer: coded("deflate", deflateSync(LONG).subarray(0, -8)) },
  {
    title: "deflate with text behind its end",
    answer: coded("deflate", Buffer.concat([deflateSync(LONG), Buffer.from("text")])),
  },
  {
    title: "deflate without a header, twice",
    answer: coded("deflate", Buffer.concat([deflateRawSync("a"), deflateRawSync("a")])),
  },
  { title: "gzip that is none", answer: coded("gzip", Buffer.from("this is no gzip")) },
  { title: "br that is none", answer: coded("br", Buffer.from("this is no br, whatever it is")) },
  { title: "deflate that is none", answer: coded("deflate", Buffer.from("this is no deflate")) },
  {
    title: "gzip that is damaged in the middle",
    answer: coded("gzip", Buffer.concat([gzipped.subarray(0, 100), Buffer.alloc(200, 1)])),
  },
  { title: "gzip of nothing at all", answer: coded("gzip", Buffer.alloc(0)) },
  { title: "br of nothing at all", answer: coded("br", Buffer.alloc(0)) },
  { title: "gzip in two members", answer: coded("gzip", Buffer.concat([gzipSync("one "), gzipSync("two")])) },
  { title: "gzip with something behind it", answer: coded("gzip", Buffer.concat([gzipSync("one"), Buffer.from("behind")])) },
  {
    title: "a body that says it is coded, with HEAD",
    request: () => ({ method: "HEAD" }),
    answer: coded("gzip", Buffer.from("a")),
  },
  {
    title: "gzip in single bytes",
    answer: (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      for (const byte of gzipSync("in single bytes")) response.write(Buffer.from([byte]));
      response.end();
    },
  },
  { title: "gzip, as a stream", answer: coded("gzip", gzipped), read: readPieces },
];

async function readPieces({ body }: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return [Buffer.concat(chunks).toString(), chunks.every((chunk) => chunk.constructor === Uint8Array)];
}

const reading: Case[] = [
  { title: "JSON", answer: json, read: (response) => response.json() },
  { title: "JSON that is none", answer: text("{]"), read: (response) => response.json() },
  { title: "JSON of nothing", answer: text(""), read: (response) => response.json() },
  { title: "text with a byte order mark", answer: text("\ufeffa"), read: (response) => response.text() },
  { title: "JSON with a byte order mark", answer: text("\ufeff{}"), read: (response) => response.json() },
  {
    title: "text that is no UTF-8",
    answer: text(Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x62])),
    read: (response) => response.text(),
  },
  { title: "a long text", answer: text(LONG) },
  { title: "a longer JSON", answer: text(JSON.stringify({ long: LONG.repeat(8) })), read: (response) => response.json() },
  { title: "bytes", answer: text("aä"), read: async (response) => [...new Uint8Array(await response.arrayBuffer())] },
  { title: "an array of bytes", answer: text("aä"), read: async (response) => [...(await response.bytes())] },
  {
    title: "the memory is the caller's alone",
    answer: text("aä"),
    read: async (response) => (await response.arrayBuffer()).byteLength,
  },
  {
    title: "a Blob",
    answer: text("a", { "content-type": "Text/HTML; Charset=utf-8" }),
    read: async (response) => {
      const blob = await response.blob();
      return [blob.type, blob.size, await blob.text()];
    },
  },
  {
    title: "a Blob of an answer without a type",
    answer: (_request, response) => response.end("a"),
    read: async (response) => (await response.blob()).type,
  },
  {
    title: "a form in an answer",
    answer: text("a=b+c&d=%C3%A4", { "content-type": "application/x-www-form-urlencoded" }),
    read: async (response) => [...(await response.formData())],
  },
  {
    title: "a form of several parts",
    answer: text('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n', {
      "content-type": "multipart/form-data; boundary=b",
    }),
    read: async (response) => [...(await response.formData())],
  },
  { title: "a form that is none", read: (response) => response.formData() },
  {
    title: "twice",
    answer: json,
    read: async (response) => {
      await response.text();
      return response.json();
    },
  },
  {
    title: "twice at once",
    answer: json,
    read: async (response) => (await Promise.allSettled([response.text(), response.text()])).map(({ status }) => status),
  },
  {
    title: "whether it has been read",
    answer: json,
    read: async (response) => {
      const before = response.bodyUsed;
      const reading = response.text();
      return [before, response.bodyUsed, await reading, response.bodyUsed];
    },
  },
  {
    title: "a copy, after the original",
    answer: json,
    read: async (response) => {
      const copy = response.clone();
      return [
        await response.json(),
        await copy.text(),
        response.bodyUsed,
        copy.bodyUsed,
        copy.status,
        copy.url === response.url,
        [...copy.headers].length,
      ];
    },
  },
  {
    title: "a copy, before the original",
    answer: coded("gzip", gzipped),
    read: async (response) => {
      const copy = response.clone();
      return [(await copy.text()).length, (await response.text()).length, copy.type, copy instanceof Response];
    },
  },
  {
    title: "a copy of a copy of an answer without a body",
    answer: text("", {}, 204),
    read: async (response) => [await response.clone().clone().text(), response.clone().body],
  },
  {
    title: "a copy of what has been read",
    read: async (response) => {
      await response.text();
      return response.clone();
    },
  },
  { title: "its pieces", answer: text(LONG), read: readPieces },
  {
    title: "the body after its text",
    read: async (response) => {
      await response.text();
      return [response.body?.locked, response.bodyUsed];
    },
  },
  {
    title: "its text after the body was asked for",
    read: async (response) => {
      const { body } = response;
      return [body === response.body, body?.locked, await response.text(), body?.locked, body === response.body];
    },
  },
  {
    title: "its text while somebody reads the body",
    read: (response) => {
      response.body?.getReader();
      return response.text();
    },
  },
  {
    title: "its text after the body was let go",
    answer: text(LONG),
    read: async (response) => {
      await response.body?.cancel();
      return response.text();
    },
  },
  {
    title: "into a buffer of the reader's",
    answer: text("abcdef"),
    read: async (response) => {
      const reader = response.body!.getReader({ mode: "byob" });
      const { value } = await reader.read(new Uint8Array(3));
      const rest = await reader.read(new Uint8Array(10));
      const end = await reader.read(new Uint8Array(10));
      return [Buffer.from(value!).toString(), Buffer.from(rest.value!).toString(), end.done];
    },
  },
  {
    title: "through another stream",
    read: (response) =>
      new Response(response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream())).text(),
  },
  {
    title: "as body and head of another response",
    answer: text("a", { "x-a": "1" }, 404),
    read: async (response) => {
      const other = new Response(response.body, response);
      return [other.status, other.statusText, other.headers.get("x-a"), await other.text()];
    },
  },
  { title: "as the body of another response", read: (response) => new Response(response.body).text() },
  {
    title: "what it is",
    read: (response) => [
      response instanceof Response,
      response.headers instanceof Headers,
      String(response),
      response.constructor === Response,
      Object.keys(response),
      JSON.stringify(response),
    ],
  },
  { title: "a copy by structure", read: (response) => structuredClone(response) },
];

/** The connection of the request under way: cases run one after another. */
let answering: Socket | undefined;

/** Reads, and lets something happen once the reading is under way and what has come of the body is taken. */
function whileReading(read: Read, happen: () => void): Read {
  return (response) => {
    const reading = read(response);
    void turns().then(happen);
    return reading;
  };
}

const failures: Case[] = [
  { title: "nobody listens", request: () => ({ url: "http://127.0.0.1:2/" }) },
  { title: "a name that nobody has", request: () => ({ url: "http://nobody.invalid/" }) },
  { title: "a server that does not speak TLS", request: () => ({ secure: true }) },
  { title: "the connection closes before the answer", raw: (socket) => socket.end() },
  { title: "the connection is reset before the answer", raw: (socket) => socket.resetAndDestroy() },
  { title: "the connection closes within the head", raw: (socket) => socket.end("HTTP/1.1 200 OK\r\nx-a: ") },
  { title: "a body shorter than its length", raw: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab") },
  { title: "a body longer than its length", raw: (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab") },
  {
    title: "chunks that break off",
    raw: (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nab"),
  },
  {
    title: "a body that is reset, as a stream",
    raw: (socket) => {
      answering = socket;
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab");
    },
    read: whileReading(readPieces, () => answering?.resetAndDestroy()),
  },
  {
    title: "gzip shorter than its length",
    raw: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${gzipped.length}\r\n\r\n`);
      socket.end(gzipped.subarray(0, 50));
    },
  },
];

const REASON = new RangeError("the caller's own reason");
/** The signal of the request under way: cases run one after another. */
let latest = new AbortController();

function abortable(): { readonly signal: AbortSignal } {
  latest = new AbortController();
  return { signal: latest.signal };
}

/** What aborts a signal whose time is over. */
const LATE = new DOMException("The operation was aborted due to timeout", "TimeoutError");

/** Is given up as soon as the request has come, and never answers it. */
function givenUp(reason?: unknown): Answer {
  return () => latest.abort(reason);
}

/** The same while the answer is read. */
function givenUpWhile(read: Read, reason?: unknown): Read {
  return whileReading(read, () => latest.abort(reason));
}

const readText: Read = (response) => response.text();
const half: Answer = (_request, response) => {
  response.writeHead(200, { "content-length": "10" });
  response.write("ab");
};

const ends: Case[] = [
  { title: "given up before", request: () => ({ signal: AbortSignal.abort() }) },
  { title: "given up before, for a reason", request: () => ({ signal: AbortSignal.abort(REASON) }) },
  { title: "given up before, for a reason that is no error", request: () => ({ signal: AbortSignal.abort("enough") }) },
  { title: "given up before, with a stream", request: () => ({ ...post(streamOf("a")), signal: AbortSignal.abort() }) },
  {
    title: "given up before, with a method that is refused",
    request: () => ({ method: "TRACE", signal: AbortSignal.abort() }),
  },
  { title: "given up before the answer", request: abortable, answer: givenUp() },
  { title: "given up before the answer, for a reason", request: abortable, answer: givenUp(REASON) },
  { title: "too late for an answer", request: abortable, answer: givenUp(LATE) },
  { title: "given up while the text comes", request: abortable, answer: half, read: givenUpWhile(readText) },
  {
    title: "given up while the text comes, for a reason",
    request: abortable,
    answer: half,
    read: givenUpWhile(readText, REASON),
  },
  {
    title: "given up while the text comes, for a reason that is no error",
    request: abortable,
    answer: half,
    read: givenUpWhile(readText, "enough"),
  },
  { title: "given up while the pieces come", request: abortable, answer: half, read: givenUpWhile(readPieces) },
  {
    title: "given up while a coded body comes",
    request: abortable,
    answer: (_request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).write(gzipped.subarray(0, 50)),
    read: givenUpWhile(readText),
  },
  { title: "too late for the text", request: abortable, answer: half, read: givenUpWhile(readText, LATE) },
  {
    title: "given up before its stream is read",
    request: abortable,
    read: (response) => {
      latest.abort(REASON);
      return readPieces(response);
    },
  },
  {
    title: "given up between two pieces",
    request: abortable,
    answer: text(LONG),
    read: async (response) => {
      const reader = response.body!.getReader();
      await reader.read();
      latest.abort(REASON);
      return reader.read();
    },
  },
  {
    title: "given up after it was read",
    request: abortable,
    answer: json,
    read: async (response) => {
      const value: unknown = await response.json();
      latest.abort(REASON);
      return [value, response.bodyUsed];
    },
  },
];

export const cases: readonly Case[] = [
  ...methods,
  ...addresses,
  ...requestHeaders,
  ...requestBodies,
  ...statuses,
  ...responseHeaders,
  ...redirects,
  ...codings,
  ...reading,
  ...failures,
  ...ends,
];
