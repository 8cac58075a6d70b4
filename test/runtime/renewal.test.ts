import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { TokenError } from "../../src/index.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { deferred, type Handler, scripted } from "../support/service.js";
import { eventually } from "../support/waiting.js";

const HOUR = 3_600_000;

function oauth(routes: Record<string, Handler> = {}, lifecycle: Record<string, unknown> = {}, inputs: object = oauthInputs) {
  return scripted({
    document: oauthDocument(lifecycle),
    routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true), ...routes },
    options: { inputs: inputs as never },
  });
}

describe("the first token", () => {
  it("is obtained by the grant that the document states, with the client's credentials in the body", async () => {
    const { client, calls } = oauth();
    const { data } = await client.listThings();
    expect(data).toEqual({ token: "at-1" });
    expect(Object.fromEntries(new URLSearchParams(calls("POST /token")[0]?.body))).toEqual({
      grant_type: "password",
      username: "ada",
      password: "pass word",
      client_id: "client",
      client_secret: "s3cret",
    });
  });

  it("is reused while it is fresh", async () => {
    const { client, calls, clock } = oauth();
    await client.listThings();
    clock.advance(HOUR / 2);
    await client.listThings();
    expect(calls("POST /token")).toHaveLength(1);
  });

  it("is asked for once by concurrent callers (B11)", async () => {
    const { client, calls, told } = oauth();
    const results = await Promise.all(Array.from({ length: 50 }, () => client.listThings()));
    expect(new Set(results.map(({ data }) => (data as { token: string }).token))).toEqual(new Set(["at-1"]));
    expect(calls("POST /token")).toHaveLength(1);
    expect(told("token-renewed")).toMatchObject([{ generation: 1, by: "obtain", reason: "missing" }]);
  });

  it("is presented by HTTP Basic with both halves form-encoded unless the document says otherwise", async () => {
    const { client, calls } = oauth({}, { clientAuthentication: "client_secret_basic" }, { ...oauthInputs, clientId: "a:b c" });
    await client.listThings();
    const [token] = calls("POST /token");
    expect(token?.headers["authorization"]).toBe(`Basic ${btoa("a%3Ab+c:s3cret")}`);
    expect(token?.body).not.toContain("client_secret");
  });
});

describe("a renewal", () => {
  it("is begun in the background within the leeway, while callers get the old token (B2)", async () => {
    const { client, calls, clock } = oauth();
    await client.listThings();
    clock.advance(HOUR - 20_000);
    expect((await client.listThings()).data).toEqual({ token: "at-1" });
    await eventually(async () => expect((await client.listThings()).data).toEqual({ token: "at-2" }));
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("is waited for when the token has ended, and spends the refresh token (B2)", async () => {
    const { client, calls, clock, told } = oauth();
    await client.listThings();
    clock.advance(HOUR);
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(calls("POST /token")[1]?.body).toContain("grant_type=refresh_token&refresh_token=rt-1");
    expect(told("token-renewed")[1]).toMatchObject({ generation: 2, by: "refresh", reason: "expiring", rotated: true });
  });

  it("keeps the refresh token that it has when the answer brings none (RFC 6749 section 6) (B27)", async () => {
    const { client, calls, clock } = oauth({
      "POST /token": tokenEndpoint((n) => (n === 1 ? {} : { refresh_token: undefined })),
    });
    await client.listThings();
    for (const _ of [1, 2]) {
      clock.advance(HOUR);
      await client.listThings();
    }
    expect(calls("POST /token").map(({ body }) => new URLSearchParams(body).get("refresh_token"))).toEqual([
      null,
      "rt-1",
      "rt-1",
    ]);
  });

  it("drops the spent refresh token when every refresh brings another and this one did not", async () => {
    const lifecycle = { refreshToken: { rotation: "always" } };
    const { client, calls, clock } = oauth(
      { "POST /token": tokenEndpoint((_, grant) => (grant === "password" ? {} : { refresh_token: undefined })) },
      lifecycle,
    );
    await client.listThings();
    clock.advance(HOUR);
    await client.listThings();
    clock.advance(HOUR);
    await client.listThings();
    expect(calls("POST /token").map(({ body }) => new URLSearchParams(body).get("grant_type"))).toEqual([
      "password",
      "refresh_token",
      "password",
    ]);
  });

  it("does not show a refresh token that has idled too long, or whose grant is too old (B48)", async () => {
    const { client, calls, clock } = oauth(
      {},
      { refreshToken: { rotation: "always", idleExpiry: "PT3H", absoluteExpiry: "PT5H" } },
    );
    const grants = () => calls("POST /token").map(({ body }) => new URLSearchParams(body).get("grant_type"));
    await client.listThings();
    for (const hours of [2, 2, 2]) {
      clock.advance(hours * HOUR);
      await client.listThings();
    }
    expect(grants()).toEqual(["password", "refresh_token", "refresh_token", "password"]);
    clock.advance(4 * HOUR);
    await client.listThings();
    expect(grants().at(-1)).toBe("password");
  });

  it("goes back to the grant when the refresh token is refused", async () => {
    const endpoint = tokenEndpoint();
    const { client, calls, clock } = oauth({
      "POST /token": (asked) =>
        asked.body.includes("refresh_token=") ? Response.json({ error: "invalid_grant" }, { status: 400 }) : endpoint(asked),
    });
    await client.listThings();
    clock.advance(HOUR);
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(calls("POST /token").map(({ body }) => new URLSearchParams(body).get("grant_type"))).toEqual([
      "password",
      "refresh_token",
      "password",
    ]);
  });

  it("of a token of one minute happens once in that minute (B3)", async () => {
    const { client, calls, clock } = oauth({ "POST /token": tokenEndpoint(() => ({ expires_in: 60 })) });
    for (let call = 0; call < 50; call += 1) {
      await client.listThings();
      clock.advance(20);
    }
    expect(calls("POST /token")).toHaveLength(1);
  });

  it("counts the life of a token from before the request was sent (B7)", async () => {
    const endpoint = tokenEndpoint();
    const { client, clock, definition } = oauth({
      "POST /token": (asked) => {
        clock.advance(10_000);
        return endpoint(asked);
      },
    });
    const before = clock.now();
    expect(await client.renew("user")).toMatchObject({ expiresAt: before + HOUR });
    expect(definition.securitySchemes["user"]?.leeway).toBe("PT60S");
  });

  it("that brings the same token again does not loop (B8)", async () => {
    const { client, calls, clock } = oauth(
      { "POST /token": tokenEndpoint(() => ({ access_token: "same", refresh_token: undefined, expires_in: 30 })) },
      { refreshToken: { sameTokenWhileValid: true } },
    );
    for (let call = 0; call < 100; call += 1) {
      await client.listThings();
      clock.advance(100);
    }
    expect(calls("POST /token")).toHaveLength(1);
  });

  it.each([
    ["missing", undefined],
    ["null", null],
    ["zero", 0],
    ["negative", -5],
    ["not a number", "soon"],
    ["a date", "2026-01-01"],
    ["an object", {}],
  ])("treats a lifetime that is %s as an hour, neither as for ever nor as over (B6)", async (_, expires_in) => {
    const { client, calls, clock } = oauth({ "POST /token": tokenEndpoint(() => ({ expires_in })) });
    await client.listThings();
    await client.listThings();
    expect(calls("POST /token")).toHaveLength(1);
    clock.advance(HOUR);
    await client.listThings();
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("takes zero for never where the document says so", async () => {
    const { client, calls, clock } = oauth(
      { "POST /token": tokenEndpoint(() => ({ expires_in: 0 })) },
      { expires: { accessToken: { in: "$response.body#/expires_in", never: 0 } } },
    );
    await client.listThings();
    clock.advance(1000 * HOUR);
    await client.listThings();
    expect(calls("POST /token")).toHaveLength(1);
    expect(await client.state("user")).toMatchObject({ status: "fresh", expiresAt: null });
  });
});

describe("a waiter", () => {
  it("has an abort of its own: the renewal goes on for the others (B13)", async () => {
    const gate = deferred<void>();
    const endpoint = tokenEndpoint();
    const { client, calls } = oauth({
      "POST /token": async (asked) => {
        await gate.promise;
        return endpoint(asked);
      },
    });
    const controller = new AbortController();
    const first = client.listThings({ signal: controller.signal });
    const second = client.listThings();
    controller.abort(new Error("changed my mind"));
    await expect(first).rejects.toThrow("changed my mind");
    gate.resolve();
    expect((await second).data).toEqual({ token: "at-1" });
    expect(calls("POST /token")).toHaveLength(1);
  });
});

describe("many waiters under one signal", () => {
  it("listen to it once, and all of them hear of its end", async () => {
    const gate = deferred<void>();
    const endpoint = tokenEndpoint();
    const { client, calls } = oauth({
      "POST /token": async (asked) => {
        await gate.promise;
        return endpoint(asked);
      },
    });
    const controller = new AbortController();
    const waiting = Array.from({ length: 50 }, () => client.listThings({ signal: controller.signal }));
    await eventually(() => expect(calls("POST /token")).toHaveLength(1));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort(new Error("changed my mind"));
    const outcomes = await Promise.allSettled(waiting);
    expect(
      outcomes.filter((outcome) => outcome.status === "rejected" && outcome.reason.message === "changed my mind"),
    ).toHaveLength(50);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    gate.resolve();
    expect((await client.listThings()).data).toEqual({ token: "at-1" });
  });
});

describe("a failed renewal", () => {
  it("is invisible while the old token is good, and waits longer each time (B41)", async () => {
    let down = false;
    const endpoint = tokenEndpoint();
    const { client, calls, clock, told } = oauth({
      "POST /token": (asked) => (down ? new Response("", { status: 503 }) : endpoint(asked)),
    });
    await client.listThings();
    down = true;
    clock.advance(HOUR - 30_000);
    for (let call = 0; call < 20; call += 1) {
      expect((await client.listThings()).response.status).toBe(200);
      await eventually(async () => expect(await client.state("user")).toMatchObject({ renewing: false }));
      clock.advance(500);
    }
    expect(calls("POST /token").length).toBeLessThan(7);
    expect(told("renewal-failed")[0]).toMatchObject({ code: "unavailable", status: 503, held: true });
  });

  it("throws a TokenError that names scheme, operation and status when no token is left", async () => {
    const { client } = oauth({ "POST /token": () => new Response("", { status: 502 }) });
    const error = await client.listThings().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenError);
    expect(error).toMatchObject({ code: "unavailable", scheme: "user", operationId: "getToken", status: 502 });
  });

  it("is told again for a moment, and then not remembered: the next call tries again (B17)", async () => {
    let down = true;
    const endpoint = tokenEndpoint();
    const { client, calls, clock } = oauth({
      "POST /token": (asked) => (down ? new Response("", { status: 503 }) : endpoint(asked)),
    });
    for (let call = 0; call < 100; call += 1) {
      await expect(client.listThings()).rejects.toMatchObject({ code: "unavailable" });
    }
    expect(calls("POST /token")).toHaveLength(1);
    down = false;
    clock.advance(1000);
    expect((await client.listThings()).data).toEqual({ token: "at-1" });
  });

  it("for refused credentials is not sent again until the inputs change or somebody asks (B42)", async () => {
    let refuse = true;
    const endpoint = tokenEndpoint();
    const { client, calls } = oauth({
      "POST /token": (asked) =>
        refuse && !asked.body.includes("better") ? Response.json({ error: "invalid_grant" }, { status: 400 }) : endpoint(asked),
    });
    for (let call = 0; call < 5; call += 1) {
      await expect(client.listThings()).rejects.toMatchObject({ code: "credentials-rejected", status: 400 });
    }
    expect(calls("POST /token")).toHaveLength(1);
    expect((await client.with({ password: "better" }).listThings()).response.status).toBe(200);
    refuse = false;
    expect(await client.renew("user")).toMatchObject({ status: "fresh" });
  });

  it("says unexpected-answer when a success holds no token", async () => {
    const { client } = oauth({ "POST /token": () => Response.json({ token: "elsewhere" }) });
    await expect(client.listThings()).rejects.toMatchObject({ code: "unexpected-answer", operationId: "getToken" });
  });

  it("does not follow a redirect of the token endpoint", async () => {
    const { client, asked } = oauth({
      "POST /token": () => new Response(null, { status: 307, headers: { location: "https://api.example/elsewhere" } }),
    });
    await expect(client.listThings()).rejects.toMatchObject({ code: "renewal-failed", status: 307 });
    expect(asked).toHaveLength(1);
  });

  it("ends at its deadline and frees the slot (B14)", async () => {
    let hang = true;
    const endpoint = tokenEndpoint();
    const { client, clock } = scripted({
      document: oauthDocument(),
      routes: { "GET /things": protectedBy(() => true) },
      options: {
        inputs: oauthInputs,
        timeoutMs: 500,
        fetch: async (request) => {
          if (!request.url.endsWith("/token")) return Response.json({});
          if (!hang) return endpoint({ body: await request.text() });
          return new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));
        },
      },
    });
    await expect(client.listThings()).rejects.toMatchObject({ code: "unavailable", reason: "TimeoutError" });
    hang = false;
    clock.advance(1000);
    expect((await client.listThings()).response.status).toBe(200);
  });
});

describe("revoke", () => {
  it("sends the refresh token, then forgets what the document says it ends", async () => {
    const { client, calls, told } = oauth({ "POST /revoke": () => new Response(null, { status: 200 }) });
    await client.listThings();
    await client.revoke("user");
    expect(calls("POST /revoke")[0]?.body).toBe("token=rt-1");
    expect(await client.state("user")).toMatchObject({ status: "empty", refreshTokenHeld: false });
    expect(told("revoked")).toEqual([
      { type: "revoked", scheme: "user", operationId: "revokeToken", ended: ["refreshToken", "accessToken"] },
    ]);
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
  });

  it("keeps the tokens when the service did not revoke (B45)", async () => {
    const { client } = oauth({ "POST /revoke": () => new Response(null, { status: 503 }) });
    await client.listThings();
    await expect(client.revoke("user")).rejects.toMatchObject({ code: "unavailable", status: 503 });
    expect(await client.state("user")).toMatchObject({ status: "fresh", refreshTokenHeld: true });
  });

  it("does nothing where nothing is held", async () => {
    const { client, asked } = oauth();
    await client.revoke("user");
    expect(asked).toEqual([]);
  });
});
