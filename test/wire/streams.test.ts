import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { itemsOf } from "../../src/wire/streams.js";
import { fc } from "../support/random.js";
import { answering, operation } from "./support.js";

/** A body that comes in these pieces, and says whether somebody has let go of it. */
function inPieces(pieces: readonly (string | Uint8Array)[], isEndless = false) {
  const state = { cancelled: false, pulled: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = pieces[state.pulled];
        state.pulled += 1;
        if (piece !== undefined) controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
        else if (isEndless) await new Promise(() => {});
        else controller.close();
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

const all = async (items: AsyncIterable<unknown>) => {
  const read: unknown[] = [];
  for await (const item of items) read.push(item);
  return read;
};

const events = async (...pieces: string[]) => all(itemsOf(inPieces(pieces).body, "events", "watch"));

describe("server-sent events", () => {
  it.each<[string, string, object[]]>([
    ["data of several lines", "data: a\ndata:b\ndata:  c\n\n", [{ data: "a\nb\n c" }]],
    ["every field", "event: add\nid: 7\nretry: 10\ndata: x\n\n", [{ event: "add", id: "7", retry: 10, data: "x" }]],
    ["comments, unknown fields and what has no colon", ": hi\nfoo: bar\ndata\nevent\n\n", [{ data: "" }]],
    ["an event without data, and one without an end", "event: a\n\nid: 1\n\ndata: late", []],
    ["every end of a line", "data: a\rdata: b\r\ndata: c\n\r\n", [{ data: "a\nb\nc" }]],
    ["a byte order mark", "\uFEFFdata: a\n\n", [{ data: "a" }]],
    ["a type that is taken back", "event: a\nevent:\ndata: x\n\n", [{ data: "x" }]],
    ["a retry that is no number, an id with a null", "retry: 1s\nid: a\0b\ndata: x\n\n", [{ data: "x" }]],
  ])("are read as the standard has them: %s", async (_, text, expected) => {
    expect(await events(text)).toEqual(expected);
  });

  it("are the same however the text is cut into pieces, also within a character and between CR and LF", async () => {
    const line = fc.constantFrom("data: ü✓", "data:", "event: e", "id: 1", "", "", ": c", "data: x");
    const end = fc.constantFrom("\n", "\r\n", "\r");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(line, end)), fc.array(fc.nat(200)), async (lines, cuts) => {
        const bytes = new TextEncoder().encode(lines.flat().join(""));
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((to, index) => bytes.slice(at[index], to));
        expect(await all(itemsOf(inPieces(pieces).body, "events", "watch"))).toEqual(
          await all(itemsOf(inPieces([bytes]).body, "events", "watch")),
        );
      }),
      { numRuns: 300 },
    );
  });

  const answer = () => new Response('event: add\ndata: {"n":1}\n\n', { headers: { "Content-Type": "text/event-stream" } });
  const data = (schema: object) => ({ type: "object", properties: { event: { type: "string" }, data: schema } });

  it.each<[string, object, unknown]>([
    ["text where their schema says so", { itemSchema: data({ type: "string" }) }, '{"n":1}'],
    [
      "JSON where their media type is",
      { itemSchema: data({ type: "string", contentMediaType: "application/json" }) },
      { n: 1 },
    ],
    ["JSON where it is an object", { itemSchema: data({ type: "object" }) }, { n: 1 }],
    [
      "JSON where a part of the item says so",
      { itemSchema: { oneOf: [data({ type: "object" }), data({ type: "array" })] } },
      { n: 1 },
    ],
    ["JSON where the schema is of the data alone", { schema: { type: "object", properties: { n: {} } } }, { n: 1 }],
    ["text where there is no schema", {}, '{"n":1}'],
  ])("have data that is %s", async (_, media, expected) => {
    const { operate } = operation(answering({ "text/event-stream": media }), { answer });
    expect(await all((await operate()).data as AsyncIterable<unknown>)).toEqual([{ event: "add", data: expected }]);
  });
});

describe("server-sent events whose data is JSON", () => {
  const streaming = (text: string) => () => new Response(text, { headers: { "Content-Type": "text/event-stream" } });
  const chunk = { type: "object", properties: { n: { type: "integer" } } };
  const json = { type: "string", contentMediaType: "application/json", contentSchema: chunk };
  const event = (name: string | undefined, data?: object) => ({
    properties: { ...(name !== undefined && { event: { const: name } }), ...(data && { data }) },
  });

  it.each<[string, object, string, unknown[]]>([
    [
      "end at [DONE], whatever follows",
      { schema: chunk },
      'data: {"n":1}\n\ndata: [DONE]\n\ndata: no\n\n',
      [{ data: { n: 1 } }],
    ],
    [
      "have a text that their schema lists as an event",
      { itemSchema: event(undefined, { oneOf: [chunk, { const: "[DONE]" }] }) },
      'data: {"n":1}\n\ndata: [DONE]\n\n',
      [{ data: { n: 1 } }, { data: "[DONE]" }],
    ],
    ["are none without data", { schema: chunk }, ': ping\n\ndata:\n\ndata: {"n":1}\n\n', [{ data: { n: 1 } }]],
    [
      "are a list's items where the document describes the whole stream",
      { schema: { type: "array", items: event(undefined, json) } },
      'data: {"n":1}\n\n',
      [{ data: { n: 1 } }],
    ],
    [
      "have text where only others are JSON, as in the example of OpenAPI 3.2",
      {
        itemSchema: {
          type: "object",
          properties: { event: { type: "string" }, data: { type: "string" } },
          oneOf: [event("addString"), event("addInt64", { format: "int64" }), event("addJson", json)],
        },
      },
      'event: addString\ndata: across\ndata: two lines\n\nevent: addInt64\ndata: 12\n\nevent: addJson\ndata: {"n":1}\n\n',
      [
        { event: "addString", data: "across\ntwo lines" },
        { event: "addInt64", data: "12" },
        { event: "addJson", data: { n: 1 } },
      ],
    ],
    [
      "have text where those without a name are",
      { itemSchema: { oneOf: [event("add", chunk), event(undefined, { type: "string" })] } },
      'data: 1\n\nevent: add\ndata: {"n":1}\n\n',
      [{ data: "1" }, { event: "add", data: { n: 1 } }],
    ],
  ])("%s", async (_, media, text, expected) => {
    const { operate } = operation(answering({ "text/event-stream": media }), { answer: streaming(text) });
    expect(await all((await operate()).data as AsyncIterable<unknown>)).toEqual(expected);
  });

  it("let go of the connection at [DONE]", async () => {
    const { body, state } = inPieces(["data: 1\n\ndata: [DONE]\n\n"], true);
    expect(await all(itemsOf(body, "json-data", "watch"))).toEqual([{ data: 1 }]);
    expect(state.cancelled).toBe(true);
  });

  it("are refused where they are not JSON", async () => {
    const { body } = inPieces(["data: 1\n\ndata: s3cret\n\n"]);
    await expect(all(itemsOf(body, "json-data", "watch"))).rejects.toThrow(
      new SyntaxError("watch: item 2 of the stream is not JSON"),
    );
  });
});

describe("JSON lines and sequences", () => {
  it.each([
    ["application/jsonl", '{"a":1}\n\n[2]\r\n3', [{ a: 1 }, [2], 3]],
    ["application/x-ndjson", '"x"\n', ["x"]],
    ["application/json-seq", '\u001E{"a":\n1}\n\u001E2\n', [{ a: 1 }, 2]],
    ["application/geo+json-seq", '\u001E{"a":1}\n', [{ a: 1 }]],
  ])("of %s are their items", async (mediaType, text, items) => {
    const { operate } = operation(answering({ [mediaType]: { itemSchema: {} } }), {
      answer: () => new Response(text, { headers: { "Content-Type": mediaType } }),
    });
    expect(await all((await operate()).data as AsyncIterable<unknown>)).toEqual(items);
  });

  it("give what came before an item that is not JSON, then say which one is not, and never what it is", async () => {
    const { body, state } = inPieces(['1\n2\n{"token":"s3cret"\n4\n'], true);
    const items = itemsOf(body, "lines", "watch");
    const read: unknown[] = [];
    const error = await (async () => {
      for await (const item of items) read.push(item);
    })().catch((thrown: unknown) => thrown);
    expect(read).toEqual([1, 2]);
    expect(error).toEqual(new SyntaxError("watch: item 3 of the stream is not JSON"));
    expect(state.cancelled).toBe(true);
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });

  it("do not fill the memory with an item that has no end", async () => {
    const piece = "x".repeat(1024 * 1024);
    const { body, state } = inPieces(Array<string>(64).fill(piece), true);
    await expect(all(itemsOf(body, "lines", "watch"))).rejects.toThrow(
      new SyntaxError("watch: item 1 of the stream is longer than 16777216 characters"),
    );
    expect([state.pulled, state.cancelled]).toEqual([17, true]);
  });

  it("do not fill the memory with an event of lines that hold nothing", async () => {
    const { body } = inPieces(Array<string>(64).fill("data:\n".repeat(64 * 1024)));
    await expect(all(itemsOf(body, "data", "watch"))).rejects.toThrow(
      "item 1 of the stream is longer than 16777216 characters",
    );
  });
});

describe("a stream", () => {
  it("is let go of by who stops early, also while nothing comes", async () => {
    const first = inPieces(["1\n2\n"], true);
    for await (const item of itemsOf(first.body, "lines", "watch")) {
      expect(item).toBe(1);
      break;
    }
    expect(first.state.cancelled).toBe(true);

    const second = inPieces([], true);
    const items = itemsOf(second.body, "lines", "watch");
    const next = items.next();
    await items.return?.();
    expect([await next, second.state.cancelled]).toEqual([{ done: true, value: undefined }, true]);
  });

  it("is asked for no more than is read", async () => {
    const { body, state } = inPieces(["1\n", "2\n", "3\n"]);
    const items = itemsOf(body, "lines", "watch");
    expect(await items.next()).toEqual({ done: false, value: 1 });
    expect(state.pulled).toBe(1);
  });

  it("comes over a real connection as it is written, and ends with the signal's reason", async () => {
    let closed!: () => void;
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = createServer((_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: 1\n\n");
      response.on("close", closed);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { operate } = operation(answering({ "text/event-stream": {} }), { options: { fetch: undefined, baseUrl } });
    const abort = new AbortController();
    const items = (await operate({ signal: abort.signal })).data as AsyncIterableIterator<unknown>;
    expect(await items.next()).toEqual({ done: false, value: { data: "1" } });
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(items.next()).rejects.toBe(reason);
    await isClosed;
    await new Promise((resolve) => server.close(resolve));
  });
});
