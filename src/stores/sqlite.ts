/** Keeps tokens in one file, for several processes on one machine: by Node's own SQLite, else by the `libsql` package. */

import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TokenError } from "../errors.js";
import type { TokenRecord, TokenStore } from "./store.js";
import { createWatch } from "./watch.js";

export interface SqliteStoreOptions {
  /** The file. It is created, with its folder, when the store is first used; on a local disk, never on a network share. */
  readonly path: string;
  /** How long a question may wait for other processes that write, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** How often to look for a change while somebody waits for one, in milliseconds. Default: 20. */
  readonly pollMs?: number;
}

/**
 * A store in one SQLite file: what must survive a restart, and what several processes on one machine share. A swap is on the
 * disk when it resolves. The file is for its owner alone, and one that is damaged or not this store's is refused and kept.
 *
 * @throws {TypeError} when `path` is not the path of a file.
 */
export function sqliteStore({ path, timeoutMs = 5000, pollMs = 20 }: SqliteStoreOptions): TokenStore {
  if (path === "" || path === ":memory:") throw new TypeError("path is not the path of a file; memoryStore() needs none");
  const file = resolve(path);
  let opened: Promise<Connection> | undefined;
  let isClosed = false;
  const watch = createWatch({
    pauseMs: (waiting) => pollMs * Math.ceil(waiting / WATCHED_AT_ONCE),
    look: (keys) => ask("read", ({ versionOf }) => keys.map((key) => [key, versionOf(key)] as const)),
  });

  return {
    async read(key) {
      const row = await ask("read", ({ read }) => read(key));
      watch.saw(key, row?.version);
      return row && parse(row, key);
    },
    async swap(key, expected, next) {
      const record = next && JSON.stringify(next);
      const isDone = await ask("write", ({ swap }) => swap(key, expected, next?.version, record));
      if (isDone) watch.saw(key, next?.version);
      return isDone;
    },
    changed: watch.changed,
    async close() {
      isClosed = true;
      watch.close();
      const connection = await opened?.catch(() => undefined);
      opened = undefined;
      connection?.close();
    },
  };

  /** Asks again while another process holds the file, without keeping this one from its other work. */
  async function ask<T>(what: "read" | "write", question: (connection: Connection) => T): Promise<T> {
    const end = performance.now() + timeoutMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, 50)) {
      try {
        const connection = await connected();
        connection.assertInPlace();
        return question(connection);
      } catch (error) {
        if (error instanceof TokenError) throw error;
        if (codeOf(error) !== BUSY || performance.now() > end) throw failure(file, what, error);
        await pause(pauseMs * (1 + Math.random()));
      }
    }
  }

  function connected(): Promise<Connection> {
    if (isClosed) throw refusal(file, "it is closed");
    opened ??= connect(file).catch((error: unknown) => {
      opened = undefined; // what is wrong may be mended before the next question
      throw error;
    });
    return opened;
  }
}

/** How many records are looked at in one turn of the watch: a few milliseconds' work. */
const WATCHED_AT_ONCE = 200;
/** How long SQLite itself waits for another process: it blocks this one. */
const BUSY_TIMEOUT_MS = 25;
/** Marks a file as this store's: "ktur". */
const APPLICATION_ID = 0x6b747572;
/** The version of the table below. */
const SCHEMA_VERSION = 1;
const SCHEMA = "CREATE TABLE records (key TEXT PRIMARY KEY, version INTEGER NOT NULL, record TEXT NOT NULL) STRICT";

interface Row {
  readonly version: number;
  readonly record: string;
}

interface Connection {
  read(key: string): Row | undefined;
  versionOf(key: string): number | undefined;
  swap(key: string, expected: number | undefined, version: number | undefined, record: string | undefined): boolean;
  assertInPlace(): void;
  close(): void;
}

/** What both libraries have in common. */
interface Database {
  prepare(sql: string): { get(...values: unknown[]): unknown; run(...values: unknown[]): { changes: number | bigint } };
  exec(sql: string): unknown;
  close(): void;
}

async function connect(file: string): Promise<Connection> {
  const Driver = await loadDriver(file);
  makePrivate(file);
  const { dev, ino } = statSync(file);
  const database = new Driver(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    prepareSchema(database, file);
    database.prepare("PRAGMA journal_mode = WAL").get();
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA fullfsync = 1"); // macOS: through the disk's own cache
  } catch (error) {
    database.close();
    throw error;
  }
  const read = database.prepare("SELECT version, record FROM records WHERE key = ?");
  const readVersion = database.prepare("SELECT version FROM records WHERE key = ?");
  const insert = database.prepare("INSERT INTO records (key, version, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  const update = database.prepare("UPDATE records SET version = ?, record = ? WHERE key = ? AND version = ?");
  const remove = database.prepare("DELETE FROM records WHERE key = ? AND version = ?");
  const isInPlace = () => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now?.ino === ino && now.dev === dev;
  };
  return {
    read: (key) => read.get(key) as Row | undefined,
    versionOf: (key) => (readVersion.get(key) as Row | undefined)?.version,
    swap(key, expected, version, record) {
      if (version === undefined) return expected !== undefined && Number(remove.run(key, expected).changes) === 1;
      if (expected === undefined) return Number(insert.run(key, version, record).changes) === 1;
      return Number(update.run(version, record, key, expected).changes) === 1;
    },
    assertInPlace() {
      // What is written to a file that others no longer find is lost, and they would spend its tokens again.
      if (!isInPlace())
        throw refusal(file, "it was moved, replaced or removed while it was open; close the store and open it anew");
    },
    close() {
      if (isInPlace()) database.close(); // else SQLite would clear away what belongs to the file that took its place
    },
  };
}

/**
 * Creates the file for its owner alone before SQLite opens it: what SQLite puts next to it has the same mode. The file is not
 * opened here when it exists, because closing it would drop the locks that this process has on it.
 */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) throw refusal(file, "it is not a file");
  if (log !== undefined && log.size > 0 && (found === undefined || found.size === 0)) {
    throw refusal(file, `it is empty, and its log (${file}-wal) is not: restore it, or move both away`);
  }
  if (found === undefined) {
    try {
      closeSync(openSync(file, "wx", 0o600));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  } else if (process.platform !== "win32") {
    for (const one of [file, `${file}-wal`, `${file}-shm`]) {
      const mode = statSync(one, { throwIfNoEntry: false })?.mode ?? 0;
      if ((mode & 0o077) !== 0) chmodSync(one, 0o600);
    }
  }
}

/** Leaves every file as it is but an empty one and its own. */
function prepareSchema(database: Database, file: string): void {
  const owner = () => {
    const { application_id } = database.prepare("PRAGMA application_id").get() as { application_id: number };
    const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_master").get() as { tables: number };
    return application_id === APPLICATION_ID
      ? "this store"
      : application_id === 0 && tables === 0
        ? "nobody"
        : "another program";
  };
  if (owner() === "nobody") {
    database.exec("BEGIN IMMEDIATE");
    try {
      if (owner() === "nobody") {
        database.exec(SCHEMA);
        database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
        database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
      }
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  }
  if (owner() === "another program") throw refusal(file, "it is another program's database; it is left as it is");
  const { user_version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (user_version !== SCHEMA_VERSION) {
    throw refusal(file, `it has format ${user_version}, this version knows ${SCHEMA_VERSION}; it is left as it is`);
  }
}

async function loadDriver(file: string): Promise<new (file: string) => Database> {
  const own = quietly(
    () => process.getBuiltinModule?.("node:sqlite") as { DatabaseSync: new (file: string) => Database } | undefined,
  );
  if (own !== undefined) return own.DatabaseSync;
  try {
    return (await import("libsql")).default as unknown as new (
      file: string,
    ) => Database;
  } catch {
    throw refusal(file, `Node ${process.versions.node} has no SQLite of its own; add the package libsql (npm install libsql)`);
  }
}

/** Without the warning that Node's SQLite is new, which is about its interface; any other warning is let through. */
function quietly<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).startsWith("SQLite")) emitWarning.call(process, warning, ...rest);
  }) as typeof emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function parse({ version, record }: Row, key: string): TokenRecord {
  try {
    const parsed = JSON.parse(record) as TokenRecord;
    if (parsed.version === version) return parsed;
  } catch {
    // A parser's message quotes the record.
  }
  throw new TokenError("store-failed", `sqlite store: the record ${key} is damaged; it is kept as it is`);
}

const BUSY = 5;
const REASONS: Readonly<Record<number, string>> = {
  [BUSY]: "SQLITE_BUSY",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  26: "SQLITE_NOTADB",
};
const DAMAGED = ["SQLITE_CORRUPT", "SQLITE_NOTADB"];

/** The primary result code, as either library tells it. */
function codeOf(error: unknown): number {
  const { errcode, rawCode } = error as { errcode?: number; rawCode?: number };
  return (errcode ?? rawCode ?? 0) & 0xff;
}

/** Says what failed by its code alone: a library's message may quote what it was given. */
function failure(file: string, what: "read" | "write", error: unknown): TokenError {
  const code = codeOf(error);
  const reason = code === 0 ? String((error as NodeJS.ErrnoException).code ?? "unknown") : (REASONS[code] ?? `SQLITE_${code}`);
  const next = DAMAGED.includes(reason) ? "; it is damaged or no database, and kept as it is: restore it, or move it away" : "";
  return new TokenError(
    "store-failed",
    `sqlite store: ${file} could not be ${what === "read" ? "read" : "written"} (${reason})${next}`,
    { reason },
  );
}

function refusal(file: string, why: string): TokenError {
  return new TokenError("store-failed", `sqlite store: ${file} is not used: ${why}`);
}
