/**
 * What callers hand on to a client from strangers, and what documents call things at run time: names that every object has,
 * values that would end a header, a cookie, a query or a path, addresses that would lead elsewhere. Each is encoded or refused,
 * and none is sent to another place.
 */

import { describe, expect, test } from "vitest";
import { type ApiDefinition, createClient } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import type { LooseResult, LooseTypes } from "../support/service.js";
import { reaching } from "../support/transport.js";

const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];

interface Sent {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** A client of a document with these parts, and what it sends. */
function clientOf(parts: object, options: object = {}, answer = "{}") {
  const sent: Sent[] = [];
  const fetch = async (request: Request) => {
    sent.push({ url: new URL(request.url), headers: request.headers, body: await request.text() });
    return new Response(answer, { headers: { "content-type": "application/json" } });
  };
  const document = { openapi: "3.1.0", servers: [{ url: "https://api.example/v1" }], ...parts };
  const client = createClient<LooseTypes, ApiDefinition>(readDefinition(document, "hostile"), {
    ...options,
    ...reaching(fetch),
  } as never);
  return { client: client as unknown as Readonly<Record<string, (init?: object) => Promise<LooseResult>>>, sent };
}

const own = (name: string, value: unknown) => Object.fromEntries([[name, value]]);
const parameter = (name: string, place: string, more: object = {}) => ({
  name,
  in: place,
  schema: { type: "string" },
  ...more,
});

describe.each(NAMES)("%s", (name) => {
  test("is an operation, its parameters, its scheme and its input like any other", async () => {
    const parts = {
      paths: {
        [`/a/{${name}}`]: {
          post: {
            operationId: name,
            security: [own(name, [])],
            parameters: [
              parameter(name, "path", { required: true }),
              ...["query", "header", "cookie"].map((place) => parameter(name, place)),
            ],
          },
        },
      },
      components: { securitySchemes: own(name, { type: "apiKey", in: "header", name: "X-Key" }) },
    };
    const { client, sent } = clientOf(parts, { inputs: own(name, "k") });
    const values = own(name, "v");
    // Every object has a member of some of these names: the operation has another one then.
    const operations: string[] = [];
    for (const member in client) if (member.replace(/_$/, "") === name) operations.push(member);
    expect(operations).toEqual([name in {} ? `${name}_` : name]);
    const operate = client[operations[0]!]!;
    await operate({ params: { path: values, query: values, header: values, cookie: values }, body: own(name, "b") });
    expect(sent).toHaveLength(1);
    const { url, headers, body } = sent[0]!;
    expect(url.href).toBe(`https://api.example/v1/a/v?${name}=v`);
    expect([headers.get(name), headers.get("cookie"), headers.get("x-key")]).toEqual(["v", `${name}=v`, "k"]);
    expect(body).toBe(JSON.stringify(own(name, "b")));
  });

  test("is missing in a path when it was not given, and not what every object has", async () => {
    const { client, sent } = clientOf({
      paths: { [`/a/{${name}}`]: { get: { operationId: "get", parameters: [parameter(name, "path", { required: true })] } } },
    });
    for (const params of [{}, { path: {} }]) {
      await expect(async () => client["get"]!({ params })).rejects.toThrow(`the path parameter "${name}" is missing`);
    }
    expect(sent).toEqual([]);
  });

  test.each(["query", "header"])("is filled in a %s when it was not given", async (place) => {
    const { client, sent } = clientOf({
      paths: { "/a": { get: { operationId: "get", parameters: [parameter(name, place, { "x-fill": "filled" })] } } },
    });
    await client["get"]!();
    await client["get"]!({ params: { [place]: {} } });
    expect(sent.map(({ url, headers }) => (place === "query" ? url.search : headers.get(name)))).toEqual(
      Array(2).fill(place === "query" ? `?${name}=filled` : "filled"),
    );
  });

  test("is a variable of a server that has its own value alone", async () => {
    const servers = [{ url: `https://api.example/{${name}}`, variables: own(name, { default: "v9" }) }];
    const parts = { servers, paths: { "/a": { get: { operationId: "get" } } } };
    for (const [options, want] of [
      [{}, "/v9/a"],
      [{ variables: {} }, "/v9/a"],
      [{ variables: own(name, "v8") }, "/v8/a"],
    ] as const) {
      const { client, sent } = clientOf(parts, options);
      await client["get"]!();
      expect(sent.map(({ url }) => url.pathname)).toEqual([want]);
    }
  });

  test("is a member of an answer that changes nothing else", async () => {
    const { client } = clientOf({ paths: { "/a": { get: { operationId: "get" } } } }, {}, `{"${name}":{"polluted":1},"a":1}`);
    const { data } = await client["get"]!();
    expect(Object.keys(data as object)).toEqual([name, "a"]);
    expect((data as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

test("a parameter of a token call is sent, whatever its name is", async () => {
  const lifecycle = {
    obtain: {
      operationId: "login",
      parameters: NAMES.map((name) => ({ in: "query", name, value: { literal: "v" } })),
      outputs: { accessToken: "$response.body#/token" },
    },
  };
  const { client, sent } = clientOf(
    {
      paths: {
        "/login": { post: { operationId: "login", security: [], parameters: NAMES.map((name) => parameter(name, "query")) } },
        "/a": { get: { operationId: "get", security: [{ token: [] }] } },
      },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer", "x-token-lifecycle": lifecycle } } },
    },
    {},
    '{"token":"t","__proto__":{"token":"other"}}',
  );
  await client["get"]!();
  expect([...sent[0]!.url.searchParams]).toEqual(NAMES.map((name) => [name, "v"]));
  expect(sent[1]!.headers.get("authorization")).toBe("Bearer t");
});

const PLACES = {
  paths: {
    "/a/{p}/z": {
      get: {
        operationId: "get",
        parameters: [
          parameter("p", "path", { required: true }),
          ...["query", "header", "cookie"].map((place) => parameter("q", place)),
        ],
      },
    },
  },
};

describe("a value", () => {
  test.each([
    "a&b=c",
    "a#b",
    "a?b",
    "a;b=c",
    "a=b",
    "a b",
    "a+b",
    "a\r\nX-Evil: 1",
    "a%26b",
    "\u2028",
    "é",
    "a\0b",
    "[]",
    "a/../b",
  ])("of %j in a query is one value", async (value) => {
    const { client, sent } = clientOf(PLACES);
    await client["get"]!({ params: { path: { p: "1" }, query: { q: value } } });
    const { url, headers } = sent[0]!;
    expect([...url.searchParams]).toEqual([["q", value]]);
    expect([url.pathname, url.hash, headers.get("x-evil")]).toEqual(["/v1/a/1/z", "", null]);
  });

  test.each(["a; admin=1", "a\r\nX-Evil: 1", "a, b", 'a"b', "a=b", "é", "a\0b"])(
    "of %j in a cookie is one value",
    async (value) => {
      const { client, sent } = clientOf(PLACES);
      await client["get"]!({ params: { path: { p: "1" }, cookie: { q: value } } });
      expect(sent[0]!.headers.get("cookie")).toBe(`q=${encodeURIComponent(value)}`);
      expect(sent[0]!.headers.get("x-evil")).toBeNull();
    },
  );

  test.each(["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b", "a\u007f", "\u2028", "日"])(
    "of %j in a header is refused",
    async (value) => {
      const { client, sent } = clientOf(PLACES);
      const init = { params: { path: { p: "1" }, header: { q: value } } };
      await expect(async () => client["get"]!(init)).rejects.toMatchObject({ code: "unfit-value" });
      await expect(async () => client["get"]!({ params: { path: { p: "1" } }, headers: { "X-Own": value } })).rejects.toThrow();
      expect(sent).toEqual([]);
    },
  );

  test.each(["..", ".", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "%2e"])("of %j in a path is refused", async (value) => {
    const { client, sent } = clientOf(PLACES);
    await expect(async () => client["get"]!({ params: { path: { p: value } } })).rejects.toThrow(/path parameter/);
    expect(sent).toEqual([]);
  });

  test.each(["", undefined, null])("of %j in a path is told to be missing or empty", async (value) => {
    const { client, sent } = clientOf(PLACES);
    await expect(async () => client["get"]!({ params: { path: { p: value } } })).rejects.toThrow(/is (?:missing|empty)$/);
    expect(sent).toEqual([]);
  });

  test.each([
    "../../admin",
    "..%2f..%2fadmin",
    "..\\..\\admin",
    "%2e%2e%2fadmin",
    "a/b",
    "a\\b",
    "a?b=c",
    "a#b",
    "a;b",
    "\u2024\u2024/admin",
    "\uff0e\uff0e\uff0fadmin",
    "//evil.example",
    "@evil.example",
    "a\r\nb",
    "...",
    "é",
  ])("of %j in a path is one segment", async (value) => {
    const { client, sent } = clientOf(PLACES);
    await client["get"]!({ params: { path: { p: value } } });
    const { url } = sent[0]!;
    expect([url.origin, url.search, url.hash]).toEqual(["https://api.example", "", ""]);
    const segments = url.pathname.split("/");
    expect(segments).toHaveLength(5);
    expect(decodeURIComponent(segments[3]!)).toBe(value);
  });
});

describe("an address", () => {
  const paths = { "/a": { get: { operationId: "get", security: [{ key: [] }] } } };
  const components = { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } };
  const inputs = { key: "k" };

  test.each([
    ["https://proxy.example/x?y=1", "https://proxy.example/x/a"],
    ["https://proxy.example/x#y", "https://proxy.example/x/a"],
    ["https://user:pass@proxy.example/x", "https://proxy.example/x/a"],
    ["https://proxy.example/x/../y/", "https://proxy.example/y/a"],
    ["https://proxy.example\\x", "https://proxy.example/x/a"],
  ])("%s is taken for its origin and its path", async (baseUrl, want) => {
    const { client, sent } = clientOf({ paths, components }, { baseUrl, inputs });
    await client["get"]!();
    expect(sent.map(({ url }) => url.href)).toEqual([want]);
  });

  const variables = { tenant: { default: "a" }, version: { default: "v1" } };
  const servers = [{ url: "https://{tenant}.api.example/{version}", variables }];

  test.each([
    { tenant: "evil.example/" },
    { tenant: "evil.example#" },
    { tenant: "evil.example?" },
    { tenant: "evil.example\\" },
    { tenant: "x@evil.example/" },
    { tenant: "x@" },
    { tenant: "evil%2eexample%2f" },
    { tenant: "a\nb" },
    { version: ".." },
    { version: "v1/../../admin" },
    { version: "%2e%2e/admin" },
    { version: "v1?admin=1" },
    { version: "v1#" },
    { version: "..\\admin" },
  ])("with the variables %j is refused", (chosen) => {
    expect(() => clientOf({ servers, paths, components }, { variables: chosen, inputs })).toThrow(
      /would lead to another server or path/,
    );
  });

  test.each([
    [servers, { tenant: "b.eu", version: "v2/beta" }, "https://b.eu.api.example/v2/beta/a"],
    [
      [{ url: "{base}/x", variables: { base: { default: "https://a.example" } } }],
      { base: "https://b.example/y" },
      "https://b.example/y/x/a",
    ],
    [[{ url: "https://a.example{base}", variables: { base: { default: "/v1" } } }], { base: "/v2" }, "https://a.example/v2/a"],
    [
      [{ url: "https://a.example:{port}", variables: { port: { default: "443" } } }],
      { port: "8443" },
      "https://a.example:8443/a",
    ],
  ])("takes what belongs there: %j with %j", async (stated, chosen, want) => {
    const { client, sent } = clientOf({ servers: stated, paths, components }, { variables: chosen, inputs });
    await client["get"]!();
    expect(sent.map(({ url, headers }) => [url.href, headers.get("x-key")])).toEqual([[want, "k"]]);
  });
});
