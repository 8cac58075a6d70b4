/** Tokens that the caller holds already, and hands in as `initial`. */

import { describe, expect, it } from "vitest";
import { type ApiDefinition, createClient, memoryStore, type TokenEvent, type TokenStore } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { oauthDocument, oauthInputs } from "../support/documents.js";
import { type LooseClient, type LooseTokens, type LooseTypes, testClock } from "../support/service.js";
import { reaching } from "../support/transport.js";

const HOUR = 3_600_000;

/** A service that takes the tokens that are good, and issues `issued` for a password. */
function service(...good: string[]) {
  const seen: string[] = [];
  const accepted = new Set(good);
  const answer = async (request: Request): Promise<Response> => {
    if (request.url.endsWith("/token")) {
      const grant = new URLSearchParams(await request.text()).get("grant_type");
      seen.push(String(grant));
      accepted.add("issued");
      return Response.json({ access_token: "issued", refresh_token: "rt-1", expires_in: 3600 });
    }
    const token = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
    seen.push(token);
    return accepted.has(token) ? Response.json({ token }) : Response.json({}, { status: 401 });
  };
  return { seen, accepted, answer };
}

type Inputs = Readonly<Record<string, string | (() => string)>>;

function host(
  { answer }: ReturnType<typeof service>,
  lifecycle: Readonly<Record<string, unknown>>,
  inputs: Inputs,
  store: TokenStore = memoryStore(),
) {
  const events: TokenEvent["type"][] = [];
  const clock = testClock();
  const document = oauthDocument({ initial: { accessToken: "$inputs.accessToken" }, ...lifecycle });
  const definition = readDefinition(document, "test");
  const client = createClient<LooseTypes, ApiDefinition>(definition, {
    store,
    clock,
    ...reaching(answer),
    onEvent: ({ type }) => events.push(type),
    inputs,
  }) as unknown as LooseClient & LooseTokens;
  return { client, clock, events };
}

/** A lifecycle that knows no way to another token. */
const ONLY_HELD = {
  ...{ obtain: undefined, refresh: undefined, refreshToken: undefined, revoke: undefined },
  inputs: { type: "object", properties: { accessToken: { type: "string", format: "password" } } },
};

/** A JWT of nothing but its end; nobody looks at the signature. */
const endingAt = (ms: number) => `e30.${Buffer.from(JSON.stringify({ exp: ms / 1000 })).toString("base64url")}.x`;

describe("an access token that the caller holds", () => {
  it("is presented without a token call, however often the slot is looked at", async () => {
    const { seen, ...rest } = service("held");
    const { client } = host({ seen, ...rest }, ONLY_HELD, { accessToken: "held" });
    expect(await client.state("user")).toMatchObject({ status: "fresh", generation: 1 });
    expect(await client.state("user")).toMatchObject({ status: "fresh", generation: 1 });
    expect((await client.listThings()).data).toEqual({ token: "held" });
    expect((await client.listThings()).data).toEqual({ token: "held" });
    expect(seen).toEqual(["held", "held"]);
  });

  it("is asked for anew when it is rejected and there is no other way", async () => {
    const { client } = host(service(), ONLY_HELD, { accessToken: "held" });
    await expect(client.listThings()).rejects.toMatchObject({
      code: "missing-input",
      message: "user: the token was rejected, and there is no way to another; hand in another $inputs.accessToken",
    });
  });

  it("gives way to the next one that its function hands out, and the request is sent once more", async () => {
    const theirs = service("second");
    const tokens = ["first", "first", "second"];
    const { client, events } = host(theirs, ONLY_HELD, { accessToken: () => tokens.shift() ?? "second" });
    expect((await client.listThings()).data).toEqual({ token: "second" });
    expect(theirs.seen.at(-1)).toBe("second");
    expect(events).toContain("token-rejected");
  });

  it("is renewed by a token call once it is rejected", async () => {
    const theirs = service();
    const { client } = host(theirs, {}, { ...oauthInputs, accessToken: "held" });
    expect((await client.listThings()).data).toEqual({ token: "issued" });
    expect(theirs.seen).toEqual(["held", "password", "issued"]);
  });

  it("is renewed ahead of the end that it says itself", async () => {
    const theirs = service();
    const { client, clock } = host(
      theirs,
      { expires: { accessToken: [{ claim: "exp" }, "PT1H"] } },
      { ...oauthInputs, accessToken: endingAt(Date.UTC(2026, 0, 1) + HOUR) },
    );
    expect(await client.state("user")).toMatchObject({ status: "fresh", expiresAt: Date.UTC(2026, 0, 1) + HOUR });
    clock.advance(HOUR);
    expect((await client.listThings()).data).toEqual({ token: "issued" });
    expect(theirs.seen).toEqual(["password", "issued"]);
  });
});

describe("a refresh token that the caller holds", () => {
  it("is there however often the slot is looked at before it is used", async () => {
    const theirs = service();
    const { client } = host(
      theirs,
      { initial: { refreshToken: "$inputs.refreshToken" }, obtain: undefined },
      { ...oauthInputs, refreshToken: "rt-0" },
    );
    await client.state("user");
    expect(await client.state("user")).toMatchObject({ refreshTokenHeld: true });
    expect((await client.listThings()).data).toEqual({ token: "issued" });
    expect(theirs.seen).toEqual(["refresh_token", "issued"]);
  });
});
