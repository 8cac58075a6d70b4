/** Processes that share a store call services which have a bad day, and are killed at random, for as long as it is told. */

import { spawn } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Fault, type OrderedFault, type Sandbox, type SandboxAccount, startSandbox } from "../../src/sandbox/index.js";
import { eventually, NEVER_MS } from "../support/waiting.js";
import { documentOf, MAY_BE_LOST, NATURES, type Nature } from "./document.js";

const WORKER = fileURLToPath(new URL("./worker.mjs", import.meta.url));
const LIFE_SECONDS = 2;
/** Longer than a request may be on its way: what a killed process has sent is over when another takes its place. */
const LEASE_MS = 4000;
const PAUSE_MS = 200;
const FAULT_EVERY_MS = 400;
const KILL_EVERY_MS = 3000;
/** How long after a fault that makes the token endpoint unavailable a caller may be told so: as the pauses grow. */
const UNAVAILABLE_FOR_MS = 12_000;
/** How long after a lost grant was handed in anew other processes may still be told of the loss. */
const TOLD_FOR_MS = 2000;
/** How long after a token was rejected twice a process believes that renewing it does not help: see `Slot.reject`. */
const REJECTED_FOR_MS = 11_000;

export interface SoakOptions {
  readonly seconds: number;
  /** The first lives from beginning to end; the others are killed in turn. */
  readonly processes: number;
  /** Of each nature; every process calls for all of them. */
  readonly users: number;
  readonly seed: number;
}

interface Failure {
  readonly api: string;
  readonly device?: string;
  readonly at?: number;
  readonly code: string | number;
  readonly message: string;
}

export interface Sample {
  readonly heapBytes: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly listeners: { readonly signal: number; readonly process: number };
}

interface Closed {
  readonly resources: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly failed: number;
  readonly waited: number;
  readonly longestMs: number;
  readonly events: Readonly<Record<string, number>>;
}

export interface SoakReport {
  readonly seed: number;
  readonly requests: number;
  readonly tokenRequests: number;
  readonly kills: number;
  /** Faults that befell a request, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Failures that the fault matrix allows, by why. */
  readonly allowed: Readonly<Record<string, number>>;
  readonly unexpected: readonly string[];
  /** Grants that were lost with an answer, by nature, and handed in anew. */
  readonly lost: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
  /** Of the process that lived from beginning to end. */
  readonly samples: readonly Sample[];
  readonly closed: readonly Closed[];
  /** How each process that was told to end did so: 0, if by itself. */
  readonly ends: readonly (number | string | null)[];
}

interface Inflicted {
  readonly kind: string;
  readonly api: Nature;
  readonly at: number;
  readonly fault?: OrderedFault;
  /** Whether what it does to a call may lose a grant; whether it may leave a caller without a token. */
  readonly loses?: boolean;
  readonly hinders?: boolean;
}

type Kind = Fault & { readonly kind: string; readonly loses?: boolean; readonly hinders?: boolean };

const exchange = { operationId: "exchange" };
const KINDS: readonly Kind[] = [
  { kind: "slow token answer", ...exchange, latencyMs: 700 },
  { kind: "503 before the work", ...exchange, status: 503, headers: { "Retry-After": "1" }, hinders: true },
  { kind: "429 before the work", ...exchange, status: 429, hinders: true },
  { kind: "500 after the work", ...exchange, status: 500, commit: true, loses: true, hinders: true },
  { kind: "connection ended before the work", ...exchange, drop: true, loses: true, hinders: true },
  { kind: "connection ended after the work", ...exchange, drop: true, commit: true, loses: true, hinders: true },
  { kind: "answer cut short", ...exchange, cut: 20, loses: true, hinders: true },
  { kind: "answer cut behind the tokens", ...exchange, cut: 90, loses: true, hinders: true },
  { kind: "slow answer", operationId: "listThings", latencyMs: 300 },
  { kind: "token rejected", operationId: "listThings", rejected: "token" },
];

export async function soak({ seconds, processes, users, seed }: SoakOptions): Promise<SoakReport> {
  const random = randomFrom(seed);
  const folder = mkdtempSync(join(tmpdir(), "keyturn-soak-"));
  const natures = Object.keys(NATURES) as Nature[];
  const sandbox = await startSandbox({ documents: natures.map((name) => ({ name, document: documentOf(name) })) });
  for (const name of natures) sandbox.configure(name, { lifetimeSeconds: LIFE_SECONDS });
  const accounts = natures.flatMap((nature) =>
    Array.from({ length: users }, (_, user) => begin(sandbox, nature, user, folder)),
  );
  const config = { path: join(folder, "tokens.sqlite"), pauseMs: PAUSE_MS, leaseMs: LEASE_MS, apis: apisOf(sandbox, accounts) };

  const samples: Sample[] = [];
  const closed: Closed[] = [];
  const inflicted: Inflicted[] = [];
  const losses: { readonly api: Nature; readonly device: string; readonly at: number }[] = [];
  const kills: number[] = [];
  const unexpected: string[] = [];
  const allowed: Record<string, number> = {};

  function judge(failure: Failure): void {
    const why = excuse(failure);
    if (why !== undefined) count(allowed, why);
    else unexpected.push(`${failure.api} ${failure.device ?? ""}: ${failure.code}: ${failure.message}`);
  }

  /** Why the fault matrix allows a failure; nothing when it does not. */
  function excuse({ code, device, message, at = Date.now() }: Failure): string | undefined {
    const account = accounts.find((one) => one.device === device);
    if (account === undefined) return undefined;
    const mine = inflicted.filter(({ api, fault }) => api === account.nature && fault?.hits !== 0);
    if (code === "unavailable" && mine.some((one) => one.hinders && at - one.at < UNAVAILABLE_FOR_MS)) {
      return "the token endpoint was unavailable, and the token had ended";
    }
    // All services are at one origin and share connections. What befalls the call itself is not the token's business.
    const isCut = inflicted.some(
      ({ kind, fault, at: then }) => /connection|cut/.test(kind) && fault?.hits !== 0 && at - then < 4000,
    );
    if (code === "TypeError" && /UND_ERR_SOCKET|ECONNRESET/.test(message) && isCut)
      return "the connection of the call itself ended";
    if (code === 401 && mine.some(({ kind, at: then }) => /rejected|ended early/.test(kind) && at - then < REJECTED_FOR_MS)) {
      return "the token was rejected again after its renewal";
    }
    const isLoss = code === "answer-lost" || code === "renewal-failed" || code === "missing-input";
    if (isLoss && MAY_BE_LOST.includes(account.nature)) {
      if (at - account.since < TOLD_FOR_MS) return "the grant was lost a moment ago";
      // Of each loss there has to be a cause of its own.
      const causes = mine.filter(({ loses }) => loses).length + kills.length;
      if (losses.filter(({ api }) => api === account.nature).length < causes) {
        losses.push({ api: account.nature, device: account.device, at });
        account.renew();
        return "the only successor was in a lost answer";
      }
    }
    return undefined;
  }

  const start = (mayBeKilled: boolean) =>
    worker(config, {
      failed: judge,
      sample: (sample) => {
        if (!mayBeKilled) samples.push(sample);
      },
      closed: (one) => {
        closed.push(one);
      },
    });

  const workers = Array.from({ length: processes }, (_, index) => start(index > 0));
  const end = Date.now() + seconds * 1000;
  let nextKill = Date.now() + KILL_EVERY_MS;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, FAULT_EVERY_MS * (0.5 + random())));
    inflicted.push(inflict(sandbox, accounts, random));
    for (const { fault, at } of inflicted.slice(-20)) if (Date.now() - at > LIFE_SECONDS * 1000) fault?.cancel();
    if (Date.now() < nextKill || processes < 2) continue;
    nextKill = Date.now() + KILL_EVERY_MS * (0.5 + random());
    const victim = 1 + Math.floor(random() * (processes - 1));
    kills.push(Date.now());
    workers[victim]?.kill();
    workers[victim] = start(true);
  }
  for (const { fault } of inflicted) fault?.cancel();
  // Who presents a token that is spent has lost its grant, and is told: by the next call, if its process was killed.
  await eventually(() => {
    const isTold = (api: string) => timesOf(api, sandbox.alarms) <= timesOf(api, losses);
    if (!MAY_BE_LOST.every(isTold)) throw new Error("a caller is still to be told");
  }).catch(() => {}); // that nobody was told stands in the report
  const ends = await Promise.all(workers.map((one) => one.end()));

  const alarms: Record<string, number> = {};
  for (const { api } of sandbox.alarms) count(alarms, api);
  const faults: Record<string, number> = {};
  for (const { kind, fault } of inflicted) if (fault?.hits !== 0) count(faults, kind);
  const lost: Record<string, number> = {};
  for (const { api } of losses) count(lost, api);
  const requests = sandbox.requests.length;
  const tokenRequests = sandbox.requests.filter(({ role }) => role !== undefined).length;
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    seed,
    requests,
    tokenRequests,
    kills: kills.length,
    faults,
    allowed,
    unexpected,
    lost,
    alarms,
    samples,
    closed,
    ends,
  };
}

interface Account {
  readonly nature: Nature;
  readonly device: string;
  readonly handle: SandboxAccount;
  readonly refreshTokenFile?: string;
  /** When its refresh token was last handed in. */
  since: number;
  /** Hands in a new refresh token, where the processes look for it. */
  renew(): void;
}

function begin(sandbox: Sandbox, nature: Nature, user: number, folder: string): Account {
  const device = `${nature}-${user}`;
  const file = join(folder, device);
  const isObtainable = nature === "obtainable";
  const handle = sandbox.account(nature, { device, ...(isObtainable && { password: "password" }) });
  const account: Account = {
    nature,
    device,
    handle,
    ...(!isObtainable && { refreshTokenFile: file }),
    since: 0,
    renew() {
      account.since = Date.now();
      writeFileSync(`${file}.next`, handle.issue("user")["refreshToken"] ?? "");
      renameSync(`${file}.next`, file);
    },
  };
  if (!isObtainable) account.renew();
  return account;
}

function apisOf(sandbox: Sandbox, accounts: readonly Account[]): object[] {
  return (Object.keys(NATURES) as Nature[]).map((name) => ({
    name,
    document: documentOf(name),
    baseUrl: sandbox.url(name),
    users: accounts
      .filter(({ nature }) => nature === name)
      .map(({ device, refreshTokenFile }) => ({
        inputs: { device, ...(name === "obtainable" && { password: "password" }) },
        refreshTokenFile,
      })),
  }));
}

/** One misfortune for one service, drawn by chance. */
function inflict(sandbox: Sandbox, accounts: readonly Account[], random: () => number): Inflicted {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const { nature: api, handle } = pick(accounts);
  const at = Date.now();
  const chance = random();
  if (chance < 0.15) {
    sandbox.expire(api, { account: handle });
    return { kind: "access token ended early", api, at };
  }
  if (chance < 0.3 && api === "recoverable") {
    sandbox.spend(api, { account: handle });
    return { kind: "refresh token spent", api, at };
  }
  if (chance < 0.3 && api === "ten-uses") {
    sandbox.rotateNext(api, { account: handle });
    return { kind: "rotation out of turn", api, at };
  }
  const { kind, loses = false, hinders = false, ...fault } = pick(KINDS);
  return { kind, api, at, fault: sandbox.fault(api, fault), loses, hinders };
}

interface Heard {
  readonly failed: (failure: Failure) => void;
  readonly sample: (sample: Sample) => void;
  readonly closed: (closed: Closed) => void;
}

function worker(config: object, heard: Heard) {
  const child = spawn(process.execPath, ["--expose-gc", WORKER, JSON.stringify(config)], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints += String(chunk);
  });
  child.stdin.on("error", () => {}); // it may have been killed
  createInterface({ input: child.stdout }).on("line", (line) => {
    const told = readLine(line);
    if (told?.failed !== undefined) heard.failed(told.failed);
    if (told?.sample !== undefined) heard.sample(told.sample);
    if (told?.closed !== undefined) heard.closed(told.closed);
  });
  const gone = new Promise<number | string | null>((resolve) =>
    child.on("close", (code, signal) => {
      if (complaints !== "") heard.failed({ api: "process", code: "stderr", message: complaints });
      resolve(signal ?? code);
    }),
  );
  return {
    kill(): void {
      child.kill("SIGKILL");
    },
    /** Asks it to end, and waits; one that something keeps alive is killed, and that is told. */
    async end(): Promise<number | string | null> {
      child.stdin.end();
      const limit = setTimeout(() => child.kill("SIGKILL"), NEVER_MS);
      const how = await gone;
      clearTimeout(limit);
      return how;
    },
  };
}

function readLine(line: string): { failed?: Failure; sample?: Sample; closed?: Closed } | undefined {
  try {
    return JSON.parse(line) as { failed?: Failure; sample?: Sample; closed?: Closed };
  } catch {
    return undefined; // the last words of one that was killed
  }
}

function timesOf(api: string, list: readonly { readonly api: string }[]): number {
  return list.filter((one) => one.api === api).length;
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
