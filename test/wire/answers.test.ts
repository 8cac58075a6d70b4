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
  ])("that the document has as %s is text", async (mediaType, text) => {
    expect((await read({ [mediaType]: {} }, body(text, mediaType))).data).toBe(text);
  });

  it.each(["application/octet-stream", "image/png", "application/pdf"])(
    "that the document has as %s is a Blob of that type",
    async (mediaType) => {
      const { data } = await read({ [mediaType]: { schema: { type: "string", format: "binary" } } }, body("bytes", mediaType));
      expect(data).toBeInstanceOf(Blob);
      expect([(data as Blob).type, await (data as Blob).text()]).toEqual([mediaType, "bytes"]);
    },
  );

  it("of several media types is read as the one that came, or as a range of them has it", async () => {
    const content = { "application/json": {}, "text/csv": {}, "image/*": {} };
    expect((await read(content, body('{"a":1}', "application/json"))).data).toEqual({ a: 1 });
    expect((await read(content, body("a,b", "TEXT/CSV; charset=utf-8"))).data).toBe("a,b");
    expect((await read(content, body("p", "image/webp"))).data).toBeInstanceOf(Blob);
    expect((await read({ "text/csv": {} }, body('{"a":1}', "application/problem+json"))).data).toEqual({ a: 1 });
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
