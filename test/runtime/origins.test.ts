import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import type { LooseClient } from "../support/service.js";
import { transportUnderTest } from "../support/transport.js";

const document = {
  servers: [{ url: "https://api.example" }],
  paths: {
    "/x": { get: { operationId: "getX", security: [{ key: [] }] }, post: { operationId: "postX", security: [{ key: [] }] } },
    "/open": { get: { operationId: "getOpen", security: [] } },
  },
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Api-Key" } } },
};

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A real server: redirects are the work of a real `fetch`. */
async function serve(answer: (url: string) => { status: number; location?: string }) {
  const asked: { url: string; method: string; key: unknown; authorization: unknown; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { url = "", method = "" } = request;
    asked.push({ url, method, key: request.headers["x-api-key"], authorization: request.headers["authorization"], body });
    const { status, location } = answer(url);
    response.writeHead(status, { "Content-Type": "application/json", ...(location && { Location: location }) });
    response.end("{}");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function client(baseUrl: string): LooseClient {
  return createClient(readDefinition(document, "test"), {
    baseUrl,
    inputs: { key: "s3cret" },
    ...transportUnderTest(),
  }) as unknown as LooseClient;
}

describe("a redirect", () => {
  it("within the origin is followed with the credentials", async () => {
    const { asked, url } = await serve((path) => (path === "/x" ? { status: 302, location: "/y" } : { status: 200 }));
    expect((await client(url).getX()).response.status).toBe(200);
    expect(asked.map((one) => [one.url, one.key])).toEqual([
      ["/x", "s3cret"],
      ["/y", "s3cret"],
    ]);
  });

  it("to another origin is followed without any credential, the caller's own neither (B23)", async () => {
    const other = await serve(() => ({ status: 200 }));
    const { url } = await serve(() => ({ status: 302, location: `${other.url}/z` }));
    await client(url).getX({ headers: { Authorization: "Bearer mine", "X-Trace": "1" } });
    expect(other.asked).toEqual([{ url: "/z", method: "GET", key: undefined, authorization: undefined, body: "" }]);
  });

  it("of a POST becomes a GET by 303, and stays a POST with its body by 307", async () => {
    const { asked, url } = await serve((path) =>
      path === "/x" ? { status: asked.length === 1 ? 303 : 307, location: "/y" } : { status: 200 },
    );
    await client(url).postX({ body: { a: 1 } });
    await client(url).postX({ body: { a: 1 } });
    expect(asked.map(({ method, body }) => [method, body])).toEqual([
      ["POST", '{"a":1}'],
      ["GET", ""],
      ["POST", '{"a":1}'],
      ["POST", '{"a":1}'],
    ]);
  });

  it("that would carry a body to another origin is the caller's answer", async () => {
    const other = await serve(() => ({ status: 200 }));
    const { url } = await serve(() => ({ status: 307, location: `${other.url}/z` }));
    expect((await client(url).postX({ body: { a: 1 } })).response.status).toBe(307);
    expect(other.asked).toEqual([]);
  });

  it("is not followed for ever", async () => {
    const { asked, url } = await serve(() => ({ status: 302, location: "/x" }));
    await expect(client(url).getX()).rejects.toThrow("getX was redirected more than 20 times");
    expect(asked).toHaveLength(21);
  });

  it.each([
    ["nothing that is an address", "http://["],
    ["text", "data:text/plain,hello"],
    ["a file", "file:///etc/hostname"],
    ["an address with a password", "http://user:word@127.0.0.1/"],
  ])("to %s is refused, and shows nothing of the address that was called", async (_what, location) => {
    const { asked, url } = await serve(() => ({ status: 302, location }));
    const error: unknown = await client(url)
      .getX({ params: { query: { secret: "s3cret" } } })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: "getX was redirected to what is no address of http or https" });
    expect(inspect(error, { showHidden: true, depth: null })).not.toContain("s3cret");
    expect(asked).toHaveLength(1);
  });

  it("is followed also when its own body broke off", async () => {
    const broken = () => new ReadableStream({ start: (controller) => controller.error(new TypeError("terminated")) });
    const fetch = async (request: Request) =>
      request.url.endsWith("/x") ? new Response(broken(), { status: 302, headers: { Location: "/y" } }) : Response.json({});
    const { getX } = createClient(readDefinition(document, "test"), {
      inputs: { key: "s3cret" },
      fetch,
    }) as unknown as LooseClient;
    expect((await getX()).response.status).toBe(200);
  });

  it("is left to the caller who asks for that", async () => {
    const { asked, url } = await serve(() => ({ status: 302, location: "/y" }));
    expect((await client(url).getX({ redirect: "manual" })).response.status).toBe(302);
    expect(asked).toHaveLength(1);
  });
});

describe("credentials", () => {
  it("do not go to an address that is neither the document's nor the one given", async () => {
    const { asked, url } = await serve(() => ({ status: 200 }));
    const error = await client("https://api.example")
      .getX({ baseUrl: url })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "origin-refused", operationId: "getX" });
    expect(asked).toEqual([]);
  });

  it("do not go over plain http, but to this machine (B23)", async () => {
    await expect(client("http://api.example").getX()).rejects.toMatchObject({ code: "origin-refused" });
    const { url } = await serve(() => ({ status: 200 }));
    expect((await client(url).getX()).response.status).toBe(200);
  });

  it("are not asked of an operation that needs none", async () => {
    const { asked, url } = await serve(() => ({ status: 200 }));
    await client(url).getOpen();
    expect(asked[0]?.key).toBeUndefined();
  });
});

describe("an address that is none", () => {
  it.each(["/api", "http://[", ""])('"%s" is refused before anything is sent, and no parameter is quoted', async (baseUrl) => {
    const onRequest = () => undefined;
    const init = { params: { query: { secret: "s3cret" } } };
    const calls = [
      () => client(baseUrl).getX(init),
      () => client(baseUrl).getOpen(init),
      () => client(baseUrl).getX({ ...init, middleware: [{ onRequest }] }),
      ...(baseUrl === "" ? [] : [() => client("https://api.example").getX({ ...init, baseUrl })]),
    ];
    for (const call of calls) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: expect.stringContaining("has no absolute address to go to; say it as baseUrl") });
      expect(inspect(error, { showHidden: true, depth: null })).not.toContain("s3cret");
    }
  });
});
