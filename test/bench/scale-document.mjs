/** A service with a token for each user: OAuth 2, a password grant, a refresh token that rotates. */
const ok = { responses: { 200: { description: "Done." } } };
const form = { requestBody: { content: { "application/x-www-form-urlencoded": { schema: { type: "object" } } } } };

export const perUser = {
  openapi: "3.1.0",
  info: { title: "Scale", version: "1" },
  servers: [{ url: "https://api.example" }],
  security: [{ user: [] }],
  paths: {
    "/token": { post: { operationId: "getToken", security: [], ...form, ...ok } },
    "/things": { get: { operationId: "listThings", ...ok } },
    "/open": { get: { operationId: "getOpen", security: [], ...ok } },
  },
  components: {
    securitySchemes: {
      user: {
        type: "oauth2",
        flows: { password: { tokenUrl: "/token", refreshUrl: "/token", scopes: {} } },
        "x-token-lifecycle": {
          key: ["$inputs.username"],
          clientAuthentication: "client_secret_post",
          obtain: { operationId: "getToken", grantType: "password" },
          refresh: { operationId: "getToken", grantType: "refresh_token" },
          refreshToken: { rotation: "always" },
        },
      },
    },
  },
};
