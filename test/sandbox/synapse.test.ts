import { describe, expect, it } from "vitest";
import { HOUR, type Opened, open, type Reply, SECOND, textAt } from "./support.js";

const USER = {
  clientId: "client_id_x",
  clientSecret: "client_secret_x",
  userId: "64b0c0ffee0000000000b009",
  fingerprint: "finger|print",
  userIp: "203.0.113.9",
  email: "ada@example.com",
  password: "Example-passw0rd",
  phoneNumber: "901-111-1111",
  validationPin: "123456",
};
const IP = { "X-SP-USER-IP": USER.userIp };
const GATEWAY = { ...IP, "X-SP-GATEWAY": "client_id_x|client_secret_x" };
const DEVICE = { ...GATEWAY, "X-SP-USER": "|finger|print" };

const login = ({ send }: Opened, password = USER.password): Promise<Reply> =>
  send(`POST /oauth/${USER.userId}/login`, { headers: DEVICE, json: { email: USER.email, password } });
const exchange = ({ send }: Opened, refreshToken: string, more: Record<string, unknown> = {}): Promise<Reply> =>
  send(`POST /oauth/${USER.userId}`, { headers: DEVICE, json: { refresh_token: refreshToken, ...more } });
const view = ({ send }: Opened): Promise<Reply> => send(`GET /users/${USER.userId}`, { headers: DEVICE });
const nodes = ({ send }: Opened, key: string, gateway = GATEWAY): Promise<Reply> =>
  send(`GET /users/${USER.userId}/nodes`, { headers: { ...gateway, "X-SP-USER": `${key}|finger|print` } });

async function opened(): Promise<Opened> {
  const result = await open("specs/synapse.yaml");
  result.sandbox.account("api", USER);
  return result;
}

describe("the life of a SynapseFi key", () => {
  it("goes from login over exchange, call, end, exchange and rotation to recovery", async () => {
    const synapse = await opened();
    expect(synapse.sandbox.url("api")).toMatch(/\/v3\.1$/);
    const entered = await login(synapse);
    expect(entered).toMatchObject({ status: 200, body: { user_id: USER.userId, fp_registered: false } });
    expect(entered.body).not.toHaveProperty("oauth_key");
    const refreshToken = textAt(entered, "refresh_token");

    const first = await exchange(synapse, refreshToken);
    expect(first).toMatchObject({
      status: 200,
      body: {
        expires_at: String((synapse.clock.now() + 2 * HOUR) / SECOND),
        expires_in: "7200",
        refresh_expires_in: 9,
        refresh_token: refreshToken,
        user_id: USER.userId,
      },
    });
    const key = textAt(first, "oauth_key");
    expect(await nodes(synapse, key)).toMatchObject({ status: 200, body: { node_count: 1, success: true } });

    synapse.clock.advance(2 * HOUR);
    expect(await nodes(synapse, key)).toEqual(
      expect.objectContaining({
        status: 401,
        body: {
          error: { en: "Invalid/expired oauth_key." },
          error_code: "110",
          http_code: "401",
          success: false,
        },
      }),
    );
    const second = await exchange(synapse, refreshToken);
    expect(second).toMatchObject({ status: 200, body: { refresh_expires_in: 8, refresh_token: refreshToken } });
    expect((await nodes(synapse, textAt(second, "oauth_key"))).status).toBe(200);

    synapse.sandbox.rotate("api");
    expect(await exchange(synapse, refreshToken)).toMatchObject({
      status: 404,
      body: { error: { en: "refresh_token not found" }, error_code: "404" },
    });
    const newest = textAt(await view(synapse), "refresh_token");
    expect(newest).not.toBe(refreshToken);
    expect(await exchange(synapse, newest)).toMatchObject({ status: 200, body: { refresh_expires_in: 9 } });
    expect((await nodes(synapse, textAt(second, "oauth_key"))).status).toBe(200);
  });

  it("spends ten uses and then needs the newest refresh token", async () => {
    const synapse = await opened();
    synapse.sandbox.configure("api", { rotateEvery: Infinity });
    const refreshToken = textAt(await login(synapse), "refresh_token");
    for (let left = 9; left >= 0; left -= 1) {
      expect(await exchange(synapse, refreshToken)).toMatchObject({ status: 200, body: { refresh_expires_in: left } });
    }
    expect((await exchange(synapse, refreshToken)).status).toBe(404);
    const newest = textAt(await view(synapse), "refresh_token");
    expect((await exchange(synapse, newest)).status).toBe(200);
  });

  it("tells the refusals apart as the documentation does", async () => {
    const synapse = await opened();
    expect(await login(synapse, "wrong")).toMatchObject({
      status: 409,
      body: { error: { code: "invalid_username_password" }, error_code: "400", http_code: "409" },
    });
    const gateway = { ...IP, "X-SP-GATEWAY": "client_id_x|wrong" };
    expect(await nodes(synapse, "key", gateway)).toMatchObject({ status: 401, body: { error_code: "100" } });
    expect(await nodes(synapse, "never-issued")).toMatchObject({ status: 401, body: { error_code: "110" } });
    const unknownDevice = { ...GATEWAY, "X-SP-USER": "|other" };
    const reply = await synapse.send(`GET /users/${USER.userId}`, { headers: unknownDevice });
    expect(reply).toMatchObject({ status: 401, body: { error_code: "100" } });
    const unknownUser = await synapse.send("GET /users/64b0c0ffee00000000009999", { headers: DEVICE });
    expect(unknownUser).toMatchObject({ status: 404, body: { error: { en: "User not found." } } });
  });

  it("asks for the header with the address of the device", async () => {
    const { send } = await opened();
    const headers = { "X-SP-GATEWAY": "client_id_x|client_secret_x", "X-SP-USER": "|finger|print" };
    const reply = await send(`GET /users/${USER.userId}`, { headers });
    expect(reply).toMatchObject({ status: 400, body: { problems: ['header parameter "X-SP-USER-IP" is missing'] } });
  });

  it("takes a refresh token that the account holds from the start, also after a reset", async () => {
    const synapse = await open("specs/synapse.yaml");
    synapse.sandbox.account("api", { ...USER, refreshToken: "refresh_held" });
    expect(await exchange(synapse, "refresh_held")).toMatchObject({ status: 200, body: { refresh_token: "refresh_held" } });
    synapse.sandbox.reset();
    expect(await exchange(synapse, "refresh_held")).toMatchObject({ status: 200, body: { refresh_expires_in: 9 } });
  });

  it("takes three exchanges from an unregistered fingerprint", async () => {
    const synapse = await open("specs/synapse.yaml");
    const account = synapse.sandbox.account("api", USER);
    account.challenge();
    const { refreshToken = "" } = account.issue("userKey");
    expect(await exchange(synapse, refreshToken)).toMatchObject({
      status: 202,
      body: { error_code: "10", phone_numbers: ["test@example.com", "901-111-1111"], success: false },
    });
    expect(await exchange(synapse, refreshToken, { phone_number: USER.phoneNumber })).toMatchObject({
      status: 202,
      body: { message: { en: "MFA sent to test@example.com." }, success: true },
    });
    expect((await exchange(synapse, refreshToken, { validation_pin: "000000" })).status).toBe(202);
    const passed = await exchange(synapse, refreshToken, { validation_pin: USER.validationPin });
    expect(passed).toMatchObject({ status: 200, body: { refresh_expires_in: 9 } });
    expect((await nodes(synapse, textAt(passed, "oauth_key"))).status).toBe(200);
  });
});
