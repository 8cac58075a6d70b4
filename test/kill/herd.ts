/** Many processes with many callers each, on one slot: one token request, whatever happens to them. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.js";
import { documentOf } from "./document.js";
import type { StoreUnderTest } from "./kill.js";

const HERD = fileURLToPath(new URL("./herd.mjs", import.meta.url));
const PROCESSES = 8;
const CALLERS = 50;
const ROUNDS = 20;
/** Longer than any machine lets a process stand still. */
const LEASE_MS = 15_000;
/** Where holders are killed, and others wait until their leases have ended. */
const SHORT_LEASE_MS = 1000;
const HOUR = 3_600_000;

interface Told {
  readonly presented: readonly number[];
  readonly distinct: number;
  readonly failed: readonly string[];
}

/**
 * Eight processes of fifty callers on one expired slot send one token request; and over twenty rounds in which processes are
 * killed at random, no session is lost and no alarm is raised.
 */
export function testHerd({ name, stated }: StoreUnderTest): void {
  describe(`a herd on ${name}`, () => {
    let sandbox: Sandbox;

    beforeAll(async () => {
      const documents = ["single use", "reuse window"] as const;
      sandbox = await startSandbox({
        documents: documents.map((nature) => ({ name: nature.replaceAll(" ", "-"), document: documentOf(nature) })),
      });
    });

    afterAll(() => sandbox.close());

    function start(api: "single-use" | "reuse-window", device: string, leaseMs: number) {
      const account = sandbox.account(api, { device });
      const { refreshToken = "" } = account.issue("user");
      const nature = api === "single-use" ? "single use" : "reuse window";
      const inputs = { device, refreshToken };
      const config = {
        document: documentOf(nature),
        baseUrl: sandbox.url(api),
        inputs,
        store: stated(),
        leaseMs,
        callers: CALLERS,
      };
      const alarms = () => sandbox.alarms.filter((alarm) => alarm.account === account.id).length;
      const requests = () => sandbox.requests.filter(({ role, account: id }) => role === "refresh" && id === account.id).length;
      return { config, alarms, requests };
    }

    it(`of ${PROCESSES} processes with ${CALLERS} callers each sends one token request for an expired token`, async () => {
      const { config, alarms, requests } = start("single-use", `${name}-herd`, LEASE_MS);
      const herd = Array.from({ length: PROCESSES }, () => member(config));
      await Promise.all(herd.map(({ ready }) => ready));
      for (let round = 0; round < 3; round += 1) {
        const told = await Promise.all(herd.map(({ ask }) => ask(round * HOUR)));
        expect(told.map(({ presented, distinct, failed }) => [presented, distinct, failed])).toEqual(
          herd.map(() => [[CALLERS], 1, []]),
        );
        expect(requests()).toBe(round + 1);
      }
      await Promise.all(herd.map(({ end }) => end()));
      expect(alarms()).toBe(0);
    });

    it(`over ${ROUNDS} rounds with random kills loses no session`, async () => {
      const { config, alarms } = start("reuse-window", `${name}-rounds`, SHORT_LEASE_MS);
      let herd = Array.from({ length: 3 }, () => member(config));
      for (let round = 0; round < ROUNDS; round += 1) {
        await Promise.all(herd.map(({ ready }) => ready));
        const victim = round % herd.length;
        const asked = herd.map(({ ask }) => ask(round * HOUR));
        const doomed = herd[victim];
        const killing = new Promise<void>((resolve) =>
          setTimeout(
            () => {
              doomed?.kill();
              resolve();
            },
            (round * 7) % 40,
          ),
        );
        const told = await Promise.all(
          asked.map((answer, index) => (index === victim ? answer.catch(() => undefined) : answer)),
        );
        await killing;
        for (const [index, one] of told.entries()) if (index !== victim) expect(one?.failed).toEqual([]);
        herd = herd.map((one, index) => (index === victim ? member(config) : one));
      }
      await Promise.all(herd.map(({ end }) => end()));
      expect(alarms()).toBe(0);
    });
  });
}

function member(config: object) {
  const child = spawn(process.execPath, [HERD, JSON.stringify(config)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const waiting: { resolve: (line: string) => void; reject: (reason: Error) => void }[] = [];
  lines.on("line", (line) => waiting.shift()?.resolve(line));
  child.stdin.on("error", () => {}); // it may have been killed
  const gone = new Promise<void>((resolve) => child.on("close", () => resolve()));
  void gone.then(() => {
    for (const one of waiting.splice(0)) one.reject(new Error("killed"));
  });
  const next = () => new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }));
  const ready = next();
  ready.catch(() => {});
  return {
    ready,
    async ask(aheadMs: number): Promise<Told> {
      const line = next();
      child.stdin.write(`${aheadMs}\n`);
      return JSON.parse(await line) as Told;
    },
    kill: () => void child.kill("SIGKILL"),
    async end(): Promise<void> {
      child.stdin.end();
      await gone;
    },
  };
}
