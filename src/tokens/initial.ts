/** Outputs that the caller holds already, taken up into the record of a slot. */

import type { SecurityScheme } from "../lifecycle/contract.js";
import { parseTemplate, resolveTemplate } from "../lifecycle/expression.js";
import { expiresAt } from "../lifecycle/time.js";
import { inputNames } from "../lifecycle/value.js";
import type { TokenRecord } from "../stores/store.js";
import { digest } from "./digest.js";
import type { Caller } from "./engine.js";

/** How many outputs of callers a slot remembers to have taken up, so that none is shown twice. */
const MOST_SEEDS = 16;

/** Takes up each output of the caller's once: a newer one of the slot itself is never overwritten. */
export async function takeUpInitial(record: TokenRecord, definition: SecurityScheme, caller: Caller): Promise<TokenRecord> {
  let seeded = record;
  for (const [output, expression] of Object.entries(definition.initial ?? {})) {
    const value = resolveTemplate(parseTemplate(expression), { inputs: await caller.inputs.read(inputNames([expression])) });
    if (value === undefined) continue;
    const seed = await digest(String(value));
    const taken = seeded.seeds?.[output] ?? [];
    if (taken.includes(seed)) continue;
    const { usesLeft, refused, intent, ...facts } = seeded;
    const others =
      output === "refreshToken" ? {} : { ...(usesLeft !== undefined && { usesLeft }), ...(refused && { refused }) };
    seeded = {
      ...facts,
      ...others,
      ...(intent !== undefined && output !== "refreshToken" && { intent }),
      outputs: { ...seeded.outputs, [output]: value },
      ...(output === "accessToken" && begun(seeded, value, definition, caller)),
      seeds: { ...seeded.seeds, [output]: [...taken, seed].slice(-MOST_SEEDS) },
    };
  }
  return seeded;
}

/** What an access token that the caller holds begins: another generation, which ends when the token itself says so. */
function begun(
  { generation, expires }: TokenRecord,
  token: unknown,
  definition: SecurityScheme,
  { engine }: Caller,
): Pick<TokenRecord, "generation" | "obtainedAt" | "expires"> {
  const obtainedAt = engine.now();
  const { accessToken: _before, ...others } = expires;
  // No answer tells of it, and nobody knows how long ago it was issued.
  const rules = definition.expires?.["accessToken"]?.filter((rule) => "claim" in rule) ?? [];
  const end = expiresAt(rules, token, obtainedAt, {}, engine.features.functions);
  return { generation: generation + 1, obtainedAt, expires: { ...others, ...(end !== undefined && { accessToken: end }) } };
}
