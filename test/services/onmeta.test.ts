import { describe, expect, it } from "vitest";
import { createOnmeta } from "../../generated/onmeta/index.js";
import { reaching } from "../support/transport.js";
import { HOUR, stage } from "./support.js";

const { clock, options, asked, told, sandbox } = stage("onmeta");

const inputs = { apiKey: "api-key", email: "ada@example.com" };
const firstPage = { params: { path: { skip: 0 } } };

function onmeta(more: Parameters<typeof createOnmeta>[0] = {}) {
  sandbox().account("onmeta", inputs);
  return createOnmeta({ ...options(), inputs, ...more });
}

describe("Onmeta", () => {
  it("logs in by e-mail, and reads the end of its tokens from their exp", async () => {
    const client = onmeta();
    expect((await client.fetchUsersOrderHistory(firstPage)).data?.success).toBe(true);
    const state = await client.state("customer");
    expect(state.expiresAt).toBe(Math.floor(clock.now() / 1000) * 1000 + HOUR);
    expect(state.refreshTokenExpiresAt).toBe(Math.floor(clock.now() / 1000) * 1000 + 24 * HOUR);
  });

  it("refreshes by GET under the refresh token as bearer, and keeps that token", async () => {
    const sent: string[] = [];
    const client = onmeta({
      ...reaching((request) => {
        sent.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("authorization")}`);
        return fetch(request);
      }),
    });
    await client.fetchUsersOrderHistory(firstPage);
    for (const _ of [1, 2]) {
      clock.advance(HOUR);
      await client.fetchUsersOrderHistory(firstPage);
    }
    const refreshes = sent.filter((line) => line.includes("/v1/users/refresh-token"));
    expect(refreshes).toHaveLength(2);
    expect(refreshes[0]).toMatch(/^GET \/onmeta\/v1\/users\/refresh-token Bearer ey/);
    expect(refreshes[1]).toBe(refreshes[0]);
    const calls = sent.filter((line) => !line.includes("/users/"));
    expect(new Set(calls).size).toBe(3);
    expect(told("token-renewed").map((event) => "rotated" in event && event.rotated)).toEqual([false, false, false]);
  });

  it("logs in again at once when the refresh token has ended, and when it is refused", async () => {
    const client = onmeta();
    await client.fetchUsersOrderHistory(firstPage);
    clock.advance(25 * HOUR);
    await client.fetchUsersOrderHistory(firstPage);
    expect(asked().filter((id) => id === "refreshAccessToken")).toHaveLength(0);
    sandbox().revoke("onmeta");
    expect((await client.fetchUsersOrderHistory(firstPage)).response.status).toBe(200);
    expect(asked().slice(-4)).toEqual(["fetchUsersOrderHistory", "refreshAccessToken", "userLogin", "fetchUsersOrderHistory"]);
  });

  it("sends the API key alone where a call asks for no more, and both where it can", async () => {
    const keyOnly = onmeta({ inputs: { apiKey: inputs.apiKey } });
    expect((await keyOnly.supportedCurrencies()).response.status).toBe(200);
    expect(asked()).toEqual(["supportedCurrencies"]);
    await onmeta().supportedCurrencies();
    expect(asked()).toEqual(["supportedCurrencies", "userLogin", "supportedCurrencies"]);
  });

  it("does not loop when a fresh token is rejected: the 401 does not say which credential failed", async () => {
    const client = onmeta();
    sandbox().fault("onmeta", {
      times: 100,
      operationId: "fetchUsersOrderHistory",
      status: 401,
      body: { success: false, error: { code: 401, message: "unauthorized to access" } },
    });
    for (let call = 0; call < 5; call += 1) expect((await client.fetchUsersOrderHistory(firstPage)).response.status).toBe(401);
    expect(asked().filter((id) => id === "fetchUsersOrderHistory")).toHaveLength(6);
    expect(asked().filter((id) => id === "userLogin" || id === "refreshAccessToken")).toHaveLength(2);
  });
});
