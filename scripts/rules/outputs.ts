/** What the calls of a lifecycle bring. */

import type { TokenRole } from "../../src/lifecycle/contract.js";
import { object } from "../spec/pointer.js";
import type { WrittenScheme } from "./schemes.js";

/** Where an output comes from: a call, or the caller. */
export type Source = TokenRole | "initial";

/**
 * The outputs of a slot, each with its sources. Of a chain the outputs of the last step count. Nothing when the scheme is
 * too malformed to be read.
 */
export function outputsOf({ lifecycle, read }: WrittenScheme): ReadonlyMap<string, ReadonlySet<Source>> | undefined {
  if (lifecycle === undefined) return new Map();
  if (read === undefined) return undefined;
  const sources = new Map<string, Set<Source>>();
  const add = (names: object, source: Source) => {
    for (const name of Object.keys(names)) sources.set(name, (sources.get(name) ?? new Set()).add(source));
  };
  add(object(lifecycle.value["initial"]), "initial");
  for (const role of ["obtain", "refresh", "recover"] as const) {
    const operation = read[role];
    const last = operation && ("steps" in operation ? operation.steps.at(-1) : operation);
    add(last?.outputs ?? {}, role);
  }
  return sources;
}
