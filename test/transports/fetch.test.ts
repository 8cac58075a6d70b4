import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { fetchTransport, type WireRequest } from "../../src/transport.js";
import { collectGarbage } from "../support/garbage.js";

const request: WireRequest = {
  operationId: "op",
  method: "POST",
  url: "https://api.example/a?b=c",
  headers: ["X-One", "1", "x-one", "2", "Content-Type", "text/csv"],
  body: "a,b",
  redirect: "manual",
};

describe("fetchTransport", () => {
  it("hands a fetch of one's own the whole request", async () => {
    const controller = new AbortController();
    let got: Request | undefined;
    const { send } = fetchTransport(async (given) => {
      got = given;
      return new Response("ok");
    });
    const response = await send({ ...request, signal: controller.signal });
    expect([got?.method, got?.url, got?.redirect]).toEqual(["POST", "https://api.example/a?b=c", "manual"]);
    expect([...got!.headers]).toEqual([
      ["content-type", "text/csv"],
      ["x-one", "1, 2"],
    ]);
    expect(await got!.text()).toBe("a,b");
    controller.abort("enough");
    expect([got?.signal.aborted, got?.signal.reason]).toEqual([true, "enough"]);
    expect(await response.text()).toBe("ok");
  });

  it("follows a signal for as long as anybody may read from the answer, and no longer", async () => {
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, "abort").length;
    const { send } = fetchTransport(async () => new Response("ok"));
    const followed = async () => {
      const response = await send({ ...request, signal });
      expect(listeners()).toBe(1);
      return response;
    };
    const read = ["text", "arrayBuffer", "blob", "bytes"] as const;
    for (const name of read) {
      await (await followed())[name]?.();
      expect(listeners(), name).toBe(0);
    }
    await (await followed()).body!.cancel();
    expect(listeners()).toBe(0);

    for (const part of ["body", "clone"] as const) {
      let kept: unknown = part === "body" ? (await followed()).body : (await followed()).clone();
      await collectGarbage();
      expect([part, kept !== undefined && listeners()]).toEqual([part, 1]);
      kept = undefined;
      for (let turn = 0; turn < 100 && listeners() > 0; turn += 1) await collectGarbage();
      expect([part, listeners()]).toEqual([part, 0]);
    }

    const failing = fetchTransport(() => Promise.reject(new TypeError("fetch failed")));
    await expect(failing.send({ ...request, signal })).rejects.toThrow("fetch failed");
    expect(listeners()).toBe(0);
  });

  it("hands back the very answer of a fetch of one's own, whatever it is made of", async () => {
    class Other {
      readonly status = 200;
      clone() {
        return new Other();
      }
      async text() {
        return "other";
      }
    }
    for (const given of [new Response("ok"), new Other(), Object.freeze({ status: 200 })]) {
      const { send } = fetchTransport(async () => given as Response);
      const { signal } = new AbortController();
      expect(await send({ ...request, signal })).toBe(given);
      expect(await send({ ...request, signal })).toBe(given);
      expect(inspect(given)).toMatch(/^(Response|Other)? ?\{/);
    }
    const { send } = fetchTransport(async () => new Other() as unknown as Response);
    const { signal } = new AbortController();
    expect(await (await send({ ...request, signal })).text()).toBe("other");
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("looks the global fetch up at each request, so that whoever replaces it is heard", async () => {
    const { send } = fetchTransport();
    vi.stubGlobal("fetch", async () => new Response("replaced"));
    try {
      expect(await (await send(request)).text()).toBe("replaced");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("asks an async iterable for a piece when one is wanted, and lets go of it when none is", async () => {
    let asked = 0;
    let isOver = false;
    const source = (async function* () {
      try {
        for (; ; asked += 1) yield new Uint8Array([asked]);
      } finally {
        isOver = true;
      }
    })();
    const { send } = fetchTransport(async ({ body }) => {
      const reader = body!.getReader();
      const pieces = [await reader.read(), await reader.read()].map(({ value }) => [...value!]);
      await reader.cancel();
      return Response.json(pieces);
    });
    expect(await (await send({ ...request, body: source })).json()).toEqual([[0], [1]]);
    expect(isOver).toBe(true);
    expect(asked).toBeLessThanOrEqual(2);
  });

  it("sends a ReadableStream as it is", async () => {
    const { send } = fetchTransport(async (given) => new Response(await given.text()));
    expect(await (await send({ ...request, body: new Blob(["a", "b"]).stream() })).text()).toBe("ab");
  });

  it("rejects a request that cannot be made, and never throws", async () => {
    const { send } = fetchTransport();
    await expect(send({ ...request, method: "GET" })).rejects.toThrow(TypeError);
    await expect(send({ ...request, url: "nowhere" })).rejects.toThrow(TypeError);
    await expect(send({ ...request, headers: ["a b", "c"] })).rejects.toThrow(TypeError);
  });

  it("has nothing to close", () => {
    expect(fetchTransport().close).toBeUndefined();
  });
});
