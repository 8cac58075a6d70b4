/**
 * The ways to call the service that are compared. Each loads itself when asked, so that a process holds one of them, and is used
 * as its own documentation shows it, with a token that the service takes and that has not ended.
 *
 * `get(id)` and `post(thing)` resolve to the parsed body.
 */

import path from "node:path";
import { pathToFileURL } from "node:url";
import { work } from "./work.mjs";

const built = (file) => import(pathToFileURL(path.join(work, file)).href);
const TOKEN = "a-token-of-the-length-that-tokens-have-0123456789abcdef0123456789abcdef";
const AUTHORIZATION = `Bearer ${TOKEN}`;
const JSON_TYPE = { "content-type": "application/json" };

async function keyturn(baseUrl, options = {}) {
  const { createThings } = await built("keyturn/things/index.js");
  return createThings({ baseUrl, inputs: { clientId: "client", clientSecret: "secret" }, ...options });
}

async function keyturnOnUndici(baseUrl) {
  const { undici } = await import("../../../dist/lib/transports/undici.js");
  return keyturn(baseUrl, { transport: undici() });
}

const byName = (client) => ({
  get: async (id) => (await client.getThing({ params: { path: { id } } })).data,
  post: async (body) => (await client.createThing({ body })).data,
});
const byPath = (client) => ({
  get: async (id) => (await client.GET("/things/{id}", { params: { path: { id } } })).data,
  post: async (body) => (await client.POST("/things", { body })).data,
});

export const variants = {
  "openapi-fetch": {
    label: "openapi-fetch",
    how: "a constant header; no token is looked after",
    async load(baseUrl) {
      const { default: createClient } = await import("openapi-fetch");
      return byPath(createClient({ baseUrl, headers: { authorization: AUTHORIZATION } }));
    },
  },
  "openapi-fetch-auth": {
    label: "openapi-fetch, auth middleware by hand",
    how: "the middleware of its documentation: a token from memory, asked for again when it has ended",
    async load(baseUrl) {
      const { default: createClient } = await import("openapi-fetch");
      const client = createClient({ baseUrl });
      let token;
      client.use({
        async onRequest({ request }) {
          if (token === undefined || token.expiresAt <= Date.now()) {
            const answer = await (await fetch(`${baseUrl}/token`, { method: "POST" })).json();
            token = { value: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 };
          }
          request.headers.set("Authorization", `Bearer ${token.value}`);
          return request;
        },
      });
      return byPath(client);
    },
  },
  keyturn: {
    label: "keyturn on fetch, named methods",
    how: "`createThings()`",
    load: async (baseUrl) => byName(await keyturn(baseUrl)),
  },
  "keyturn-path": {
    label: "keyturn on fetch, path form",
    how: '`things.GET("/things/{id}")`',
    load: async (baseUrl) => byPath(await keyturn(baseUrl)),
  },
  "keyturn-undici": {
    label: "keyturn on undici, named methods",
    how: "`createThings({ transport: undici() })`",
    load: async (baseUrl) => byName(await keyturnOnUndici(baseUrl)),
  },
  "keyturn-undici-path": {
    label: "keyturn on undici, path form",
    how: "the same, by method and path",
    load: async (baseUrl) => byPath(await keyturnOnUndici(baseUrl)),
  },
  fetch: {
    label: "fetch",
    how: "bare: a URL made by hand, a constant header",
    load: async (baseUrl) => ({
      get: async (id) => {
        const response = await fetch(`${baseUrl}/things/${id}`, { headers: { authorization: AUTHORIZATION } });
        return JSON.parse(await response.text());
      },
      post: async (thing) => {
        const headers = { authorization: AUTHORIZATION, ...JSON_TYPE };
        const response = await fetch(`${baseUrl}/things`, { method: "POST", headers, body: JSON.stringify(thing) });
        return JSON.parse(await response.text());
      },
    }),
  },
  "undici-pool": {
    label: "undici Pool.request",
    how: "bare: the floor",
    async load(baseUrl) {
      const { Pool } = await import("undici");
      const pool = new Pool(baseUrl);
      const read = async ({ body }) => JSON.parse(await body.text());
      return {
        get: async (id) =>
          read(await pool.request({ path: `/things/${id}`, method: "GET", headers: { authorization: AUTHORIZATION } })),
        post: async (thing) => {
          const headers = { authorization: AUTHORIZATION, ...JSON_TYPE };
          return read(await pool.request({ path: "/things", method: "POST", headers, body: JSON.stringify(thing) }));
        },
      };
    },
  },
  "hey-api": {
    label: "hey-api",
    how: "its fetch client, `auth` as a function",
    peer: "@hey-api/openapi-ts",
    async load(baseUrl) {
      const { client } = await built("hey/client.gen.js");
      const { createThing, getThing } = await built("hey/sdk.gen.js");
      client.setConfig({ baseUrl, auth: () => TOKEN });
      return {
        get: async (id) => (await getThing({ path: { id } })).data,
        post: async (body) => (await createThing({ body })).data,
      };
    },
  },
  orval: {
    label: "orval",
    how: "its fetch client; base and header added around the global `fetch`, as it has no place for them",
    peer: "orval",
    async load(baseUrl) {
      const { createThing, getThing } = await built("orval/index.js");
      const plain = globalThis.fetch;
      globalThis.fetch = (url, init) => plain(baseUrl + url, init);
      const headers = { authorization: AUTHORIZATION };
      return {
        get: async (id) => (await getThing(id, undefined, { headers })).data,
        post: async (thing) => (await createThing(thing, { headers })).data,
      };
    },
  },
  ky: {
    label: "ky",
    how: "`beforeRequest` sets the header",
    peer: "ky",
    async load(baseUrl) {
      const { default: ky } = await import("ky");
      const api = ky.create({
        prefixUrl: baseUrl,
        retry: 0,
        hooks: { beforeRequest: [(request) => request.headers.set("Authorization", AUTHORIZATION)] },
      });
      return { get: (id) => api.get(`things/${id}`).json(), post: (json) => api.post("things", { json }).json() };
    },
  },
  got: {
    label: "got",
    how: "`beforeRequest` sets the header; keep-alive agents",
    peer: "got",
    async load(baseUrl) {
      const { default: got } = await import("got");
      const { Agent } = await import("node:http");
      const api = got.extend({
        prefixUrl: baseUrl,
        retry: { limit: 0 },
        agent: { http: new Agent({ keepAlive: true }) },
        hooks: {
          beforeRequest: [
            (options) => {
              options.headers["authorization"] = AUTHORIZATION;
            },
          ],
        },
      });
      return { get: (id) => api.get(`things/${id}`).json(), post: (json) => api.post("things", { json }).json() };
    },
  },
  axios: {
    label: "axios with axios-auth-refresh",
    how: "its interceptors; keep-alive agents",
    peer: "axios-auth-refresh",
    async load(baseURL) {
      const { default: axios } = await import("axios");
      const { createAuthRefresh } = await import("axios-auth-refresh");
      const { Agent } = await import("node:http");
      const api = axios.create({ baseURL, httpAgent: new Agent({ keepAlive: true }) });
      api.interceptors.request.use((config) => {
        config.headers.Authorization = AUTHORIZATION;
        return config;
      });
      createAuthRefresh(api, async () => {});
      return {
        get: async (id) => (await api.get(`/things/${id}`)).data,
        post: async (thing) => (await api.post("/things", thing)).data,
      };
    },
  },
  google: {
    label: "google-auth-library",
    how: "`OAuth2Client.request` with a token that has not ended",
    peer: "google-auth-library",
    async load(baseUrl) {
      const { OAuth2Client } = await import("google-auth-library");
      const client = new OAuth2Client();
      client.setCredentials({ access_token: TOKEN, expiry_date: Date.now() + 3_600_000 });
      return {
        get: async (id) => (await client.request({ url: `${baseUrl}/things/${id}` })).data,
        post: async (data) => (await client.request({ url: `${baseUrl}/things`, method: "POST", data })).data,
      };
    },
  },
  azure: {
    label: "Azure core-rest-pipeline",
    how: "its pipeline with `bearerTokenAuthenticationPolicy`",
    peer: "@azure/core-rest-pipeline",
    async load(baseUrl) {
      const azure = await import("@azure/core-rest-pipeline");
      const pipeline = azure.createPipelineFromOptions({});
      const credential = { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) };
      pipeline.removePolicy({ name: azure.bearerTokenAuthenticationPolicyName });
      pipeline.addPolicy(azure.bearerTokenAuthenticationPolicy({ credential, scopes: ["things"] }));
      // The policy refuses plain http, loopback too: the request says https until it is on its way.
      pipeline.addPolicy(
        {
          name: "loopback",
          sendRequest(request, next) {
            request.url = request.url.replace("https:", "http:");
            return next(request);
          },
        },
        { afterPhase: "Sign" },
      );
      const http = azure.createDefaultHttpClient();
      const url = baseUrl.replace("http:", "https:");
      const send = async (options) => {
        const request = azure.createPipelineRequest({ allowInsecureConnection: true, ...options });
        return JSON.parse((await pipeline.sendRequest(http, request)).bodyAsText);
      };
      return {
        get: (id) => send({ url: `${url}/things/${id}` }),
        post: (thing) => {
          const headers = azure.createHttpHeaders(JSON_TYPE);
          return send({ url: `${url}/things`, method: "POST", headers, body: JSON.stringify(thing) });
        },
      };
    },
  },
};
