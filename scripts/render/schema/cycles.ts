/**
 * Schemas that are made of themselves. `A: B` with `B: A`, or a parent that lists its children in `oneOf` while they name it
 * in `allOf`, or a list of itself, is a type that refers to itself before it is one, which TypeScript refuses. References within
 * properties and additional properties are none of this: they wait until somebody looks.
 */

import { isObject, list, localTarget, tokensOf } from "../../spec/pointer.js";

type Schemas = Readonly<Record<string, unknown>>;

/** Keywords under which stands what a schema is made of. Of a composition a part can be taken out, of a tuple none. */
const COMPOSITIONS: readonly string[] = ["allOf", "anyOf", "oneOf"];
const PARTS: readonly string[] = [...COMPOSITIONS, "prefixItems", "items"];

/** The same schemas, each of which is made of itself no more. */
export function breakCycles(schemas: Schemas): Schemas {
  return withoutLoops(withoutParents(schemas));
}

/** A child takes over what its parent says of itself, instead of the parent with its list of children. */
function withoutParents(schemas: Schemas): Schemas {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    if (!isObject(schema) || !Array.isArray(schema["allOf"])) return [name, schema];
    const allOf = schema["allOf"].map((part) => {
      const parent = referredName(part);
      if (parent === undefined || parent === name || !reaches(schemas, parent, name)) return part;
      const said = schemas[parent];
      if (!isObject(said) || !("oneOf" in said || "anyOf" in said)) return part;
      const { oneOf: _oneOf, anyOf: _anyOf, discriminator: _discriminator, ...own } = said;
      return own;
    });
    return [name, { ...schema, allOf }];
  });
  return Object.fromEntries(entries);
}

/** Each reference that closes a loop is taken out; what is left says less, but says it of a type. */
function withoutLoops(schemas: Schemas): Schemas {
  const result = new Map(Object.entries(schemas));
  const state = new Map<string, "open" | "done">();
  const visit = (name: string): void => {
    if (state.has(name)) return;
    state.set(name, "open");
    const mended = without(result.get(name), (target) => state.get(target) === "open");
    result.set(name, mended);
    for (const next of immediateNames(mended)) visit(next);
    state.set(name, "done");
  };
  for (const name of Object.keys(schemas)) visit(name);
  return Object.fromEntries(result);
}

function without(schema: unknown, isLoop: (name: string) => boolean): unknown {
  if (Array.isArray(schema)) return schema.map((part) => without(part, isLoop));
  if (!isObject(schema)) return schema;
  const name = referredName(schema);
  if (name !== undefined) return isLoop(name) ? {} : schema;
  const keywords = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (!PARTS.includes(keyword)) return [[keyword, value]];
    if (!COMPOSITIONS.includes(keyword)) return [[keyword, without(value, isLoop)]];
    const parts = list(value).filter((part) => !isLoop(referredName(part) ?? ""));
    return parts.length > 0 ? [[keyword, without(parts, isLoop)]] : [];
  });
  return Object.fromEntries(keywords);
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
  if (Array.isArray(schema)) return schema.flatMap(immediateNames);
  if (!isObject(schema)) return [];
  const name = referredName(schema);
  return name === undefined ? PARTS.flatMap((keyword) => immediateNames(schema[keyword])) : [name];
}

/** The key of the schema that a reference leads to. */
function referredName(schema: unknown): string | undefined {
  if (!isObject(schema) || typeof schema["$ref"] !== "string") return undefined;
  return tokensOf(localTarget(schema["$ref"]) ?? "")[2];
}
