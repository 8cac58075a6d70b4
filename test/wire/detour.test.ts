/** The way through openapi-fetch, which a registered middleware makes needed, sends what the compiled operation sends. */

import { describe, expect, it } from "vitest";
import type { ParameterStyle } from "../../src/lifecycle/contract.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { fc } from "../support/random.js";
import { scripted } from "../support/service.js";
import { answering, bodyOf, operation } from "./support.js";

const quiet = { onRequest: () => undefined };

const scalar = fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }), fc.integer(), fc.boolean());
const value = fc.oneof(
  scalar,
  fc.array(scalar, { minLength: 1, maxLength: 3 }),
  fc.dictionary(fc.stringMatching(/^\w{1,3}$/), scalar, { minKeys: 1, maxKeys: 3 }),
);
const plain = fc.stringMatching(/^[!-~]{1,6}$/);
const styles = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  cookie: ["form"],
} satisfies Record<string, ParameterStyle[]>;

const parameter = (place: keyof typeof styles, name: string) =>
  fc.record({
    in: fc.constant(place),
    name: fc.constant(name),
    style: fc.constantFrom(...styles[place]),
    explode: fc.boolean(),
    allowReserved: fc.boolean(),
  });

const call = fc.record({
  parameters: fc.tuple(parameter("path", "id"), parameter("query", "q"), parameter("query", "r"), parameter("cookie", "c")),
  id: value,
  q: value,
  r: value,
  free: value,
  c: scalar,
  header: fc.oneof(plain, fc.array(plain, { minLength: 1, maxLength: 3 }), fc.integer()),
  own: plain,
  body: fc.oneof(
    fc.constant(undefined),
    fc.json().map((text) => JSON.parse(text) as unknown),
  ),
});

describe("a call with a middleware that does nothing", () => {
  it("sends the same, whatever the parameters and their styles are", async () => {
    await fc.assert(
      fc.asyncProperty(call, async ({ parameters, id, q, r, free, c, header, own, body }) => {
        const { client, operate, sent } = operation(
          { parameters, ...bodyOf({ "application/json": {} }) },
          { path: "/a b/{id}/z" },
        );
        const init = {
          params: { path: { id }, query: { q, r, free }, header: { "X-A": header, "x-b": null }, cookie: { c } },
          headers: { "X-Own": own, "X-B": "gone", "x-none": undefined },
          body,
        };
        const before = await operate(init).then(() => "sent", String);
        client.use(quiet);
        expect(await operate(init).then(() => "sent", String)).toBe(before);
        client.eject(quiet);
        expect(sent).toHaveLength(before === "sent" ? 2 : 0);
        expect(sent[1]).toEqual(sent[0]);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ["a form", { "application/x-www-form-urlencoded": {} }, { a: [1, 2] }],
    ["text", { "text/plain": {} }, "text"],
    ["bytes", { "application/octet-stream": {} }, new Uint8Array([0, 255])],
    ["a range", { "*/*": {} }, { a: 1 }],
    ["a stream", { "application/octet-stream": {} }, undefined],
  ])("sends the same body: %s", async (_, content, body) => {
    const { client, operate, sent } = operation(bodyOf(content));
    await operate({ body: body ?? new Blob(["streamed"]).stream() });
    client.use(quiet);
    await operate({ body: body ?? new Blob(["streamed"]).stream() });
    expect(sent[1]).toEqual(sent[0]);
  });

  it("sends a form of several parts with the boundary in its header", async () => {
    const { client, operate, sent } = operation(bodyOf({ "multipart/form-data": {} }));
    client.use(quiet);
    await operate({ body: { a: 1, file: new Blob(["x"]) } });
    const [, boundary = ""] = sent[0]!.headers["content-type"]!.split("boundary=");
    expect(sent[0]!.body.startsWith(`--${boundary}\r\n`)).toBe(true);
    const form = new FormData();
    form.set("a", "1");
    await operate({ body: form });
    expect(sent[1]!.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, (data: unknown) => unknown]>([
    ["text", { "text/csv": {} }, "text/csv", (data) => data],
    ["a Blob", { "image/png": {} }, "image/png", async (data) => (data as Blob).text()],
    [
      "a stream",
      { "application/jsonl": {} },
      "application/jsonl",
      async (data) => (await (data as AsyncIterator<unknown>).next()).value,
    ],
    ["JSON", { "application/json": {} }, "application/json", (data) => data],
  ])("reads the same: %s", async (_, content, mediaType, value) => {
    const { client, operate } = operation(answering(content), {
      answer: () => new Response("1", { headers: { "Content-Type": mediaType } }),
    });
    const before = await value((await operate()).data);
    client.use(quiet);
    expect(await value((await operate()).data)).toEqual(before);
  });
});

describe("a middleware", () => {
  it("sees a call once, before its credentials, and its replay not at all", async () => {
    const { client, calls } = scripted({
      document: oauthDocument(),
      routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy((token) => token !== "at-1") },
      options: { inputs: oauthInputs },
    });
    const seen: unknown[] = [];
    (client as unknown as { use(middleware: object): void }).use({
      onRequest: ({ request, schemaPath }: { request: Request; schemaPath: string }) => {
        seen.push([schemaPath, request.headers.get("authorization")]);
        request.headers.set("X-Seen", "1");
      },
      onResponse: ({ response }: { response: Response }) => {
        seen.push(response.status);
      },
    });
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(seen).toEqual([["/things", null], 200]);
    expect(calls("GET /things").map(({ headers }) => headers["x-seen"])).toEqual(["1", "1"]);
  });

  it("sees the parameters as they were given, and may answer in the service's place", async () => {
    const { client, sent } = operation({ parameters: [{ name: "q", in: "query", style: "pipeDelimited", explode: false }] });
    let params: unknown;
    client.use({
      onRequest: (options: { params: unknown }) => {
        params = options.params;
        return Response.json({ cached: true });
      },
    });
    expect((await client.POST("/x", { params: { query: { q: [1, 2] } } })).data).toEqual({ cached: true });
    expect(params).toMatchObject({ query: { q: [1, 2] } });
    expect(sent).toEqual([]);
  });

  it("of one call alone makes that call take the way", async () => {
    const { operate, sent } = operation({});
    const mark = { onRequest: ({ request }: { request: Request }) => request.headers.set("X-Mark", "1") };
    await operate({ middleware: [mark] });
    await operate();
    expect(sent.map(({ headers }) => headers["x-mark"])).toEqual(["1", undefined]);
  });
});

describe("a middleware", () => {
  it("that is none is refused at once, and those before it are registered", async () => {
    const { client, operate, sent } = operation({});
    const mark = { onRequest: ({ request }: { request: Request }) => request.headers.set("X-Mark", "1") };
    expect(() => client.use(mark, {})).toThrow("a middleware is an object with");
    await operate();
    expect(sent[0]?.headers["x-mark"]).toBe("1");
  });

  it("sees the calls that were made while it was registered, although openapi-fetch is loaded by the first of them", async () => {
    const { client, operate, sent } = operation({});
    const mark = { onRequest: ({ request }: { request: Request }) => request.headers.set("X-Mark", "1") };
    client.use(mark);
    const call = operate();
    client.eject(mark);
    await call;
    await operate();
    expect(sent.map(({ headers }) => headers["x-mark"])).toEqual(["1", undefined]);
  });
});

describe("what only fetch knows", () => {
  it("reaches it, and a fetch of one call alone is asked", async () => {
    const seen: string[] = [];
    const { operate, sent } = operation({});
    const fetch = async (request: Request) => {
      seen.push(`${request.cache} ${request.credentials}`);
      return Response.json({});
    };
    await operate({ cache: "no-store", credentials: "omit", fetch });
    expect([seen, sent]).toEqual([["no-store omit"], []]);
  });
});

describe("serializers of the caller's own", () => {
  it("write path and query in place of the document's", async () => {
    const { client, operate, sent } = operation({}, { path: "/{id}" });
    const init = {
      params: { path: { id: 1 }, query: { a: [1, 2] } },
      pathSerializer: (path: string) => path.replace("{id}", "seven"),
      querySerializer: { array: { style: "pipeDelimited", explode: false } },
    };
    await operate(init);
    await operate({ ...init, querySerializer: () => "?b=ü" });
    client.use(quiet);
    await operate(init);
    expect(sent.map(({ url }) => url)).toEqual([
      "https://api.example/v1/seven?a=1|2",
      "https://api.example/v1/seven?b=%C3%BC",
      "https://api.example/v1/seven?a=1|2",
    ]);
  });
});
