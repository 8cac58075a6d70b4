/** The protocol of the tokens over each store that several processes can share: two clients that know nothing of each other. */

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type ApiDefinition,
  createClient,
  memoryStore,
  type TokenError,
  type TokenEvent,
  type TokenRecord,
  type TokenStore,
} from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { encrypted } from "../../src/stores/encrypted.js";
import { migrate, postgresStore } from "../../src/stores/postgres.js";
import { redisStore } from "../../src/stores/redis.js";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { oauthDocument, oauthInputs } from "../support/documents.js";
import { startProxy, type TcpProxy } from "../support/proxy.js";
import { postgresServer, redisServer, type TestServer, whySkipped } from "../support/servers.js";
import type { LooseClient, LooseTokens, LooseTypes } from "../support/service.js";
import { eventually, pause, within } from "../support/waiting.js";
import { errorOf } from "./records.js";

const redis = await redisServer();
const postgres = await postgresServer();
const folder = mkdtempSync(join(tmpdir(), "keyturn-protocol-"));
const table = `keyturn_protocol_${Date.now()}`;
const keys = [{ id: "now", key: new Uint8Array(32).fill(7) }];

beforeAll(async () => {
  if (postgres === undefined) return;
  const pool = new pg.Pool({ connectionString: postgres.url, max: 1 });
  pool.on("error", () => {});
  await migrate(pool, { table });
  await pool.end();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await redis?.own?.end();
  await postgres?.own?.end();
});

const one = memoryStore();
const { read, swap } = memoryStore();
const stores: readonly { readonly name: string; readonly isHere: boolean; readonly open: () => TokenStore }[] = [
  { name: "memory", isHere: true, open: () => one },
  { name: "a store that has nothing but read and swap", isHere: true, open: () => ({ read, swap }) },
  { name: "sqlite", isHere: true, open: () => sqliteStore({ path: join(folder, "tokens.db") }) },
  {
    name: "encrypted sqlite",
    isHere: true,
    open: () => encrypted(sqliteStore({ path: join(folder, "encrypted.db") }), { keys }),
  },
  {
    name: `redis${whySkipped(redis, "Redis")}`,
    isHere: redis !== undefined,
    open: () => redisStore({ url: redis!.url, prefix: `${table}:` }),
  },
  {
    name: `postgres${whySkipped(postgres, "PostgreSQL")}`,
    isHere: postgres !== undefined,
    open: () => postgresStore({ connectionString: postgres!.url, table }),
  },
];

const HOUR = 3_600_000;
/** Of the stores that are to give up. What is answered at all is answered long before. */
const TIMEOUT_MS = 1000;
/** Each test has an account of its own, and with it a slot of its own. */
let account = 0;

/** A service over loopback HTTP whose refresh tokens can be used once: the second use is an alarm. */
async function service(answerAfterMs = 0, beforeAnswer: (grant: string) => void = () => {}) {
  const asked: { readonly grant: string; readonly refreshToken: string | null }[] = [];
  const alarms: string[] = [];
  const spent = new Set<string>();
  let live = new Set<string>();
  let count = 0;
  const server = createServer(async (request, response) => {
    const body = new URLSearchParams(await textOf(request));
    if (request.url === "/things") {
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      response.writeHead(live.has(token) ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify({ token }));
      return;
    }
    const [grant, refreshToken] = [body.get("grant_type") ?? "", body.get("refresh_token")];
    asked.push({ grant, refreshToken });
    await pause(answerAfterMs);
    beforeAnswer(grant);
    if (refreshToken !== null && spent.has(refreshToken)) {
      alarms.push(refreshToken);
      live = new Set();
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: "invalid_grant" }));
      return;
    }
    if (refreshToken !== null) spent.add(refreshToken);
    count += 1;
    live.add(`at-${count}`);
    const tokens = { access_token: `at-${count}`, refresh_token: `rt-${count}`, token_type: "bearer", expires_in: 3600 };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(tokens));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return { baseUrl, asked, alarms, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += String(piece);
  return text;
}

/** Of every client here, as long as by default: who is woken by nothing waits so long for another holder. */
const LEASE_MS = 15_000;
const definition = readDefinition(oauthDocument({ refreshToken: { rotation: "always" } }), "test");

/** A client with an engine of its own: as in another process. */
function client(store: TokenStore, baseUrl: string, now: () => number = Date.now) {
  const events: TokenEvent[] = [];
  const made = createClient<LooseTypes, ApiDefinition>(definition, {
    baseUrl,
    store,
    leaseMs: LEASE_MS,
    clock: { now },
    inputs: { ...oauthInputs, username: `user-${account}` },
    onEvent: (event) => events.push(event),
  }) as unknown as LooseClient & LooseTokens;
  return { client: made, events, told: (type: TokenEvent["type"]) => events.filter((event) => event.type === type) };
}

/** A store that says what was written through it. */
function observed(store: TokenStore): { store: TokenStore; key: () => string; last: () => TokenRecord } {
  let written: { key: string; record: TokenRecord } | undefined;
  return {
    store: {
      ...store,
      async swap(key, expected, next) {
        const isDone = await store.swap(key, expected, next);
        if (isDone && next !== undefined) written = { key, record: next };
        return isDone;
      },
    },
    key: () => written!.key,
    last: () => written!.record,
  };
}

describe.each(stores)("over $name", ({ isHere, open }) => {
  const opened: TokenStore[] = [];
  const store = () => {
    const made = open();
    opened.push(made);
    return made;
  };
  let api: Awaited<ReturnType<typeof service>> | undefined;
  afterEach(async () => {
    for (const made of opened.splice(0)) await made.close?.();
    await api?.close();
    account += 1;
  });

  it.skipIf(!isHere)("two clients ask for one token, and both present it (B34)", async () => {
    api = await service(150);
    const [a, b] = [client(store(), api.baseUrl), client(store(), api.baseUrl)];
    const calls = [a, b].flatMap((each) => Array.from({ length: 10 }, () => each.client["listThings"]!()));
    const tokens = (await Promise.all(calls)).map(({ data }) => (data as { token: string }).token);
    expect(new Set(tokens)).toEqual(new Set(["at-1"]));
    expect(api.asked).toHaveLength(1);
    expect([a, b].map((each) => each.told("token-renewed").length + each.told("token-adopted").length)).toEqual([1, 1]);
  });

  it.skipIf(!isHere)("two clients spend one refresh token once, round after round (B36)", async () => {
    api = await service(30);
    let now = Date.now();
    const [a, b] = [client(store(), api.baseUrl, () => now), client(store(), api.baseUrl, () => now)];
    for (let round = 1; round <= 5; round += 1) {
      const results = await Promise.all([a, b, a, b].map((each) => each.client["listThings"]!()));
      expect(results.map(({ data }) => (data as { token: string } | undefined)?.token)).toEqual(Array(4).fill(`at-${round}`));
      now += HOUR;
    }
    expect(api.asked.map(({ refreshToken }) => refreshToken)).toEqual([null, "rt-1", "rt-2", "rt-3", "rt-4"]);
    expect(api.alarms).toEqual([]);
  });

  it.skipIf(!isHere)("a client that comes later uses what is kept, without a token call", async () => {
    api = await service();
    const first = client(store(), api.baseUrl);
    await first.client["listThings"]!();
    const later = client(store(), api.baseUrl);
    expect((await later.client["listThings"]!()).data).toEqual({ token: "at-1" });
    expect(api.asked).toHaveLength(1);
  });

  it.skipIf(!isHere)("the lease of a holder that died is taken over when it has ended, and not before (B37)", async () => {
    api = await service();
    const shared = observed(store());
    await client(shared.store, api.baseUrl).client["listThings"]!();
    const kept = shared.last();
    const clock = async () => shared.store.now?.() ?? Date.now();
    const until = (await clock()) + 700;
    const died: TokenRecord = {
      ...kept,
      version: kept.version + 1,
      expires: { ...kept.expires, accessToken: Date.now() - 1 },
      lease: { holder: "one that died before it sent anything", until },
    };
    expect(await shared.store.swap(shared.key(), kept.version, died)).toBe(true);
    const call = client(store(), api.baseUrl).client["listThings"]!();
    // Well before the waiter, who knows nothing of that lease, would look again by itself.
    expect(await within(LEASE_MS / 2, call)).toBe("done");
    expect((await call).data).toEqual({ token: "at-2" });
    expect(await clock()).toBeGreaterThanOrEqual(until);
    expect(api.asked[1]).toEqual({ grant: "refresh_token", refreshToken: "rt-1" });
    expect(api.alarms).toEqual([]);
  });

  it.skipIf(!isHere)("a record that appears while a client waits is adopted at once (B39)", async () => {
    api = await service();
    const shared = observed(store());
    await client(shared.store, api.baseUrl).client["listThings"]!();
    const kept = shared.last();
    const clock = await (shared.store.now?.() ?? Date.now());
    const held: TokenRecord = {
      ...kept,
      version: kept.version + 1,
      outputs: { refreshToken: "rt-1" },
      lease: { holder: "another", until: clock + 10 * LEASE_MS },
    };
    await shared.store.swap(shared.key(), kept.version, held);
    const waiter = client(store(), api.baseUrl);
    const call = waiter.client["listThings"]!();
    await pause(300);
    const { lease: _lease, ...done } = { ...held, version: held.version + 1, generation: 2, outputs: kept.outputs };
    await shared.store.swap(shared.key(), held.version, done);
    expect(await within(LEASE_MS / 2, call)).toBe("done");
    expect((await call).data).toEqual({ token: "at-1" });
    expect(waiter.told("token-adopted")).toHaveLength(1);
    expect(api.asked).toHaveLength(1);
  });

  it.skipIf(!isHere)("a record of a format that is not known is refused and kept", async () => {
    api = await service();
    const shared = observed(store());
    await client(shared.store, api.baseUrl).client["listThings"]!();
    const kept = shared.last();
    expect(await shared.store.swap(shared.key(), kept.version, { ...kept, version: kept.version + 1, format: 99 })).toBe(true);
    const error = (await errorOf(client(store(), api.baseUrl).client["listThings"]!())) as TokenError;
    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("format 99") });
    expect((await store().read(shared.key()))?.format).toBe(99);
    expect(api.asked).toHaveLength(1);
  });
});

const servers: readonly {
  readonly name: string;
  readonly server: TestServer | undefined;
  readonly open: (url: string) => TokenStore;
}[] = [
  {
    name: `redis${whySkipped(redis, "Redis")}`,
    server: redis,
    open: (url) => redisStore({ url, prefix: `${table}:`, timeoutMs: TIMEOUT_MS }),
  },
  {
    name: `postgres${whySkipped(postgres, "PostgreSQL")}`,
    server: postgres,
    open: (url) => postgresStore({ connectionString: url, table, timeoutMs: TIMEOUT_MS }),
  },
];

describe.each(servers)("when $name is cut off", ({ server, open }) => {
  let proxy: TcpProxy;
  let store: TokenStore;
  let api: Awaited<ReturnType<typeof service>>;
  let now = Date.now();
  beforeAll(async () => {
    if (server !== undefined) proxy = await startProxy(server.port);
  });
  afterAll(async () => {
    await proxy?.close();
  });
  afterEach(async () => {
    proxy.heal();
    await store.close?.();
    await api.close();
    account += 1;
  });
  const begin = async (beforeAnswer?: (grant: string) => void) => {
    api = await service(0, beforeAnswer);
    store = open(server!.urlAt(proxy.port));
    const made = client(store, api.baseUrl, () => now);
    expect((await made.client["listThings"]!()).data).toEqual({ token: "at-1" });
    return made;
  };

  it.skipIf(server === undefined)("a token that is held is served while it is good", async () => {
    const { client: held, told } = await begin();
    proxy.hold();
    expect((await held["listThings"]!()).data).toEqual({ token: "at-1" });
    now += HOUR - 25_000; // due, and not over
    expect((await held["listThings"]!()).data).toEqual({ token: "at-1" });
    await eventually(async () => expect(told("renewal-failed")).toMatchObject([{ code: "store-failed", held: true }]));
    expect(api.asked).toHaveLength(1);
  });

  it.skipIf(server === undefined)(
    "a refresh token that can be spent once is not sent, and is sent afterwards (B38)",
    async () => {
      const { client: held } = await begin();
      now += HOUR;
      proxy.hold();
      expect(await errorOf(held["listThings"]!())).toMatchObject({ code: "store-failed" });
      expect(api.asked).toHaveLength(1);
      proxy.heal();
      await proxy.cut();
      now += 60_000;
      expect((await held["listThings"]!()).data).toEqual({ token: "at-2" });
      expect(api.asked[1]).toEqual({ grant: "refresh_token", refreshToken: "rt-1" });
      expect(api.alarms).toEqual([]);
    },
  );

  it.skipIf(server === undefined)(
    "what a token call has brought is served and kept, and written when the store is back (B29)",
    async () => {
      const { client: held, told } = await begin((grant) => {
        if (grant === "refresh_token" && api.asked.length === 2) proxy.hold();
      });
      now += HOUR;
      expect((await held["listThings"]!()).data).toEqual({ token: "at-2" });
      expect(told("save-failed")).toHaveLength(1);
      proxy.heal();
      await proxy.cut();
      now += HOUR;
      expect((await held["listThings"]!()).data).toEqual({ token: "at-3" });
      expect(api.asked.map(({ refreshToken }) => refreshToken)).toEqual([null, "rt-1", "rt-2"]);
      expect(api.alarms).toEqual([]);
      const other = open(server!.url);
      expect((await client(other, api.baseUrl, () => now).client["listThings"]!()).data).toEqual({ token: "at-3" });
      await other.close?.();
    },
  );
});
