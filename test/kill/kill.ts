/** Kills a process at each step of a renewal, and looks at what the next one makes of it. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiDefinition, createClient, type TokenStore } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { endLease, remembering } from "../support/lease.js";
import type { LooseClient, LooseTokens, LooseTypes } from "../support/service.js";
import { eventually, NEVER_MS, pause } from "../support/waiting.js";
import { documentOf, NATURES, type Nature } from "./document.js";

const CHILD = fileURLToPath(new URL("./child.mjs", import.meta.url));
/** Longer than any machine lets a process stand still. The lease of one that was killed is ended by hand. */
const LEASE_MS = 15_000;
/** Of a process that is stopped, which has to sleep through it. */
const SLEPT_MS = 1000;
const HOUR = 3_600_000;

/** The steps of the fault matrix at which a holder may die. */
const STEPS = {
  s0: "before the record is read",
  s2: "before the intent is written",
  s3: "after the intent is written, before the request is made",
  s4: "before the request is sent",
  s5: "when the answer's headers have come",
  s6: "after the body is read, before it is kept",
  s7: "while the new record is written",
  s8: "after it is written, before anybody is told",
  s9: "after the lease is released",
} as const;

type Step = keyof typeof STEPS;

/** How to reach a store, here and in a child. */
export interface StoreUnderTest {
  readonly name: string;
  /** What `child.mjs` makes the same store from. */
  readonly stated: () => Readonly<Record<string, unknown>>;
  readonly open: () => TokenStore;
}

/**
 * Every nature of refresh token × every step, with SIGKILL; and SIGSTOP, then SIGCONT, at the steps around the wire.
 *
 * After the holder's death the next process is served at once from the access token that is still good, and comes to a new
 * one when that has ended: except that a single-use token whose successor died with its holder is shown once more, refused,
 * and the caller told.
 */
export function testKills({ name, stated, open }: StoreUnderTest): void {
  describe(`a holder on ${name}`, () => {
    let sandbox: Sandbox;
    let devices = 0;

    beforeAll(async () => {
      const documents = Object.keys(NATURES).map((nature) => ({
        name: nature.replaceAll(" ", "-"),
        document: documentOf(nature as Nature),
      }));
      sandbox = await startSandbox({ documents });
    });

    afterAll(() => sandbox.close());

    /** A grant of its own, with a first access token on the store; and what another process needs to go on with it. */
    async function begin(nature: Nature, leaseMs = LEASE_MS) {
      const api = nature.replaceAll(" ", "-");
      const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
      devices += 1;
      const device = `${name}-device-${devices}`;
      const account = sandbox.account(api, { device });
      const { refreshToken = "" } = account.issue("user");
      const inputs = { device, refreshToken };
      const config = {
        document: documentOf(nature),
        baseUrl: sandbox.url(api),
        inputs,
        store: stated(),
        aheadMs: 0,
        leaseMs,
      };
      const keys = new Set<string>();
      const host = () => {
        const store = remembering(open(), keys);
        const client = createClient<LooseTypes, ApiDefinition>(readDefinition(config.document, "natures"), {
          baseUrl: config.baseUrl,
          inputs,
          clock,
          leaseMs,
          store,
        }) as unknown as LooseClient & LooseTokens & { close(): Promise<void> };
        return client;
      };
      const leaseEnds = async () => {
        const store = open();
        for (const key of keys) await endLease(store, key);
        await store.close?.();
      };
      const first = host();
      expect((await first.listThings()).response.status).toBe(200);
      await first.close();
      const alarms = () => sandbox.alarms.filter((alarm) => alarm.account === account.id).length;
      return { config, host, alarms, clock, leaseEnds };
    }

    describe.concurrent.each(Object.keys(NATURES) as Nature[])("with a refresh token of nature %s", (nature) => {
      it.each(Object.entries(STEPS) as [Step, string][])("killed at %s, %s", async (step) => {
        const { config, host, alarms, clock, leaseEnds } = await begin(nature);
        const child = run({ ...config, step, signal: "SIGKILL" });
        expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
        await leaseEnds();

        const next = host();
        expect((await next.listThings()).response.status).toBe(200);
        const isLost = nature === "single use" && (step === "s5" || step === "s6");
        clock.aheadMs += HOUR;
        const outcome = await next.listThings().then(
          ({ response }) => response.status,
          (error: { code: string }) => error.code,
        );
        await next.close();
        if (nature === "single use" && step === "s7") {
          // The write was under way: it is there as a whole, or not at all.
          expect(["renewal-failed", 200]).toContain(outcome);
          return;
        }
        expect([outcome, alarms()]).toEqual(isLost ? ["renewal-failed", 1] : [200, 0]);
      });
    });

    it.concurrent.each(["s4", "s6"] as const)(
      "stopped at %s and continued when another has taken over, spends nothing twice (B37)",
      async (step) => {
        const { config, host, alarms, clock } = await begin("single use", SLEPT_MS);
        const child = run({ ...config, step, signal: "SIGSTOP" });
        await child.stopped();
        await pause(SLEPT_MS + 50);
        const next = host();
        expect((await next.listThings()).response.status).toBe(200);
        process.kill(child.pid, "SIGCONT");
        const { line } = await child.ended;
        expect(line).toMatch(/^generation 2|^failed: (?:store-failed|answer-lost)/);
        clock.aheadMs += HOUR;
        expect((await next.listThings()).response.status).toBe(200);
        await next.close();
        expect(alarms()).toBe(0);
      },
    );
  });
}

function run(config: Readonly<Record<string, unknown>>) {
  const child: ChildProcess = spawn(process.execPath, [CHILD, JSON.stringify(config)], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let complaints = "";
  child.stdout?.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    complaints += String(chunk);
  });
  const ended = new Promise<{ signal: string | null; line: string }>((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`the child did not end: ${out}${complaints}`));
    }, NEVER_MS);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      if (signal === null && code !== 0) reject(new Error(`the child failed: ${complaints}`));
      else resolve({ signal, line: out.trim() });
    });
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    ended,
    async stopped(): Promise<void> {
      const instead = ended.then(() => Promise.reject(new Error("the child ended and did not stop")));
      await Promise.race([instead, eventually(() => expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toMatch(/\) T /))]);
    },
  };
}
