import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { fixture, type Opened, open, type Reply, textAt } from "./support.js";

describe("what a request may look like", () => {
  it("answers an unknown path with 404 and an unknown method with 405 and the methods there are", async () => {
    const { send, sandbox } = await open(fixture("plain"));
    expect(await send("GET /nowhere")).toMatchObject({ status: 404, body: { status: 404 } });
    const reply = await send("PUT /tools/1");
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("GET");
    const elsewhere = await fetch(`${sandbox.origin}/other/tools/1`);
    expect(elsewhere.status).toBe(404);
    expect(await elsewhere.json()).toMatchObject({ served: [{ url: sandbox.url("api") }] });
    expect((await fetch(`${sandbox.origin}/apis/base/tools/1`)).status).toBe(404);
  });

  it("prefers the literal path to the template", async () => {
    const { send } = await open(fixture("plain"));
    const reply = await send("GET /tools/newest");
    expect(reply).toMatchObject({ status: 200, body: "hammer" });
    expect(reply.headers.get("content-type")).toBe("text/plain");
  });

  it.each([
    { name: "a path parameter of another type", path: "/tools/x", query: { wanted: "true" }, says: /^path parameter "id"/ },
    { name: "a missing query parameter", path: "/tools/1", query: {}, says: /^query parameter "wanted" is missing/ },
    { name: "an item outside the enum", path: "/tools/1", query: { wanted: "true", tags: "red,green" }, says: /at \/1/ },
    { name: "too many items", path: "/tools/1", query: { wanted: "true", tags: "red,red,red" }, says: /"tags" must NOT/ },
    {
      name: "a header that is too long",
      path: "/tools/1",
      query: { wanted: "true" },
      headers: { "X-Trace": "123456789" },
      says: /"X-Trace"/,
    },
    {
      name: "a cookie below its minimum",
      path: "/tools/1",
      query: { wanted: "true" },
      headers: { Cookie: "page=0" },
      says: /"page"/,
    },
  ])("refuses $name", async ({ path, query, headers = {}, says }) => {
    const { send } = await open(fixture("plain"));
    const reply = await send(`GET ${path}`, {
      query: query as Record<string, string>,
      headers: headers as Record<string, string>,
    });
    expect(reply).toMatchObject({ status: 400, body: { problems: [expect.stringMatching(says)] } });
  });

  it.each([
    { name: "a missing body", sent: {}, problem: "the body is missing" },
    {
      name: "broken JSON",
      sent: { body: '{"name": ', headers: { "Content-Type": "application/json" } },
      problem: "the body is not JSON",
    },
    {
      name: "bytes that are not text",
      sent: { body: "\ud800", headers: { "Content-Type": "application/json" } },
      problem: "the body is not JSON",
    },
    { name: "a missing member", sent: { json: { id: 1 } }, problem: "the body must have required property 'name'" },
    { name: "a member of another type", sent: { json: { name: 1 } }, problem: "the body at /name must be string" },
    {
      name: "a format that is not kept",
      sent: { json: { name: "x", made: "today" } },
      problem: 'the body at /made must match format "date-time"',
    },
  ])("answers $name with the documented refusal", async ({ sent, problem }) => {
    const { send, sandbox } = await open(fixture("plain"));
    expect(await send("POST /tools", sent)).toMatchObject({ status: 400, body: { mistake: "yours" } });
    expect(sandbox.requests.at(-1)?.problems).toEqual([problem]);
  });

  it("coerces the members of a form and refuses those that cannot be", async () => {
    const { send } = await open(fixture("plain"));
    expect((await send("POST /forms", { form: { count: "3", names: "one" } })).status).toBe(204);
    expect((await send("POST /forms", { form: { count: "x" } })).status).toBe(400);
    expect((await send("POST /forms", { form: { count: "3", other: "x" } })).status).toBe(400);
    expect((await send("POST /forms")).status).toBe(204);
  });

  it("refuses a media type that is not documented with 415", async () => {
    const { send } = await open(fixture("plain"));
    const reply = await send("POST /tools", { body: "<tool/>", headers: { "Content-Type": "application/xml" } });
    expect(reply.status).toBe(415);
  });
});

describe("what an answer looks like", () => {
  it("is sampled from the schema where there is no example, with what the request named in it", async () => {
    const { send } = await open(fixture("plain"));
    const reply = await send("GET /tools/42", { query: { wanted: "true" } });
    expect(reply.body).toMatchObject({ id: 42, name: "saw", made: expect.any(String) });
    expect((await send("POST /tools", { json: { name: "rasp" } })).body).toMatchObject({ id: 7, name: "rasp" });
  });

  it("echoes a header that is a parameter too, and makes one up as `x-fill` says where it is missing", async () => {
    const { send } = await open(fixture("plain"));
    const query = { wanted: "true" };
    expect((await send("GET /tools/1", { query, headers: { "X-Trace": "mine" } })).headers.get("x-trace")).toBe("mine");
    expect((await send("GET /tools/1", { query })).headers.get("x-trace")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("carries the declared headers, escaped where a header cannot hold them", async () => {
    const { send } = await open(fixture("plain"));
    const { headers } = await send("GET /tools/1", { query: { wanted: "true" } });
    expect(headers.get("x-count")).toBe("3");
    expect(headers.get("x-name")).toBe("S%C3%B6ge");
  });
});

describe("a signed header", () => {
  it("is checked by computing it anew with the account's own key", async () => {
    const { send, sandbox } = await open(fixture("plain"));
    sandbox.account("api", { owner: "ada", sealKey: "key" });
    const seal = (key: string, data: string): Record<string, string> => ({
      "X-Owner": "ada",
      "X-Stamp": "17",
      "X-Seal": createHmac("sha256", key).update(data).digest("hex"),
    });
    expect((await send("GET /signed", { headers: seal("key", "ada:17") })).status).toBe(200);
    expect((await send("GET /signed", { headers: seal("key", "ada:18") })).status).toBe(401);
    expect((await send("GET /signed", { headers: seal("other", "ada:17") })).status).toBe(401);
  });
});

describe("a signed token call", () => {
  const proof = (key: string): string => createHmac("sha256", key).update("ada").digest("base64");

  async function opened(): Promise<Opened & { enter(key: string): Promise<Reply>; turn(ticket: string): Promise<Reply> }> {
    const result = await open(fixture("plain"));
    result.sandbox.account("api", { owner: "ada", sealKey: "key" });
    return {
      ...result,
      enter: (key) => result.send("POST /turnstile", { json: { who: "ada", proof: proof(key) } }),
      turn: (ticket) => result.send(`POST /turnstile/${ticket}`),
    };
  }

  it("is believed only when its digest is the account's", async () => {
    const { enter } = await opened();
    expect((await enter("other")).status).toBe(403);
    expect((await enter("key")).status).toBe(200);
  });

  it("brings another refresh token than the one in the path", async () => {
    const { enter, turn } = await opened();
    const ticket = textAt(await enter("key"), "ticket");
    expect(textAt(await turn(ticket), "ticket")).not.toBe(ticket);
  });

  it("is served once of two that spend the same token, and ends the grant with the second", async () => {
    const { enter, turn, sandbox } = await opened();
    const ticket = textAt(await enter("key"), "ticket");
    const replies = await Promise.all([turn(ticket), turn(ticket)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(sandbox.alarms).toHaveLength(1);
    const successor = replies.find(({ status }) => status === 200);
    expect((await turn(textAt(successor!, "ticket"))).status).toBe(403);
  });
});

describe("a security requirement that names no scheme of the document", () => {
  it("is satisfied by nothing", async () => {
    const { send } = await open(fixture("plain"));
    expect((await send("GET /beyond")).status).toBe(401);
  });
});

describe("a chain of calls", () => {
  it("hands a value from one call to the next, good for one use and one account", async () => {
    const { send, sandbox } = await open(fixture("plain"));
    sandbox.account("api", { name: "ada", secret: "s", owner: "o", sealKey: "k" });
    sandbox.account("api", { name: "bob", secret: "t", owner: "o", sealKey: "k" });
    const { nonce } = (await send("POST /chain/begin", { json: { name: "ada" } })).body as { nonce: string };
    expect((await send("POST /chain/end", { json: { nonce, secret: "t" } })).status).toBe(403);
    expect((await send("POST /chain/end", { json: { nonce: "EXAMPLE", secret: "s" } })).status).toBe(403);
    const { token } = (await send("POST /chain/end", { json: { nonce, secret: "s" } })).body as { token: string };
    expect((await send("GET /chain/use", { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await send("POST /chain/end", { json: { nonce, secret: "s" } })).status).toBe(403);
  });
});

describe("hostile requests", () => {
  it.each([
    { name: "prototype names in JSON", line: "POST /tools", body: '{"__proto__": {"name": "x"}, "constructor": 1}' },
    { name: "a prototype name as a path parameter", line: "GET /tools/__proto__", body: undefined },
    { name: "deep nesting", line: "POST /tools", body: `${"[".repeat(20_000)}${"]".repeat(20_000)}` },
    { name: "a bad percent sign", line: "GET /tools/%zz", body: undefined },
  ])("get a 4xx: $name", async ({ line, body }) => {
    const { send } = await open(fixture("plain"));
    const reply = await send(line, { ...(body !== undefined && { body, headers: { "Content-Type": "application/json" } }) });
    expect(reply.status).toBe(400);
    expect((await send("GET /tools/newest")).status).toBe(200);
  });

  it("gets 413 for a body that is too large", async () => {
    const { send } = await open(fixture("plain"));
    expect((await send("POST /tools", { json: { name: "x".repeat(2_000_000) } })).status).toBe(413);
    expect((await send("GET /tools/newest")).status).toBe(200);
  });

  it.each([
    "GET /api/base/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/base/tools/%2e%2e%2f HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://elsewhere.example/api/base/tools/newest HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "nonsense\r\n\r\n",
    "POST /api/base/tools HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
  ])("gets a 4xx over a bare socket: %j", async (raw) => {
    const { sandbox, send } = await open(fixture("plain"));
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(sandbox.origin).port), "127.0.0.1", () => socket.write(raw));
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data.toString());
      });
      socket.once("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await send("GET /tools/newest")).status).toBe(200);
  });

  it("do not buy time with text that can be split in many ways", async () => {
    const { send, sandbox } = await open(fixture("counted"));
    sandbox.account("api", { portId: "a", portSecret: "b", pilotId: "c", ship: "d" });
    const bars = "|".repeat(6000);
    const used = process.cpuUsage();
    expect((await send("GET /berths", { headers: { "X-Port": bars, "X-Pilot": bars } })).status).toBe(401);
    expect(process.cpuUsage(used).user).toBeLessThan(2_000_000); // microseconds of work, however long they take
  });
});
