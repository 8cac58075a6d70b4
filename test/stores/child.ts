/** A process that uses a store: what several processes on one machine do to each other is tested with real ones. */

import { randomUUID } from "node:crypto";
import type { TokenStore } from "../../src/index.js";
import { postgresStore } from "../../src/stores/postgres.js";
import { redisStore } from "../../src/stores/redis.js";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { record } from "./records.js";

const [kind, address, what, key = ""] = process.argv.slice(2);
const store: TokenStore =
  kind === "sqlite"
    ? sqliteStore({ path: address! })
    : kind === "redis"
      ? redisStore({ url: address! })
      : postgresStore({ connectionString: address! });

const say = (line: string) => process.stdout.write(`${line}\n`);

if (what === "write for ever") {
  let current = await store.read(key);
  for (;;) {
    const version = (current?.version ?? 0) + 1;
    const next = record(version, { accessToken: String(version).repeat(2000) });
    if (await store.swap(key, current?.version, next)) {
      say(String(version));
      current = next;
    } else current = await store.read(key);
  }
} else if (what === "add twenty") {
  const writer = randomUUID();
  for (let done = 0; done < 20; ) {
    const current = await store.read(key);
    const sum = ((current?.outputs["sum"] as number | undefined) ?? 0) + 1;
    if (await store.swap(key, current?.version, record((current?.version ?? 0) + 1, { sum, writer }))) done += 1;
  }
  say("done");
  await store.close?.();
} else if (what === "wait") {
  const woken = store.changed!(key, new AbortController().signal);
  await store.read(key);
  say("waiting");
  await woken;
  say("woken");
} else if (what === "read and leave") {
  say(`version ${(await store.read(key))?.version}`); // without close: nothing may keep the process
}
