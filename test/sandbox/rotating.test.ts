import { describe, expect, it } from "vitest";
import { fixture, HOUR, type Opened, open, type Reply, SECOND, textAt } from "./support.js";

const login = ({ send }: Opened): Promise<Reply> => send("POST /keys", { json: { user: "ada", password: "pw" } });
const renew = ({ send }: Opened, renewal: string): Promise<Reply> => send("POST /keys", { json: { renewal } });
const keyOf = ({ headers }: Reply): string => headers.get("x-key") ?? "";
const doors = ({ send }: Opened, key: string): Promise<Reply> => send("GET /doors", { headers: { Cookie: `a=b; key=${key}` } });

async function opened(): Promise<Opened> {
  const result = await open(fixture("rotating"));
  result.sandbox.account("api", { user: "ada", password: "pw" });
  return result;
}

describe("a refresh token that always rotates", () => {
  it("hands the access token out in a header and takes it as a cookie", async () => {
    const smith = await opened();
    const entered = await login(smith);
    expect(entered).toMatchObject({ status: 201, body: { seconds: 300 } });
    expect((await doors(smith, keyOf(entered))).status).toBe(200);
  });

  it("brings another refresh token each time and ends the old access token", async () => {
    const smith = await opened();
    const first = await login(smith);
    const second = await renew(smith, textAt(first, "renewal"));
    expect(textAt(second, "renewal")).not.toBe(textAt(first, "renewal"));
    expect((await doors(smith, keyOf(first))).status).toBe(401);
    expect((await doors(smith, keyOf(second))).status).toBe(200);
  });

  it("gives the same successor when the old one is shown again within the window", async () => {
    const smith = await opened();
    const first = textAt(await login(smith), "renewal");
    const second = await renew(smith, first);
    smith.clock.advance(10 * SECOND);
    const again = await renew(smith, first);
    expect(textAt(again, "renewal")).toBe(textAt(second, "renewal"));
    expect((await doors(smith, keyOf(again))).status).toBe(200);
    expect((await renew(smith, textAt(again, "renewal"))).status).toBe(201);
    expect(smith.sandbox.alarms).toEqual([]);
  });

  it("revokes the grant and raises an alarm when the old one is shown after the window", async () => {
    const smith = await opened();
    const first = textAt(await login(smith), "renewal");
    const second = await renew(smith, first);
    smith.clock.advance(10 * SECOND + 1);
    expect(await renew(smith, first)).toMatchObject({ status: 403, body: { why: "refused" } });
    expect((await renew(smith, textAt(second, "renewal"))).status).toBe(403);
    expect((await doors(smith, keyOf(second))).status).toBe(401);
    const alarm = { api: "api", scheme: "bench", account: "api-1", at: smith.clock.now() };
    expect(smith.sandbox.alarms).toEqual([alarm]);
  });

  it("ends a refresh token that is idle for too long", async () => {
    const smith = await opened();
    let { renewal } = (await login(smith)).body as { renewal: string };
    for (let day = 1; day <= 2; day += 1) {
      smith.clock.advance(23 * HOUR);
      renewal = textAt(await renew(smith, renewal), "renewal");
    }
    smith.clock.advance(24 * HOUR);
    expect((await renew(smith, renewal)).status).toBe(403);
  });

  it("ends a grant at its absolute expiry, however busy it is", async () => {
    const smith = await opened();
    let renewal = textAt(await login(smith), "renewal");
    for (let step = 1; step <= 4; step += 1) {
      smith.clock.advance(17 * HOUR);
      renewal = textAt(await renew(smith, renewal), "renewal");
    }
    smith.clock.advance(4 * HOUR);
    expect((await renew(smith, renewal)).status).toBe(403);
  });

  it("revokes with the token in the path, ending only what the document says", async () => {
    const smith = await opened();
    const entered = await login(smith);
    const renewal = textAt(entered, "renewal");
    expect((await smith.send(`DELETE /keys/${renewal}`)).status).toBe(204);
    expect((await smith.send("DELETE /keys/unknown")).status).toBe(204);
    expect((await renew(smith, renewal)).status).toBe(403);
    expect((await doors(smith, keyOf(entered))).status).toBe(200);
  });

  it("names one successor to all who race with the same refresh token", async () => {
    const smith = await opened();
    const first = textAt(await login(smith), "renewal");
    const replies = await Promise.all(Array.from({ length: 5 }, () => renew(smith, first)));
    expect(new Set(replies.map((reply) => textAt(reply, "renewal"))).size).toBe(1);
  });
});
