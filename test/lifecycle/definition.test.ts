import { describe, expect, it } from "vitest";
import type { ApiDefinition, SecurityScheme, TokenCall, Value } from "../../src/lifecycle/contract.js";
import { declaredInputs, dereference, parametersOf, readDefinition, tokenCalls } from "../../src/lifecycle/definition.js";
import { ExpressionError } from "../../src/lifecycle/expression.js";

type Json = Record<string, unknown>;

const JSON_BODY = { requestBody: { content: { "application/json": {} } } };
const FORM_BODY = { requestBody: { content: { "application/x-www-form-urlencoded": {} } } };
const BEARER = { type: "http", scheme: "bearer" };
const OAUTH2 = { type: "oauth2", flows: { clientCredentials: { tokenUrl: "/token", scopes: {} } } };
const KEY = { type: "apiKey", in: "header", name: "X-Key" };

/** A document with one scheme, and the operations that lifecycles in these tests call. */
function documentOf(scheme: Json, more: Json = {}): Json {
  return {
    openapi: "3.1.0",
    info: { title: "Test", version: "1" },
    paths: {
      "/token": { post: { operationId: "getToken", security: [], ...FORM_BODY } },
      "/users/{user_id}/login": {
        parameters: [{ name: "user_id", in: "path", required: true }],
        post: { operationId: "login", parameters: [{ name: "X-Device", in: "header" }], ...JSON_BODY },
      },
    },
    components: { securitySchemes: { user: scheme } },
    ...more,
  };
}

function schemeOf(scheme: Json): SecurityScheme {
  return readDefinition(documentOf(scheme), "test").securitySchemes["user"]!;
}

function withLifecycle(lifecycle: unknown, scheme: Json = BEARER): Json {
  return { ...scheme, "x-token-lifecycle": lifecycle };
}

/** The first call of a role, of a scheme that has it. */
function callOf(
  lifecycle: Json,
  role: "obtain" | "refresh" | "recover" | "revoke" = "obtain",
  scheme: Json = BEARER,
): TokenCall {
  return tokenCalls(schemeOf(withLifecycle(lifecycle, scheme))[role])[0]!;
}

describe("a short form is its long form", () => {
  const login = { operationId: "login", outputs: { accessToken: "$response.body#/token" } };
  const obtain = (more: Json) => ({ obtain: { ...login, ...more } });

  it.each<{ name: string; scheme?: Json; short: Json; long: Json }>([
    {
      name: "apply: a text goes where the scheme says",
      scheme: KEY,
      short: { apply: "{$inputs.id}|{$inputs.secret}" },
      long: { apply: [{ in: "header", name: "X-Key", value: "{$inputs.id}|{$inputs.secret}" }] },
    },
    {
      name: "apply: a text of an http scheme goes into Authorization",
      short: { apply: "Token {$inputs.id}" },
      long: { apply: [{ in: "header", name: "Authorization", value: "Token {$inputs.id}" }] },
    },
    {
      name: "apply: a function is a value",
      scheme: KEY,
      short: { apply: { base64: "$inputs.id" } },
      long: { apply: [{ in: "header", name: "X-Key", value: { base64: "$inputs.id" } }] },
    },
    {
      name: "apply: one object is a list of one",
      short: { apply: { in: "query", name: "key", value: "$inputs.id" } },
      long: { apply: [{ in: "query", name: "key", value: "$inputs.id" }] },
    },
    {
      name: "apply: in and name are the scheme's when left out",
      scheme: { type: "apiKey", in: "cookie", name: "sid" },
      short: { apply: [{ value: "$inputs.id" }] },
      long: { apply: [{ in: "cookie", name: "sid", value: "$inputs.id" }] },
    },
    {
      name: "successCriteria: a text is a list of one",
      short: obtain({ successCriteria: "$statusCode == 201" }),
      long: obtain({ successCriteria: [{ condition: "$statusCode == 201" }] }),
    },
    {
      name: "successCriteria: left out is any success",
      short: obtain({}),
      long: obtain({ successCriteria: [{ condition: "$statusCode >= 200 && $statusCode < 300" }] }),
    },
    {
      name: "onFailure: a map from what happens to its condition, in order",
      short: obtain({
        onFailure: {
          "credentials-rejected": "$statusCode == 401",
          challenge: "$statusCode == 202",
          recover: "$statusCode == 404",
        },
      }),
      long: obtain({
        onFailure: [
          { type: "end", outcome: "credentials-rejected", criteria: [{ condition: "$statusCode == 401" }] },
          { type: "end", outcome: "challenge", criteria: [{ condition: "$statusCode == 202" }] },
          { type: "goto", operation: "recover", criteria: [{ condition: "$statusCode == 404" }] },
        ],
      }),
    },
    {
      name: "onFailure: several criteria in a list",
      short: obtain({ onFailure: { refresh: ["$statusCode == 400", { condition: "$response.body#/error == 'x'" }] } }),
      long: obtain({
        onFailure: [
          {
            type: "goto",
            operation: "refresh",
            criteria: [{ condition: "$statusCode == 400" }, { condition: "$response.body#/error == 'x'" }],
          },
        ],
      }),
    },
    {
      name: "parameters: a map finds its places among the operation's and its path's",
      short: obtain({ parameters: { user_id: "$inputs.userId", "X-Device": "$inputs.device" } }),
      long: obtain({
        parameters: [
          { in: "path", name: "user_id", value: "$inputs.userId" },
          { in: "header", name: "X-Device", value: "$inputs.device" },
        ],
      }),
    },
    {
      name: "parameters: a name that the operation does not declare goes into the query",
      short: obtain({ parameters: { verbose: "true" } }),
      long: obtain({ parameters: [{ in: "query", name: "verbose", value: "true" }] }),
    },
    {
      name: "expires: a duration is a constant, and one rule a list of one",
      short: { ...obtain({}), expires: { accessToken: "PT1H" } },
      long: { ...obtain({}), expires: { accessToken: [{ after: "PT1H" }] } },
    },
    {
      name: "expires: seconds are the unit",
      short: { ...obtain({}), expires: { accessToken: ["P1D", { in: "$response.body#/ttl" }] } },
      long: { ...obtain({}), expires: { accessToken: [{ after: "P1D" }, { in: "$response.body#/ttl", unit: "seconds" }] } },
    },
    {
      name: "leeway: a minute",
      short: obtain({}),
      long: { ...obtain({}), leeway: "PT60S" },
    },
    {
      name: "rejected: a token by 401",
      short: obtain({}),
      long: { ...obtain({}), rejected: { token: [{ condition: "$statusCode == 401" }] } },
    },
    {
      name: "rejected: a condition is a list of one",
      short: { ...obtain({}), rejected: { token: "$statusCode == 403", challenge: "$statusCode == 428" } },
      long: {
        ...obtain({}),
        rejected: { token: [{ condition: "$statusCode == 403" }], challenge: [{ condition: "$statusCode == 428" }] },
      },
    },
    {
      name: "refreshToken: rotates sometimes",
      short: { ...obtain({}), refresh: login },
      long: { ...obtain({}), refresh: login, refreshToken: { rotation: "sometimes" } },
    },
    {
      name: "recoverWhen: a condition is a list of one",
      short: { ...obtain({}), refresh: login, refreshToken: { recoverWhen: "$outputs.uses <= 1" } },
      long: {
        ...obtain({}),
        refresh: login,
        refreshToken: { rotation: "sometimes", recoverWhen: [{ condition: "$outputs.uses <= 1" }] },
      },
    },
    {
      name: "revoke: ends the refresh token and the access token",
      short: { ...obtain({}), revoke: { operationId: "login" } },
      long: { ...obtain({}), revoke: { operationId: "login", ends: ["refreshToken", "accessToken"] } },
    },
    {
      name: "requestBody: has the media type of its operation",
      short: obtain({ requestBody: { payload: { a: 1 } } }),
      long: obtain({ requestBody: { contentType: "application/json", payload: { a: 1 } } }),
    },
    {
      name: "operationRef: a pointer to an operation is its id",
      short: { obtain: { operationRef: "#/paths/~1users~1%7Buser_id%7D~1login/post", outputs: login.outputs } },
      long: obtain({}),
    },
  ])("$name", ({ scheme = BEARER, short, long }) => {
    expect(schemeOf(withLifecycle(short, scheme))).toEqual(schemeOf(withLifecycle(long, scheme)));
  });

  it("and the long form stays as it is written", () => {
    const lifecycle = {
      inputs: { type: "object", required: ["userId"], properties: { userId: { type: "string" }, pin: { type: "string" } } },
      key: ["$inputs.userId"],
      let: { nonce: { uuid: "v4" } },
      apply: [{ in: "header", name: "X-Key", value: "{$outputs.accessToken}|{$let.nonce}", required: false }],
      initial: { refreshToken: "$inputs.pin" },
      obtain: {
        steps: [
          {
            stepId: "start",
            operationId: "login",
            successCriteria: [{ condition: "$statusCode == 200" }],
            outputs: { code: "x" },
          },
          {
            stepId: "finish",
            operationId: "login",
            let: { at: { now: {} } },
            parameters: [{ in: "path", name: "user_id", value: "$inputs.userId" }],
            requestBody: { contentType: "application/json", payload: { code: "$steps.start.outputs.code", at: "$let.at" } },
            successCriteria: [{ condition: "$statusCode == 200" }],
            outputs: { accessToken: "$response.body#/token" },
            onFailure: [{ type: "end", outcome: "failed", criteria: [{ condition: "$statusCode == 500" }] }],
          },
        ],
      },
      expires: { accessToken: [{ at: "$response.body#/at", format: "epoch-seconds", never: 0 }, { never: true }] },
      leeway: "PT5M",
      refreshToken: { rotation: "always", uses: 10, reuseWindow: "PT30S", revokesAccessToken: true },
      rejected: { token: [], credentials: [{ condition: "$statusCode == 403" }] },
    };
    const { inputs, ...rest } = lifecycle;
    expect(schemeOf(withLifecycle(lifecycle))).toStrictEqual({ requires: inputs.required, ...rest });
  });

  it("and reading what was read changes nothing", () => {
    const once = schemeOf(
      withLifecycle({
        obtain: {
          operationId: "login",
          outputs: { accessToken: "$response.body#/a" },
          onFailure: { challenge: "$statusCode == 202" },
        },
        expires: { accessToken: "PT1H" },
      }),
    );
    const { requires, ...lifecycle } = once;
    expect(schemeOf(withLifecycle({ ...lifecycle, inputs: { required: requires, properties: {} } }))).toEqual(once);
  });
});

describe("RFC 6749 by default", () => {
  const basic = {
    concat: ["Basic ", { base64: { concat: [{ urlEncode: "$inputs.clientId" }, ":", { urlEncode: "$inputs.clientSecret" }] } }],
  };
  const applied = [{ in: "header", name: "Authorization", value: basic }];
  const secrets = { client_id: "$inputs.clientId", client_secret: "$inputs.clientSecret" };

  it.each<{ name: string; grantType: string; more?: Json; payload: Json; apply?: unknown }>([
    { name: "client credentials (4.4.2)", grantType: "client_credentials", payload: {}, apply: applied },
    {
      name: "password (4.3.2)",
      grantType: "password",
      payload: { username: "$inputs.username", password: "$inputs.password" },
      apply: applied,
    },
    {
      name: "refresh token (6)",
      grantType: "refresh_token",
      payload: { refresh_token: "$outputs.refreshToken" },
      apply: applied,
    },
    { name: "a grant of its own (4.5)", grantType: "urn:example:device", payload: {}, apply: applied },
    {
      name: "client_secret_post (2.3.1)",
      grantType: "password",
      more: { clientAuthentication: "client_secret_post" },
      payload: { username: "$inputs.username", password: "$inputs.password", ...secrets },
    },
    {
      name: "none (3.2.1)",
      grantType: "client_credentials",
      more: { clientAuthentication: "none" },
      payload: { client_id: "$inputs.clientId" },
    },
    {
      name: "another client id in the body",
      grantType: "client_credentials",
      more: { clientAuthentication: "client_secret_post", clientId: "$inputs.app" },
      payload: { ...secrets, client_id: "$inputs.app" },
    },
    {
      name: "another client id in the header",
      grantType: "client_credentials",
      more: { clientId: "app" },
      payload: {},
      apply: [
        {
          in: "header",
          name: "Authorization",
          value: {
            concat: ["Basic ", { base64: { concat: [{ urlEncode: "app" }, ":", { urlEncode: "$inputs.clientSecret" }] } }],
          },
        },
      ],
    },
    {
      name: "a client authentication of its own",
      grantType: "client_credentials",
      more: { clientAuthentication: { in: "header", name: "X-App", value: "$inputs.app" } },
      payload: {},
      apply: [{ in: "header", name: "X-App", value: "$inputs.app" }],
    },
    {
      name: "scopes as a list (3.3)",
      grantType: "client_credentials",
      more: { scope: ["a", "b"] },
      payload: { scope: "a b" },
      apply: applied,
    },
    {
      name: "scopes as a text",
      grantType: "client_credentials",
      more: { scope: "a b" },
      payload: { scope: "a b" },
      apply: applied,
    },
    {
      name: "further members, and others instead",
      grantType: "password",
      more: { requestBody: { payload: { audience: "x", username: "$inputs.email" } } },
      payload: { username: "$inputs.email", password: "$inputs.password", audience: "x" },
      apply: applied,
    },
  ])("makes the request: $name", ({ grantType, more = {}, payload, apply }) => {
    const call = callOf({ obtain: { operationId: "getToken", grantType, ...more } }, "obtain", OAUTH2);
    expect(call.requestBody).toEqual({
      contentType: "application/x-www-form-urlencoded",
      payload: { grant_type: grantType, ...payload },
    });
    expect(call.apply).toEqual(apply);
    expect(call.successCriteria).toEqual([{ condition: "$statusCode == 200" }]);
  });

  it("sends a form when the operation does not say what it takes", () => {
    const { requestBody } = callOf({ obtain: { operationId: "unknown", grantType: "client_credentials" } });
    expect(requestBody?.contentType).toBe("application/x-www-form-urlencoded");
  });

  it("has one client authentication for every token call, which a call may replace", () => {
    const lifecycle = {
      clientAuthentication: "client_secret_post",
      obtain: { operationId: "getToken", grantType: "client_credentials" },
      refresh: { operationId: "getToken", grantType: "refresh_token", clientAuthentication: "none" },
    };
    expect(callOf(lifecycle).requestBody?.payload).toMatchObject(secrets);
    expect(callOf(lifecycle, "refresh").requestBody?.payload).toEqual({
      grant_type: "refresh_token",
      refresh_token: "$outputs.refreshToken",
      client_id: "$inputs.clientId",
    });
  });

  it("does not authenticate a call without a grant, unless it says so itself", () => {
    const lifecycle = {
      clientAuthentication: "client_secret_basic",
      obtain: { operationId: "getToken", grantType: "client_credentials" },
      revoke: { operationId: "getToken", requestBody: { payload: { token: "$outputs.accessToken" } } },
    };
    expect(callOf(lifecycle, "revoke").apply).toBeUndefined();
    const own = { ...lifecycle, revoke: { ...lifecycle.revoke, clientAuthentication: "client_secret_basic" } };
    expect(callOf(own, "revoke").apply).toEqual(applied);
  });

  it("reads the standard answer (5.1), the refresh token where there is a refresh", () => {
    const obtain = { operationId: "getToken", grantType: "password" };
    expect(callOf({ obtain }).outputs).toEqual({ accessToken: "$response.body#/access_token" });
    expect(callOf({ obtain, refresh: { ...obtain, grantType: "refresh_token" } }).outputs).toEqual({
      accessToken: "$response.body#/access_token",
      refreshToken: "$response.body#/refresh_token",
    });
    expect(callOf({ obtain: { ...obtain, outputs: { accessToken: "$response.body#/jwt" } } }).outputs).toEqual({
      accessToken: "$response.body#/jwt",
    });
  });

  it("lets an access token expire by expires_in (5.1), unless something is stated", () => {
    const obtain = { operationId: "getToken", grantType: "password" };
    expect(schemeOf(withLifecycle({ obtain })).expires).toEqual({
      accessToken: [{ in: "$response.body#/expires_in", unit: "seconds" }],
    });
    expect(schemeOf(withLifecycle({ obtain, expires: { accessToken: "PT1H" } })).expires).toEqual({
      accessToken: [{ after: "PT1H" }],
    });
    expect(schemeOf(withLifecycle({ obtain: { operationId: "login" } })).expires).toBeUndefined();
  });

  it("judges a refused grant and a refused refresh (5.2)", () => {
    const obtain = { operationId: "getToken", grantType: "client_credentials" };
    const refresh = { operationId: "getToken", grantType: "refresh_token" };
    const lifecycle = { obtain, refresh };
    const credentials = "$statusCode == 401 || $response.body#/error == 'invalid_client'";
    expect(callOf(lifecycle).onFailure).toEqual([
      { type: "end", outcome: "credentials-rejected", criteria: [{ condition: "$statusCode == 400 || $statusCode == 401" }] },
    ]);
    expect(callOf(lifecycle, "refresh").onFailure).toEqual([
      { type: "end", outcome: "credentials-rejected", criteria: [{ condition: credentials }] },
      { type: "goto", operation: "obtain", criteria: [{ condition: "$statusCode == 400" }] },
    ]);
    expect(callOf({ refresh }, "refresh").onFailure).toEqual([
      { type: "end", outcome: "credentials-rejected", criteria: [{ condition: credentials }] },
    ]);
    expect(callOf({ obtain: { ...obtain, onFailure: {} } }).onFailure).toBeUndefined();
  });

  it.each<{ name: string; lifecycle: Json; want: readonly Value[] | undefined }>([
    {
      name: "the client's id",
      lifecycle: { obtain: { operationId: "getToken", grantType: "client_credentials" } },
      want: ["$inputs.clientId"],
    },
    {
      name: "the client's id as the call states it",
      lifecycle: { obtain: { operationId: "getToken", grantType: "client_credentials", clientId: "$inputs.app" } },
      want: ["$inputs.app"],
    },
    {
      name: "the user's name beside it, with a password",
      lifecycle: { obtain: { operationId: "getToken", grantType: "password" } },
      want: ["$inputs.clientId", "$inputs.username"],
    },
    {
      name: "what is stated beside the client's id",
      lifecycle: { key: ["$inputs.tenant"], obtain: { operationId: "getToken", grantType: "password" } },
      want: ["$inputs.clientId", "$inputs.tenant"],
    },
    {
      name: "each value once",
      lifecycle: { key: ["$inputs.clientId"], obtain: { operationId: "getToken", grantType: "client_credentials" } },
      want: ["$inputs.clientId"],
    },
    {
      name: "what is stated, without a grant",
      lifecycle: { key: ["$inputs.email"], obtain: { operationId: "login" } },
      want: ["$inputs.email"],
    },
    { name: "nothing more, without a grant", lifecycle: { obtain: { operationId: "login" } }, want: undefined },
    { name: "nothing, where nothing is held", lifecycle: { key: ["$inputs.email"] }, want: undefined },
  ])("tells slots apart by $name", ({ lifecycle, want }) => {
    expect(schemeOf(withLifecycle(lifecycle)).key).toEqual(want);
  });
});

describe("apply", () => {
  const obtain = { obtain: { operationId: "login" } };
  const header = (value: Value, name = "Authorization") => [{ in: "header", name, value }];

  it.each<{ name: string; scheme: Json; want: unknown; requires: string[] }>([
    { name: "an API key", scheme: KEY, want: header("$inputs.user", "X-Key"), requires: ["user"] },
    {
      name: "an API key in the query",
      scheme: { type: "apiKey", in: "query", name: "k" },
      want: [{ in: "query", name: "k", value: "$inputs.user" }],
      requires: ["user"],
    },
    {
      name: "Basic, in any case",
      scheme: { type: "http", scheme: "BASIC" },
      want: header({ concat: ["Basic ", { base64: "{$inputs.username}:{$inputs.password}" }] }),
      requires: ["username", "password"],
    },
    { name: "Bearer", scheme: BEARER, want: header("Bearer {$inputs.token}"), requires: ["token"] },
    { name: "OAuth 2", scheme: OAUTH2, want: header("Bearer {$inputs.token}"), requires: ["token"] },
    {
      name: "OpenID Connect",
      scheme: { type: "openIdConnect", openIdConnectUrl: "https://id.example" },
      want: header("Bearer {$inputs.token}"),
      requires: ["token"],
    },
    { name: "mutual TLS", scheme: { type: "mutualTLS" }, want: [], requires: [] },
    {
      name: "an API key that is a token",
      scheme: withLifecycle(obtain, KEY),
      want: header("$outputs.accessToken", "X-Key"),
      requires: [],
    },
    {
      name: "a Bearer token that turns",
      scheme: withLifecycle(obtain),
      want: header("Bearer {$outputs.accessToken}"),
      requires: [],
    },
  ])("of $name is what its type says", ({ scheme, want, requires }) => {
    const read = schemeOf(scheme);
    expect(read.apply).toEqual(want);
    expect(read.requires).toEqual(requires);
  });

  it.each([
    { scheme: "api.key", input: "api_key" },
    { scheme: "x-api-key", input: "x-api-key" },
    { scheme: "2fa", input: "_2fa" },
    { scheme: "-k", input: "_-k" },
  ])("names the input of the API key $scheme so that an expression can", ({ scheme, input }) => {
    const definition = readDefinition({ components: { securitySchemes: { [scheme]: KEY } } }, "test");
    expect(definition.securitySchemes[scheme]).toMatchObject({ requires: [input], apply: [{ value: `$inputs.${input}` }] });
    expect(definition.inputs).toEqual({ [input]: { secret: true } });
  });
});

describe("inputs", () => {
  const inputsOf = (lifecycle: unknown, scheme: Json = KEY) => {
    const { inputs, securitySchemes } = readDefinition(documentOf(withLifecycle(lifecycle, scheme)), "test");
    return { inputs, requires: securitySchemes["user"]!.requires };
  };

  it("are required secrets when they are referred to and not declared", () => {
    expect(inputsOf({ apply: "{$inputs.id}|{$inputs.pin}" })).toEqual({
      inputs: { id: { secret: true }, pin: { secret: true } },
      requires: ["id", "pin"],
    });
  });

  it("are optional when they are declared and not required", () => {
    const properties = { id: { type: "string" }, pin: { type: "string", format: "password" } };
    expect(inputsOf({ inputs: { properties, required: ["id"] }, apply: "{$inputs.id}|{$inputs.pin}" })).toEqual({
      inputs: { id: {}, pin: { secret: true } },
      requires: ["id"],
    });
    expect(inputsOf({ inputs: { properties }, apply: "{$inputs.id}" }).requires).toEqual([]);
  });

  it("that have a default or one value alone are not required", () => {
    const properties = { host: { default: "eu" }, version: { const: 2 }, pin: { writeOnly: true } };
    const apply = "{$inputs.host}{$inputs.version}{$inputs.pin}";
    expect(inputsOf({ inputs: { properties, required: ["host", "version", "pin"] }, apply })).toEqual({
      inputs: { host: { default: "eu" }, version: { default: 2 }, pin: { secret: true } },
      requires: ["pin"],
    });
  });

  it.each<{ name: string; lifecycle: Json }>([
    { name: "an optional value", lifecycle: { apply: { concat: ["x", { optional: "$inputs.pin" }] } } },
    { name: "a candidate among several", lifecycle: { apply: { first: ["$inputs.pin", "none"] } } },
    { name: "a header that may be left out", lifecycle: { apply: [{ name: "X-Pin", value: "$inputs.pin", required: false }] } },
    {
      name: "a condition",
      lifecycle: { apply: "x", obtain: { operationId: "login", successCriteria: "$inputs.pin == 1" } },
    },
    { name: "a token that may be held already", lifecycle: { initial: { refreshToken: "$inputs.pin" } } },
  ])("that only $name refers to are not required", ({ lifecycle }) => {
    expect(inputsOf(lifecycle)).toEqual({ inputs: { pin: { secret: true } }, requires: [] });
  });

  it.each<{ place: string; lifecycle: Json }>([
    { place: "let", lifecycle: { let: { sum: { base64: "$inputs.pin" } }, apply: "$let.sum" } },
    { place: "key", lifecycle: { key: ["$inputs.pin"], obtain: { operationId: "login" } } },
    { place: "parameters", lifecycle: { obtain: { operationId: "login", parameters: { user_id: "$inputs.pin" } } } },
    {
      place: "payload",
      lifecycle: { obtain: { operationId: "login", requestBody: { payload: { deep: [{ pin: "$inputs.pin" }] } } } },
    },
    { place: "the let of a call", lifecycle: { obtain: { operationId: "login", let: { a: "$inputs.pin" } } } },
    { place: "outputs", lifecycle: { obtain: { operationId: "login", outputs: { accessToken: "$inputs.pin" } } } },
    { place: "a step", lifecycle: { obtain: { steps: [{ operationId: "login", parameters: { user_id: "$inputs.pin" } }] } } },
    { place: "refresh", lifecycle: { refresh: { operationId: "login", parameters: { user_id: "$inputs.pin" } } } },
    { place: "recover", lifecycle: { recover: { operationId: "login", parameters: { user_id: "$inputs.pin" } } } },
    { place: "revoke", lifecycle: { revoke: { operationId: "login", parameters: { user_id: "$inputs.pin" } } } },
    {
      place: "client authentication",
      lifecycle: {
        clientAuthentication: { in: "header", name: "X", value: "$inputs.pin" },
        obtain: { operationId: "getToken", grantType: "x", clientId: "c" },
      },
    },
  ])("that $place refers to are found", ({ lifecycle }) => {
    expect(inputsOf({ apply: "x", ...lifecycle })).toEqual({ inputs: { pin: { secret: true } }, requires: ["pin"] });
  });

  it("of OAuth 2 are the client's, and the user's with the password flow", () => {
    const obtain = { operationId: "getToken", grantType: "client_credentials" };
    expect(inputsOf({ obtain }, OAUTH2)).toEqual({
      inputs: { clientId: {}, clientSecret: { secret: true } },
      requires: ["clientId", "clientSecret"],
    });
    const password = { type: "oauth2", flows: { password: { tokenUrl: "/token", scopes: {} } } };
    expect(inputsOf({ obtain: { ...obtain, grantType: "password" } }, password)).toEqual({
      inputs: { clientId: {}, clientSecret: { secret: true }, username: {}, password: { secret: true } },
      requires: ["clientId", "clientSecret", "username", "password"],
    });
  });

  it("named like members of every object are inputs like others", () => {
    expect(inputsOf({ apply: "{$inputs.constructor}{$inputs.toString}{$inputs.__proto__}" }).requires).toEqual([
      "constructor",
      "toString",
      "__proto__",
    ]);
  });

  it("of several schemes are one when they have one name, and secret when one of them says so", () => {
    const schemes = (first: Json, second: Json) => ({
      components: {
        securitySchemes: {
          a: withLifecycle({ inputs: { properties: { id: first } }, apply: "$inputs.id" }, KEY),
          b: withLifecycle({ inputs: { properties: { id: second } }, apply: "$inputs.id" }, KEY),
        },
      },
    });
    const secret = { type: "string", format: "password" };
    expect(readDefinition(schemes({ default: "x" }, secret), "test").inputs).toEqual({ id: { default: "x", secret: true } });
    expect(readDefinition(schemes(secret, { default: "x" }), "test").inputs).toEqual({ id: { default: "x", secret: true } });
    expect(readDefinition(schemes({ default: "x" }, { default: "y" }), "test").inputs).toEqual({ id: { default: "x" } });
  });

  it("that only x-fill refers to are secret, and no scheme's", () => {
    const definition = readDefinition(
      documentOf(KEY, {
        paths: {
          "/a": { get: { operationId: "a", parameters: [{ name: "X-Ip", in: "header", "x-fill": "$inputs.userIp" }] } },
        },
      }),
      "test",
    );
    expect(definition.inputs).toEqual({ user: { secret: true }, userIp: { secret: true } });
    expect(definition.securitySchemes["user"]!.requires).toEqual(["user"]);
  });
});

describe("operations", () => {
  const operationsOf = (paths: unknown, more: Json = {}) => readDefinition({ paths, ...more }, "test").operations;

  it("have method, path, media type and the document's security unless their own", () => {
    const paths = {
      "/a/{id}": { get: { operationId: "read" }, put: { operationId: "write", security: [], ...JSON_BODY } },
      "/b": { head: { operationId: "peek", security: [{ user: ["s"] }, {}] }, "x-note": {}, summary: "B" },
    };
    expect(operationsOf(paths, { security: [{ user: [] }] })).toEqual({
      read: { method: "get", path: "/a/{id}", security: [{ user: [] }] },
      write: { method: "put", path: "/a/{id}", security: [], contentType: "application/json" },
      peek: { method: "head", path: "/b", security: [{ user: ["s"] }, {}] },
    });
  });

  it("without an id are named after their place, and what is no operation is left out alone", () => {
    const operation = (method: string) => ({ method, path: "/a", security: [] });
    expect(
      operationsOf({ "/a": { get: {}, put: null, post: "x", patch: { operationId: "p" }, query: { operationId: "q" } } }),
    ).toEqual({ getA: operation("get"), p: operation("patch"), q: operation("query") });
  });

  it("fill the parameters of their path and their own, which replace those of the same place", () => {
    const parameter = (place: string, fill: unknown) => ({ name: "id", in: place, "x-fill": fill });
    const paths = {
      "/a": {
        parameters: [parameter("header", "path level"), parameter("query", 0)],
        get: { operationId: "a", parameters: [parameter("header", { uuid: "v4" })] },
        post: { operationId: "b" },
      },
    };
    const { a, b } = operationsOf(paths);
    expect(a?.fill).toEqual([
      { in: "header", name: "id", value: { uuid: "v4" } },
      { in: "query", name: "id", value: 0 },
    ]);
    expect(b?.fill).toEqual([
      { in: "header", name: "id", value: "path level" },
      { in: "query", name: "id", value: 0 },
    ]);
  });

  it("stand behind references: paths, parameters, bodies and schemes", () => {
    const definition = readDefinition(
      {
        paths: { "/a": { $ref: "#/components/pathItems/a" } },
        components: {
          pathItems: {
            a: {
              parameters: [{ $ref: "#/components/parameters/id" }],
              post: { operationId: "a", requestBody: { $ref: "#/components/requestBodies/a%20b" } },
            },
          },
          parameters: {
            id: { $ref: "#/components/parameters/real~1id" },
            "real/id": { name: "id", in: "query", "x-fill": "x" },
          },
          requestBodies: { "a b": { content: { "text/plain": {} } } },
          securitySchemes: { alias: { $ref: "#/components/securitySchemes/real" }, real: KEY },
        },
      },
      "test",
    );
    expect(definition.operations).toEqual({
      a: {
        method: "post",
        path: "/a",
        security: [],
        fill: [{ in: "query", name: "id", value: "x" }],
        contentType: "text/plain",
      },
    });
    expect(definition.securitySchemes["alias"]?.apply).toEqual([{ in: "header", name: "X-Key", value: "$inputs.alias" }]);
  });
});

describe("servers", () => {
  it.each<{ name: string; servers: unknown; want: ApiDefinition["servers"] }>([
    { name: "the root when there are none", servers: undefined, want: [{ url: "/" }] },
    { name: "the root when the list is empty", servers: [], want: [{ url: "/" }] },
    { name: "an address", servers: [{ url: "https://a.example" }], want: [{ url: "https://a.example" }] },
    { name: "a name as OpenAPI 3.2 has it", servers: [{ url: "/", name: "live" }], want: [{ name: "live", url: "/" }] },
    { name: "a name in OpenAPI 3.1", servers: [{ url: "/", "x-server-name": "live" }], want: [{ name: "live", url: "/" }] },
    {
      name: "the standard's name before ours",
      servers: [{ url: "/", name: "a", "x-server-name": "b" }],
      want: [{ name: "a", url: "/" }],
    },
    {
      name: "variables with their choices, as texts",
      servers: [{ url: "https://{h}/{v}", variables: { h: { default: "a", enum: ["a", "b"] }, v: { default: 2 } } }],
      want: [{ url: "https://{h}/{v}", variables: { h: { default: "a", enum: ["a", "b"] }, v: { default: "2" } } }],
    },
  ])("are $name", ({ servers, want }) => {
    expect(readDefinition({ servers }, "test").servers).toEqual(want);
  });
});

describe("whatever is malformed", () => {
  it.each([
    undefined,
    null,
    0,
    "text",
    [],
    {},
    { paths: [], components: null, servers: "x" },
    { components: { securitySchemes: { a: null } } },
  ])("of %j is left out", (document) => {
    const { operations, servers } = readDefinition(document, "test");
    expect(operations).toEqual({});
    expect(servers).toEqual([{ url: "/" }]);
  });

  it.each<{ name: string; lifecycle: unknown }>([
    { name: "a list", lifecycle: [] },
    { name: "a text", lifecycle: "obtain" },
    { name: "null", lifecycle: null },
    { name: "a key and an apply that are none", lifecycle: { key: "$inputs.id", apply: [null], let: [], expires: 5 } },
    { name: "calls that are none", lifecycle: { obtain: "login", refresh: null, recover: [], revoke: 5 } },
  ])("in a lifecycle is left out: $name", ({ lifecycle }) => {
    const { obtain, refresh, recover, revoke } = schemeOf(withLifecycle(lifecycle));
    expect([obtain, refresh, recover, revoke]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("in a call is left out", () => {
    const parameters = [null, "x", { in: "query", name: "a", value: "b" }];
    expect(
      callOf({ obtain: { operationId: "login", parameters, requestBody: "x", onFailure: 1, clientAuthentication: [null] } }),
    ).toEqual({
      operationId: "login",
      parameters: [{ in: "query", name: "a", value: "b" }],
      successCriteria: [{ condition: "$statusCode >= 200 && $statusCode < 300" }],
    });
  });

  it("of an expression is an error, since nothing can be read from it", () => {
    expect(() => schemeOf(withLifecycle({ apply: "{$secrets.token}" }))).toThrow(ExpressionError);
  });

  it("does not keep operations and schemes from being named like members of every object, which a method is not", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const entries = (value: (name: string) => unknown) => Object.fromEntries(names.map((name) => [name, value(name)]));
    const definition = readDefinition(
      {
        paths: Object.fromEntries(
          names.map((name) => [`/${name}`, { get: { operationId: name, security: [{ [name]: [] }] } }]),
        ),
        components: { securitySchemes: entries(() => KEY) },
      },
      "test",
    );
    expect(Object.keys(definition.operations)).toEqual(names.map((name) => `${name}_`));
    expect(Object.keys(definition.securitySchemes)).toEqual(names);
    expect(Object.keys(definition.inputs)).toEqual(names);
    for (const name of names) expect(Object.hasOwn(definition.securitySchemes, name)).toBe(true);
    expect(Object.getPrototypeOf(definition.operations)).toBe(Object.prototype);
  });

  it("finds no operation that nobody declared", () => {
    for (const operationId of ["constructor", "toString", "__proto__", "nope"]) {
      expect(callOf({ obtain: { operationId, parameters: { a: "b" } } })).toEqual({
        operationId,
        parameters: [{ in: "query", name: "a", value: "b" }],
        successCriteria: [{ condition: "$statusCode >= 200 && $statusCode < 300" }],
      });
    }
  });

  it.each(["#/paths/~1nope/post", "other.yaml#/paths/~1token/post", "#/%zz", "", "#"])(
    "keeps the operationRef '%s'",
    (reference) => {
      expect(callOf({ obtain: { operationRef: reference } }).operationId).toBe(reference);
    },
  );
});

describe("dereference", () => {
  const document = {
    a: { $ref: "#/b" },
    b: { $ref: "#/c~1d" },
    "c/d": { value: 1 },
    loop: { $ref: "#/pool" },
    pool: { $ref: "#/loop" },
    self: { $ref: "#/self" },
    whole: { $ref: "#" },
    null: null,
  };

  it.each([
    { $ref: "#/a", want: { value: 1 } },
    { $ref: "#/c%7E1d", want: { value: 1 } },
    { $ref: "#/null", want: null },
    { $ref: "#/nope", want: undefined },
    { $ref: "#/loop", want: undefined },
    { $ref: "#/self", want: undefined },
    { $ref: "#/__proto__", want: undefined },
    { $ref: "#/toString", want: undefined },
    { $ref: "#xb", want: undefined },
    { $ref: "#/%", want: undefined },
    { $ref: "b", want: undefined },
    { $ref: "other.yaml#/b", want: undefined },
  ])("follows $$ref", ({ $ref, want }) => {
    expect(dereference(document, { $ref })).toEqual(want);
  });

  it("leaves what is no reference", () => {
    for (const value of [undefined, null, 1, "x", [], { $ref: 1 }, { value: 1 }])
      expect(dereference(document, value)).toBe(value);
  });
});

describe("declaredInputs", () => {
  it("has the schemas as they are stated", () => {
    const properties = { id: { type: "string", description: "An id." }, odd: "not a schema" };
    expect(declaredInputs("user", withLifecycle({ inputs: { properties } }))).toEqual({ id: properties.id, odd: {} });
  });
});

describe("parametersOf", () => {
  it("has those of the path first, each replaced by the operation's of the same name and place", () => {
    const path = {
      parameters: [
        { name: "a", in: "query", from: "path" },
        { name: "b", in: "query", from: "path" },
      ],
    };
    const operation = {
      parameters: [
        { name: "a", in: "query", from: "operation" },
        { name: "a", in: "header", from: "operation" },
      ],
    };
    expect(parametersOf({}, path, operation)).toEqual([
      { name: "a", in: "query", from: "operation" },
      { name: "b", in: "query", from: "path" },
      { name: "a", in: "header", from: "operation" },
    ]);
  });
});

describe("tokenCalls", () => {
  it("has one call, the steps of a chain, or none", () => {
    const call: TokenCall = { operationId: "a", successCriteria: [] };
    expect(tokenCalls(call)).toEqual([call]);
    expect(tokenCalls({ steps: [call, call] })).toEqual([call, call]);
    expect(tokenCalls(undefined)).toEqual([]);
  });
});
