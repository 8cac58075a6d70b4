import { createSynapse } from "../../../generated/synapse/index.js";
import type { Stage } from "../stage.js";

/** A key of two hours, a refresh token of ten uses that changes now and then, and a second factor. */
export async function playSynapse(stage: Stage): Promise<void> {
  const { sandbox, clock } = stage;
  const application = { clientId: "demo-application", clientSecret: "demo-application-secret" };
  const ada = {
    userId: "64b0c0ffee0000000000ada0",
    fingerprint: "fingerprint-of-adas-laptop",
    userIp: "192.0.2.17",
    email: "ada@example.com",
    password: "correct horse battery",
  };
  const bob = {
    userId: "64b0c0ffee0000000000b0b0",
    fingerprint: "fingerprint-of-bobs-new-phone",
    userIp: "192.0.2.18",
    phoneNumber: "901-111-2222",
    validationPin: "730146",
  };
  stage.show(ada.userId, ada.userIp, ada.email, bob.userId, bob.userIp, bob.phoneNumber, application.clientId);
  sandbox.account("synapse", { ...application, ...ada });
  const bobsAccount = sandbox.account("synapse", { ...application, ...bob });

  const synapse = createSynapse({
    ...stage.options,
    inputs: { ...application, userIp: ada.userIp },
    onChallenge: ({ body, attempt }) => {
      const devices = "phone_numbers" in body ? body.phone_numbers : [];
      stage.check(true, `a person is asked: ${attempt === 1 ? `which of ${devices.join(", ")}?` : "which PIN came?"}`);
      return attempt === 1 ? { phoneNumber: bob.phoneNumber } : { validationPin: bob.validationPin };
    },
  });
  const user = synapse.with({ userId: ada.userId, fingerprint: ada.fingerprint, email: ada.email, password: ada.password });

  await stage.step("The first token: a login brings a refresh token, which brings a key", async (since) => {
    const { response } = await user.listUserNodes();
    stage.same("the call is answered", response.status, 200);
    stage.same("login, then exchange, then the call", since.requests(), ["login", "issueOAuthKey", "listUserNodes"]);
  });

  await stage.step("Reuse: the key is fresh, so nothing but the call is sent", async (since) => {
    await user.listUserNodes();
    stage.same("one request", since.requests(), ["listUserNodes"]);
  });

  await stage.step("Expiry: two hours later the key is renewed first, at the cost of one use", async (since) => {
    const before = (await user.state("userKey")).usesLeft ?? 0;
    clock.advance(2);
    await user.listUserTransactions();
    stage.same("exchange, then the call", since.requests(), ["issueOAuthKey", "listUserTransactions"]);
    stage.same("one use less", (await user.state("userKey")).usesLeft, before - 1);
  });

  await stage.step("Rotation: this time the exchange brings another refresh token, and it is the one kept", async (since) => {
    sandbox.rotateNext("synapse");
    clock.advance(2);
    await user.listUserNodes();
    const [renewed] = since.events("token-renewed");
    stage.same("the refresh token was replaced", renewed?.type === "token-renewed" && renewed.rotated, true);
    clock.advance(2);
    stage.same("the new one works", (await user.listUserNodes()).response.status, 200);
  });

  await stage.step(
    "A 401 for a key that looked fresh: one renewal, one replay, body and idempotency key the same",
    async (since) => {
      sandbox.expire("synapse", { scheme: "userKey" });
      const { response } = await user.createUserNode({
        body: { type: "DEPOSIT-US", info: { nickname: "Savings" } },
      });
      stage.same("the caller sees the success alone", response.status, 200);
      stage.same("the POST went out twice", since.requests(), ["createUserNode", "issueOAuthKey", "createUserNode"]);
      stage.same("one replay", since.events("replayed").length, 1);
    },
  );

  await stage.step(
    "A spent refresh token: the exchange is refused, getUser brings the newest, the session lives on",
    async (since) => {
      sandbox.rotate("synapse", { scheme: "userKey" });
      clock.advance(2);
      stage.same("the call is answered", (await user.listUserNodes()).response.status, 200);
      stage.same("refused, recovered, exchanged", since.requests(), [
        "issueOAuthKey",
        "getUser",
        "issueOAuthKey",
        "listUserNodes",
      ]);
    },
  );

  await stage.step("A second factor: 202, a device is chosen, a PIN comes back", async (since) => {
    const { refreshToken = "" } = bobsAccount.issue("userKey");
    bobsAccount.challenge();
    const phone = synapse.with({ userId: bob.userId, fingerprint: bob.fingerprint, userIp: bob.userIp, refreshToken });
    stage.same("the call is answered", (await phone.listUserNodes()).response.status, 200);
    stage.same("three exchanges and the call", since.requests(), [
      "issueOAuthKey",
      "issueOAuthKey",
      "issueOAuthKey",
      "listUserNodes",
    ]);
  });
}
