import { existsSync, readFileSync, writeFileSync } from "node:fs";
import axios from "axios";
import { createAuthRefresh } from "axios-auth-refresh";

export const peer = {
  name: "axios-auth-refresh",
  packages: ["axios-auth-refresh", "axios"],
  how: "the README's two interceptors; its `refreshAuthLogic` posts the refresh token and keeps what comes back",
  ahead: undefined,
  store: "`refreshAuthLogic` writes a file where the README has `localStorage`",
  keepsTokens: false,

  start({ url, clientId, clientSecret, refreshToken, file }) {
    let tokens = file && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { refreshToken };
    const instance = axios.create({ baseURL: url });
    instance.interceptors.request.use((request) => {
      request.headers["Authorization"] = `Bearer ${tokens.accessToken}`;
      return request;
    });
    createAuthRefresh(instance, async (failed) => {
      const form = { grant_type: "refresh_token", client_id: clientId, client_secret: clientSecret };
      const body = new URLSearchParams({ ...form, refresh_token: tokens.refreshToken });
      const { data } = await axios.post(`${url}/token`, body);
      tokens = { accessToken: data.access_token, refreshToken: data.refresh_token ?? tokens.refreshToken };
      if (file) writeFileSync(file, JSON.stringify(tokens));
      failed.response.config.headers["Authorization"] = `Bearer ${data.access_token}`;
    });
    return {
      call: async ({ signal } = {}) => (await instance.get("/things", { signal })).status,
      objects: () => [instance],
    };
  },
};
