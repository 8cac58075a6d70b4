import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFinapi } from "../../generated/finapi/index.js";
import { createSynapse } from "../../generated/synapse/index.js";
import {
  fetchTransport,
  memoryStore,
  type TokenErrorCode,
  type TokenEvent,
  type TokenStore,
  type Transport,
} from "../../src/index.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { scripted, testClock } from "../support/service.js";
import { reaching, transportUnderTest } from "../support/transport.js";

const canary = (name: string) => `CANARY-${name}-0123456789`;

const synapseAccount = {
  clientId: "public-client",
  clientSecret: canary("client-secret"),
  userId: "public-user",
  fingerprint: canary("fingerprint"),
  userIp: "192.0.2.1",
  email: "ada@example.com",
  password: canary("password"),
  phoneNumber: "901-111-2222",
  validationPin: canary("pin"),
};
const finapiAccount = { clientId: "c", clientSecret: canary("fin-secret"), username: "ada", password: canary("fin-password") };

let sandbox: Sandbox;
const clock = testClock(Date.now());
const events: TokenEvent[] = [];
const onEvent = (event: TokenEvent) => events.push(event);

beforeAll(async () => {
  sandbox = await startSandbox({ documents: [{ path: "specs/synapse.yaml" }, { path: "specs/finapi.yaml" }], clock });
});

afterAll(() => sandbox.close());

function synapse(inputs: object = {}, options: Way = {}) {
  return createSynapse({
    baseUrl: sandbox.url("synapse"),
    clock,
    onEvent,
    inputs: { ...withoutPerson(synapseAccount), ...inputs },
    ...way(options),
  });
}

function finapi(inputs: object = {}, options: Way = {}) {
  return createFinapi({
    baseUrl: sandbox.url("finapi"),
    clock,
    onEvent,
    inputs: { ...finapiAccount, ...inputs },
    ...way(options),
  });
}

interface Way {
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly store?: TokenStore;
  readonly transport?: Transport;
}

function way({ fetch, ...options }: Way): object {
  return { ...(fetch ? reaching(fetch) : transportUnderTest()), ...options };
}

function withoutPerson({ phoneNumber: _phone, validationPin: _pin, ...rest }: typeof synapseAccount) {
  return rest;
}

/** A service that hands out that access token. */
function answerWith(token: string) {
  return async () => Response.json({ access_token: token, token_type: "bearer", expires_in: 3600, scope: "all" });
}

/** One way to provoke every code; a code without one does not compile. */
const provoke: Record<TokenErrorCode, () => Promise<unknown>> = {
  "missing-input": () => createSynapse({ inputs: { clientSecret: canary("client-secret") } }).listUserNodes(),
  "input-failed": () =>
    finapi({
      clientSecret: () => {
        throw new Error(`vault: ${canary("vault")}`);
      },
    }).getClientConfiguration(),
  "unfit-value": () =>
    finapi({ clientSecret: "x", username: "ada" }, { fetch: answerWith(`${canary("token")}\nx`) }).getAuthorizedUser(),
  "credentials-rejected": () => finapi({ password: canary("wrong-password") }).getAuthorizedUser(),
  challenge: async () => {
    const account = sandbox.account("synapse", { ...synapseAccount, userId: "challenged" });
    const { refreshToken = "" } = account.issue("userKey");
    account.challenge();
    return synapse({ userId: "challenged", refreshToken }).listUserNodes();
  },
  "renewal-failed": async () => {
    sandbox.fault("finapi", { operationId: "getToken", times: 1, status: 418, body: { echo: canary("fin-password") } });
    return finapi().getAuthorizedUser();
  },
  unavailable: async () => {
    sandbox.fault("finapi", { operationId: "getToken", times: 1, drop: true });
    return finapi({ username: "ada" }).getAuthorizedUser();
  },
  "unexpected-answer": async () => {
    sandbox.fault("finapi", { operationId: "getToken", times: 1, status: 200, body: { elsewhere: canary("elsewhere") } });
    return finapi().getAuthorizedUser();
  },
  "store-failed": () => {
    const broken = async () => {
      throw new Error(`redis://user:${canary("store-password")}@host`);
    };
    return synapse({}, { store: { read: broken, swap: broken } satisfies TokenStore }).listUserNodes();
  },
  "origin-refused": () => finapi({}).getAuthorizedUser({ baseUrl: "https://elsewhere.example" }),
  "redirect-refused": () =>
    finapi(
      {},
      {
        // A browser's fetch: no other transport hides where a redirect leads.
        transport: fetchTransport(async (request: Request) => {
          if (request.url.endsWith("/oauth/token")) return fetch(request);
          return Object.defineProperty(new Response(), "type", { value: "opaqueredirect" });
        }),
      },
    ).getAuthorizedUser(),
  "answer-lost": async () => {
    const endpoint = tokenEndpoint(() => ({ access_token: canary("access"), refresh_token: canary("refresh") }));
    let lose = false;
    const service = scripted({
      document: oauthDocument({
        refreshToken: { rotation: "always" },
        initial: { refreshToken: "$inputs.refreshToken" },
        obtain: undefined,
      }),
      routes: {
        "POST /token": (asked) => {
          if (lose) throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
          return endpoint(asked);
        },
        "GET /things": protectedBy(() => true),
      },
      options: { inputs: { ...oauthInputs, refreshToken: canary("first-refresh") }, onEvent },
    });
    await service.client.listThings();
    lose = true;
    for (let hour = 0; hour < 7; hour += 1) {
      service.clock.advance(3_600_000);
      await service.client.listThings().catch(() => {});
    }
    service.clock.advance(3_600_000);
    return service.client.listThings();
  },
  revoked: async () => {
    const store = memoryStore();
    const removing: TokenStore = { ...store, read: (key) => store.read(key) };
    const keys: string[] = [];
    const service = scripted({
      document: oauthDocument(),
      routes: {
        "POST /token": async (asked) => {
          for (const key of keys) await store.swap(key, (await store.read(key))?.version, undefined);
          return tokenEndpoint(() => ({ access_token: canary("access") }))(asked);
        },
        "POST /revoke": () => new Response(null),
      },
      options: {
        inputs: oauthInputs,
        onEvent,
        store: {
          ...removing,
          swap: (key, expected, next) => {
            keys.push(key);
            return store.swap(key, expected, next);
          },
        },
      },
    });
    return service.client.listThings();
  },
  closed: async () => {
    const client = finapi();
    await client.close();
    return client.getAuthorizedUser();
  },
};

describe("a TokenError", () => {
  it.each(Object.keys(provoke) as TokenErrorCode[])("%s shows no secret, however one looks at it (B44)", async (code) => {
    sandbox.reset();
    sandbox.account("synapse", synapseAccount);
    sandbox.account("finapi", finapiAccount);
    events.length = 0;
    const error = await provoke[code]().then(
      () => "no error",
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: "TokenError", code });
    expect(leaksIn(error)).toEqual([]);
    expect(events.flatMap(leaksIn)).toEqual([]);
  });
});

describe("a client", () => {
  it("shows no secret, nor does its state, nor what its calls resolve to but the data itself", async () => {
    sandbox.account("synapse", synapseAccount);
    const client = synapse();
    const { response } = await client.listUserNodes();
    expect(response.status).toBe(200);
    for (const value of [client, await client.state("userKey"), response, client.with({ userId: "another" })]) {
      expect(leaksIn(value)).toEqual([]);
    }
  });

  it("shows no secret when an input cannot stand in a header, in a call or in a token call", async () => {
    sandbox.account("synapse", synapseAccount);
    const client = synapse({ fingerprint: `${canary("fingerprint")}\r\nX: y` });
    for (const call of [() => client.getUser(), () => client.listUserNodes()]) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unfit-value" });
      expect(leaksIn(error)).toEqual([]);
    }
  });

  it("leaves no secret in what the sandbox writes down", async () => {
    expect(sandbox.requests.length).toBeGreaterThan(0);
    expect(sandbox.requests.flatMap(leaksIn)).toEqual([]);
  });

  it("is searched by a test that would find one", () => {
    expect(leaksIn(new Error(`no: ${canary("planted")}`))).not.toEqual([]);
    expect(leaksIn({ deep: [new Map([["x", { y: canary("planted") }]])] })).not.toEqual([]);
  });
});

/** Every secret that shows in a value, whichever way it is printed. */
function leaksIn(value: unknown): string[] {
  const shown = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    inspect(value),
    JSON.stringify(value) ?? "",
    String(value),
    ...(value instanceof Error
      ? [value.message, value.stack ?? "", inspect(value.cause, { depth: null, showHidden: true })]
      : []),
  ].join("\n");
  const secrets = sandbox.secrets().filter((secret) => secret.length > 8 && !isPublic(secret));
  return [...secrets, "CANARY-"].filter((secret) => shown.includes(secret) || shown.includes(encodeURIComponent(secret)));
}

function isPublic(value: string): boolean {
  const { clientId, userId, userIp, email, phoneNumber } = synapseAccount;
  return [clientId, userId, userIp, email, phoneNumber].includes(value);
}
