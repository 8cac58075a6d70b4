import { describe, expect, it } from "vitest";
import { digest, type RequestRecord, startSandbox } from "../../src/sandbox/index.js";
import { fixture, type Opened, open, type Reply, textAt } from "./support.js";

const PILOT = { portId: "north", portSecret: "port-secret", pilotId: "ada", ship: "hull-7", word: "a-hoy", pin: "4711" };
const SHIP = { "X-Port": "north|port-secret", "X-Pilot": "|hull-7" };
const login = ({ send }: Opened): Promise<Reply> => send("POST /pilots/ada/keys", { headers: SHIP, json: { word: "a-hoy" } });
const turn = ({ send }: Opened, renewal: string): Promise<Reply> =>
  send("POST /pilots/ada/turn", { headers: SHIP, json: { renewal, unknown: "x" } });

describe("the record of requests", () => {
  it("says what was asked, in order, with the part that each call plays", async () => {
    const harbour = await open(fixture("counted"));
    const { id } = harbour.sandbox.account("api", PILOT);
    const renewal = textAt(await login(harbour), "renewal");
    const key = textAt(await turn(harbour, renewal), "key");
    await harbour.send("GET /berths", { headers: { ...SHIP, "X-Pilot": `${key}|hull-7` } });
    const at = harbour.clock.now();
    const shared = { api: "api", at, status: 200, account: id };
    expect(harbour.sandbox.requests).toMatchObject([
      { ...shared, operationId: "login", method: "POST", path: "/pilots/{pilot_id}/keys", role: "obtain", scheme: "pilot" },
      { ...shared, operationId: "turn", role: "refresh", scheme: "pilot", generation: 1, members: ["renewal"] },
      { ...shared, operationId: "listBerths", method: "GET", path: "/berths", generation: 1 },
    ] satisfies Partial<RequestRecord>[]);
    expect(harbour.sandbox.requests.map(({ secrets }) => secrets)).toMatchObject([
      { word: digest("a-hoy"), portSecret: digest("port-secret"), ship: digest("hull-7") },
      { "pilot.refreshToken": digest(renewal) },
      { "pilot.accessToken": digest(key) },
    ]);
    expect(harbour.sandbox.requests[1]?.issued).toEqual({ accessToken: digest(key), refreshToken: digest(renewal) });
    expect(harbour.sandbox.requests[0]?.headers).toContain("x-port");
  });

  it("holds no secret in clear, wherever one was put", async () => {
    const harbour = await open(fixture("counted"));
    harbour.sandbox.account("api", PILOT);
    const renewal = textAt(await login(harbour), "renewal");
    await turn(harbour, renewal);
    await harbour.send(`GET /${renewal}`);
    await harbour.send(`GET /pilots/${renewal}`, { query: { token: renewal }, headers: SHIP });
    await harbour.send("POST /pilots/ada/turn", { headers: SHIP, body: renewal });
    await harbour.send("POST /pilots/ada/turn", { headers: SHIP, json: { [renewal]: renewal, renewal: [renewal] } });
    const library = await open(fixture("rotating"));
    library.sandbox.account("api", { user: "ada-lovelace", password: "pass-word" });
    await library.send(`DELETE /keys/${renewal}`);
    await library.send("POST /keys", { form: { [renewal]: renewal } });
    for (const { sandbox } of [harbour, library]) {
      const written = JSON.stringify(sandbox.requests);
      // "ada" and "north" are names, and "ada" is part of none of the templates.
      const secrets = [...sandbox.secrets(), renewal].filter((secret) => secret.length > 3);
      expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
    }
  });

  it("starts anew at a reset, which forgets tokens, settings and faults and keeps accounts", async () => {
    const harbour = await open(fixture("counted"));
    const account = harbour.sandbox.account("api", PILOT);
    const { requests } = harbour.sandbox;
    const renewal = textAt(await login(harbour), "renewal");
    account.challenge();
    harbour.sandbox.fault("api", { status: 500 });
    harbour.sandbox.configure("api", { lifetimeSeconds: 1 });
    harbour.sandbox.reset();
    expect(requests).toEqual([]);
    expect(account.tokens("pilot")).toEqual({});
    expect((await turn(harbour, renewal)).status).toBe(404);
    expect((await turn(harbour, textAt(await login(harbour), "renewal"))).body).toMatchObject({ lasts: 30 });
  });
});

describe("the controls", () => {
  async function withKey(): Promise<Opened & { berths(): Promise<number>; turned(): Promise<number>; renewal: string }> {
    const harbour = await open(fixture("counted"));
    const account = harbour.sandbox.account("api", PILOT);
    const { accessToken, refreshToken = "" } = account.issue("pilot");
    const headers = { ...SHIP, "X-Pilot": `${accessToken}|hull-7` };
    return {
      ...harbour,
      renewal: refreshToken,
      berths: async () => (await harbour.send("GET /berths", { headers })).status,
      turned: async () => (await turn(harbour, refreshToken)).status,
    };
  }

  it("issue tokens out of band that count like any others", async () => {
    const { berths, turned } = await withKey();
    expect([await berths(), await turned()]).toEqual([200, 200]);
  });

  it("expire access tokens and leave refresh tokens alone", async () => {
    const { sandbox, berths, turned } = await withKey();
    sandbox.expire("api", { scheme: "pilot" });
    expect([await berths(), await turned()]).toEqual([401, 200]);
  });

  it("expire another output when it is named", async () => {
    const { sandbox, berths, turned } = await withKey();
    sandbox.expire("api", { output: "refreshToken" });
    expect([await berths(), await turned()]).toEqual([200, 404]);
  });

  it("spend, rotate and revoke", async () => {
    const spent = await withKey();
    spent.sandbox.spend("api");
    expect([await spent.berths(), await spent.turned()]).toEqual([200, 404]);
    const rotated = await withKey();
    rotated.sandbox.rotate("api");
    expect([await rotated.berths(), await rotated.turned()]).toEqual([200, 404]);
    const revoked = await withKey();
    revoked.sandbox.revoke("api");
    expect([await revoked.berths(), await revoked.turned()]).toEqual([401, 404]);
  });

  it("let the next refresh rotate, once", async () => {
    const harbour = await withKey();
    harbour.sandbox.configure("api", { rotateEvery: Infinity });
    harbour.sandbox.rotateNext("api");
    const next = textAt(await turn(harbour, harbour.renewal), "renewal");
    expect(next).not.toBe(harbour.renewal);
    expect(textAt(await turn(harbour, next), "renewal")).toBe(next);
  });

  it("rotate every so many refreshes", async () => {
    const harbour = await withKey();
    harbour.sandbox.configure("api", { rotateEvery: 1 });
    const next = textAt(await turn(harbour, harbour.renewal), "renewal");
    expect(next).not.toBe(harbour.renewal);
  });

  it("touch one account's tokens alone when it is named", async () => {
    const harbour = await open(fixture("counted"));
    const ada = harbour.sandbox.account("api", PILOT);
    const bob = harbour.sandbox.account("api", { ...PILOT, pilotId: "bob" });
    const { refreshToken = "" } = ada.issue("pilot");
    bob.issue("pilot");
    harbour.sandbox.revoke("api", { account: bob });
    expect((await turn(harbour, refreshToken)).status).toBe(200);
  });

  it("know an account again by its values", async () => {
    const harbour = await open(fixture("counted"));
    const first = harbour.sandbox.account("api", PILOT);
    const again = harbour.sandbox.account("api", { ...PILOT });
    const other = harbour.sandbox.account("api", { ...PILOT, channel: "lamp" });
    expect([again.id, other.id === first.id]).toEqual([first.id, false]);
    again.challenge();
    const { refreshToken = "" } = first.issue("pilot");
    expect((await turn(harbour, refreshToken)).status).toBe(202);
  });

  it("accept a test in the place of a value", async () => {
    const harbour = await open(fixture("counted"));
    harbour.sandbox.account("api", { ...PILOT, word: (presented) => String(presented).startsWith("a") });
    expect((await login(harbour)).status).toBe(200);
    const wrong = await harbour.send("POST /pilots/ada/keys", { headers: SHIP, json: { word: "b" } });
    expect(wrong.status).toBe(409);
  });

  it("name the valid choices when one is unknown", async () => {
    const { sandbox } = await open(fixture("counted"));
    expect(() => sandbox.url("other")).toThrow('there is no api "other"; there are api');
    expect(() => sandbox.account("api", { pilot: "x" })).toThrow('there is no input "pilot"; there are pilotId, ship, word');
    expect(() => sandbox.expire("api", { scheme: "port" })).toThrow('there is no scheme with tokens "port"; there are pilot');
  });
});

describe("starting", () => {
  it("plays several documents beside each other, named after their files", async () => {
    const sandbox = await startSandbox({ documents: [{ path: fixture("plain") }, { path: fixture("oauth") }] });
    expect([sandbox.url("plain"), sandbox.url("oauth")]).toEqual([
      `${sandbox.origin}/plain/base`,
      `${sandbox.origin}/oauth/post/v2`,
    ]);
    expect((await fetch(`${sandbox.url("plain")}/tools/newest`)).status).toBe(200);
    await sandbox.close();
  });

  it("refuses two documents of one name", async () => {
    const document = { openapi: "3.1.0", paths: {} };
    const documents = [
      { name: "one", document },
      { name: "one", document },
    ];
    await expect(startSandbox({ documents })).rejects.toThrow('two documents are named "one"');
  });

  it("finds one grant among thousands as fast as the first", async () => {
    const harbour = await open(fixture("counted"));
    const accounts = Array.from({ length: 3000 }, (_, index) =>
      harbour.sandbox.account("api", { ...PILOT, pilotId: `p${index}`, ship: `s${index}` }),
    );
    const keys = accounts.map((account) => account.issue("pilot")["accessToken"]);
    const used = process.cpuUsage();
    for (const index of [0, 1500, 2999]) {
      const headers = { ...SHIP, "X-Pilot": `${keys[index]}|s${index}` };
      expect((await harbour.send("GET /berths", { headers })).status).toBe(200);
    }
    expect(process.cpuUsage(used).user).toBeLessThan(1_000_000); // microseconds of work, however long they take
  });
});
