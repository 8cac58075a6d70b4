import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type ApiDefinition,
  createClient,
  memoryStore,
  type TokenEvent,
  type TokenRecord,
  type TokenStore,
} from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { oauthDocument, oauthInputs } from "../support/documents.js";
import { deferred, type LooseClient, type LooseTokens, type LooseTypes, testClock } from "../support/service.js";
import { reaching } from "../support/transport.js";

const HOUR = 3_600_000;

/**
 * A service whose refresh tokens rotate: it spends them, knows which one is in force, and counts how often one was shown that
 * was not. `before` and `after` run before and after it has acted; what they throw is a lost answer.
 */
function rotatingService() {
  const service = {
    inForce: "rt-0",
    count: 0,
    alarms: 0,
    asked: [] as string[],
    before: async (_grant: string): Promise<void> => {},
    after: async (answer: Response, _n: number): Promise<Response> => answer,
    async fetch(request: Request): Promise<Response> {
      if (!request.url.endsWith("/token")) {
        return Response.json({ token: request.headers.get("authorization")?.slice("Bearer ".length) });
      }
      const form = new URLSearchParams(await request.text());
      const grant = form.get("grant_type") ?? "";
      service.asked.push(grant === "refresh_token" ? `refresh ${form.get("refresh_token")}` : grant);
      await service.before(grant);
      if (grant === "refresh_token" && form.get("refresh_token") !== service.inForce) {
        service.alarms += 1;
        return Response.json({ error: "invalid_grant" }, { status: 400 });
      }
      service.count += 1;
      service.inForce = `rt-${service.count}`;
      const body = { access_token: `at-${service.count}`, refresh_token: service.inForce, expires_in: 3600 };
      return service.after(Response.json(body), service.count);
    },
  };
  return service;
}

type Service = ReturnType<typeof rotatingService>;

/** One host: a client with its own slots, on a store that others may share. It begins with the refresh token `rt-0`. */
function host(
  service: Service,
  lifecycle: Record<string, unknown> = {},
  options: { store?: TokenStore; clock?: ReturnType<typeof testClock>; inputs?: Record<string, string> } = {},
) {
  const { store = memoryStore(), clock = testClock(), inputs = { ...oauthInputs, refreshToken: "rt-0" } } = options;
  const events: TokenEvent[] = [];
  const base = {
    refreshToken: { rotation: "always" },
    initial: { refreshToken: "$inputs.refreshToken" },
    obtain: undefined,
  };
  const definition = readDefinition(oauthDocument({ ...base, ...lifecycle }), "test");
  const client = createClient<LooseTypes, ApiDefinition>(definition, {
    store,
    clock,
    ...reaching(service.fetch),
    onEvent: (event) => events.push(event),
    inputs,
  }) as unknown as LooseClient & LooseTokens;
  const call = async () => ((await client.listThings()).data as { token: string }).token;
  return { client, call, clock, store, events };
}

const reset = () => Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A memory store that can be looked into and tampered with. */
function openStore() {
  const inner = memoryStore();
  const keys = new Set<string>();
  let failing = false;
  const guard = async <T>(answer: () => Promise<T>): Promise<T> => {
    if (failing) throw new Error("store is down");
    return answer();
  };
  const store: TokenStore = {
    ...inner,
    read: (key) => guard(() => inner.read(key)),
    swap: (key, expected, next) => {
      keys.add(key);
      return guard(() => inner.swap(key, expected, next));
    },
  };
  return {
    store,
    fail: (now: boolean) => {
      failing = now;
    },
    record: async (): Promise<TokenRecord | undefined> => inner.read([...keys][0] ?? ""),
    put: async (record: TokenRecord | undefined) => {
      const [key = ""] = keys;
      await inner.swap(key, (await inner.read(key))?.version, record);
    },
  };
}

describe("the intent", () => {
  it("is in the store before the wire: role, digest of the refresh token, lease (B25)", async () => {
    const service = rotatingService();
    const { store, record } = openStore();
    const { call } = host(service, {}, { store });
    let seen: TokenRecord | undefined;
    service.before = async () => {
      seen = await record();
    };
    await call();
    expect(seen?.intent).toMatchObject({ role: "refresh", operationId: "getToken", refreshToken: sha256("rt-0") });
    expect(seen?.lease?.until).toBeGreaterThan(0);
    expect(await record()).not.toHaveProperty("intent");
    expect(await record()).not.toHaveProperty("lease");
  });

  it("is cleared when the call was not sent, and no use is counted", async () => {
    const service = rotatingService();
    const { store, record } = openStore();
    const { call, client } = host(service, { refreshToken: { rotation: "sometimes", uses: 10 } }, { store });
    await call();
    await client.renew("user");
    const { usesLeft } = (await record()) ?? {};
    service.before = async () => {
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
    };
    await expect(client.renew("user")).rejects.toMatchObject({ code: "unavailable", reason: "ECONNREFUSED" });
    expect(await record()).not.toHaveProperty("intent");
    expect((await record())?.usesLeft).toBe(usesLeft);
  });
});

describe("a new refresh token", () => {
  it("is in the store before any caller sees the new access token (B26)", async () => {
    const service = rotatingService();
    const { store, record } = openStore();
    const gate = deferred<void>();
    let writes = 0;
    const slow: TokenStore = {
      ...store,
      swap: async (key, expected, next) => {
        writes += 1;
        if (writes === 2) await gate.promise;
        return store.swap(key, expected, next);
      },
    };
    const { call } = host(service, {}, { store: slow });
    let answered = false;
    const token = call().then((value) => {
      answered = true;
      return value;
    });
    while (writes < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    gate.resolve();
    expect(await token).toBe("at-1");
    expect((await record())?.outputs["refreshToken"]).toBe("rt-1");
  });

  it.each([0, 30, 44, 60, 70])(
    "is saved from an answer that is cut after %i bytes, if its string is closed (B28)",
    async (cut) => {
      const service = rotatingService();
      const { store, record } = openStore();
      const { call } = host(service, {}, { store });
      const whole = JSON.stringify({ access_token: "at-1", refresh_token: "rt-1", expires_in: 3600 });
      service.after = async (answer, n) => (n === 1 ? new Response(whole.slice(0, cut), { status: 200 }) : answer);
      await call().catch(() => {});
      const kept = (await record())?.outputs["refreshToken"];
      const isClosed = whole.slice(0, cut).includes('"rt-1"');
      expect(kept).toBe(isClosed ? service.inForce : "rt-0");
      expect(service.alarms).toBe(isClosed ? 0 : service.alarms);
    },
  );

  it("is kept although the rest of the answer is wrong (B28)", async () => {
    const service = rotatingService();
    const { store, record } = openStore();
    const { call } = host(service, {}, { store });
    service.after = async (answer, n) => (n === 1 ? Response.json({ refresh_token: "rt-1", token_type: 7 }) : answer);
    expect(await call()).toBe("at-2");
    expect(service.asked).toEqual(["refresh rt-0", "refresh rt-1"]);
    expect((await record())?.outputs["refreshToken"]).toBe("rt-2");
  });

  it("that the store does not take is served from memory, told, and written when the store takes it (B29)", async () => {
    const service = rotatingService();
    const { store, record, fail } = openStore();
    const { call, clock, events } = host(service, {}, { store });
    service.before = async () => fail(true);
    expect(await call()).toBe("at-1");
    expect(events.filter(({ type }) => type === "save-failed")).toHaveLength(1);
    expect((await record())?.outputs["refreshToken"]).toBe("rt-0");
    service.before = async () => {};
    fail(false);
    clock.advance(HOUR);
    expect(await call()).toBe("at-2");
    expect(service.asked).toEqual(["refresh rt-0", "refresh rt-1"]);
    expect(service.alarms).toBe(0);
    expect((await record())?.outputs["refreshToken"]).toBe("rt-2");
  });
});

describe("a store that is down", () => {
  it("while the access token is good is not noticed, and sends nothing when it is not", async () => {
    const service = rotatingService();
    const { store, fail } = openStore();
    const { call, clock } = host(service, {}, { store });
    await call();
    fail(true);
    expect(await call()).toBe("at-1");
    clock.advance(HOUR);
    await expect(call()).rejects.toMatchObject({ code: "store-failed" });
    expect(service.asked).toHaveLength(1);
    fail(false);
    clock.advance(1000);
    expect(await call()).toBe("at-2");
  });

  it("is done without where no token is spent that another may spend (B38)", async () => {
    const service = rotatingService();
    const { store, fail } = openStore();
    fail(true);
    const obtain = { operationId: "getToken", grantType: "password" };
    const lifecycle = { obtain, refresh: undefined, initial: undefined, refreshToken: undefined, revoke: undefined };
    const { call } = host(service, lifecycle, { store, inputs: oauthInputs });
    expect(await call()).toBe("at-1");
  });

  it("that comes back from a backup does not bring back a spent refresh token", async () => {
    const service = rotatingService();
    const { store, record, put } = openStore();
    const { call, clock } = host(service, {}, { store });
    await call();
    const backup = await record();
    clock.advance(HOUR);
    await call();
    await put(backup);
    clock.advance(HOUR);
    expect(await call()).toBe("at-3");
    expect(service.asked).toEqual(["refresh rt-0", "refresh rt-1", "refresh rt-2"]);
  });

  it("that holds a record of an unknown format keeps it", async () => {
    const service = rotatingService();
    const { store, record, put } = openStore();
    await host(service, {}, { store }).call();
    const poison = { ...(await record())!, format: 99 };
    await put(poison);
    await expect(host(service, {}, { store }).call()).rejects.toMatchObject({ code: "store-failed" });
    expect(await record()).toEqual(poison);
    expect(service.asked).toHaveLength(1);
  });

  it("from which the record is removed during a refresh gets it back by nobody", async () => {
    const service = rotatingService();
    const { store, record, put } = openStore();
    const { call } = host(service, {}, { store });
    service.before = async () => put(undefined);
    await expect(call()).rejects.toMatchObject({ code: "revoked" });
    expect(await record()).toBeUndefined();
  });
});

describe("two hosts on one store", () => {
  it("send one token request, and both get the new generation (B34)", async () => {
    const service = rotatingService();
    const store = memoryStore();
    const clock = testClock();
    const [a, b] = [host(service, {}, { store, clock }), host(service, {}, { store, clock })];
    expect(await Promise.all([a.call(), b.call(), a.call(), b.call()])).toEqual(["at-1", "at-1", "at-1", "at-1"]);
    clock.advance(HOUR);
    expect(await Promise.all([b.call(), a.call()])).toEqual(["at-2", "at-2"]);
    expect(service.asked).toEqual(["refresh rt-0", "refresh rt-1"]);
    expect([...a.events, ...b.events].filter(({ type }) => type === "token-adopted")).toHaveLength(2);
  });

  it("are told of the holder's failure at once, rather than waiting it out (B39)", async () => {
    const service = rotatingService();
    const store = memoryStore();
    const gate = deferred<void>();
    const [a, b] = [host(service, {}, { store }), host(service, {}, { store })];
    service.before = async () => gate.promise;
    service.after = async () => new Response(null, { status: 503 });
    const first = a.call().catch((error: unknown) => error);
    while (service.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = b.call().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 20));
    gate.resolve();
    expect(await first).toMatchObject({ code: "unavailable", status: 503 });
    expect(await second).toMatchObject({ code: "unavailable", status: 503 });
    expect(service.asked).toHaveLength(1);
  });

  it("never send after the other has written its intent, even when the lease is lost (B36)", async () => {
    const service = rotatingService();
    const { store, record, put } = openStore();
    const clock = testClock();
    const a = host(service, {}, { store, clock });
    const b = host(service, {}, { store, clock });
    await a.call();
    clock.advance(HOUR / 2);
    expect(await b.call()).toBe("at-1");
    const gate = deferred<void>();
    service.before = async () => gate.promise;
    const slow = a.client.renew("user");
    while (service.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const { lease: _lost, ...rest } = (await record())!;
    await put({ ...rest, version: rest.version + 1 });
    clock.advance(HOUR / 2 - 20_000);
    expect(await b.call()).toBe("at-1");
    gate.resolve();
    await slow;
    expect((await record())?.outputs["refreshToken"]).toBe("rt-2");
    expect(service.asked).toEqual(["refresh rt-0", "refresh rt-1"]);
    clock.advance(20_000);
    expect(await b.call()).toBe("at-2");
    expect(service.alarms).toBe(0);
  });

  it("share what Retry-After asks for (B41)", async () => {
    const service = rotatingService();
    const store = memoryStore();
    const clock = testClock();
    const [a, b] = [host(service, {}, { store, clock }), host(service, {}, { store, clock })];
    service.before = async () => {};
    service.after = async () => new Response(null, { status: 429, headers: { "Retry-After": "120" } });
    await expect(a.call()).rejects.toMatchObject({ status: 429 });
    clock.advance(60_000);
    await expect(b.call()).rejects.toMatchObject({ status: 429 });
    expect(service.asked).toHaveLength(1);
  });
});

describe("a holder that died", () => {
  /** Leaves the record as a process does that was killed during the call. */
  async function killed(service: Service, lifecycle: Record<string, unknown>, rotated: boolean) {
    const { store } = openStore();
    const clock = testClock();
    const first = host(service, lifecycle, { store, clock });
    await first.call();
    clock.advance(HOUR / 2);
    const never = deferred<void>();
    if (rotated) service.after = async (answer) => never.promise.then(() => answer);
    else service.before = async () => never.promise;
    void first.client.renew("user").catch(() => {});
    while (service.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    service.before = async () => {};
    service.after = async (answer) => answer;
    clock.advance(20_000);
    return { clock, next: host(service, lifecycle, { store, clock }), at: service.asked.length };
  }

  it("leaves an intent; single use: the access token is used to its end, then the refresh token shown once (hold)", async () => {
    const service = rotatingService();
    const { next, clock, at } = await killed(service, {}, false);
    expect(await next.call()).toBe("at-1");
    expect(await next.client.state("user")).toMatchObject({ answerLost: true, renewing: false });
    clock.advance(HOUR / 2 - 60_000);
    expect(await next.call()).toBe("at-1");
    expect(service.asked.slice(at)).toEqual([]);
    clock.advance(60_000);
    expect(await next.call()).toBe("at-2");
    expect(service.asked.slice(at)).toEqual(["refresh rt-1"]);
  });

  it("leaves an intent; single use and rotated: it is shown once, never twice, and the caller is told", async () => {
    const service = rotatingService();
    const { next, clock, at } = await killed(service, {}, true);
    clock.advance(HOUR);
    await expect(next.call()).rejects.toMatchObject({ code: "renewal-failed", status: 400 });
    await expect(next.call()).rejects.toMatchObject({
      code: expect.stringMatching(/missing-input|answer-lost|renewal-failed/),
    });
    expect(service.asked.slice(at)).toEqual(["refresh rt-1"]);
  });

  it("leaves an intent; never rotating: the refresh token is shown again", async () => {
    const service = rotatingService();
    const { next, clock, at } = await killed(service, { refreshToken: { rotation: "never" } }, false);
    clock.advance(HOUR);
    expect(await next.call()).toBe("at-2");
    expect(service.asked.slice(at)).toEqual(["refresh rt-1"]);
  });

  it("leaves an intent; reuse window: it is shown again while the window is open", async () => {
    const service = rotatingService();
    const { next, clock, at } = await killed(service, { refreshToken: { rotation: "always", reuseWindow: "P1D" } }, false);
    clock.advance(HOUR);
    expect(await next.call()).toBe("at-2");
    expect(service.asked.slice(at)).toEqual(["refresh rt-1"]);
  });

  it("leaves an intent; another grant: it is used at once", async () => {
    const service = rotatingService();
    const lifecycle = { obtain: { operationId: "getToken", grantType: "password" } };
    const { next, clock, at } = await killed(service, lifecycle, true);
    clock.advance(HOUR);
    expect(await next.call()).toBe("at-3");
    expect(service.asked.slice(at)).toEqual(["password"]);
    expect(service.alarms).toBe(0);
  });

  it("counts as a use of a refresh token with so many uses", async () => {
    const service = rotatingService();
    const lifecycle = { refreshToken: { rotation: "sometimes", uses: 10 } };
    const { next, clock } = await killed(service, lifecycle, false);
    expect(await next.client.state("user")).toMatchObject({ usesLeft: 9 });
    clock.advance(HOUR);
    expect(await next.call()).toBe("at-2");
  });
});

describe("a lost answer", () => {
  it("within the reuse window is asked for again at once", async () => {
    const service = rotatingService();
    const { call, events } = host(service, { refreshToken: { rotation: "always", reuseWindow: "PT30S" } });
    let lost = 0;
    service.before = async () => {
      lost += 1;
      if (lost === 1) throw reset();
    };
    expect(await call()).toBe("at-1");
    expect(service.asked).toEqual(["refresh rt-0", "refresh rt-0"]);
    expect(events.find(({ type }) => type === "answer-lost")).toMatchObject({ next: "refresh" });
  });

  it("is not asked for again at once when the service was too slow or broken", async () => {
    const service = rotatingService();
    const { call } = host(service, { refreshToken: { rotation: "always", reuseWindow: "PT30S" } });
    service.after = async () => new Response(null, { status: 502 });
    await expect(call()).rejects.toMatchObject({ code: "unavailable", status: 502 });
    expect(service.asked).toHaveLength(1);
  });

  it("of a refresh that no document mends is asked for again once a call, five times, and then told as answer-lost", async () => {
    const service = rotatingService();
    const { call, clock } = host(service);
    await call();
    service.before = async () => {
      throw reset();
    };
    const codes: unknown[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      clock.advance(HOUR);
      codes.push(await call().catch((error: { code: string }) => error.code));
    }
    expect(codes).toEqual([...Array(6).fill("unavailable"), "answer-lost", "answer-lost"]);
    expect(service.asked.filter((asked) => asked === "refresh rt-1")).toHaveLength(6);
  });

  it("of a refresh that the service never saw is won back when the line is", async () => {
    const service = rotatingService();
    const { call, clock } = host(service);
    await call();
    service.before = async () => {
      throw reset();
    };
    clock.advance(HOUR);
    await expect(call()).rejects.toMatchObject({ code: "unavailable" });
    service.before = async () => {};
    clock.advance(HOUR);
    expect(await call()).toBe("at-2");
  });
});

describe("revoke", () => {
  it("during a refresh wins: it waits for the answer, and ends what it brought (B45)", async () => {
    const service = rotatingService();
    const revoked: string[] = [];
    const gate = deferred<void>();
    const inner = service.fetch;
    service.fetch = async (request) => {
      if (!request.url.endsWith("/revoke")) return inner(request);
      revoked.push(await request.text());
      return new Response(null);
    };
    const { call, client } = host(service, {
      revoke: {
        operationId: "revokeToken",
        requestBody: { payload: { token: "$outputs.refreshToken" } },
        ends: ["refreshToken", "accessToken"],
      },
    });
    service.before = async () => gate.promise;
    const calling = call();
    while (service.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const revoking = client.revoke("user");
    gate.resolve();
    await Promise.all([calling, revoking]);
    expect(revoked).toEqual(["token=rt-1"]);
    expect(await client.state("user")).toMatchObject({ status: "empty", refreshTokenHeld: false });
  });
});
