/** One service in six natures: what its refresh token does, and what else leads to a token, is all that differs. */

export const NATURES = {
  "single-use": { rotation: "always" },
  "reuse-window": { rotation: "always", reuseWindow: "PT1M" },
  "ten-uses": { rotation: "sometimes", uses: 10 },
  "never-rotating": { rotation: "never" },
  recoverable: { rotation: "always" },
  obtainable: { rotation: "always" },
} as const;

export type Nature = keyof typeof NATURES;

/** Of these a grant is lost when an answer that held its only successor is: no client can mend that. */
export const MAY_BE_LOST: readonly Nature[] = ["single-use", "ten-uses"];

const json = (example: unknown) => ({ description: "Answer.", content: { "application/json": { example } } });
const body = { requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } } };
const outputs = { accessToken: "$response.body#/access_token", refreshToken: "$response.body#/refresh_token" };
const tokens = { "200": json({ access_token: "A", refresh_token: "R", expires_in: 3600 }) };

/** An OpenAPI document whose tokens have that nature. */
export function documentOf(nature: Nature): unknown {
  const isObtainable = nature === "obtainable";
  const leadsOn =
    nature === "recoverable"
      ? { recover: "$statusCode == 400" }
      : isObtainable
        ? { obtain: "$statusCode == 400" }
        : { failed: "$statusCode == 400" };
  return {
    openapi: "3.1.0",
    info: { title: nature, version: "1" },
    servers: [{ url: "https://soak.example" }],
    paths: {
      "/token": {
        post: {
          operationId: "exchange",
          security: [{ device: [] }],
          ...body,
          responses: { ...tokens, "400": json({ error: "invalid_grant" }) },
        },
      },
      "/login": {
        post: {
          operationId: "login",
          security: [{ device: [] }],
          ...body,
          responses: { ...tokens, "403": json({ error: "denied" }) },
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
            ...(isObtainable
              ? { obtain: { operationId: "login", requestBody: { payload: { password: "$inputs.password" } }, outputs } }
              : { initial: { refreshToken: "$inputs.refreshToken" } }),
            refresh: {
              operationId: "exchange",
              requestBody: { payload: { refresh_token: "$outputs.refreshToken" } },
              outputs,
              onFailure: leadsOn,
            },
            ...(nature === "recoverable" && {
              recover: { operationId: "getGrant", outputs: { refreshToken: "$response.body#/refresh_token" } },
            }),
            expires: { accessToken: { in: "$response.body#/expires_in" } },
            refreshToken: NATURES[nature],
          },
        },
      },
    },
  };
}
