import type { TokenRole } from "../lifecycle/contract.js";

/** The format of the records that this version writes and understands. */
export const RECORD_FORMAT = 1;

/**
 * All that is known of one slot: one record, replaced as a whole. Times are milliseconds since 1970; what stands under
 * `lease` is by the store's clock.
 */
export interface TokenRecord {
  /** The format of this record. One that is not understood is refused, and kept as it is. */
  readonly format: number;
  /** Counts the writes of this slot: what {@link TokenStore.swap} compares, and the fence of whoever holds the lease. */
  readonly version: number;
  /** Counts the access tokens of this slot. A rejection names the generation that it is about. */
  readonly generation: number;
  /** The tokens, and whatever else the document names under `outputs`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** When each output ends; `null` for never, absent when nobody says. */
  readonly expires: Readonly<Record<string, number | null>>;
  /** When the access token was asked for. */
  readonly obtainedAt: number;
  /** When the grant was obtained, or first seen; only where the document says that it ends, however it is used. */
  readonly grantedAt?: number;
  /** How often the refresh token may still be used, where the document counts; a use whose answer was lost is a use. */
  readonly usesLeft?: number;
  /** Digests of the `initial` outputs that went into this slot, the newest last: each is taken up once, by whoever has it. */
  readonly seeds?: Readonly<Record<string, readonly string[]>>;
  /** Who renews at the moment. It saves work; what makes a double spend impossible is the swap that brings the intent. */
  readonly lease?: Lease;
  /** A token call that was about to be sent, and whose answer has not been kept: it may or may not have been sent. */
  readonly intent?: Intent;
  /** The service refused this refresh token: nobody presents it again. */
  readonly refused?: true;
  /** The last renewal failed for a reason that may pass; told to those who waited for it. */
  readonly failure?: RenewalFailure;
  /** The grant was ended by `revoke`: what an earlier call still brings is ended too. */
  readonly ended?: true;
}

export interface Lease {
  readonly holder: string;
  readonly until: number;
}

export interface Intent {
  readonly role: TokenRole;
  readonly operationId: string;
  /** Digest of the refresh token that the call spends, when it spends one. */
  readonly refreshToken?: string;
  readonly at: number;
  /** How often this refresh token was shown after its answer had been lost. */
  readonly presented: number;
}

export interface RenewalFailure {
  readonly operationId: string;
  readonly status?: number;
  readonly reason?: string;
  readonly at: number;
  /** Nobody tries again before this moment. */
  readonly notBefore: number;
}

/**
 * Where tokens are kept. Keys are digests and say nothing; records are secret.
 *
 * The only way to write is compare-and-swap: whoever holds an outdated record learns it instead of overwriting a newer one.
 */
export interface TokenStore {
  /** The record under `key`, or `undefined`. Rejects when the store cannot say. */
  read(key: string): Promise<TokenRecord | undefined>;
  /**
   * Replaces the record under `key` by `next` (or removes it, without `next`) if and only if its version is `expected`
   * (`undefined`: there is no record). Resolves to whether it did, and only once the write is as durable as this store can
   * make it; rejects when the store cannot say.
   */
  swap(key: string, expected: number | undefined, next: TokenRecord | undefined): Promise<boolean>;
  /** Resolves when the record under `key` may have changed, or when `signal` aborts. Without it a waiter looks again now and then. */
  changed?(key: string, signal: AbortSignal): Promise<void>;
  /** The store's clock, where several machines share it. Default: the client's. */
  now?(): Promise<number>;
  /** Lets go of connections, files and timers. */
  close?(): Promise<void>;
}
