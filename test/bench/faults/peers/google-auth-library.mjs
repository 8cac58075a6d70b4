import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { OAuth2Client } from "google-auth-library";

export const peer = {
  name: "google-auth-library",
  packages: ["google-auth-library"],
  how: "`OAuth2Client.request` with `forceRefreshOnFailure`, its token endpoint set to the scripted one",
  // Renews on the next call within five minutes of the end.
  ahead: { life: 200, afterMs: 0 },
  store: "its `tokens` event writes a file",
  keepsTokens: true,

  start({ url, clientId, clientSecret, refreshToken, file }) {
    const endpoints = { oauth2TokenUrl: `${url}/token` };
    const client = new OAuth2Client({ clientId, clientSecret, endpoints, forceRefreshOnFailure: true });
    const kept = file && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { refresh_token: refreshToken };
    client.setCredentials(kept);
    if (file) client.on("tokens", (tokens) => writeFileSync(file, JSON.stringify({ ...client.credentials, ...tokens })));
    return {
      async call({ signal } = {}) {
        try {
          return (await client.request({ url: `${url}/things`, signal })).status;
        } catch (error) {
          if (error.response?.status === 401) return 401;
          throw error;
        }
      },
      objects: () => [client],
    };
  },
};
