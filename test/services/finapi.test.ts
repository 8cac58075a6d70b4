import { describe, expect, it } from "vitest";
import { createFinapi } from "../../generated/finapi/index.js";
import { HOUR, stage } from "./support.js";

const { clock, options, asked, told, sandbox } = stage("finapi");

const inputs = { clientId: "client", clientSecret: "client-secret", username: "ada", password: "pass word" };

function finapi(more: Parameters<typeof createFinapi>[0] = {}) {
  sandbox().account("finapi", inputs);
  return createFinapi({ ...options(), inputs, ...more });
}

describe("finAPI", () => {
  it("keeps a client token and a user token side by side", async () => {
    const client = finapi();
    const [user, configuration] = await Promise.all([client.getAuthorizedUser(), client.getClientConfiguration()]);
    expect([user.response.status, configuration.response.status]).toEqual([200, 200]);
    expect(asked().filter((id) => id === "getToken")).toHaveLength(2);
    expect(
      told("token-renewed")
        .map((event) => "scheme" in event && event.scheme)
        .sort(),
    ).toEqual(["finapiClient", "finapiUser"]);
  });

  it("echoes the request id that was filled, or the caller's own", async () => {
    const client = finapi();
    expect((await client.getAuthorizedUser()).response.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
    const own = await client.getAuthorizedUser({ params: { header: { "X-Request-Id": "mine-1" } } });
    expect(own.response.headers.get("X-Request-Id")).toBe("mine-1");
  });

  it("answers a request id of 256 characters with its documented error", async () => {
    const { error, response } = await finapi().getAuthorizedUser({ params: { header: { "X-Request-Id": "x".repeat(256) } } });
    expect(response.status).toBe(400);
    expect(error).toBeDefined();
  });

  it("does not renew a live token, since the service would hand out the same again", async () => {
    const client = finapi();
    await client.getAuthorizedUser();
    clock.advance(HOUR - 1000);
    await client.getAuthorizedUser();
    expect(asked().filter((id) => id === "getToken")).toHaveLength(1);
    clock.advance(1000);
    await client.getAuthorizedUser();
    expect(asked().filter((id) => id === "getToken")).toHaveLength(2);
  });

  it("takes expires_in 0 for a token that never ends", async () => {
    const client = finapi();
    sandbox().configure("finapi", { lifetimeSeconds: Number.POSITIVE_INFINITY });
    await client.getClientConfiguration();
    expect(await client.state("finapiClient")).toMatchObject({ expiresAt: null, status: "fresh" });
    clock.advance(10_000 * HOUR);
    await client.getClientConfiguration();
    expect(asked().filter((id) => id === "getToken")).toHaveLength(1);
  });

  it("revokes the user's tokens under the client's own, and grants the password again when asked next", async () => {
    const client = finapi();
    await client.getAuthorizedUser();
    await client.revoke("finapiUser");
    expect(asked()).toEqual(["getToken", "getAuthorizedUser", "getToken", "revokeToken"]);
    expect(told("revoked")).toMatchObject([{ scheme: "finapiUser", ended: ["refreshToken", "accessToken"] }]);
    expect((await client.getAuthorizedUser()).response.status).toBe(200);
    expect(told("token-renewed").at(-1)).toMatchObject({ scheme: "finapiUser", by: "obtain" });
  });

  it("answers the call of a user who was never given with the inputs that are missing", async () => {
    const client = finapi({ inputs: { clientId: inputs.clientId, clientSecret: inputs.clientSecret } });
    await expect(client.getAuthorizedUser()).rejects.toMatchObject({
      code: "missing-input",
      message: "getAuthorizedUser needs further inputs: username, password for finapiUser",
    });
    expect((await client.getAndSearchAllBanks()).response.status).toBe(200);
  });

  it("tells a wrong password once, and does not lock the user by asking again", async () => {
    const client = finapi({ inputs: { ...inputs, password: "wrong" } });
    for (let call = 0; call < 5; call += 1) {
      await expect(client.getAuthorizedUser()).rejects.toMatchObject({ code: "credentials-rejected", status: 400 });
    }
    expect(asked()).toEqual(["getToken"]);
  });

  it("creates a user under the client's token, with the body replayed when that token was rejected", async () => {
    const client = finapi();
    await client.getClientConfiguration();
    sandbox().expire("finapi", { scheme: "finapiClient" });
    const { data, response } = await client.createUser({ body: { id: "bob", password: "secret-123" } });
    expect(response.status).toBe(201);
    expect(data?.id).toBeTypeOf("string");
    expect(asked().slice(-3)).toEqual(["createUser", "getToken", "createUser"]);
  });
});
