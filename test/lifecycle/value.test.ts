import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { HashAlgorithm, Value } from "../../src/lifecycle/contract.js";
import { functions } from "../../src/lifecycle/functions.js";
import {
  encode,
  evaluate,
  evaluateMembers,
  functionName,
  MissingValueError,
  referencesInCriteria,
  referencesInValue,
  type ValueScope,
} from "../../src/lifecycle/value.js";
import { jwt } from "./jwt.js";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const scope: ValueScope = {
  inputs: {
    id: "ada",
    secret: "p+s w",
    empty: "",
    zero: 0,
    no: false,
    nothing: null,
    list: [1, 2],
    token: jwt({ sub: "u-1" }),
  },
  outputs: { accessToken: "at-1" },
  let: { nonce: "n-1" },
  now: () => NOW,
  functions,
};

describe("evaluate", () => {
  it.each<{ name: string; value: Value; want: unknown }>([
    { name: "a text as a template", value: "{$inputs.id}:{$let.nonce}", want: "ada:n-1" },
    { name: "a lone expression as what it stands for", value: "$inputs.list", want: [1, 2] },
    { name: "a number as itself", value: 0, want: 0 },
    { name: "a boolean as itself", value: false, want: false },
    { name: "null as itself", value: null, want: null },
    { name: "an empty object as itself", value: {}, want: {} },
    { name: "an empty list as itself", value: [], want: [] },
    {
      name: "JSON by its members and items",
      value: { a: ["$inputs.id", { b: "$inputs.zero" }], c: null },
      want: { a: ["ada", { b: 0 }], c: null },
    },
    {
      name: "an object with a function's name and another member as JSON",
      value: { base64: "x", b: 1 },
      want: { base64: "x", b: 1 },
    },
    { name: "an object whose only member is inherited from nothing", value: { toString: "x" }, want: { toString: "x" } },
    { name: "null that a member refers to", value: { a: "$inputs.nothing" }, want: { a: null } },
    { name: "falsy values that are there", value: { a: "$inputs.empty", b: "$inputs.no" }, want: { a: "", b: false } },
    { name: "a missing optional member as no member", value: { a: { optional: "$inputs.absent" }, b: 1 }, want: { b: 1 } },
    { name: "an optional null as no member", value: { a: { optional: "$inputs.nothing" }, b: 1 }, want: { b: 1 } },
    { name: "an optional falsy value as that value", value: { a: { optional: "$inputs.zero" } }, want: { a: 0 } },
    { name: "a missing optional item as no item", value: [1, { optional: "$inputs.absent" }, 3], want: [1, 3] },
    {
      name: "an optional object with something missing in it as no member",
      value: { device: { optional: { id: "$inputs.absent", kind: "phone" } }, b: 1 },
      want: { b: 1 },
    },
  ])("reads $name", ({ value, want }) => {
    expect(evaluate(value, scope)).toEqual(want);
  });

  it("keeps a member named __proto__ a member", () => {
    const made = evaluate(JSON.parse('{"__proto__": "$inputs.id", "b": 1}'), scope) as object;
    expect(Object.keys(made)).toEqual(["__proto__", "b"]);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });

  it.each<{ name: string; value: Value; message: string; references: string[] }>([
    { name: "member", value: { a: 1, b: "$inputs.absent" }, message: '"b" has no value', references: ["absent"] },
    { name: "nested member", value: { a: { b: "$outputs.absent" } }, message: '"b" has no value', references: ["absent"] },
    { name: "item", value: ["$inputs.id", "$inputs.absent"], message: '"item 1" has no value', references: ["absent"] },
    {
      name: "template",
      value: { a: "{$inputs.id}|{$inputs.absent}" },
      message: '"a" has no value',
      references: ["id", "absent"],
    },
    {
      name: "result of a function",
      value: { a: { base64: { concat: ["x", "$inputs.absent"] } } },
      message: '"a" has no value',
      references: ["absent"],
    },
  ])("names what a missing $name was to be made of", ({ value, message, references }) => {
    const error = thrown(() => evaluate(value, scope));
    expect(error).toBeInstanceOf(MissingValueError);
    expect((error as MissingValueError).message).toBe(message);
    expect((error as MissingValueError).references.map((one) => "name" in one && one.name)).toEqual(references);
  });

  it("has no value for a text in which one is missing, and throws nothing", () => {
    expect(evaluate("Bearer {$outputs.absent}", scope)).toBeUndefined();
  });
});

describe("evaluateMembers", () => {
  it("takes a lone member that is named like a function for a member", () => {
    expect(evaluateMembers([["hash", "$inputs.id"]], scope)).toEqual({ hash: "ada" });
  });
});

describe("base64 and base64url", () => {
  it.each([
    // RFC 4648 section 10
    { text: "", base64: "", base64url: "" },
    { text: "f", base64: "Zg==", base64url: "Zg" },
    { text: "fo", base64: "Zm8=", base64url: "Zm8" },
    { text: "foo", base64: "Zm9v", base64url: "Zm9v" },
    { text: "foobar", base64: "Zm9vYmFy", base64url: "Zm9vYmFy" },
    // RFC 7617 sections 2 and 2.1
    { text: "Aladdin:open sesame", base64: "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", base64url: "QWxhZGRpbjpvcGVuIHNlc2FtZQ" },
    { text: "test:123£", base64: "dGVzdDoxMjPCow==", base64url: "dGVzdDoxMjPCow" },
    // the two letters in which the alphabets differ
    { text: ">>>???", base64: "Pj4+Pz8/", base64url: "Pj4-Pz8_" },
    { text: "😀", base64: "8J+YgA==", base64url: "8J-YgA" },
  ])("write '$text' in UTF-8", ({ text, base64, base64url }) => {
    expect(evaluate({ base64: { literal: text } }, scope)).toBe(base64);
    expect(evaluate({ base64url: { literal: text } }, scope)).toBe(base64url);
  });
});

describe("urlEncode", () => {
  it.each([
    // RFC 6749 appendix B
    { text: " %&+£€", want: "+%25%26%2B%C2%A3%E2%82%AC" },
    { text: "az AZ09", want: "az+AZ09" },
    { text: "*-._", want: "*-._" },
    { text: "~!'():/?#[]@=", want: "%7E%21%27%28%29%3A%2F%3F%23%5B%5D%40%3D" },
    { text: "", want: "" },
    { text: "a\r\nb", want: "a%0D%0Ab" },
  ])("writes '$text' as application/x-www-form-urlencoded", ({ text, want }) => {
    expect(evaluate({ urlEncode: { literal: text } }, scope)).toBe(want);
  });

  it("makes Basic credentials as RFC 6749 section 2.3.1 wants them", () => {
    const half = (input: string): Value => ({ urlEncode: input });
    const value = { concat: ["Basic ", { base64: { concat: [half("$inputs.id"), ":", half("$inputs.secret")] } }] };
    expect(evaluate(value, scope)).toBe(`Basic ${btoa("ada:p%2Bs+w")}`);
  });
});

describe("concat, first, optional and literal", () => {
  it.each<{ name: string; value: Value; want: unknown }>([
    { name: "concat joins texts", value: { concat: ["a", "$inputs.id", { base64: "f" }] }, want: "aadaZg==" },
    { name: "concat writes numbers and booleans", value: { concat: ["$inputs.zero", "/", "$inputs.no"] }, want: "0/false" },
    { name: "concat of nothing is empty", value: { concat: [] }, want: "" },
    { name: "concat keeps an empty text", value: { concat: ["a", "$inputs.empty", "b"] }, want: "ab" },
    { name: "concat has no value without each of its parts", value: { concat: ["a", "$inputs.absent"] }, want: undefined },
    { name: "concat takes null for a missing part", value: { concat: ["a", "$inputs.nothing"] }, want: undefined },
    { name: "first takes the first that resolves", value: { first: ["$inputs.absent", "$inputs.id", "x"] }, want: "ada" },
    { name: "first passes over null", value: { first: ["$inputs.nothing", "x"] }, want: "x" },
    { name: "first keeps what is falsy and there", value: { first: ["$inputs.empty", "x"] }, want: "" },
    { name: "first has no value when none resolves", value: { first: ["$inputs.absent", "$outputs.absent"] }, want: undefined },
    { name: "first of nothing has no value", value: { first: [] }, want: undefined },
    {
      name: "first passes over an object with something missing in it",
      value: { first: [{ a: { b: "$inputs.absent" } }, ["$inputs.absent"], { a: 1 }] },
      want: { a: 1 },
    },
    { name: "optional is what it holds", value: { optional: "$inputs.id" }, want: "ada" },
    { name: "literal is not evaluated", value: { literal: "$inputs.id" }, want: "$inputs.id" },
    { name: "literal lets an object be called like a function", value: { literal: { hash: "x" } }, want: { hash: "x" } },
  ])("$name", ({ value, want }) => {
    expect(evaluate(value, scope)).toEqual(want);
  });
});

describe("uuid and now", () => {
  it("uuid is another version 4 UUID each time", () => {
    const one = evaluate({ uuid: "v4" }, scope);
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(evaluate({ uuid: "v4" }, scope)).not.toBe(one);
  });

  it.each<{ value: Value; want: unknown }>([
    { value: { now: {} }, want: Math.floor(NOW / 1000) },
    { value: { now: { format: "epoch-seconds" } }, want: Math.floor(NOW / 1000) },
    { value: { now: { format: "epoch-milliseconds" } }, want: NOW },
    { value: { now: { format: "date-time" } }, want: "2026-01-02T03:04:05.678Z" },
    { value: { now: { format: "http-date" } }, want: "Fri, 02 Jan 2026 03:04:05 GMT" },
    { value: { now: { format: "date-time", offset: "PT1H" } }, want: "2026-01-02T04:04:05.678Z" },
  ])("$value tells the time", ({ value, want }) => {
    expect(evaluate(value, scope)).toBe(want);
  });
});

describe("hash", () => {
  const LONG = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

  it.each<{ algorithm: HashAlgorithm; data: string; want: string }>([
    // NIST, examples for FIPS 180-4
    { algorithm: "SHA-1", data: "abc", want: "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { algorithm: "SHA-1", data: LONG, want: "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
    { algorithm: "SHA-256", data: "abc", want: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { algorithm: "SHA-256", data: LONG, want: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { algorithm: "SHA-256", data: "", want: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    {
      algorithm: "SHA-384",
      data: "abc",
      want: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    },
    {
      algorithm: "SHA-512",
      data: "abc",
      want: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    },
  ])("$algorithm of '$data' is NIST's", async ({ algorithm, data, want }) => {
    expect(await evaluate({ hash: { algorithm, data: { literal: data } } }, scope)).toBe(want);
  });

  it.each(["hex", "base64", "base64url"] as const)("writes %s, of text in UTF-8", async (encoding) => {
    const want = createHash("sha256").update("pässwörd€", "utf8").digest(encoding);
    expect(await evaluate({ hash: { algorithm: "SHA-256", encoding, data: "pässwörd€" } }, scope)).toBe(want);
  });

  it("takes the digest of a digest's text", async () => {
    const inner = createHash("sha1").update("ada").digest("hex");
    const want = createHash("sha256").update(inner).digest("hex");
    const value: Value = { hash: { algorithm: "SHA-256", data: { hash: { algorithm: "SHA-1", data: "$inputs.id" } } } };
    expect(await evaluate(value, scope)).toBe(want);
  });

  it("has no value without its data", async () => {
    expect(await evaluate({ hash: { algorithm: "SHA-256", data: "$inputs.absent" } }, scope)).toBeUndefined();
  });
});

describe("hmac", () => {
  const ZERO_B = "\u000b".repeat(20);
  const NOTHING = "what do ya want for nothing?";

  it.each<{ source: string; algorithm: HashAlgorithm; key: string; data: string; want: string }>([
    {
      source: "RFC 2202 section 3, case 1",
      algorithm: "SHA-1",
      key: ZERO_B,
      data: "Hi There",
      want: "b617318655057264e28bc0b6fb378c8ef146be00",
    },
    {
      source: "RFC 2202 section 3, case 2",
      algorithm: "SHA-1",
      key: "Jefe",
      data: NOTHING,
      want: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    },
    {
      source: "RFC 4231 section 4.2",
      algorithm: "SHA-256",
      key: ZERO_B,
      data: "Hi There",
      want: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    },
    {
      source: "RFC 4231 section 4.2",
      algorithm: "SHA-384",
      key: ZERO_B,
      data: "Hi There",
      want: "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
    },
    {
      source: "RFC 4231 section 4.2",
      algorithm: "SHA-512",
      key: ZERO_B,
      data: "Hi There",
      want: "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    },
    {
      source: "RFC 4231 section 4.3",
      algorithm: "SHA-256",
      key: "Jefe",
      data: NOTHING,
      want: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    },
    {
      source: "RFC 4231 section 4.3",
      algorithm: "SHA-384",
      key: "Jefe",
      data: NOTHING,
      want: "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    },
    {
      source: "RFC 4231 section 4.3",
      algorithm: "SHA-512",
      key: "Jefe",
      data: NOTHING,
      want: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    },
  ])("with $algorithm is that of $source", async ({ algorithm, key, data, want }) => {
    const value: Value = { hmac: { algorithm, key: { literal: key }, data: { literal: data } } };
    expect(await evaluate(value, scope)).toBe(want);
  });

  it.each(["k", "k".repeat(64), "k".repeat(131), "schlüssel €"])("takes a key of any length (%s)", async (key) => {
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      const want = createHmac("sha256", key).update("ada").digest(encoding);
      const value: Value = { hmac: { algorithm: "SHA-256", encoding, key: { literal: key }, data: "$inputs.id" } };
      expect(await evaluate(value, scope)).toBe(want);
    }
  });

  it.each([
    { key: "$inputs.absent", data: "x" },
    { key: "k", data: "$inputs.absent" },
    { key: "$inputs.nothing", data: "x" },
  ])("has no value when key or data is missing", async ({ key, data }) => {
    expect(await evaluate({ hmac: { algorithm: "SHA-256", key, data } }, scope)).toBeUndefined();
  });
});

describe("jwtClaim", () => {
  it.each([
    { token: "$inputs.token", claim: "sub", want: "u-1" },
    { token: "$inputs.token", claim: "absent", want: undefined },
    { token: "$inputs.token", claim: "constructor", want: undefined },
    { token: "$inputs.token", claim: "__proto__", want: undefined },
    { token: "$inputs.id", claim: "sub", want: undefined },
    { token: "$inputs.absent", claim: "sub", want: undefined },
  ])("of $token, $claim, is $want", ({ token, claim, want }) => {
    expect(evaluate({ jwtClaim: { token, claim } }, scope)).toBe(want);
  });
});

describe("a promise", () => {
  const digest: Value = { hash: { algorithm: "SHA-256", data: "$inputs.id" } };

  it.each<{ name: string; value: Value }>([
    { name: "text", value: "{$inputs.id}|{$outputs.accessToken}" },
    { name: "concat and base64", value: { concat: ["Basic ", { base64: "{$inputs.id}:{$inputs.secret}" }] } },
    {
      name: "first, optional and literal",
      value: [{ first: ["$inputs.absent", "x"] }, { optional: "x" }, { literal: digest }],
    },
    {
      name: "uuid, now and jwtClaim",
      value: [{ uuid: "v4" }, { now: {} }, { jwtClaim: { token: "$inputs.token", claim: "sub" } }],
    },
    { name: "a digest that is not reached", value: { first: ["$inputs.id", digest] } },
  ])("does not come of $name", ({ value }) => {
    expect(evaluate(value, scope)).not.toBeInstanceOf(Promise);
  });

  it.each<{ name: string; value: Value }>([
    { name: "hash", value: digest },
    { name: "hmac", value: { hmac: { algorithm: "SHA-1", key: "k", data: "d" } } },
    { name: "what holds one", value: { a: [{ base64: { concat: ["x", digest] } }] } },
    { name: "an optional one", value: { optional: digest } },
  ])("comes of $name", async ({ value }) => {
    const promise = evaluate(value, scope);
    expect(promise).toBeInstanceOf(Promise);
    await promise;
  });

  it("that brings nothing lets first go on", async () => {
    const value: Value = { first: [{ concat: [digest, "$inputs.absent"] }, { a: [digest, "$inputs.absent"] }, "fallback"] };
    expect(await evaluate(value, scope)).toBe("fallback");
  });

  it("that brings nothing drops an optional member", async () => {
    const value: Value = { a: { optional: { b: digest, c: "$inputs.absent" } }, d: 1 };
    expect(await evaluate(value, scope)).toEqual({ d: 1 });
  });

  it("that nobody waits for is no unhandled rejection", async () => {
    const value: Value = { late: { a: digest, b: "$inputs.absent" }, early: { c: "$inputs.absent" } };
    expect(thrown(() => evaluate(value, scope))).toBeInstanceOf(MissingValueError);
    await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("rejects with what is missing", async () => {
    await expect(evaluate({ a: { b: digest, c: "$inputs.absent" } }, scope)).rejects.toThrow('"c" has no value');
  });
});

describe("functionName", () => {
  it.each<{ value: object; want: string | undefined }>([
    { value: { base64: "x" }, want: "base64" },
    { value: { base64: "x", extra: 1 }, want: undefined },
    { value: {}, want: undefined },
    { value: { toString: "x" }, want: undefined },
    { value: { constructor: "x" }, want: undefined },
    { value: JSON.parse('{"__proto__": 1}') as object, want: undefined },
  ])("of $value is $want", ({ value, want }) => {
    expect(functionName(value)).toBe(want);
  });
});

describe("referencesInValue", () => {
  const names = (value: Value, optional?: boolean) =>
    referencesInValue(value, optional).map(
      (one) => `${"name" in one.reference ? one.reference.name : ""}${one.optional ? "?" : ""}`,
    );

  it.each<{ value: Value; want: string[] }>([
    { value: "{$inputs.a}{$outputs.b}", want: ["a", "b"] },
    { value: { x: ["$inputs.a", { y: "$inputs.b" }] }, want: ["a", "b"] },
    { value: { optional: { x: "$inputs.a" } }, want: ["a?"] },
    { value: { first: ["$inputs.a", "$inputs.b"] }, want: ["a?", "b?"] },
    { value: { concat: ["$inputs.a", { optional: "$inputs.b" }] }, want: ["a", "b?"] },
    { value: { hmac: { algorithm: "SHA-1", key: "$inputs.a", data: "$inputs.b" } }, want: ["a", "b"] },
    { value: { jwtClaim: { token: "$inputs.a", claim: "exp" } }, want: ["a"] },
    { value: { literal: "$inputs.a" }, want: [] },
    { value: { literal: "$inputs.a", b: "$inputs.b" }, want: ["a", "b"] },
    { value: [1, true, null, "x"], want: [] },
  ])("finds $want in $value", ({ value, want }) => {
    expect(names(value)).toEqual(want);
  });

  it("takes every reference of an optional value for optional", () => {
    expect(names({ x: "$inputs.a" }, true)).toEqual(["a?"]);
  });
});

describe("referencesInCriteria", () => {
  it("finds the expressions of all conditions", () => {
    expect(referencesInCriteria([{ condition: "$inputs.a == 1" }, { condition: "$statusCode == 2 || $outputs.b" }])).toEqual([
      { root: "inputs", name: "a" },
      { root: "statusCode" },
      { root: "outputs", name: "b" },
    ]);
    expect(referencesInCriteria(undefined)).toEqual([]);
  });
});

describe("encode", () => {
  it.each([
    { encoding: "hex", want: "00ff7fbe" },
    { encoding: "base64", want: "AP9/vg==" },
    { encoding: "base64url", want: "AP9_vg" },
  ] as const)("writes bytes as $encoding", ({ encoding, want }) => {
    expect(encode(Uint8Array.of(0, 255, 127, 190), encoding)).toBe(want);
  });
});

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
