import { describe, expect, it } from "vitest";
import { jwtClaims } from "../../src/lifecycle/jwt.js";
import { HOUR, type Opened, open, type Reply, SECOND, textAt } from "./support.js";

const KEY = { "x-api-key": "api-key-x" };
const login = ({ send }: Opened, email = "ada@example.com", headers = KEY): Promise<Reply> =>
  send("POST /v1/users/login", { headers, json: { email } });
const refresh = ({ send }: Opened, token: string): Promise<Reply> =>
  send("GET /v1/users/refresh-token", { headers: { ...KEY, Authorization: `Bearer ${token}` } });
const orders = ({ send }: Opened, token: string): Promise<Reply> =>
  send("GET /v1/orders/0", { headers: { ...KEY, Authorization: `Bearer ${token}` } });

async function opened(): Promise<Opened> {
  const result = await open("specs/onmeta.yaml");
  result.sandbox.account("api", { apiKey: "api-key-x", email: "ada@example.com" });
  return result;
}

const UNAUTHORIZED = { success: false, error: { code: 401, message: "unauthorized to access" } };

describe("the life of Onmeta's tokens", () => {
  it("goes from login over call, end and refresh to the end of the refresh token and another login", async () => {
    const onmeta = await opened();
    const entered = await login(onmeta);
    expect(entered).toMatchObject({ status: 200, body: { success: true, error: {} } });
    const access = textAt(entered, "data", "accessToken");
    const refreshToken = textAt(entered, "data", "refreshToken");
    const iat = onmeta.clock.now() / SECOND;
    expect(jwtClaims(access)).toMatchObject({ iat, exp: iat + 3600 });
    expect(jwtClaims(refreshToken)).toMatchObject({ iat, exp: iat + 86_400 });
    expect(await orders(onmeta, access)).toMatchObject({ status: 200, body: { success: true } });

    onmeta.clock.advance(HOUR);
    expect(await orders(onmeta, access)).toMatchObject({ status: 401, body: UNAUTHORIZED });
    const refreshed = await refresh(onmeta, refreshToken);
    expect(refreshed.body).toEqual({ success: true, data: { accessToken: expect.any(String) }, error: {} });
    expect((await orders(onmeta, textAt(refreshed, "data", "accessToken"))).status).toBe(200);

    onmeta.clock.advance(23 * HOUR);
    expect(await refresh(onmeta, refreshToken)).toMatchObject({ status: 401, body: UNAUTHORIZED });
    expect((await login(onmeta)).status).toBe(200);
  });

  it("answers every wrong credential with the one 401 that there is", async () => {
    const onmeta = await opened();
    const entered = await login(onmeta);
    const refreshToken = textAt(entered, "data", "refreshToken");
    const replies = [
      await login(onmeta, "ada@example.com", { "x-api-key": "wrong" }),
      await login(onmeta, "eve@example.com"),
      await refresh(onmeta, "never.issued.token"),
      await refresh(onmeta, textAt(entered, "data", "accessToken")),
      await orders(onmeta, refreshToken),
    ];
    for (const reply of replies) expect(reply).toMatchObject({ status: 401, body: UNAUTHORIZED });
  });

  it("refuses the token of a customer of another application", async () => {
    const onmeta = await opened();
    onmeta.sandbox.account("api", { apiKey: "other-key", email: "bob@example.com" });
    const access = textAt(await login(onmeta), "data", "accessToken");
    const headers = { "x-api-key": "other-key", Authorization: `Bearer ${access}` };
    expect(await onmeta.send("GET /v1/orders/0", { headers })).toMatchObject({ status: 401, body: UNAUTHORIZED });
  });
});
