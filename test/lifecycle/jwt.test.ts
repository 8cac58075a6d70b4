import { describe, expect, it } from "vitest";
import { jwtClaim, jwtClaims } from "../../src/lifecycle/jwt.js";
import { jwt } from "./jwt.js";

/** RFC 7519 section 3.1, line breaks left out. */
const FROM_THE_RFC =
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

describe("jwtClaims", () => {
  it("reads the example of RFC 7519", () => {
    expect(jwtClaims(FROM_THE_RFC)).toEqual({ iss: "joe", exp: 1300819380, "http://example.com/is_root": true });
  });

  it("reads claims in UTF-8 and in the url-safe alphabet", () => {
    const claims = { name: "Zoë Ångström 😀", odd: ">>>???ÿþ" };
    expect(jwt(claims)).toMatch(/[-_]/);
    expect(jwtClaims(jwt(claims))).toEqual(claims);
  });

  it("reads a token without a signature", () => {
    expect(jwtClaims(`${jwt({ sub: "a" }).split(".").slice(0, 2).join(".")}.`)).toEqual({ sub: "a" });
  });

  it.each([
    { name: "an empty text", token: "" },
    { name: "an opaque token", token: "2YotnFZFEjr1zCsicMWpAA" },
    { name: "two parts", token: jwt({ a: 1 }).split(".").slice(0, 2).join(".") },
    { name: "the five parts of an encrypted one", token: `${jwt({ a: 1 })}.b.c` },
    { name: "empty parts", token: ".." },
    { name: "a payload that is not base64url", token: "e30.***.c2ln" },
    { name: "a payload that is not JSON", token: `e30.${btoa("{")}.c2ln` },
    { name: "a list", token: jwt([1]) },
    { name: "a text", token: jwt("sub") },
    { name: "null", token: jwt(null) },
  ])("finds none in $name", ({ token }) => {
    expect(jwtClaims(token)).toBeUndefined();
  });
});

describe("jwtClaim", () => {
  it.each([
    { claim: "exp", want: 1300819380 },
    { claim: "http://example.com/is_root", want: true },
    { claim: "nbf", want: undefined },
    { claim: "toString", want: undefined },
    { claim: "__proto__", want: undefined },
  ])("$claim is $want", ({ claim, want }) => {
    expect(jwtClaim(FROM_THE_RFC, claim)).toBe(want);
  });
});
