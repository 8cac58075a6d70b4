/** `keyturn sandbox`: what is served, what is told, and what goes wrong on purpose. */

import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { createOnmeta } from "../../generated/onmeta/index.js";
import { dispatch } from "../../scripts/commands/dispatch.js";
import { readFault } from "../../scripts/commands/sandbox/fault.js";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn, testShell } from "../support/shell.js";
import { eventually } from "../support/waiting.js";

const ONMETA = packageFile("specs/onmeta.yaml");

interface Listening {
  readonly event: "listening";
  readonly origin: string;
  readonly apis: readonly { readonly name: string; readonly url: string; readonly inputs: Record<string, string> }[];
}

/** Starts a sandbox as the command does, until the test is over. */
async function serve(...args: string[]) {
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const { shell, printed } = testShell(packageFile("."), { ended: () => ended });
  const result = dispatch(["sandbox", ...args], shell);
  const stop = async () => {
    end(130);
    return result;
  };
  onTestFinished(async () => void (await stop()));
  await eventually(() => expect(printed.out).toContain("http://"));
  const events = () =>
    printed.out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { printed, events, stop };
}

function clientOf({ apis }: Listening) {
  const { url, inputs } = apis.find(({ name }) => name === "onmeta")!;
  return createOnmeta({ baseUrl: url, inputs: inputs as { apiKey: string; email: string } });
}

const call = (client: ReturnType<typeof createOnmeta>) => client.fetchUsersOrderHistory({ params: { path: { skip: 0 } } });

describe("a sandbox", () => {
  test("tells where it is and which account it knows, and a client with that account works", async () => {
    const { events, stop, printed } = await serve("onmeta", "--json");
    const [listening] = events() as unknown as [Listening];
    expect(listening.event).toBe("listening");
    const { response } = await call(clientOf(listening));
    expect(response.status).toBe(200);
    expect(await stop()).toBe(130);
    expect(events().map(({ event, operationId, status }) => [event, operationId, status])).toEqual([
      ["listening", undefined, undefined],
      ["request", "userLogin", 200],
      ["request", "fetchUsersOrderHistory", 200],
      ["closed", undefined, undefined],
    ]);
    expect(printed.err).toBe("");
  });

  test("prints a snippet, and a line for each request in which there is no secret", async () => {
    const { printed } = await serve("onmeta", "--account", "apiKey=s3cret-key,email=ada@example.com");
    expect(printed.out).toContain('import { createOnmeta } from "./generated/onmeta/index.js";');
    const [url = ""] = /http:\S+/.exec(printed.out) ?? [];
    const client = createOnmeta({ baseUrl: url, inputs: { apiKey: "s3cret-key", email: "ada@example.com" } });
    expect((await call(client)).response.status).toBe(200);
    const log = printed.out.slice(printed.out.indexOf("Ctrl+C"));
    expect(log).toMatch(
      /\d\d:\d\d:\d\d {2}200 {2}POST {3}\/v1\/users\/login +onmeta\.userLogin obtain customer token #1 \d+ ms\n/,
    );
    expect(log).toMatch(/200 {2}GET {4}\/v1\/orders\/\{skip\} +onmeta\.fetchUsersOrderHistory token #1 \d+ ms\n/);
    expect(log).not.toContain("s3cret");
    expect(log).not.toContain("ada@example.com");
  });

  test("is quiet when it is told", async () => {
    const { printed } = await serve("onmeta", "--quiet");
    const [url = ""] = /http:\S+/.exec(printed.out) ?? [];
    await fetch(`${url}/nothing`);
    expect(printed.out).not.toContain("404");
  });

  test("lets tokens end and faults befall as it is told", async () => {
    const { events } = await serve(
      ...["onmeta", "--json", "--token-life", "1m", "--latency", "1ms..2ms", "--seed", "a"],
      ...["--fault", "503,on=fetchUsersOrderHistory,times=1,header=Retry-After:7,body=busy, very"],
    );
    const [listening] = events() as unknown as [Listening];
    const client = clientOf(listening);
    const first = await call(client);
    expect([first.response.status, first.response.headers.get("retry-after")]).toEqual([503, "7"]);
    expect((await call(client)).response.status).toBe(200);
    const state = await client.state("customer");
    expect((state.expiresAt ?? 0) - Date.now()).toBeLessThanOrEqual(60_000);
    expect((state.expiresAt ?? 0) - Date.now()).toBeGreaterThan(30_000);
  });

  test("serves several documents, each below its name", async () => {
    const { events } = await serve("--json");
    const [listening] = events() as unknown as [Listening];
    expect(listening.apis.map(({ url }) => url.replace(listening.origin, ""))).toEqual(["/finapi", "/onmeta", "/synapse/v3.1"]);
  });
});

describe("a fault", () => {
  test.each([
    ["503", { status: 503 }],
    ["503,rate=10%", { status: 503, rate: 0.1 }],
    ["drop,commit,times=2", { drop: true, commit: true, times: 2 }],
    ["hang,after=3", { hang: true, after: 3 }],
    ["cut=20", { cut: 20 }],
    ["latency=2s,rate=0.5", { latencyMs: 2000, rate: 0.5 }],
    ["429,latency=1s", { status: 429, latencyMs: 1000 }],
    ["rejected=token,scheme=user", { rejected: "token", scheme: "user" }],
    ['400,body={"a":1,"b":2}', { status: 400, body: { a: 1, b: 2 } }],
  ])("%s", (text, fault) => {
    expect(readFault(text).fault).toEqual({ times: Number.POSITIVE_INFINITY, ...fault });
  });
});

describe("tells", () => {
  test.each([
    [["--fault", "dorp"], '--fault dorp: there is no "dorp"; did you mean drop?'],
    [["--fault", "503,rat=1"], '--fault 503,rat=1: there is no "rat"; did you mean rate?'],
    [["--fault", "503,rate=200%"], "takes a rate such as 10% or 0.1"],
    [["--fault", "503,on=userLogni"], 'there is no operation "userLogni"; did you mean userLogin?'],
    [["--fault", "503,scheme=custmer"], 'there is no security scheme "custmer"; did you mean customer?'],
    [["--fault", "drop,body=x"], "only a status goes with a header or a body"],
    [["--account", "emial=a"], 'there is no input "emial"; did you mean email?'],
    [["--account", "nonsense"], "--account takes inputs such as username=ada,password=pw"],
    [["--token-life", "soon"], '--token-life takes a duration such as 250ms, 30s or 1h30m, not "soon"'],
    [["--latency", "2s..1s"], "--latency goes from the shorter to the longer time"],
    [["--port", "70000"], "--port takes a whole number from 0 to 65535"],
  ])("%j", async (args, message) => {
    const { code, err } = await runIn(packageFile("."), "sandbox", "onmeta", ...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  test("that the port is taken", async () => {
    const { events } = await serve("onmeta", "--json");
    const { port } = new URL((events() as unknown as [Listening])[0].origin);
    const { code, err } = await runIn(packageFile("."), "sandbox", "onmeta", "--port", port);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`the port ${port} is taken`) });
  });

  test("that the address is none of this machine", async () => {
    // From the block for documentation, RFC 5737: nobody has it.
    const { code, err } = await runIn(packageFile("."), "sandbox", "onmeta", "--host", "192.0.2.1");
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining("--host 192.0.2.1 is no address of this machine"),
    });
  });

  test("what is wrong with a document", async () => {
    const broken = readFileSync(ONMETA, "utf8").replace("openapi: 3.1.0", "openapi: 2");
    const { code, err } = await runIn(temporaryFolder({ "a.yaml": broken }), "sandbox", "a.yaml");
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("a.yaml:3:10 error openapi-version") });
  });
});
