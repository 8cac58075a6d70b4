import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiDefinition, createClient, memoryStore, type TokenStore } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { type Fault, type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { sqliteStore } from "../../src/stores/sqlite.js";
import { oauthDocument, oauthInputs, protectedBy, tokenEndpoint } from "../support/documents.js";
import { type LooseClient, type LooseTokens, type LooseTypes, scripted } from "../support/service.js";
import { eventually, NEVER_MS } from "../support/waiting.js";
import { documentOf } from "./document.js";

const CHILD = fileURLToPath(new URL("./close.mjs", import.meta.url));
const API = "never-rotating";
/** How long a process may take to end that nothing keeps. Whatever would keep it, does so for longer or for ever. */
const LIVES_ON_MS = 15_000;
const folder = mkdtempSync(join(tmpdir(), "keyturn-close-"));

interface Told {
  /** What had come to an end when the closing began, and when it was done. */
  readonly before: readonly string[];
  readonly outcomes: readonly string[];
  readonly left: readonly string[];
}

let sandbox: Sandbox;
let devices = 0;

beforeAll(async () => {
  sandbox = await startSandbox({ documents: [{ name: API, document: documentOf(API) }] });
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a process leaves when it has closed its client, and how long it lives after that. */
async function closing(
  situation: string,
  { onDisk = true, faults = [] }: { onDisk?: boolean; faults?: readonly Fault[] } = {},
) {
  devices += 1;
  const device = `device-${devices}`;
  const account = sandbox.account(API, { device });
  const inputs = { device, refreshToken: account.issue("user")["refreshToken"] };
  const path = join(folder, device);
  const config = { document: documentOf(API), baseUrl: sandbox.url(API), inputs, situation, ...(onDisk && { path }) };
  const ordered = faults.map((fault) => sandbox.fault(API, fault));
  const child = spawn(process.execPath, [CHILD, JSON.stringify(config)], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  let toldAt = 0;
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
    toldAt = performance.now();
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), NEVER_MS);
  const code = await new Promise<number | string | null>((resolve) =>
    child.on("close", (status, signal) => resolve(signal ?? status)),
  );
  clearTimeout(limit);
  for (const fault of ordered) fault.cancel();
  const next = () =>
    createClient<LooseTypes, ApiDefinition>(readDefinition(config.document, "close"), {
      baseUrl: config.baseUrl,
      inputs,
      store: sqliteStore({ path }),
    }) as unknown as LooseClient & LooseTokens & { close(): Promise<void> };
  return { code, livedOnMs: performance.now() - toldAt, next, ...(JSON.parse(out) as Told) };
}

const slow: Fault = { operationId: "exchange", latencyMs: 400, times: 3 };

describe("close() leaves no timer, no socket and no file, and the process ends by itself", () => {
  it.each<{ name: string; situation: string; onDisk?: boolean; faults?: readonly Fault[] }>([
    { name: "after calls and a renewal, with the store in memory", situation: "used", onDisk: false },
    { name: "after calls and a renewal, with a store on disk", situation: "used" },
    { name: "during a renewal", situation: "in a renewal", faults: [{ ...slow, after: 1 }] },
    {
      name: "after a renewal that the service refused",
      situation: "refused a renewal",
      faults: [{ operationId: "exchange", status: 400, body: { error: "invalid_grant" } }],
    },
    {
      name: "after a renewal that the service could not answer",
      situation: "refused a renewal",
      faults: [{ operationId: "exchange", status: 503, headers: { "Retry-After": "60" } }],
    },
    { name: "after a caller gave up waiting", situation: "with a caller who gave up", faults: [slow] },
  ])("$name", async ({ situation, ...how }) => {
    const { code, left, livedOnMs } = await closing(situation, how);
    expect([code, left]).toEqual([0, []]);
    expect(livedOnMs).toBeLessThan(LIVES_ON_MS);
  });
});

describe("close()", () => {
  it("lets a renewal come to its end, so that another process finds its token and no lease", async () => {
    const { before, outcomes, next } = await closing("in a renewal", { faults: [{ ...slow, after: 1 }] });
    expect([before, outcomes]).toEqual([[], ["done"]]);
    const client = next();
    expect(await client.state("user")).toMatchObject({ generation: 2, status: "fresh", renewing: false, answerLost: false });
    await client.close();
  });

  it("does not wait for another holder of the store", async () => {
    const { outcomes } = await closing("behind another holder", { faults: [{ ...slow, latencyMs: 3000 }] });
    expect(outcomes).toEqual(["closed"]);
  });
});

describe("a token that the store did not take", () => {
  /** A client with such a token, whose store works again. */
  async function unsaved() {
    const kept = memoryStore();
    let isDown = false;
    const store: TokenStore = {
      ...kept,
      swap: async (key, expected, next) => {
        if (isDown && next?.intent === undefined) throw new Error("down");
        return kept.swap(key, expected, next);
      },
    };
    const { client, told } = scripted({
      document: oauthDocument({ refreshToken: { rotation: "always" } }),
      routes: { "POST /token": tokenEndpoint(), "GET /things": protectedBy(() => true) },
      options: { inputs: oauthInputs, store },
    });
    await client.listThings();
    isDown = true;
    await client.renew("user");
    isDown = false;
    expect(told("save-failed")).not.toEqual([]);
    const another = scripted({ document: oauthDocument({}), routes: {}, options: { inputs: oauthInputs, store: kept } });
    const generation = async () => (await another.client.state("user"))["generation"];
    expect(await generation()).toBe(1);
    return { client: client as typeof client & { close(): Promise<void> }, generation };
  }

  // The store is read again before it is written: the older record in it replaces the only copy.
  it("is written when the state of its slot is asked for", async () => {
    const { client, generation } = await unsaved();
    await client.state("user");
    expect(await generation()).toBe(2);
  });

  it("is written by close()", async () => {
    const { client, generation } = await unsaved();
    await client.close();
    expect(await generation()).toBe(2);
  });

  it("is written soon after the store works again, whether or not anybody calls", async () => {
    const { generation } = await unsaved();
    await eventually(async () => expect(await generation()).toBe(2));
  });
});

describe("a client that nobody closes", () => {
  it("keeps no process from ending", async () => {
    const { code, livedOnMs } = await closing("used by many");
    expect(code).toBe(0);
    expect(livedOnMs).toBeLessThan(LIVES_ON_MS);
  });
});
