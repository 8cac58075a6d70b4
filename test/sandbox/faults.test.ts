import { describe, expect, it } from "vitest";
import { fixture, type Opened, open, type Reply, textAt } from "./support.js";

const login = ({ send }: Opened): Promise<Reply> => send("POST /keys", { json: { user: "ada", password: "pw" } });
const renew = ({ send }: Opened, renewal: string): Promise<Reply> => send("POST /keys", { json: { renewal } });

async function opened(): Promise<Opened & { readonly renewal: string; held(): string }> {
  const result = await open(fixture("rotating"));
  const account = result.sandbox.account("api", { user: "ada", password: "pw" });
  const renewal = textAt(await login(result), "renewal");
  return { ...result, renewal, held: () => account.tokens("bench")["refreshToken"] ?? "" };
}

describe("a fault", () => {
  it("answers in the service's place, so many times, and nothing has happened", async () => {
    const smith = await opened();
    const fault = smith.sandbox.fault("api", {
      role: "refresh",
      times: 2,
      status: 503,
      headers: { "Retry-After": "7" },
      body: "busy",
    });
    for (const hits of [1, 2]) {
      const reply = await renew(smith, smith.renewal);
      expect(reply).toMatchObject({ status: 503, body: "busy" });
      expect(reply.headers.get("retry-after")).toBe("7");
      expect(fault.hits).toBe(hits);
    }
    expect(smith.held()).toBe(smith.renewal);
    expect((await renew(smith, smith.renewal)).status).toBe(201);
  });

  it("answers in the service's place after the work has been done", async () => {
    const smith = await opened();
    smith.sandbox.fault("api", { role: "refresh", status: 200, body: "<html>", commit: true });
    expect(await renew(smith, smith.renewal)).toMatchObject({ status: 200, body: "<html>" });
    expect(smith.held()).not.toBe(smith.renewal);
    expect(smith.sandbox.requests.at(-1)).toMatchObject({
      status: 200,
      role: "refresh",
      issued: { refreshToken: expect.any(String) },
    });
  });

  it.each([false, true])("ends the connection without an answer; the work is done: %s", async (commit) => {
    const smith = await opened();
    smith.sandbox.fault("api", { operationId: "cut", drop: true, commit });
    await expect(renew(smith, smith.renewal)).rejects.toThrow(TypeError);
    expect(smith.held() !== smith.renewal).toBe(commit);
    expect(smith.sandbox.requests.at(-1)).not.toHaveProperty("status");
  });

  it.each([0, 1, 20])("cuts the answer after %i bytes of its body, the work done", async (cut) => {
    const smith = await opened();
    smith.sandbox.fault("api", { role: "refresh", cut });
    await expect(renew(smith, smith.renewal)).rejects.toThrow(TypeError);
    expect(smith.held()).not.toBe(smith.renewal);
    const { body } = await renew(smith, smith.renewal);
    expect(body).toMatchObject({ renewal: smith.held() });
  });

  it.each([false, true])("holds the answer until it is released; the work is done before: %s", async (commit) => {
    const smith = await opened();
    const fault = smith.sandbox.fault("api", { role: "refresh", hang: true, commit });
    const reply = renew(smith, smith.renewal);
    await fault.hit;
    await smith.send("GET /doors");
    expect(smith.held() !== smith.renewal).toBe(commit);
    fault.release();
    expect((await reply).status).toBe(201);
    expect(smith.held()).not.toBe(smith.renewal);
  });

  it("lets the first matching requests pass, and a cancelled one lets all", async () => {
    const smith = await opened();
    const fault = smith.sandbox.fault("api", { operationId: "listDoors", after: 1, times: Infinity, status: 500 });
    const statuses: number[] = [];
    for (let call = 1; call <= 3; call += 1) statuses.push((await smith.send("GET /doors")).status);
    fault.cancel();
    statuses.push((await smith.send("GET /doors")).status);
    expect(statuses).toEqual([401, 500, 500, 401]);
  });

  it("takes its time", async () => {
    const smith = await opened();
    smith.sandbox.fault("api", { operationId: "listDoors", latencyMs: 60 });
    const started = performance.now();
    await smith.send("GET /doors");
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  it("rejects as documented whatever was presented", async () => {
    const harbour = await open(fixture("counted"));
    for (const [rejected, code] of [
      ["token", "2"],
      ["credentials", "1"],
    ] as const) {
      harbour.sandbox.fault("api", { operationId: "listBerths", rejected });
      expect(await harbour.send("GET /berths")).toMatchObject({ status: 401, body: { code } });
    }
  });

  it("names the operation that it cannot find", async () => {
    const { sandbox } = await open(fixture("plain"));
    expect(() => sandbox.fault("api", { operationId: "getTools", status: 500 })).toThrow(
      'there is no operation "getTools"; there are getTool, newestTool, addTool, sendForm, signed, begin, end, useChain, enter, turn, goBeyond',
    );
  });
});

describe("closing", () => {
  it("ends connections that are held, slow or idle, and leaves nothing open", async () => {
    const smith = await opened();
    smith.sandbox.configure("api", { latencyMs: 60_000 });
    smith.sandbox.fault("api", { role: "refresh", hang: true });
    const held = renew(smith, smith.renewal).then(
      () => "answered",
      () => "ended",
    );
    const slow = smith.send("GET /doors").then(
      () => "answered",
      () => "ended",
    );
    while (smith.sandbox.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await smith.sandbox.close();
    expect([await held, await slow]).toEqual(["ended", "ended"]);
    await expect(fetch(smith.sandbox.origin)).rejects.toThrow(TypeError);
    expect(process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap")).toEqual([]);
    await smith.sandbox.close();
  });
});

describe("a fault by chance", () => {
  it("befalls the same requests with the same seed, and spares the others", async () => {
    const statuses = async (): Promise<number[]> => {
      const smith = await open(fixture("rotating"), { seed: "dice" });
      smith.sandbox.account("api", { user: "ada", password: "pw" });
      smith.sandbox.fault("api", { role: "obtain", rate: 0.5, times: Number.POSITIVE_INFINITY, status: 503 });
      const replies: number[] = [];
      for (let attempt = 0; attempt < 12; attempt += 1) replies.push((await login(smith)).status);
      return replies;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([201, 503]));
    expect(await statuses()).toEqual(first);
  });
});
