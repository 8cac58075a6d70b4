/** A second factor and the like: the person is asked, by the client's `onChallenge`. */

import { TokenError } from "../errors.js";
import type { TokenFailure } from "./call.js";
import type { Caller, ChallengeFacts } from "./engine.js";

/** How often a person is asked within one renewal. */
const MOST_CHALLENGES = 5;

/**
 * Asks for what answers a challenge.
 *
 * @param attempt counts from 1 within one renewal.
 * @returns further inputs, with which the same call is made again.
 * @throws {TokenError} `challenge` when nobody answers it.
 */
export async function askPerson(
  { operationId, status, body }: TokenFailure,
  attempt: number,
  scheme: string,
  caller: Caller,
): Promise<Readonly<Record<string, unknown>>> {
  const challenge: ChallengeFacts = { scheme, operationId, status, body, attempt };
  caller.engine.emit({ type: "challenge", scheme, operationId, status, attempt });
  const next = caller.onChallenge === undefined ? "hand in onChallenge" : `onChallenge was asked ${MOST_CHALLENGES} times`;
  const error = new TokenError(
    "challenge",
    `${scheme}: ${operationId} answered ${status}: a person must act first; ${next}`,
    { scheme, operationId, status },
    challenge,
  );
  if (caller.onChallenge === undefined || attempt > MOST_CHALLENGES) throw error;
  const answer = await caller.onChallenge(challenge);
  if (typeof answer !== "object" || answer === null) throw error;
  return answer as Readonly<Record<string, unknown>>;
}
