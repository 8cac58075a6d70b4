import { describe, expect, it, vi } from "vitest";
import { fetchTransport, type WireRequest } from "../../src/transport.js";

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
    expect(await (await send({ ...request, signal: controller.signal })).text()).toBe("ok");
    expect([got?.method, got?.url, got?.redirect]).toEqual(["POST", "https://api.example/a?b=c", "manual"]);
    expect([...got!.headers]).toEqual([
      ["content-type", "text/csv"],
      ["x-one", "1, 2"],
    ]);
    expect(await got!.text()).toBe("a,b");
    controller.abort("enough");
    expect([got?.signal.aborted, got?.signal.reason]).toEqual([true, "enough"]);
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
