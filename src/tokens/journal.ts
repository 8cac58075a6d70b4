/**
 * One record in a store, and the protocol by which it changes: intent before the wire, kept before anybody sees it.
 *
 * To send a token call, a holder moves the record from the version it has read to one that bears its lease and intent. Only
 * one can: the swap decides, not the lease. A holder that died leaves its intent behind for whoever comes next.
 */

import { TokenError } from "../errors.js";
import type { TokenRole } from "../lifecycle/contract.js";
import { listen, unlisten } from "../signals.js";
import { type Intent, RECORD_FORMAT, type RenewalFailure, type TokenRecord } from "../stores/store.js";
import { digest } from "./digest.js";
import type { Engine } from "./engine.js";

/** What is told of a renewal that failed for a reason that may pass; its times are the store's. */
export type FailureFacts = Omit<RenewalFailure, "at" | "notBefore"> & { readonly retryAfterMs: number };

/** How long a waiter sleeps when its store cannot wake it. */
const LOOK_AGAIN_MS = 100;
/** How long tokens that the store did not take wait for another try. */
const SAVE_AGAIN_MS = 500;
/** How often a write is tried again when the store fails, and how long the pauses are. */
const WRITE_PAUSES_MS = [20, 100, 400];
const MOST_SWAPS = 8;

/** Somebody else has moved the record on: look at it again. */
export class Superseded extends Error {
  override readonly name = "Superseded";
}

/** The grant was revoked, or its record removed, while a call was under way: what the call brought must not live on. */
export class Ended extends Error {
  override readonly name = "Ended";
}

/** For whoever looks again when the record has moved on. */
export function orUndefinedIfSuperseded(error: unknown): undefined {
  if (error instanceof Superseded || error instanceof Ended) return undefined;
  throw error;
}

export class Journal {
  readonly #scheme: string;
  readonly #engine: Engine;
  /** The slot's key in clear, and what stands for it in the store, made when it is first asked for. */
  readonly #slot: string;
  #key: string | undefined;
  /** The newest record that this process has written or read. */
  #latest: TokenRecord | undefined;
  /** Set while the newest record holds tokens that the store did not take: the record that they came from. */
  #unsaved: TokenRecord | undefined;
  readonly #mayGoWithout: boolean;
  #heart: ReturnType<typeof setTimeout> | undefined;
  /** What stood written down before this holder's own call: an earlier one for the same refresh token, never answered. */
  #unanswered: Intent | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #savingNow: Promise<void> | undefined;
  /** When this holder last showed that it lives, by the clock that nobody sets. */
  #shownAt = 0;
  #beating: Promise<void> | undefined;

  /**
   * @param mayGoWithout whether a store that fails is done without, because no token is spent that somebody else may spend.
   */
  constructor(scheme: string, key: string, engine: Engine, mayGoWithout: boolean) {
    this.#scheme = scheme;
    this.#engine = engine;
    this.#mayGoWithout = mayGoWithout;
    this.#slot = key;
  }

  get latest(): TokenRecord | undefined {
    return this.#latest;
  }

  /**
   * The record as the store has it. What this process knows better is written first: tokens that the store did not take, and
   * a record that a restored backup has made older than it was.
   */
  async read(): Promise<TokenRecord> {
    await this.saveNow();
    if (this.#unsaved !== undefined && this.#latest !== undefined) return this.#latest; // the only copy there is
    const stored = await this.#ask((key) => this.#engine.store.read(key), this.#latest);
    if (stored !== undefined && stored.format !== RECORD_FORMAT) {
      const message = `${this.#scheme}: the stored record has format ${stored.format}, this version knows ${RECORD_FORMAT}; it is kept`;
      throw new TokenError("store-failed", message, { scheme: this.#scheme });
    }
    const known = this.#latest;
    if (known !== undefined && stored !== undefined && stored.version < known.version) {
      const isBack = await this.#ask((key) => this.#engine.store.swap(key, stored.version, known), true);
      if (isBack) return known;
      throw new Superseded();
    }
    const isUnwritten = known?.version === 0;
    this.#latest = stored ?? (isUnwritten ? known : forgotten(known));
    return this.#latest;
  }

  /** The store's clock: what is written for other holders is told by it. */
  async now(): Promise<number> {
    const { store, now } = this.#engine;
    return store.now === undefined ? now() : this.#ask(() => store.now!(), now());
  }

  /** Takes up a record that was changed in this process alone, such as by an output that the caller holds. */
  hold(record: TokenRecord): void {
    this.#latest = record;
  }

  /** Whether another holder renews at the moment. */
  async leasedElsewhere(record: TokenRecord): Promise<boolean> {
    if (record.lease === undefined || record.lease.holder === this.#engine.holder) return false;
    return record.lease.until > (await this.now());
  }

  /** Waits until the record changes or its lease ends. */
  async change({ lease, version }: TokenRecord): Promise<void> {
    const { store, leaseMs, closing } = this.#engine;
    const left = Math.min(leaseMs, Math.max(0, (lease?.until ?? 0) - (await this.now())));
    const waiting = new AbortController();
    // Heard from the beginning: a store that is slow to read may outlast the wait.
    const over = new Promise<void>((resolve) => waiting.signal.addEventListener("abort", () => resolve()));
    // Not AbortSignal.timeout: its timer would let the process end under a caller who waits.
    const timer = setTimeout(() => waiting.abort(), store.changed === undefined ? Math.min(left, LOOK_AGAIN_MS) : left);
    const leave = { onAbort: () => waiting.abort() };
    listen(closing.signal, leave);
    try {
      const lookAgain = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      const changed = store.changed?.(await this.#digest(), waiting.signal).catch(lookAgain); // a watch that fails is done without
      const current = await this.#ask((key) => store.read(key)); // it may have changed before the watch began
      if (current?.version !== version) return;
      await (changed ?? over);
    } finally {
      clearTimeout(timer);
      unlisten(closing.signal, leave);
      waiting.abort();
    }
  }

  /**
   * Writes down a token call before it is sent.
   *
   * @throws {Superseded} when the record has moved on, so that the call must not be sent.
   */
  async begin(role: TokenRole, operationId: string, record: TokenRecord): Promise<TokenRecord> {
    const at = await this.now();
    const token = record.outputs["refreshToken"];
    const spends = role === "refresh" && token !== undefined;
    const spent = spends ? await digest(String(token)) : undefined;
    const repeated = record.intent?.refreshToken !== undefined && record.intent.refreshToken === spent;
    this.#unanswered = repeated ? record.intent : undefined;
    const intent: Intent = {
      role,
      operationId,
      ...(spent !== undefined && { refreshToken: spent }),
      at: this.#unanswered?.at ?? at, // a reuse window counts from the first showing
      presented: this.#unanswered === undefined ? 0 : this.#unanswered.presented + 1,
    };
    const { failure: _failure, ...facts } = record;
    const next: TokenRecord = {
      ...facts,
      format: RECORD_FORMAT,
      version: record.version + 1,
      lease: { holder: this.#engine.holder, until: at + this.#engine.leaseMs },
      intent,
      ...(spends && record.usesLeft !== undefined && { usesLeft: Math.max(0, record.usesLeft - 1) }),
    };
    const shownAt = performance.now();
    const won = await this.#ask((key) => this.#swapOrLook(key, versionOf(record), next), true);
    if (!won) throw new Superseded();
    this.#latest = next;
    this.#shownAt = shownAt;
    this.#beat();
    return next;
  }

  /**
   * Says no to a holder that slept through its lease, such as a process that was stopped: others may have taken over.
   *
   * @throws {Superseded}
   */
  assertHeld(): void {
    if (performance.now() - this.#shownAt >= this.#engine.leaseMs) throw new Superseded();
  }

  /**
   * Keeps what a call brought, before anybody sees it. A holder that lost its lease still keeps the successor of the token
   * it has spent; when others hold another successor already, theirs counts.
   *
   * @param begun the record under whose intent the call was sent.
   * @param whole whether the answer was: after a damaged one the intent stays, since a token in it may have been lost.
   * @throws {Superseded} when others have moved on. {@link Ended} when the grant was ended meanwhile.
   */
  async keep(next: TokenRecord, begun: TokenRecord, final: boolean, whole = true): Promise<TokenRecord> {
    const { intent, lease, failure: _failure, ...facts } = next;
    return this.#write({ ...facts, ...(!final && lease && { lease }), ...(!whole && intent && { intent }) }, begun);
  }

  /**
   * Lets go of the record without an answer. What is not known to be unsent stays written down as an intent, and so does an
   * earlier call for the same refresh token that was never answered.
   *
   * @throws {Superseded} when others have moved on.
   */
  async release(begun: TokenRecord, sent: "no" | "perhaps" | "refused", failed?: FailureFacts): Promise<void> {
    const { lease: _lease, intent, ...facts } = this.#latest ?? begun;
    const isUnspent = sent === "no" && intent?.refreshToken !== undefined;
    const usesLeft = facts.usesLeft === undefined ? undefined : facts.usesLeft + (isUnspent ? 1 : 0);
    const next: TokenRecord = {
      ...facts,
      ...(sent === "perhaps" && intent !== undefined && { intent }),
      ...(sent === "no" && this.#unanswered !== undefined && { intent: this.#unanswered }),
      ...(sent === "refused" && intent?.refreshToken !== undefined && { refused: true }),
      ...(usesLeft !== undefined && { usesLeft }),
      ...(failed !== undefined && { failure: await this.#failureOf(failed) }),
    };
    await this.#write(next, begun).catch((error: unknown) => {
      if (error instanceof Superseded || error instanceof Ended) throw error;
      // The store failed: the lease ends by itself.
    });
  }

  async #failureOf({ retryAfterMs, ...facts }: FailureFacts): Promise<RenewalFailure> {
    const at = await this.now();
    return { ...facts, at, notBefore: at + retryAfterMs };
  }

  /** A swap that fails may have been done all the same: the record itself tells. */
  async #swapOrLook(key: string, expected: number | undefined, next: TokenRecord): Promise<boolean> {
    const { store } = this.#engine;
    try {
      return await store.swap(key, expected, next);
    } catch (error) {
      const stored = await store.read(key).catch(() => undefined);
      if (stored !== undefined && isSame(stored, next)) return true;
      throw error;
    }
  }

  async #write(next: TokenRecord, begun: TokenRecord): Promise<TokenRecord> {
    await this.#stopHeart();
    let expected = versionOf(this.#latest ?? begun);
    for (let swap = 0; swap < MOST_SWAPS; swap += 1) {
      const written: TokenRecord = { ...next, format: RECORD_FORMAT, version: (expected ?? 0) + 1 };
      const won = await this.#insist((key) => this.#swapOrLook(key, expected, written));
      if (won === "store failed") {
        this.#latest = { ...next, version: expected ?? 0 };
        this.#unsaved = begun;
        this.#saveSoon();
        this.#engine.emit({ type: "save-failed", scheme: this.#scheme, generation: next.generation });
        return this.#latest;
      }
      if (won) {
        this.#latest = written;
        if (this.#unsaved !== undefined)
          this.#engine.emit({ type: "saved", scheme: this.#scheme, generation: next.generation });
        this.#unsaved = undefined;
        return written;
      }
      const theirs = await this.#ask((key) => this.#engine.store.read(key));
      this.#unsaved = undefined;
      if (theirs !== undefined && isSame(theirs, written)) {
        this.#latest = theirs; // an earlier try was done after all
        return theirs;
      }
      if (theirs === undefined || theirs.ended) throw this.#superseded(theirs, new Ended());
      if (!(await isSuccessor(theirs, begun))) throw this.#superseded(theirs, new Superseded());
      expected = theirs.version;
    }
    throw new TokenError("store-failed", `${this.#scheme}: the store did not take the token, others write all the time`, {
      scheme: this.#scheme,
    });
  }

  /** Tries now and then to write what the store did not take, whether or not anybody calls. */
  #saveSoon(): void {
    clearTimeout(this.#saving);
    if (this.#engine.closing.signal.aborted) return;
    this.#saving = setTimeout(() => void this.saveNow().catch(() => {}), SAVE_AGAIN_MS); // what fails is tried again by itself
    (this.#saving as { unref?: () => void }).unref?.();
  }

  /** Writes what the store did not take when it was time; others may have moved on since. */
  async saveNow(): Promise<void> {
    this.#savingNow ??= this.#saveUnsaved().finally(() => {
      this.#savingNow = undefined;
    });
    await this.#savingNow;
  }

  async #saveUnsaved(): Promise<void> {
    if (this.#unsaved === undefined || this.#latest === undefined) return;
    try {
      await this.#write(this.#latest, this.#unsaved);
    } catch (error) {
      if (!(error instanceof Superseded || error instanceof Ended)) throw error;
    }
  }

  #superseded(theirs: TokenRecord | undefined, error: Error): Error {
    this.#latest = theirs ?? empty();
    return error;
  }

  /** Shows that the holder lives, three times in the life of a lease, while a call is under way. */
  #beat(): void {
    this.#heart = setTimeout(() => {
      this.#beating = this.#extend().then(
        (alive) => alive && this.#beat(),
        () => this.#beat(),
      ) as Promise<void>;
    }, this.#engine.leaseMs / 3);
    (this.#heart as { unref?: () => void }).unref?.();
  }

  async #extend(): Promise<boolean> {
    const held = this.#latest;
    if (held?.lease?.holder !== this.#engine.holder) return false;
    const next = {
      ...held,
      version: held.version + 1,
      lease: { ...held.lease, until: (await this.now()) + this.#engine.leaseMs },
    };
    const key = await this.#digest();
    const shownAt = performance.now();
    if (!(await this.#engine.store.swap(key, held.version, next))) return false;
    this.#latest = next;
    this.#shownAt = shownAt;
    return true;
  }

  async #stopHeart(): Promise<void> {
    clearTimeout(this.#heart);
    await this.#beating?.catch(() => {});
    clearTimeout(this.#heart);
    this.#heart = this.#beating = undefined;
  }

  async #digest(): Promise<string> {
    this.#key ??= this.#engine.isStoreOwn ? this.#slot : await digest(this.#slot);
    return this.#key;
  }

  /** @param without what stands for the answer where a store that fails is done without. */
  async #ask<T>(question: (key: string) => Promise<T>, without?: T): Promise<T> {
    try {
      return await this.#inTime(question(await this.#digest()));
    } catch (error) {
      if (this.#mayGoWithout) return without as T;
      if (error instanceof TokenError) throw error;
      throw new TokenError("store-failed", `${this.#scheme}: the token store failed or did not answer, and does not say why`, {
        scheme: this.#scheme,
      });
    }
  }

  /** A store that never answers has failed, after as long as a token call may take. */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("the store did not answer")), this.#engine.timeoutMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks several times: what a call brought must not be lost to a moment's failure. */
  async #insist(question: (key: string) => Promise<boolean>): Promise<boolean | "store failed"> {
    for (const pause of [...WRITE_PAUSES_MS, undefined]) {
      try {
        return await this.#inTime(question(await this.#digest()));
      } catch {
        if (pause !== undefined) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return "store failed";
  }
}

export function empty(): TokenRecord {
  return { format: RECORD_FORMAT, version: 0, generation: 0, outputs: {}, expires: {}, obtainedAt: 0 };
}

/** After a store has lost a record, nobody shows again what this process knows to have been taken up and spent. */
function forgotten(known: TokenRecord | undefined): TokenRecord {
  const { seeds, generation = 0 } = known ?? {};
  return { ...empty(), generation, ...(seeds && { seeds }) };
}

function isSame(stored: TokenRecord, written: TokenRecord): boolean {
  return (
    stored.version === written.version &&
    stored.generation === written.generation &&
    stored.lease?.holder === written.lease?.holder &&
    stored.intent?.at === written.intent?.at &&
    stored.outputs["refreshToken"] === written.outputs["refreshToken"] &&
    stored.outputs["accessToken"] === written.outputs["accessToken"]
  );
}

function versionOf({ version }: TokenRecord): number | undefined {
  return version === 0 ? undefined : version;
}

/** Whether what a call brought comes after what the store holds: by lineage, never by time. */
async function isSuccessor(theirs: TokenRecord, begun: TokenRecord): Promise<boolean> {
  const parent = begun.intent?.refreshToken;
  if (parent === undefined) return theirs.generation === begun.generation;
  const token = theirs.outputs["refreshToken"];
  return token !== undefined && (await digest(String(token))) === parent;
}
