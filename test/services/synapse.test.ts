import { beforeEach, describe, expect, it } from "vitest";
import { createSynapse } from "../../generated/synapse/index.js";
import { reaching } from "../support/transport.js";
import { HOUR, stage } from "./support.js";

const { clock, options, asked, told, sandbox } = stage("synapse");

const application = { clientId: "app", clientSecret: "app-secret" };
/** Another person for each test: accounts outlive a reset of the sandbox. */
let person = { userId: "", fingerprint: "", userIp: "192.0.2.1" };
let people = 0;

beforeEach(() => {
  people += 1;
  person = { ...person, userId: `64b0c0ffee00000000000${people + 100}`, fingerprint: `fingerprint-${people}` };
});

const login = { email: "ada@example.com", password: "Example-passw0rd" };

function synapse(more: Parameters<typeof createSynapse>[0] = {}) {
  return createSynapse({ ...options(), ...more, inputs: { ...application, userIp: person.userIp, ...more.inputs } });
}

function known(inputs: Record<string, string> = {}) {
  return sandbox().account("synapse", { ...application, ...person, ...login, ...inputs });
}

describe("SynapseFi", () => {
  it("begins with a login, whose refresh token brings a key", async () => {
    known();
    const { data, error } = await synapse()
      .with({ ...person, ...login })
      .listUserNodes();
    expect(error).toBeUndefined();
    expect(data?.nodes[0]?._id).toBeTypeOf("string");
    expect(asked()).toEqual(["login", "issueOAuthKey", "listUserNodes"]);
    expect(told("token-renewed")).toMatchObject([{ by: "refresh", reason: "missing", usesLeft: 9, generation: 1 }]);
  });

  it("needs no login where a refresh token is held already", async () => {
    const { refreshToken = "" } = known().issue("userKey");
    await synapse()
      .with({ ...person, refreshToken })
      .listUserNodes();
    expect(asked()).toEqual(["issueOAuthKey", "listUserNodes"]);
  });

  it("needs neither where the user object shows a refresh token", async () => {
    known();
    const ada = synapse().with(person);
    const { data } = await ada.getUser();
    expect(data?.refresh_token).toMatch(/\S/);
    await ada.with({ refreshToken: data?.refresh_token ?? "" }).listUserNodes();
    expect(asked()).toEqual(["getUser", "issueOAuthKey", "listUserNodes"]);
  });

  it("fills user, gateway, address and key into each request, and the caller sees none of it", async () => {
    known();
    const sent: Record<string, string>[] = [];
    const client = synapse({
      ...reaching((request) => {
        sent.push({ path: new URL(request.url).pathname, ...Object.fromEntries(request.headers) });
        return fetch(request);
      }),
    });
    await client.with({ ...person, ...login }).getUserNode({ params: { path: { node_id: "64b0c0ffee0000000000d001" } } });
    expect(sent.at(-1)).toMatchObject({
      path: `/synapse/v3.1/users/${person.userId}/nodes/64b0c0ffee0000000000d001`,
      "x-sp-gateway": "app|app-secret",
      "x-sp-user": expect.stringMatching(new RegExp(`^.+\\|${person.fingerprint}$`)),
      "x-sp-user-ip": "192.0.2.1",
    });
    expect(sent[0]).toMatchObject({ "x-sp-user": `|${person.fingerprint}` });
  });

  it("exchanges again before the key ends, and asks getUser for the newest refresh token when one use is left", async () => {
    known();
    const ada = synapse().with({ ...person, ...login });
    sandbox().configure("synapse", { rotateEvery: 1000 });
    for (let key = 0; key < 11; key += 1) {
      expect((await ada.listUserNodes()).response.status).toBe(200);
      clock.advance(2 * HOUR);
    }
    expect(asked().filter((id) => id === "login")).toHaveLength(1);
    expect(asked().filter((id) => id === "getUser").length).toBeGreaterThan(0);
    expect(sandbox().requests.filter(({ operationId, status }) => operationId === "issueOAuthKey" && status !== 200)).toEqual(
      [],
    );
  });

  it("recovers a refresh token that the service has replaced, without a login", async () => {
    const { refreshToken = "" } = known().issue("userKey");
    const ada = synapse().with({ ...person, refreshToken });
    sandbox().rotate("synapse");
    expect((await ada.listUserNodes()).response.status).toBe(200);
    expect(asked()).toEqual(["issueOAuthKey", "getUser", "issueOAuthKey", "listUserNodes"]);
    expect(told("recovered")).toMatchObject([{ operationId: "getUser", changed: true }]);
  });

  it("asks a person for the device and the PIN of a second factor, keeps neither, and goes on", async () => {
    const account = known({ phoneNumber: "901-111-1111", validationPin: "123456" });
    const { refreshToken = "" } = account.issue("userKey");
    account.challenge();
    const asks: unknown[] = [];
    const ada = synapse({
      onChallenge: ({ status, attempt, body }) => {
        asks.push([status, attempt, "phone_numbers" in body ? body.phone_numbers.length > 0 : "PIN sent"]);
        return attempt === 1 ? { phoneNumber: "901-111-1111" } : { validationPin: "123456" };
      },
    }).with({ ...person, refreshToken });
    expect((await ada.listUserNodes()).response.status).toBe(200);
    expect(asks).toEqual([
      [202, 1, true],
      [202, 2, "PIN sent"],
    ]);
    const exchanges = sandbox().requests.filter(({ operationId }) => operationId === "issueOAuthKey");
    expect(exchanges.map(({ members }) => members.filter((member) => member !== "refresh_token"))).toEqual([
      [],
      ["phone_number"],
      ["validation_pin"],
    ]);
  });

  it("without onChallenge fails with what the service asks, and does not ask the service again", async () => {
    const account = known();
    const { refreshToken = "" } = account.issue("userKey");
    account.challenge();
    const ada = synapse().with({ ...person, refreshToken });
    const error = await ada.listUserNodes().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "challenge", scheme: "userKey", operationId: "issueOAuthKey", status: 202 });
    expect((error as { challenge: { body: { phone_numbers: string[] } } }).challenge.body.phone_numbers.length).toBeGreaterThan(
      0,
    );
    await expect(ada.listUserNodes()).rejects.toMatchObject({ code: "challenge" });
    expect(asked()).toEqual(["issueOAuthKey"]);
  });

  it("tells wrong application credentials from a wrong key, and never repeats them", async () => {
    known();
    const ada = synapse().with({ ...person, ...login, clientSecret: "wrong" });
    await expect(ada.listUserNodes()).rejects.toMatchObject({ code: "credentials-rejected", status: 401 });
    await expect(ada.listUserNodes()).rejects.toMatchObject({ code: "credentials-rejected" });
    expect(asked()).toEqual(["login"]);
  });

  it("sends one exchange for a hundred calls on an expired key", async () => {
    known();
    const ada = synapse().with({ ...person, ...login });
    await ada.listUserNodes();
    clock.advance(2 * HOUR);
    const before = asked().length;
    const results = await Promise.all(Array.from({ length: 100 }, () => ada.listUserNodes()));
    expect(results.every(({ response }) => response.status === 200)).toBe(true);
    expect(
      asked()
        .slice(before)
        .filter((id) => id === "issueOAuthKey"),
    ).toHaveLength(1);
  });
});
