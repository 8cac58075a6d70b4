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
  readonly segments: readonly Segment[];
  readonly names: readonly string[];
  readonly rank: string;
  readonly operations: Map<string, DocumentedOperation>;
}

/** What stands before the first parameter of a segment, between two, and behind the last: one text more than parameters. */
type Segment = readonly string[];

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
      const match = parametersIn(path, template.segments);
      if (match === undefined) continue;
      const operation = template.operations.get(method);
      if (operation === undefined) {
        for (const other of template.operations.keys()) allow.add(other);
        continue;
      }
      const values = match.map(decode);
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
  return {
    segments: segmentsOf(path),
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

function segmentsOf(path: string): Segment[] {
  const segments: string[][] = [[""]];
  for (const [index, part] of path.split(TEMPLATE_PART).entries()) {
    const segment = segments.at(-1)!;
    if (index % 2 === 1) segment.push("");
    else {
      const [first = "", ...others] = part.split("/");
      segment.push(segment.pop() + first);
      for (const literal of others) segments.push([literal]);
    }
  }
  return segments;
}

function parametersIn(path: string, segments: readonly Segment[]): string[] | undefined {
  const texts = path.split("/");
  if (texts.length !== segments.length) return undefined;
  const values = texts.map((text, index) => parametersOf(text, segments[index] ?? []));
  return values.includes(undefined) ? undefined : values.flatMap((some) => some ?? []);
}

/** An earlier parameter takes as much as it can. Read from the end, so that nothing is tried twice whatever is asked for. */
function parametersOf(text: string, segment: Segment): string[] | undefined {
  const [first = "", ...literals] = segment;
  const last = literals.pop();
  if (last === undefined) return text === first ? [] : undefined;
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const values: string[] = [];
  let end = text.length - last.length;
  for (const literal of literals.reverse()) {
    const latest = end - 1 - literal.length;
    const at = latest < 0 ? -1 : text.lastIndexOf(literal, latest);
    if (at < 0) return undefined;
    values.unshift(text.slice(at + literal.length, end));
    end = at;
  }
  return end > first.length ? [text.slice(first.length, end), ...values] : undefined;
}
