/** The tokens of one scheme for one holder: one renewal in flight, and everybody shares what it brings. */

import { TokenError } from "../errors.js";
import type { RenewalReason } from "../events.js";
import type { SecurityScheme } from "../lifecycle/contract.js";
import { parseTemplate, resolveTemplate } from "../lifecycle/expression.js";
import { encode } from "../lifecycle/value.js";
import type { TokenRecord } from "../stores/store.js";
import { performTokenOperation } from "./call.js";
import type { Caller, Engine } from "./engine.js";
import { freshnessOf } from "./freshness.js";
import { renew } from "./renewal.js";

/** How a slot stands, without its tokens. Times are milliseconds since 1970. */
export interface SlotState {
  readonly scheme: string;
  /** `empty`: no access token; `fresh`; `due`: a renewal is begun with the next call; `over`: the next call waits for it. */
  readonly status: "empty" | "fresh" | "due" | "over";
  /** Counts the access tokens of this slot. */
  readonly generation: number;
  readonly obtainedAt?: number;
  /** `null` when the access token never ends, absent when nobody says. */
  readonly expiresAt?: number | null;
  readonly refreshTokenHeld: boolean;
  readonly refreshTokenExpiresAt?: number | null;
  readonly usesLeft?: number;
  readonly renewing: boolean;
}

export interface Rejection {
  readonly operationId: string;
  readonly status: number;
  /** Whether the token was rejected although it had just been renewed. */
  readonly replayed?: boolean;
}

/** After a failed renewal ahead of time the next one waits this long, then twice as long, up to a minute. */
const BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 60_000;
/** After a token was rejected although it had just been renewed, rejections lead to no renewal for this long. */
const DISTRUST_MS = 10_000;
const MOST_SWAPS = 5;

interface Latch {
  readonly error: TokenError;
  /** The inputs that were refused: other ones may try. */
  readonly inputs: string;
}

export class Slot {
  readonly #scheme: string;
  readonly #definition: SecurityScheme;
  readonly #engine: Engine;
  readonly #key: Promise<string>;
  #record: TokenRecord | undefined;
  /** Whether the record holds something that the store does not. */
  #unsaved = false;
  #flight: Promise<TokenRecord> | undefined;
  #rejectedGeneration = 0;
  #distrustUntil = 0;
  #failures = 0;
  #notBefore = 0;
  #latch: Latch | undefined;

  constructor(scheme: string, definition: SecurityScheme, key: string, engine: Engine) {
    this.#scheme = scheme;
    this.#definition = definition;
    this.#engine = engine;
    this.#key = digest(key);
  }

  /** The record whose access token can be presented now without waiting, if there is one. Does no I/O. */
  peek(): TokenRecord | undefined {
    const record = this.#record;
    if (record?.outputs["accessToken"] === undefined || record.generation <= this.#rejectedGeneration) return undefined;
    return this.#engine.now() < freshnessOf(record, this.#definition).overAt ? record : undefined;
  }

  /**
   * A record with an access token that is good now. The renewal goes on when `signal` aborts this caller's wait.
   *
   * @throws {TokenError} when there is no way to one.
   */
  async token(caller: Caller, signal?: AbortSignal): Promise<TokenRecord> {
    const held = this.peek();
    if (held === undefined) return this.#cooling() ?? abortable(this.#join(caller, this.#reason()), signal);
    if (this.#engine.now() >= freshnessOf(held, this.#definition).dueAt) this.#renewAhead(caller);
    return held;
  }

  /** All outputs of the slot, among them `name`, which is obtained if nobody holds it yet. */
  async outputs(name: string, caller: Caller, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    if (name === "accessToken") return (await this.token(caller, signal)).outputs;
    const record = this.#record ?? (await this.#load(caller));
    return (record.outputs[name] === undefined ? await this.token(caller, signal) : record).outputs;
  }

  /** Renews now, whatever the clock says. */
  async renew(caller: Caller): Promise<void> {
    this.#latch = undefined;
    await this.#join(caller, "asked");
  }

  /**
   * Takes note that a service rejected the token of a generation. A generation that has been replaced meanwhile needs no
   * note, and a token that was rejected right after its renewal is not renewed again at once: that would be a loop.
   */
  reject(generation: number, { operationId, status, replayed = false }: Rejection): void {
    this.#engine.emit({ type: "token-rejected", scheme: this.#scheme, generation, operationId, status, replayed });
    if (generation !== this.#record?.generation) return;
    const now = this.#engine.now();
    if (replayed) this.#distrustUntil = now + DISTRUST_MS;
    if (now >= this.#distrustUntil) this.#rejectedGeneration = generation;
  }

  /** Ends the grant at the service, then forgets what it ended. */
  async revoke(caller: Caller): Promise<void> {
    const { revoke } = this.#definition;
    if (revoke === undefined) throw new TypeError(`the document states no revoke for ${this.#scheme}`);
    await this.#flight?.catch(() => {});
    const record = await this.#load(caller);
    if (revoke.ends.every((output) => record.outputs[output] === undefined)) return;
    const scheme = this.#scheme;
    const answer = await performTokenOperation(revoke, { scheme, outputs: record.outputs }, caller);
    if (answer.kind !== "success") {
      const { operationId, status } = answer;
      const code = answer.kind === "unavailable" ? "unavailable" : "renewal-failed";
      const message = `${scheme}: ${operationId} did not revoke (${status ?? "no answer"}); the tokens are kept`;
      throw new TokenError(code, message, { scheme, operationId, status });
    }
    const outputs = Object.fromEntries(Object.entries(record.outputs).filter(([output]) => !revoke.ends.includes(output)));
    await this.#save({ ...record, outputs });
    this.#engine.emit({ type: "revoked", scheme, operationId: answer.operationId, ended: revoke.ends });
  }

  async state(caller: Caller): Promise<SlotState> {
    const record = await this.#load(caller);
    const { overAt, dueAt } = freshnessOf(record, this.#definition);
    const now = this.#engine.now();
    const held = record.outputs["accessToken"] !== undefined && record.generation > this.#rejectedGeneration;
    const end = record.expires["accessToken"];
    const refreshEnd = record.expires["refreshToken"];
    return {
      scheme: this.#scheme,
      status:
        record.outputs["accessToken"] === undefined
          ? "empty"
          : !held || now >= overAt
            ? "over"
            : now >= dueAt
              ? "due"
              : "fresh",
      generation: record.generation,
      ...(record.generation > 0 && { obtainedAt: record.obtainedAt }),
      ...(end !== undefined && { expiresAt: end }),
      refreshTokenHeld: record.outputs["refreshToken"] !== undefined,
      ...(refreshEnd !== undefined && { refreshTokenExpiresAt: refreshEnd }),
      ...(record.usesLeft !== undefined && { usesLeft: record.usesLeft }),
      renewing: this.#flight !== undefined,
    };
  }

  #reason(): RenewalReason {
    if (this.#record?.outputs["accessToken"] === undefined) return "missing";
    return this.#record.generation <= this.#rejectedGeneration ? "rejected" : "expiring";
  }

  #renewAhead(caller: Caller): void {
    if (this.#flight !== undefined || this.#engine.now() < this.#notBefore) return;
    this.#join(caller, "expiring").catch(() => {}); // told by an event; the old token is still good
  }

  /** The renewal in flight, or a new one. */
  #join(caller: Caller, reason: RenewalReason): Promise<TokenRecord> {
    if (this.#flight !== undefined) return this.#flight;
    const flight = this.#renew(caller, reason).finally(() => {
      if (this.#flight === flight) this.#flight = undefined;
    });
    this.#flight = flight;
    return flight;
  }

  async #renew(caller: Caller, reason: RenewalReason): Promise<TokenRecord> {
    const inputs = await this.#tokenInputs(caller);
    if (this.#latch?.inputs === inputs) throw this.#latch.error;
    try {
      const known = this.#record;
      const record = await this.#load(caller, true);
      if (reason !== "asked" && this.peek() !== undefined && record.generation !== known?.generation) return record;
      const save = (next: TokenRecord) => this.#save(next);
      const next = await renew({ scheme: this.#scheme, definition: this.#definition, caller, reason, record, save });
      this.#failures = 0;
      this.#latch = undefined;
      if (next.generation <= this.#rejectedGeneration) this.#distrust(next.generation);
      return next;
    } catch (error) {
      const held = this.#failed(error, reason, inputs);
      if (held !== undefined) return held;
      throw error;
    }
  }

  /** The service handed out the very token that was rejected: it is presented as it is, and not renewed again at once. */
  #distrust(generation: number): void {
    this.#rejectedGeneration = generation - 1;
    this.#distrustUntil = this.#engine.now() + DISTRUST_MS;
  }

  /** The access token while it has not ended, however close that is. */
  #unended(): TokenRecord | undefined {
    const record = this.#record;
    if (record?.outputs["accessToken"] === undefined || record.generation <= this.#rejectedGeneration) return undefined;
    return this.#engine.now() < (record.expires["accessToken"] ?? Number.POSITIVE_INFINITY) ? record : undefined;
  }

  /** After a failed renewal, what is held until the next one is due. */
  #cooling(): TokenRecord | undefined {
    return this.#engine.now() < this.#notBefore ? this.#unended() : undefined;
  }

  /** Takes note of a failure; gives the token that is still good when the service was only unavailable. */
  #failed(error: unknown, reason: RenewalReason, inputs: string): TokenRecord | undefined {
    this.#notBefore = this.#engine.now() + Math.min(BACK_OFF_MS * 2 ** this.#failures, LONGEST_BACK_OFF_MS);
    this.#failures += 1;
    if (!(error instanceof TokenError)) return undefined;
    const { code, operationId, status } = error;
    if (code === "credentials-rejected" || code === "challenge") this.#latch = { error, inputs };
    const held = code === "unavailable" || code === "store-failed" ? this.#unended() : undefined;
    this.#engine.emit({
      type: "renewal-failed",
      scheme: this.#scheme,
      reason,
      code,
      ...(operationId !== undefined && { operationId }),
      ...(status !== undefined && { status }),
      held: held !== undefined,
    });
    return held;
  }

  /** The record as the store has it (or as it stands, when it holds something unsaved), with the caller's own outputs in it. */
  async #load(caller: Caller, again = false): Promise<TokenRecord> {
    if (this.#record === undefined || (again && !this.#unsaved)) {
      this.#record = (await this.#ask((key) => this.#engine.store.read(key))) ?? this.#record;
    }
    const stored = this.#record ?? { format: 1, version: 0, generation: 0, outputs: {}, expires: {}, obtainedAt: 0 };
    this.#record = await this.#seeded(stored, caller);
    return this.#record;
  }

  /** Takes up outputs that the caller holds already, once each: a newer one of the slot itself is never overwritten. */
  async #seeded(record: TokenRecord, caller: Caller): Promise<TokenRecord> {
    let seeded = record;
    for (const [output, expression] of Object.entries(this.#definition.initial ?? {})) {
      const inputs = await caller.inputs.read(inputsOf(expression));
      const value = resolveTemplate(parseTemplate(expression), { inputs });
      if (value === undefined) continue;
      const seed = await digest(String(value));
      if (seeded.seeds?.[output] === seed) continue;
      const { usesLeft: _, ...facts } = seeded;
      seeded = {
        ...(output === "refreshToken" ? facts : seeded),
        outputs: { ...seeded.outputs, [output]: value },
        seeds: { ...seeded.seeds, [output]: seed },
      };
    }
    return seeded;
  }

  /** Writes a record over the one it came from. What the store does not take is kept here, and written with the next. */
  async #save(next: TokenRecord): Promise<TokenRecord> {
    this.#record = next;
    this.#unsaved = true;
    for (let swap = 0; swap < MOST_SWAPS; swap += 1) {
      const expected = this.#record.version === 0 ? undefined : this.#record.version;
      const written: TokenRecord = { ...this.#record, version: this.#record.version + 1 };
      if (await this.#ask((key) => this.#engine.store.swap(key, expected, written))) {
        this.#record = written;
        this.#unsaved = false;
        return written;
      }
      const theirs = await this.#ask((key) => this.#engine.store.read(key));
      const generation = Math.max(next.generation, (theirs?.generation ?? 0) + 1);
      this.#record = { ...next, generation, version: theirs?.version ?? 0 };
    }
    throw new TokenError("store-failed", `${this.#scheme}: the store did not take the token, others write all the time`, {
      scheme: this.#scheme,
    });
  }

  async #ask<T>(question: (key: string) => Promise<T>): Promise<T> {
    try {
      return await question(await this.#key);
    } catch {
      throw new TokenError("store-failed", `${this.#scheme}: the token store failed; its own log says why`, {
        scheme: this.#scheme,
      });
    }
  }

  /** What was given for the inputs of this slot, to tell whether they have changed since they were refused. */
  async #tokenInputs(caller: Caller): Promise<string> {
    const declared = Object.keys(this.#engine.definition.inputs).filter((input) => caller.inputs.has(input));
    return digest(JSON.stringify(await caller.inputs.read(declared)));
  }
}

function inputsOf(expression: string): string[] {
  return parseTemplate(expression).flatMap((part) => (typeof part !== "string" && part.root === "inputs" ? [part.name] : []));
}

async function digest(text: string): Promise<string> {
  return encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))), "hex");
}

/** Waits for a promise until the signal aborts; the promise itself goes on. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}
