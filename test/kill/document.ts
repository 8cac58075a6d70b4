/** One service in five natures: what its refresh token does is all that differs. */

export const NATURES = {
  "single use": { rotation: "always" },
  "reuse window": { rotation: "always", reuseWindow: "P1D" },
  "ten uses": { rotation: "sometimes", uses: 10 },
  "never rotating": { rotation: "never" },
  recoverable: { rotation: "always" },
} as const;

export type Nature = keyof typeof NATURES;

const json = (example: unknown) => ({ description: "Answer.", content: { "application/json": { example } } });

/** An OpenAPI document whose tokens have that nature. */
export function documentOf(nature: Nature): unknown {
  const refused = { "400": json({ error: "invalid_grant" }) };
  const recover = { operationId: "getGrant", outputs: { refreshToken: "$response.body#/refresh_token" } };
  return {
    openapi: "3.1.0",
    info: { title: "Natures", version: "1" },
    servers: [{ url: "https://natures.example" }],
    paths: {
      "/token": {
        post: {
          operationId: "exchange",
          security: [{ device: [] }],
          requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
          responses: { "200": json({ access_token: "A", refresh_token: "R", expires_in: 3600 }), ...refused },
        },
      },
      "/grant": {
        get: { operationId: "getGrant", security: [{ device: [] }], responses: { "200": json({ refresh_token: "R" }) } },
      },
      "/things": {
        get: {
          operationId: "listThings",
          security: [{ user: [] }],
          responses: { "200": json([]), "401": json({ error: "invalid_token" }) },
        },
      },
    },
    components: {
      securitySchemes: {
        device: { type: "apiKey", in: "header", name: "X-Device" },
        user: {
          type: "http",
          scheme: "bearer",
          "x-token-lifecycle": {
            key: ["$inputs.device"],
            initial: { refreshToken: "$inputs.refreshToken" },
            refresh: {
              operationId: "exchange",
              requestBody: { payload: { refresh_token: "$outputs.refreshToken" } },
              outputs: { accessToken: "$response.body#/access_token", refreshToken: "$response.body#/refresh_token" },
              onFailure: nature === "recoverable" ? { recover: "$statusCode == 400" } : { failed: "$statusCode == 400" },
            },
            ...(nature === "recoverable" && { recover }),
            expires: { accessToken: { in: "$response.body#/expires_in" } },
            refreshToken: NATURES[nature],
          },
        },
      },
    },
  };
}
