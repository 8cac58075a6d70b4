/**
 * The protocol against a model of the world: several hosts on one store, every step of theirs interleaved by fast-check's
 * scheduler, with hosts that die or sleep at any step, answers that are lost, and a service that spends each refresh token.
 */

import { describe, expect, it } from "vitest";
import { type ApiDefinition, createClient, memoryStore, type TokenEvent, type TokenStore } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { oauthDocument, oauthInputs } from "../support/documents.js";
import { fc } from "../support/random.js";
import type { LooseClient, LooseTypes } from "../support/service.js";

const LEASE_MS = 25;
/** How many rounds without anything to do count as time that may pass: see `quiet`. */
const IDLE_ROUNDS = 10;
const LIFE_MS = 3_600_000;
const RUNS = Number(process.env["KEYTURN_MODEL_RUNS"] ?? 150);

/** What befalls one token request. A host that dies never comes back; one that sleeps does, after its lease has ended. */
type Fate =
  | "answered"
  | "refused for now"
  | "lost before"
  | "lost after"
  | "dies before"
  | "dies after"
  | "sleeps before"
  | "sleeps after";

const fate: fc.Arbitrary<Fate> = fc.constantFrom(
  "answered",
  "answered",
  "refused for now",
  "lost before",
  "lost after",
  "dies before",
  "dies after",
  "sleeps before",
  "sleeps after",
);

interface Sent {
  readonly token: string;
  readonly fate: Fate;
  /** Whether its answer has reached its host. */
  delivered: boolean;
  settled: boolean;
}

class World {
  readonly scheduler: fc.Scheduler;
  readonly fates: Fate[];
  readonly sent: Sent[] = [];
  /** Every access token that the store has ever held. */
  readonly saved = new Set<string>();
  readonly inner = memoryStore();
  #ahead = 0;
  inForce = "rt-0";
  count = 0;
  alarms = 0;

  constructor(scheduler: fc.Scheduler, fates: readonly Fate[]) {
    this.scheduler = scheduler;
    this.fates = [...fates];
  }

  /** Time passes only when nothing else can happen: a host that is merely slow never loses its lease. */
  now = (): number => Date.UTC(2026, 0, 1) + this.#ahead;

  advance(ms: number): void {
    this.#ahead += ms;
  }

  /** A point at which anything else may happen first; a dead host stays there. */
  async step<T>(host: Host, name: string, act: () => Promise<T>): Promise<T> {
    await this.scheduler.schedule(Promise.resolve(), `${host.name} ${name}`);
    if (host.dead) await new Promise(() => {});
    return act();
  }
}

class Host {
  readonly name: string;
  readonly #world: World;
  readonly events: TokenEvent[] = [];
  readonly client: LooseClient;
  dead = false;

  constructor(name: string, world: World, lifecycle: Record<string, unknown>) {
    this.name = name;
    this.#world = world;
    const definition = readDefinition(
      oauthDocument({ initial: { refreshToken: "$inputs.refreshToken" }, obtain: undefined, ...lifecycle }),
      "model",
    );
    this.client = createClient<LooseTypes, ApiDefinition>(definition, {
      store: this.#store(),
      fetch: (request) => this.#fetch(request),
      clock: { now: world.now },
      leaseMs: LEASE_MS,
      timeoutMs: 60_000,
      onEvent: (event) => this.events.push(event),
      inputs: { ...oauthInputs, refreshToken: "rt-0" },
    }) as unknown as LooseClient;
  }

  /** The token that a call presents, or the code with which it fails. */
  async call(): Promise<string> {
    try {
      return ((await this.client.listThings()).data as { token: string }).token;
    } catch (error) {
      return `failed: ${(error as { code?: string }).code ?? String(error)}`;
    }
  }

  #store(): TokenStore {
    const { inner, saved } = this.#world;
    return {
      read: (key) => this.#world.step(this, "reads", () => inner.read(key)),
      swap: (key, expected, next) =>
        this.#world.step(this, "swaps", async () => {
          const won = await inner.swap(key, expected, next);
          if (won && next?.outputs["accessToken"] !== undefined) saved.add(String(next.outputs["accessToken"]));
          return won;
        }),
    };
  }

  async #fetch(request: Request): Promise<Response> {
    const world = this.#world;
    if (!request.url.endsWith("/token")) return Response.json({ token: request.headers.get("authorization")?.slice(7) });
    const token = new URLSearchParams(await request.text()).get("refresh_token") ?? world.inForce; // the password always works
    const what = world.fates.shift() ?? "answered";
    const sent: Sent = { token, fate: what, delivered: false, settled: false };
    const lost = () => Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
    try {
      if (what === "sleeps before") await this.#sleep();
      if (what === "dies before") await this.#die();
      world.sent.push(sent);
      if (what === "lost before") throw lost();
      if (what === "refused for now") {
        sent.delivered = true;
        return new Response(null, { status: 503 });
      }
      const answer = await world.step(this, "reaches the service", async () => this.#serve(token));
      if (what === "dies after") await this.#die();
      if (what === "sleeps after") await this.#sleep();
      if (what === "lost after") throw lost();
      return await world.step(this, "hears the answer", async () => {
        sent.delivered = true;
        return answer;
      });
    } finally {
      sent.settled = true;
    }
  }

  #serve(token: string): Response {
    const world = this.#world;
    if (token !== world.inForce) {
      world.alarms += 1;
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    world.count += 1;
    world.inForce = `rt-${world.count}`;
    return Response.json({ access_token: `at-${world.count}`, refresh_token: world.inForce, expires_in: LIFE_MS / 1000 });
  }

  async #die(): Promise<never> {
    this.dead = true;
    return new Promise(() => {});
  }

  async #sleep(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
  }
}

/**
 * A millisecond in which hosts may go on, and the end of the digests that they began in it. Those run beside the event loop, and on a
 * busy machine one takes longer than any number of milliseconds: a host that waits for it is at work, and its lease does not end.
 */
async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  await Promise.all(Array.from({ length: 8 }, () => crypto.subtle.digest("SHA-256", new Uint8Array(1))));
}

/** Lets every host come to its end, or stay where it died. */
async function settle(world: World, calls: readonly Promise<string>[], hosts: readonly Host[]): Promise<void> {
  const open = new Set(calls);
  for (const call of calls) void call.finally(() => open.delete(call));
  let idle = 0;
  for (let round = 0; round < 2000; round += 1) {
    idle = world.scheduler.count() === 0 ? idle + 1 : 0;
    await world.scheduler.waitAll();
    await quiet();
    const waiting = calls.filter((call, index) => open.has(call) && !hosts[index]!.dead);
    if (waiting.length === 0 && world.scheduler.count() === 0) return;
    if (idle > 0 && idle % IDLE_ROUNDS === 0) world.advance(LEASE_MS);
  }
  throw new Error(`no progress: ${world.scheduler.toString()}`);
}

async function run(scheduler: fc.Scheduler, fates: readonly Fate[], callers: number, lifecycle: Record<string, unknown>) {
  const world = new World(scheduler, fates);
  const hosts = Array.from({ length: callers }, (_, index) => new Host(`host ${index % 3}`, world, lifecycle));
  const calls = hosts.map((host) => host.call());
  await settle(world, calls, hosts);
  const outcomes = await Promise.all(calls.map((call, index) => (hosts[index]!.dead ? "dead" : call)));
  return { world, hosts, outcomes };
}

const rotating = { refreshToken: { rotation: "always" } };

describe("hosts on one store", () => {
  it("send one request and share what it brings, whatever the order of their steps (B11)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 4 }), async (scheduler, callers) => {
        const { world, outcomes } = await run(scheduler, [], callers, rotating);
        expect(outcomes).toEqual(outcomes.map(() => "at-1"));
        expect(world.sent.map(({ token }) => token)).toEqual(["rt-0"]);
        expect(world.alarms).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  it("never send a single-use token twice but after a lost answer, never show an unsaved one, and go on once faults stop (B30)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fate, { maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (scheduler, fates, callers) => {
          const { world, outcomes } = await run(scheduler, fates, callers, rotating);
          for (const outcome of outcomes) {
            if (outcome.startsWith("at-")) expect([...world.saved]).toContain(outcome);
            else expect(outcome).toMatch(/^(?:dead|failed: (?:unavailable|renewal-failed|answer-lost|missing-input))$/);
          }
          world.fates.length = 0;
          world.advance(LIFE_MS);
          await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
          const heir = new Host("heir", world, rotating);
          const call = heir.call();
          await settle(world, [call], [heir]);
          const outcome = await call;
          expectHonestSends(world);
          const lostForGood = world.sent.some(
            ({ token, fate: what, delivered }) => !delivered && what !== "lost before" && token !== world.inForce,
          );
          if (!lostForGood) expect(outcome).toMatch(/^at-/);
          else expect(outcome).toMatch(/^(?:at-|failed: (?:renewal-failed|answer-lost|missing-input))/);
          if (outcome.startsWith("at-")) expect([...world.saved]).toContain(outcome);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("with a reuse window, or another grant, come to a token after every fault", async () => {
    const lifecycle = { ...rotating, obtain: { operationId: "getToken", grantType: "password" } };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fate, { maxLength: 3 }), async (scheduler, fates) => {
        const { world } = await run(scheduler, fates, 2, lifecycle);
        world.fates.length = 0;
        world.advance(LIFE_MS + LEASE_MS);
        const heir = new Host("heir", world, lifecycle);
        const call = heir.call();
        await settle(world, [call], [heir]);
        expect(await call).toMatch(/^at-/);
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

/** A token that was sent is sent again only when the first answer never came, and then once. */
function expectHonestSends(world: World): void {
  for (const sends of groupByToken(world).values()) {
    const unanswered = sends.filter(({ delivered }) => !delivered);
    const refusedForNow = sends.filter((sent) => sent.fate === "refused for now");
    expect(sends.length - refusedForNow.length).toBeLessThanOrEqual(1 + unanswered.length);
  }
}

function groupByToken({ sent }: World): Map<string, Sent[]> {
  const groups = new Map<string, Sent[]>();
  for (const one of sent) groups.set(one.token, [...(groups.get(one.token) ?? []), one]);
  return groups;
}
