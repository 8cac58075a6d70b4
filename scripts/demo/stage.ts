/** What every scene stands on: a sandbox, a clock that can be moved, a `fetch` that tells, and checks that are counted. */

import type { TokenEvent } from "../../src/index.js";
import type { Sandbox } from "../../src/sandbox/index.js";
import { mask, type Terminal } from "./terminal.js";

export interface Tally {
  calls: number;
  tokenRequests: number;
  rotations: number;
  replays: number;
  failures: number;
}

/** The longest excerpt of a body that is printed. */
const EXCERPT = 96;
/** What is worth a look in a longer answer: tokens (masked by then), their ends, and what went wrong. */
const TELLING = /‹|expires|uses|error|code|message|success|status/;
const PLAIN_HEADERS = new Set(["accept", "content-type", "content-length", "user-agent"]);

export class Stage {
  readonly api: string;
  readonly sandbox: Sandbox;
  readonly clock: MovableClock;
  readonly tally: Tally = { calls: 0, tokenRequests: 0, rotations: 0, replays: 0, failures: 0 };
  readonly events: TokenEvent[] = [];
  readonly #terminal: Terminal;
  readonly #known = new Set<string>();
  #step = 0;

  constructor(api: string, sandbox: Sandbox, clock: MovableClock, terminal: Terminal) {
    this.api = api;
    this.sandbox = sandbox;
    this.clock = clock;
    this.#terminal = terminal;
  }

  /** Options for a client that plays on this stage. */
  get options() {
    return {
      baseUrl: this.sandbox.url(this.api),
      clock: this.clock,
      fetch: (request: Request) => this.#fetch(request),
      onEvent: (event: TokenEvent) => this.#hear(event),
    };
  }

  /** Values of accounts that are no secret, and may be printed. */
  show(...values: readonly string[]): void {
    for (const value of values) this.#known.add(value);
  }

  /** One step of the scene: it fails when it throws or when one of its checks does not hold. */
  async step(title: string, play: (from: StepView) => Promise<void>): Promise<void> {
    this.#step += 1;
    this.#terminal.step(this.#step, title);
    const from = { requests: this.sandbox.requests.length, events: this.events.length };
    const view: StepView = {
      requests: () => this.sandbox.requests.slice(from.requests).flatMap((record) => record.operationId ?? []),
      events: (type) => this.events.slice(from.events).filter((event) => event.type === type),
    };
    try {
      await play(view);
    } catch (error) {
      this.check(false, this.#mask(String(error)));
    }
  }

  /** Holds a fact against what was expected; what differs is printed and counted. */
  same(what: string, got: unknown, want: unknown): void {
    const [left, right] = [JSON.stringify(got), JSON.stringify(want)];
    this.check(left === right, left === right ? what : this.#mask(`${what}: expected ${right}, got ${left}`));
  }

  check(held: boolean, text: string): void {
    if (!held) this.tally.failures += 1;
    this.#terminal.check(held, text);
  }

  async #fetch(request: Request): Promise<Response> {
    const body = await request.clone().text();
    const { pathname, search } = new URL(request.url);
    const path = pathname.slice(new URL(this.options.baseUrl).pathname.replace(/\/$/, "").length) + search;
    const headers = [...request.headers].flatMap(([name, value]) => (PLAIN_HEADERS.has(name) ? [] : `${name}: ${value}`));
    const isForm = request.headers.get("content-type")?.includes("urlencoded") === true;
    this.#terminal.sent(
      this.#mask(`${request.method} ${path}`),
      headers.map((header) => this.#mask(header).replace(/([0-9a-f]{8})-[0-9a-f-]{27}/, "$1…")),
      excerpt(this.#mask(isForm ? body.replaceAll("&", "  ") : body)),
    );
    const response = await fetch(request);
    this.#terminal.came(response.status, telling(this.#mask(await response.clone().text())));
    const asked = this.sandbox.requests.at(-1);
    if (asked?.role === undefined) this.tally.calls += 1;
    else this.tally.tokenRequests += 1;
    return response;
  }

  #hear(event: TokenEvent): void {
    this.events.push(event);
    if (event.type === "token-renewed" && event.rotated) this.tally.rotations += 1;
    if (event.type === "replayed") this.tally.replays += 1;
  }

  #mask(text: string): string {
    return mask(
      text,
      this.sandbox.secrets().filter((secret) => !this.#known.has(secret)),
    );
  }
}

/** What happened since a step began. */
export interface StepView {
  /** The operations that the service was asked for, in order. */
  requests(): string[];
  events(type: TokenEvent["type"]): TokenEvent[];
}

/** The time of clients and sandbox alike. */
export class MovableClock {
  #ahead = 0;

  now(): number {
    return Date.now() + this.#ahead;
  }

  advance(hours: number): void {
    this.#ahead += hours * 3_600_000;
  }
}

/** A body in one line: as it is where it is short, else the members that matter. */
function telling(body: string): string {
  const short = body.trim();
  if (short.length <= EXCERPT) return short;
  const members: string[] = [];
  walk(parse(short), (name, value) => {
    const member = `${name}: ${JSON.stringify(value)}`;
    if (TELLING.test(member)) members.push(member.replaceAll('"', ""));
  });
  return excerpt(members.length > 0 ? members.join("  ") : short);
}

function walk(value: unknown, visit: (name: string, value: unknown) => void, name = ""): void {
  if (typeof value !== "object" || value === null) visit(name, value);
  else for (const [member, inner] of Object.entries(value)) if (!Array.isArray(inner)) walk(inner, visit, member);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  return text.length <= EXCERPT ? text : `${text.slice(0, EXCERPT - 1)}…`;
}
