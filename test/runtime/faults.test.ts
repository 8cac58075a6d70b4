import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { memoryStore, TokenError } from "../../src/index.js";
import { fetchTransport } from "../../src/transport.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { scripted } from "../support/service.js";
import { transportUnderTest } from "../support/transport.js";
import { eventually, NEVER_MS, pause, within } from "../support/waiting.js";

const HOUR = 3_600_000;
const routes = () => ({ "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true) });

describe("a machine that slept", () => {
  it("does not present a token that ended meanwhile, though its other clock stood still", async () => {
    let wall = Date.UTC(2026, 0, 1);
    const clock = { now: () => wall, monotonic: () => 0 };
    const { client } = scripted({ document: oauthDocument(), routes: routes(), options: { inputs: oauthInputs, clock } });
    expect((await client.listThings()).data).toEqual({ token: "at-1" });
    wall += 8 * HOUR;
    expect((await client.listThings()).data).toEqual({ token: "at-2" });
  });
});

describe("a store that never answers", () => {
  it("has failed after as long as a token call may take, and nothing is sent", async () => {
    const silent = () => new Promise<never>(() => {});
    const { client, asked } = scripted({
      document: oauthDocument(),
      routes: routes(),
      options: { inputs: oauthInputs, store: { read: silent, swap: silent }, timeoutMs: 30 },
    });
    await expect(client.listThings()).rejects.toMatchObject({ code: "store-failed", scheme: "user" });
    expect(asked).toEqual([]);
  });

  it("and one that says why it failed is quoted, so that somebody can mend it", async () => {
    const refuse = async () => {
      throw new TokenError("store-failed", "the key k2 is not among the reading keys");
    };
    const { client } = scripted({
      document: oauthDocument(),
      routes: routes(),
      options: { inputs: oauthInputs, store: { read: refuse, swap: refuse } },
    });
    await expect(client.listThings()).rejects.toThrow("the key k2 is not among the reading keys");
  });

  it("when a token was brought keeps no caller waiting for ever, and loses nothing", async () => {
    const inner = memoryStore();
    let isSilent = false;
    const store: typeof inner = {
      ...inner,
      swap: (key, expected, next) =>
        isSilent && next?.intent === undefined ? new Promise<never>(() => {}) : inner.swap(key, expected, next),
    };
    const { client, told } = scripted({
      document: oauthDocument(),
      routes: routes(),
      options: { inputs: oauthInputs, store, timeoutMs: 500 },
    });
    isSilent = true;
    expect((await client.listThings()).data).toEqual({ token: "at-1" });
    expect(told("save-failed")).toHaveLength(1);
    isSilent = false;
    expect(await client.state("user")).toMatchObject({ generation: 1, refreshTokenHeld: true });
    expect(told("saved")).toHaveLength(1);
  });
});

describe("a store whose watch fails", () => {
  it("is looked at again now and then, and leaves nothing unhandled", async () => {
    const inner = memoryStore();
    let reads = 0;
    const store: typeof inner = {
      ...inner,
      read: (key) => {
        reads += 1;
        return inner.read(key);
      },
      changed: () => Promise.reject(new Error("no watch")),
    };
    let finish: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const answer = tokenEndpoint();
    const slow = { ...routes(), "POST /token": (asked: Parameters<typeof answer>[0]) => held.then(() => answer(asked)) };
    const host = () => scripted({ document: oauthDocument(), routes: slow, options: { inputs: oauthInputs, store } });
    const [first, second] = [host(), host()];
    const calls = [first, second].map(({ client }) => client.listThings());
    await pause(350);
    expect(reads).toBeLessThan(20);
    finish?.();
    for (const { data } of await Promise.all(calls)) expect(data).toEqual({ token: "at-1" });
  });
});

describe("a store that has nothing but read and swap", () => {
  it("and that is slower to read than a waiter sleeps, keeps none waiting for ever", async () => {
    const { read, swap } = memoryStore();
    let reads = 0;
    const slow = async (key: string) => {
      reads += 1;
      await pause(150);
      return read(key);
    };
    const answer = tokenEndpoint();
    const token = async (asked: Parameters<typeof answer>[0]) => {
      await eventually(() => expect(reads).toBeGreaterThan(5)); // the other waits by now
      return answer(asked);
    };
    const options = { inputs: oauthInputs, store: { read: slow, swap } };
    const host = () => scripted({ document: oauthDocument(), routes: { ...routes(), "POST /token": token }, options });
    const calls = Promise.all([host(), host()].map(({ client }) => client.listThings()));
    expect(await within(NEVER_MS, calls)).toBe("done");
    for (const { response } of await calls) expect(response.status).toBe(200);
  });
});

describe("an answer whose content encoding is broken", () => {
  it("counts as lost: the intent stays, and the refresh token is not taken for spent", async () => {
    let isBroken = false;
    let count = 0;
    const server = createServer((_request, response) => {
      if (isBroken) {
        response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" }).end("this is not gzip");
        return;
      }
      count += 1;
      const body = { access_token: `at-${count}`, refresh_token: `rt-${count}`, expires_in: 3600 };
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { client } = scripted({
        document: oauthDocument({
          refreshToken: { rotation: "always" },
          initial: { refreshToken: "$inputs.refreshToken" },
          obtain: undefined,
        }),
        routes: {},
        options: {
          baseUrl,
          inputs: { ...oauthInputs, refreshToken: "rt-0" },
          transport: transportUnderTest().transport ?? fetchTransport(),
        },
      });
      isBroken = true;
      await expect(client.listThings()).rejects.toMatchObject({ code: "unavailable" });
      expect(await client.state("user")).toMatchObject({ answerLost: true, refreshTokenHeld: true });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
