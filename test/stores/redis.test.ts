import { randomBytes, randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { createClient, createClientPool } from "redis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TokenStore } from "../../src/index.js";
import { encrypted } from "../../src/stores/encrypted.js";
import { type RedisClient, redisStore } from "../../src/stores/redis.js";
import { type ChildModule, childModule } from "../support/child.js";
import { startProxy, type TcpProxy } from "../support/proxy.js";
import { PASSWORD, redisServer, type TestServer, whySkipped } from "../support/servers.js";
import { deferred } from "../support/service.js";
import { eventually, NEVER_MS, within } from "../support/waiting.js";
import { testStore } from "./contract.js";
import { CANARY, errorOf, filesBelow, record, someKey } from "./records.js";

const server = await redisServer();
const prefix = `test:${randomUUID()}:`;
/** Of the stores that are to give up. What is answered at all is answered long before. */
const TIMEOUT_MS = 1000;

const opened: { close?(): unknown; destroy?(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await (one.destroy === undefined ? one.close?.() : one.destroy());
});
afterAll(() => server?.own?.end());

function open(options: Partial<Parameters<typeof redisStore>[0]> = {}): TokenStore {
  const store = redisStore({ url: server!.url, prefix, ...options } as Parameters<typeof redisStore>[0]);
  opened.push(store);
  return store;
}

async function ownClient(url = server!.url) {
  const client = createClient({ url });
  client.on("error", () => {});
  await client.connect();
  opened.push(client);
  return client;
}

/** A client whose questions are held back for a while: a store on it knows of a change then only if it is told. */
function holdable(client: Awaited<ReturnType<typeof ownClient>>) {
  let gate = deferred<void>();
  gate.resolve();
  const asked = client as unknown as RedisClient;
  const held: RedisClient = {
    connect: async () => {},
    eval: (...question) => gate.promise.then(() => asked.eval(...question)),
    evalSha: (...question) => gate.promise.then(() => asked.evalSha(...question)),
    duplicate: () => client.duplicate(),
  };
  return {
    client: held,
    hold: () => {
      gate = deferred<void>();
    },
    release: () => gate.resolve(),
  };
}

describe.skipIf(server === undefined)(`with Redis${whySkipped(server, "Redis")}`, () => {
  testStore("the redis store", () => redisStore({ url: server!.url, prefix }));

  describe("a redis store", () => {
    it("connects when it is first used, and says at once that nobody listens", async () => {
      const store = open({ url: "redis://:canary-password@127.0.0.1:1" });
      const error = await errorOf(store.read(someKey()));
      expect(error).toMatchObject({ code: "store-failed", reason: "ECONNREFUSED" });
    });

    it.each(["not an address", "http://:canary-password@localhost", "redis://:canary-password@local host"])(
      "has to be given the address of a Redis server: %s is none",
      (url) => {
        const make = () => redisStore({ url });
        expect(make).toThrow(TypeError);
        expect(make).not.toThrow(/canary/);
      },
    );

    it("keeps each slot under its prefix, as a hash that never ends by itself (B31)", async () => {
      const client = await ownClient();
      const key = someKey();
      await open().swap(key, undefined, record(3));
      expect(await client.hGetAll(prefix + key)).toEqual({ version: "3", record: JSON.stringify(record(3)) });
      expect(await client.ttl(prefix + key)).toBe(-1);
    });

    it("sends its scripts again to a server that has forgotten them", async () => {
      const client = await ownClient();
      const store = open();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      await client.sendCommand(["SCRIPT", "FLUSH"]);
      expect(await store.swap(key, 1, record(2))).toBe(true);
    });

    it("says what to do when something else stands under its key, and leaves that as it is", async () => {
      const client = await ownClient();
      const key = someKey();
      await client.set(prefix + key, CANARY);
      const store = open();
      for (const question of [() => store.read(key), () => store.swap(key, undefined, record(1))]) {
        const error = await errorOf(question());
        expect(error).toMatchObject({ reason: "WRONGTYPE", message: expect.stringContaining("another prefix") });
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
      }
      expect(await client.get(prefix + key)).toBe(CANARY);
    });

    it("keeps a record that it cannot read", async () => {
      const client = await ownClient();
      const key = someKey();
      const store = open();
      await store.swap(key, undefined, record(1, { accessToken: CANARY }));
      await client.hSet(prefix + key, "record", `{"accessToken":"${CANARY}"`);
      const error = await errorOf(store.read(key));
      expect(error.message).toMatch(/damaged; it is kept/);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
      expect(await store.swap(key, undefined, record(1))).toBe(false);
    });

    it("shows no password in an error, and none of the server's words about a record", async () => {
      const url = new URL(server!.url);
      url.password = "canary-of-another";
      const refused = await errorOf(open({ url: url.href }).read(someKey()));
      expect(refused).toMatchObject({ reason: "WRONGPASS", message: expect.stringContaining("password") });
      const seen = inspect([refused, open()], { depth: 9, showHidden: true });
      expect(seen).not.toContain("canary");
    });

    it("does its work for a user who may not publish; whoever waits looks by itself", async () => {
      const client = await ownClient();
      const user = `u${randomUUID().slice(0, 8)}`;
      const rights = [`~${prefix}*`, "resetchannels", "+eval", "+evalsha", "+hmget", "+hget", "+hset", "+del", "+time"];
      await client.sendCommand(["ACL", "SETUSER", user, "on", ">limited", ...rights]);
      const url = new URL(server!.url);
      url.username = user;
      url.password = "limited";
      const store = open({ url: url.href });
      const key = someKey();
      expect(await store.swap(key, undefined, record(1))).toBe(true);
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      await open({ url: url.href }).swap(key, 1, record(2));
      expect(await within(NEVER_MS, woken)).toBe("done");
      await client.sendCommand(["ACL", "DELUSER", user]);
    });

    it("is told of changes over one connection, however many wait, and lets go of what nobody waits for", async () => {
      const client = await ownClient();
      const asking = holdable(await ownClient());
      const store = open({ client: asking.client });
      const other = open();
      const keys = Array.from({ length: 30 }, someKey);
      const waits = keys.flatMap((key) => [1, 2, 3].map(() => store.changed!(key, new AbortController().signal)));
      const channels = async () => (await client.pubSubChannels(`${prefix}*`)).length;
      await eventually(async () => expect(await channels()).toBe(30));
      const connections = String(await client.sendCommand(["CLIENT", "LIST", "TYPE", "pubsub"]));
      expect(connections.trim().split("\n")).toHaveLength(1);
      asking.hold();
      await Promise.all(keys.map((key) => other.swap(key, undefined, record(1))));
      expect(await within(NEVER_MS, Promise.all(waits))).toBe("done");
      asking.release();
      const last = store.changed!(keys[0]!, new AbortController().signal);
      await eventually(async () => expect(await channels()).toBe(1));
      await other.swap(keys[0]!, 1, record(2));
      await last;
    });

    it("learns of a change after the connection that told it was cut", async () => {
      const client = await ownClient();
      const store = open();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      const woken = store.changed!(key, new AbortController().signal);
      await eventually(async () => expect(await client.pubSubChannels(prefix + key)).toHaveLength(1));
      await client.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]);
      await open().swap(key, 1, record(2));
      expect(await within(NEVER_MS, woken)).toBe("done");
    });

    it("leaves no timer and no connection when it is closed", async () => {
      const client = await ownClient();
      // In a database of its own, where no other test has connections that are just being closed.
      const count = async () => String(await client.sendCommand(["CLIENT", "LIST"])).match(/ db=7 /g)?.length ?? 0;
      const url = new URL(server!.url);
      url.pathname = "/7";
      const store = open({ url: url.href });
      const key = someKey();
      const wait = store.changed!(key, new AbortController().signal);
      await eventually(async () => expect(await count()).toBe(2));
      await store.close?.();
      await wait;
      await eventually(async () => expect(await count()).toBe(0));
    });
  });

  describe("a client that is handed to a redis store", () => {
    it("is used as it is, and left open", async () => {
      const client = await ownClient();
      const store = redisStore({ client, prefix });
      const key = someKey();
      expect(await store.swap(key, undefined, record(1))).toBe(true);
      await store.close?.();
      expect(await client.exists(prefix + key)).toBe(1);
    });

    it("is connected when it is not yet", async () => {
      const client = createClient({ url: server!.url });
      client.on("error", () => {});
      opened.push(client);
      const store = open({ client });
      const keys = [someKey(), someKey()];
      expect(await Promise.all(keys.map((key) => store.read(key)))).toEqual([undefined, undefined]);
    });

    it("may put a prefix of its own before every key", async () => {
      const client = createClient({ url: server!.url, keyPrefix: "app:" });
      client.on("error", () => {});
      await client.connect();
      opened.push(client);
      const asking = holdable(client);
      const [store, other] = [open({ client: asking.client }), open({ client })];
      const key = someKey();
      const woken = store.changed!(key, new AbortController().signal);
      const plain = await ownClient();
      await eventually(async () => expect(await plain.pubSubChannels(`${prefix}${key}`)).toHaveLength(1));
      asking.hold();
      await other.swap(key, undefined, record(1));
      expect(await within(NEVER_MS, woken)).toBe("done");
      asking.release();
      expect(await plain.exists(`app:${prefix}${key}`)).toBe(1);
    });

    it("may be a pool; whoever waits looks by itself", async () => {
      const pool = createClientPool({ url: server!.url });
      pool.on("error", () => {});
      await pool.connect();
      opened.push(pool);
      const [store, other] = [open({ client: pool as unknown as RedisClient }), open()];
      const key = someKey();
      await store.swap(key, undefined, record(1));
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      await other.swap(key, 1, record(2));
      expect(await within(NEVER_MS, woken)).toBe("done");
    });
  });

  describe("between a redis store and its server", () => {
    let proxy: TcpProxy;
    const through = (options = {}) => open({ url: server!.urlAt(proxy.port), timeoutMs: TIMEOUT_MS, ...options });
    beforeAll(async () => {
      proxy = await startProxy(server!.port);
    });
    afterEach(() => proxy.heal());
    afterAll(() => proxy.close());

    it("a slow network is waited for", async () => {
      const store = through({ timeoutMs: 5000 });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      proxy.delay(150);
      expect(await store.swap(key, 1, record(2))).toBe(true);
      expect((await store.read(key))?.version).toBe(2);
    });

    it("a partition ends each question in its time; afterwards all is as before", async () => {
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      proxy.hold();
      const errors = Promise.all([store.read(key), store.swap(key, 1, record(2)), store.now!()].map(errorOf));
      expect(await within(2 * TIMEOUT_MS, errors)).toBe("done");
      for (const error of await errors) expect(error).toMatchObject({ code: "store-failed", reason: "ETIMEDOUT" });
      proxy.heal();
      await eventually(async () => {
        const { version } = (await store.read(key))!; // the write may still be on its way
        expect(await store.swap(key, version, record(version + 1))).toBe(true);
      });
    });

    it("a cut between two questions goes unnoticed", async () => {
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      await proxy.cut();
      expect(await store.swap(key, 1, record(2))).toBe(true);
    });

    it("a cut before a write arrives leaves the record as it was, and the writer knows that it does not know", async () => {
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      proxy.cutAt(CANARY, "up");
      const error = await errorOf(store.swap(key, 1, record(2, { accessToken: CANARY })));
      expect(error).toMatchObject({ code: "store-failed" });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("canary");
      expect((await store.read(key))?.version).toBe(1);
    });

    it("a cut before the answer arrives is told as a failure, and the write is there", async () => {
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      proxy.cutAt(CANARY, "up", true);
      expect(await errorOf(store.swap(key, 1, record(2, { accessToken: CANARY })))).toMatchObject({ code: "store-failed" });
      await eventually(async () => expect((await store.read(key))?.version).toBe(2));
    });

    it("rubbish instead of an answer is a failure, not a record", async () => {
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      proxy.corrupt((bytes) => Buffer.alloc(bytes.length, "?"), "down");
      expect(await errorOf(store.read(key))).toMatchObject({ code: "store-failed" });
      proxy.heal();
      await proxy.cut();
      expect((await eventually(() => store.read(key)))?.version).toBe(1);
    });

    it("a waiter outlives a partition and learns of what happened in it", async () => {
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      const client = await ownClient();
      await eventually(async () => expect(await client.pubSubChannels(prefix + key)).toHaveLength(1));
      proxy.hold();
      await open().swap(key, 1, record(2));
      expect(await within(200, woken)).toBe("pending");
      proxy.heal();
      await proxy.cut();
      expect(await within(NEVER_MS, woken)).toBe("done");
    });
  });

  describe.skipIf(server?.own === undefined)("a Redis server", () => {
    let other: TestServer;
    beforeAll(async () => {
      other = (await redisServer({ persistent: true }))!;
    });
    afterAll(() => other.own!.end());

    it("that keeps its log on the disk has every swap that resolved, also after it was killed", async () => {
      const store = open({ url: other.url });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      for (let version = 1; version < 20; version += 1) await store.swap(key, version, record(version + 1));
      await other.own!.stop("kill");
      expect(await errorOf(store.read(key))).toMatchObject({ code: "store-failed" });
      await other.own!.start();
      expect(await eventually(() => store.read(key))).toEqual(record(20));
    });

    it("that keeps nothing has no record after a restart: the store says that there is none", async () => {
      const store = open();
      const key = someKey();
      await store.swap(key, undefined, record(5));
      await server!.own!.stop();
      expect(await errorOf(store.read(key))).toMatchObject({ code: "store-failed" });
      await server!.own!.start();
      expect(await store.read(key)).toBeUndefined();
      expect(await store.swap(key, 5, record(6))).toBe(false);
      expect(await store.swap(key, undefined, record(6))).toBe(true);
    });

    it("that takes over without the last writes gives the older record, and takes nothing in place of the newer", async () => {
      const proxy = await startProxy(other.port);
      const store = open({ url: other.urlAt(proxy.port) });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      await open({ url: server!.url }).swap(key, undefined, record(1)); // what the replica had
      await store.swap(key, 1, record(2));
      proxy.redirect(server!.port);
      await proxy.cut();
      expect((await store.read(key))?.version).toBe(1);
      expect(await store.swap(key, 2, record(3))).toBe(false);
      await proxy.close();
    });

    it("that is a replica refuses the write and says so", async () => {
      const client = await ownClient(other.url);
      await client.sendCommand(["CONFIG", "SET", "masterauth", PASSWORD]);
      await client.sendCommand(["REPLICAOF", "127.0.0.1", String(server!.port)]);
      const error = await errorOf(open({ url: other.url }).swap(someKey(), undefined, record(1)));
      expect(error).toMatchObject({ reason: expect.stringMatching(/READONLY|LOADING|MASTERDOWN/) });
      await client.sendCommand(["REPLICAOF", "NO", "ONE"]);
    });

    it("that is full refuses the write, and keeps what it has", async () => {
      const client = await ownClient(other.url);
      const store = open({ url: other.url });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      await client.sendCommand(["CONFIG", "SET", "maxmemory", "1"]);
      expect(await errorOf(store.swap(key, 1, record(2)))).toMatchObject({ reason: "OOM" });
      expect((await store.read(key))?.version).toBe(1);
      await client.sendCommand(["CONFIG", "SET", "maxmemory", "0"]);
    });

    it("holds no token in memory or on its disk when the store is encrypted (B40)", async () => {
      const client = await ownClient(other.url);
      const keys = [{ id: "now", key: randomBytes(32) }];
      const store = encrypted(open({ url: other.url }), { keys });
      const key = someKey();
      await store.swap(key, undefined, record(1, { accessToken: CANARY, refreshToken: CANARY }));
      await store.swap(key, 1, record(2, { accessToken: CANARY, refreshToken: CANARY }));
      for (const name of await client.keys("*"))
        expect(JSON.stringify(await client.hGetAll(name)) + name).not.toContain(CANARY);
      const read = filesBelow(other.own!.folder);
      expect(read.some((bytes) => bytes.includes(key))).toBe(true);
      expect(read.some((bytes) => bytes.includes(CANARY))).toBe(false);
    });
  });

  describe("processes that share a Redis server", () => {
    let child: ChildModule;
    beforeAll(async () => {
      child = await childModule(new URL("child.ts", import.meta.url));
    });
    afterAll(() => child.remove());

    it("lose no write", async () => {
      const key = someKey();
      const children = [1, 2, 3].map(() => child.start("redis", server!.url, "add twenty", key));
      expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0]);
      expect((await open({ prefix: "keyturn:" }).read(key))?.outputs["sum"]).toBe(60);
    });

    it("wake each other, and may end without closing the store", async () => {
      const key = someKey();
      const waiter = child.start("redis", server!.url, "wait", key);
      await waiter.line("waiting");
      await open({ prefix: "keyturn:" }).swap(key, undefined, record(1));
      await waiter.line("woken");
      expect(await waiter.ended).toBe(0);
    });
  });
});
