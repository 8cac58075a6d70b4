/** Clients that renew a token, each as its own documentation shows it. `load` resolves to a function that gets a thing by id. */

import { variants } from "./variants.mjs";

const inputs = { clientId: "client", clientSecret: "secret" };
const form = { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials" }) };
const requestToken = async (baseUrl) => (await fetch(`${baseUrl}/token`, form)).json();

export const renewing = {
  keyturn: { label: "keyturn on fetch", how: "", load: async (baseUrl) => (await variants.keyturn.load(baseUrl)).get },
  "keyturn-undici": {
    label: "keyturn on undici",
    how: "",
    load: async (baseUrl) => (await variants["keyturn-undici"].load(baseUrl)).get,
  },
  "openapi-fetch-auth": {
    label: "openapi-fetch, auth middleware by hand",
    how: "as most write it: the token is asked for when it has ended; nothing is shared while one is on its way",
    load: async (baseUrl) => (await variants["openapi-fetch-auth"].load(baseUrl)).get,
  },
  axios: {
    label: "axios with axios-auth-refresh",
    how: "renews after a 401; with its defaults, a 401 that comes while another one is being renewed goes to its caller",
    async load(baseURL) {
      const { default: axios } = await import("axios");
      const { createAuthRefresh } = await import("axios-auth-refresh");
      const { Agent } = await import("node:http");
      const api = axios.create({ baseURL, httpAgent: new Agent({ keepAlive: true }) });
      let token;
      api.interceptors.request.use((config) => {
        config.headers.Authorization = `Bearer ${token}`;
        return config;
      });
      createAuthRefresh(api, async (failed) => {
        token = (await requestToken(baseURL)).access_token;
        failed.response.config.headers["Authorization"] = `Bearer ${token}`;
      });
      return async (id) => (await api.get(`/things/${id}`)).data;
    },
  },
  google: {
    label: "google-auth-library",
    how: "a refresh token, `eagerRefreshThresholdMillis: 0`",
    async load(baseUrl) {
      const { OAuth2Client } = await import("google-auth-library");
      const endpoints = { oauth2TokenUrl: `${baseUrl}/token` };
      const client = new OAuth2Client({ ...inputs, endpoints, eagerRefreshThresholdMillis: 0 });
      client.setCredentials({ refresh_token: "refresh" });
      return async (id) => (await client.request({ url: `${baseUrl}/things/${id}` })).data;
    },
  },
  azure: {
    label: "Azure core-rest-pipeline",
    how: "its bearer policy; the credential asks for a token",
    async load(baseUrl) {
      const azure = await import("@azure/core-rest-pipeline");
      const pipeline = azure.createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
      const credential = {
        async getToken() {
          const answer = await requestToken(baseUrl);
          return { token: answer.access_token, expiresOnTimestamp: Date.now() + answer.expires_in * 1000 };
        },
      };
      pipeline.addPolicy(azure.bearerTokenAuthenticationPolicy({ credential, scopes: ["things"] }));
      const plainHttp = {
        name: "loopback",
        sendRequest(request, next) {
          request.url = request.url.replace("https:", "http:");
          return next(request);
        },
      };
      pipeline.addPolicy(plainHttp, { afterPhase: "Sign" });
      const http = azure.createDefaultHttpClient();
      const url = baseUrl.replace("http:", "https:");
      return async (id) => {
        const request = azure.createPipelineRequest({ url: `${url}/things/${id}`, allowInsecureConnection: true });
        return JSON.parse((await pipeline.sendRequest(http, request)).bodyAsText);
      };
    },
  },
};
