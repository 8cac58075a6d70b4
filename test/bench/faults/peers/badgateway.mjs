import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";

export const peer = {
  name: "@badgateway/oauth2-client",
  packages: ["@badgateway/oauth2-client"],
  how: "`OAuth2Fetch`, with `getStoredToken` and `storeToken`",
  // Renews by a timer, one minute before the end of a token that lives longer than two.
  ahead: { life: 122, afterMs: 63_000 },
  store: "`storeToken` writes a file",
  keepsTokens: true,

  start({ url, clientId, clientSecret, refreshToken, file }) {
    const client = new OAuth2Client({ server: url, tokenEndpoint: "/token", clientId, clientSecret });
    const wrapper = new OAuth2Fetch({
      client,
      getNewToken: async () => null,
      getStoredToken: () =>
        file && existsSync(file)
          ? JSON.parse(readFileSync(file, "utf8"))
          : { accessToken: "", refreshToken, expiresAt: Date.now() - 1 },
      storeToken: (token) => file && writeFileSync(file, JSON.stringify(token)),
    });
    return {
      call: async ({ signal } = {}) => (await wrapper.fetch(`${url}/things`, { signal })).status,
      objects: () => [wrapper],
    };
  },
};
