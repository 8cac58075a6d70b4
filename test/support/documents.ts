/** Small documents for tests of the runtime: one idea each, no service's. */

const ok = { responses: { "200": { description: "Done." } } };

/** OAuth 2 with a password grant, a rotating refresh token, a revocation and two operations. */
export function oauthDocument(lifecycle: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  return {
    openapi: "3.1.0",
    info: { title: "OAuth", version: "1" },
    servers: [{ url: "https://api.example" }],
    security: [{ user: [] }],
    paths: {
      "/token": { post: { operationId: "getToken", security: [], ...form, ...ok } },
      "/revoke": { post: { operationId: "revokeToken", security: [], ...form, ...ok } },
      "/things": { get: { operationId: "listThings", ...ok }, post: { operationId: "createThing", ...json, ...ok } },
    },
    components: {
      securitySchemes: {
        user: {
          type: "oauth2",
          flows: { password: { tokenUrl: "/token", refreshUrl: "/token", scopes: {} } },
          "x-token-lifecycle": {
            clientAuthentication: "client_secret_post",
            obtain: { operationId: "getToken", grantType: "password" },
            refresh: { operationId: "getToken", grantType: "refresh_token" },
            revoke: {
              operationId: "revokeToken",
              requestBody: { payload: { token: "$outputs.refreshToken" } },
              ends: ["refreshToken", "accessToken"],
            },
            ...lifecycle,
          },
        },
      },
    },
    ...more,
  };
}

export const oauthInputs = { clientId: "client", clientSecret: "s3cret", username: "ada", password: "pass word" };

const form = { requestBody: { content: { "application/x-www-form-urlencoded": { schema: { type: "object" } } } } };
const json = { requestBody: { content: { "application/json": { schema: { type: "object" } } } } };

/** A token endpoint that numbers what it hands out: `at-1`, `rt-1`, … */
export function tokenEndpoint(extra: (n: number, grant: string) => Record<string, unknown> = () => ({})) {
  let count = 0;
  return ({ body }: { readonly body: string }): Response => {
    count += 1;
    const grant = new URLSearchParams(body).get("grant_type") ?? "";
    return Response.json({
      access_token: `at-${count}`,
      refresh_token: `rt-${count}`,
      token_type: "bearer",
      expires_in: 3600,
      ...extra(count, grant),
    });
  };
}

/** A protected operation that takes whatever token `accepts` says. */
export function protectedBy(accepts: (token: string) => boolean) {
  return ({ headers }: { readonly headers: Readonly<Record<string, string>> }): Response => {
    const token = (headers["authorization"] ?? "").replace("Bearer ", "");
    return accepts(token) ? Response.json({ token }) : Response.json({ error: "invalid_token" }, { status: 401 });
  };
}
