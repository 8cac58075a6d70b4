/** Which operation became which, and what that means for whoever calls it. */

import type { NamedOperation } from "../../src/lifecycle/operations.js";
import type { Document } from "../spec/document.js";
import { compareBodies } from "./bodies.js";
import type { Finding } from "./change.js";
import type { Findings } from "./findings.js";
import { compareCallbacks } from "./incoming.js";
import { compareParameters } from "./parameters.js";
import { compareResponses } from "./responses.js";
import type { Schemas } from "./schemas.js";
import { compareSecurity } from "./security.js";

/** What the comparison of two operations works with. */
export interface Comparison {
  readonly before: Document;
  readonly after: Document;
  readonly schemas: Schemas;
}

/** One operation, before and now, and where to tell what is different. */
export interface OperationPair extends Comparison {
  readonly old: NamedOperation;
  readonly present: NamedOperation;
  /** How messages call it: the name of the method now. */
  readonly name: string;
  readonly say: (finding: Finding) => void;
}

export function compareOperations(
  before: readonly NamedOperation[],
  after: readonly NamedOperation[],
  comparison: Comparison,
  findings: Findings,
): void {
  const { matched, removed, added } = matchOperations(before, after);
  for (const old of removed) {
    const message = `${label(old)} is gone`;
    findings.add({ kind: "operation-removed", impact: "breaking", message, pointer: old.pointer, part: "key" }, old.name);
  }
  for (const present of added) {
    const message = `${label(present)} is new`;
    findings.add({ kind: "operation-added", impact: "safe", message, pointer: present.pointer, part: "key" }, present.name);
  }
  for (const [old, present] of matched) {
    const say = (finding: Finding): void => findings.add(finding, present.name);
    const pair: OperationPair = { ...comparison, old, present, name: present.name, say };
    compareAddress(pair);
    compareSecurity(pair);
    compareParameters(pair);
    compareBodies(pair);
    compareResponses(pair);
    compareCallbacks(pair);
  }
}

/**
 * An operation is the same when it kept its name and its address, or else its name, or else its address; of an address, the
 * names of path parameters count last.
 */
function matchOperations(before: readonly NamedOperation[], after: readonly NamedOperation[]) {
  const matched = new Map<NamedOperation, NamedOperation>();
  let removed = before;
  let added = after;
  const identities: ((operation: NamedOperation) => string)[] = [
    (operation) => `${operation.name} ${address(operation)}`,
    ({ name }) => name,
    address,
    (operation) => address(operation).replace(/\{[^{}]*\}/g, "{}"),
  ];
  for (const identity of identities) {
    const waiting = new Map(added.toReversed().map((operation) => [identity(operation), operation]));
    for (const old of removed) {
      const present = waiting.get(identity(old));
      if (present === undefined) continue;
      waiting.delete(identity(old));
      matched.set(old, present);
    }
    const taken = new Set(matched.values());
    removed = removed.filter((operation) => !matched.has(operation));
    added = added.filter((operation) => !taken.has(operation));
  }
  return { matched, removed, added };
}

function compareAddress({ old, present, name, say }: OperationPair): void {
  const at = { pointer: present.pointer, part: "key" } as const;
  if (old.name !== present.name) {
    say({ kind: "operation-renamed", impact: "breaking", message: `${name} was called ${old.name}`, ...at });
  }
  if (address(old) !== address(present)) {
    const message = `${name} is now ${address(present)}, and was ${address(old)}`;
    say({ kind: "operation-moved", impact: "breaking", message, ...at });
  }
  const [was, is] = [old, present].map(({ operation }) => operation["deprecated"] === true);
  if (was === is) return;
  const message = is ? `${name} is now deprecated` : `${name} is no longer deprecated`;
  say({ kind: is ? "operation-deprecated" : "operation-reinstated", impact: "safe", message, ...at });
}

function label(operation: NamedOperation): string {
  return `${operation.name} (${address(operation)})`;
}

function address({ method, path }: NamedOperation): string {
  return `${method.toUpperCase()} ${path}`;
}
