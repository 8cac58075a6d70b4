// What it takes to get hold of a token that is at hand, without any request: nanoseconds for one of each.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { Bench } from "tinybench";
import { work } from "./work.mjs";

const HOUR_MS = 3_600_000;
const BATCH = 1000;
const answer = { access_token: "a-token-of-the-length-that-tokens-have", token_type: "Bearer", expires_in: HOUR_MS / 1000 };

export async function measureTokens({ log }) {
  log("tokens");
  const slot = await keyturnSlot();
  const google = await googleClient();
  const azure = await azureHeader();
  const aws = await awsIdentity();
  const badgateway = await badgatewayFetch();
  const limit = performance.now() + HOUR_MS;
  let kept;

  const bench = new Bench({ time: 500, warmupTime: 200 });
  const labels = new Map();
  // A thousand at a time: a single one takes less than it takes to read the clock that measures.
  const add = (name, label, once) => {
    labels.set(name, label);
    const isAsync = once.constructor.name === "AsyncFunction";
    bench.add(
      name,
      isAsync
        ? async () => {
            for (let i = 0; i < BATCH; i += 1) await once();
          }
        : () => {
            for (let i = 0; i < BATCH; i += 1) once();
          },
    );
  };
  add("floor", "a clock read and a compare", () => {
    kept = performance.now() < limit ? answer : undefined;
  });
  add("keyturn", "keyturn: `peek()` of a slot", () => {
    kept = slot.peek();
  });
  add("aws", "AWS: `memoizeIdentityProvider` of @smithy/core", async () => {
    kept = await aws();
  });
  add("google", "google-auth-library: `getAccessToken()`", async () => {
    kept = await google.getAccessToken();
  });
  add("badgateway", "@badgateway/oauth2-client: `getAccessToken()`", async () => {
    kept = await badgateway.getAccessToken();
  });
  add("azure", "Azure: its bearer policy alone", async () => {
    kept = await azure();
  });
  await bench.run();
  if (kept === undefined) throw new Error("nobody had a token");
  return bench.tasks.map(({ name, result }) => ({ name, label: labels.get(name), ns: (result.latency.p50 * 1e6) / BATCH }));
}

/** The slot of a client as its calls use it; it is nobody's to have but the runtime's own, so it is caught on its way. */
async function keyturnSlot() {
  const { createClient } = await import("../../../dist/src/index.js");
  const { Slot } = await import("../../../dist/src/tokens/slot.js");
  const { operations, servers } = await import(pathToFileURL(path.join(work, "keyturn/things/operations.js")).href);
  const { inputs, securitySchemes } = await import(pathToFileURL(path.join(work, "keyturn/things/lifecycle.js")).href);
  const definition = { name: "things", servers, inputs, operations, securitySchemes };
  const things = createClient(definition, {
    inputs: { clientId: "client", clientSecret: "secret" },
    fetch: async () => Response.json(answer),
  });
  const { peek } = Slot.prototype;
  let slot;
  Slot.prototype.peek = function () {
    slot = this;
    return peek.call(this);
  };
  await things.getThing({ params: { path: { id: "t-1" } } });
  Slot.prototype.peek = peek;
  return slot;
}

async function googleClient() {
  const { OAuth2Client } = await import("google-auth-library");
  const client = new OAuth2Client();
  client.setCredentials({ access_token: answer.access_token, expiry_date: Date.now() + HOUR_MS });
  return client;
}

async function azureHeader() {
  const azure = await import("@azure/core-rest-pipeline");
  const credential = { getToken: async () => ({ token: answer.access_token, expiresOnTimestamp: Date.now() + HOUR_MS }) };
  const policy = azure.bearerTokenAuthenticationPolicy({ credential, scopes: ["things"] });
  const request = azure.createPipelineRequest({ url: "https://api.example/things" });
  const response = { request, status: 200, headers: azure.createHttpHeaders() };
  return () => policy.sendRequest(request, async () => response);
}

async function awsIdentity() {
  const { doesIdentityRequireRefresh, isIdentityExpired, memoizeIdentityProvider } = await import("@smithy/core");
  const provide = async () => ({ token: answer.access_token, expiration: new Date(Date.now() + HOUR_MS) });
  return memoizeIdentityProvider(provide, isIdentityExpired, doesIdentityRequireRefresh);
}

async function badgatewayFetch() {
  const { OAuth2Client, OAuth2Fetch } = await import("@badgateway/oauth2-client");
  const client = new OAuth2Client({ server: "https://api.example", clientId: "client" });
  const token = { accessToken: answer.access_token, expiresAt: Date.now() + HOUR_MS, refreshToken: null };
  return new OAuth2Fetch({ client, getNewToken: () => token });
}
