import { describe, expect, it } from "vitest";
import { TokenError } from "../../src/index.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { scripted } from "../support/service.js";

const schemes = {
  key: { type: "apiKey", in: "header", name: "X-Api-Key" },
  queryKey: { type: "apiKey", in: "query", name: "api_key" },
  session: { type: "apiKey", in: "cookie", name: "sid" },
  basic: { type: "http", scheme: "basic" },
  bearer: { type: "http", scheme: "bearer" },
  gateway: { type: "apiKey", in: "header", name: "X-Gateway", "x-token-lifecycle": { apply: "{$inputs.id}|{$inputs.secret}" } },
};

function withSecurity(security: unknown, inputs: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return scripted({
    document: {
      servers: [{ url: "https://api.example/v1" }],
      paths: { "/x": { get: { operationId: "getX", security, ...more }, post: { operationId: "postX", security, ...more } } },
      components: { securitySchemes: schemes },
    },
    routes: { "GET /v1/x": () => Response.json({}), "POST /v1/x": () => Response.json({}) },
    options: { inputs },
  });
}

describe("credentials", () => {
  it.each([
    ["an API key in a header", [{ key: [] }], { key: "k1" }, { "x-api-key": "k1" }],
    ["two values in one header", [{ gateway: [] }], { id: "a", secret: "b" }, { "x-gateway": "a|b" }],
    ["HTTP Basic", [{ basic: [] }], { username: "u", password: "pä" }, { authorization: "Basic dTpww6Q=" }],
    ["a bearer token", [{ bearer: [] }], { token: "t" }, { authorization: "Bearer t" }],
    ["a cookie", [{ session: [] }], { session: "a b" }, { cookie: "sid=a%20b" }],
    ["none at all", [], {}, {}],
  ])("are presented as the document says: %s", async (_, security, inputs, headers) => {
    const { client, asked } = withSecurity(security, inputs);
    await client.getX();
    const { accept: _accept, ...sent } = asked[0]!.headers;
    expect(sent).toEqual(headers);
  });

  it("go into the query where the scheme says so, beside the caller's own, also of a POST", async () => {
    const { client, asked } = withSecurity([{ queryKey: [] }], { queryKey: "k&1" });
    await client.postX({ params: { query: { page: 2 } }, body: { a: 1 } });
    expect(asked[0]).toMatchObject({ url: "https://api.example/v1/x?page=2&api_key=k%261", body: '{"a":1}' });
  });

  it("of the first alternative whose inputs were given are sent, all of them and nothing else", async () => {
    const security = [{ key: [], basic: [] }, { gateway: [] }, { bearer: [] }];
    const { client, asked } = withSecurity(security, { key: "k1", id: "a", secret: "b", token: "t" });
    await client.getX();
    expect(asked[0]!.headers).toMatchObject({ "x-gateway": "a|b" });
    expect(asked[0]!.headers).not.toHaveProperty("x-api-key");
    expect(asked[0]!.headers).not.toHaveProperty("authorization");
  });

  it("of all schemes of one alternative go together", async () => {
    const { client, asked } = withSecurity([{ key: [], basic: [] }], { key: "k1", username: "u", password: "p" });
    await client.getX();
    expect(asked[0]!.headers).toMatchObject({ "x-api-key": "k1", authorization: "Basic dTpw" });
  });

  it("are left out where the document allows that and none were given", async () => {
    const { client, asked } = withSecurity([{ key: [] }, {}], {});
    await client.getX();
    expect(asked[0]!.headers).not.toHaveProperty("x-api-key");
  });

  it("that are missing are named, for each alternative", async () => {
    const { client, asked } = withSecurity([{ key: [], basic: [] }, { gateway: [] }], { username: "u", id: "a" });
    const error = await client.getX().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TokenError);
    expect(error).toMatchObject({
      code: "missing-input",
      operationId: "getX",
      message: "getX needs further inputs: key, password for key with basic; or secret for gateway",
    });
    expect(asked).toEqual([]);
  });

  it("do not replace a header that the caller set", async () => {
    const { client, asked } = withSecurity([{ bearer: [] }], { token: "t" });
    await client.getX({ headers: { Authorization: "Bearer mine" } });
    expect(asked[0]!.headers["authorization"]).toBe("Bearer mine");
  });
});

describe("inputs", () => {
  it("may be functions, which are asked at each call", async () => {
    let asked = 0;
    const service = withSecurity([{ bearer: [] }], {
      token: async () => {
        asked += 1;
        return `t${asked}`;
      },
    });
    await service.client.getX();
    await service.client.getX();
    expect(service.asked.map(({ headers }) => headers["authorization"])).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("that throw are named, and what they threw is not repeated", async () => {
    const { client } = withSecurity([{ bearer: [] }], {
      token: () => {
        throw new Error("vault says s3cret");
      },
    });
    const error = await client.getX().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "input-failed" });
    expect(String(error)).toContain('"token"');
    expect(String(error)).not.toContain("s3cret");
  });

  it("that the document does not know are refused with the ones it knows", () => {
    expect(() => withSecurity([], { tokn: "t" })).toThrow(
      new TypeError(
        "inputs.tokn is not an input of this API; it has key, queryKey, session, username, password, token, id, secret",
      ),
    );
  });
});

describe("with", () => {
  const document = oauthDocument();

  it("gives a client with a slot of its own for another user, and shares the slot of the same user", async () => {
    const { client, calls } = scripted({
      document,
      routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true) },
      options: { inputs: { clientId: "client", clientSecret: "s3cret" } },
    });
    const ada = client.with({ username: "ada", password: "a" });
    const bob = client.with({ username: "bob", password: "b" });
    const adaAgain = client.with({ username: "ada", password: "a" });
    const results = await Promise.all([ada, bob, adaAgain].map((one) => one.listThings()));
    const [adas, bobs, adasAgain] = results.map(({ data }) => (data as { token: string }).token);
    expect(adasAgain).toBe(adas);
    expect(bobs).not.toBe(adas);
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("never shares a slot between two client ids (B12)", async () => {
    const { client, calls } = scripted({
      document,
      routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true) },
      options: { inputs: oauthInputs },
    });
    await client.listThings();
    await client.with({ clientId: "another" }).listThings();
    expect(calls("POST /token")).toHaveLength(2);
  });

  it("costs nothing for operations that are not called, and its methods stand alone", async () => {
    const { client, asked } = withSecurity([{ key: [] }], { key: "k" });
    const { getX } = client.with({ key: "k2" });
    await getX();
    expect(asked[0]!.headers["x-api-key"]).toBe("k2");
  });
});

describe("filled parameters", () => {
  const parameters = [
    { name: "X-Request-Id", in: "header", schema: { type: "string" }, "x-fill": { uuid: "v4" } },
    { name: "user", in: "query", schema: { type: "string" }, "x-fill": "$inputs.token" },
  ];

  it("are filled once for a call, and kept when it is replayed", async () => {
    const { client, asked } = scripted({
      document: {
        ...oauthDocument(),
        paths: {
          ...oauthDocument().paths,
          "/things": { get: { operationId: "listThings", parameters: [parameters[0]] } },
        },
      },
      routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy((token) => token !== "at-1") },
      options: { inputs: oauthInputs },
    });
    await client.listThings();
    await client.listThings();
    const ids = asked.filter(({ path }) => path === "/things").map(({ headers }) => headers["x-request-id"]);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it("are the caller's when the caller sets them, as a parameter or as a header", async () => {
    const { client, asked } = withSecurity([{ bearer: [] }], { token: "t" }, { parameters });
    await client.getX({ params: { header: { "X-Request-Id": "mine" }, query: { user: "me" } } });
    await client.getX({ headers: { "x-request-id": "mine too" } });
    expect(asked.map(({ headers, url }) => [headers["x-request-id"], new URL(url).search])).toEqual([
      ["mine", "?user=me"],
      ["mine too", "?user=t"],
    ]);
  });

  it("stay out where their value is optional and not given", async () => {
    const language = { name: "Accept-Language", in: "header", "x-fill": { optional: "$inputs.token" } };
    const { client, asked } = withSecurity([], {}, { parameters: [language] });
    await client.getX();
    await client.with({ token: "cs" }).getX();
    expect(asked.map(({ headers }) => headers["accept-language"])).toEqual([undefined, "cs"]);
  });

  it("without the input that fills them are named", async () => {
    const { client } = withSecurity([], {}, { parameters });
    await expect(client.getX()).rejects.toMatchObject({
      code: "missing-input",
      message: 'getX needs the query parameter "user", or input "token"',
    });
  });
});
