// The service that every library meets: refresh tokens turn on every use, and the whole grant ends when a spent one is shown.
// What it answers can be scripted; what it was asked is counted. Every secret in it begins with CANARY.

import { createServer } from "node:http";

export const CLIENT_ID = "bench";
export const CLIENT_SECRET = "CANARY-secret";

/**
 * @param life how long an access token lives, in seconds.
 * @param rotate whether a refresh brings another refresh token; without, its answer holds none.
 * @param forgiving whether a spent refresh token is taken too.
 */
export async function startService({ life = 3600, rotate = true, forgiving = false } = {}) {
  const spent = new Set();
  const live = new Map();
  const service = {
    url: "",
    rotates: rotate,
    life,
    inForce: "CANARY-rt-0",
    /** Every refresh token that was shown, in order. */
    shown: [],
    /** How often a spent one was. */
    reuses: 0,
    isRevoked: false,
    /** What befalls a token request: it is held for `delayMs`, refused with `status`, or acted upon and then `cut` off. */
    onToken: {},
    /** For how long each of the next 401s is held, in milliseconds. */
    holds: [],
    /** Ends every access token. */
    endAccessTokens: () => live.clear(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  service.url = `http://127.0.0.1:${server.address().port}`;
  return service;

  async function answer(request, response) {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url === "/token") return exchange(new URLSearchParams(body).get("refresh_token"), response);
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    if ((live.get(token) ?? 0) > Date.now()) return reply(response, 200, { fine: true });
    await sleep(service.holds.shift() ?? 0);
    return reply(response, 401, { error: "invalid_token" }, { "WWW-Authenticate": 'Bearer error="invalid_token"' });
  }

  async function exchange(refreshToken, response) {
    const { delayMs = 0, status, cut } = service.onToken;
    service.shown.push(refreshToken);
    if (status !== undefined) return reply(response, status, { error: status === 400 ? "invalid_grant" : "busy" });
    const granted = grant(refreshToken);
    await sleep(delayMs);
    if (cut) return response.socket?.destroy();
    return granted === undefined ? reply(response, 400, { error: "invalid_grant" }) : reply(response, 200, granted);
  }

  function grant(refreshToken) {
    if (spent.has(refreshToken) && !forgiving) {
      service.reuses += 1;
      service.isRevoked = true;
      live.clear();
    }
    const isKnown = refreshToken === service.inForce || spent.has(refreshToken);
    if (service.isRevoked || !isKnown) return undefined;
    const accessToken = `CANARY-at-${service.shown.length}`;
    live.set(accessToken, Date.now() + service.life * 1000);
    const answer = { access_token: accessToken, token_type: "Bearer", expires_in: service.life };
    if (!rotate) return answer;
    spent.add(refreshToken);
    service.inForce = `CANARY-rt-${service.shown.length}`;
    return { ...answer, refresh_token: service.inForce };
  }
}

function reply(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
