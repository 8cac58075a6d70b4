import { describe, expect, it } from "vitest";
import { jwtClaims } from "../../src/lifecycle/jwt.js";
import { fixture, MINUTE, type Opened, open, type Reply, SECOND, textAt } from "./support.js";

const BRANCH = { branch: "b&ranch" };
const enter = ({ send }: Opened, card = "ada"): Promise<Reply> => send("POST /enter", { query: BRANCH, json: { card } });
const renew = ({ send }: Opened, token: string): Promise<Reply> =>
  send("GET /renew", { query: BRANCH, headers: { Authorization: `Bearer ${token}` } });
const books = ({ send }: Opened, token: string): Promise<Reply> =>
  send("GET /books", { query: BRANCH, headers: { Authorization: `Bearer ${token}` } });

async function opened(): Promise<Opened> {
  const result = await open(fixture("borrowed"));
  result.sandbox.account("api", { branch: "b&ranch", card: "ada" });
  return result;
}

describe("JWTs and a refresh token as bearer", () => {
  it("issues JWTs with the example's claims, whose end is as far away as the example's", async () => {
    const library = await opened();
    const { body } = (await enter(library)) as { body: { data: { pass: string; renewal: string } } };
    const iat = library.clock.now() / SECOND;
    expect(jwtClaims(body.data.pass)).toMatchObject({ reader: "example", iat, exp: iat + 900 });
    expect(jwtClaims(body.data.renewal)).toMatchObject({ reader: "example", iat, exp: iat + 7200 });
    expect(body.data.pass.split(".")).toHaveLength(3);
  });

  it("refreshes by a GET under the refresh token, which stays", async () => {
    const library = await opened();
    const entered = await enter(library);
    const renewed = await renew(library, textAt(entered, "data", "renewal"));
    expect(renewed.body).toEqual({ ok: true, data: { pass: expect.any(String) } });
    expect(textAt(renewed, "data", "pass")).not.toBe(textAt(entered, "data", "pass"));
    expect((await books(library, textAt(renewed, "data", "pass"))).status).toBe(200);
    expect((await renew(library, textAt(entered, "data", "renewal"))).status).toBe(200);
  });

  it("takes neither token in the place of the other", async () => {
    const library = await opened();
    const entered = await enter(library);
    expect(await books(library, textAt(entered, "data", "renewal"))).toMatchObject({ status: 401, body: { ok: false } });
    expect(await renew(library, textAt(entered, "data", "pass"))).toMatchObject({ status: 401, body: { ok: false } });
  });

  it("refuses a refresh token that has ended", async () => {
    const library = await opened();
    const renewal = textAt(await enter(library), "data", "renewal");
    library.clock.advance(120 * MINUTE);
    expect(await renew(library, renewal)).toMatchObject({ status: 401, body: { ok: false } });
  });

  it("fails with 200 where the document's condition tells failure by the body", async () => {
    const library = await opened();
    const reply = await enter(library, "eve");
    expect(reply).toMatchObject({ status: 200, body: { ok: false, reason: "no such card" } });
  });

  it("asks for the API key in the query beside the token", async () => {
    const library = await opened();
    const pass = textAt(await enter(library), "data", "pass");
    const headers = { Authorization: `Bearer ${pass}` };
    expect((await library.send("GET /books", { headers })).status).toBe(401);
    expect((await library.send("GET /books", { headers, query: { branch: "wrong" } })).status).toBe(401);
  });
});
