/** A client that is made with what its document needs, and with nothing else of the runtime. */

import { describe, expect, it, vi } from "vitest";
import { createClientWith, type Features, multipart, refresh, revoke, streams, styles, tokens } from "../../src/index.js";
import type { Expiry } from "../../src/lifecycle/contract.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { featuresOf } from "../../src/lifecycle/features.js";
import { oauthDocument, oauthInputs } from "../support/documents.js";
import type { LooseClient, LooseTypes } from "../support/service.js";

const content = (mediaType: string, media = {}) => ({ content: { [mediaType]: media } });
const definitionOf = (stated: object) => {
  const operation = { operationId: "operate", security: [], ...stated };
  return readDefinition(
    { openapi: "3.2.0", servers: [{ url: "https://api.example" }], paths: { "/x": { post: operation } } },
    "test",
  );
};
const parameter = (stated: object) => ({ parameters: [{ name: "p", in: "query", schema: {}, ...stated }] });

describe("what a definition needs", () => {
  it.each<[string, object, string[]]>([
    ["nothing", {}, []],
    ["nothing for what is written by default", { ...parameter({}), requestBody: content("application/json") }, []],
    ["fill", parameter({ "x-fill": "v1" }), ["fill"]],
    ["functions", parameter({ "x-fill": { uuid: "v4" } }), ["fill", "functions"]],
    ["multipart", { requestBody: content("multipart/form-data") }, ["multipart"]],
    ["streams", { responses: { 200: content("text/event-stream") } }, ["streams"]],
    ["nothing for bytes", { responses: { 200: content("image/png") } }, []],
    ["styles of a parameter", parameter({ style: "deepObject" }), ["styles"]],
    [
      "styles of a form",
      { requestBody: content("application/x-www-form-urlencoded", { encoding: { a: { style: "form", explode: false } } }) },
      ["styles"],
    ],
    [
      "styles of a part that is a form",
      {
        requestBody: content("multipart/mixed", {
          itemEncoding: { contentType: "multipart/form-data", encoding: { a: { style: "form" } } },
        }),
      },
      ["multipart", "styles"],
    ],
  ])("is %s", (_, stated, features) => expect([...featuresOf(definitionOf(stated))]).toEqual(features));

  const challenge = { onFailure: [{ type: "end", outcome: "challenge", criteria: [{ condition: "$statusCode == 403" }] }] };
  const obtain = { operationId: "getToken", grantType: "password" };
  it.each<[string, object, string[]]>([
    ["tokens where a scheme holds some", { refresh: undefined, revoke: undefined }, ["tokens"]],
    ["refresh and revoke where its lifecycle has them", {}, ["tokens", "refresh", "revoke"]],
    ["refresh for what is recovered", { refresh: undefined, recover: obtain, revoke: undefined }, ["tokens", "refresh"]],
    [
      "initial for what the caller may hold already",
      { initial: { refreshToken: "$inputs.refreshToken" }, refresh: undefined, revoke: undefined },
      ["tokens", "initial"],
    ],
    [
      "challenges where a person may be asked",
      { obtain: { ...obtain, ...challenge }, refresh: undefined, revoke: undefined },
      ["tokens", "challenges"],
    ],
  ])("is %s", (_, lifecycle, features) => {
    expect([...featuresOf(readDefinition(oauthDocument({ ...lifecycle }), "test"))]).toEqual(features);
  });

  it("is variables for a server that has some, be it one operation's", () => {
    const servers = [{ url: "https://{region}.api.example", variables: { region: { default: "eu" } } }];
    expect([...featuresOf({ ...definitionOf({}), servers })]).toEqual(["variables"]);
    expect([...featuresOf(definitionOf({ servers }))]).toEqual(["variables"]);
  });

  it.each([{ at: "$response.body#/until", format: "date-time" }, { claim: "exp" }])(
    "is functions for tokens that end at %j",
    (end) => {
      const definition = readDefinition(oauthDocument(), "test");
      const { refresh: _refresh, revoke: _revoke, ...user } = definition.securitySchemes["user"]!;
      const securitySchemes = { user: { ...user, expires: { accessToken: [end as Expiry] } } };
      expect([...featuresOf({ ...definition, securitySchemes })]).toEqual(["tokens", "functions"]);
    },
  );
});

describe("a client", () => {
  it("that lacks what its document needs is refused when it is made", () => {
    const create = () =>
      createClientWith<LooseTypes, never>({ multipart, streams, styles }, readDefinition(oauthDocument(), "test") as never);
    expect(create).toThrow("test needs tokens: hand it to createClientWith, or use createClient");
  });

  it("calls with what it was given", async () => {
    const features: Features = { streams };
    const definition = definitionOf({ responses: { 200: content("application/jsonl") } });
    const fetch = async () => new Response('{"a":1}\n{"a":2}\n', { headers: { "content-type": "application/jsonl" } });
    const client = createClientWith<LooseTypes, typeof definition>(features, definition, { fetch });
    const { data } = await (client as unknown as { operate(): Promise<{ data: AsyncIterable<unknown> }> }).operate();
    const items: unknown[] = [];
    for await (const item of data) items.push(item);
    expect(items).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("with a store of its own needs no web crypto before its first call, as pages without https have little of it", async () => {
    const definition = readDefinition(oauthDocument(), "test");
    vi.stubGlobal("crypto", undefined);
    try {
      const client = createClientWith<LooseTypes, typeof definition>({ refresh, revoke, tokens }, definition, {
        inputs: oauthInputs,
        fetch: async ({ url }) => Response.json(url.endsWith("/token") ? { access_token: "at", expires_in: 60 } : { id: 1 }),
      }) as unknown as LooseClient;
      expect((await client["listThings"]!()).data).toEqual({ id: 1 });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("says so where a body of several parts is asked for that its document does not have", async () => {
    const definition = definitionOf({ requestBody: content("text/plain") });
    const fetch = async () => new Response();
    const client = createClientWith<LooseTypes, typeof definition>({ tokens }, definition, { fetch });
    const { operate } = client as unknown as { operate(init: object): Promise<unknown> };
    const call = operate({ body: { a: 1 }, headers: { "Content-Type": "multipart/form-data" } });
    await expect(call).rejects.toThrow("operate: the document has no body of several parts; hand in a FormData");
  });
});
