/** Headers that a client is given once, for every call. */

import { describe, expect, it } from "vitest";
import { oauthDocument, oauthInputs, tokenEndpoint } from "../support/documents.js";
import { scripted } from "../support/service.js";
import { operation } from "./support.js";

const parameter = (name: string, more: object = {}) => ({ name, in: "header", schema: { type: "string" }, ...more });

describe("the headers of a client", () => {
  const common = { "X-App": "shop/1", "Accept-Language": "de" };
  const stated = { parameters: [parameter("Accept-Language")] };

  it.each<[string, object | undefined, Record<string, string | undefined>]>([
    ["are on each call", undefined, { "x-app": "shop/1", "accept-language": "de" }],
    ["yield to those of one call, in whatever case", { headers: { "x-app": "till/2" } }, { "x-app": "till/2" }],
    ["yield to a list of one call", { headers: { "x-app": ["a", "b"] } }, { "x-app": "a, b" }],
    ["yield to parameters", { params: { header: { "Accept-Language": "fr" } } }, { "accept-language": "fr" }],
    ["are left out where one call says null", { headers: { "X-APP": null } }, { "x-app": undefined, "accept-language": "de" }],
    ["stand beside others", { headers: new Headers({ "x-own": "1" }) }, { "x-own": "1", "x-app": "shop/1" }],
  ])("%s", async (_fact, init, want) => {
    const { client, operate, sent } = operation(stated, { options: { headers: common } });
    await operate(init);
    client.use({ onRequest: () => undefined });
    await operate(init);
    const picked = sent.map(({ headers }) => Object.fromEntries(Object.keys(want).map((name) => [name, headers[name]])));
    expect(picked).toEqual([want, want]);
  });

  it("are not filled over", async () => {
    const parameters = [parameter("X-Request-Id", { "x-fill": { uuid: "v4" } })];
    const { operate, sent } = operation({ parameters }, { options: { headers: [["x-request-id", "mine"]] } });
    await operate();
    expect(sent[0]?.headers["x-request-id"]).toBe("mine");
  });

  it("are on no token call", async () => {
    const routes = { "POST /token": tokenEndpoint(), "GET /things": () => Response.json([]) };
    const options = { inputs: oauthInputs, headers: common };
    const { client, calls } = scripted({ document: oauthDocument(), routes, options });
    await client.listThings();
    expect(calls("GET /things")[0]?.headers).toMatchObject({ "x-app": "shop/1", authorization: "Bearer at-1" });
    expect(calls("POST /token")[0]?.headers).not.toHaveProperty("x-app");
  });
});
