/**
 * Every statement of the providers' pages that the documents were written from, one row each, and then what else is known
 * about the providers. The title of a row is the statement, and its check reads the document: a statement that is taken
 * out of a document fails here by name.
 */

import { describe, expect, it } from "vitest";
import { type Api, type OperationView, readApi, type Schema } from "./document.js";

const synapse = readApi("synapse");
const finapi = readApi("finapi");
const onmeta = readApi("onmeta");

type Row = readonly [statement: string, check: () => void];

const LOGIN_SCOPES = [
  ...["USER|PATCH", "USER|GET", "NODES|POST", "NODES|GET", "NODE|GET", "NODE|PATCH", "NODE|DELETE"],
  ...["TRANS|POST", "TRANS|GET", "TRAN|GET", "TRAN|PATCH", "TRAN|DELETE"],
  ...["SUBNETS|POST", "SUBNETS|GET", "SUBNET|GET", "SUBNET|PATCH", "STATEMENTS|GET", "STATEMENT|GET", "STATEMENTS|POST"],
  ...["CONVERSATIONS|POST", "CONVERSATIONS|GET", "CONVERSATION|GET", "CONVERSATION|PATCH"],
  ...["MESSAGES|POST", "MESSAGES|GET", "MESSAGE|GET", "MESSAGE|PATCH"],
];
const KEY_SCOPES = LOGIN_SCOPES.slice(0, 18);

const login = synapse.operation("login");
const issueOAuthKey = synapse.operation("issueOAuthKey");
const getUser = synapse.operation("getUser");
const createSynapseUser = synapse.operation("createUser");
const userKey = synapse.lifecycle("userKey");

const generateRefreshTokenPage: Row[] = [
  [
    "a refresh token is present in most cases when a user is viewed",
    () => {
      const { schema, values } = getUser.reply(200);
      expect(member(schema, "refresh_token").type).toBe("string");
      expect(member(schema, "refresh_token").description).toContain("in most cases");
      expect(schema.required).not.toContain("refresh_token");
      expect(values[0]).toHaveProperty("refresh_token");
    },
  ],
  [
    "where none is available, the user's name and password generate one",
    () => {
      expect(userKey.obtain?.operationId).toBe("login");
      expect(userKey.obtain?.requestBody?.payload).toEqual({ email: "$inputs.email", password: "$inputs.password" });
      expect(userKey.obtain?.outputs).toEqual({ refreshToken: "$response.body#/refresh_token" });
    },
  ],
  [
    "the combinations of name and password are in the user's logins",
    () => {
      expect(member(getUser.reply(200).schema, "logins").type).toBe("array");
      expect(login.description).toContain("`logins`");
      expect(member(login.request.schema, "email").description).toContain("`logins`");
    },
  ],
  ["a login is a POST", () => expect(login.method).toBe("post")],
  ["the login's path is /oauth/{user_id}/login", () => expect(login.path).toBe("/oauth/{user_id}/login")],
  [
    "the login is below https://api.synapsefi.com/v3.1",
    () => expect(urlsOf(synapse)).toContain("https://api.synapsefi.com/v3.1"),
  ],
  [
    "the login is also below https://uat-api.synapsefi.com/v3.1",
    () => expect(urlsOf(synapse)).toContain("https://uat-api.synapsefi.com/v3.1"),
  ],
  ["the login generates a refresh token", () => expect(login.summary).toBe("Generate a refresh token")],
  [
    "the user is linked to the application's credentials",
    () => expect(login.description).toContain("linked to the application's credentials"),
  ],
  ["user_id is a required string in the path", () => expectPathString(login, "user_id")],
  ["user_id is the identifier of the user", () => expect(login.parameter("user_id").description).toBe("Identifies the user.")],
  ["X-SP-USER is a required header", () => expect(login.requiredHeaders).toContain("X-SP-USER")],
  [
    "X-SP-USER is the OAuth key and the device fingerprint, separated by a pipe",
    () => {
      expect(userKey.apply).toBe("{$outputs.accessToken}|{$inputs.fingerprint}");
      expect(synapse.document.components.securitySchemes["userKey"]).toMatchObject({ in: "header", name: "X-SP-USER" });
    },
  ],
  [
    "X-SP-USER needs only the fingerprint in a login",
    () => {
      expect(login.security).toEqual([{ gateway: [], device: [] }]);
      expect(synapse.document.components.securitySchemes["device"]).toMatchObject({ in: "header", name: "X-SP-USER" });
      expect(synapse.lifecycle("device").apply).toBe("|{$inputs.fingerprint}");
    },
  ],
  [
    "X-SP-USER-IP is a required header and a string",
    () => {
      expect(login.requiredHeaders).toContain("X-SP-USER-IP");
      expect(login.parameter("X-SP-USER-IP").schema.type).toBe("string");
    },
  ],
  [
    "X-SP-USER-IP is the IP address of the user's device",
    () => {
      expect(login.parameter("X-SP-USER-IP").schema.format).toBe("ipv4");
      expect(login.parameter("X-SP-USER-IP").description).toMatch(/device of the user .* IP address/);
    },
  ],
  ["X-SP-GATEWAY is a required header", () => expect(login.requiredHeaders).toContain("X-SP-GATEWAY")],
  [
    "X-SP-GATEWAY is the client ID and the client secret, separated by a pipe",
    () => {
      expect(synapse.document.components.securitySchemes["gateway"]).toMatchObject({ in: "header", name: "X-SP-GATEWAY" });
      expect(synapse.lifecycle("gateway").apply).toBe("{$inputs.clientId}|{$inputs.clientSecret}");
    },
  ],
  ["email is a required string in the body", () => expectRequired(login.request.schema, "email", "string")],
  [
    "email belongs to the user's login",
    () => expect(member(login.request.schema, "email").description).toContain("one of the user's `logins`"),
  ],
  ["password is a required string in the body", () => expectRequired(login.request.schema, "password", "string")],
  [
    "password belongs to the same login",
    () => expect(member(login.request.schema, "password").description).toContain("same login"),
  ],
  [
    "the body has no other members",
    () => expect(Object.keys(login.request.schema.properties ?? {})).toEqual(["email", "password"]),
  ],
  ["the body is JSON", () => expect(login.request.mediaType).toBe("application/json")],
  [
    "the example of a request has both members",
    () => expect(Object.keys(login.request.values[0] ?? {})).toEqual(["email", "password"]),
  ],
  ["a right login is answered with 200", () => expect(Object.keys(login.responses)).toContain("200")],
  ...memberRows(login, 200, {
    _id: "string",
    _v: "integer",
    change_in: "integer",
    client_id: "string",
    client_name: "string",
    fp_registered: "boolean",
    is_active: "boolean",
    refresh_token: "string",
    scope: "array",
    user_id: "string",
  }),
  [
    "the login's example has version 2, change_in 8, an unregistered fingerprint and is active",
    () => expect(login.reply(200).values[0]).toMatchObject({ _v: 2, change_in: 8, fp_registered: false, is_active: true }),
  ],
  [
    "a refresh token starts with refresh_",
    () => expect(login.reply(200).values[0]?.["refresh_token"]).toMatch(/^refresh_\w+$/),
  ],
  ["the scopes are strings", () => expect(member(login.reply(200).schema, "scope").items?.type).toBe("string")],
  ["a login brings 27 scopes in this order", () => expect(login.reply(200).values[0]?.["scope"]).toEqual(LOGIN_SCOPES)],
  [
    "the 27 scopes are the known ones",
    () => expect(synapse.document.components.schemas["Scope"]?.examples).toEqual(LOGIN_SCOPES),
  ],
  ["a conflict is answered with 409", () => expect(Object.keys(login.responses)).toContain("409")],
  [
    "409 says invalid_username_password, in just these words and strings",
    () =>
      expect(login.reply(409).values[0]).toEqual({
        error: { code: "invalid_username_password", en: "Invalid username/password." },
        error_code: "400",
        http_code: "409",
        success: false,
      }),
  ],
  ...memberRows(login, 409, { error: "object", error_code: "string", http_code: "string", success: "boolean" }),
  [
    "an error has code and en, both strings",
    () => {
      const error = member(login.reply(409).schema, "error");
      expect([member(error, "code").type, member(error, "en").type]).toEqual(["string", "string"]);
    },
  ],
];

const issueOAuthKeyPage: Row[] = [
  [
    "an OAuth key opens the user interface products",
    () => expect(issueOAuthKey.description).toMatch(/user interface products/),
  ],
  [
    "a key is issued after the user has been created",
    () => expect(issueOAuthKey.description).toMatch(/follows the creation of a user/),
  ],
  [
    "the POST that creates a user brings a refresh token",
    () => {
      expect([createSynapseUser.method, createSynapseUser.path]).toEqual(["post", "/users"]);
      expect(member(createSynapseUser.reply(200).schema, "refresh_token").type).toBe("string");
      expect(createSynapseUser.reply(200).values[0]).toHaveProperty("refresh_token");
    },
  ],
  [
    "a GET on the user brings a refresh token as well",
    () => {
      expect([getUser.method, getUser.path]).toEqual(["get", "/users/{user_id}"]);
      expect(getUser.reply(200).values[0]).toHaveProperty("refresh_token");
    },
  ],
  [
    "the refresh token goes into the body",
    () => expect(userKey.refresh?.requestBody?.payload).toMatchObject({ refresh_token: "$outputs.refreshToken" }),
  ],
  [
    "the key is in the response",
    () => expect(userKey.refresh?.outputs).toMatchObject({ accessToken: "$response.body#/oauth_key" }),
  ],
  [
    "the key goes into the headers of later calls",
    () => {
      expect(userKey.apply).toMatch(/^\{\$outputs\.accessToken\}\|/);
      expect(synapse.document.security).toEqual([{ gateway: [], userKey: [] }]);
    },
  ],
  ["a key is issued by a POST", () => expect(issueOAuthKey.method).toBe("post")],
  [
    "the endpoint is https://uat-api.synapsefi.com/v3.1/oauth/{user_id}",
    () =>
      expect(urlsOf(synapse).map((url) => url + issueOAuthKey.path)).toContain(
        "https://uat-api.synapsefi.com/v3.1/oauth/{user_id}",
      ),
  ],
  ["user_id is a required string in the path", () => expectPathString(issueOAuthKey, "user_id")],
  ["refresh_token is a required string", () => expectRequired(issueOAuthKey.request.schema, "refresh_token", "string")],
  [
    "the refresh token is the user's current one",
    () => expect(issueOAuthKey.description).toContain("the user's current refresh token"),
  ],
  [
    "scope is an array of strings and optional",
    () => {
      expectOptional(issueOAuthKey.request.schema, "scope", "array");
      expect(member(issueOAuthKey.request.schema, "scope").items?.type).toBe("string");
    },
  ],
  [
    "scope is the scope of the key",
    () => expect(member(issueOAuthKey.request.schema, "scope").description).toContain("The key is limited to these scopes"),
  ],
  [
    "phone_number is an optional string for the second factor",
    () => {
      expectOptional(issueOAuthKey.request.schema, "phone_number", "string");
      expect(member(issueOAuthKey.request.schema, "phone_number").description).toContain("second factor");
    },
  ],
  [
    "validation_pin is an optional string for the second factor",
    () => {
      expectOptional(issueOAuthKey.request.schema, "validation_pin", "string");
      expect(member(issueOAuthKey.request.schema, "validation_pin").description).toContain("second factor");
    },
  ],
  ["a refresh token expires after ten uses", () => expect(userKey.refreshToken?.["uses"]).toBe(10)],
  ["a refresh token is updated from time to time", () => expect(userKey.refreshToken?.["rotation"]).toBe("sometimes")],
  [
    "the caller need not care: uses are counted and the token is replaced in time",
    () =>
      expect(userKey.refreshToken).toMatchObject({
        remainingUses: "$outputs.refreshUses",
        recoverWhen: "$outputs.refreshUses <= 1",
      }),
  ],
  [
    "a GET on the user brings the most recent refresh token",
    () => {
      expect(userKey.recover?.operationId).toBe("getUser");
      expect(userKey.recover?.outputs).toEqual({ refreshToken: "$response.body#/refresh_token" });
    },
  ],
  ["an OAuth key expires in two hours", () => expect(userKey.expires?.["accessToken"]).toContain("PT2H")],
  ["after that the refresh token generates a new key", () => expect(userKey.refresh?.operationId).toBe("issueOAuthKey")],
  [
    "a refresh might issue a new refresh token as well",
    () => expect(userKey.refresh?.outputs).toMatchObject({ refreshToken: "$response.body#/refresh_token" }),
  ],
  [
    "OAuth and fingerprints are explained",
    () => expect(synapse.document.tags.find(({ name }) => name === "OAuth")?.description).toMatch(/fingerprint/),
  ],
  [
    "the request has X-SP-GATEWAY, X-SP-USER-IP and X-SP-USER",
    () => expect([...issueOAuthKey.requiredHeaders].sort()).toEqual(["X-SP-GATEWAY", "X-SP-USER", "X-SP-USER-IP"]),
  ],
  [
    "X-SP-USER has only the fingerprint, behind the pipe",
    () => expect(issueOAuthKey.security).toEqual([{ gateway: [], device: [] }]),
  ],
  ["the body is JSON", () => expect(issueOAuthKey.request.mediaType).toBe("application/json")],
  [
    "a refresh token alone makes a request",
    () => expect(Object.keys(issueOAuthKey.request.values[0] ?? {})).toEqual(["refresh_token"]),
  ],
  [
    "a request may name some scopes",
    () =>
      expect(issueOAuthKey.request.values).toContainEqual(
        expect.objectContaining({ scope: ["NODES|POST", "NODES|GET", "NODE|GET", "TRANS|POST"] }),
      ),
  ],
  ...memberRows(issueOAuthKey, 200, {
    client_id: "string",
    client_name: "string",
    expires_at: "string",
    expires_in: "string",
    oauth_key: "string",
    refresh_expires_in: "integer",
    refresh_token: "string",
    scope: "array",
    user_id: "string",
  }),
  [
    "expires_at is a number of seconds in a string",
    () => expect(issueOAuthKey.reply(200).values[0]?.["expires_at"]).toBe("1539138279"),
  ],
  [
    "expires_in is 7200, the two hours, in a string",
    () => expect(issueOAuthKey.reply(200).values[0]?.["expires_in"]).toBe("7200"),
  ],
  [
    "refresh_expires_in is 9 after the first of ten uses",
    () => expect(issueOAuthKey.reply(200).values[0]?.["refresh_expires_in"]).toBe(9),
  ],
  ["an OAuth key starts with oauth_", () => expect(issueOAuthKey.reply(200).values[0]?.["oauth_key"]).toMatch(/^oauth_\w+$/)],
  [
    "the reply carries the refresh token of the request",
    () =>
      expect(issueOAuthKey.reply(200).values[0]?.["refresh_token"]).toBe(issueOAuthKey.request.values[0]?.["refresh_token"]),
  ],
  ["a key has 18 scopes in this order", () => expect(issueOAuthKey.reply(200).values[0]?.["scope"]).toEqual(KEY_SCOPES)],
];

const getToken = finapi.operation("getToken");
const revokeToken = finapi.operation("revokeToken");
const requestId = finapi.document.components.parameters?.["XRequestId"];

const authorizationPage: Row[] = [
  ["every URI is relative to https://sandbox.finapi.io", () => expect(urlsOf(finapi)[0]).toBe("https://sandbox.finapi.io")],
  [
    "getToken is POST /oauth/token and gets tokens",
    () => expect(getToken).toMatchObject({ method: "post", path: "/oauth/token", summary: "Get tokens" }),
  ],
  [
    "revokeToken is POST /oauth/revoke and revokes a token",
    () => expect(revokeToken).toMatchObject({ method: "post", path: "/oauth/revoke", summary: "Revoke a token" }),
  ],
  [
    "both belong to the authorization",
    () => expect([...getToken.tags, ...revokeToken.tags]).toEqual(["Authorization", "Authorization"]),
  ],
  ["getToken brings an access token", () => expectRequired(getToken.reply(200).schema, "access_token", "string")],
  [
    "grant_type determines the kind of authorization",
    () => {
      expect(getToken.request.schema.discriminator?.propertyName).toBe("grant_type");
      expect(grants().map((grant) => member(grant, "grant_type").const)).toEqual([
        "password",
        "client_credentials",
        "refresh_token",
      ]);
    },
  ],
  [
    "the grant password authorizes a user",
    () => expect(grant("password").description).toBe("Authorizes a user by name and password."),
  ],
  [
    "the grant client_credentials authorizes a client",
    () => expect(grant("client_credentials").description).toBe("Authorizes the client itself."),
  ],
  [
    "the grant refresh_token refreshes a user's access token",
    () => expect(grant("refresh_token").description).toBe("Renews a user's access token."),
  ],
  [
    "grant_type is a required string",
    () => expectRequiredInGrants("grant_type", ["password", "client_credentials", "refresh_token"]),
  ],
  [
    "client_id is a required string",
    () => expectRequiredInGrants("client_id", ["password", "client_credentials", "refresh_token"]),
  ],
  [
    "client_secret is a required string",
    () => expectRequiredInGrants("client_secret", ["password", "client_credentials", "refresh_token"]),
  ],
  [
    "refresh_token is a string and required for the grant refresh_token only",
    () => expectRequiredInGrants("refresh_token", ["refresh_token"]),
  ],
  ["username is a string and required for the grant password only", () => expectRequiredInGrants("username", ["password"])],
  ["password is a string and required for the grant password only", () => expectRequiredInGrants("password", ["password"])],
  [
    "username identifies the user, client_id the client",
    () => {
      expect(member(grant("password"), "username").description).toBe("Identifies the user.");
      expect(member(grant("password"), "client_id").description).toBe("Identifies the client.");
    },
  ],
  [
    "a request ID can be passed with any call",
    () => {
      for (const { parameter } of finapi.operations) expect(parameter("X-Request-Id").in).toBe("header");
    },
  ],
  [
    "the request ID is an optional string",
    () => expect([requestId?.required, requestId?.schema.type]).toEqual([undefined, "string"]),
  ],
  ["the request ID has up to 255 characters", () => expect(requestId?.schema.maxLength).toBe(255)],
  [
    "the request ID is arbitrary",
    () => expect([requestId?.schema.pattern, requestId?.schema.format]).toEqual([undefined, undefined]),
  ],
  ["a longer request ID is an error", () => expect(requestId?.description).toMatch(/longer one is an error/)],
  [
    "finAPI makes up a random request ID where none is passed",
    () => expect(requestId?.description).toMatch(/makes a random one up/),
  ],
  [
    "every response returns the request ID in X-Request-Id",
    () => {
      for (const { responses } of finapi.operations) {
        for (const { headers } of Object.values(responses)) {
          expect(headers?.["X-Request-Id"]).toMatchObject({ required: true, schema: { type: "string", maxLength: 255 } });
        }
      }
    },
  ],
  [
    "passing a request ID, preferably unique, is recommended with every call",
    () => {
      expect(requestId?.description).toMatch(/unique/);
      expect(requestId?.["x-fill"]).toEqual({ uuid: "v4" });
    },
  ],
  [
    "logging the request ID is recommended, above all for errors",
    () => expect(requestId?.description).toMatch(/logging it .* above all with every error/),
  ],
  ["finAPI logs request IDs too", () => expect(requestId?.description).toMatch(/in its own logs/)],
  ["a request ID helps the support", () => expect(requestId?.description).toMatch(/support/)],
  ["getToken needs no authorization", () => expect(getToken.security).toEqual([])],
  ["getToken takes a form", () => expect(getToken.request.mediaType).toBe("application/x-www-form-urlencoded")],
  ["getToken answers with JSON", () => expectJson(getToken)],
  [
    "the token to be revoked is a required string",
    () => expect(revokeToken.parameter("token")).toMatchObject({ required: true, schema: { type: "string" } }),
  ],
  [
    "the token is the one to be revoked",
    () => expect(revokeToken.parameter("token").description).toBe("This token is to be revoked."),
  ],
  [
    "token_type_hint is an optional string",
    () => {
      expect(revokeToken.parameter("token_type_hint").required).toBeUndefined();
      expect(revokeToken.parameter("token_type_hint").schema.type).toBe("string");
    },
  ],
  [
    "token_type_hint hints at the type of the token",
    () => expect(revokeToken.parameter("token_type_hint").description).toMatch(/hint tells which kind of token/),
  ],
  ["revokeToken takes the optional request ID", () => expect(revokeToken.parameter("X-Request-Id").required).toBeUndefined()],
  ["revokeToken sends no content type", () => expect(revokeToken.requestBody).toBeUndefined()],
  [
    "revokeToken's response has an empty body",
    () => {
      expect(revokeToken.responses).toHaveProperty("200");
      expect(revokeToken.responses["200"]?.content).toBeUndefined();
    },
  ],
  ["revokeToken answers with JSON otherwise", () => expectJson(revokeToken)],
];

const refreshAccessToken = onmeta.operation("refreshAccessToken");
const customer = onmeta.lifecycle("customer");

const refreshAccessTokenPage: Row[] = [
  ["the page belongs to the off-ramp API", () => expect(onmeta.document.info.title).toBe("Onmeta Off-ramp API")],
  ["the refresh belongs to the customer login", () => expect(refreshAccessToken.tags).toEqual(["Customer login"])],
  ["the operation refreshes an access token", () => expect(refreshAccessToken.summary).toBe("Refresh an access token")],
  ["the refresh is a GET", () => expect(refreshAccessToken.method).toBe("get")],
  [
    "the address is https://stg.api.onmeta.in/v1/users/refresh-token",
    () =>
      expect(urlsOf(onmeta).map((url) => url + refreshAccessToken.path)).toContain(
        "https://stg.api.onmeta.in/v1/users/refresh-token",
      ),
  ],
  [
    "the refresh has no path parameters",
    () => expect(refreshAccessToken.parameters.filter((parameter) => parameter.in === "path")).toEqual([]),
  ],
  [
    "the refresh has no query parameters",
    () => expect(refreshAccessToken.parameters.filter((parameter) => parameter.in === "query")).toEqual([]),
  ],
  ["the refresh has neither a body nor a form", () => expect(refreshAccessToken.requestBody).toBeUndefined()],
  ["x-api-key is a required header", () => expect(refreshAccessToken.requiredHeaders).toContain("x-api-key")],
  [
    "x-api-key is the API key",
    () => {
      expect(onmeta.document.components.securitySchemes["apiKey"]).toMatchObject({
        type: "apiKey",
        in: "header",
        name: "x-api-key",
      });
      expect(onmeta.document.components.securitySchemes["apiKey"]?.description).toContain("API key");
    },
  ],
  ["Authorization is a required header", () => expect(refreshAccessToken.requiredHeaders).toContain("Authorization")],
  [
    "Authorization is Bearer and the refresh token",
    () => {
      expect(refreshAccessToken.security).toEqual([{ apiKey: [], refreshBearer: [] }]);
      expect(onmeta.document.components.securitySchemes["refreshBearer"]).toMatchObject({ type: "http", scheme: "bearer" });
      expect(onmeta.lifecycle("refreshBearer").apply).toBe("Bearer {$workflows.customer.outputs.refreshToken}");
    },
  ],
  ["the refresh answers with JSON", () => expectJson(refreshAccessToken)],
  ...memberRows(refreshAccessToken, 200, { success: "boolean", data: "object", error: "object" }),
  ["success is true on 200", () => expect(member(refreshAccessToken.reply(200).schema, "success").const).toBe(true)],
  [
    "data has an access token, a string",
    () => expectRequired(member(refreshAccessToken.reply(200).schema, "data"), "accessToken", "string"),
  ],
  [
    "data has nothing but the access token",
    () => expect(Object.keys(member(refreshAccessToken.reply(200).schema, "data").properties ?? {})).toEqual(["accessToken"]),
  ],
  ["error is empty on 200", () => expect(member(refreshAccessToken.reply(200).schema, "error").maxProperties).toBe(0)],
  [
    "the example of 200 is success, data with a JWT, and an empty error",
    () =>
      expect(refreshAccessToken.reply(200).values[0]).toEqual({
        success: true,
        data: { accessToken: expect.stringMatching(/^eyJ\w+\.\w+\.\w+$/) },
        error: {},
      }),
  ],
  [
    "401 says unauthorized to access, in just these words and numbers",
    () =>
      expect(refreshAccessToken.reply(401).values[0]).toEqual({
        success: false,
        error: { code: 401, message: "unauthorized to access" },
      }),
  ],
  ...memberRows(refreshAccessToken, 401, { success: "boolean", error: "object" }),
  [
    "an error has an integer code and a message, both required",
    () => {
      const error = member(refreshAccessToken.reply(401).schema, "error");
      expectRequired(error, "code", "integer");
      expectRequired(error, "message", "string");
    },
  ],
];

describe("SynapseFi's Generate Refresh Token page", () => {
  it.each(generateRefreshTokenPage)("%s", (_, check) => check());
});

describe("SynapseFi's Issue OAuth Key page", () => {
  it.each(issueOAuthKeyPage)("%s", (_, check) => check());
});

describe("finAPI's Authorization page", () => {
  it.each(authorizationPage)("%s", (_, check) => check());
});

describe("Onmeta's Refresh Access Token page", () => {
  it.each(refreshAccessTokenPage)("%s", (_, check) => check());
});

const synapseFacts: Row[] = [
  [
    "each operation answers with these statuses",
    () =>
      expect(statusesOf(synapse)).toEqual({
        login: "200 400 401 404 409 429 500 503 504",
        issueOAuthKey: "200 202 400 401 404 409 429 500 503 504",
        createUser: "200 400 401 402 409 429 500 503 504",
        getUser: "200 401 404 429 500 503 504",
        listUserNodes: "200 401 404 429 500 503 504",
        createUserNode: "200 202 400 401 402 404 409 429 500 503 504",
        getUserNode: "200 401 404 429 500 503 504",
        listUserTransactions: "200 401 404 429 500 503 504",
      }),
  ],
  [
    "every error has the same body",
    () => {
      for (const { responses, reply } of synapse.operations) {
        for (const status of Object.keys(responses).filter((code) => code >= "400")) {
          expect(reply(Number(status)).schema).toEqual(synapse.document.components.schemas["Error"]);
        }
      }
      expect(synapse.document.components.schemas["ErrorText"]).toMatchObject({ type: "object", required: ["en"] });
    },
  ],
  [
    "the application, the device and the user are told apart by two headers",
    () =>
      expect(schemesOf(synapse)).toEqual({
        gateway: "apiKey in header X-SP-GATEWAY",
        device: "apiKey in header X-SP-USER",
        userKey: "apiKey in header X-SP-USER",
      }),
  ],
  [
    "the caller states these inputs, of which a question mark means optional and a lock secret",
    () =>
      expect(inputsOf(synapse)).toEqual({
        gateway: "clientId clientSecret🔒",
        device: "userId? fingerprint🔒 userIp:ipv4",
        userKey:
          "clientId userId fingerprint🔒 userIp:ipv4 refreshToken?🔒 email?:email password?🔒 phoneNumber? validationPin?🔒",
      }),
  ],
  [
    "every call that turns a key names the user in the path",
    () => {
      for (const call of [userKey.obtain, userKey.refresh, userKey.recover]) {
        expect(call?.parameters).toEqual({ user_id: "$inputs.userId" });
      }
    },
  ],
  [
    "an exchange says how many uses of the refresh token are left",
    () => expect(userKey.refresh?.outputs).toMatchObject({ refreshUses: "$response.body#/refresh_expires_in" }),
  ],
  [
    "the second factor takes two more requests: one names the device, one the PIN",
    () => {
      expect(issueOAuthKey.request.values).toContainEqual(expect.objectContaining({ phone_number: expect.any(String) }));
      expect(issueOAuthKey.request.values).toContainEqual(expect.objectContaining({ validation_pin: expect.any(String) }));
    },
  ],
  [
    "a refused exchange has an example for each of its reasons",
    () =>
      expect([400, 404, 409].map((status) => issueOAuthKey.reply(status).values.map(({ error }) => error))).toEqual([
        [{ en: "Incorrect refresh_token." }, { en: "The payload lacks a required field." }],
        [{ en: "refresh_token not found" }, { en: "User not found." }],
        [{ en: "The refresh_token does not belong to this user." }, { en: "Incorrect validation_pin." }],
      ]),
  ],
  [
    "is_active and is_protected are optional in an exchange",
    () => {
      expectOptional(issueOAuthKey.request.schema, "is_active", "boolean");
      expectOptional(issueOAuthKey.request.schema, "is_protected", "boolean");
    },
  ],
  [
    "seconds are digits in a string",
    () => {
      for (const name of ["expires_at", "expires_in"])
        expect(member(issueOAuthKey.reply(200).schema, name).pattern).toBe("^\\d+$");
    },
  ],
  [
    "there are a sandbox and a production system, the sandbox first",
    () =>
      expect(serversOf(synapse)).toEqual([
        ["uat", "https://uat-api.synapsefi.com/v3.1"],
        ["production", "https://api.synapsefi.com/v3.1"],
      ]),
  ],
  ["a login never brings an OAuth key", () => expect(login.reply(200).schema.properties).not.toHaveProperty("oauth_key")],
  [
    "an unknown fingerprint is answered with 202: first the devices, then the confirmation that the PIN has been sent",
    () => {
      const [devices, sent] = issueOAuthKey.reply(202).values;
      expect(devices).toMatchObject({ error_code: "10", http_code: "202", success: false, phone_numbers: expect.any(Array) });
      expect(sent).toMatchObject({ error_code: "10", http_code: "202", success: true, message: { en: expect.any(String) } });
      expect(issueOAuthKey.reply(202).schema.oneOf?.map(({ required }) => required)).toEqual([
        ["error", "error_code", "http_code", "phone_numbers", "success"],
        ["error_code", "http_code", "message", "success"],
      ]);
    },
  ],
  [
    "202 is a challenge to a person and not a success",
    () => {
      expect(userKey.refresh?.successCriteria).toBe("$statusCode == 200");
      expect(userKey.refresh?.onFailure?.["challenge"]).toBe("$statusCode == 202");
      expect(userKey.refresh?.requestBody?.payload).toMatchObject({
        phone_number: { optional: "$inputs.phoneNumber" },
        validation_pin: { optional: "$inputs.validationPin" },
      });
    },
  ],
  [
    "a refresh token that is used up is answered with 404",
    () =>
      expect(issueOAuthKey.reply(404).values[0]).toMatchObject({ error: { en: "refresh_token not found" }, error_code: "404" }),
  ],
  [
    "a refused refresh token leads to the user object, and from there to a login",
    () => {
      const refused = "$statusCode == 404 || $statusCode == 400 || $statusCode == 409";
      expect(userKey.refresh?.onFailure).toMatchObject({ recover: refused, obtain: refused });
      expect(Object.keys(userKey.refresh?.onFailure ?? {}).slice(-2)).toEqual(["recover", "obtain"]);
    },
  ],
  [
    "an exchange can end in 400, 404 and 409",
    () => expect(Object.keys(issueOAuthKey.responses)).toEqual(expect.arrayContaining(["400", "404", "409"])),
  ],
  [
    "an expired key is answered with 401 and code 110",
    () => {
      for (const operation of operationsUnder(synapse, "userKey")) {
        expect(operation.reply(401).values[0]).toEqual({
          error: { en: "Invalid/expired oauth_key." },
          error_code: "110",
          http_code: "401",
          success: false,
        });
      }
    },
  ],
  [
    "a key is renewed on 401 with code 110 or 300",
    () =>
      expect(userKey.rejected?.["token"]).toBe(
        "$statusCode == 401 && ($response.body#/error_code == '110' || $response.body#/error_code == '300')",
      ),
  ],
  [
    "wrong credentials of the application are answered with code 100",
    () => {
      for (const { reply } of synapse.operations) {
        expect(reply(401).values).toContainEqual(expect.objectContaining({ error_code: "100", http_code: "401" }));
      }
      for (const operation of operationsUnder(synapse, "device")) {
        expect(operation.reply(401).values[0]).toMatchObject({ error_code: "100" });
      }
    },
  ],
  [
    "code 100 is never repeated, and the status is asked first",
    () => {
      expect(userKey.rejected?.["credentials"]).toBe("$statusCode == 401 && $response.body#/error_code == '100'");
      expect(userKey.refresh?.onFailure?.["credentials-rejected"]).toBe(
        "$statusCode == 401 && $response.body#/error_code == '100'",
      );
      expect(userKey.recover?.onFailure).toEqual({
        "credentials-rejected": "$statusCode == 401 && $response.body#/error_code == '100'",
      });
      expect(userKey.obtain?.onFailure?.["credentials-rejected"]).toBe(
        "$statusCode == 409 || ($statusCode == 401 && $response.body#/error_code == '100')",
      );
    },
  ],
  ["the user is viewed without a key", () => expect(getUser.security).toEqual([{ gateway: [], device: [] }])],
  [
    "a key belongs to an application, a user and a fingerprint",
    () => expect(userKey.key).toEqual(["$inputs.clientId", "$inputs.userId", "$inputs.fingerprint"]),
  ],
  [
    "the end of a key is told as a moment, else as a span, else known",
    () =>
      expect(userKey.expires?.["accessToken"]).toEqual([
        { at: "$response.body#/expires_at", format: "epoch-seconds" },
        { in: "$response.body#/expires_in", unit: "seconds" },
        "PT2H",
      ]),
  ],
  ["a refresh token may be held already", () => expect(userKey.initial).toEqual({ refreshToken: "$inputs.refreshToken" })],
  [
    "every call names the device's address, which the caller states once",
    () => {
      for (const { parameter } of synapse.operations) {
        expect(parameter("X-SP-USER-IP")).toMatchObject({ required: true, "x-fill": "$inputs.userIp" });
      }
    },
  ],
  [
    "the user in the path is stated once as well",
    () => {
      for (const { path, parameters } of synapse.operations) {
        const [userId] = parameters.filter(({ name }) => name === "user_id");
        expect(userId?.["x-fill"]).toBe(path.includes("{user_id}") ? "$inputs.userId" : undefined);
      }
    },
  ],
  [
    "the POSTs that create something take an idempotency key, made up where it is left out",
    () => {
      const taking = synapse.operations.filter(({ parameters }) =>
        parameters.some(({ name }) => name === "X-SP-IDEMPOTENCY-KEY"),
      );
      expect(taking.map(({ operationId }) => operationId)).toEqual(["createUser", "createUserNode"]);
      for (const { method, parameter } of taking) {
        expect(method).toBe("post");
        expect(parameter("X-SP-IDEMPOTENCY-KEY")["x-fill"]).toEqual({ uuid: "v4" });
      }
    },
  ],
  [
    "the codes of an error are strings, and success is false",
    () => {
      const { properties } = synapse.document.components.schemas["Error"] ?? {};
      expect(properties?.["error_code"]?.type).toBe("string");
      expect(properties?.["http_code"]?.type).toBe("string");
      expect(properties?.["success"]?.const).toBe(false);
    },
  ],
  [
    "http_code repeats the status in every error",
    () => {
      for (const { responses, reply } of synapse.operations) {
        for (const status of Object.keys(responses).filter((code) => code >= "202")) {
          for (const value of reply(Number(status)).values) expect(value["http_code"]).toBe(status);
        }
      }
    },
  ],
  [
    "too many requests, a fault, an unavailable service and a timeout can befall every call",
    () => {
      for (const { responses } of synapse.operations) {
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["429", "500", "503", "504"]));
      }
    },
  ],
  [
    "a deposit account has a balance in a number, a linked one in a string",
    () => {
      const [deposit, linked] = synapse.operation("getUserNode").reply(200).values;
      expect(deposit).toMatchObject({ type: "DEPOSIT-US", info: { balance: { amount: 0 } } });
      expect(linked).toMatchObject({ type: "ACH-US", info: { balance: { amount: "0.00" } } });
    },
  ],
];

const finapiFacts: Row[] = [
  [
    "each operation answers with these statuses",
    () =>
      expect(statusesOf(finapi)).toEqual({
        getToken: "200 400 401 403 423 500",
        revokeToken: "200 400 401 403 500",
        getAuthorizedUser: "200 401 403 500",
        createUser: "201 400 401 403 422 500",
        getClientConfiguration: "200 400 401 403 500",
        getAndSearchAllBanks: "200 400 401 403 500",
        getAndSearchAllAccounts: "200 400 401 403 500",
      }),
  ],
  [
    "a refused credential has the short body of OAuth, and every other error the list of errors",
    () => {
      const { BadCredentialsError, ErrorMessage } = finapi.document.components.schemas;
      for (const { responses, reply } of finapi.operations) {
        for (const status of Object.keys(responses).filter((code) => code >= "400")) {
          expect(reply(Number(status)).schema).toEqual(status === "401" ? BadCredentialsError : ErrorMessage);
        }
      }
      expectRequired(BadCredentialsError ?? {}, "error", "string");
      expectRequired(BadCredentialsError ?? {}, "error_description", "string");
      expectRequired(ErrorMessage ?? {}, "errors", "array");
    },
  ],
  [
    "the errors have the code of their status",
    () => {
      const codes = (status: number, { reply }: OperationView) =>
        reply(status).values.flatMap(({ errors }) => (errors as { code: string }[]).map(({ code }) => code));
      expect(codes(400, getToken)).toEqual(["BAD_REQUEST", "BAD_REQUEST", "BAD_REQUEST"]);
      expect(codes(403, getToken)).toEqual(["USER_NOT_VERIFIED", "UNAUTHORIZED_ACCESS"]);
      expect(codes(400, revokeToken)).toEqual(["BAD_REQUEST"]);
      for (const operation of finapi.operations) {
        expect(codes(403, operation)).toContain("UNAUTHORIZED_ACCESS");
        expect(codes(500, operation)).toEqual(["UNEXPECTED_ERROR"]);
        if ("400" in operation.responses) expect(codes(400, operation)).toContain("BAD_REQUEST");
      }
    },
  ],
  [
    "both tokens are those of OAuth, and a user's is the rule",
    () => {
      expect(schemesOf(finapi)).toEqual({ finapiClient: "oauth2", finapiUser: "oauth2" });
      expect(finapi.document.security).toEqual([{ finapiUser: ["all"] }]);
    },
  ],
  [
    "the caller states these inputs, of which a lock means secret",
    () =>
      expect(inputsOf(finapi)).toEqual({
        finapiClient: "clientId clientSecret🔒",
        finapiUser: "clientId clientSecret🔒 username password🔒",
      }),
  ],
  [
    "each grant has an example",
    () =>
      expect(getToken.request.values.map((value) => value["grant_type"])).toEqual([
        "password",
        "client_credentials",
        "refresh_token",
      ]),
  ],
  [
    "grant_type leads to the schema of its grant",
    () =>
      expect(getToken.request.schema.discriminator?.mapping).toEqual({
        password: "#/components/schemas/PasswordGrant",
        client_credentials: "#/components/schemas/ClientCredentialsGrant",
        refresh_token: "#/components/schemas/RefreshTokenGrant",
      }),
  ],
  [
    "token_type is always bearer and scope is always all",
    () => {
      expectRequired(getToken.reply(200).schema, "token_type", "string");
      expectRequired(getToken.reply(200).schema, "scope", "string");
      for (const value of getToken.reply(200).values) expect(value).toMatchObject({ token_type: "bearer", scope: "all" });
    },
  ],
  [
    "there are a sandbox and a live system, the sandbox first",
    () =>
      expect(serversOf(finapi)).toEqual([
        ["sandbox", "https://sandbox.finapi.io"],
        ["live", "https://live.finapi.io"],
      ]),
  ],
  [
    "the client's credentials travel in the form",
    () => {
      for (const scheme of ["finapiClient", "finapiUser"]) {
        expect(finapi.lifecycle(scheme).clientAuthentication).toBe("client_secret_post");
      }
    },
  ],
  [
    "the client's token and a user's are two",
    () => {
      expect(finapi.lifecycle("finapiClient").obtain).toEqual({ operationId: "getToken", grantType: "client_credentials" });
      expect(finapi.lifecycle("finapiUser").obtain).toMatchObject({ operationId: "getToken", grantType: "password" });
      expect(finapi.lifecycle("finapiUser").refresh).toMatchObject({ operationId: "getToken", grantType: "refresh_token" });
      expect(finapi.lifecycle("finapiUser").key).toEqual(["$inputs.username"]);
    },
  ],
  [
    "every other operation names the token that it needs",
    () =>
      expect(Object.fromEntries(finapi.operations.map(({ operationId, security }) => [operationId, security]))).toEqual({
        getToken: [],
        revokeToken: [{ finapiClient: ["all"] }],
        getAuthorizedUser: [{ finapiUser: ["all"] }],
        createUser: [{ finapiClient: ["all"] }],
        getClientConfiguration: [{ finapiClient: ["all"] }],
        getAndSearchAllBanks: [{ finapiClient: ["all"] }, { finapiUser: ["all"] }],
        getAndSearchAllAccounts: [{ finapiUser: ["all"] }],
      }),
  ],
  [
    "access_token, token_type, expires_in and scope are always there, refresh_token is not",
    () => {
      const { schema } = getToken.reply(200);
      expect([...(schema.required ?? [])].sort()).toEqual(["access_token", "expires_in", "scope", "token_type"]);
      expectOptional(schema, "refresh_token", "string");
    },
  ],
  [
    "only a user's token comes with a refresh token",
    () => {
      const [user, client] = getToken.reply(200).values;
      expect(client).toMatchObject({ expires_in: 1347 });
      expect(user).toHaveProperty("refresh_token");
      expect(client).not.toHaveProperty("refresh_token");
    },
  ],
  ["expires_in is an integer", () => expectRequired(getToken.reply(200).schema, "expires_in", "integer")],
  [
    "expires_in 0 means never",
    () => {
      for (const scheme of ["finapiClient", "finapiUser"]) {
        expect(finapi.lifecycle(scheme).expires?.["accessToken"]).toEqual({
          in: "$response.body#/expires_in",
          unit: "seconds",
          never: 0,
        });
      }
      expect(member(getToken.reply(200).schema, "expires_in").description).toContain("never ends");
      expect(getToken.reply(200).values).toContainEqual(expect.objectContaining({ expires_in: 0 }));
    },
  ],
  [
    "the live token is handed out again",
    () => {
      for (const scheme of ["finapiClient", "finapiUser"]) {
        expect(finapi.lifecycle(scheme).refreshToken).toMatchObject({ sameTokenWhileValid: true });
      }
    },
  ],
  [
    "a refresh token is replaced where another comes",
    () => expect(finapi.lifecycle("finapiUser").refreshToken).toMatchObject({ rotation: "sometimes" }),
  ],
  [
    "getToken answers 400, 403, 423 and 500 with a list of errors, and 401 with the short body",
    () => {
      expect(Object.keys(getToken.responses)).toEqual(["200", "400", "401", "403", "423", "500"]);
      for (const status of [400, 403, 423, 500]) expect(getToken.reply(status).schema.properties).toHaveProperty("errors");
      expect(getToken.reply(401).schema.required).toEqual(["error", "error_description"]);
    },
  ],
  [
    "401 of getToken is about the client's credentials",
    () => expect(getToken.reply(401).values[0]).toMatchObject({ error: "invalid_client" }),
  ],
  [
    "an access token that has ended is answered with 401 and invalid_token",
    () => {
      for (const operation of finapi.operations.filter(({ security }) => security.length > 0)) {
        expect(operation.reply(401).values[0]).toMatchObject({ error: "invalid_token" });
      }
      for (const scheme of ["finapiClient", "finapiUser"]) {
        expect(finapi.lifecycle(scheme).rejected?.["token"]).toBe(
          "$statusCode == 401 && $response.body#/error == 'invalid_token'",
        );
      }
    },
  ],
  [
    "a user who is not verified or locked has to act",
    () => {
      const { obtain, refresh } = finapi.lifecycle("finapiUser");
      for (const call of [obtain, refresh])
        expect(call?.onFailure?.["challenge"]).toBe("$statusCode == 403 || $statusCode == 423");
      expect(getToken.reply(403).values[0]).toMatchObject({ errors: [{ code: "USER_NOT_VERIFIED" }] });
      expect(getToken.reply(423).values[0]).toMatchObject({ errors: [{ code: "LOCKED" }] });
    },
  ],
  [
    "wrong credentials of a user are final",
    () =>
      expect(finapi.lifecycle("finapiUser").obtain?.onFailure?.["credentials-rejected"]).toBe(
        "$statusCode == 400 || $statusCode == 401",
      ),
  ],
  [
    "a refused refresh token leads back to the password, and refused credentials of the client do not",
    () =>
      expect(finapi.lifecycle("finapiUser").refresh?.onFailure).toMatchObject({
        obtain: "$statusCode == 400",
        "credentials-rejected": "$statusCode == 401",
      }),
  ],
  ["a revocation needs the client's token", () => expect(revokeToken.security).toEqual([{ finapiClient: ["all"] }])],
  [
    "a revocation is asked for in the query",
    () => expect([revokeToken.parameter("token").in, revokeToken.parameter("token_type_hint").in]).toEqual(["query", "query"]),
  ],
  [
    "the hint is access_token or refresh_token",
    () => expect(revokeToken.parameter("token_type_hint").schema.enum).toEqual(["access_token", "refresh_token"]),
  ],
  ["an unknown token is answered with 200 too", () => expect(revokeToken.description).toMatch(/unknown is answered with 200/)],
  [
    "revoking a user's refresh token ends both tokens",
    () =>
      expect(finapi.lifecycle("finapiUser").revoke).toEqual({
        operationId: "revokeToken",
        parameters: { token: "$outputs.refreshToken", token_type_hint: "refresh_token" },
        ends: ["refreshToken", "accessToken"],
      }),
  ],
  ["the client's own token is not revoked", () => expect(finapi.lifecycle("finapiClient").revoke).toBeUndefined()],
  [
    "both flows use the token endpoint and the scope all",
    () => {
      const { finapiClient, finapiUser } = finapi.document.components.securitySchemes;
      expect(finapiClient?.flows).toMatchObject({
        clientCredentials: { tokenUrl: "/oauth/token", scopes: { all: expect.any(String) } },
      });
      expect(finapiUser?.flows).toMatchObject({
        password: { tokenUrl: "/oauth/token", refreshUrl: "/oauth/token", scopes: { all: expect.any(String) } },
      });
    },
  ],
  [
    "an error says for whom it is meant, and there are 38 codes",
    () => {
      const { ErrorDetails, ErrorCode } = finapi.document.components.schemas;
      expect(ErrorDetails?.properties?.["type"]?.enum).toEqual(["BUSINESS", "TECHNICAL"]);
      expect(ErrorCode?.enum).toHaveLength(38);
    },
  ],
  [
    "a user is created with 201, and a taken identifier is answered with 422",
    () => {
      const createUser = finapi.operation("createUser");
      expect(Object.keys(createUser.responses)).toEqual(["201", "400", "401", "403", "422", "500"]);
      expect(createUser.reply(422).values[0]).toMatchObject({ errors: [{ code: "ENTITY_EXISTS" }] });
      expect(createUser.request.schema.required).toBeUndefined();
    },
  ],
  [
    "the password of a user is masked except in the reply that creates the user",
    () => {
      expect(finapi.operation("getAuthorizedUser").reply(200).values[0]).toMatchObject({ password: "XXXXX" });
      expect(finapi.operation("createUser").reply(201).values[0]?.["password"]).not.toBe("XXXXX");
    },
  ],
  [
    "a page has 20 entries unless stated otherwise, and 500 at most",
    () =>
      expect(finapi.operation("getAndSearchAllBanks").parameter("perPage").schema).toMatchObject({
        default: 20,
        minimum: 1,
        maximum: 500,
      }),
  ],
];

const onmetaFacts: Row[] = [
  [
    "each operation answers with these statuses",
    () =>
      expect(statusesOf(onmeta)).toEqual({
        userLogin: "200 400 401 500",
        refreshAccessToken: "200 401 500",
        getKycStatus: "200 400 401 500",
        linkUserAccount: "200 400 401 406 500",
        fetchBankVerificationStatus: "200 401 500",
        supportedCurrencies: "200 401 500",
        quoteSell: "200 400 401 500",
        offrampCreateOrder: "200 400 401 404 500",
        offrampOrderStatus: "200 400 401 500",
        fetchUsersOrderHistory: "200 401 500",
      }),
  ],
  [
    "the key is a header, and both tokens are bearers",
    () => {
      expect(schemesOf(onmeta)).toEqual({
        apiKey: "apiKey in header x-api-key",
        refreshBearer: "http bearer",
        customer: "http bearer",
      });
      expect(onmeta.document.security).toEqual([{ apiKey: [], customer: [] }]);
    },
  ],
  [
    "the caller states these inputs, of which a lock means secret",
    () => expect(inputsOf(onmeta)).toEqual({ customer: "apiKey🔒 email:email" }),
  ],
  [
    "a login and a refresh bring tokens when they say success",
    () => {
      const success = "$statusCode == 200 && $response.body#/success == true";
      expect(customer.obtain).toEqual({
        operationId: "userLogin",
        requestBody: { payload: { email: "$inputs.email" } },
        successCriteria: success,
        outputs: { accessToken: "$response.body#/data/accessToken", refreshToken: "$response.body#/data/refreshToken" },
        onFailure: { "credentials-rejected": "$statusCode == 401 || $statusCode == 400" },
      });
      expect(customer.refresh).toMatchObject({
        operationId: "refreshAccessToken",
        successCriteria: success,
        outputs: { accessToken: "$response.body#/data/accessToken" },
      });
    },
  ],
  [
    "there are a staging and a production system, staging first",
    () =>
      expect(serversOf(onmeta)).toEqual([
        ["staging", "https://stg.api.onmeta.in"],
        ["production", "https://api.platform.onmeta.in"],
      ]),
  ],
  [
    "every call carries the API key",
    () => {
      for (const { security } of onmeta.operations)
        for (const alternative of security) expect(alternative).toHaveProperty("apiKey");
    },
  ],
  [
    "a login takes an e-mail address and no password",
    () => {
      const userLogin = onmeta.operation("userLogin");
      expect([userLogin.method, userLogin.path]).toEqual(["post", "/v1/users/login"]);
      expect(userLogin.security).toEqual([{ apiKey: [] }]);
      expect(userLogin.request.schema).toMatchObject({ required: ["email"] });
      expect(Object.keys(userLogin.request.schema.properties ?? {})).toEqual(["email"]);
    },
  ],
  [
    "a login brings both tokens, and perhaps the bank details",
    () => {
      const data = member(onmeta.operation("userLogin").reply(200).schema, "data");
      expect(data.required).toEqual(["accessToken", "refreshToken"]);
      expect(data.properties).toHaveProperty("bankDetails");
    },
  ],
  ["a refresh leaves the refresh token as it is", () => expect(customer.refreshToken).toEqual({ rotation: "never" })],
  [
    "a token tells its own end; else an access token lives an hour and a refresh token a day",
    () =>
      expect(customer.expires).toEqual({
        accessToken: [{ claim: "exp" }, "PT1H"],
        refreshToken: [{ claim: "exp" }, "P1D"],
      }),
  ],
  ["a token belongs to an application and a customer", () => expect(customer.key).toEqual(["$inputs.apiKey", "$inputs.email"])],
  [
    "a refused refresh leads back to the login",
    () => expect(customer.refresh?.onFailure).toEqual({ obtain: "$statusCode == 401" }),
  ],
  [
    "every 401 has the same body",
    () => {
      for (const { reply } of onmeta.operations) {
        expect(reply(401).values).toEqual([{ success: false, error: { code: 401, message: "unauthorized to access" } }]);
      }
      expect(customer.rejected).toEqual({ token: "$statusCode == 401" });
    },
  ],
  [
    "a fault is answered with 500 in the same envelope",
    () => {
      for (const { reply } of onmeta.operations) {
        expect(reply(500).values).toEqual([{ success: false, error: { code: 500, message: "internal server error" } }]);
      }
    },
  ],
  [
    "the currencies need the key alone, and take the customer's token",
    () => expect(onmeta.operation("supportedCurrencies").security).toEqual([{ apiKey: [], customer: [] }, { apiKey: [] }]),
  ],
  ["a quote needs the key alone", () => expect(onmeta.operation("quoteSell").security).toEqual([{ apiKey: [] }])],
  [
    "the KYC status is a string, and its error has no code",
    () => {
      const getKycStatus = onmeta.operation("getKycStatus");
      expect(member(member(getKycStatus.reply(200).schema, "data"), "isKycVerified")).toMatchObject({
        type: "string",
        enum: ["true", "false"],
      });
      expect(member(getKycStatus.reply(400).schema, "error").properties).not.toHaveProperty("code");
    },
  ],
  [
    "a chain is a number when an order is created and a string in its status",
    () => {
      expect(member(member(onmeta.operation("offrampCreateOrder").reply(200).schema, "data"), "chainId").type).toBe("integer");
      expect(member(member(onmeta.operation("offrampOrderStatus").reply(200).schema, "data"), "chainId").type).toBe("string");
    },
  ],
  [
    "an account that is verified already is answered with 406",
    () =>
      expect(onmeta.operation("linkUserAccount").reply(406).values[0]).toMatchObject({
        error: { message: "account already verified" },
      }),
  ],
  [
    "an order without a linked account is answered with 404",
    () =>
      expect(onmeta.operation("offrampCreateOrder").reply(404).values[0]).toMatchObject({
        error: { message: "Bank details are not found for the user" },
      }),
  ],
  [
    "kycVerfied is spelt as the service spells it",
    () => expectRequired(onmeta.operation("linkUserAccount").request.schema, "kycVerfied", "boolean"),
  ],
  [
    "an amount is given in money or in tokens",
    () => {
      for (const id of ["quoteSell", "offrampCreateOrder"]) {
        const alternatives = onmeta.operation(id).request.schema.anyOf ?? [];
        expect(alternatives.map(({ allOf }) => allOf?.[1]?.required)).toEqual([["fiatAmount"], ["sellTokenAmount"]]);
      }
    },
  ],
];

describe("beyond the pages, SynapseFi", () => {
  it.each(synapseFacts)("%s", (_, check) => check());
});

describe("beyond the pages, finAPI", () => {
  it.each(finapiFacts)("%s", (_, check) => check());
});

describe("beyond the pages, Onmeta", () => {
  it.each(onmetaFacts)("%s", (_, check) => check());
});

/** One row for each member of a response: it is there, it is required, its type is this, and the example has it. */
function memberRows(operation: OperationView, status: number, types: Readonly<Record<string, string>>): Row[] {
  return Object.entries(types).map(([name, type]) => [
    `${status} has ${name}, ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`,
    () => {
      expectRequired(operation.reply(status).schema, name, type);
      expect(operation.reply(status).values[0]).toHaveProperty(name);
    },
  ]);
}

function member(schema: Schema, name: string): Schema {
  const found = schema.properties?.[name];
  if (found === undefined) throw new Error(`the schema has no ${name}`);
  return found;
}

function expectRequired(schema: Schema, name: string, type: string): void {
  expect(member(schema, name).type).toBe(type);
  expect(schema.required).toContain(name);
}

function expectOptional(schema: Schema, name: string, type: string): void {
  expect(member(schema, name).type).toBe(type);
  expect(schema.required).not.toContain(name);
}

function expectPathString(operation: OperationView, name: string): void {
  expect(operation.parameter(name)).toMatchObject({ in: "path", required: true, schema: { type: "string" } });
}

function expectJson({ responses }: OperationView): void {
  for (const { content } of Object.values(responses)) {
    if (content !== undefined) expect(Object.keys(content)).toEqual(["application/json"]);
  }
}

function grants(): readonly Schema[] {
  return getToken.request.schema.oneOf ?? [];
}

function grant(type: string): Schema {
  const found = grants().find((schema) => member(schema, "grant_type").const === type);
  if (found === undefined) throw new Error(`there is no grant ${type}`);
  return found;
}

/** The member is a required string in these grants, and unknown to the others. */
function expectRequiredInGrants(name: string, types: readonly string[]): void {
  for (const schema of grants()) {
    if (types.includes(String(member(schema, "grant_type").const))) expectRequired(schema, name, "string");
    else expect(schema.properties).not.toHaveProperty(name);
  }
}

function operationsUnder({ operations }: Api, scheme: string): OperationView[] {
  return operations.filter(({ security }) => security.some((alternative) => scheme in alternative));
}

function urlsOf({ document }: Api): string[] {
  return document.servers.map(({ url }) => url);
}

function serversOf({ document }: Api): [string, string][] {
  return document.servers.map((server) => [server["x-server-name"], server.url]);
}

/** The statuses of each operation, in the document's order. */
function statusesOf({ operations }: Api): Record<string, string> {
  return Object.fromEntries(operations.map(({ operationId, responses }) => [operationId, Object.keys(responses).join(" ")]));
}

function schemesOf({ document }: Api): Record<string, string> {
  return Object.fromEntries(
    Object.entries(document.components.securitySchemes).map(([scheme, { type, in: place, name, scheme: kind }]) => [
      scheme,
      [type, ...(place === undefined ? [] : ["in", place, name]), ...(kind === undefined ? [] : [kind])].join(" "),
    ]),
  );
}

const FORMATS: Readonly<Record<string, string>> = { "": "", password: "🔒" };

/** The declared inputs of each scheme in a line: `?` behind an optional one, then its format, a lock for a secret. */
function inputsOf({ document, lifecycle }: Api): Record<string, string> {
  return Object.fromEntries(
    Object.keys(document.components.securitySchemes).flatMap((scheme) => {
      const { required = [], properties } = lifecycle(scheme).inputs ?? {};
      if (properties === undefined) return [];
      const inputs = Object.entries(properties).map(
        ([name, { type, format }]) =>
          `${name}${required.includes(name) ? "" : "?"}${type === "string" ? "" : `:${type}`}${FORMATS[format ?? ""] ?? `:${format}`}`,
      );
      return [[scheme, inputs.join(" ")]];
    }),
  );
}
