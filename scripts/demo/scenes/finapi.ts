import { createFinapi } from "../../../generated/finapi/index.js";
import type { Stage } from "../stage.js";

/** A client token and a user token side by side, and a revocation of the one under the other. */
export async function playFinapi(stage: Stage): Promise<void> {
  const { sandbox, clock } = stage;
  const inputs = {
    clientId: "demo-client",
    clientSecret: "demo-client-secret",
    username: "ada",
    password: "correct horse battery",
  };
  stage.show(inputs.clientId, inputs.username);
  sandbox.account("finapi", inputs);
  const finapi = createFinapi({
    ...stage.options,
    // As from a vault: asked when it is needed, never before.
    inputs: { ...inputs, clientSecret: async () => inputs.clientSecret },
  });

  await stage.step("Two tokens at once: the client's and the user's, each obtained once", async (since) => {
    const [configuration, user, again] = await Promise.all([
      finapi.getClientConfiguration(),
      finapi.getAuthorizedUser(),
      finapi.getAuthorizedUser(),
    ]);
    stage.same(
      "all are answered",
      [configuration, user, again].map(({ response }) => response.status),
      [200, 200, 200],
    );
    stage.same("two token requests for three calls", since.requests().filter((id) => id === "getToken").length, 2);
    stage.check(/^[0-9a-f-]{36}$/.test(user.response.headers.get("X-Request-Id") ?? ""), "the request id came back");
  });

  await stage.step(
    "Expiry: an hour later the user's token is refreshed, and a token that no call needs is not",
    async (since) => {
      clock.advance(1);
      const { data } = await finapi.GET("/api/v1/accounts", { params: { query: { search: "Giro" } } });
      stage.check(Array.isArray(data?.accounts), "the path form is typed and answered");
      stage.same("one token request", since.requests(), ["getToken", "getAndSearchAllAccounts"]);
    },
  );

  await stage.step("A 401 for a token that looked fresh is healed", async (since) => {
    sandbox.expire("finapi", { scheme: "finapiUser" });
    stage.same("the caller sees the success alone", (await finapi.getAuthorizedUser()).response.status, 200);
    stage.same("rejected, renewed, replayed", since.requests(), ["getAuthorizedUser", "getToken", "getAuthorizedUser"]);
  });

  await stage.step("A refused refresh token leads back to the password", async (since) => {
    sandbox.rotate("finapi", { scheme: "finapiUser" });
    clock.advance(1);
    stage.same("the call is answered", (await finapi.getAuthorizedUser()).response.status, 200);
    stage.same("refresh refused, password granted", since.requests(), ["getToken", "getToken", "getAuthorizedUser"]);
  });

  await stage.step("Revocation: the user's tokens end, under the client's own token", async (since) => {
    await finapi.revoke("finapiUser");
    stage.same("a client token, then the revocation", since.requests(), ["getToken", "revokeToken"]);
    const { status, refreshTokenHeld } = await finapi.state("finapiUser");
    stage.same("nothing is held any more", [status, refreshTokenHeld], ["empty", false]);
    stage.same("the client's token lives on", (await finapi.state("finapiClient")).status, "fresh");
  });
}
