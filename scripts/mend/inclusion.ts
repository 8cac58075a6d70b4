/** Only the operations that are wanted and those that the lifecycles of tokens call, and the components that these need. */

import { at } from "../../src/lifecycle/expression.js";
import { HTTP_METHODS } from "../../src/lifecycle/operations.js";
import type { Diagnostic } from "../diagnostics.js";
import { suggest } from "../nearest.js";
import type { Document } from "../spec/document.js";
import { type Json, list, localTarget, object } from "../spec/pointer.js";
import { withoutUnreached } from "./reachable.js";

/** Operations that one of the lists names; all when every list is empty. */
export interface Wanted {
  readonly tags: readonly string[];
  /** As in the document; `*` stands for any part. */
  readonly paths: readonly string[];
  /** `*` stands for any part. */
  readonly operationIds: readonly string[];
}

/** A name that no operation has is an error: it would leave out silently what somebody wanted. */
export function includeOperations(
  document: Document,
  wanted: Wanted,
): { document: Document; diagnostics: readonly Diagnostic[] } {
  const { tags, paths, operationIds } = wanted;
  if (tags.length + paths.length + operationIds.length === 0) return { document, diagnostics: [] };
  const root = object(document.root);
  const called = calledIds(root, document);
  const seen = { tag: new Set<string>(), path: new Set<string>(), operationId: new Set<string>() };
  const [isPath, isOperation] = [globs(paths), globs(operationIds)];
  const keeps = (path: string, value: unknown): boolean => {
    const operation = object(value);
    const id = String(operation["operationId"]);
    const own = list(operation["tags"]).map(String);
    seen.path.add(path);
    seen.operationId.add(id);
    for (const tag of own) seen.tag.add(tag);
    return called.has(id) || isPath(path) || isOperation(id) || own.some((tag) => tags.includes(tag));
  };
  const kept = Object.entries(object(root["paths"])).flatMap(([path, stated]): [string, Json][] => {
    const item = object(document.dereference(stated));
    const members = Object.entries(item).flatMap(([name, value]): [string, unknown][] => {
      if (HTTP_METHODS.some((method) => method === name)) return keeps(path, value) ? [[name, value]] : [];
      if (name !== "additionalOperations") return [[name, value]];
      return [[name, Object.fromEntries(Object.entries(object(value)).filter(([, operation]) => keeps(path, operation)))]];
    });
    const isEmpty = !members.some(([name, value]) => HTTP_METHODS.some((method) => method === name) || hasMembers(name, value));
    return isEmpty ? [] : [[path, Object.fromEntries(members)]];
  });
  const missing = [
    ...unmatched("tag", tags, seen.tag),
    ...unmatched("path", paths, seen.path),
    ...unmatched("operationId", operationIds, seen.operationId),
  ];
  const place = { ...document.locate("/paths", "key"), pointer: "/paths" };
  return {
    document: { ...document, root: withoutUnreached({ ...root, paths: Object.fromEntries(kept) }) },
    diagnostics: missing.map((said): Diagnostic => ({ rule: "include", severity: "error", ...said, ...place })),
  };
}

function hasMembers(name: string, value: unknown): boolean {
  return name === "additionalOperations" && Object.keys(object(value)).length > 0;
}

function unmatched(kind: string, wanted: readonly string[], known: ReadonlySet<string>) {
  const isKnown = (text: string) => [...known].some(globs([text]));
  return wanted
    .filter((text) => !isKnown(text))
    .map((text) => {
      const hint = suggest(text, known);
      return {
        message: `no operation has the ${kind} "${text}" that is to be included`,
        ...(hint !== undefined && { hint }),
      };
    });
}

/** The operations that lifecycles name, wherever in them. */
function calledIds(root: Json, document: Document): ReadonlySet<string> {
  const ids = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (name === "operationId" && typeof member === "string") ids.add(member);
      else if (name === "operationRef" && typeof member === "string") {
        ids.add(String(at(root, `${localTarget(member) ?? ""}/operationId`)));
      } else walk(member);
    }
  };
  for (const scheme of Object.values(object(object(root["components"])["securitySchemes"]))) {
    walk(object(document.dereference(scheme))["x-token-lifecycle"]);
  }
  return ids;
}

function globs(patterns: readonly string[]): (text: string) => boolean {
  const parts = patterns.map((pattern) => pattern.split("*"));
  return (text) => parts.some((part) => matches(text, part));
}

/** Without regular expressions, which a pattern could make slow: each part is found after the one before it. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
