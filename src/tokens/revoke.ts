/** The end of a grant at the service (RFC 7009, or as the document says), written down before and after. */

import { TokenError } from "../errors.js";
import type { SecurityScheme } from "../lifecycle/contract.js";
import type { TokenRecord } from "../stores/store.js";
import { performTokenOperation } from "./call.js";
import type { Caller } from "./engine.js";
import { type Journal, orUndefinedIfSuperseded } from "./journal.js";

interface Revocation {
  readonly scheme: string;
  readonly revoke: NonNullable<SecurityScheme["revoke"]>;
  readonly journal: Journal;
  /** As it stands, leased by nobody else. */
  readonly record: TokenRecord;
  readonly caller: Caller;
}

interface Revoked {
  readonly operationId: string;
  /** Without what was ended. */
  readonly record: TokenRecord;
}

/**
 * @returns nothing when others have moved on, so that nothing was sent.
 * @throws {TokenError} when the service did not revoke; the tokens are kept.
 */
export async function revokeGrant({ scheme, revoke, journal, record, caller }: Revocation): Promise<Revoked | undefined> {
  const operationId = "steps" in revoke ? scheme : revoke.operationId;
  const begun = await journal.begin("revoke", operationId, record).catch(orUndefinedIfSuperseded);
  if (begun === undefined) return undefined;
  const answer = await performTokenOperation(revoke, { scheme, outputs: record.outputs }, caller).catch(
    async (error: unknown) => {
      await journal.release(begun, "no");
      throw error;
    },
  );
  if (answer.kind !== "success") {
    await journal.release(begun, "no");
    const { status } = answer;
    const code = answer.kind === "unavailable" ? "unavailable" : "renewal-failed";
    const message = `${scheme}: ${operationId} did not revoke (${status ?? "no answer"}); the tokens are kept`;
    throw new TokenError(code, message, { scheme, operationId, status });
  }
  const outputs = Object.fromEntries(Object.entries(record.outputs).filter(([output]) => !revoke.ends.includes(output)));
  return { operationId, record: await journal.keep({ ...begun, outputs, ended: true }, begun, true) };
}
