/** What is done when the answer to a refresh was lost: how long the refresh token rests, and which call may come next at once. */

import type { RenewalRole } from "../lifecycle/contract.js";
import type { TokenRecord } from "../stores/store.js";
import type { TokenUnavailable } from "./call.js";
import { type FirstStep, firstStep } from "./policy.js";
import type { RenewalRequest } from "./renewal.js";

/** After a lost answer nobody shows the refresh token again for this long, then twice as long, up to a minute. */
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** What documents need whose tokens are refreshed: what comes first, and what comes of a lost answer. */
export const refresh = { firstStep, pauseAfter, afterUnavailable } as const;

/** Where nothing mends a lost answer, showing the refresh token again is spaced out; elsewhere it costs nothing. */
async function pauseAfter({ acted }: TokenUnavailable, begun: TokenRecord, request: RenewalRequest): Promise<number> {
  if (acted === "no" || begun.intent?.refreshToken === undefined) return 0;
  const next = await nextStep(begun, request);
  const isSpaced = next === "hold" || next === "again" || next === "lost";
  return isSpaced ? Math.min(PAUSE_MS * 2 ** begun.intent.presented, LONGEST_PAUSE_MS) : 0;
}

async function nextStep(record: TokenRecord, { definition, caller, canObtain, journal }: RenewalRequest): Promise<FirstStep> {
  return firstStep(record, definition, { now: caller.engine.now(), storeNow: await journal.now() }, canObtain);
}

/** After a lost answer, what the document allows to be done at once; nothing while the service is merely down or slow. */
async function afterUnavailable(
  { acted, status, reason, operationId }: TokenUnavailable,
  record: TokenRecord,
  taken: Set<string>,
  request: RenewalRequest,
): Promise<RenewalRole | undefined> {
  if (acted === "no" || status !== undefined || reason === "TimeoutError" || record.intent?.role !== "refresh")
    return undefined;
  const { scheme, caller } = request;
  const next = await nextStep(record, request);
  caller.engine.emit({ type: "answer-lost", scheme, operationId, next });
  if (next === "hold" || next === "again" || next === "lost" || taken.has(`lost to ${next}`)) return undefined;
  taken.add(`lost to ${next}`);
  return next;
}
