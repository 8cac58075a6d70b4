/** Which operation a request asks for. */

import type { DocumentedOperation } from "./document.js";

export type Route =
  | { readonly kind: "found"; readonly operation: DocumentedOperation; readonly parameters: ReadonlyMap<string, string> }
  | { readonly kind: "unknown-path" }
  | { readonly kind: "malformed-path" }
  | { readonly kind: "wrong-method"; readonly allow: readonly string[] };

/** Finds the operation for a method and a path as it came over the wire, still percent-encoded. */
export type Router = (method: string, path: string) => Route;

interface PathTemplate {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly rank: string;
  readonly operations: Map<string, DocumentedOperation>;
}

/** A router over the operations; where several templates match, the one with the earliest literal segment wins. */
export function createRouter(operations: readonly DocumentedOperation[]): Router {
  const byPath = new Map<string, PathTemplate>();
  for (const operation of operations) {
    const template = byPath.get(operation.path) ?? compile(operation.path);
    template.operations.set(operation.method.toUpperCase(), operation);
    byPath.set(operation.path, template);
  }
  const templates = [...byPath.values()].sort((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0));

  return (method, path) => {
    const allow = new Set<string>();
    for (const template of templates) {
      const match = template.pattern.exec(path);
      if (match === null) continue;
      const operation = template.operations.get(method);
      if (operation === undefined) {
        for (const other of template.operations.keys()) allow.add(other);
        continue;
      }
      const values = match.slice(1).map(decode);
      if (values.includes(undefined)) return { kind: "malformed-path" };
      const parameters = new Map(template.names.map((name, index) => [name, values[index] ?? ""]));
      return { kind: "found", operation, parameters };
    }
    return allow.size > 0 ? { kind: "wrong-method", allow: [...allow] } : { kind: "unknown-path" };
  };
}

const TEMPLATE_PART = /\{([^}]*)\}/g;

function compile(path: string): PathTemplate {
  const names = [...path.matchAll(TEMPLATE_PART)].map(([, name]) => name ?? "");
  const source = path
    .split(TEMPLATE_PART)
    .map((part, index) => (index % 2 === 1 ? "([^/]+)" : literally(part)))
    .join("");
  return {
    pattern: new RegExp(`^${source}$`),
    names,
    // A literal segment sorts before one with a template in it, segment by segment.
    rank: path
      .split("/")
      .map((segment) => (segment.includes("{") ? "1" : "0"))
      .join(""),
    operations: new Map(),
  };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function literally(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
