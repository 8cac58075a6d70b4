import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { memoryStore, TokenError, type TokenRecord, type TokenStore } from "../../src/index.js";
import { encrypted } from "../../src/stores/encrypted.js";
import { testStore } from "./contract.js";
import { CANARY, errorOf, record, someKey } from "./records.js";

const [oldKey, newKey] = [
  { id: "2025", key: randomBytes(32) },
  { id: "2026", key: randomBytes(32) },
];

const shared = memoryStore();
testStore("the encrypted store", () => encrypted(shared, { keys: [newKey] }));

/** An encrypted store, and what lies under it. */
function pair(keys = [newKey], options: { acceptPlainRecords?: boolean } = {}, under = memoryStore()) {
  return { under, store: encrypted(under, { keys, ...options }) };
}

const secret = (version: number) => record(version, { accessToken: CANARY, refreshToken: CANARY });

/** Changes what lies in the store, as somebody would who can write to it. */
async function tamper(under: TokenStore, key: string, change: (kept: TokenRecord) => TokenRecord): Promise<TokenRecord> {
  const kept = (await under.read(key))!;
  await under.swap(key, kept.version, undefined);
  await under.swap(key, undefined, change(kept));
  return change(kept);
}

const outputsOf = (kept: TokenRecord, change: Record<string, unknown>) => ({
  ...kept,
  outputs: { ...kept.outputs, ...change },
});
const flip = (base64: unknown, at: number) => {
  const bytes = Buffer.from(String(base64), "base64");
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  return bytes.toString("base64");
};

describe("an encrypted record", () => {
  it("shows its version and the id of its key, and nothing else (B33)", async () => {
    const { under, store } = pair();
    const key = someKey();
    await store.swap(key, undefined, { ...secret(4), usesLeft: 2, seeds: { refreshToken: ["seed"] } });
    const kept = (await under.read(key))!;
    expect(kept).toEqual({
      format: 1001,
      version: 4,
      generation: 0,
      outputs: { key: "2026", nonce: expect.stringMatching(/^.{16}$/), sealed: expect.any(String) },
      expires: {},
      obtainedAt: 0,
    });
    expect(JSON.stringify(kept)).not.toContain(CANARY);
    expect(Buffer.from(String(kept.outputs["sealed"]), "base64").includes(CANARY)).toBe(false);
  });

  it("never has the same nonce twice", async () => {
    const { under, store } = pair();
    const nonces = new Set<unknown>();
    for (let version = 1; version <= 200; version += 1) {
      await store.swap("key", version === 1 ? undefined : version - 1, secret(version));
      nonces.add((await under.read("key"))?.outputs["nonce"]);
    }
    expect(nonces.size).toBe(200);
  });

  it("is not taken for a record in clear by a client without the keys", async () => {
    const { under, store } = pair();
    await store.swap("key", undefined, secret(1));
    expect((await under.read("key"))?.format).not.toBe(1);
  });

  it.each<[string, (kept: TokenRecord) => TokenRecord, RegExp]>([
    ["a flipped bit", (kept) => outputsOf(kept, { sealed: flip(kept.outputs["sealed"], 9) }), /altered, moved/],
    ["a flipped bit in its seal", (kept) => outputsOf(kept, { sealed: flip(kept.outputs["sealed"], -1) }), /altered, moved/],
    ["another nonce", (kept) => outputsOf(kept, { nonce: flip(kept.outputs["nonce"], 0) }), /altered, moved/],
    ["another version", (kept) => ({ ...kept, version: kept.version + 1 }), /altered, moved/],
    ["an end cut off", (kept) => outputsOf(kept, { sealed: String(kept.outputs["sealed"]).slice(0, 40) }), /altered, moved/],
    ["nothing sealed", (kept) => outputsOf(kept, { sealed: undefined }), /altered, moved/],
    ["no base64", (kept) => outputsOf(kept, { sealed: "%%%", nonce: {} }), /altered, moved/],
    ["the id of a key that is not at hand", (kept) => outputsOf(kept, { key: "1999" }), /"1999", which is not among keys/],
    ["an id that is a line of its own", (kept) => outputsOf(kept, { key: "a\nb" }), /"a\?b", which is not among keys/],
    ["the name of every object's method for an id", (kept) => outputsOf(kept, { key: "constructor" }), /not among keys/],
    ["the id of another key", (kept) => outputsOf(kept, { key: "2025" }), /altered, moved/],
    ["another format", (kept) => ({ ...kept, format: 1002 }), /not encrypted, or in another format/],
    ["no encryption", (kept) => ({ ...secret(1), version: kept.version }), /not encrypted/],
  ])("with %s cannot be read, is not overwritten, and is kept as it is", async (_, change, message) => {
    const { under, store } = pair([newKey, oldKey]);
    const [key, other] = [someKey(), someKey()];
    await store.swap(key, undefined, secret(1));
    await store.swap(other, undefined, secret(1));
    const bad = await tamper(under, key, change);
    const questions = [
      () => store.read(key),
      () => store.swap(key, bad.version, secret(9)),
      () => store.swap(key, undefined, secret(9)),
      () => store.swap(key, bad.version, undefined),
    ];
    for (const question of questions) {
      const error = await errorOf(question());
      expect(error).toBeInstanceOf(TokenError);
      expect(error).toMatchObject({ code: "store-failed", message: expect.stringMatching(message) });
      expect(error.message).toContain("It is kept as it is");
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
    }
    expect(await under.read(key)).toEqual(bad);
    expect(await store.read(other)).toEqual(secret(1));
  });

  it("cannot be moved to another slot", async () => {
    const { under, store } = pair();
    await store.swap("one", undefined, secret(1));
    await under.swap("other", undefined, await under.read("one"));
    expect((await errorOf(store.read("other"))).message).toMatch(/moved here/);
    expect(await store.read("one")).toEqual(secret(1));
  });

  it("cannot be put back in the place of a newer one under the newer one's version", async () => {
    const { under, store } = pair();
    await store.swap("key", undefined, secret(1));
    const older = (await under.read("key"))!;
    await store.swap("key", 1, secret(2));
    await tamper(under, "key", () => ({ ...older, version: 2 }));
    await errorOf(store.read("key"));
  });
});

describe("the keys of an encrypted store", () => {
  it("change in three steps, and every record can be read at each of them", async () => {
    const under = memoryStore();
    const before = encrypted(under, { keys: [oldKey] });
    await before.swap("idle", undefined, secret(1));
    await before.swap("busy", undefined, secret(1));

    const reading = encrypted(under, { keys: [oldKey, newKey] });
    await reading.swap("busy", 1, secret(2));
    expect((await under.read("busy"))?.outputs["key"]).toBe("2025");

    const writing = encrypted(under, { keys: [newKey, oldKey] });
    expect(await writing.swap("busy", 2, secret(3))).toBe(true);
    expect((await under.read("busy"))?.outputs["key"]).toBe("2026");
    expect(await reading.read("busy")).toEqual(secret(3)); // a process that has not been told yet
    expect(await writing.read("idle")).toEqual(secret(1));

    const after = encrypted(under, { keys: [newKey] });
    expect(await after.read("busy")).toEqual(secret(3));
    expect((await errorOf(after.read("idle"))).message).toContain('"2025", which is not among keys; add it');
    expect((await under.read("idle"))?.outputs["key"]).toBe("2025");
  });

  it("may be bytes, base64 of either kind, or WebCrypto's, and are the same key", async () => {
    const bytes = Buffer.from(`${"/+".repeat(21)}//8=`, "base64").subarray(0, 32);
    const imported = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    const forms = [bytes, bytes.toString("base64"), `${bytes.toString("base64")}\n`, bytes.toString("base64url"), imported];
    const under = memoryStore();
    for (const [n, key] of forms.entries()) {
      expect(await encrypted(under, { keys: [{ id: "k", key }] }).swap("key", n || undefined, secret(n + 1))).toBe(true);
      for (const other of forms)
        expect(await encrypted(under, { keys: [{ id: "k", key: other }] }).read("key")).toEqual(secret(n + 1));
    }
  });

  it("are checked when the store is made, and named in the error by their place alone", async () => {
    const aes128 = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-GCM", false, ["encrypt"]);
    for (const key of ["canary passphrase", "", randomBytes(31), randomBytes(33), randomBytes(16).toString("base64"), aes128]) {
      const make = () => encrypted(memoryStore(), { keys: [newKey, { id: "bad", key }] });
      expect(make).toThrow(TypeError);
      expect(make).toThrow(/keys\[1\]\.key/);
      expect(make).not.toThrow(/canary/);
    }
    expect(() => encrypted(memoryStore(), { keys: [] })).toThrow(/keys is empty/);
    expect(() => encrypted(memoryStore(), { keys: [newKey, { ...oldKey, id: "2026" }] })).toThrow(/keys\[1\]\.id/);
  });

  it("do not show when the store is looked at", () => {
    const key = "a".repeat(43);
    expect(inspect(encrypted(memoryStore(), { keys: [{ id: "now", key }] }), { depth: 9, showHidden: true })).not.toContain(
      key,
    );
  });
});

describe("records that stand in the store in clear", () => {
  it("are refused", async () => {
    const { under, store } = pair();
    await under.swap("key", undefined, secret(1));
    expect((await errorOf(store.read("key"))).message).toMatch(/acceptPlainRecords/);
  });

  it("are taken over one by one where that is asked for, each encrypted by its next write", async () => {
    const { under, store } = pair([newKey], { acceptPlainRecords: true });
    await under.swap("key", undefined, secret(1));
    expect(await store.read("key")).toEqual(secret(1));
    expect(await store.swap("key", 1, secret(2))).toBe(true);
    expect(JSON.stringify(await under.read("key"))).not.toContain(CANARY);
    expect(await store.read("key")).toEqual(secret(2));
  });
});

describe("an encrypted store", () => {
  it("has the clock, the watch and the end of the store under it, or none", async () => {
    const under: TokenStore = { ...memoryStore(), now: async () => 42, close: async () => {} };
    const { store } = pair([newKey], {}, under);
    expect(await store.now?.()).toBe(42);
    expect(store.close).toBeDefined();
    const { read, swap } = memoryStore();
    const bare = encrypted({ read, swap }, { keys: [newKey] });
    expect([bare.now, bare.changed, bare.close]).toEqual([undefined, undefined, undefined]);
  });
});
