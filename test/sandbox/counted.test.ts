import { describe, expect, it } from "vitest";
import { fixture, MINUTE, type Opened, open, type Reply, SECOND, textAt } from "./support.js";

const PILOT = {
  portId: "north",
  portSecret: "p|ort",
  pilotId: "ada",
  ship: "hull|7",
  word: "ahoy",
  device: "one",
  pin: "4711",
};
const PORT = { "X-Port": "north|p|ort" };
const SHIP = { ...PORT, "X-Pilot": "|hull|7" };

const login = ({ send }: Opened): Promise<Reply> => send("POST /pilots/ada/keys", { headers: SHIP, json: { word: "ahoy" } });
const turn = ({ send }: Opened, renewal: string, more: Record<string, string> = {}): Promise<Reply> =>
  send("POST /pilots/ada/turn", { headers: SHIP, json: { renewal, ...more } });
const view = ({ send }: Opened): Promise<Reply> => send("GET /pilots/ada", { headers: SHIP });
const berths = ({ send }: Opened, key: string): Promise<Reply> =>
  send("GET /berths", { headers: { ...PORT, "X-Pilot": `${key}|hull|7` } });

async function opened(): Promise<Opened> {
  const result = await open(fixture("counted"));
  result.sandbox.account("api", PILOT);
  return result;
}

describe("a composite header and a counted refresh token", () => {
  it("walks from the login over the exchange to a call", async () => {
    const harbour = await opened();
    const entered = await login(harbour);
    expect(entered).toMatchObject({ status: 200, body: { pilot_id: "ada" } });
    const exchanged = await turn(harbour, textAt(entered, "renewal"));
    expect(exchanged).toMatchObject({ status: 200, body: { renewal: textAt(entered, "renewal") } });
    expect(await berths(harbour, textAt(exchanged, "key"))).toMatchObject({ status: 200, body: { berths: [] } });
  });

  it("writes the end, the lifetime and the uses left in the types of the example", async () => {
    const harbour = await opened();
    const { body } = await turn(harbour, textAt(await login(harbour), "renewal"));
    const end = (harbour.clock.now() + 30 * MINUTE) / SECOND;
    expect(body).toMatchObject({ until: String(end), lasts: 30, left: "2" });
  });

  it("tells a wrong key from a wrong port by the examples that the document's conditions pick", async () => {
    const harbour = await opened();
    expect(await berths(harbour, "unknown")).toMatchObject({ status: 401, body: { code: "2" } });
    const { send } = harbour;
    const headers = { "X-Port": "north|wrong", "X-Pilot": "k|hull|7" };
    expect(await send("GET /berths", { headers })).toMatchObject({ status: 401, body: { code: "1" } });
    expect(await send("GET /berths")).toMatchObject({ status: 401, body: { code: "1" } });
    expect(await send("GET /berths", { headers: PORT })).toMatchObject({ status: 401, body: { code: "2" } });
  });

  it("uses a sibling's rejected credentials where a static scheme states none", async () => {
    const { send } = await opened();
    const headers = { "X-Port": "south|x", "X-Pilot": "|hull|7" };
    const reply = await send("POST /pilots/ada/keys", { headers, json: { word: "ahoy" } });
    expect(reply).toMatchObject({ status: 401, body: { code: "1" } });
  });

  it("takes a key only with the ship that it was issued to", async () => {
    const harbour = await opened();
    harbour.sandbox.account("api", { ...PILOT, pilotId: "bob", ship: "raft" });
    const key = textAt(await turn(harbour, textAt(await login(harbour), "renewal")), "key");
    const headers = { ...PORT, "X-Pilot": `${key}|raft` };
    expect(await harbour.send("GET /berths", { headers })).toMatchObject({ status: 401, body: { code: "2" } });
  });

  it("rejects a wrong word as the login documents it", async () => {
    const { send } = await opened();
    const reply = await send("POST /pilots/ada/keys", { headers: SHIP, json: { word: "no" } });
    expect(reply).toMatchObject({ status: 409, body: { code: "9" } });
    const other = await send("POST /pilots/eve/keys", { headers: SHIP, json: { word: "ahoy" } });
    expect(other).toMatchObject({ status: 409, body: { code: "9" } });
  });

  it("counts the uses and refuses a refresh token that has none left", async () => {
    const harbour = await opened();
    harbour.sandbox.configure("api", { rotateEvery: Infinity });
    const renewal = textAt(await login(harbour), "renewal");
    const left: unknown[] = [];
    for (let use = 1; use <= 3; use += 1) left.push(textAt(await turn(harbour, renewal), "left"));
    expect(left).toEqual(["2", "1", "0"]);
    expect(await turn(harbour, renewal)).toMatchObject({ status: 404, body: { code: "4" } });
  });

  it("brings another refresh token with full uses when at most one use would be left", async () => {
    const harbour = await opened();
    const renewal = textAt(await login(harbour), "renewal");
    expect(textAt(await turn(harbour, renewal), "renewal")).toBe(renewal);
    const second = await turn(harbour, renewal);
    expect(textAt(second, "renewal")).not.toBe(renewal);
    expect(textAt(second, "left")).toBe("3");
    expect((await turn(harbour, renewal)).status).toBe(404);
  });

  it("recovers the newest refresh token without spending a use", async () => {
    const harbour = await opened();
    const renewal = textAt(await login(harbour), "renewal");
    expect(textAt(await view(harbour), "renewal")).toBe(renewal);
    harbour.sandbox.rotate("api", { scheme: "pilot" });
    expect((await turn(harbour, renewal)).status).toBe(404);
    const newest = textAt(await view(harbour), "renewal");
    expect(newest).not.toBe(renewal);
    expect(textAt(await view(harbour), "renewal")).toBe(newest);
    expect(textAt(await turn(harbour, newest), "left")).toBe("2");
  });

  it("recovers a fresh refresh token when the held one is spent, or there never was one", async () => {
    const harbour = await opened();
    const first = textAt(await view(harbour), "renewal");
    harbour.sandbox.spend("api");
    expect((await turn(harbour, first)).status).toBe(404);
    const second = textAt(await view(harbour), "renewal");
    expect(second).not.toBe(first);
    expect((await turn(harbour, second)).status).toBe(200);
  });

  it("knows nothing to recover for an account that does not exist", async () => {
    const { send } = await opened();
    expect(await send("GET /pilots/eve", { headers: SHIP })).toMatchObject({ status: 404, body: { code: "44" } });
  });
});

describe("a second factor", () => {
  it("is asked for choice by choice, in the order of the payload, and passed with the proof", async () => {
    const harbour = await opened();
    const renewal = textAt(await login(harbour), "renewal");
    harbour.sandbox.account("api", { ...PILOT, pilotId: "bob" }).challenge();
    expect((await turn(harbour, renewal)).status).toBe(200);

    const ada = harbour.sandbox.account("api", { ...PILOT, pilotId: "eve" });
    ada.challenge();
    const { refreshToken = "" } = ada.issue("pilot");
    const step = (more: Record<string, string>): Promise<Reply> =>
      harbour.send("POST /pilots/eve/turn", { headers: SHIP, json: { renewal: refreshToken, ...more } });
    expect(await step({})).toMatchObject({ status: 202, body: { ask: "channel" } });
    expect(await step({ channel: "lamp" })).toMatchObject({ status: 202, body: { ask: "device" } });
    expect(await step({ channel: "lamp", device: "one" })).toMatchObject({ status: 202, body: { ask: "pin" } });
    expect(await step({ channel: "lamp", device: "two" })).toMatchObject({ status: 202, body: { ask: "device" } });
    expect(await step({ pin: "0000" })).toMatchObject({ status: 202, body: { ask: "channel" } });
    expect(await step({ pin: "4711" })).toMatchObject({ status: 200, body: { left: "2" } });
    expect(await step({})).toMatchObject({ status: 200 });
  });

  it("is no longer asked for once the demand is withdrawn", async () => {
    const harbour = await open(fixture("counted"));
    const ada = harbour.sandbox.account("api", PILOT);
    ada.challenge();
    const { refreshToken = "" } = ada.issue("pilot");
    expect((await turn(harbour, refreshToken)).status).toBe(202);
    ada.challenge(false);
    expect((await turn(harbour, refreshToken)).status).toBe(200);
  });
});
