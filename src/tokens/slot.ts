/** The tokens of one scheme for one holder: one renewal in flight, and everybody shares what it brings. */

import { TokenError } from "../errors.js";
import type { RenewalReason } from "../events.js";
import type { SecurityScheme } from "../lifecycle/contract.js";
import { referencesInValue } from "../lifecycle/value.js";
import { type Listener, listen, unlisten } from "../signals.js";
import type { Intent, Lease, RenewalFailure, TokenRecord } from "../stores/store.js";
import { digest } from "./digest.js";
import type { Caller, Engine } from "./engine.js";
import { freshnessOf } from "./freshness.js";
import { Journal, orUndefinedIfSuperseded } from "./journal.js";
import { renew } from "./renewal.js";

/** How a slot stands, without its tokens. Times are milliseconds since 1970. */
export interface SlotState {
  readonly scheme: string;
  /** `empty`: no access token; `fresh`; `due`: the next call begins a renewal; `over`: the next call waits for one. */
  readonly status: "empty" | "fresh" | "due" | "over";
  /** Counts the access tokens of this slot. */
  readonly generation: number;
  readonly obtainedAt?: number;
  /** `null` when the access token never ends, absent when nobody says. */
  readonly expiresAt?: number | null;
  readonly refreshTokenHeld: boolean;
  readonly refreshTokenExpiresAt?: number | null;
  readonly usesLeft?: number;
  /** Whether somebody renews it at the moment: this client, or another holder of the store. */
  readonly renewing: boolean;
  /** Whether a token call was written down and its answer never kept. */
  readonly answerLost: boolean;
  /** That call: what it was for, when it was begun, and how often its refresh token was shown again since. */
  readonly intent?: Omit<Intent, "refreshToken">;
  /** Who holds the lease of a renewal, by the store's clock; `mine`: this client. */
  readonly lease?: Lease & { readonly mine: boolean };
  /** Whether the service refused the refresh token that is there. */
  readonly refreshTokenRefused?: true;
}

export interface Rejection {
  readonly operationId: string;
  readonly status: number;
  /** Whether the token was rejected although it had just been renewed. */
  readonly replayed?: boolean;
}

/** After a failed renewal ahead of time the next one waits at most this long, then twice as long, up to a minute; half of it is chance. */
const BACK_OFF_MS = 1000;
const LONGEST_BACK_OFF_MS = 60_000;
/** After a token was rejected although it had just been renewed, rejections lead to no renewal for this long. */
const DISTRUST_MS = 10_000;
/** How often a record may move on under a caller before that is an error. */
const MOST_TURNS = 50;

/** Before any time that a clock tells: the token is to be looked at. */
const LOUD = -(2 ** 30);

/** For so long a setting of the wall clock may go unnoticed. */
const LOOK_EVERY_MS = 1000;

interface Latch {
  readonly error: TokenError;
  /** Digest of the inputs that were refused: other ones may try. */
  readonly inputs: string;
}

/** Makes the slot of a scheme for one holder; its key is in clear. */
export function tokens(scheme: string, definition: SecurityScheme, key: string, engine: Engine): Slot {
  return new Slot(scheme, definition, key, engine);
}

export class Slot {
  // First what a call with a good token reads, side by side: with many slots none of it is in a cache.
  readonly #engine: Engine;
  #record: TokenRecord | undefined;
  /**
   * Until then, by the clock that nobody sets, nothing is to be done about the token, unless something happens to it. Whole
   * milliseconds, which are kept in the slot itself, as fractions are not.
   */
  #quietUntil = LOUD;
  readonly #scheme: string;
  readonly #definition: SecurityScheme;
  readonly #journal: Journal;
  /** When the access token of the record is due and over, by the wall clock and by the one that nobody sets. */
  #dueAt = 0;
  #overAt = 0;
  #overAtMonotonic = 0;
  #flight: Promise<TokenRecord> | undefined;
  /** Takes the renewal in flight past the queue, while it waits for its turn. */
  #skipQueue: (() => void) | undefined;
  #rejectedGeneration = 0;
  /** The newest generation that this process has brought itself, rather than found in the store. */
  #broughtGeneration = 0;
  #distrustUntil = 0;
  #failures = 0;
  #notBefore = 0;
  #latch: Latch | undefined;
  /** The last failure, if it was one of a service that was not available. */
  #outage: TokenError | undefined;
  /** The last failure that another renewal, or another holder, has told of. */
  #told: TokenError | undefined;

  constructor(scheme: string, definition: SecurityScheme, key: string, engine: Engine) {
    this.#scheme = scheme;
    this.#definition = definition;
    this.#engine = engine;
    const spendsNothing = definition.refresh === undefined || definition.refreshToken?.rotation === "never";
    this.#journal = new Journal(scheme, key, engine, spendsNothing);
  }

  /**
   * The record whose access token can be presented now without waiting, if there is one. Does no I/O, and as a rule reads one
   * clock and compares once.
   */
  peek(): TokenRecord | undefined {
    return this.#engine.monotonic() < this.#quietUntil ? this.#record : this.#look();
  }

  /**
   * A record with an access token that is good now: at once when there is one. The renewal goes on when `signal` aborts this
   * caller's wait.
   *
   * @param isNeededByRenewal another slot's renewal waits for this token, so that it must not wait for its turn.
   * @throws {TokenError} when there is no way to one.
   */
  token(caller: Caller, signal?: AbortSignal, isNeededByRenewal = false): TokenRecord | Promise<TokenRecord> {
    const held = this.peek();
    if (held === undefined) {
      return this.#cooling() ?? abortable(this.#join(caller, this.#reason(), isNeededByRenewal), signal);
    }
    if (this.#quietUntil === LOUD) this.#renewAhead(caller);
    return held;
  }

  /** All outputs of the slot, among them `name`, which is obtained if nobody holds it yet. */
  async outputs(name: string, caller: Caller, signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    if (name === "accessToken") return (await this.token(caller, signal)).outputs;
    const record = this.#record ?? (await this.#load(caller));
    return (record.outputs[name] === undefined ? await this.token(caller, signal) : record).outputs;
  }

  /** Waits for the renewal in flight, if there is one, however it ends. */
  async settled(): Promise<void> {
    await this.#flight?.catch(() => {});
  }

  /** Writes what the store has not taken yet, if anything. */
  async saved(): Promise<void> {
    await this.settled();
    await this.#journal.saveNow();
  }

  /** Renews now, whatever the clock says. A renewal under way counts only if it brings another token. */
  async renew(caller: Caller): Promise<void> {
    this.#latch = undefined;
    this.#notBefore = 0;
    const before = this.#record?.generation ?? 0;
    const underWay = await this.#flight?.catch(() => undefined);
    if (underWay === undefined || underWay.generation <= before) await this.#join(caller, "asked");
  }

  /**
   * Takes note that a service rejected the token of a generation. A generation that has been replaced meanwhile needs no
   * note, and a token that was rejected right after its renewal is not renewed again at once: that would be a loop.
   */
  reject(generation: number, { operationId, status, replayed = false }: Rejection): void {
    this.#engine.emit({ type: "token-rejected", scheme: this.#scheme, generation, operationId, status, replayed });
    if (generation !== this.#record?.generation) return;
    const now = this.#engine.now();
    if (replayed && generation === this.#broughtGeneration) this.#distrustUntil = now + DISTRUST_MS;
    if (now >= this.#distrustUntil) this.#rejectedGeneration = generation;
    this.#quietUntil = LOUD;
  }

  /** Ends the grant at the service, then forgets what it ended. Waits for a renewal that is under way. */
  async revoke(caller: Caller): Promise<void> {
    const { revoke } = this.#definition;
    if (revoke === undefined) throw new TypeError(`the document states no revoke for ${this.#scheme}`);
    await this.settled();
    const [scheme, journal] = [this.#scheme, this.#journal];
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      const record = await this.#load(caller);
      if (revoke.ends.every((output) => record.outputs[output] === undefined)) return;
      if (await journal.leasedElsewhere(record)) {
        await journal.change(record);
        continue;
      }
      const ended = await this.#engine.features.revoke!({ scheme, revoke, journal, record, caller });
      if (ended === undefined) continue;
      this.#take(ended.record);
      this.#engine.emit({ type: "revoked", scheme, operationId: ended.operationId, ended: revoke.ends });
      return;
    }
    throw this.#busy();
  }

  async state(caller: Caller): Promise<SlotState> {
    const record = await this.#load(caller);
    const isOver = this.#look() === undefined;
    const isDue = this.#engine.now() >= this.#dueAt;
    const end = record.expires["accessToken"];
    const refreshEnd = record.expires["refreshToken"];
    const leased = await this.#journal.leasedElsewhere(record);
    return {
      scheme: this.#scheme,
      status: record.outputs["accessToken"] === undefined ? "empty" : isOver ? "over" : isDue ? "due" : "fresh",
      generation: record.generation,
      ...(record.generation > 0 && { obtainedAt: record.obtainedAt }),
      ...(end !== undefined && { expiresAt: end }),
      refreshTokenHeld: record.outputs["refreshToken"] !== undefined && !record.refused,
      ...(refreshEnd !== undefined && { refreshTokenExpiresAt: refreshEnd }),
      ...(record.usesLeft !== undefined && { usesLeft: record.usesLeft }),
      renewing: this.#flight !== undefined || leased,
      answerLost: record.intent !== undefined && this.#flight === undefined && !leased,
      ...(record.intent && { intent: withoutDigest(record.intent) }),
      ...(record.lease && { lease: { ...record.lease, mine: record.lease.holder === this.#engine.holder } }),
      ...(record.refused && { refreshTokenRefused: true }),
    };
  }

  #reason(): RenewalReason {
    if (this.#record?.outputs["accessToken"] === undefined) return "missing";
    return this.#record.generation <= this.#rejectedGeneration ? "rejected" : "expiring";
  }

  /** The record as this process has it, while its access token has not been rejected. */
  #usable(): TokenRecord | undefined {
    const record = this.#record;
    return record?.outputs["accessToken"] !== undefined && record.generation > this.#rejectedGeneration ? record : undefined;
  }

  /**
   * Looks at both clocks, and at whatever else may speak against the token; then says for how long nobody has to look again.
   * The clock that others set is looked at once a second: it can only end a token that the other clock has still good.
   */
  #look(): TokenRecord | undefined {
    const wall = this.#engine.now();
    const monotonic = this.#engine.monotonic();
    const held = wall < this.#overAt && monotonic < this.#overAtMonotonic ? this.#usable() : undefined;
    const isQuiet = held !== undefined && wall < this.#dueAt;
    this.#quietUntil = isQuiet
      ? Math.floor(Math.min(monotonic + Math.min(LOOK_EVERY_MS, this.#dueAt - wall), this.#overAtMonotonic))
      : LOUD;
    return held;
  }

  /** Takes up a record, and works out once what is asked each time. */
  #take(record: TokenRecord, since = { wall: this.#engine.now(), monotonic: this.#engine.monotonic() }): TokenRecord {
    const isOther = record.generation !== this.#record?.generation || record.obtainedAt !== this.#record.obtainedAt;
    this.#record = record;
    this.#quietUntil = LOUD;
    if (!isOther) return record;
    const { dueAt, overAt } = freshnessOf(record, this.#definition, Math.random());
    this.#dueAt = dueAt;
    this.#overAt = overAt;
    // The wall clock may have been set while the token was brought: the shorter of both measures counts.
    const { now, monotonic } = this.#engine;
    this.#overAtMonotonic = Math.min(since.monotonic + (overAt - since.wall), monotonic() + (overAt - now()));
    return record;
  }

  /** The same while its access token has not ended, however close that is. */
  #unended(): TokenRecord | undefined {
    const record = this.#usable();
    const end = record?.expires["accessToken"] ?? Number.POSITIVE_INFINITY;
    return this.#engine.now() < end ? record : undefined;
  }

  /**
   * After a failed renewal, what is held until the next one is due.
   *
   * @throws {TokenError} the failure again, when nothing is held and the service was not available a moment ago.
   */
  #cooling(): TokenRecord | undefined {
    if (this.#engine.now() >= this.#notBefore) return undefined;
    const held = this.#unended();
    if (held === undefined && this.#outage !== undefined) throw this.#outage;
    return held;
  }

  #renewAhead(caller: Caller): void {
    const { now, gate } = this.#engine;
    if (this.#flight !== undefined || now() < this.#notBefore || !gate.reserve()) return;
    const done = () => gate.release();
    this.#join(caller, "expiring").then(done, done); // a failure is told by an event; the old token is still good
  }

  /** The renewal in flight, or a new one. */
  #join(caller: Caller, reason: RenewalReason, isNeededByRenewal = false): Promise<TokenRecord> {
    if (this.#flight !== undefined) {
      if (isNeededByRenewal) this.#skipQueue?.();
      return this.#flight;
    }
    const flight = this.#renewed(caller, reason, isNeededByRenewal).finally(() => {
      if (this.#flight === flight) this.#flight = undefined;
    });
    this.#flight = flight;
    return flight;
  }

  async #renewed(caller: Caller, reason: RenewalReason, isNeededByRenewal: boolean): Promise<TokenRecord> {
    const inputs = await this.#given(caller);
    if (this.#latch !== undefined && this.#latch.inputs === (await digest(inputs))) throw this.#latch.error;
    const since = { wall: this.#engine.now(), monotonic: this.#engine.monotonic() };
    try {
      const next = await this.#renew(caller, reason, isNeededByRenewal, since.monotonic);
      this.#take(next, since);
      this.#outage = undefined;
      this.#failures = 0;
      this.#latch = undefined;
      if (next.generation <= this.#rejectedGeneration) this.#distrust(next.generation);
      return next;
    } catch (error) {
      if (this.#journal.latest !== undefined) this.#take(this.#journal.latest);
      if (isRefusal(error)) this.#latch = { error, inputs: await digest(inputs) };
      const held = this.#failed(error, reason, since.monotonic);
      if (held !== undefined) return held;
      throw error;
    }
  }

  /** Renews, or takes what another holder has brought meanwhile: whoever comes second looks again. */
  async #renew(caller: Caller, reason: RenewalReason, isNeededByRenewal: boolean, begunAt: number): Promise<TokenRecord> {
    const known = this.#record?.generation ?? 0;
    const since = await this.#journal.now();
    const canObtain = this.#canObtain(caller);
    let waited = false;
    for (let turn = 0; turn < MOST_TURNS; ) {
      const record = await this.#load(caller);
      if (reason !== "asked" && record.generation > known && this.peek() !== undefined) {
        const durationMs = this.#engine.monotonic() - begunAt;
        this.#engine.emit({ type: "token-adopted", scheme: this.#scheme, generation: record.generation, durationMs });
        return record;
      }
      if (await this.#journal.leasedElsewhere(record)) {
        const current = reason === "expiring" ? this.#unended() : undefined;
        if (current !== undefined) return current;
        await this.#journal.change(record);
        if (this.#engine.closing.signal.aborted) throw this.#closed();
        waited = true;
        continue;
      }
      turn += 1;
      const { failure } = record;
      const storeNow = await this.#journal.now();
      const isTold = failure !== undefined && (failure.notBefore > storeNow || (waited && failure.at >= since));
      if (isTold && reason !== "asked") throw this.#toldOf(failure);
      const times = { now: this.#engine.now(), storeNow };
      const first = (await this.#engine.features.refresh?.firstStep(record, this.#definition, times, canObtain)) ?? "obtain";
      if (first === "lost") throw this.#answerLost(record);
      const held = first === "hold" && reason !== "asked" ? this.#unended() : undefined;
      if (held !== undefined) return held;
      const way = first === "hold" || first === "again" ? "refresh" : first;
      const { scheme, definition, journal } = { scheme: this.#scheme, definition: this.#definition, journal: this.#journal };
      const work = async () => {
        if (this.#engine.closing.signal.aborted) throw this.#closed();
        return renew({ scheme, definition, caller, reason, journal, record, first: way, canObtain, begunAt });
      };
      const next = await this.#inTurn(work, isNeededByRenewal).catch(orUndefinedIfSuperseded);
      if (next === undefined) continue;
      this.#broughtGeneration = next.generation;
      return next;
    }
    throw this.#busy();
  }

  /** Runs a renewal in its turn, or at once when another renewal, which has its place already, cannot go on without it. */
  async #inTurn<T>(work: () => Promise<T>, isNeededByRenewal: boolean): Promise<T> {
    if (isNeededByRenewal) return work();
    const passed = this.#engine.gate.pass(work, (skip) => {
      this.#skipQueue = skip;
    });
    return passed.finally(() => {
      this.#skipQueue = undefined;
    });
  }

  /** The service handed out the very token that was rejected: it is presented as it is, and not renewed again at once. */
  #distrust(generation: number): void {
    this.#rejectedGeneration = generation - 1;
    this.#quietUntil = LOUD;
    this.#distrustUntil = this.#engine.now() + DISTRUST_MS;
  }

  /** Takes note of a failure; gives the token that is still good when the service or the store was only unavailable. */
  #failed(error: unknown, reason: RenewalReason, begunAt: number): TokenRecord | undefined {
    if (error === this.#told) return this.#unended(); // nothing was sent, and the one who sent has told of it
    const backOff = Math.min(BACK_OFF_MS * 2 ** this.#failures, LONGEST_BACK_OFF_MS);
    this.#notBefore = this.#engine.now() + backOff * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#outage = error instanceof TokenError && error.code === "unavailable" ? error : undefined;
    if (!(error instanceof TokenError)) return undefined;
    const { code, operationId, status } = error;
    const isPassing = code === "unavailable" || code === "store-failed";
    const held = isPassing && reason !== "asked" ? this.#unended() : undefined;
    this.#engine.emit({
      type: "renewal-failed",
      scheme: this.#scheme,
      reason,
      code,
      ...(operationId !== undefined && { operationId }),
      ...(status !== undefined && { status }),
      durationMs: this.#engine.monotonic() - begunAt,
      held: held !== undefined,
    });
    return held;
  }

  /** The record as the store has it, with the outputs in it that the caller holds already. */
  async #load(caller: Caller): Promise<TokenRecord> {
    const stored = (await this.#journal.read().catch(orUndefinedIfSuperseded)) ?? (await this.#journal.read());
    const { initial } = this.#engine.features;
    const record = this.#take(initial === undefined ? stored : await initial(stored, this.#definition, caller));
    if (record !== stored) this.#journal.hold(record);
    return record;
  }

  /** Whether this caller has every input that `obtain` cannot do without. */
  #canObtain({ inputs }: Caller): boolean {
    const { obtain } = this.#definition;
    if (obtain === undefined) return false;
    const calls = "steps" in obtain ? obtain.steps : [obtain];
    return calls
      .flatMap(({ parameters = [], requestBody }) => [...parameters.map(({ value }) => value), requestBody?.payload ?? null])
      .flatMap((value) => referencesInValue(value))
      .every(({ reference, optional }) => optional || reference.root !== "inputs" || inputs.has(reference.name));
  }

  #toldOf({ operationId, status, reason }: RenewalFailure): TokenError {
    const how = status === undefined ? `could not be reached (${reason})` : `answered ${status}`;
    const message = `${this.#scheme}: ${operationId} ${how} a moment ago; try again later`;
    this.#told = new TokenError("unavailable", message, { scheme: this.#scheme, operationId, status, reason });
    return this.#told;
  }

  #answerLost({ intent }: TokenRecord): TokenError {
    const operationId = intent?.operationId;
    const message = `${this.#scheme}: the answer to ${operationId} was lost, and the document names no other way to a token`;
    return new TokenError("answer-lost", message, { scheme: this.#scheme, operationId });
  }

  #closed(): TokenError {
    const message = `${this.#scheme}: the client was closed before the token was renewed`;
    return new TokenError("closed", message, { scheme: this.#scheme });
  }

  #busy(): TokenError {
    const message = `${this.#scheme}: the record moved on ${MOST_TURNS} times while this caller wanted it; try again`;
    return new TokenError("store-failed", message, { scheme: this.#scheme });
  }

  /** What was given, as one text: its digest tells whether it has changed since it was refused. */
  async #given(caller: Caller): Promise<string> {
    const given = Object.keys(this.#engine.definition.inputs).filter((input) => caller.inputs.has(input));
    return JSON.stringify(await caller.inputs.read(given));
  }
}

/** Whether a failure is about what the caller gave: the same is not asked for again. */
function isRefusal(error: unknown): error is TokenError {
  return error instanceof TokenError && (error.code === "credentials-rejected" || error.code === "challenge");
}

function withoutDigest({ refreshToken: _, ...intent }: Intent): Omit<Intent, "refreshToken"> {
  return intent;
}

/** Waits for a promise until the signal aborts; the promise itself goes on. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let waiter: Listener | undefined;
  const aborted = new Promise<never>((_, onAbort) => {
    waiter = { onAbort };
    listen(signal, waiter);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (waiter !== undefined) unlisten(signal, waiter);
  }
}
