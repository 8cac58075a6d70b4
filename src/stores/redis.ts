/** Keeps tokens in Redis, for many machines, by the `redis` package (node-redis). */

import { createHash } from "node:crypto";
import { TokenError } from "../errors.js";
import type { TokenRecord, TokenStore } from "./store.js";
import { createWatch } from "./watch.js";

export type RedisStoreOptions = {
  /** What keys and channels begin with. Default: `keyturn:`. */
  readonly prefix?: string;
  /** How long a question may take, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
} & (
  | {
      /** A client of the `redis` package (or a pool, sentinel or cluster of them). Closing it is its owner's. */
      readonly client: RedisClient;
    }
  | {
      /** `redis://user:password@host:port/database`, or `rediss://` for TLS: connected to on first use, and after each cut. */
      readonly url: string;
    }
);

/** What is used of a node-redis client. */
export interface RedisClient {
  readonly isOpen?: boolean;
  connect(): Promise<unknown>;
  eval(script: string, options: ScriptArguments): Promise<unknown>;
  evalSha(sha1: string, options: ScriptArguments): Promise<unknown>;
  /** Without it (a pool) whoever waits for a change looks now and then. */
  duplicate?(): unknown;
}

interface ScriptArguments {
  keys: string[];
  arguments: string[];
}

/**
 * A store in Redis: one hash for each slot, without an end of its own. A swap is one script on the server, and the server's
 * clock is the clock of every lease. How durable a resolved swap is, is the server's to say: see docs/stores.md.
 *
 * @throws {TypeError} when `url` is not the address of a Redis server.
 */
export function redisStore({ prefix = "keyturn:", timeoutMs = 5000, ...from }: RedisStoreOptions): TokenStore {
  if ("url" in from && !(/^rediss?:/.test(from.url) && URL.canParse(from.url))) {
    throw new TypeError("url is not an address of the form redis://user:password@host:port/database");
  }
  const connection = "client" in from ? givenConnection(from.client) : ownConnection(from.url, timeoutMs);
  const subscription = createSubscription(connection.duplicate);
  let isClosed = false;
  const watch = createWatch({
    pauseMs: () => (subscription.isLive() ? LOOK_MS : POLL_MS),
    attend: (keys) => subscription.follow(new Map(keys.map((key) => [prefix + key, () => watch.wake(key)])), watch.look),
    look: (keys) =>
      Promise.all(
        keys.map(async (key) => {
          const version = await ask("read", READ_VERSION, key);
          return [key, version === null ? undefined : Number(version)] as const;
        }),
      ),
  });

  return {
    async read(key) {
      const [version, record] = (await ask("read", READ, key)) as [unknown, unknown];
      watch.saw(key, version === null ? undefined : Number(version));
      return version === null ? undefined : parse(version, record, key);
    },
    async swap(key, expected, next) {
      const versions = [expected, next?.version].map((version) => (version === undefined ? "" : String(version)));
      const record = next === undefined ? "" : JSON.stringify(next);
      const isDone = Number(await ask("write", SWAP, key, [...versions, record, prefix + key])) === 1;
      if (isDone) watch.saw(key, next?.version);
      return isDone;
    },
    changed: watch.changed,
    async now() {
      const [seconds, microseconds] = (await ask("read", TIME, "clock")) as [unknown, unknown];
      return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
    },
    async close() {
      isClosed = true;
      watch.close();
      subscription.close();
      connection.close();
    },
  };

  async function ask(what: "read" | "write", script: Script, key: string, values: readonly string[] = []): Promise<unknown> {
    if (isClosed) throw new TokenError("store-failed", "redis store: it is closed");
    const options = { keys: [prefix + key], arguments: [...values] };
    const isLate = new AbortController();
    try {
      return await within(timeoutMs, isLate, async () => {
        const client = await connection.client();
        isLate.signal.throwIfAborted(); // a write that nobody waits for any more is not begun
        try {
          return await client.evalSha(script.sha1, options);
        } catch (error) {
          if (!String((error as Error).message).startsWith("NOSCRIPT")) throw error;
          return await client.eval(script.text, options);
        }
      });
    } catch (error) {
      if (isLate.signal.aborted) connection.distrust();
      throw failure(what, error);
    } finally {
      connection.rest();
    }
  }
}

/** How often a waiter looks when nobody tells it of changes, and when somebody does, in milliseconds. */
const POLL_MS = 100;
const LOOK_MS = 1000;
/** A subscription that failed is tried again after this long, in milliseconds. */
const SUBSCRIBE_AGAIN_MS = 1000;

interface Script {
  readonly text: string;
  readonly sha1: string;
}

const READ = script(`return redis.call("HMGET", KEYS[1], "version", "record")`);
const READ_VERSION = script(`return redis.call("HGET", KEYS[1], "version")`);
const TIME = script(`return redis.call("TIME")`);
/** Expected version, next version, next record (empty for none), and a channel. Who may not publish can still write. */
const SWAP = script(`
if (redis.call("HGET", KEYS[1], "version") or "") ~= ARGV[1] then return 0 end
if ARGV[2] == "" then
  if redis.call("DEL", KEYS[1]) == 0 then return 0 end
else
  redis.call("HSET", KEYS[1], "version", ARGV[2], "record", ARGV[3])
end
redis.pcall("PUBLISH", ARGV[4], ARGV[2])
return 1
`);

function script(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

interface Connection {
  /** Each call is followed by one of `rest`. */
  client(): Promise<RedisClient>;
  /** The question is answered: a connection without questions does not keep the process alive. */
  rest(): void;
  duplicate(): Promise<Subscriber | undefined>;
  /** The connection did not answer in time. */
  distrust(): void;
  close(): void;
}

/** A client that is somebody else's: it connects again by its own rules, and stays open. */
function givenConnection(client: RedisClient): Connection {
  let opening: Promise<unknown> | undefined;
  return {
    async client() {
      if (client.isOpen === false) {
        opening ??= client.connect().finally(() => {
          opening = undefined;
        });
        await opening;
      }
      return client;
    },
    async duplicate() {
      const other = client.duplicate?.();
      return isSubscriber(other) ? other : undefined;
    },
    rest() {},
    distrust() {},
    close() {},
  };
}

interface OwnClient extends RedisClient {
  readonly isOpen: boolean;
  duplicate(): unknown;
  ref(): void;
  unref(): void;
  destroy(): void;
  on(event: "error", listener: () => void): unknown;
}

/** A client of this store's own: one attempt to connect per question, so that a server that is away is told at once. */
function ownConnection(url: string, timeoutMs: number): Connection {
  let opening: Promise<OwnClient> | undefined;
  let current: OwnClient | undefined;
  const distrusted = new Set<OwnClient>();
  let questions = 0;
  const open = async (): Promise<OwnClient> => {
    const { createClient } = await loadLibrary();
    const socket = { reconnectStrategy: false, connectTimeout: timeoutMs } as const;
    const client = createClient({ url, socket }) as unknown as OwnClient;
    client.on("error", () => {}); // whoever asked is told
    await client.connect();
    current = client;
    return client;
  };
  const connection = {
    async client() {
      questions += 1;
      if (current?.isOpen) {
        current.ref();
        return current;
      }
      opening ??= open().finally(() => {
        opening = undefined;
      });
      return opening;
    },
    rest() {
      questions -= 1;
      if (questions === 0) current?.unref();
    },
    async duplicate() {
      try {
        return (await connection.client()).duplicate() as Subscriber;
      } finally {
        connection.rest();
      }
    },
    distrust() {
      const last = current;
      current = undefined;
      if (last === undefined) return;
      distrusted.add(last);
      const end = () => {
        distrusted.delete(last);
        destroy(last);
      };
      setTimeout(end, timeoutMs).unref(); // the other questions that it was asked have their time too
    },
    close() {
      for (const client of distrusted) destroy(client);
      destroy(current);
      opening?.then(destroy, () => {});
    },
  };
  return connection;
}

async function loadLibrary(): Promise<typeof import("redis")> {
  try {
    return await import("redis");
  } catch {
    throw new TokenError("store-failed", "redis store: add the package redis (npm install redis), or hand in a client");
  }
}

interface Subscriber {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: () => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: "error", listener: () => void): unknown;
  unref?(): void;
  destroy(): void;
}

function isSubscriber(client: unknown): client is Subscriber {
  return typeof (client as Partial<Subscriber> | undefined)?.subscribe === "function";
}

/** One connection that is told of changes, opened when somebody first waits for one. */
function createSubscription(duplicate: () => Promise<Subscriber | undefined>) {
  let subscriber: Subscriber | undefined;
  let followed = new Map<string, () => void>();
  let isOpening = false;
  let isClosed = false;
  let notBefore = 0;

  async function open(whenTold: () => void): Promise<void> {
    isOpening = true;
    let opened: Subscriber | undefined;
    try {
      opened = await duplicate();
      if (opened === undefined) {
        notBefore = Number.POSITIVE_INFINITY;
        return;
      }
      const drop = () => {
        if (subscriber === opened) subscriber = undefined;
        notBefore = performance.now() + SUBSCRIBE_AGAIN_MS;
        destroy(opened);
        whenTold(); // what was said meanwhile was not heard
      };
      opened.on("error", drop);
      opened.unref?.(); // whoever waits looks now and then too, which keeps the process alive
      await opened.connect();
      if (isClosed) return destroy(opened);
      subscriber = opened;
      followed = new Map();
      whenTold();
    } catch {
      notBefore = performance.now() + SUBSCRIBE_AGAIN_MS;
      destroy(opened);
    } finally {
      isOpening = false;
    }
  }

  return {
    isLive: () => subscriber !== undefined,
    /** Follows these channels and no others; `whenTold` is called when one of them has come to be followed. */
    follow(channels: ReadonlyMap<string, () => void>, whenTold: () => void): void {
      if (subscriber === undefined) {
        if (!isOpening && performance.now() >= notBefore) void open(whenTold);
        return;
      }
      for (const channel of [...followed.keys()].filter((one) => !channels.has(one))) {
        followed.delete(channel);
        subscriber.unsubscribe(channel).catch(() => {});
      }
      for (const [channel, listener] of channels) {
        if (followed.has(channel)) continue;
        followed.set(channel, listener);
        subscriber.subscribe(channel, listener).then(whenTold, () => followed.delete(channel));
      }
    },
    close(): void {
      isClosed = true;
      destroy(subscriber);
      subscriber = undefined;
    },
  };
}

function destroy(client: { destroy?(): void } | undefined): void {
  try {
    client?.destroy?.();
  } catch {
    // It was closed already.
  }
}

/** Ends a question that takes too long. What was sent may still be done: a swap that comes late compares its version. */
async function within<T>(timeoutMs: number, isLate: AbortController, question: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = question();
  answer.catch(() => {}); // it may fail after nobody waits for it
  try {
    return await Promise.race([
      answer,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          const error = Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
          isLate.abort(error);
          reject(error);
        }, timeoutMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(version: unknown, record: unknown, key: string): TokenRecord {
  try {
    const parsed = JSON.parse(String(record)) as TokenRecord;
    if (parsed.version === Number(version)) return parsed;
  } catch {
    // A parser's message quotes the record.
  }
  throw new TokenError("store-failed", `redis store: the record ${key} is damaged; it is kept as it is`);
}

/** Says what failed by its code alone: a message of the server's may quote what it was sent, and one of the library's the address. */
function failure(what: "read" | "write", error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const told = /^[A-Z][A-Z0-9]+\b/.exec(String(message))?.[0];
  const reason = typeof code === "string" ? code : (told ?? (error as object).constructor.name);
  const next = ADVICE[reason] ?? "";
  return new TokenError("store-failed", `redis store: could not ${what} (${reason})${next}`, { reason });
}

const ADVICE: Readonly<Record<string, string>> = {
  WRONGTYPE: "; something else stands under the key: choose another prefix",
  READONLY: "; the server is a replica: connect to its primary",
  OOM: "; the server is full",
  NOAUTH: "; the url needs a password",
  WRONGPASS: "; the password in the url is refused",
  NOPERM: "; the user may not do this: allow +eval +evalsha +hmget +hget +hset +del +time +publish +subscribe on the prefix",
};
