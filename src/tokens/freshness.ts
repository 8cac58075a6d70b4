/** When an access token is good, due and over. Pure: a record in, milliseconds out. */

import type { SecurityScheme } from "../lifecycle/contract.js";
import { durationMs } from "../lifecycle/time.js";
import type { TokenRecord } from "../stores/store.js";

/** The two points of a token's life at which something happens, in milliseconds since 1970. */
export interface Freshness {
  /** From here on a renewal is started in the background, and the old token still served. */
  readonly dueAt: number;
  /** From here on callers wait for the new token. */
  readonly overAt: number;
}

/** Callers wait at the latest this long before the end, so that a token does not end on its way. */
const MARGIN_MS = 10_000;

/** How much of the time between the two points the first one may be put off. */
const JITTER = 0.5;

/**
 * Both points keep a distance from the end that is a fraction of the token's real life, at most the document's `leeway`: a
 * token of one minute is not renewed on every call.
 *
 * A service that hands out the live token again is asked when it has ended, and one that ends the old token by a renewal is
 * not asked in the background.
 *
 * @param jitter between 0 and 1, drawn once for each token and process: puts the first point off, so that many processes
 * that share a token do not all ask at once. It never reaches the second point.
 */
export function freshnessOf(record: TokenRecord, scheme: SecurityScheme, jitter = 0): Freshness {
  const end = record.expires["accessToken"];
  if (end === undefined || end === null) return { dueAt: Number.POSITIVE_INFINITY, overAt: Number.POSITIVE_INFINITY };
  if (scheme.refreshToken?.sameTokenWhileValid) return { dueAt: end, overAt: end };
  const life = Math.max(0, end - record.obtainedAt);
  const leeway = durationMs(scheme.leeway ?? "PT0S");
  const overAt = end - Math.min(MARGIN_MS, leeway, life / 20);
  if (scheme.refreshToken?.revokesAccessToken) return { dueAt: overAt, overAt };
  const dueAt = end - Math.min(leeway, life / 5);
  return { dueAt: dueAt + (overAt - dueAt) * JITTER * jitter, overAt };
}
