import { existsSync, readFileSync, writeFileSync } from "node:fs";
import simpleOauth2 from "simple-oauth2";

/** As in its README. */
const EXPIRATION_WINDOW_IN_SECONDS = 300;

export const peer = {
  name: "simple-oauth2",
  packages: ["simple-oauth2"],
  how: "a wrapper: the README's `expired(300)` and `refresh` in a `try` before each call, one refresh at a time, a 401 leads to one refresh and one resend",
  ahead: { life: 200, afterMs: 0 },
  store: "the wrapper writes the token's JSON to a file, as in the README",
  keepsTokens: true,

  start({ url, clientId, clientSecret, refreshToken, file }) {
    const client = new simpleOauth2.AuthorizationCode({
      client: { id: clientId, secret: clientSecret },
      auth: { tokenHost: url, tokenPath: "/token", refreshPath: "/token" },
    });
    const kept = file && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
    let token = client.createToken(kept ?? { access_token: "none", refresh_token: refreshToken, expires_at: new Date(0) });
    let flight;
    const refresh = () => {
      flight ??= token
        .refresh()
        .then((next) => {
          token = next;
          if (file) writeFileSync(file, JSON.stringify(token));
        })
        .finally(() => {
          flight = undefined;
        });
      return flight;
    };
    let failure;
    const send = (signal) =>
      fetch(`${url}/things`, { signal, headers: { Authorization: `Bearer ${token.token.access_token}` } });
    return {
      async call({ signal } = {}) {
        try {
          if (token.expired(EXPIRATION_WINDOW_IN_SECONDS)) await refresh();
        } catch (error) {
          failure = error; // printed, in the README
        }
        const response = await send(signal);
        if (response.status !== 401) return response.status;
        await refresh();
        return (await send(signal)).status;
      },
      objects: () => [client, token],
      error: () => failure,
    };
  },
};
