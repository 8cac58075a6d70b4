/**
 * Many slots in one process. Titles state what is counted; how long it takes, and how much memory, is told by
 * `test/bench/scale.mjs`.
 */

import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/index.js";
import { oauthDocument, oauthInputs, tokenEndpoint } from "../support/documents.js";
import { deferred, type Handler, type LooseClient, type LooseTokens, scripted } from "../support/service.js";
import { eventually, NEVER_MS, pause, turns, within } from "../support/waiting.js";

const MANY = 10_000;
const CEILING = 64;
const HOUR = 3_600_000;

const perUser = () => oauthDocument({ key: ["$inputs.username"], refreshToken: { rotation: "always" } });
const things: Handler = () => Response.json([]);

/** A token endpoint that counts how many requests are under way in it. */
function counted(answer: Handler = tokenEndpoint()) {
  const count = { now: 0, most: 0 };
  const handler: Handler = async (asked) => {
    count.now += 1;
    count.most = Math.max(count.most, count.now);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      return await answer(asked);
    } finally {
      count.now -= 1;
    }
  };
  return { count, handler };
}

function family(options: object = {}, routes: Readonly<Record<string, Handler>> = {}) {
  return scripted({
    document: perUser(),
    routes: { "POST /token": tokenEndpoint(), "GET /things": things, ...routes },
    options: { inputs: oauthInputs, ...options },
  });
}

function users(client: LooseTokens, count: number): (LooseClient & LooseTokens)[] {
  return Array.from({ length: count }, (_, user) => client.with({ username: `user-${user}` }));
}

describe(`${MANY} slots whose tokens have ended`, () => {
  it(`send one token request each, ${CEILING} at once at most`, async () => {
    const { count, handler } = counted();
    const lifecycle = { key: ["$inputs.username"], initial: { refreshToken: "$inputs.password" } };
    const { client, calls } = scripted({
      document: oauthDocument({ ...lifecycle, refreshToken: { rotation: "always" } }),
      routes: { "POST /token": handler, "GET /things": things },
      options: { inputs: oauthInputs },
    });
    await Promise.all(users(client, MANY).map((one) => one.listThings()));
    expect(calls("POST /token")).toHaveLength(MANY);
    expect(count.most).toBeLessThanOrEqual(CEILING);
    expect(count.most).toBeGreaterThan(1);
  }, 60_000);
});

describe("a renewal ahead of time", () => {
  const COUNT = 300;

  it("begins at another moment for each of many tokens that came together", async () => {
    const { client, calls, clock } = family();
    const all = users(client, COUNT);
    await Promise.all(all.map((one) => one.listThings()));
    // The leeway of a minute: due between 60 and 35 seconds before the end, over 10 seconds before it.
    clock.advance(HOUR - 61_000);
    const begun: number[] = [];
    for (let second = 60; second >= 28; second -= 1) {
      const before = calls("POST /token").length;
      clock.advance(1000);
      for (const one of all) {
        await one.listThings();
        while ((await one.state("user"))["renewing"]) await turns(1);
      }
      begun.push(calls("POST /token").length - before);
    }
    expect(begun.reduce((sum, one) => sum + one)).toBe(COUNT);
    expect(Math.max(...begun)).toBeLessThan(COUNT / 7); // in 25 seconds: one in a thousand million draws has more
  }, 60_000);

  it("waits while others do, and leaves three quarters of the ceiling to renewals that somebody waits for", async () => {
    const held = deferred<void>();
    const answer = tokenEndpoint();
    const { count, handler } = counted(async (asked) => {
      if (asked.body.includes("refresh_token")) await held.promise;
      return answer(asked);
    });
    const { client, clock } = family({}, { "POST /token": handler });
    const all = users(client, 200);
    await Promise.all(all.map((one) => one.listThings()));
    clock.advance(HOUR - 20_000);
    count.most = 0;
    await Promise.all(all.map((one) => one.listThings()));
    await eventually(() => expect(count.most).toBe(CEILING / 4));
    await settled();
    expect(count.most).toBe(CEILING / 4);
    const fresh = client.with({ username: "another" });
    expect((await fresh.listThings()).response.status).toBe(200);
    held.resolve();
  });
});

describe("while the ceiling is reached", () => {
  it("a caller of a slot with a fresh token waits for nobody", async () => {
    const held = deferred<void>();
    const answer = tokenEndpoint();
    let isHeld = false;
    const { client, calls } = family(
      { mostRenewals: 4 },
      {
        "POST /token": async (asked) => {
          if (isHeld) await held.promise;
          return answer(asked);
        },
      },
    );
    const fresh = client.with({ username: "fresh" });
    await fresh.listThings();
    isHeld = true;
    const waiting = users(client, 20).map((one) => one.listThings());
    await eventually(() => expect(calls("POST /token")).toHaveLength(1 + 4));
    await settled();
    expect(calls("POST /token")).toHaveLength(1 + 4);
    for (let call = 0; call < 100; call += 1) expect((await fresh.listThings()).response.status).toBe(200);
    expect(calls("POST /token")).toHaveLength(1 + 4);
    held.resolve();
    for (const { response } of await Promise.all(waiting)) expect(response.status).toBe(200);
  });

  it("a slot that another slot's renewal needs is renewed all the same", async () => {
    const { client, calls } = scripted({
      document: chained(),
      routes: { "POST /client-token": tokenEndpoint(), "POST /user-token": tokenEndpoint(), "GET /things": things },
      options: { inputs: { clientId: "client" }, mostRenewals: 2, timeoutMs: 10_000 },
    });
    const results = await Promise.allSettled(users(client, 4).map((one) => one.listThings()));
    expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
    expect(calls("POST /client-token")).toHaveLength(1);
    expect(calls("POST /user-token")).toHaveLength(4);
  });

  it("who waits for another holder of the store keeps nobody else from renewing", async () => {
    const store = memoryStore();
    const held = deferred<void>();
    const answer = tokenEndpoint();
    const other = family({ store }, { "POST /token": (asked) => held.promise.then(() => answer(asked)) });
    const { client: first } = family({ store, mostRenewals: 1 });
    const theirs = other.client.with({ username: "shared" }).listThings();
    await eventually(() => expect(other.calls("POST /token")).toHaveLength(1));
    const ours = first.with({ username: "shared" }).listThings();
    await settled();
    const another = first.with({ username: "another" }).listThings();
    expect(await within(NEVER_MS, another)).toBe("done");
    held.resolve();
    await Promise.all([theirs, ours]);
  });
});

describe("slots and clients", () => {
  it("share a slot whenever their keys are the same, however many clients there are", async () => {
    const { client, calls } = family();
    await Promise.all(Array.from({ length: 1000 }, (_, one) => client.with({ username: `user-${one % 10}` }).listThings()));
    expect(calls("POST /token")).toHaveLength(10);
  });

  it("with fresh tokens ask neither the store nor the token endpoint, whichever of many is called", async () => {
    const store = memoryStore();
    let asked = 0;
    const spied = {
      ...store,
      read: (key: string) => {
        asked += 1;
        return store.read(key);
      },
    };
    const { client, calls } = family({ store: spied });
    const all = users(client, 300);
    for (const one of all) await one.listThings();
    const before = [asked, calls("POST /token").length];
    for (const one of all) await one.listThings();
    expect([asked, calls("POST /token").length]).toEqual(before);
  });
});

describe("a family that is closed while thousands wait for their turn", () => {
  it("begins no further renewal", async () => {
    const held = deferred<void>();
    const answer = tokenEndpoint();
    const { client, calls } = family({ mostRenewals: 4 }, { "POST /token": (asked) => held.promise.then(() => answer(asked)) });
    const waiting = Promise.allSettled(users(client, 1000).map((one) => one.listThings()));
    await eventually(() => expect(calls("POST /token")).toHaveLength(4));
    const closed = (client as unknown as { close(): Promise<void> }).close();
    held.resolve();
    await closed;
    await waiting;
    expect(calls("POST /token")).toHaveLength(4);
  });
});

/** A user's token is obtained under the client's token. */
function chained() {
  const ok = { responses: { "200": { description: "Done." } } };
  const body = { requestBody: { content: { "application/json": { schema: { type: "object" } } } } };
  const bearer = (input: string, operationId: string) => ({
    type: "http",
    scheme: "bearer",
    "x-token-lifecycle": {
      key: [`$inputs.${input}`],
      obtain: {
        operationId,
        requestBody: { payload: { name: `$inputs.${input}` } },
        outputs: { accessToken: "$response.body#/access_token" },
      },
    },
  });
  return {
    openapi: "3.1.0",
    info: { title: "Chained", version: "1" },
    servers: [{ url: "https://api.example" }],
    security: [{ user: [] }],
    paths: {
      "/client-token": { post: { operationId: "getClientToken", security: [], ...body, ...ok } },
      "/user-token": { post: { operationId: "getUserToken", security: [{ client: [] }], ...body, ...ok } },
      "/things": { get: { operationId: "listThings", ...ok } },
    },
    components: {
      securitySchemes: { client: bearer("clientId", "getClientToken"), user: bearer("username", "getUserToken") },
    },
  };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await pause(5);
}
