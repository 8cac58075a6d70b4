import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TokenStore } from "../../src/index.js";
import { encrypted } from "../../src/stores/encrypted.js";
import { migrate, type PostgresStoreOptions, postgresStore } from "../../src/stores/postgres.js";
import { type ChildModule, childModule } from "../support/child.js";
import { startProxy, type TcpProxy } from "../support/proxy.js";
import { postgresServer, transactionPooler, untilReady, whySkipped } from "../support/servers.js";
import { eventually, NEVER_MS, pause, within } from "../support/waiting.js";
import { testStore } from "./contract.js";
import { CANARY, errorOf, filesBelow, record, someKey } from "./records.js";

const server = await postgresServer();
const pooler = server?.own && (await transactionPooler(server));
const table = `keyturn_test_${Date.now()}`;
/** A table, and with it a channel, of its own: a pooler keeps connections that once listened. */
const pooled = `${table}_pooled`;

/** Of the stores that are to give up. What is answered at all is answered long before. */
const TIMEOUT_MS = 1000;

const opened: { close?(): Promise<unknown>; end?(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await (one.end === undefined ? one.close?.() : one.end());
});

function open(options: Partial<PostgresStoreOptions> = {}): TokenStore {
  const store = postgresStore({ connectionString: server!.url, table, ...options } as PostgresStoreOptions);
  opened.push(store);
  return store;
}

function ownPool(options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: server!.url, max: 2, ...options });
  pool.on("error", () => {});
  opened.push(pool);
  return pool;
}

describe.skipIf(server === undefined)(`with PostgreSQL${whySkipped(server, "PostgreSQL")}`, () => {
  const pool = new pg.Pool({ connectionString: server?.url, max: 2 });
  pool.on("error", () => {});
  beforeAll(() => migrate(pool, { table }));
  afterAll(async () => {
    await pool.query(`DROP TABLE ${table}`);
    await pool.end();
    await pooler?.own?.end();
    await server?.own?.end();
  });

  testStore("the postgres store", () => postgresStore({ connectionString: server!.url, table }));

  describe("the table of a postgres store", () => {
    it("is made by migrate, which may run again and several times at once", async () => {
      const name = `${table}_again`;
      await Promise.all([1, 2, 3, 4].map(() => migrate(pool, { table: name })));
      await migrate(pool, { table: name });
      expect(await open({ table: name }).swap("key", undefined, record(1))).toBe(true);
      await pool.query(`DROP TABLE ${name}`);
    });

    it("is made by schema.sql as by migrate", async () => {
      const columns = async (name: string) =>
        (
          await pool.query(
            `SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns
             WHERE table_name = $1 ORDER BY ordinal_position`,
            [name],
          )
        ).rows;
      const client = await pool.connect();
      await client.query("BEGIN");
      await client.query(readFileSync(new URL("../../src/stores/schema.sql", import.meta.url), "utf8"));
      await client.query("COMMIT");
      client.release();
      expect(await columns("keyturn_records")).toEqual(await columns(table));
      expect(await open({ table: "public.keyturn_records" }).read("key")).toBeUndefined();
    });

    it("is asked for when it is missing", async () => {
      const store = open({ table: "keyturn_missing" });
      for (const question of [() => store.read("key"), () => store.swap("key", undefined, record(1))]) {
        const error = await errorOf(question());
        expect(error).toMatchObject({ reason: "42P01", message: expect.stringContaining("migrate(pool)") });
      }
    });

    it.each(['records"; DROP TABLE users; --', "Records", "a.b.c", ""])("has no name such as %s", (name) => {
      expect(() => open({ table: name })).toThrow(TypeError);
    });

    it("holds no token in its rows, nor the server on its disk, when the store is encrypted (B40)", async () => {
      const store = encrypted(open(), { keys: [{ id: "now", key: randomBytes(32) }] });
      const key = someKey();
      await store.swap(key, undefined, record(1, { accessToken: CANARY, refreshToken: CANARY }));
      await store.swap(key, 1, record(2, { accessToken: CANARY, refreshToken: CANARY }));
      const { rows } = await pool.query(`SELECT * FROM ${table} WHERE key = $1`, [key]);
      expect(rows).toHaveLength(1);
      expect(JSON.stringify(rows)).not.toContain(CANARY);
      if (server?.own === undefined) return;
      await pool.query("CHECKPOINT");
      const folder = server.own.folder;
      const read = filesBelow(folder);
      expect(read.some((bytes) => bytes.includes(key))).toBe(true);
      expect(read.some((bytes) => bytes.includes(CANARY))).toBe(false);
    });
  });

  describe("a postgres store", () => {
    it("connects when it is first used, and says at once that nobody listens", async () => {
      const store = open({ connectionString: "postgresql://keyturn:canary-password@127.0.0.1:1/postgres" });
      expect(await errorOf(store.read("key"))).toMatchObject({ code: "store-failed", reason: "ECONNREFUSED" });
    });

    it("has to be given an address", () => {
      const make = () => postgresStore({ connectionString: "canary-password" });
      expect(make).toThrow(TypeError);
      expect(make).not.toThrow(/canary/);
    });

    it.skipIf(server?.own === undefined)("shows no password in an error", async () => {
      const url = new URL(server!.url);
      url.password = "canary-of-another";
      const refused = await errorOf(open({ connectionString: url.href }).read("key"));
      expect(refused).toMatchObject({ reason: "28P01", message: expect.stringContaining("password") });
      expect(inspect([refused, open()], { depth: 9, showHidden: true })).not.toContain("canary");
    });

    it("shows none of the server's words about a row", async () => {
      const narrow = `${table}_narrow`;
      await migrate(pool, { table: narrow });
      await pool.query(`ALTER TABLE ${narrow} ADD CHECK (length(record) < 10)`);
      const quoted = await errorOf(open({ table: narrow }).swap("key", undefined, record(1, { accessToken: CANARY })));
      expect(quoted).toMatchObject({ reason: "23514" });
      expect(inspect(quoted, { depth: 9, showHidden: true })).not.toContain("canary");
      await pool.query(`DROP TABLE ${narrow}`);
    });

    it("keeps a record that it cannot read", async () => {
      const key = someKey();
      const store = open();
      await store.swap(key, undefined, record(1, { accessToken: CANARY }));
      await pool.query(`UPDATE ${table} SET record = left(record, 60) WHERE key = $1`, [key]);
      const error = await errorOf(store.read(key));
      expect(error.message).toMatch(/damaged; it is kept/);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
      expect(await store.swap(key, undefined, record(1))).toBe(false);
    });

    it("leaves nothing behind in a session", async () => {
      const single = ownPool({ max: 1 });
      const store = open({ pool: single });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      await store.read(key);
      const { rows } = await single.query(
        `SELECT (SELECT count(*) FROM pg_prepared_statements)::int AS statements,
                (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')::int AS locks,
                current_setting('synchronous_commit') AS commits`,
      );
      expect(rows).toEqual([{ statements: 0, locks: 0, commits: "on" }]);
    });

    it.each(["serializable", "repeatable read"])("lets exactly one of many win where transactions are %s", async (level) => {
      const options = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
      const stores = [1, 2, 3].map(() => open({ pool: ownPool({ options, max: 4 }) }));
      const key = someKey();
      await stores[0]!.swap(key, undefined, record(1));
      const won = await Promise.all(Array.from({ length: 30 }, (_, n) => stores[n % 3]!.swap(key, 1, record(2, { n }))));
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it("uses a pool of one connection while somebody waits for a change, and leaves it open", async () => {
      const single = ownPool({ max: 1 });
      const store = postgresStore({ pool: single, table });
      const key = someKey();
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      await pause(200); // two looks by itself
      expect(await store.swap(key, undefined, record(1))).toBe(true);
      await woken;
      await store.close?.();
      expect((await single.query("SELECT 1")).rowCount).toBe(1);
    });

    it("goes on after its connections were ended by the server", async () => {
      await listening(0);
      const store = open();
      const key = someKey();
      const woken = store.changed!(key, new AbortController().signal);
      await listening(1);
      await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                        AND backend_type = 'client backend'`);
      await open().swap(key, undefined, record(1));
      expect(await within(NEVER_MS, woken)).toBe("done");
      expect((await store.read(key))?.version).toBe(1);
    });

    it("is told of changes over one connection, however many wait", async () => {
      await listening(0);
      const held = ownPool();
      let isHeld = false;
      // Who cannot look by itself any more knows only what it is told.
      const hold = () => (isHeld ? new Promise<never>(() => {}) : held.connect());
      const store = open({ pool: { connect: hold, options: held.options, Client: pg.Client } });
      const keys = Array.from({ length: 30 }, someKey);
      const waits = keys.flatMap((key) => [1, 2, 3].map(() => store.changed!(key, new AbortController().signal)));
      await listening(1);
      isHeld = true;
      const other = open({ pool: ownPool() });
      await Promise.all(keys.map((key) => other.swap(key, undefined, record(1))));
      expect(await within(NEVER_MS, Promise.all(waits))).toBe("done");
    });

    it("looks by itself when it is not to listen", async () => {
      const store = open({ listen: false });
      const key = someKey();
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      await open().swap(key, undefined, record(1));
      expect(await within(NEVER_MS, woken)).toBe("done");
      await listening(0);
    });

    it("leaves no connection when it is closed", async () => {
      const count = async () => Number((await pool.query(`SELECT count(*) FROM pg_stat_activity`)).rows[0].count);
      await listening(0);
      const before = await count();
      const store = open();
      const key = someKey();
      const wait = store.changed!(key, new AbortController().signal);
      await listening(1);
      await store.close?.();
      await wait;
      await eventually(async () => expect(await count()).toBeLessThanOrEqual(before));
    });
  });

  describe.skipIf(pooler === undefined)("behind a pooler that gives each transaction another connection", () => {
    beforeAll(() => migrate(pool, { table: pooled }));
    afterAll(() => pool.query(`DROP TABLE ${pooled}`));

    testStore("the postgres store", () => postgresStore({ connectionString: pooler!.url, table: pooled }));

    it("migrate works too", async () => {
      const name = `${table}_migrated`;
      const through = ownPool({ connectionString: pooler!.url });
      await Promise.all([migrate(through, { table: name }), migrate(through, { table: name })]);
      await pool.query(`DROP TABLE ${name}`);
    });

    it("a store finds out that it is not told of changes, and looks by itself", async () => {
      const store = open({ connectionString: pooler!.url, table: pooled });
      for (let round = 0; round < 3; round += 1) {
        const key = someKey();
        const woken = store.changed!(key, new AbortController().signal);
        await store.read(key);
        await pause(round === 1 ? 1200 : 0); // longer than the probe
        await open({ table: pooled }).swap(key, undefined, record(1));
        expect(await within(NEVER_MS, woken)).toBe("done");
      }
    });
  });

  describe("between a postgres store and its server", () => {
    let proxy: TcpProxy;
    const through = (options = {}) => open({ connectionString: server!.urlAt(proxy.port), timeoutMs: TIMEOUT_MS, ...options });
    beforeAll(async () => {
      proxy = await startProxy(server!.port);
    });
    afterEach(() => proxy.heal());
    afterAll(() => proxy.close());

    it("a slow network is waited for", async () => {
      const store = through({ timeoutMs: 4000 });
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

    it("a partition does not eat up the pool", async () => {
      const single = ownPool({ connectionString: server!.urlAt(proxy.port), max: 1 });
      const store = open({ pool: single, timeoutMs: TIMEOUT_MS });
      await store.read("key");
      for (let round = 0; round < 2; round += 1) {
        proxy.hold();
        expect(await errorOf(store.read("key"))).toMatchObject({ reason: "ETIMEDOUT" });
        proxy.heal();
        await eventually(() => store.read("key"));
      }
      expect(single.totalCount).toBeLessThanOrEqual(1);
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
      await listening(0);
      const store = through();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      await listening(1);
      proxy.hold();
      await open().swap(key, 1, record(2));
      expect(await within(200, woken)).toBe("pending");
      proxy.heal();
      await proxy.cut();
      expect(await within(NEVER_MS, woken)).toBe("done");
    });
  });

  describe.skipIf(server?.own === undefined)("a PostgreSQL server", () => {
    it("has every swap that resolved after it was killed, also where its default is to tell before it writes", async () => {
      await pool.query("ALTER ROLE CURRENT_USER SET synchronous_commit = off");
      const store = open();
      const key = someKey();
      await store.swap(key, undefined, record(1));
      for (let version = 1; version < 10; version += 1) expect(await store.swap(key, version, record(version + 1))).toBe(true);
      await server!.own!.stop("kill");
      expect(await errorOf(store.read(key))).toMatchObject({ code: "store-failed" });
      await server!.own!.start();
      await untilReady(server!.url);
      expect(await store.read(key)).toEqual(record(10));
      await pool.query("ALTER ROLE CURRENT_USER RESET synchronous_commit");
    });

    it("that stops wakes nobody, and whoever waits learns of the change after it has started again", async () => {
      await listening(0);
      const store = open({ timeoutMs: TIMEOUT_MS });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      const woken = store.changed!(key, new AbortController().signal);
      await store.read(key);
      await listening(1);
      await server!.own!.stop();
      expect(await errorOf(store.swap(key, 1, record(2)))).toMatchObject({ code: "store-failed" });
      await server!.own!.start();
      await untilReady(server!.url);
      await open().swap(key, 1, record(2));
      expect(await within(NEVER_MS, woken)).toBe("done");
    });

    it("that takes over without the last writes gives the older record, and takes nothing in place of the newer", async () => {
      const proxy = await startProxy(server!.port);
      const store = open({ connectionString: server!.urlAt(proxy.port) });
      const key = someKey();
      await store.swap(key, undefined, record(1));
      const { rows } = await pool.query(`SELECT * FROM ${table} WHERE key = $1`, [key]);
      await store.swap(key, 1, record(2));
      await pool.query(`UPDATE ${table} SET version = 1, record = $2 WHERE key = $1`, [key, rows[0].record]);
      await proxy.cut();
      expect((await store.read(key))?.version).toBe(1);
      expect(await store.swap(key, 2, record(3))).toBe(false);
      await proxy.close();
    });

    it("that is a replica, or is to be read only, refuses the write and says so", async () => {
      const store = open({ pool: ownPool({ options: "-c default_transaction_read_only=on" }) });
      expect(await errorOf(store.swap(someKey(), undefined, record(1)))).toMatchObject({ reason: "25006" });
    });
  });

  describe("processes that share a PostgreSQL server", () => {
    let child: ChildModule;
    beforeAll(async () => {
      await migrate(pool);
      child = await childModule(new URL("child.ts", import.meta.url));
    });
    afterAll(() => child.remove());

    it("lose no write", async () => {
      const key = someKey();
      const children = [1, 2, 3].map(() => child.start("postgres", server!.url, "add twenty", key));
      expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0]);
      expect((await open({ table: "keyturn_records" }).read(key))?.outputs["sum"]).toBe(60);
    });

    it("wake each other, and may end without closing the store", async () => {
      const key = someKey();
      const waiter = child.start("postgres", server!.url, "wait", key);
      await waiter.line("waiting");
      await open({ table: "keyturn_records" }).swap(key, undefined, record(1));
      await waiter.line("woken");
      expect(await waiter.ended).toBe(0);
    });
  });

  /** Until so many connections listen, and have been given the time to find out that they are told. */
  async function listening(count: number): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await pool.query(
        `SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN ${table}' AND state = 'idle'`,
      );
      expect(rowCount).toBe(count);
    });
    await pause(50);
  }
});
