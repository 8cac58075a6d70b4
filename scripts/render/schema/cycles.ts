/**
 * Schemas that are made of themselves. `A: B` with `B: A`, or a parent that lists its children in `oneOf` while they name it
 * in `allOf`, is a type that refers to itself before it is one, which TypeScript refuses. References within properties, items
 * and additional properties are none of this: they wait until somebody looks.
 */

import { isObject, type Json, list, localTarget, tokensOf } from "../../spec/pointer.js";

type Schemas = Readonly<Record<string, unknown>>;

const COMPOSITIONS = ["allOf", "anyOf", "oneOf"] as const;

/** The same schemas, each of which is made of itself no more. */
export function breakCycles(schemas: Schemas): Schemas {
  return withoutLoops(withoutParents(schemas));
}

/** A child takes over what its parent says of itself, instead of the parent with its list of children. */
function withoutParents(schemas: Schemas): Schemas {
  return mapMembers(schemas, (name, schema) => {
    if (!isObject(schema) || !Array.isArray(schema["allOf"])) return schema;
    const allOf = schema["allOf"].map((part) => {
      const parent = referredName(part);
      if (parent === undefined || parent === name || !reaches(schemas, parent, name)) return part;
      const said = schemas[parent];
      if (!isObject(said) || !("oneOf" in said || "anyOf" in said)) return part;
      const { oneOf: _oneOf, anyOf: _anyOf, discriminator: _discriminator, ...own } = said;
      return own;
    });
    return { ...schema, allOf };
  });
}

/** Each reference that closes a loop is taken out; what is left says less, but says it of a type. */
function withoutLoops(schemas: Schemas): Schemas {
  const result: Record<string, unknown> = { ...schemas };
  const state = new Map<string, "open" | "done">();
  const visit = (name: string): void => {
    if (state.has(name)) return;
    state.set(name, "open");
    result[name] = without(result[name], (target) => state.get(target) === "open");
    for (const next of immediateNames(result[name])) visit(next);
    state.set(name, "done");
  };
  for (const name of Object.keys(schemas)) visit(name);
  return result;
}

function without(schema: unknown, isLoop: (name: string) => boolean): unknown {
  if (!isObject(schema)) return schema;
  const name = referredName(schema);
  if (name !== undefined) return isLoop(name) ? {} : schema;
  const kept = COMPOSITIONS.flatMap((keyword) => {
    const parts = list(schema[keyword]).filter((part) => !isLoop(referredName(part) ?? ""));
    return parts.length > 0 ? [[keyword, parts.map((part) => without(part, isLoop))] as const] : [];
  });
  const { allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
  return { ...rest, ...Object.fromEntries(kept) };
}

function reaches(schemas: Schemas, from: string, to: string): boolean {
  const seen = new Set<string>();
  const stack = [from];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const next = immediateNames(schemas[name]);
    if (next.includes(to)) return true;
    stack.push(...next);
  }
  return false;
}

/** The schemas that a schema is made of, as opposed to those that it holds. */
function immediateNames(schema: unknown): string[] {
  if (!isObject(schema)) return [];
  const name = referredName(schema);
  if (name !== undefined) return [name];
  return COMPOSITIONS.flatMap((keyword) => list(schema[keyword]).flatMap(immediateNames));
}

/** The key of the schema that a reference leads to. */
function referredName(schema: unknown): string | undefined {
  if (!isObject(schema) || typeof schema["$ref"] !== "string") return undefined;
  return tokensOf(localTarget(schema["$ref"]) ?? "")[2];
}

function mapMembers(members: Json, map: (name: string, value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, map(name, value)]));
}
