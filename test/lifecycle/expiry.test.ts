import { describe, expect, it } from "vitest";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { scripted } from "../support/service.js";
import { jwt } from "./jwt.js";

const MINUTE = 60_000;

/** A client of a service whose token answers have these members. */
function clientOf(answer: Record<string, unknown>, lifecycle: Record<string, unknown> = {}) {
  return scripted({
    document: oauthDocument(lifecycle),
    routes: { "POST /token": tokenEndpoint(() => answer), "GET /things": protectedBy(() => true) },
    options: { inputs: oauthInputs },
  });
}

/** No answer may lead to a renewal on every call, nor to a token that is taken to be good for ever. */
describe("an expiry that cannot be true", () => {
  const at = (format: string) => ({ expires: { accessToken: { at: "$response.body#/expires_at", format } } });
  const claim = { expires: { accessToken: { claim: "exp" } } };

  it.each<{ name: string; answer: Record<string, unknown>; lifecycle?: Record<string, unknown> }>([
    { name: "no lifetime", answer: { expires_in: undefined } },
    { name: "null", answer: { expires_in: null } },
    { name: "zero", answer: { expires_in: 0 } },
    { name: "a negative number", answer: { expires_in: -3600 } },
    { name: "NaN in a string", answer: { expires_in: "NaN" } },
    { name: "a number beyond all numbers", answer: { expires_in: "1e999" } },
    { name: "a number beyond all dates", answer: { expires_in: Number.MAX_SAFE_INTEGER } },
    { name: "a word", answer: { expires_in: "an hour" } },
    { name: "an object", answer: { expires_in: { hours: 1 } } },
    { name: "a moment in the past", answer: { expires_at: 1 }, lifecycle: at("epoch-seconds") },
    { name: "milliseconds for seconds", answer: { expires_at: Date.UTC(2026, 0, 1, 1) }, lifecycle: at("epoch-seconds") },
    { name: "a date without a zone", answer: { expires_at: "2026-01-01T01:00:00" }, lifecycle: at("date-time") },
    { name: "a claim of a token that is none", answer: { access_token: "opaque" }, lifecycle: claim },
    { name: "a claim in the past", answer: { access_token: jwt({ exp: 1 }) }, lifecycle: claim },
  ])("such as $name costs one token request in a minute of calls, and another by the time of an hour", async (given) => {
    const { client, calls, clock } = clientOf(given.answer, given.lifecycle);
    for (let call = 0; call < 60; call += 1) {
      expect((await client.listThings()).response.status).toBe(200);
      clock.advance(1000);
    }
    expect(calls("POST /token")).toHaveLength(1);
    clock.advance(60 * MINUTE);
    await client.listThings();
    expect(calls("POST /token")).toHaveLength(2);
  });
});

describe("a short expiry", () => {
  it("of a second costs one token request a second, not one a call", async () => {
    const { client, calls, clock } = clientOf({ expires_in: 1 });
    for (let call = 0; call < 50; call += 1) {
      await client.listThings();
      clock.advance(100);
    }
    expect(calls("POST /token").length).toBeGreaterThan(3);
    expect(calls("POST /token").length).toBeLessThan(8);
  });
});

describe("a token that never ends, as the document says", () => {
  it("is not renewed in ten years", async () => {
    const never = { expires: { accessToken: { in: "$response.body#/expires_in", never: 0 } } };
    const { client, calls, clock } = clientOf({ expires_in: 0 }, never);
    await client.listThings();
    clock.advance(10 * 365 * 24 * 60 * MINUTE);
    await client.listThings();
    expect(calls("POST /token")).toHaveLength(1);
    expect(await client.state("user")).toMatchObject({ status: "fresh", expiresAt: null });
  });
});
