/** All that is known of one slot: one record, replaced as a whole. */
export interface TokenRecord {
  /** The format of this record. A store keeps a record of a format it does not know, and hands it out as it is. */
  readonly format: 1;
  /** Counts the writes of this slot; what {@link TokenStore.swap} compares. */
  readonly version: number;
  /** Counts the access tokens of this slot. A rejection names the generation that it is about. */
  readonly generation: number;
  /** The tokens, and whatever else the document names under `outputs`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** When each output ends, in milliseconds since 1970; `null` for never, absent when nobody says. */
  readonly expires: Readonly<Record<string, number | null>>;
  /** When the access token was asked for, in milliseconds since 1970. */
  readonly obtainedAt: number;
  /** How often the refresh token may still be used, where the document counts. */
  readonly usesLeft?: number;
  /** Digests of the `initial` outputs that went into this slot: another digest means that the caller has new ones. */
  readonly seeds?: Readonly<Record<string, string>>;
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
   * (`undefined`: there is no record). Resolves to whether it did; rejects when the store cannot say.
   */
  swap(key: string, expected: number | undefined, next: TokenRecord | undefined): Promise<boolean>;
}
