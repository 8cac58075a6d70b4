/** Behaviours that docs/guarantees.md promises and that no other file holds; each title carries its number there. */

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { everything } from "../../src/features.js";
import {
  type ApiDefinition,
  createClient,
  memoryStore,
  type TokenEvent,
  type TokenRecord,
  type TokenStore,
} from "../../src/index.js";
import { Inputs } from "../../src/inputs.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import type { Engine } from "../../src/tokens/engine.js";
import { freshnessOf } from "../../src/tokens/freshness.js";
import { createGate } from "../../src/tokens/gate.js";
import { send } from "../../src/tokens/send.js";
import { Slot } from "../../src/tokens/slot.js";
import { fetchTransport } from "../../src/transport.js";
import { compiler } from "../../src/wire/request.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import {
  deferred,
  type Handler,
  type LooseClient,
  type LooseTokens,
  type LooseTypes,
  scripted,
  testClock,
} from "../support/service.js";
import { reaching, transportUnderTest } from "../support/transport.js";
import { eventually, NEVER_MS } from "../support/waiting.js";

const HOUR = 3_600_000;
const DIST = fileURLToPath(new URL("../../dist/src/", import.meta.url));

/** With a refresh token of the caller's that is spent by every refresh, and no other way to a token. */
const single = {
  initial: { refreshToken: "$inputs.refreshToken" },
  obtain: undefined,
  refreshToken: { rotation: "always" },
};
const singleInputs = { ...oauthInputs, refreshToken: "rt-0" };

function oauth(
  routes: Readonly<Record<string, Handler>> = {},
  lifecycle: Readonly<Record<string, unknown>> = {},
  options: Readonly<Record<string, unknown>> = {},
) {
  return scripted({
    document: oauthDocument(lifecycle),
    routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true), ...routes },
    options: { inputs: oauthInputs, ...options } as never,
  });
}

/** A memory store that counts what it is asked, and shows the one record in it. */
function countingStore() {
  const inner = memoryStore();
  const asked = { read: 0, swap: 0, keys: new Set<string>() };
  const store: TokenStore = {
    ...inner,
    read: (key) => {
      asked.read += 1;
      asked.keys.add(key);
      return inner.read(key);
    },
    swap: (key, expected, next) => {
      asked.swap += 1;
      return inner.swap(key, expected, next);
    },
  };
  const record = async (): Promise<TokenRecord | undefined> => inner.read([...asked.keys][0] ?? "");
  return { store, asked, record };
}

const failed = (code: string) => () => {
  throw Object.assign(new TypeError("fetch failed"), { cause: { code } });
};

describe("a fresh token", () => {
  it("is presented without a look into the store, a token call or a timer (B1)", async () => {
    const { store, asked } = countingStore();
    const { client, calls } = oauth({}, {}, { store });
    await client.listThings();
    const before = { ...asked };
    const { setTimeout: original } = globalThis;
    let timers = 0;
    globalThis.setTimeout = ((...timer: Parameters<typeof setTimeout>) => {
      // A transport has timers of its own, which look after its connections.
      if (/\/src\/(?!transports)/.test(String(new Error().stack).split("\n")[2]!)) timers += 1;
      return original(...timer);
    }) as typeof setTimeout;
    try {
      for (let call = 0; call < 100; call += 1) await client.listThings();
    } finally {
      globalThis.setTimeout = original;
    }
    expect([asked.read, asked.swap, timers]).toEqual([before.read, before.swap, 0]);
    expect(calls("POST /token")).toHaveLength(1);
  });

  it("is peeked at in the same turn, and a hundred thousand peeks allocate nothing (B1)", async () => {
    const { slot, caller } = bareSlot();
    const record = await slot.token(caller);
    expect(slot.peek()).toBe(record);
    const peek = () => {
      for (let look = 0; look < 1e5; look += 1) slot.peek();
    };
    for (let warmUp = 0; warmUp < 5; warmUp += 1) peek();
    const deltas = Array.from({ length: 5 }, () => {
      const before = process.memoryUsage().heapUsed;
      peek();
      return process.memoryUsage().heapUsed - before;
    });
    expect(Math.min(...deltas.map(Math.abs))).toBeLessThan(1e5); // less than a byte each
  });
});

/** A slot by itself, on a service that answers every token call. */
function bareSlot() {
  const definition = readDefinition(oauthDocument(), "test");
  const endpoint = tokenEndpoint();
  const at = Date.now();
  const engine: Engine = {
    definition,
    features: everything,
    baseUrl: "https://api.example",
    address: "https://api.example",
    origins: new Set(["https://api.example"]),
    store: memoryStore(),
    isStoreOwn: true,
    holder: "this",
    now: () => at, // the clock of a machine makes a number each time that it is asked
    monotonic: () => at,
    timeoutMs: 1000,
    leaseMs: 1000,
    gate: createGate(1),
    emit: () => {},
    slots: new Map(),
    closing: new AbortController(),
    transport: fetchTransport(async (request) => endpoint({ body: await request.text() })),
    compiled: compiler(definition, "https://api.example"),
    send,
  };
  const caller = { engine, inputs: new Inputs(definition.inputs, oauthInputs) };
  return { slot: new Slot("user", definition.securitySchemes["user"]!, "key", engine), caller };
}

describe("the moment of a renewal ahead of time", () => {
  const record = (lifeMs: number): TokenRecord => {
    const outputs = { accessToken: "at" };
    return { format: 1, version: 1, generation: 1, outputs, expires: { accessToken: lifeMs }, obtainedAt: 0 };
  };
  const { user } = readDefinition(oauthDocument(), "test").securitySchemes;

  it.each([60_000, HOUR, 30 * 24 * HOUR])(
    "is spread over half of the band before the hard point, for a life of %i ms, and never comes after it (B4)",
    (lifeMs) => {
      const drawn = Array.from({ length: 1000 }, () => freshnessOf(record(lifeMs), user!, Math.random()));
      const { dueAt: first, overAt } = freshnessOf(record(lifeMs), user!, 0);
      const dues = drawn.map(({ dueAt }) => dueAt);
      expect(drawn.every((one) => one.overAt === overAt && one.overAt < lifeMs)).toBe(true);
      expect(Math.max(...dues)).toBeLessThanOrEqual(overAt);
      const band = (overAt - first) / 2;
      for (const tenth of [0, 0.25, 0.5, 0.75]) {
        const inside = dues.filter((due) => due >= first + band * tenth && due < first + band * (tenth + 0.25));
        expect(inside.length).toBeGreaterThan(150);
      }
    },
  );

  it("is the same for the same record and the same draw (B4)", () => {
    for (const draw of [0, 0.3, 1])
      expect(freshnessOf(record(HOUR), user!, draw)).toEqual(freshnessOf(record(HOUR), user!, draw));
  });
});

describe("the end of a token", () => {
  const jwt = (exp: number) => `e30.${btoa(JSON.stringify({ exp }))}.sig`;
  const rules = [
    { in: "$response.body#/refresh_in" },
    { at: "$response.body#/expires_at", format: "epoch-seconds" },
    { in: "$response.body#/expires_in" },
    { claim: "exp" },
  ];
  const start = Date.UTC(2026, 0, 1);
  const seconds = start / 1000;

  it.each([
    ["refresh_in before everything else", { refresh_in: 100, expires_at: seconds + 200, expires_in: 300 }, start + 100_000],
    ["an absolute end before a lifetime", { expires_at: seconds + 200, expires_in: 300 }, start + 200_000],
    ["a lifetime before the token's own claim", { expires_in: 300 }, start + 300_000],
    ["the token's own claim last", { expires_in: undefined }, start + 400_000],
    ["the next rule where one yields nothing", { refresh_in: "soon", expires_at: 0, expires_in: 300 }, start + 300_000],
    ["an hour where none does", { access_token: "opaque", expires_in: undefined }, start + HOUR],
  ])("is told by the first of the document's rules that yields: %s (B5)", async (_, answer, end) => {
    const { client } = oauth(
      { "POST /token": tokenEndpoint(() => ({ access_token: jwt(seconds + 400), ...answer })) },
      { expires: { accessToken: rules } },
    );
    expect(await client.renew("user")).toMatchObject({ expiresAt: end });
  });
});

/** A clock that can be set, beside one that nobody sets. */
function twoClocks() {
  const state = { wall: Date.UTC(2026, 0, 1), monotonic: 5_000_000 };
  return {
    clock: { now: () => state.wall, monotonic: () => state.monotonic },
    pass: (ms: number) => {
      state.wall += ms;
      state.monotonic += ms;
    },
    set: (ms: number) => {
      state.wall += ms;
    },
  };
}

describe("a clock", () => {
  it("that is set back two hours makes no token live longer (B7)", async () => {
    const { clock, pass, set } = twoClocks();
    const { client, calls } = oauth({}, {}, { clock });
    await client.listThings();
    set(-2 * HOUR);
    pass(HOUR);
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(calls("POST /token")).toHaveLength(2);
  });

  it.each([1, -1, 2, -2])("that is set by %i hours leads to one renewal at most, not to a storm (B7)", async (hours) => {
    const { clock, pass, set } = twoClocks();
    const { client, calls } = oauth({}, {}, { clock });
    await client.listThings();
    set(hours * HOUR);
    for (let call = 0; call < 20; call += 1) {
      expect((await client.listThings()).response.status).toBe(200);
      pass(1000);
    }
    expect(calls("POST /token").length).toBeLessThanOrEqual(2);
  });

  it.each([1, -1, -2])("that is set by %i hours during a token call leads to one more renewal at most (B7)", async (hours) => {
    const { clock, pass, set } = twoClocks();
    const endpoint = tokenEndpoint();
    let calls = 0;
    const { client } = oauth(
      {
        "POST /token": (asked) => {
          calls += 1;
          if (calls === 1) set(hours * HOUR);
          return endpoint(asked);
        },
      },
      {},
      { clock },
    );
    for (let call = 0; call < 20; call += 1) {
      expect((await client.listThings()).response.status).toBe(200);
      pass(1000);
    }
    expect(calls).toBeLessThanOrEqual(2);
  });

  it("that is set back during a token call makes no token live longer (B7)", async () => {
    const { clock, pass, set } = twoClocks();
    const endpoint = tokenEndpoint();
    let calls = 0;
    const token: Handler = (asked) => {
      calls += 1;
      if (calls === 1) set(-2 * HOUR);
      return endpoint(asked);
    };
    const { client } = oauth({ "POST /token": token }, {}, { clock });
    await client.listThings();
    pass(HOUR);
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
  });

  it("that goes slower than it should, by a thousandth, does not outlive the margin before the end (B7)", async () => {
    const { clock, pass, set } = twoClocks();
    const { client, calls } = oauth({}, {}, { clock });
    await client.listThings();
    for (let minute = 0; minute < 59; minute += 1) {
      pass(60_000);
      set(-60);
    }
    pass(55_000); // five seconds before the end, by the clock that nobody sets
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(calls("POST /token")).toHaveLength(2);
  });
});

describe("a service that ends the old access token by a refresh", () => {
  it("is not asked ahead of time, and no caller sees a 401 (B9)", async () => {
    let live = "";
    const endpoint = tokenEndpoint();
    const { client, calls, clock, told } = oauth(
      {
        "POST /token": async (asked) => {
          const answer = endpoint(asked);
          live = ((await answer.clone().json()) as { access_token: string }).access_token;
          return answer;
        },
        "GET /things": protectedBy((token) => token === live),
      },
      { refreshToken: { rotation: "always", revokesAccessToken: true } },
    );
    for (let minute = 0; minute < 180; minute += 1) {
      const results = await Promise.all([client.listThings(), client.listThings(), client.listThings()]);
      expect(results.map(({ response }) => response.status)).toEqual([200, 200, 200]);
      clock.advance(59_000);
    }
    expect(told("token-rejected")).toEqual([]);
    expect(calls("POST /token")).toHaveLength(3);
  });

  it("and is asked by another host meanwhile: the request is sent again with the new token (B9)", async () => {
    const store = memoryStore();
    let live = "";
    const endpoint = tokenEndpoint();
    const routes: Record<string, Handler> = {
      "POST /token": async (asked) => {
        const answer = endpoint(asked);
        live = ((await answer.clone().json()) as { access_token: string }).access_token;
        return answer;
      },
      "GET /things": protectedBy((token) => token === live),
    };
    const lifecycle = { refreshToken: { rotation: "always", revokesAccessToken: true } };
    const [a, b] = [oauth(routes, lifecycle, { store }), oauth(routes, lifecycle, { store })];
    await a.client.listThings();
    await b.client.listThings();
    await b.client.renew("user");
    expect((await a.client.listThings()).data).toEqual({ token: "at-2" });
    expect([...a.calls("POST /token"), ...b.calls("POST /token")]).toHaveLength(2);
  });
});

describe("a process", () => {
  it("that has a token of thirty days ends by itself, asks once, and leaves no rejection unhandled (B10, B15)", async () => {
    const script = `
      import { createClient } from ${JSON.stringify(`${DIST}index.js`)};
      import { readDefinition } from ${JSON.stringify(`${DIST}lifecycle/definition.js`)};
      let asked = 0;
      const client = createClient(readDefinition(${JSON.stringify(oauthDocument())}, "test"), {
        inputs: ${JSON.stringify(oauthInputs)},
        fetch: async (request) => {
          if (request.url.endsWith("/token")) asked += 1;
          return Response.json({ access_token: "at", refresh_token: "rt", expires_in: 30 * 24 * 3600 });
        },
      });
      for (let call = 0; call < 5; call += 1) await client.listThings();
      await client.renew("user");
      const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
      process.stdout.write(JSON.stringify({ asked, timers }));
    `;
    const options = ["--unhandled-rejections=strict", "--input-type=module", "--eval", script];
    const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
    });
    const limit = setTimeout(() => child.kill("SIGKILL"), NEVER_MS);
    const [code, signal] = await new Promise<unknown[]>((resolve) => child.once("close", (...how) => resolve(how)));
    clearTimeout(limit);
    expect([code, signal, JSON.parse(out)]).toEqual([0, null, { asked: 2, timers: 0 }]);
  });
});

describe("slots", () => {
  it("of two base addresses, two documents or two accounts never share a token, although they share the store (B12)", async () => {
    const store = memoryStore();
    const fetch = async (request: Request) => {
      const { hostname } = new URL(request.url);
      if (!request.url.endsWith("/token")) return Response.json({ token: request.headers.get("authorization")?.slice(7) });
      const username = new URLSearchParams(await request.text()).get("username");
      return Response.json({ access_token: `${hostname}-${username}`, expires_in: 3600 });
    };
    const tokenOf = async (name: string, baseUrl: string, username: string) => {
      const client = createClient<LooseTypes, ApiDefinition>(readDefinition(oauthDocument(), name), {
        store,
        baseUrl,
        ...reaching(fetch),
        inputs: { ...oauthInputs, username },
      }) as unknown as LooseClient;
      return ((await client.listThings()).data as { token: string }).token;
    };
    expect(await tokenOf("one", "https://a.example", "ada")).toBe("a.example-ada");
    expect(await tokenOf("one", "https://b.example", "ada")).toBe("b.example-ada");
    expect(await tokenOf("one", "https://a.example", "bob")).toBe("a.example-bob");
    expect(await tokenOf("two", "https://a.example", "ada")).toBe("a.example-ada");
  });
});

describe("a renewal that somebody asked for", () => {
  it("does not count as done because a renewal ahead of time, under way already, kept the old token (B16)", async () => {
    let answer: () => Response = () => Response.json({});
    let isDown = false;
    const endpoint = tokenEndpoint();
    const { client, clock } = oauth({
      "POST /token": async (asked) => {
        if (!isDown) return endpoint(asked);
        await new Promise((resolve) => setTimeout(resolve, 20));
        return answer();
      },
    });
    await client.listThings();
    clock.advance(HOUR - 20_000);
    isDown = true;
    answer = () => new Response(null, { status: 503 });
    await client.listThings(); // begins the renewal ahead of time
    await expect(client.renew("user")).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("nothing", () => {
  it("is left unhandled when a renewal ahead of time, the store or a listener fails (B15)", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const inner = memoryStore();
      const state = { storeIsDown: false, serviceIsDown: false };
      const guard = <T>(answer: () => Promise<T>) => (state.storeIsDown ? Promise.reject(new Error("down")) : answer());
      const endpoint = tokenEndpoint();
      const { client, clock } = oauth(
        { "POST /token": (asked) => (state.serviceIsDown ? new Response(null, { status: 502 }) : endpoint(asked)) },
        { refreshToken: { rotation: "always" } },
        {
          store: {
            read: (key: string) => guard(() => inner.read(key)),
            swap: (...asked: Parameters<TokenStore["swap"]>) => guard(() => inner.swap(...asked)),
          },
          onEvent: () => {
            throw new Error("a listener's own");
          },
        },
      );
      await client.listThings();
      clock.advance(HOUR - 20_000);
      for (const fault of ["serviceIsDown", "storeIsDown"] as const) {
        state[fault] = true;
        for (let call = 0; call < 5; call += 1) {
          expect((await client.listThings()).response.status).toBe(200);
          clock.advance(1500);
          await new Promise((resolve) => setImmediate(resolve));
        }
        state[fault] = false;
      }
      state.storeIsDown = true;
      clock.advance(HOUR);
      const controller = new AbortController();
      const aborted = client.listThings({ signal: controller.signal });
      controller.abort();
      await expect(aborted).rejects.toThrow();
      await client.listThings().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });
});

describe("the socket of a rejected request", () => {
  it("is used again: five hundred 401s leave no more open than a few (B22)", async () => {
    let used = "";
    let count = 0;
    const server = createServer((request, response) => {
      const isToken = request.url === "/token";
      const token = request.headers.authorization ?? "";
      const isRejected = !isToken && token === used; // every token is good for one request
      if (isToken) count += 1;
      else used = token;
      request.resume().on("end", () => {
        response.writeHead(isRejected ? 401 : 200, { "Content-Type": "application/json" });
        const rejection = { error: "invalid_token", padding: "x".repeat(10_000) };
        response.end(JSON.stringify(isRejected ? rejection : { access_token: `at-${count}`, expires_in: 3600 }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const client = createClient<LooseTypes, ApiDefinition>(readDefinition(oauthDocument(), "test"), {
        baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        inputs: oauthInputs,
        ...transportUnderTest(),
      }) as unknown as LooseClient;
      let sent = 0;
      for (let call = 0; call < 501; call += 1) sent += (await client.listThings()).response.status;
      expect([sent, count]).toEqual([501 * 200, 501]);
      const open = await new Promise<number>((resolve) => server.getConnections((_, connections) => resolve(connections)));
      expect(open).toBeLessThanOrEqual(3);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("what an answer does not bring", () => {
  const outputs = {
    accessToken: "$response.body#/access_token",
    refreshToken: "$response.body#/refresh_token",
    idToken: "$response.body#/id_token",
    scope: "$response.body#/scope",
  };
  const first = { refresh_token: "rt-1", id_token: "id-1", scope: "a b" };
  const none = { refresh_token: undefined };

  it.each([
    ["nothing further", none, { refreshToken: "rt-1", idToken: "id-1", scope: "a b" }],
    ["an empty refresh token", { refresh_token: "" }, { refreshToken: "rt-1", idToken: "id-1", scope: "a b" }],
    ["null for a refresh token", { refresh_token: null }, { refreshToken: "rt-1", idToken: "id-1", scope: "a b" }],
    ["another refresh token", { refresh_token: "rt-2" }, { refreshToken: "rt-2", idToken: "id-1", scope: "a b" }],
    ["another scope", { ...none, scope: "a" }, { refreshToken: "rt-1", idToken: "id-1", scope: "a" }],
  ])("is kept, and what it brings replaces the old, in one write: %s (B27)", async (_, second, kept) => {
    const { store, asked, record } = countingStore();
    const { client } = oauth(
      { "POST /token": tokenEndpoint((n) => (n === 1 ? first : second)) },
      {
        obtain: { operationId: "getToken", grantType: "password", outputs },
        refresh: { operationId: "getToken", grantType: "refresh_token", outputs },
      },
      { store },
    );
    await client.listThings();
    const before = asked.swap;
    await client.renew("user");
    expect((await record())?.outputs).toEqual({ accessToken: "at-2", ...kept });
    expect(asked.swap - before).toBe(2); // the intent, and all that the answer brought
  });
});

describe("a record", () => {
  it("outlives its access token by as long as nobody asks: the refresh token in it is used then (B31)", async () => {
    const { store, record } = countingStore();
    const { client, clock, calls } = oauth({}, single, { store, inputs: singleInputs });
    await client.listThings();
    clock.advance(5000 * HOUR);
    expect((await record())?.outputs["refreshToken"]).toBe("rt-1");
    await client.listThings();
    expect(calls("POST /token")[1]?.body).toContain("refresh_token=rt-1");
  });
});

describe("a lease", () => {
  it("is renewed while its holder waits for three times its length; who waits with it sends nothing (B35)", async () => {
    const store = memoryStore();
    const leases: number[] = [];
    const watched: TokenStore = {
      ...store,
      swap: (key, expected, next) => {
        if (next?.lease !== undefined) leases.push(next.lease.until);
        return store.swap(key, expected, next);
      },
    };
    const endpoint = tokenEndpoint();
    const routes: Record<string, Handler> = {
      "POST /token": async (asked) => {
        // The first, and three signs of life in each of three lengths.
        await eventually(() => expect(new Set(leases).size).toBeGreaterThan(9));
        return endpoint(asked);
      },
    };
    const options = { store: watched, leaseMs: 300, inputs: singleInputs, clock: { now: () => Date.now() } };
    const [a, b] = [oauth(routes, single, options), oauth(routes, single, options)];
    const results = await Promise.all([a.client.listThings(), b.client.listThings()]);
    expect(results.map(({ data }) => data)).toEqual([{ token: "at-1" }, { token: "at-1" }]);
    expect([...a.calls("POST /token"), ...b.calls("POST /token")]).toHaveLength(1);
  });
});

describe("what anybody can see", () => {
  it("of keys, leases, intents and events are digests and names, never an input or a token (B40)", async () => {
    const { store, asked, record } = countingStore();
    const events: TokenEvent[] = [];
    let seen: TokenRecord | undefined;
    const endpoint = tokenEndpoint();
    const { client, clock } = oauth(
      {
        "POST /token": async (given) => {
          seen = await record();
          return endpoint(given);
        },
        "GET /things": protectedBy((token) => token !== "at-1"),
      },
      single,
      { store, inputs: singleInputs, onEvent: (event: TokenEvent) => events.push(event) },
    );
    await client.listThings();
    clock.advance(HOUR);
    await client.listThings();
    expect([...asked.keys].filter((key) => !/^[0-9a-f]{64}$/.test(key))).toEqual([]);
    const { lease, intent } = seen!;
    const shown = JSON.stringify([[...asked.keys], lease, intent, events]);
    for (const secret of [...Object.values(singleInputs), "at-1", "at-2", "rt-1", "rt-2"]) {
      expect(shown).not.toContain(secret === "client" ? '"client"' : secret);
    }
    expect(events.length).toBeGreaterThan(3);
  });
});

describe("a failed refresh of a single-use token", () => {
  const refused = (status: number, error: string) => () => Response.json({ error }, { status });

  it.each<{ what: string; answer: () => Response; code: string; intent: boolean; refused: boolean }>([
    { what: "no such host", answer: failed("ENOTFOUND"), code: "unavailable", intent: false, refused: false },
    { what: "nobody listens", answer: failed("ECONNREFUSED"), code: "unavailable", intent: false, refused: false },
    {
      what: "no connection in time",
      answer: failed("UND_ERR_CONNECT_TIMEOUT"),
      code: "unavailable",
      intent: false,
      refused: false,
    },
    {
      what: "a certificate that is not valid",
      answer: failed("CERT_HAS_EXPIRED"),
      code: "unavailable",
      intent: false,
      refused: false,
    },
    { what: "a reset", answer: failed("ECONNRESET"), code: "unavailable", intent: true, refused: false },
    { what: "a closed socket", answer: failed("UND_ERR_SOCKET"), code: "unavailable", intent: true, refused: false },
    { what: "500", answer: refused(500, "server_error"), code: "unavailable", intent: true, refused: false },
    { what: "502", answer: refused(502, "bad gateway"), code: "unavailable", intent: true, refused: false },
    { what: "504", answer: refused(504, "timeout"), code: "unavailable", intent: true, refused: false },
    { what: "408", answer: refused(408, "timeout"), code: "unavailable", intent: true, refused: false },
    { what: "425", answer: refused(425, "too early"), code: "unavailable", intent: true, refused: false },
    { what: "421", answer: refused(421, "misdirected"), code: "renewal-failed", intent: false, refused: false },
    {
      what: "307",
      answer: () => new Response(null, { status: 307, headers: { Location: "/x" } }),
      code: "renewal-failed",
      intent: false,
      refused: false,
    },
    { what: "503", answer: refused(503, "busy"), code: "unavailable", intent: false, refused: false },
    { what: "429", answer: refused(429, "slow down"), code: "unavailable", intent: false, refused: false },
    {
      what: "an empty 200",
      answer: () => new Response("", { status: 200 }),
      code: "unavailable",
      intent: true,
      refused: false,
    },
    {
      what: "a page of HTML",
      answer: () => new Response("<p>Hello", { status: 200 }),
      code: "unavailable",
      intent: true,
      refused: false,
    },
    { what: "invalid_grant", answer: refused(400, "invalid_grant"), code: "renewal-failed", intent: false, refused: true },
    {
      what: "invalid_client",
      answer: refused(401, "invalid_client"),
      code: "credentials-rejected",
      intent: false,
      refused: false,
    },
    { what: "423", answer: refused(423, "locked"), code: "renewal-failed", intent: false, refused: false },
  ])("by $what is told as $code (B42)", async ({ answer, code, intent, refused: isRefused }) => {
    const { store, record } = countingStore();
    const service = oauth({ "POST /token": answer }, single, { store, inputs: singleInputs });
    await expect(service.client.listThings()).rejects.toMatchObject({ name: "TokenError", code });
    const left = await record();
    expect([left?.intent !== undefined, left?.refused === true, left?.lease]).toEqual([intent, isRefused, undefined]);
  });

  it("that was refused is not shown again, by this host or by another (B42)", async () => {
    const { store } = countingStore();
    const routes = { "POST /token": refused(400, "invalid_grant") };
    const [a, b] = [1, 2].map(() => oauth(routes, single, { store, inputs: singleInputs }));
    for (const { client } of [a!, b!, a!, b!]) await expect(client.listThings()).rejects.toMatchObject({ name: "TokenError" });
    expect([...a!.calls("POST /token"), ...b!.calls("POST /token")]).toHaveLength(1);
  });

  it("because the client was refused keeps the refresh token: it is good again with the right secret (B43)", async () => {
    const endpoint = tokenEndpoint();
    const { client, calls, clock } = oauth(
      {
        "POST /token": (asked) => (asked.body.includes("rolled") ? endpoint(asked) : refused(401, "invalid_client")()),
      },
      single,
      { inputs: { ...singleInputs, clientSecret: "rolled" } },
    );
    await client.listThings();
    clock.advance(HOUR);
    const outdated = client.with({ clientSecret: "outdated" });
    await expect(outdated.listThings()).rejects.toMatchObject({ code: "credentials-rejected" });
    expect(await client.state("user")).toMatchObject({ refreshTokenHeld: true });
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
    expect(calls("POST /token").map(({ body }) => new URLSearchParams(body).get("refresh_token"))).toEqual([
      "rt-0",
      "rt-1",
      "rt-1",
    ]);
  });
});

describe("a lost answer", () => {
  /** A service that spends each refresh token, whose next requests befall `faults`: lost before it has acted, after, or refused. */
  function losing(lifecycle: Readonly<Record<string, unknown>> = {}) {
    const state = { inForce: "rt-0", alarms: 0, rejectsAll: false, faults: [] as ("before" | "after" | "not sent" | "503")[] };
    const endpoint = tokenEndpoint();
    const token: Handler = async (asked) => {
      const fault = state.faults.shift();
      if (fault === "503") return new Response(null, { status: 503 });
      if (fault === "before") failed("ECONNRESET")();
      if (fault === "not sent") failed("ECONNREFUSED")();
      if (new URLSearchParams(asked.body).get("refresh_token") !== state.inForce) {
        state.alarms += 1;
        return Response.json({ error: "invalid_grant" }, { status: 400 });
      }
      const answer = endpoint(asked);
      state.inForce = ((await answer.clone().json()) as { refresh_token: string }).refresh_token;
      if (fault === "after") failed("ECONNRESET")();
      return answer;
    };
    const routes = { "POST /token": token, "GET /things": protectedBy(() => !state.rejectsAll) };
    return { state, ...oauth(routes, { ...single, ...lifecycle }, { inputs: singleInputs }) };
  }
  /** Waits until no renewal is under way any more. */
  const settled = async (client: LooseTokens) => {
    do await new Promise((resolve) => setTimeout(resolve, 5));
    while ((await client.state("user"))["renewing"]);
  };

  it("of a service that ends the old access token by it is not held against a 401: the token is shown once more", async () => {
    const { client, state, clock, told } = losing({ refreshToken: { rotation: "always", revokesAccessToken: true } });
    await client.listThings();
    state.faults = ["after"];
    await client.renew("user").catch(() => {});
    clock.advance(5000);
    expect((await client.listThings()).response.status).toBe(200); // held: nobody knows yet that it has ended
    expect(state.alarms).toBe(0);
    state.rejectsAll = true;
    await expect(client.listThings()).rejects.toMatchObject({ code: "renewal-failed" });
    expect([state.alarms, told("token-rejected").length]).toEqual([1, 1]);
  });

  it("is not forgotten because a later request for the same token was not sent", async () => {
    const { client, state, clock } = losing();
    await client.listThings();
    clock.advance(HOUR - 34_000);
    state.faults = ["after"];
    await client.listThings();
    await settled(client);
    expect(await client.state("user")).toMatchObject({ answerLost: true });
    state.faults = ["not sent"];
    await client.renew("user").catch(() => {});
    expect(await client.state("user")).toMatchObject({ answerLost: true });
    clock.advance(10_000);
    await client.listThings();
    await settled(client);
    expect(state.alarms).toBe(0); // the access token is still good
  });

  it("is not forgotten because the service was too busy within the reuse window", async () => {
    const { client, state, clock } = losing({ refreshToken: { rotation: "always", reuseWindow: "PT5S" } });
    await client.listThings();
    clock.advance(HOUR - 34_000);
    state.faults = ["after", "503"];
    await client.listThings();
    await settled(client);
    clock.advance(10_000); // the window has closed, the access token is still good
    await client.listThings();
    await settled(client);
    expect(state.alarms).toBe(0);
  });

  it("is not given up because the line was down for a moment, however many calls came in it", async () => {
    const { client, state, clock } = losing();
    await client.listThings();
    clock.advance(HOUR);
    state.faults = Array(10).fill("before");
    for (let call = 0; call < 10; call += 1) await client.listThings().catch(() => {});
    state.faults = [];
    clock.advance(60_000);
    expect((await client.listThings()).data).toEqual({ token: "at-2" }); // the service never saw the refresh token
  });
});

describe("an answer that is damaged", () => {
  const whole = JSON.stringify({ access_token: "at-1", refresh_token: "rt-1", expires_in: 3600 });

  it("at any byte gives up its refresh token if the string is closed, and else keeps the intent (B28)", async () => {
    for (let cut = 0; cut < whole.length; cut += 1) {
      const { store, record } = countingStore();
      let calls = 0;
      const endpoint = tokenEndpoint();
      const token: Handler = (asked) => {
        calls += 1;
        return calls === 1 ? new Response(whole.slice(0, cut)) : endpoint(asked);
      };
      const { client } = oauth({ "POST /token": token }, single, { store, inputs: singleInputs });
      await client.listThings().catch(() => {});
      const isClosed = whole.slice(0, cut).includes('"rt-1"');
      const left = await record();
      // With the new refresh token saved, the access token is asked for again at once, unless that was whole as well.
      const kept = String(left?.outputs["refreshToken"]);
      expect([cut, kept !== "rt-0", left?.intent !== undefined]).toEqual([cut, isClosed, !isClosed]);
    }
  });

  it.each<[string, () => Response]>([
    ["a byte order mark before it", () => new Response(`\uFEFF${whole}`)],
    ["ten megabytes after it", () => new Response(`${whole.slice(0, -1)},"padding":"${"x".repeat(10_000_000)}"}`)],
    ["a stream that breaks off behind it", () => new Response(breaking(whole.slice(0, -1)))],
  ])("by %s gives up its refresh token (B28)", async (_, answer) => {
    const { store, record } = countingStore();
    let calls = 0;
    const endpoint = tokenEndpoint(() => ({ refresh_token: "rt-2" }));
    const token: Handler = (asked) => {
      calls += 1;
      return calls === 1 ? answer() : endpoint(asked);
    };
    const { client } = oauth({ "POST /token": token }, single, { store, inputs: singleInputs });
    expect((await client.listThings()).response.status).toBe(200);
    expect((await record())?.outputs["refreshToken"]).toMatch(/^rt-[12]$/);
    expect(await record()).not.toHaveProperty("intent");
  });

  function breaking(text: string): ReadableStream {
    return new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(text));
        setTimeout(() => controller.error(new TypeError("terminated")), 10);
      },
    });
  }
});

describe("a service that asks to be left alone", () => {
  const minute = 60_000;

  it.each([
    ["120", 2 * minute],
    [new Date(Date.UTC(2026, 0, 1) + HOUR - 20_000 + 90_000).toUTCString(), 1.5 * minute],
    ["99999999", 5 * minute],
    ["-5", 0],
    ["soon", 0],
  ])(
    "by Retry-After: %s is, for five minutes at most, and the access token that is good is served (B41)",
    async (header, ms) => {
      let isBusy = false;
      let busyAt = 0;
      const endpoint = tokenEndpoint(() => ({ expires_in: 3600 }));
      const { client, clock, calls } = oauth({
        "POST /token": (asked) => {
          if (!isBusy) return endpoint(asked);
          busyAt = clock.now();
          return new Response(null, { status: 429, headers: { "Retry-After": header } });
        },
      });
      await client.listThings();
      isBusy = true;
      clock.advance(HOUR - 20_000);
      await client.listThings();
      await eventually(async () => expect(await client.state("user")).toMatchObject({ renewing: false }));
      expect((await client.listThings()).data).toEqual({ token: "at-1" });
      isBusy = false;
      clock.advance(20_000);
      const asked = calls("POST /token").length;
      if (ms > 20_000) {
        clock.advance(ms - 21_000);
        await expect(client.listThings()).rejects.toMatchObject({ code: "unavailable", status: 429 });
        expect(calls("POST /token")).toHaveLength(asked);
        clock.advance(busyAt + ms - clock.now());
      }
      expect((await client.listThings()).data).toEqual({ token: "at-2" });
    },
  );
});

describe("two hosts whose clocks are an hour apart", () => {
  it("agree on who renews, because a lease is by the store's clock (B35)", async () => {
    const inner = memoryStore();
    const [isAsked, isAwaited] = [deferred<void>(), deferred<void>()];
    const store: TokenStore = {
      ...inner,
      now: async () => Date.now(),
      changed: (key, signal) => {
        isAwaited.resolve();
        return inner.changed!(key, signal);
      },
    };
    const endpoint = tokenEndpoint();
    const routes: Record<string, Handler> = {
      "POST /token": async (asked) => {
        isAsked.resolve();
        await isAwaited.promise;
        return endpoint(asked);
      },
    };
    const hostAt = (aheadMs: number) =>
      oauth(routes, single, { store, inputs: singleInputs, clock: { now: () => Date.now() + aheadMs } });
    const [a, b] = [hostAt(0), hostAt(HOUR - 60_000)];
    const first = a.client.listThings();
    await isAsked.promise;
    const second = b.client.listThings();
    expect((await Promise.all([first, second])).map(({ data }) => data)).toEqual([{ token: "at-1" }, { token: "at-1" }]);
    expect([...a.calls("POST /token"), ...b.calls("POST /token")]).toHaveLength(1);
  });
});

describe("a 200 that says no", () => {
  it("is told by the document's criteria, and its class by what the document says it means (B20, B42)", async () => {
    const envelope = { ok: false, reason: "wrong password" };
    const { client, calls } = oauth(
      { "POST /token": () => Response.json(envelope) },
      {
        obtain: {
          operationId: "getToken",
          grantType: "password",
          successCriteria: "$statusCode == 200 && $response.body#/ok == true",
          onFailure: { "credentials-rejected": "$response.body#/reason == 'wrong password'" },
        },
      },
    );
    for (let call = 0; call < 3; call += 1) {
      await expect(client.listThings()).rejects.toMatchObject({ code: "credentials-rejected", status: 200 });
    }
    expect(calls("POST /token")).toHaveLength(1);
  });
});

describe("events", () => {
  it("tell the outcome of each renewal: who brought it, the generation, its end, the uses left (B47)", async () => {
    const store = memoryStore();
    const lifecycle = { refreshToken: { rotation: "sometimes", uses: 3 } };
    const clock = testClock();
    const endpoint = tokenEndpoint((_, grant) => (grant === "password" ? {} : { refresh_token: undefined }));
    let isDown = false;
    const routes: Record<string, Handler> = {
      "POST /token": (asked) => (isDown ? new Response(null, { status: 503 }) : endpoint(asked)),
    };
    const [a, b] = [oauth(routes, lifecycle, { store, clock }), oauth(routes, lifecycle, { store, clock })];
    await a.client.listThings();
    await b.client.listThings();
    clock.advance(HOUR);
    await a.client.listThings();
    isDown = true;
    clock.advance(HOUR);
    await a.client.listThings().catch(() => {});
    expect(a.events).toMatchObject([
      { type: "token-renewed", generation: 1, by: "obtain", reason: "missing", usesLeft: 3 },
      { type: "token-renewed", generation: 2, by: "refresh", reason: "expiring", rotated: false, usesLeft: 2 },
      { type: "renewal-failed", code: "unavailable", status: 503, held: false },
    ]);
    expect(b.events).toMatchObject([{ type: "token-adopted", generation: 1 }]);
    await eventually(async () =>
      expect(await a.client.state("user")).toMatchObject({ generation: 2, usesLeft: 2, renewing: false, answerLost: false }),
    );
  });
});
