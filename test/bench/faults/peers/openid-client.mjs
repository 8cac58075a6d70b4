import * as oidc from "openid-client";

/** How far ahead of its end a token is renewed. */
const AHEAD_MS = 30_000;

export const peer = {
  name: "openid-client",
  packages: ["openid-client"],
  how: "a wrapper: `refreshTokenGrant` half a minute ahead of the end, its answer in place of the tokens, one refresh at a time, a 401 leads to one refresh and one resend",
  ahead: { life: 20, afterMs: 0 },
  store: undefined,
  keepsTokens: true,

  start({ url, clientId, clientSecret, refreshToken }) {
    const server = { issuer: url, token_endpoint: `${url}/token` };
    const config = new oidc.Configuration(server, clientId, clientSecret);
    oidc.allowInsecureRequests(config);
    let tokens = { access_token: "none", refresh_token: refreshToken };
    let end = 0;
    let flight;
    const refresh = () => {
      flight ??= oidc
        .refreshTokenGrant(config, tokens.refresh_token)
        .then((answer) => {
          tokens = answer;
          end = Date.now() + (answer.expiresIn() ?? 0) * 1000;
        })
        .finally(() => {
          flight = undefined;
        });
      return flight;
    };
    const target = new URL(`${url}/things`);
    const send = async (signal) => {
      const init = { signal, headers: { Authorization: `Bearer ${tokens.access_token}` } };
      return fetch(target, init);
    };
    return {
      async call({ signal } = {}) {
        if (Date.now() > end - AHEAD_MS) await refresh();
        const response = await send(signal);
        if (response.status !== 401) return response.status;
        await refresh();
        return (await send(signal)).status;
      },
      objects: () => [config],
    };
  },
};
