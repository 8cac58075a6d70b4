import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, type Opened, open, type Reply, textAt } from "./support.js";

const CLIENT = { clientId: "0000-client", clientSecret: "1111-secret" };
const USER = { ...CLIENT, username: "ada", password: "pass word" };
const posted = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };

const token = ({ send }: Opened, form: Record<string, string>): Promise<Reply> =>
  send("POST /oauth/token", { form: { ...posted, ...form } });
const byClient = (finapi: Opened): Promise<Reply> => token(finapi, { grant_type: "client_credentials" });
const byPassword = (finapi: Opened, password = USER.password): Promise<Reply> =>
  token(finapi, { grant_type: "password", username: USER.username, password });
const byRefresh = (finapi: Opened, refresh_token: string): Promise<Reply> =>
  token(finapi, { grant_type: "refresh_token", refresh_token });
const bearer = (reply: Reply): Record<string, string> => ({ Authorization: `Bearer ${textAt(reply, "access_token")}` });
const user = ({ send }: Opened, headers: Record<string, string>): Promise<Reply> => send("GET /api/v1/users", { headers });

async function opened(): Promise<Opened> {
  const result = await open("specs/finapi.yaml");
  result.sandbox.account("api", USER);
  return result;
}

const INVALID_TOKEN = { error: "invalid_token", error_description: "The access token is not valid." };

describe("the life of finAPI's tokens", () => {
  it("goes from the two grants over calls, end, refresh and rotation to revocation", async () => {
    const finapi = await opened();
    const client = await byClient(finapi);
    const first = await byPassword(finapi);
    const tokens = { access_token: expect.any(String), token_type: "bearer", expires_in: 3600, scope: "all" };
    expect(client).toMatchObject({ status: 200 });
    expect(client.body).toEqual(tokens);
    expect(first.body).toEqual({ ...tokens, refresh_token: expect.any(String) });
    expect(await user(finapi, bearer(first))).toMatchObject({ status: 200, body: { id: "example-user", password: "XXXXX" } });
    expect(await user(finapi, bearer(client))).toMatchObject({ status: 401, body: INVALID_TOKEN });

    finapi.clock.advance(HOUR);
    expect((await user(finapi, bearer(first))).body).toEqual(INVALID_TOKEN);
    const second = await byRefresh(finapi, textAt(first, "refresh_token"));
    expect(second.body).toEqual({ ...tokens, refresh_token: textAt(first, "refresh_token") });
    expect((await user(finapi, bearer(second))).status).toBe(200);

    finapi.clock.advance(HOUR);
    finapi.sandbox.rotateNext("api", { scheme: "finapiUser" });
    const third = await byRefresh(finapi, textAt(second, "refresh_token"));
    expect(textAt(third, "refresh_token")).not.toBe(textAt(first, "refresh_token"));
    const stale = await byRefresh(finapi, textAt(first, "refresh_token"));
    expect(stale).toMatchObject({ status: 400, body: { errors: [{ message: "The refresh token is not valid." }] } });

    const query = { token: textAt(third, "refresh_token"), token_type_hint: "refresh_token" };
    const oldClient = await finapi.send("POST /oauth/revoke", { headers: bearer(client), query });
    expect(oldClient).toMatchObject({ status: 401, body: INVALID_TOKEN });
    const revoked = await finapi.send("POST /oauth/revoke", { headers: bearer(await byClient(finapi)), query });
    expect(revoked).toMatchObject({ status: 200, body: "" });
    expect(await user(finapi, bearer(third))).toMatchObject({ status: 401, body: INVALID_TOKEN });
    expect((await byRefresh(finapi, query.token)).status).toBe(400);
  });

  it("hands out the live token again with the time that it has left", async () => {
    const finapi = await opened();
    const first = await byPassword(finapi);
    finapi.clock.advance(37 * MINUTE);
    expect((await byPassword(finapi)).body).toEqual({ ...(first.body as object), expires_in: 23 * 60 });
    expect((await byRefresh(finapi, textAt(first, "refresh_token"))).body).toMatchObject({
      access_token: textAt(first, "access_token"),
      expires_in: 23 * 60,
    });
    finapi.sandbox.expire("api");
    expect(textAt(await byPassword(finapi), "access_token")).not.toBe(textAt(first, "access_token"));
  });

  it("shares the client's token between all users of the client", async () => {
    const finapi = await opened();
    const bob = finapi.sandbox.account("api", { ...CLIENT, username: "bob", password: "b" });
    const client = await byClient(finapi);
    expect(bob.tokens("finapiClient")).toEqual({ accessToken: textAt(client, "access_token") });
    expect(bob.tokens("finapiUser")).toEqual({});
  });

  it("tells a wrong client from a wrong user", async () => {
    const finapi = await opened();
    const wrongUser = await byPassword(finapi, "wrong");
    expect(wrongUser).toMatchObject({ status: 400, body: { errors: [{ message: "The user credentials are not valid." }] } });
    for (const form of [
      { grant_type: "client_credentials" },
      { grant_type: "password", username: "ada", password: "pass word" },
      { grant_type: "refresh_token", refresh_token: "any" },
    ]) {
      const reply = await finapi.send("POST /oauth/token", { form: { ...posted, ...form, client_secret: "wrong" } });
      expect(reply).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    }
  });

  it("answers 403 for a user of whom something is demanded", async () => {
    const finapi = await open("specs/finapi.yaml");
    const ada = finapi.sandbox.account("api", USER);
    ada.challenge();
    expect(await byPassword(finapi)).toMatchObject({ status: 403, body: { errors: [{ code: "USER_NOT_VERIFIED" }] } });
    ada.challenge(false);
    expect((await byPassword(finapi)).status).toBe(200);
  });

  it("echoes the request ID, makes one up, and refuses one of 256 characters", async () => {
    const finapi = await opened();
    const headers = bearer(await byPassword(finapi));
    const id = "r".repeat(255);
    const echoed = await user(finapi, { ...headers, "X-Request-Id": id });
    expect(echoed.headers.get("x-request-id")).toBe(id);
    expect((await user(finapi, headers)).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect((await user(finapi, { ...headers, "X-Request-Id": `${id}r` })).status).toBe(400);
  });

  it("creates a user under the client's token alone", async () => {
    const finapi = await opened();
    const json = { id: "new-user", email: "new@example.com" };
    const created = await finapi.send("POST /api/v1/users", { headers: bearer(await byClient(finapi)), json });
    expect(created).toMatchObject({ status: 201, body: json });
    const refused = await finapi.send("POST /api/v1/users", { headers: bearer(await byPassword(finapi)), json });
    expect(refused).toMatchObject({ status: 401, body: INVALID_TOKEN });
  });
});
