import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { TokenStore } from "../../src/index.js";
import { TokenError } from "../../src/index.js";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { type ChildModule, childModule } from "../support/child.js";
import { atOnce, eventually, pause } from "../support/waiting.js";
import { testStore } from "./contract.js";
import { CANARY, errorOf, record, someKey } from "./records.js";

const folder = mkdtempSync(join(tmpdir(), "keyturn-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, "tokens.db");
testStore("the sqlite store", () => sqliteStore({ path }));

/** The library, to do to a file what another program would. */
interface Library {
  exec(sql: string): unknown;
  prepare(sql: string): { get(...values: unknown[]): unknown; run(...values: unknown[]): unknown };
  close(): void;
}
function library(file: string): Library {
  const own = process.getBuiltinModule?.("node:sqlite") as { DatabaseSync: new (file: string) => Library } | undefined;
  const Driver = own?.DatabaseSync ?? (createRequire(import.meta.url)("libsql") as new (file: string) => Library);
  return new Driver(file);
}

async function using<T>(file: string, use: (store: TokenStore) => Promise<T>): Promise<T> {
  const store = sqliteStore({ path: file });
  try {
    return await use(store);
  } finally {
    await store.close?.();
  }
}

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
const write = (file: string) => using(file, (store) => store.swap(someKey(), undefined, record(1, { accessToken: CANARY })));

describe("the file of a sqlite store", () => {
  it("is made when the store is first used, for its owner alone, with what SQLite puts next to it and a new folder", async () => {
    const file = join(folder, "new", "deep", "tokens.db");
    const store = sqliteStore({ path: file });
    expect(existsSync(join(folder, "new"))).toBe(false);
    await store.swap(someKey(), undefined, record(1));
    expect(["", "-wal", "-shm"].map((end) => modeOf(file + end))).toEqual(["600", "600", "600"]);
    expect(modeOf(join(folder, "new", "deep"))).toBe("700");
    await store.close?.();
  });

  it("is taken from everybody else when it was made for them too, and its folder is left as it is", async () => {
    const place = join(folder, "open");
    const file = join(place, "tokens.db");
    mkdirSync(place, { mode: 0o755 });
    await write(file);
    chmodSync(file, 0o644);
    await write(file);
    expect([modeOf(file), modeOf(place)]).toEqual(["600", "755"]);
  });

  it("is written through to the disk before a swap resolves, by way of a log", async () => {
    const file = join(folder, "log.db");
    await write(file);
    const other = library(file);
    expect(other.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    other.close();
  });

  it.each([
    ["a text", (file: string) => writeFileSync(file, "my notes\n".repeat(100)), /SQLITE_NOTADB.*kept as it is/],
    [
      "another program's database",
      (file: string) => {
        const other = library(file);
        other.exec("CREATE TABLE notes (text TEXT)");
        other.close();
      },
      /another program's database; it is left as it is/,
    ],
    [
      "a file of a later version",
      (file: string) => {
        const other = library(file);
        other.exec("CREATE TABLE records (key, future); PRAGMA application_id = 1802794354; PRAGMA user_version = 2");
        other.close();
      },
      /format 2, this version knows 1/,
    ],
    ["a folder", (file: string) => mkdirSync(file), /not a file/],
    ["an empty file with a log", (file: string) => [writeFileSync(file, ""), writeFileSync(`${file}-wal`, "x")], /restore it/],
  ])("is refused and kept when it is %s", async (name, make, message) => {
    const file = join(folder, `${name}.db`);
    make(file);
    const before = statSync(file).isFile() ? readFileSync(file) : undefined;
    await using(file, async (store) => {
      for (const question of [() => store.read(someKey()), () => store.swap(someKey(), undefined, record(1))]) {
        const error = await errorOf(question());
        expect(error).toBeInstanceOf(TokenError);
        expect(error).toMatchObject({ code: "store-failed", message: expect.stringMatching(message) });
      }
    });
    if (before !== undefined) expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("is refused and kept when a part of it is damaged or missing", async () => {
    const file = join(folder, "torn.db");
    const keys = Array.from({ length: 200 }, someKey);
    await using(file, async (store) => {
      for (const key of keys.slice(0, 60)) await store.swap(key, undefined, record(1, { accessToken: "x".repeat(2000) }));
    });
    const log = library(file);
    log.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    log.close();
    const whole = readFileSync(file);
    const damaged = Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(whole.length - 4096, 0xa5)]);
    const copy = join(folder, "damaged.db");
    for (const bytes of [damaged, whole.subarray(0, 6000)]) {
      writeFileSync(copy, bytes);
      await using(copy, async (store) => {
        expect(await errorOf(store.read(keys[0]!))).toMatchObject({ reason: expect.stringMatching(/CORRUPT|NOTADB/) });
        expect(await errorOf(store.swap(keys[0]!, 1, record(2)))).toMatchObject({ code: "store-failed" });
      });
      expect(readFileSync(copy).subarray(100, 6000).equals(bytes.subarray(100, 6000))).toBe(true);
    }
  });

  it("is not used any more when it was removed or replaced while it was open", async () => {
    const file = join(folder, "moved.db");
    const store = sqliteStore({ path: file });
    await store.swap("key", undefined, record(1));
    rmSync(file);
    expect((await errorOf(store.read("key"))).message).toMatch(/moved, replaced or removed/);
    for (const end of ["-wal", "-shm"]) rmSync(file + end, { force: true });
    await write(file);
    expect((await errorOf(store.swap("key", 1, record(2)))).message).toMatch(/moved, replaced or removed/);
    await store.close?.();
  });

  it("shows nothing that was written encrypted", async () => {
    const { encrypted } = await import("../../src/stores/encrypted.js");
    const file = join(folder, "encrypted.db");
    const secret = record(1, { accessToken: CANARY, refreshToken: CANARY });
    const keys = [{ id: "now", key: new Uint8Array(32) }];
    await using(file, (store) => encrypted(store, { keys }).swap(someKey(), undefined, secret));
    for (const end of ["", "-wal", "-shm"]) {
      if (existsSync(file + end)) expect(readFileSync(file + end).includes(CANARY)).toBe(false);
    }
    await using(file, (store) => store.swap(someKey(), undefined, secret));
    expect(["", "-wal"].some((end) => existsSync(file + end) && readFileSync(file + end).includes(CANARY))).toBe(true);
  });
});

describe("a sqlite store", () => {
  it("has to be given the path of a file", () => {
    expect(() => sqliteStore({ path: ":memory:" })).toThrow(TypeError);
    expect(() => sqliteStore({ path: "" })).toThrow(TypeError);
  });

  it("keeps a record that it cannot read, and its error does not hold it", async () => {
    const file = join(folder, "record.db");
    const [broken, other] = [someKey(), someKey()];
    await using(file, (store) => store.swap(broken, undefined, record(1, { accessToken: CANARY })));
    const database = library(file);
    database.prepare("UPDATE records SET record = substr(record, 1, length(record) - 5) WHERE key = ?").run(broken);
    database.close();
    await using(file, async (store) => {
      const error = await errorOf(store.read(broken));
      expect(error.message).toMatch(/damaged; it is kept/);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
      expect(await store.swap(other, undefined, record(1))).toBe(true);
      expect(await store.swap(broken, undefined, record(1))).toBe(false);
    });
  });

  it("waits for another process that writes, without holding up its own", async () => {
    const file = join(folder, "busy.db");
    const store = sqliteStore({ path: file, timeoutMs: 30_000 });
    await store.swap("key", undefined, record(1));
    const other = library(file);
    other.exec("BEGIN IMMEDIATE");
    const swapped = store.swap("key", 1, record(2));
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 5);
    await eventually(() => expect(turns).toBeGreaterThan(4));
    expect(await atOnce(swapped)).toBe("pending");
    expect((await store.read("key"))?.version).toBe(1); // who reads does not wait
    other.exec("COMMIT");
    expect(await swapped).toBe(true);
    clearInterval(ticking);
    other.close();
    await store.close?.();
  });

  it("says so when another process does not let it write in time", async () => {
    const file = join(folder, "locked.db");
    const store = sqliteStore({ path: file, timeoutMs: 100 });
    await store.swap("key", undefined, record(1));
    const other = library(file);
    other.exec("BEGIN IMMEDIATE");
    const error = await errorOf(store.swap("key", 1, record(2, { accessToken: CANARY })));
    expect(error).toMatchObject({ code: "store-failed", reason: "SQLITE_BUSY" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
    other.exec("COMMIT");
    expect(await store.swap("key", 1, record(2))).toBe(true);
    other.close();
    await store.close?.();
  });

  it("looks every twenty milliseconds while somebody waits", async () => {
    const store = sqliteStore({ path });
    const timer = vi.spyOn(globalThis, "setTimeout");
    const wait = store.changed!(someKey(), new AbortController().signal);
    const pauses = () => timer.mock.calls.map(([, ms]) => ms);
    await eventually(() => expect(pauses().filter((ms) => ms === 20).length).toBeGreaterThan(2));
    timer.mockRestore();
    await store.close?.();
    await wait;
  });

  it("leaves no timer when nobody waits any more, nor when it is closed", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((one) => one === "Timeout").length;
    const before = timers();
    const store = sqliteStore({ path });
    const controller = new AbortController();
    const waits = [store.changed!(someKey(), controller.signal), store.changed!(someKey(), controller.signal)];
    await pause(50);
    controller.abort();
    await Promise.all(waits);
    await pause(50);
    expect(timers()).toBeLessThanOrEqual(before);
    const wait = store.changed!(someKey(), new AbortController().signal);
    await store.close?.();
    await wait;
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe("several processes on one sqlite file", () => {
  let child: ChildModule;
  beforeAll(async () => {
    child = await childModule(new URL("child.ts", import.meta.url));
  });
  afterAll(() => child.remove());

  it("lose no write, and make a new file together", async () => {
    const file = join(folder, "together.db");
    const key = someKey();
    const children = Array.from({ length: 4 }, () => child.start("sqlite", file, "add twenty", key));
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
    expect((await using(file, (store) => store.read(key)))?.outputs["sum"]).toBe(80);
  });

  it("wake each other", async () => {
    const key = someKey();
    const waiter = child.start("sqlite", path, "wait", key);
    await waiter.line("waiting");
    const store = sqliteStore({ path });
    await store.swap(key, undefined, record(1));
    await waiter.line("woken");
    expect(await waiter.ended).toBe(0); // without close
    await store.close?.();
  });

  it("find a whole record, none older than was told, after a writer was killed (B32)", async () => {
    const file = join(folder, "killed.db");
    const key = someKey();
    for (let round = 0; round < 8; round += 1) {
      const writer = child.start("sqlite", file, "write for ever", key);
      await writer.line("");
      await pause(round * 8);
      writer.process.kill("SIGKILL");
      await writer.ended;
      const kept = await using(file, (store) => store.read(key));
      expect(kept?.outputs["accessToken"]).toBe(String(kept?.version).repeat(2000));
      expect(kept?.version).toBeGreaterThanOrEqual(Number(writer.lines.at(-1)));
    }
  });

  it("may end without closing the store", async () => {
    const reader = child.start("sqlite", path, "read and leave", someKey());
    expect([await reader.ended, reader.errors()]).toEqual([0, ""]);
  });
});
