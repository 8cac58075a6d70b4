import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";

export const peer = {
  name: "@azure/core-rest-pipeline",
  packages: ["@azure/core-rest-pipeline"],
  how: "`bearerTokenAuthenticationPolicy` over a credential that posts the refresh token, keeps what comes back, and heeds the `abortSignal` that it is handed; a policy behind it sends to loopback what the first one takes for https",
  // Renews in the background within two minutes of the end.
  ahead: { life: 60, afterMs: 0 },
  store: undefined,
  keepsTokens: false,

  start({ url, clientId, clientSecret, refreshToken }) {
    let held = refreshToken;
    const credential = {
      async getToken(_scopes, { abortSignal } = {}) {
        const form = { grant_type: "refresh_token", client_id: clientId, client_secret: clientSecret, refresh_token: held };
        const response = await fetch(`${url}/token`, { method: "POST", body: new URLSearchParams(form), signal: abortSignal });
        if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
        const answer = await response.json();
        held = answer.refresh_token ?? held;
        return { token: answer.access_token, expiresOnTimestamp: Date.now() + answer.expires_in * 1000 };
      },
    };
    const pipeline = createEmptyPipeline();
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: "things" }));
    pipeline.addPolicy(
      {
        name: "loopback",
        sendRequest: (request, next) => {
          request.url = `${url}/things`;
          return next(request);
        },
      },
      { afterPolicies: ["bearerTokenAuthenticationPolicy"] },
    );
    const http = createDefaultHttpClient();
    return {
      async call({ signal } = {}) {
        const target = "https://loopback.example/things";
        const request = createPipelineRequest({ url: target, abortSignal: signal, allowInsecureConnection: true });
        return (await pipeline.sendRequest(http, request)).status;
      },
      objects: () => [pipeline],
    };
  },
};
