import { describe, expect, it } from "vitest";
import { fixture, type Opened, open, type Reply, SECOND, textAt } from "./support.js";

const CLIENT = { clientId: "post:office", clientSecret: "s/cr t" };
const ADA = { ...CLIENT, username: "ada", password: "pass word" };

const basic = (id: string, secret: string): Record<string, string> => ({
  Authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret).replaceAll("%20", "+")}`)}`,
});
const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
const posted = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };

const byClient = ({ send }: Opened): Promise<Reply> =>
  send("POST /token", {
    headers: basic(CLIENT.clientId, CLIENT.clientSecret),
    form: { grant_type: "client_credentials", scope: "letters" },
  });
const byPassword = ({ send }: Opened, more: Record<string, string> = {}): Promise<Reply> =>
  send("POST /token", { form: { grant_type: "password", username: "ada", password: "pass word", ...posted, ...more } });
const byRefresh = ({ send }: Opened, token: string): Promise<Reply> =>
  send("POST /token", { form: { grant_type: "refresh_token", refresh_token: token, ...posted } });

describe("an OAuth 2 document that says little", () => {
  it("is served below its server's own path", async () => {
    const { sandbox } = await open(fixture("oauth"));
    expect(sandbox.url("api")).toBe(`${sandbox.origin}/api/post/v2`);
  });

  it("answers the client credentials grant with the example that has no refresh token", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", CLIENT);
    const reply = await byClient(opened);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 600 });
    expect(textAt(reply, "access_token")).not.toBe("EXAMPLE_C");
  });

  it("lets the token of one scheme in where that scheme is asked for, and nowhere else", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const client = bearer(textAt(await byClient(opened), "access_token"));
    const user = bearer(textAt(await byPassword(opened), "access_token"));
    expect((await opened.send("GET /letters", { headers: client })).status).toBe(200);
    expect((await opened.send("GET /letters", { headers: user })).status).toBe(200);
    expect((await opened.send("GET /counters", { headers: client })).status).toBe(200);
    expect((await opened.send("GET /counters", { headers: user })).status).toBe(401);
  });

  it("refuses a wrong client with invalid_client and a wrong user with invalid_grant", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const wrongSecret = await opened.send("POST /token", {
      headers: basic(CLIENT.clientId, "wrong"),
      form: { grant_type: "client_credentials", scope: "letters" },
    });
    const noClient = await opened.send("POST /token", { form: { grant_type: "client_credentials", scope: "letters" } });
    const wrongPosted = await byPassword(opened, { client_secret: "wrong" });
    const wrongUser = await byPassword(opened, { password: "wrong" });
    for (const reply of [wrongSecret, noClient, wrongPosted]) {
      expect(reply).toMatchObject({ status: 400, body: { error: "invalid_client" } });
    }
    expect(wrongUser).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("answers a grant that it does not document with the documented 400", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const reply = await opened.send("POST /token", { form: { grant_type: "magic", ...posted } });
    expect(reply).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(opened.sandbox.requests.at(-1)?.problems).toHaveLength(1);
  });

  it("ends a token when its lifetime is over and answers with the documented 401", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const headers = bearer(textAt(await byPassword(opened), "access_token"));
    opened.clock.advance(599 * SECOND);
    expect((await opened.send("GET /letters", { headers })).status).toBe(200);
    opened.clock.advance(SECOND);
    expect(await opened.send("GET /letters", { headers })).toMatchObject({ status: 401, body: { error: "invalid_token" } });
  });

  it("refreshes with the refresh token, which every fifth time is another one", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const first = await byPassword(opened);
    const tokens = [textAt(first, "refresh_token")];
    for (let turn = 1; turn <= 6; turn += 1) {
      const reply = await byRefresh(opened, tokens.at(-1)!);
      expect(reply.status).toBe(200);
      tokens.push(textAt(reply, "refresh_token"));
    }
    expect(tokens.map((token) => tokens.indexOf(token))).toEqual([0, 0, 0, 0, 0, 5, 5]);
    expect(await byRefresh(opened, tokens[0]!)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it("refuses a refresh token under another client", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    opened.sandbox.account("api", { clientId: "other", clientSecret: "other" });
    const token = textAt(await byPassword(opened), "refresh_token");
    const form = { grant_type: "refresh_token", refresh_token: token, client_id: "other", client_secret: "other" };
    expect(await opened.send("POST /token", { form })).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect((await byRefresh(opened, token)).status).toBe(200);
  });

  it("revokes what the document says a revocation ends, under the client's own token", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const client = bearer(textAt(await byClient(opened), "access_token"));
    const user = await byPassword(opened);
    const form = { token: textAt(user, "refresh_token"), token_type_hint: "refresh_token" };
    expect((await opened.send("POST /revocation", { form })).status).toBe(401);
    expect((await opened.send("POST /revocation", { headers: client, form })).status).toBe(200);
    expect((await opened.send("GET /letters", { headers: bearer(textAt(user, "access_token")) })).status).toBe(401);
    expect((await byRefresh(opened, form.token)).status).toBe(400);
    expect((await opened.send("POST /revocation", { headers: client, form: { ...form, token: "unknown" } })).status).toBe(200);
  });

  it("ends only the token that is named by a revocation which the document does not describe", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    const client = bearer(textAt(await byClient(opened), "access_token"));
    const user = await byPassword(opened);
    const form = { token: textAt(user, "access_token"), token_type_hint: "access_token" };
    expect((await opened.send("POST /revocation", { headers: client, form })).status).toBe(200);
    expect((await opened.send("GET /letters", { headers: bearer(form.token) })).status).toBe(401);
    expect((await byRefresh(opened, textAt(user, "refresh_token"))).status).toBe(200);
  });

  it("writes `never` for a token that is configured to live for ever", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    opened.sandbox.configure("api", { lifetimeSeconds: Infinity });
    const reply = await byPassword(opened);
    expect(reply.body).toMatchObject({ expires_in: 0 });
    opened.clock.advance(1e12);
    expect((await opened.send("GET /letters", { headers: bearer(textAt(reply, "access_token")) })).status).toBe(200);
  });

  it("writes a configured lifetime into the answer and keeps to it", async () => {
    const opened = await open(fixture("oauth"));
    opened.sandbox.account("api", ADA);
    opened.sandbox.configure("api", { lifetimeSeconds: 5 });
    const reply = await byPassword(opened);
    expect(reply.body).toMatchObject({ expires_in: 5 });
    opened.clock.advance(5 * SECOND);
    expect((await opened.send("GET /letters", { headers: bearer(textAt(reply, "access_token")) })).status).toBe(401);
  });

  it("keeps the tokens of two users apart", async () => {
    const opened = await open(fixture("oauth"));
    const ada = opened.sandbox.account("api", ADA);
    const bob = opened.sandbox.account("api", { ...ADA, username: "bob", password: "b" });
    await byPassword(opened);
    await byPassword(opened, { username: "bob", password: "b" });
    expect(ada.tokens("clerk")).not.toEqual(bob.tokens("clerk"));
    opened.sandbox.revoke("api", { account: bob });
    expect((await byRefresh(opened, ada.tokens("clerk")["refreshToken"]!)).status).toBe(200);
    expect((await byRefresh(opened, bob.tokens("clerk")["refreshToken"]!)).status).toBe(400);
  });

  it("gives the same tokens in the same order for the same seed", async () => {
    const replies: unknown[] = [];
    for (const seed of ["one", "one", "two"]) {
      const opened = await open(fixture("oauth"), { seed });
      opened.sandbox.account("api", ADA);
      replies.push((await byPassword(opened)).body);
    }
    expect(replies[0]).toEqual(replies[1]);
    expect(replies[0]).not.toEqual(replies[2]);
  });
});
