import { createOnmeta } from "../../../generated/onmeta/index.js";
import type { Stage } from "../stage.js";

/** An API key, tokens whose end only they themselves tell, and a refresh by GET under the refresh token. */
export async function playOnmeta(stage: Stage): Promise<void> {
  const { sandbox, clock } = stage;
  const inputs = { apiKey: "demo-api-key", email: "ada@example.com" };
  stage.show(inputs.email);
  sandbox.account("onmeta", inputs);
  const onmeta = createOnmeta({ ...stage.options, inputs });

  await stage.step("The first token: a login by e-mail; the JWT itself says when it ends", async (since) => {
    const { data } = await onmeta.fetchUsersOrderHistory({ params: { path: { skip: 0 } } });
    stage.same("the call is answered", data?.success, true);
    stage.same("login, then the call", since.requests(), ["userLogin", "fetchUsersOrderHistory"]);
    const { expiresAt, obtainedAt = 0 } = await onmeta.state("customer");
    const minutes = Math.round(((expiresAt ?? 0) - obtainedAt) / 60_000);
    stage.same("it lives an hour, read from exp", minutes, 60);
  });

  await stage.step("A call without a user sends the API key alone", async (since) => {
    await onmeta.quoteSell({
      body: {
        sellTokenSymbol: "USDC",
        sellTokenAddress: "0x0000000000000000000000000000000000000001",
        chainId: 137,
        fiatCurrency: "inr",
        fiatAmount: 500,
        senderAddress: "0x0000000000000000000000000000000000000002",
      },
    });
    stage.same("one request", since.requests(), ["quoteSell"]);
  });

  await stage.step("Expiry: a refresh by GET, with the refresh token as the bearer", async (since) => {
    clock.advance(1);
    await onmeta.fetchUsersOrderHistory({ params: { path: { skip: 0 } } });
    stage.same("refresh, then the call", since.requests(), ["refreshAccessToken", "fetchUsersOrderHistory"]);
  });

  await stage.step("A 401 for a token that looked fresh is healed", async (since) => {
    sandbox.expire("onmeta", { scheme: "customer" });
    const { response } = await onmeta.offrampOrderStatus({ body: { orderId: "order-1" } });
    stage.same("the caller sees the success alone", response.status, 200);
    stage.same("rejected, renewed, replayed", since.requests(), [
      "offrampOrderStatus",
      "refreshAccessToken",
      "offrampOrderStatus",
    ]);
  });

  await stage.step("A day later the refresh token has ended too: it is not even tried", async (since) => {
    clock.advance(25);
    await onmeta.fetchUsersOrderHistory({ params: { path: { skip: 0 } } });
    stage.same("login again, then the call", since.requests(), ["userLogin", "fetchUsersOrderHistory"]);
  });
}
