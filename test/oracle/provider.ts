/** A certified authorization server, started on loopback, that ends a grant as soon as it is shown a spent refresh token. */

import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Provider, Token } from "oidc-provider";

/** Neither half survives HTTP Basic unless it is form-encoded first (RFC 6749 section 2.3.1). */
export const CLIENT = { clientId: "oracle:1 %2f", clientSecret: "s+c/r%t: &~" };

/** One grant of one person, and what the server has seen of it. */
export interface OracleGrant {
  /** The first refresh token: as if the person had just come back from the login page. */
  readonly refreshToken: string;
  readonly refreshes: () => number;
  /** How often a spent refresh token was shown. */
  readonly reuses: () => number;
  /** Whether the server has ended the grant, and every token of it. */
  readonly isRevoked: () => boolean;
}

export interface Oracle {
  readonly url: string;
  grant(accountId: string): Promise<OracleGrant>;
  /** Token requests for client credentials that it has answered. */
  readonly clientCredentials: () => number;
  /** Ends one access token before its time. */
  endAccessToken(value: string): Promise<void>;
  close(): Promise<void>;
}

/** What the server tells of the request that it is answering. */
interface Context {
  readonly oidc: {
    readonly params?: Readonly<Record<string, unknown>>;
    readonly entities: Readonly<Record<string, Token | undefined>>;
  };
}

export async function startOracle(): Promise<Oracle> {
  let answer = (_request: IncomingMessage, _response: ServerResponse): void => {};
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = await createProvider(url);

  const reuses = new Map<string, number>();
  const refreshes = new Map<string, number>();
  const revoked = new Set<string>();
  let clientCredentials = 0;
  provider.on("grant.success", ({ oidc }: Context) => {
    if (oidc.params?.["grant_type"] === "client_credentials") clientCredentials += 1;
    count(refreshes, oidc.entities["RotatedRefreshToken"]?.grantId);
  });
  provider.on("grant.error", ({ oidc }: Context, { error_detail: detail }: { readonly error_detail?: string }) => {
    if (detail === "refresh token already used") count(reuses, oidc.entities["RefreshToken"]?.grantId);
  });
  provider.on("grant.revoked", (_: Context, grantId: string) => revoked.add(grantId));

  const authorize = provider.callback();
  answer = (request, response) => {
    const model = { "/things": provider.AccessToken, "/counts": provider.ClientCredentials }[request.url ?? ""];
    if (model === undefined) authorize(request, response);
    else void serve(request, response, (value) => model.find(value));
  };

  return {
    url,
    clientCredentials: () => clientCredentials,
    async grant(accountId) {
      const scope = "openid offline_access";
      const grant = new provider.Grant({ accountId, clientId: CLIENT.clientId });
      grant.addOIDCScope(scope);
      const grantId = await grant.save();
      const client = await provider.Client.find(CLIENT.clientId);
      const members = { accountId, client, grantId, gty: "authorization_code", scope };
      const refreshToken = await new provider.RefreshToken(members).save();
      return {
        refreshToken,
        refreshes: () => refreshes.get(grantId) ?? 0,
        reuses: () => reuses.get(grantId) ?? 0,
        isRevoked: () => revoked.has(grantId),
      };
    },
    async endAccessToken(value) {
      await (await provider.AccessToken.find(value))?.destroy();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function createProvider(url: string): Promise<Provider> {
  const { Provider: Created } = await quietly(() => import("oidc-provider"));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const configuration = {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        grant_types: ["client_credentials", "refresh_token", "authorization_code"],
        redirect_uris: ["https://client.example/back"],
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig" }] },
    cookies: { keys: ["a test's own"] },
    features: {
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      devInteractions: { enabled: false },
    },
    ttl: { AccessToken: 3600, ClientCredentials: 600, Grant: 86_400, IdToken: 3600, RefreshToken: 86_400 },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    rotateRefreshToken: true,
  };
  return quietly(async () => new Created(url, configuration));
}

/** Without the advice that the server prints for those who would run it in earnest. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn, info } = console;
  Object.assign(console, { warn: () => {}, info: () => {} });
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, info });
  }
}

/** A service that believes the server alone: whose token it is, if it is one. */
async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  find: (value: string) => Promise<Token | undefined>,
): Promise<void> {
  const token = await find(/^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "none");
  response.writeHead(token === undefined ? 401 : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(token === undefined ? { error: "invalid_token" } : { of: token.accountId ?? token.clientId }));
}

function count(counts: Map<string, number>, key: string | undefined): void {
  if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
}
