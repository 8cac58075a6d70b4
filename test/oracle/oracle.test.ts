/**
 * The engine against a server that nobody here wrote: oidc-provider, certified by the OpenID Foundation, which turns a refresh
 * token on every use and ends the whole grant when it is shown a spent one.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type ApiDefinition, createClient, memoryStore, type TokenEvent, type TokenStore } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { endLease, remembering } from "../support/lease.js";
import type { LooseResult, LooseTokens, LooseTypes } from "../support/service.js";
import { reaching, transportUnderTest } from "../support/transport.js";
import { CLIENT, type Oracle, type OracleGrant, startOracle } from "./provider.js";

const document: unknown = parse(readFileSync(new URL("../fixtures/oracle/oidc-provider.yaml", import.meta.url), "utf8"));
const HERD = fileURLToPath(new URL("../kill/herd.mjs", import.meta.url));
const VICTIM = fileURLToPath(new URL("../kill/child.mjs", import.meta.url));
const HOUR = 3_600_000;
/** Longer than any machine lets a process stand still. The lease of one that was killed is ended by hand. */
const LEASE_MS = 15_000;

type OracleClient = LooseTokens & { close(): Promise<void> } & {
  readonly [Operation in "listThings" | "countThings"]: () => Promise<LooseResult>;
};

let oracle: Oracle;
let folder: string;

beforeAll(async () => {
  oracle = await startOracle();
  folder = mkdtempSync(join(tmpdir(), "keyturn-oracle-"));
});

afterAll(async () => {
  await oracle.close();
  rmSync(folder, { recursive: true, force: true });
});

interface HostOptions {
  readonly store?: TokenStore;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly clock?: { aheadMs: number };
}

/**
 * One client with its own slots, on a store that others may share; its clock can be put ahead. The name of its document is
 * the one that the children give theirs, since it is a part of every key.
 */
function host(grant: OracleGrant | undefined, { store = memoryStore(), fetch, clock = { aheadMs: 0 } }: HostOptions = {}) {
  const events: TokenEvent[] = [];
  const client = createClient<LooseTypes, ApiDefinition>(readDefinition(document, "natures"), {
    baseUrl: oracle.url,
    store,
    leaseMs: LEASE_MS,
    clock: { now: () => Date.now() + clock.aheadMs },
    onEvent: (event) => events.push(event),
    inputs: { ...CLIENT, ...(grant && { refreshToken: grant.refreshToken }) },
    ...(fetch ? reaching(fetch) : transportUnderTest()),
  }) as unknown as OracleClient;
  return { client, clock, events };
}

/** What a child process is started with: see `herd.mjs` and `child.mjs`. */
function configFor(grant: OracleGrant, file: string, more: Readonly<Record<string, unknown>> = {}) {
  const inputs = { ...CLIENT, refreshToken: grant.refreshToken };
  const store = { kind: "sqlite", path: join(folder, file) };
  return JSON.stringify({ document, baseUrl: oracle.url, inputs, store, leaseMs: LEASE_MS, aheadMs: 0, ...more });
}

describe("oidc-provider", () => {
  it("gives fifty callers one token for client credentials that hold every awkward character", async () => {
    const { client } = host(undefined);
    const results = await Promise.all(Array.from({ length: 50 }, () => client.countThings()));
    expect(results.map(({ data }) => data)).toEqual(results.map(() => ({ of: CLIENT.clientId })));
    expect(oracle.clientCredentials()).toBe(1);
  });

  it("is shown each refresh token once by a client that renews ten times for twenty callers", async () => {
    const grant = await oracle.grant("ada");
    const { client, clock } = host(grant);
    for (let renewal = 1; renewal <= 10; renewal += 1) {
      const results = await Promise.all(Array.from({ length: 20 }, () => client.listThings()));
      expect(results.map(({ data }) => data)).toEqual(results.map(() => ({ of: "ada" })));
      expect([grant.refreshes(), grant.reuses(), grant.isRevoked()]).toEqual([renewal, 0, false]);
      clock.aheadMs += HOUR;
    }
  });

  it("that ends an access token early is asked for one other, and the rejected requests are sent again", async () => {
    const grant = await oracle.grant("ada");
    let presented = "";
    const { client } = host(grant, {
      fetch: (request) => {
        presented = request.headers.get("authorization") ?? "";
        return fetch(request);
      },
    });
    await client.listThings();
    await oracle.endAccessToken(presented.replace("Bearer ", ""));
    const results = await Promise.all(Array.from({ length: 10 }, () => client.listThings()));
    expect(results.map(({ response }) => response.status)).toEqual(results.map(() => 200));
    expect([grant.refreshes(), grant.reuses()]).toEqual([2, 0]);
  });

  it("whose answer was lost is not shown the token again while the access token is good", async () => {
    const grant = await oracle.grant("ada");
    let lose = false;
    const { client, clock, events } = host(grant, {
      fetch: async (request) => {
        const response = await fetch(request);
        if (lose && request.url.endsWith("/token")) throw Object.assign(new TypeError(), { cause: { code: "ECONNRESET" } });
        return response;
      },
    });
    await client.listThings();
    lose = true;
    await client.renew("user").catch(() => {});
    lose = false;
    clock.aheadMs += HOUR - 30_000;
    for (let call = 0; call < 5; call += 1) expect((await client.listThings()).response.status).toBe(200);
    expect(events.find(({ type }) => type === "answer-lost")).toMatchObject({ next: "hold" });
    expect([grant.refreshes(), grant.reuses(), grant.isRevoked()]).toEqual([2, 0, false]);
  });

  it("is told of a grant that the user ends, and its tokens are held no longer", async () => {
    const grant = await oracle.grant("ada");
    const { client } = host(grant);
    await client.listThings();
    await client.revoke("user");
    expect(await client.state("user")).toMatchObject({ status: "empty", refreshTokenHeld: false });
    expect([grant.isRevoked(), grant.reuses()]).toEqual([true, 0]);
  });
});

describe("a grant that oidc-provider has ended", () => {
  it("is shown to it no more, and a new login takes its place in the same store", async () => {
    const [ended, next] = [await oracle.grant("ada"), await oracle.grant("ada again")];
    const store = memoryStore();
    const clock = { aheadMs: 0 };
    const { client } = host(ended, { store, clock });
    await client.listThings();
    await fetch(`${oracle.url}/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa([CLIENT.clientId, CLIENT.clientSecret].map(encodeURIComponent).join(":"))}` },
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: ended.refreshToken }),
    }); // somebody else who has the first refresh token
    expect([ended.reuses(), ended.isRevoked()]).toEqual([1, true]);
    clock.aheadMs += HOUR;
    for (let call = 0; call < 5; call += 1) await expect(client.listThings()).rejects.toMatchObject({ name: "TokenError" });
    expect(ended.reuses()).toBe(1);
    expect((await host(next, { store, clock }).client.listThings()).data).toEqual({ of: "ada again" });
  });
});

describe("two clients that renew at the same moment", () => {
  it("show oidc-provider each refresh token once, because the store lets one of their intents in", async () => {
    const grant = await oracle.grant("ada");
    const outcomes = await collide(grant, (store, ...swap) => store.swap(...swap));
    expect(outcomes).toEqual([200, 200]);
    expect([grant.refreshes(), grant.reuses(), grant.isRevoked()]).toEqual([2, 0, false]);
  });

  it("show it one of them twice when the store says yes to both, and the grant is revoked", async () => {
    const grant = await oracle.grant("ada");
    await collide(grant, async (store, key, _expected, next) => {
      await store.swap(key, (await store.read(key))?.version, next);
      return true;
    });
    expect([grant.reuses(), grant.isRevoked()]).toEqual([1, true]);
  });
});

/** Brings two clients to the point where both want to write their intent, then lets their swaps through. */
async function collide(
  grant: OracleGrant,
  swap: (store: TokenStore, ...asked: Parameters<TokenStore["swap"]>) => Promise<boolean>,
): Promise<(number | string)[]> {
  const inner = memoryStore();
  const clock = { aheadMs: 0 };
  await host(grant, { store: inner, clock }).client.listThings();
  clock.aheadMs += HOUR;

  const intents: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const clients = [0, 1].map(() => {
    let swaps = 0;
    const store: TokenStore = {
      ...inner,
      async swap(key, expected, next) {
        swaps += 1;
        if (swaps === 1) {
          await new Promise<void>((resolve) => {
            intents.push(resolve);
            if (intents.length === 2) for (const go of intents) go();
          });
        }
        return swap(inner, key, expected, next);
      },
    };
    return host(grant, {
      store,
      clock,
      // One after the other, as two machines may well be: the second comes when the first has been answered.
      fetch: (request) => {
        const answer = last.then(() => fetch(request));
        last = answer;
        return answer;
      },
    }).client;
  });
  const results = await Promise.allSettled(clients.map((client) => client.listThings()));
  return results.map((result) =>
    result.status === "fulfilled" ? result.value.response.status : (result.reason as { code: string }).code,
  );
}

describe("three processes on one store", () => {
  it("with twenty callers each show oidc-provider each refresh token once, also when one is killed after every round", async () => {
    const grant = await oracle.grant("ada");
    const config = configFor(grant, "herd.sqlite", { callers: 20 });
    let herd = Array.from({ length: 3 }, () => member(config));
    const ROUNDS = 5;
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all(herd.map(({ ready }) => ready));
      const told = await Promise.all(herd.map(({ ask }) => ask(round * HOUR)));
      expect(told.map(({ distinct, failed }) => [distinct, failed])).toEqual(herd.map(() => [1, []]));
      herd[round % herd.length]!.kill();
      herd = herd.map((one, index) => (index === round % herd.length ? member(config) : one));
    }
    for (const { kill } of herd) kill();
    expect([grant.refreshes(), grant.reuses(), grant.isRevoked()]).toEqual([ROUNDS, 0, false]);
  });
});

describe.concurrent("after a holder was killed", () => {
  it.each([
    ["s0", "before the record is read"],
    ["s2", "before the intent is written"],
    ["s3", "after it is written"],
    ["s4", "before the request is sent"],
    ["s8", "after the new token is written"],
    ["s9", "after everybody was told"],
  ])("at %s, %s, the next goes on with the grant", async (step) => {
    const { next, clock, grant } = await killed(step);
    expect((await next.listThings()).response.status).toBe(200);
    clock.aheadMs += HOUR;
    expect((await next.listThings()).data).toEqual({ of: step });
    expect([grant.reuses(), grant.isRevoked()]).toEqual([0, false]);
    await next.close();
  });

  it("with the answer in its hand, the access token serves to its end, and not before that is the spent token shown", async () => {
    const { next, clock, grant } = await killed("s6");
    clock.aheadMs += HOUR - 30_000;
    expect((await next.listThings()).data).toEqual({ of: "s6" });
    expect([grant.reuses(), grant.isRevoked()]).toEqual([0, false]);
    clock.aheadMs += HOUR;
    for (let call = 0; call < 3; call += 1) {
      await expect(next.listThings()).rejects.toMatchObject({ name: "TokenError" });
    }
    expect([grant.reuses(), grant.isRevoked()]).toEqual([1, true]);
    await next.close();
  });
});

/** A grant whose holder, another process, was killed at a step of its second renewal; and the client that comes next. */
async function killed(step: string) {
  const grant = await oracle.grant(step);
  const keys = new Set<string>();
  const store = () => remembering(sqliteStore({ path: join(folder, `${step}.sqlite`) }), keys);
  const first = host(grant, { store: store() }).client;
  await first.listThings();
  await first.close();
  const child = spawn(process.execPath, [VICTIM, configFor(grant, `${step}.sqlite`, { step, signal: "SIGKILL" })]);
  const signal = await new Promise((resolve) => child.once("close", (_, how) => resolve(how)));
  expect(signal).toBe("SIGKILL");
  const left = store();
  for (const key of keys) await endLease(left, key);
  await left.close?.();
  const { client: next, clock } = host(grant, { store: store() });
  return { next, clock, grant };
}

interface Told {
  readonly distinct: number;
  readonly failed: readonly string[];
}

/** One process with many callers; it prints a line when it is ready, and one for each round. */
function member(config: string) {
  const child = spawn(process.execPath, [HERD, config], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on("error", () => {}); // it may have been killed
  return {
    ready: lines.next(),
    async ask(aheadMs: number): Promise<Told> {
      child.stdin.write(`${aheadMs}\n`);
      const { value } = (await lines.next()) as { value: string };
      return JSON.parse(value) as Told;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
