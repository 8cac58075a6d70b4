/** Keeps tokens in PostgreSQL, for many machines, by the `pg` package (node-postgres). */

import { randomUUID } from "node:crypto";
import { TokenError } from "../errors.js";
import type { TokenRecord, TokenStore } from "./store.js";
import { createWatch } from "./watch.js";

export type PostgresStoreOptions = {
  /** The table that {@link migrate} makes, with its schema if that is not on the search path. Default: `keyturn_records`. */
  readonly table?: string;
  /** How long a question may take, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /**
   * Whether waiters are told of changes by `LISTEN`, over one more connection while somebody waits. Where that does not work,
   * as behind a pooler that shares connections, they look ten times a second instead: it is found out, and best said. Default:
   * `true`.
   */
  readonly listen?: boolean;
} & (
  | {
      /** A pool of the `pg` package. Closing it is its owner's. */
      readonly pool: PostgresPool;
    }
  | {
      /** `postgresql://user:password@host:port/database`: connected to on first use. */
      readonly connectionString: string;
    }
);

/** What is used of a pool of the `pg` package. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  readonly options: object;
  readonly Client?: unknown;
}

export interface PostgresClient {
  query(query: string | PostgresQuery): Promise<{ rows: unknown[]; rowCount: number | null }>;
  release(error?: Error | boolean): void;
  on(event: "error", listener: () => void): unknown;
  removeListener(event: "error", listener: () => void): unknown;
}

interface PostgresQuery {
  text: string;
  values: unknown[];
}

/**
 * A store in one table of PostgreSQL. A swap is one statement, on the disk when it resolves, and the server's clock is the
 * clock of every lease. It holds no lock and no state of a session, so that a pooler may stand between.
 *
 * @throws {TypeError} when `table` is not the name of a table, or `connectionString` not an address.
 */
export function postgresStore({ table = TABLE, timeoutMs = 5000, listen = true, ...from }: PostgresStoreOptions): TokenStore {
  const sql = statements(nameOf(table));
  if ("connectionString" in from && !URL.canParse(from.connectionString)) {
    throw new TypeError("connectionString is not an address of the form postgresql://user:password@host:port/database");
  }
  const connection = "pool" in from ? givenPool(from.pool) : ownPool(from.connectionString, timeoutMs);
  const subscription = createSubscription(connection.dedicated, sql.channel, (probe) =>
    ask("read", sql.notify, [sql.channel, probe]),
  );
  let isClosed = false;
  const watch = createWatch({
    pauseMs: () => (subscription.isLive() ? LOOK_MS : POLL_MS),
    attend: () => listen && subscription.begin((key) => watch.wake(key), watch.look),
    async look(keys) {
      const rows = (await ask("read", sql.readVersions, [keys])) as { key: string; version: string }[];
      const versions = new Map(rows.map(({ key, version }) => [key, Number(version)]));
      return keys.map((key) => [key, versions.get(key)] as const);
    },
  });

  return {
    async read(key) {
      const [row] = (await ask("read", sql.read, [key])) as Row[];
      watch.saw(key, row && Number(row.version));
      return row && parse(row, key);
    },
    async swap(key, expected, next) {
      const record = next && JSON.stringify(next);
      const rows = await (next === undefined
        ? ask("write", sql.remove, [key, expected ?? null])
        : expected === undefined
          ? ask("write", sql.insert, [key, next.version, record])
          : ask("write", sql.update, [key, next.version, record, expected]));
      const isDone = rows.length === 1;
      if (isDone) watch.saw(key, next?.version);
      return isDone;
    },
    changed: watch.changed,
    async now() {
      const [row] = (await ask("read", sql.now, [])) as { now: string }[];
      return Number(row?.now);
    },
    async close() {
      isClosed = true;
      watch.close();
      subscription.close();
      await connection.close();
    },
  };

  async function ask(what: "read" | "write", text: string, values: unknown[]): Promise<unknown[]> {
    if (isClosed) throw new TokenError("store-failed", "postgres store: it is closed");
    try {
      return await within(timeoutMs, connection.pool, { text, values });
    } catch (error) {
      if (what === "write" && (error as { code?: unknown }).code === SERIALIZATION_FAILURE) return []; // another write won
      throw failure(what, error);
    }
  }
}

/**
 * Makes the table that {@link postgresStore} uses, as `schema.sql` does. It may run again, and several times at once.
 *
 * @throws {TokenError} `store-failed` when the server refuses.
 */
export async function migrate(pool: PostgresPool, { table = TABLE }: { readonly table?: string } = {}): Promise<void> {
  const schema = SCHEMA.replace(TABLE, nameOf(table));
  try {
    const client = await taken(pool);
    // Several statements in one message are one transaction: the lock ends with it, whatever stands between.
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK}); ${schema}`).catch((error: unknown) => {
      client.release(true);
      throw error;
    });
    given(client);
  } catch (error) {
    throw failure("write", error);
  }
}

const TABLE = "keyturn_records";
/** The same as `schema.sql`, which is for those who migrate by their own means. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS ${TABLE} (
  key text PRIMARY KEY,
  version bigint NOT NULL,
  record text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
`;
/** "keyturn", so that nobody else has it by chance. */
const MIGRATION_LOCK = 0x6b657974;
/** How often a waiter looks when nobody tells it of changes, and when somebody does, in milliseconds. */
const POLL_MS = 100;
const LOOK_MS = 1000;
/** How long a notice may take before `LISTEN` counts as not working, and when it is tried again, in milliseconds. */
const PROBE_MS = 1000;
const LISTEN_AGAIN_MS = 1000;
/** How long the listening connection stays when nobody waits, in milliseconds. */
const LINGER_MS = 30_000;
const SERIALIZATION_FAILURE = "40001";

interface Row {
  readonly version: string;
  readonly record: string;
}

function statements(table: string) {
  const channel = table.replace(".", "_");
  // On the disk before it is told, also where the server's default is to tell first.
  const durable = "CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END";
  const written = (statement: string) =>
    `WITH written AS (${statement} RETURNING key) SELECT pg_notify('${channel}', key), ${durable} FROM written`;
  return {
    channel,
    read: `SELECT version, record FROM ${table} WHERE key = $1`,
    readVersions: `SELECT key, version FROM ${table} WHERE key = ANY($1::text[])`,
    insert: written(`INSERT INTO ${table} (key, version, record) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`),
    update: written(`UPDATE ${table} SET version = $2, record = $3, changed_at = now() WHERE key = $1 AND version = $4`),
    remove: written(`DELETE FROM ${table} WHERE key = $1 AND version = $2`),
    notify: "SELECT pg_notify($1, $2)",
    now: "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now",
  };
}

/** A name that may stand in a statement as it is: one must not come from outside the program. */
function nameOf(table: string): string {
  if (/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/.test(table)) return table;
  throw new TypeError("table is not a name of lower-case letters, digits and underscores, with or without a schema");
}

interface Connection {
  pool(): Promise<PostgresPool>;
  /** One more connection, as the pool would make it, but not one of the pool's: it is kept for long. */
  dedicated(): Promise<Listener | undefined>;
  close(): Promise<void>;
}

interface Listener {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  on(event: "notification", listener: (notice: { channel: string; payload?: string }) => void): unknown;
  on(event: "error" | "end", listener: () => void): unknown;
  unref?(): void;
  end(): Promise<unknown>;
}

function givenPool(pool: PostgresPool): Connection {
  return {
    pool: async () => pool,
    async dedicated() {
      const Client = pool.Client as (new (options: object) => Listener) | undefined;
      return Client && new Client(pool.options);
    },
    async close() {},
  };
}

/** A small pool of this store's own; its idle connections do not keep the process alive. */
function ownPool(connectionString: string, timeoutMs: number): Connection {
  let made: Promise<PostgresPool & { end(): Promise<void> }> | undefined;
  const make = async () => {
    const { Pool } = (await loadLibrary()).default;
    const pool = new Pool({ connectionString, connectionTimeoutMillis: timeoutMs, allowExitOnIdle: true, max: 4 });
    pool.on("error", () => {}); // an idle connection was cut; the next question makes another
    return pool;
  };
  const pool = () => {
    made ??= make();
    return made;
  };
  return {
    pool,
    dedicated: async () => givenPool(await pool()).dedicated(),
    async close() {
      const last = made;
      made = undefined;
      await (await last)?.end();
    },
  };
}

async function loadLibrary(): Promise<typeof import("pg")> {
  try {
    return await import("pg");
  } catch {
    throw new TokenError("store-failed", "postgres store: add the package pg (npm install pg), or hand in a pool");
  }
}

/** One connection that is told of changes: opened when somebody waits for one, and let go some time after. */
function createSubscription(
  dedicated: Connection["dedicated"],
  channel: string,
  notify: (payload: string) => Promise<unknown>,
) {
  let listener: Listener | undefined;
  let isOpening = false;
  let isClosed = false;
  let notBefore = 0;
  let lingering: ReturnType<typeof setTimeout> | undefined;

  async function open(onKey: (key: string) => void, whenTold: () => void): Promise<void> {
    isOpening = true;
    let opened: Listener | undefined;
    try {
      opened = await dedicated();
      if (opened === undefined) {
        notBefore = Number.POSITIVE_INFINITY;
        return;
      }
      const drop = () => {
        if (listener === opened) listener = undefined;
        notBefore = Math.max(notBefore, performance.now() + LISTEN_AGAIN_MS);
        end(opened);
        whenTold(); // what was said meanwhile was not heard
      };
      opened.on("error", drop);
      opened.on("end", drop);
      const probe = randomUUID();
      let onProbe: (() => void) | undefined;
      opened.on("notification", (notice) => {
        if (notice.payload === probe) onProbe?.();
        else if (notice.channel === channel && notice.payload !== undefined) onKey(notice.payload);
      });
      await opened.connect();
      opened.unref?.(); // whoever waits looks now and then too, which keeps the process alive
      await opened.query(`LISTEN ${channel}`);
      const isHeard = new Promise<boolean>((resolve) => {
        onProbe = () => resolve(true);
        setTimeout(resolve, PROBE_MS, false).unref();
      });
      await notify(probe);
      if (!(await isHeard)) {
        notBefore = Number.POSITIVE_INFINITY; // a pooler gives each transaction another connection
        await opened.query(`UNLISTEN ${channel}`); // a pooler hands out the connection used last: likely that one
        end(opened);
        return;
      }
      if (isClosed) return end(opened);
      listener = opened;
      whenTold();
    } catch {
      notBefore = Math.max(notBefore, performance.now() + LISTEN_AGAIN_MS);
      end(opened);
    } finally {
      isOpening = false;
    }
  }

  function close(): void {
    const last = listener;
    listener = undefined;
    end(last);
  }

  return {
    isLive: () => listener !== undefined,
    /** Listens from now on, or a while longer; `whenTold` is called when it has begun, or has missed something. */
    begin(onKey: (key: string) => void, whenTold: () => void): void {
      clearTimeout(lingering);
      lingering = setTimeout(close, LINGER_MS);
      lingering.unref();
      if (listener === undefined && !isOpening && performance.now() >= notBefore) void open(onKey, whenTold);
    },
    close(): void {
      isClosed = true;
      clearTimeout(lingering);
      close();
    },
  };
}

function end(listener: Listener | undefined): void {
  listener?.end().catch(() => {});
}

/**
 * Asks by a connection of the pool, and ends a question that takes too long: one that has no connection yet is not asked any
 * more, and a connection that does not answer is given up. What was sent may still be done: a swap compares its version.
 */
async function within(timeoutMs: number, pool: Connection["pool"], query: PostgresQuery): Promise<unknown[]> {
  let client: PostgresClient | undefined;
  let isLate = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true;
      client?.release(true);
      reject(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    }, timeoutMs);
  });
  const answer = (async () => {
    client = await taken(await pool());
    if (isLate) {
      given(client);
      return [];
    }
    try {
      const { rows } = await client.query(query);
      if (!isLate) given(client);
      return rows;
    } catch (error) {
      if (!isLate) client.release(true);
      throw error;
    }
  })();
  answer.catch(() => {}); // it may fail after nobody waits for it
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection of the pool. One that is cut tells its user and, as an event, everybody: without a listener the process ends. */
async function taken(pool: PostgresPool): Promise<PostgresClient> {
  const client = await pool.connect();
  client.on("error", ignore);
  return client;
}

/** Gives a connection back; one that failed is given up instead, and keeps its listener. */
function given(client: PostgresClient): void {
  client.removeListener("error", ignore);
  client.release();
}

function ignore(): void {}

function parse({ version, record }: Row, key: string): TokenRecord {
  try {
    const parsed = JSON.parse(record) as TokenRecord;
    if (parsed.version === Number(version)) return parsed;
  } catch {
    // A parser's message quotes the record.
  }
  throw new TokenError("store-failed", `postgres store: the record ${key} is damaged; it is kept as it is`);
}

/** Says what failed by its code alone: the server's detail quotes the row, and the library's message the address. */
function failure(what: "read" | "write", error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  const { code } = error as { code?: unknown };
  const reason = typeof code === "string" ? code : (error as object).constructor.name;
  const next = ADVICE[reason] ?? "";
  return new TokenError("store-failed", `postgres store: could not ${what} (${reason})${next}`, { reason });
}

const ADVICE: Readonly<Record<string, string>> = {
  "42P01": "; the table is missing: run migrate(pool), or schema.sql",
  "42501": "; the user may not use the table: grant select, insert, update, delete",
  "28P01": "; the password is refused",
  "25006": "; the server is a replica: connect to its primary",
  "53100": "; the server's disk is full",
  "53300": "; the server has no connection left: put a pooler before it, or hand in a smaller pool",
};
