/** The credentials that an operation asks for, before and now. */

import type { Document } from "../spec/document.js";
import { isObject, type Json, join, list, object } from "../spec/pointer.js";
import type { OperationPair } from "./operations.js";

/** The alternatives, by the names of their schemes; `""` is a call without credentials. */
type Alternatives = ReadonlyMap<string, Json>;

export function compareSecurity({ before, after, old, present, say }: OperationPair): void {
  const [was, is] = [alternativesOf(before, old.operation), alternativesOf(after, present.operation)];
  const isOwn = present.operation["security"] !== undefined;
  const pointer = isOwn ? join(present.pointer, "security") : "/security";
  const gone = [...was.keys()].filter((schemes) => !is.has(schemes));
  const fresh = [...is.keys()].filter((schemes) => !was.has(schemes));
  if (was.has("") && !is.has("")) {
    const message = `credentials are required now: ${inWords(fresh.length > 0 ? fresh : [...is.keys()])}`;
    say({ kind: "security-added", impact: "breaking", message, pointer });
    return;
  }
  if (is.has("") && !was.has("")) {
    say({ kind: "security-removed", impact: "safe", message: "no credentials are required any more", pointer });
    return;
  }
  if (gone.length > 0) {
    const message = `${inWords(gone)} will not do any more${fresh.length > 0 ? `, but ${inWords(fresh)}` : ""}`;
    say({ kind: "security-changed", impact: "breaking", message, pointer });
  } else if (fresh.length > 0) {
    say({ kind: "security-changed", impact: "safe", message: `${inWords(fresh)} will do as well`, pointer });
  }
  for (const [schemes, scopes] of was) compareScopes(scopes, is.get(schemes), (finding) => say({ ...finding, pointer }));
}

function compareScopes(
  before: Json,
  after: Json | undefined,
  say: (finding: { kind: "security-scopes"; impact: "risky" | "safe"; message: string }) => void,
): void {
  for (const [scheme, scopes] of Object.entries(after ?? {})) {
    const [old, present] = [new Set(list(before[scheme]).map(String)), new Set(list(scopes).map(String))];
    const fresh = [...present].filter((scope) => !old.has(scope));
    const gone = [...old].filter((scope) => !present.has(scope));
    const [more, fewer] = [fresh, gone].map((some) => `scope${some.length === 1 ? "" : "s"} ${some.join(", ")}`);
    if (fresh.length > 0) say({ kind: "security-scopes", impact: "risky", message: `${scheme} has to have the ${more}` });
    if (gone.length > 0)
      say({ kind: "security-scopes", impact: "safe", message: `${scheme} need not have the ${fewer} any more` });
  }
}

function alternativesOf(document: Document, operation: Json): Alternatives {
  const stated = list(operation["security"] ?? object(document.root)["security"]).filter(isObject);
  const alternatives = new Map(stated.map((requirement) => [Object.keys(requirement).sort().join(" and "), requirement]));
  return alternatives.size === 0 ? new Map([["", {}]]) : alternatives;
}

function inWords(alternatives: readonly string[]): string {
  return alternatives.filter((schemes) => schemes !== "").join(", or ");
}
