import { describe, expect, it } from "vitest";
import { answering, operation } from "./support.js";

const body =
  (text: string, mediaType: string, status = 200) =>
  () =>
    new Response(text, { status, headers: { "Content-Type": mediaType } });

async function read(content: Readonly<Record<string, unknown>>, answer: () => Response, init: object = {}) {
  const { operate } = operation(answering(content), { answer });
  return operate(init);
}

describe("a success", () => {
  it.each([
    ["text/plain", "a,b"],
    ["text/csv; charset=utf-8", "a,b"],
    ["application/xml", "<a/>"],
    ["application/vnd.ms-x+xml", "<a/>"],
    ["application/jose+jwe", "a.b.c.d.e"],
    ["application/jwt", "a.b.c"],
  ])("that the document has as %s is text", async (mediaType, text) => {
    expect((await read({ [mediaType]: {} }, body(text, mediaType))).data).toBe(text);
  });

  it.each([
    "application/octet-stream",
    "image/png",
    "application/x-msgpack",
    "application/vnd.x.protobuf",
    "application/x+zip",
  ])("that the document has as %s is a Blob of that type, whatever its schema", async (mediaType) => {
    const { data } = await read({ [mediaType]: { schema: { type: "object" } } }, body("bytes", mediaType));
    expect(data).toBeInstanceOf(Blob);
    expect([(data as Blob).type, await (data as Blob).text()]).toEqual([mediaType, "bytes"]);
  });

  it("of several media types is read as the one that came, or as a range of them has it", async () => {
    const content = { "application/json": {}, "text/csv": {}, "image/*": {} };
    expect((await read(content, body('{"a":1}', "application/json"))).data).toEqual({ a: 1 });
    expect((await read(content, body("a,b", "TEXT/CSV; charset=utf-8"))).data).toBe("a,b");
    expect((await read(content, body("p", "image/webp"))).data).toBeInstanceOf(Blob);
    expect((await read({ "text/csv": {} }, body('{"a":1}', "application/problem+json"))).data).toEqual({ a: 1 });
  });

  it("of any media type that is a text is one, unless it comes as JSON", async () => {
    const content = { "*/*": { schema: { type: "string" } } };
    expect((await read(content, body("hello", "text/plain;charset=UTF-8"))).data).toBe("hello");
    expect((await read(content, body('"hello"', "application/json"))).data).toBe("hello");
    const file = { "*/*": { schema: { type: "string", format: "binary" } } };
    expect((await read(file, body("{}", "application/json"))).data).toBeInstanceOf(Blob);
  });

  it.each([
    ["text/csv; charset=ISO-8859-1", [0xe4], "ä"],
    ['text/csv; header=present; charset="iso-8859-2"', [0xb1], "ą"],
    ["text/csv; charset=utf-16le", [0x61, 0], "a"],
    ["text/csv; charset=nobody-knows", [0x61], "a"],
    ["text/csv", [0xef, 0xbb, 0xbf, 0x61], "a"],
  ])("that is text has the charset that it comes with: %s", async (mediaType, bytes, text) => {
    const answer = () => new Response(new Uint8Array(bytes), { headers: { "Content-Type": mediaType } });
    expect((await read({ "text/csv": {} }, answer)).data).toBe(text);
  });

  it("that is JSON may begin with a byte order mark", async () => {
    expect((await read({ "application/json": {} }, body("\uFEFF[1]", "application/json"))).data).toEqual([1]);
  });

  it.each([
    ["text/csv", ""],
    ["image/png", new Blob([], { type: "image/png" })],
  ])("of %s that is empty is an empty one", async (mediaType, data) => {
    const answer = () => new Response("", { headers: { "Content-Type": mediaType, "Content-Length": "0" } });
    expect((await read({ [mediaType]: {} }, answer)).data).toEqual(data);
    expect((await read({ [mediaType]: {} }, answer, { parseAs: "text" })).data).toBeUndefined();
  });

  it("that is an empty stream has no items", async () => {
    const answer = () => new Response(null, { headers: { "Content-Type": "application/jsonl", "Content-Length": "0" } });
    const { data } = await read({ "application/jsonl": {} }, answer);
    for await (const item of data as AsyncIterable<unknown>) expect(item).toBeUndefined();
    expect(data).toHaveProperty("next");
  });

  it.each<[readonly string[], string | undefined]>([
    [["application/json"], undefined],
    [[], undefined],
    [["*/*"], undefined],
    [["application/vnd.api+json"], "application/vnd.api+json, */*;q=0.1"],
    [["text/csv", "application/json"], "application/json, text/csv;q=0.9, */*;q=0.1"],
    [["image/png", "image/*"], "image/png, image/*, */*;q=0.1"],
    [["text/event-stream"], "text/event-stream, */*;q=0.1"],
    [["text/csv", `application/${"x".repeat(120)}`], "text/csv, */*;q=0.1"],
    [['text/csv"\r\nX-Evil: 1'], undefined],
  ])("of %j is asked for by Accept: %s", async (mediaTypes, accept) => {
    const content = Object.fromEntries(mediaTypes.map((one) => [one, {}]));
    const { operate, sent } = operation(answering(content), { answer: () => new Response(null, { status: 204 }) });
    await operate();
    await operate({ headers: { accept: "x/y" } });
    expect(sent.map(({ headers }) => headers["accept"])).toEqual([accept, "x/y"]);
  });

  it.each([
    ["text", "[1]"],
    ["json", [1]],
  ])("is read as the caller asks: %s", async (parseAs, data) => {
    expect((await read({ "text/csv": {} }, body("[1]", "text/csv"), { parseAs })).data).toEqual(data);
  });

  it("is read as the caller asks: blob, arrayBuffer and stream", async () => {
    const as = async (parseAs: string) =>
      (await read({ "application/json": {} }, body("[1]", "application/json"), { parseAs })).data;
    expect(await ((await as("blob")) as Blob).text()).toBe("[1]");
    expect((await as("arrayBuffer")) as ArrayBuffer).toHaveProperty("byteLength", 3);
    expect(await new Response((await as("stream")) as ReadableStream).text()).toBe("[1]");
  });

  it.each([
    ["204", () => new Response(null, { status: 204 })],
    ["an empty text", () => new Response("")],
    ["Content-Length: 0", () => new Response(null, { headers: { "Content-Length": "0" } })],
  ])("without a body (%s) has no data", async (_, answer) => {
    const { data, error, response } = await read({ "application/json": {} }, answer);
    expect([data, error, response.ok]).toEqual([undefined, undefined, true]);
  });

  it("of a HEAD is not read", async () => {
    const { operate } = operation(answering({ "application/json": {} }), {
      method: "head",
      answer: () => new Response(null, { headers: { "Content-Length": "12", "Content-Type": "application/json" } }),
    });
    expect((await operate()).data).toBeUndefined();
  });
});

describe("what is not a success", () => {
  it("is the answer that leads elsewhere, where it is not followed", async () => {
    const answer = () => new Response(null, { status: 302, statusText: "Found", headers: { Location: "/there" } });
    const { error, response } = await read({ "application/json": {} }, answer, { redirect: "manual" });
    expect([error, response.status, response.headers.get("Location")]).toEqual(["302 Found", 302, "/there"]);
  });

  it("is the answer that nothing has changed", async () => {
    const answer = () => new Response(null, { status: 304, statusText: "Not Modified", headers: { ETag: '"1"' } });
    const { error, response } = await read({ "text/csv": {} }, answer, { headers: { "If-None-Match": '"1"' } });
    expect([error, response.status, response.headers.get("ETag")]).toEqual(["304 Not Modified", 304, '"1"']);
  });
});

describe("an error", () => {
  it("of an operation that answers with a stream or a file is JSON or text all the same", async () => {
    const content = { "text/event-stream": {}, "application/pdf": {} };
    expect((await read(content, body('{"code":7}', "application/json", 400))).error).toEqual({ code: 7 });
    expect((await read(content, body("no", "text/plain", 500))).error).toBe("no");
    expect((await read(content, () => new Response(null, { status: 404, statusText: "Not Found" }))).error).toBe(
      "404 Not Found",
    );
  });
});
