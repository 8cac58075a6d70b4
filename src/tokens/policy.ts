/** Which token call comes first: decided by the record and by what the document says of the refresh token. */

import type { RenewalRole, SecurityScheme } from "../lifecycle/contract.js";
import { allHold } from "../lifecycle/expression.js";
import { durationMs } from "../lifecycle/time.js";
import type { TokenRecord } from "../stores/store.js";
import { digest } from "./digest.js";

/**
 * Where the answer to a refresh was lost and nothing the document says mends that: `hold` the access token to its end, then
 * show the refresh token `again`, once for each lost answer and never at once; `lost` when that has been done often enough.
 */
export type FirstStep = RenewalRole | "hold" | "again" | "lost";

/**
 * How often a single-use refresh token is shown after its answer was lost. By then the access token has ended and nobody can
 * hold a successor, so showing it costs nothing that is not lost already, and wins the session back where the service never
 * saw it.
 */
const MOST_SHOWINGS = 5;

/** The moment by the client's clock, which expiry is told by, and by the store's, which intents are told by. */
export interface Times {
  readonly now: number;
  readonly storeNow: number;
}

/** What may be done first, with what this caller has. */
export async function firstStep(
  record: TokenRecord,
  definition: SecurityScheme,
  times: Times,
  canObtain: boolean,
): Promise<FirstStep> {
  const { refresh, recover } = definition;
  if (refresh === undefined || !isHeld(record, times.now)) return canObtain || recover === undefined ? "obtain" : "recover";
  if (record.intent?.role === "refresh") {
    const token = await digest(String(record.outputs["refreshToken"]));
    if (token === record.intent.refreshToken) return afterLostAnswer(record, definition, times, canObtain);
  }
  if (recover !== undefined && (isDue(record, definition) || record.usesLeft === 0)) return "recover";
  return record.usesLeft === 0 && canObtain ? "obtain" : "refresh";
}

/**
 * A refresh was, or may have been, sent, and its answer is lost. In the order of what costs least: show the token again where
 * that is allowed, fetch the newest, spend another use, begin anew; else hold.
 */
function afterLostAnswer(
  record: TokenRecord,
  { refreshToken: nature, recover }: SecurityScheme,
  { now, storeNow }: Times,
  canObtain: boolean,
): FirstStep {
  const { at = storeNow, presented = 0 } = record.intent ?? {};
  if (nature?.rotation === "never") return "refresh";
  if (nature?.reuseWindow !== undefined && storeNow - at < durationMs(nature.reuseWindow)) return "refresh";
  if (recover !== undefined) return "recover";
  if (nature?.uses !== undefined && nature.uses > 1 && (record.usesLeft ?? 1) > 0) return "refresh";
  if (canObtain) return "obtain";
  const end = record.expires["accessToken"];
  if (record.outputs["accessToken"] !== undefined && (end === null || (end !== undefined && now < end))) return "hold";
  return presented < MOST_SHOWINGS ? "again" : "lost";
}

function isHeld(record: TokenRecord, now: number): boolean {
  const end = record.expires["refreshToken"];
  return record.outputs["refreshToken"] !== undefined && !record.refused && !(typeof end === "number" && end <= now);
}

function isDue(record: TokenRecord, { refreshToken: nature }: SecurityScheme): boolean {
  const criteria = nature?.recoverWhen ?? [];
  const scope = { outputs: record.outputs };
  return criteria.length > 0 && allHold(criteria, scope) === true;
}
