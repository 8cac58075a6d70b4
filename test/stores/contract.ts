import { afterEach, describe, expect, it } from "vitest";
import type { TokenRecord, TokenStore } from "../../src/index.js";
import { atOnce, NEVER_MS, pause, within } from "../support/waiting.js";
import { record, someKey } from "./records.js";

const forever = new AbortController().signal;

/**
 * What every store has to do. `open` gives another handle on the same place each time; a store that cannot have two gives the
 * same one.
 */
export function testStore(name: string, open: () => TokenStore | Promise<TokenStore>): void {
  describe(`${name} keeps the contract of a store`, () => {
    const opened = new Set<TokenStore>();
    const store = async (): Promise<TokenStore> => {
      const one = await open();
      opened.add(one);
      return one;
    };
    const two = async () => [await store(), await store()] as const;
    afterEach(async () => {
      for (const one of opened) await one.close?.();
      opened.clear();
    });

    it("has no record before one is written", async () => {
      expect(await (await store()).read(someKey())).toBeUndefined();
    });

    it("takes a first record, and gives it as it was to every handle", async () => {
      const [one, other] = await two();
      const key = someKey();
      const whole: TokenRecord = {
        ...record(1, { accessToken: "at", refreshToken: "rt", nested: { list: [1, null, true] } }),
        expires: { accessToken: 1, refreshToken: null },
        usesLeft: 3,
        seeds: { refreshToken: ["digest"] },
        lease: { holder: "me", until: 2 },
        intent: { role: "refresh", operationId: "getToken", refreshToken: "digest", at: 3, presented: 0 },
        refused: true,
        failure: { operationId: "getToken", status: 503, at: 4, notBefore: 5 },
        ended: true,
      };
      expect(await one.swap(key, undefined, whole)).toBe(true);
      expect(await one.read(key)).toEqual(whole);
      expect(await other.read(key)).toEqual(whole);
    });

    it("takes the next record in place of the version that it has", async () => {
      const [one, other] = await two();
      const key = someKey();
      await one.swap(key, undefined, record(1));
      expect(await other.swap(key, 1, record(2))).toBe(true);
      expect(await one.read(key)).toEqual(record(2));
    });

    it("may be given any later version, also one that skips some", async () => {
      const one = await store();
      const key = someKey();
      await one.swap(key, undefined, record(7));
      expect(await one.swap(key, 7, record(4_000_000_000))).toBe(true);
      expect((await one.read(key))?.version).toBe(4_000_000_000);
    });

    it.each([
      ["nothing, where there is a record", undefined],
      ["an older version", 1],
      ["a newer version", 3],
    ])("takes nothing in place of %s", async (_, expected) => {
      const [one, other] = await two();
      const key = someKey();
      await one.swap(key, undefined, record(1));
      await one.swap(key, 1, record(2));
      expect(await other.swap(key, expected, record(9))).toBe(false);
      expect(await other.swap(key, expected, undefined)).toBe(false);
      expect(await one.read(key)).toEqual(record(2));
    });

    it("takes nothing in place of a version where there is no record", async () => {
      const one = await store();
      const key = someKey();
      expect(await one.swap(key, 1, record(2))).toBe(false);
      expect(await one.swap(key, 1, undefined)).toBe(false);
      expect(await one.read(key)).toBeUndefined();
    });

    it("lets exactly one of fifty first writers win", async () => {
      const handles = [await store(), await store(), await store()];
      const key = someKey();
      const attempts = Array.from({ length: 50 }, (_, n) => handles[n % 3]!.swap(key, undefined, record(1, { writer: n })));
      const won = (await Promise.all(attempts)).flatMap((isWon, n) => (isWon ? [n] : []));
      expect(won).toHaveLength(1);
      expect((await handles[0]!.read(key))?.outputs).toEqual({ writer: won[0] });
    });

    it("lets exactly one of fifty writers of the same version win", async () => {
      const handles = [await store(), await store(), await store()];
      const key = someKey();
      await handles[0]!.swap(key, undefined, record(1));
      const attempts = Array.from({ length: 50 }, (_, n) => handles[n % 3]!.swap(key, 1, record(2, { writer: n })));
      const won = (await Promise.all(attempts)).flatMap((isWon, n) => (isWon ? [n] : []));
      expect(won).toHaveLength(1);
      expect((await handles[1]!.read(key))?.outputs).toEqual({ writer: won[0] });
    });

    it("loses no write of several who each build on what they read", async () => {
      const handles = [await store(), await store(), await store()];
      const key = someKey();
      await handles[0]!.swap(key, undefined, record(1, { sum: 0 }));
      const add = async (handle: TokenStore) => {
        for (let done = 0; done < 10; ) {
          const current = (await handle.read(key))!;
          const next = record(current.version + 1, { sum: (current.outputs["sum"] as number) + 1 });
          if (await handle.swap(key, current.version, next)) done += 1;
        }
      };
      await Promise.all(handles.map(add));
      expect(await handles[0]!.read(key)).toEqual(record(31, { sum: 30 }));
    });

    it("removes a record by its version, and takes a first one again", async () => {
      const [one, other] = await two();
      const key = someKey();
      await one.swap(key, undefined, record(1));
      expect(await other.swap(key, 1, undefined)).toBe(true);
      expect(await one.read(key)).toBeUndefined();
      expect(await one.swap(key, undefined, record(2))).toBe(true);
      expect(await other.read(key)).toEqual(record(2));
    });

    it("keeps a record of 100 kB", async () => {
      const [one, other] = await two();
      const key = someKey();
      const large = record(1, { accessToken: "x".repeat(100_000) });
      expect(await one.swap(key, undefined, large)).toBe(true);
      expect(await other.read(key)).toEqual(large);
    });

    it("keeps odd characters as they are", async () => {
      const one = await store();
      const key = someKey();
      const odd = record(1, {
        'quo"te': "a\u0000b\nc\\d'e;--",
        emoji: "🔑𝒦",
        surrogate: "\ud800",
        "": "\u2028",
        text: "$1 ?1 :a",
      });
      await one.swap(key, undefined, odd);
      expect(await one.read(key)).toEqual(odd);
    });

    it.each(["__proto__", "constructor", "toString", "a b*?[]{}", "'; DROP TABLE records; --", "ключ"])(
      "has a record under the name %s only once one is written",
      async (odd) => {
        const one = await store();
        const key = `${odd}${odd === "__proto__" || odd === "constructor" || odd === "toString" ? "" : someKey()}`;
        const before = await one.read(key);
        expect(before).toBeUndefined();
        expect(await one.swap(key, undefined, record(1, { ["__proto__x"]: 1 }))).toBe(true);
        expect((await one.read(key))?.version).toBe(1);
        expect(await one.swap(key, 1, undefined)).toBe(true);
      },
    );

    it("keeps the records of different keys apart", async () => {
      const one = await store();
      const keys = Array.from({ length: 20 }, someKey);
      await Promise.all(keys.map((key, n) => one.swap(key, undefined, record(1, { n }))));
      expect(await Promise.all(keys.map(async (key) => (await one.read(key))?.outputs["n"]))).toEqual([...keys.keys()]);
    });

    it("wakes whoever waits for a record when another handle writes it", async () => {
      const [one, other] = await two();
      if (one.changed === undefined) return;
      const key = someKey();
      await one.swap(key, undefined, record(1));
      const woken = [one.changed(key, forever), one.changed(key, forever)];
      await one.read(key);
      await other.swap(key, 1, record(2));
      expect(await within(NEVER_MS, Promise.all(woken))).toBe("done");
    });

    it("wakes whoever waits for a record that does not exist yet, and one that is removed", async () => {
      const [one, other] = await two();
      if (one.changed === undefined) return;
      const key = someKey();
      const written = one.changed(key, forever);
      await one.read(key);
      await other.swap(key, undefined, record(1));
      expect(await within(NEVER_MS, written)).toBe("done");
      const removed = one.changed(key, forever);
      await one.read(key);
      await other.swap(key, 1, undefined);
      expect(await within(NEVER_MS, removed)).toBe("done");
    });

    it("wakes at once whoever waits in the process that writes", async () => {
      const one = await store();
      if (one.changed === undefined) return;
      const key = someKey();
      await one.swap(key, undefined, record(1));
      const woken = one.changed(key, forever);
      await one.read(key);
      await one.swap(key, 1, record(2));
      expect(await atOnce(woken)).toBe("done");
    });

    it("sees a change between the beginning of the wait and the first look", async () => {
      const [one, other] = await two();
      if (one.changed === undefined) return;
      for (let round = 0; round < 10; round += 1) {
        const key = someKey();
        await other.swap(key, undefined, record(1));
        const woken = one.changed(key, forever);
        const [seen] = await Promise.all([one.read(key), other.swap(key, 1, record(2))]);
        if (seen?.version === 1) expect(await within(NEVER_MS, woken)).toBe("done");
      }
    });

    it("ends a wait when its signal aborts, and at once when it has aborted", async () => {
      const one = await store();
      if (one.changed === undefined) return;
      const controller = new AbortController();
      const waiting = one.changed(someKey(), controller.signal);
      expect(await within(50, waiting)).toBe("pending");
      controller.abort();
      expect(await atOnce(waiting)).toBe("done");
      expect(await atOnce(one.changed(someKey(), controller.signal))).toBe("done");
    });

    it("does not wake whoever waits for another record", async () => {
      const [one, other] = await two();
      if (one.changed === undefined) return;
      const controller = new AbortController();
      const waiting = one.changed(someKey(), controller.signal);
      await other.swap(someKey(), undefined, record(1));
      expect(await within(150, waiting)).toBe("pending");
      controller.abort();
      await waiting;
    });

    it("tells a time that goes on, and is about the time of this machine", async () => {
      const one = await store();
      if (one.now === undefined) return;
      const first = await one.now();
      expect(Math.abs(first - Date.now())).toBeLessThan(60_000);
      await pause(5);
      expect(await one.now()).toBeGreaterThan(first);
    });

    it("answers nothing after it was closed, and ends the waits", async () => {
      const one = await store();
      if (one.close === undefined) return;
      const key = someKey();
      await one.swap(key, undefined, record(1));
      const waiting = one.changed?.(key, forever);
      await one.close();
      await waiting;
      await expect(one.read(key)).rejects.toThrow(/closed/);
      await expect(one.swap(key, 1, record(2))).rejects.toThrow(/closed/);
      await one.close();
    });
  });
}
