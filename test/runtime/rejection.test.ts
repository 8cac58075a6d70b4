import { describe, expect, it } from "vitest";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { deferred, type Handler, scripted } from "../support/service.js";

function oauth(routes: Record<string, Handler>, lifecycle: Record<string, unknown> = {}) {
  return scripted({
    document: oauthDocument(lifecycle),
    routes: { "POST /token": tokenEndpoint(), ...routes },
    options: { inputs: oauthInputs },
  });
}

describe("a rejected token", () => {
  it("leads to one renewal and one replay", async () => {
    const { client, calls, told } = oauth({ "GET /things": protectedBy((token) => token !== "at-1") });
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(calls("GET /things")).toHaveLength(2);
    expect(told("token-rejected")).toMatchObject([{ generation: 1, operationId: "listThings", status: 401, replayed: false }]);
    expect(told("replayed")).toMatchObject([{ operationId: "listThings", generation: 2 }]);
  });

  it("replays a POST with its body and its headers", async () => {
    const { client, calls } = oauth({ "POST /things": protectedBy((token) => token !== "at-1") });
    const { data } = await client.createThing({ body: { name: "Zoë" }, headers: { "X-Trace": "7" } });
    expect(data).toEqual({ token: "at-2" });
    expect(calls("POST /things").map(({ body, headers }) => [body, headers["x-trace"], headers["content-type"]])).toEqual([
      ['{"name":"Zoë"}', "7", "application/json"],
      ['{"name":"Zoë"}', "7", "application/json"],
    ]);
  });

  it.each([
    ["FormData", () => form({ a: "1" })],
    ["URLSearchParams", () => new URLSearchParams({ a: "1" })],
    ["Blob", () => new Blob(["bytes"])],
    ["ArrayBuffer", () => new TextEncoder().encode("bytes").buffer],
  ])("replays a body of type %s (B21)", async (_, body) => {
    const { client, calls } = oauth({ "POST /things": protectedBy((token) => token !== "at-1") });
    expect((await client.createThing({ body: body() })).response.status).toBe(200);
    const [first, second] = calls("POST /things").map((asked) => asked.body.replaceAll(/-{2,}[\w-]+/g, "boundary"));
    expect(second).toBe(first);
    expect(first).not.toBe("");
  });

  it("is the caller's answer when the body was a stream, and the next call has another token (B21)", async () => {
    const { client, calls, told } = oauth({ "POST /things": protectedBy((token) => token !== "at-1") });
    const stream = new Blob(["bytes"]).stream();
    const { error, response } = await client.createThing({ body: stream });
    expect([response.status, error]).toEqual([401, { error: "invalid_token" }]);
    expect(calls("POST /things")).toHaveLength(1);
    expect(told("replayed")).toEqual([]);
    expect((await client.createThing({ body: {} })).data).toEqual({ token: "at-2" });
  });

  it("is answered by the second rejection, once, when the fresh token is rejected too (B19)", async () => {
    const { client, calls, told } = oauth({ "GET /things": protectedBy(() => false) });
    const { error, response } = await client.listThings();
    expect([response.status, error]).toEqual([401, { error: "invalid_token" }]);
    expect(calls("GET /things")).toHaveLength(2);
    expect(told("token-rejected").map((event) => "replayed" in event && event.replayed)).toEqual([false, true]);
  });

  it("does not lead to a storm: after a second rejection the next calls are sent once and renew nothing (B8)", async () => {
    const { client, calls } = oauth({ "GET /things": protectedBy(() => false) });
    for (let call = 0; call < 10; call += 1) await client.listThings();
    expect(calls("POST /token")).toHaveLength(2);
    expect(calls("GET /things")).toHaveLength(11);
  });

  it("is only resent when the token was replaced meanwhile (B18)", async () => {
    const gates = [deferred<void>(), deferred<void>(), deferred<void>()];
    let sent = 0;
    const { client, calls } = oauth({
      "GET /things": async (asked) => {
        const gate = gates[sent];
        sent += 1;
        if (asked.headers["authorization"] === "Bearer at-1") await gate?.promise;
        return protectedBy((token) => token !== "at-1")(asked);
      },
    });
    const results = [client.listThings(), client.listThings(), client.listThings()];
    while (sent < 3) await new Promise((resolve) => setImmediate(resolve));
    for (const [index, gate] of gates.entries()) {
      gate.resolve();
      await results[index];
    }
    expect((await Promise.all(results)).map(({ data }) => data)).toEqual([
      { token: "at-2" },
      { token: "at-2" },
      { token: "at-2" },
    ]);
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("is not replayed when the renewal brings the very same token", async () => {
    const { client, calls } = oauth({
      "POST /token": tokenEndpoint(() => ({ access_token: "same" })),
      "GET /things": protectedBy(() => false),
    });
    expect((await client.listThings()).response.status).toBe(401);
    await client.listThings();
    expect(calls("GET /things")).toHaveLength(2);
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("is told by the document's criterion, not by the status alone (B20)", async () => {
    const lifecycle = { rejected: { token: "$statusCode == 403 && $response.body#/code == 'EXPIRED'" } };
    const answers = [{ code: "FORBIDDEN" }, { code: "expired" }];
    const { client, calls } = oauth(
      { "GET /things": () => (answers.length > 0 ? Response.json(answers.shift(), { status: 403 }) : Response.json({})) },
      lifecycle,
    );
    expect((await client.listThings()).error).toEqual({ code: "FORBIDDEN" });
    expect(calls("POST /token")).toHaveLength(1);
    expect((await client.listThings()).response.status).toBe(200);
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("leaves the body of a success unread where the status decides", async () => {
    const { client } = oauth({ "GET /things": () => Response.json({ big: true }) });
    const { data } = await client.listThings({ parseAs: "stream" });
    expect(await new Response(data as ReadableStream).json()).toEqual({ big: true });
  });

  it("reports refused credentials, and never repeats the call (B20)", async () => {
    const lifecycle = { rejected: { credentials: "$statusCode == 401 && $response.body#/error == 'client'" } };
    const { client, calls, told } = oauth(
      { "GET /things": () => Response.json({ error: "client" }, { status: 401 }) },
      lifecycle,
    );
    expect((await client.listThings()).error).toEqual({ error: "client" });
    expect(calls("GET /things")).toHaveLength(1);
    expect(told("credentials-rejected")).toEqual([
      { type: "credentials-rejected", scheme: "user", operationId: "listThings", status: 401 },
    ]);
  });

  it("throws what went wrong when the renewal fails", async () => {
    const endpoint = tokenEndpoint();
    let refuse = false;
    const { client } = oauth({
      "POST /token": (asked) => (refuse ? Response.json({ error: "invalid_grant" }, { status: 400 }) : endpoint(asked)),
      "GET /things": protectedBy(() => {
        refuse = true;
        return false;
      }),
    });
    await expect(client.listThings()).rejects.toMatchObject({ code: "credentials-rejected", scheme: "user", status: 400 });
  });
});

describe("an answer", () => {
  it.each([
    [500, ""],
    [502, "<html>bad gateway</html>"],
    [404, "null"],
    [400, '{"problem":"x"}'],
  ])("of status %i and body %j has an error", async (status, body) => {
    const { client } = oauth({ "GET /things": () => new Response(body, { status }) });
    const { data, error, response } = await client.listThings();
    expect(response.status).toBe(status);
    expect(data).toBeUndefined();
    expect(error).toBeTruthy();
  });

  it("with Content-Length 0 and a failing status has its status for an error", async () => {
    const { client } = oauth({
      "GET /things": () => new Response(null, { status: 403, statusText: "Forbidden", headers: { "Content-Length": "0" } }),
    });
    expect((await client.listThings()).error).toBe("403 Forbidden");
  });

  it("of 204 has neither data nor error", async () => {
    const { client } = oauth({ "GET /things": () => new Response(null, { status: 204 }) });
    const { data, error, response } = await client.listThings();
    expect([data, error, response.status]).toEqual([undefined, undefined, 204]);
  });

  it("that is not JSON although it is ok says so without quoting it", async () => {
    const { client } = oauth({ "GET /things": () => new Response("<b>at-secret</b>") });
    const error = await client.listThings().catch((thrown: unknown) => thrown);
    expect(String(error)).toBe("SyntaxError: listThings succeeded with a body that is not JSON; ask for it with parseAs");
  });
});

function form(members: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(members)) data.append(name, value);
  return data;
}
