/** What a JSON Schema says of the value at a JSON Pointer, through references and combinations. */

import { at } from "../../src/lifecycle/expression.js";
import type { Document } from "../spec/document.js";
import { items, member, members, type Node } from "../spec/node.js";
import { isObject, join, list, localTarget, tokensOf } from "../spec/pointer.js";

/** What a pointer leads to. */
export type Lookup =
  /** To these schemas, each of them a description of the same value; to none when anything may stand there. */
  | { readonly found: true; readonly schemas: readonly Node[] }
  /** Nowhere: the value at `parent` has the members `known`, and `member` is none of them. */
  | { readonly found: false; readonly parent: string; readonly member: string; readonly known: readonly string[] };

/** Follows a pointer into a schema. It is found when at least one alternative of the schema describes it. */
export function lookUp(document: Document, schema: Node, pointer: string): Lookup {
  let schemas: readonly Node[] = [schema];
  let parent = "";
  for (const token of tokensOf(pointer)) {
    if (schemas.some((one) => isOpen(document, one))) return { found: true, schemas: [] };
    const parts = schemas.flatMap((one) => partsOf(document, one));
    const next = parts.flatMap((part) => memberSchemas(part, token));
    if (next.length === 0) return { found: false, parent, member: token, known: knownMembers(parts) };
    schemas = next;
    parent = join(parent, token);
  }
  return { found: true, schemas: schemas.flatMap((one) => partsOf(document, one)) };
}

/** A schema and every schema that it combines to describe the same value: references, `allOf`, `oneOf`, `anyOf` and the like. */
export function partsOf(document: Document, schema: Node, seen = new Set<string>()): Node[] {
  if (seen.has(schema.pointer)) return [];
  seen.add(schema.pointer);
  const combined = [...COMBINATIONS, ...BRANCHES].flatMap((name) => items(member(schema, name)));
  return [schema, ...[...referred(document, schema), ...combined].flatMap((part) => partsOf(document, part, seen))];
}

/** Whether a schema leaves open what a value is made of: it names no members, and no alternative of it does. */
export function isOpen(document: Document, schema: Node, seen = new Set<string>()): boolean {
  if (seen.has(schema.pointer)) return true;
  const further = new Set(seen).add(schema.pointer);
  const { value } = schema;
  if (!isObject(value)) return value === true;
  if (CONSTRAINING.some((name) => name in value)) return false;
  const types = typesOf([schema]);
  if (types !== undefined && !types.has("object") && !types.has("array")) return false;
  const isOpenPart = (part: Node) => isOpen(document, part, further);
  const alternatives = ["oneOf", "anyOf"].map((name) => items(member(schema, name))).filter((parts) => parts.length > 0);
  return (
    [...referred(document, schema), ...items(member(schema, "allOf"))].every(isOpenPart) &&
    alternatives.every((parts) => parts.some(isOpenPart))
  );
}

/** The schemas that one schema has for a member or an item; none when it does not describe it. */
export function memberSchemas(schema: Node, name: string): Node[] {
  const named = member(member(schema, "properties"), name);
  if (named.value !== undefined) return [named];
  // The patterns are the document's own, and may take for ever to match: each of them counts as one that does.
  const patterned = members(member(schema, "patternProperties"));
  if (patterned.length > 0) return patterned.map(([, node]) => node);
  if (/^\d+$/.test(name)) {
    const item = items(member(schema, "prefixItems"))[Number(name)] ?? member(schema, "items");
    if (item.value !== undefined) return [item];
  }
  const others = member(schema, "additionalProperties");
  return others.value === undefined || others.value === false ? [] : [others];
}

/** The names that schemas have for the members of the value that they describe. */
export function knownMembers(schemas: readonly Node[]): string[] {
  return [...new Set(schemas.flatMap((schema) => members(member(schema, "properties")).map(([name]) => name)))];
}

/** The JSON types that schemas of one value allow, `integer` apart from `number`; nothing when they do not say. */
export function typesOf(schemas: readonly Node[]): ReadonlySet<string> | undefined {
  const types = schemas.flatMap(({ value }) => {
    if (!isObject(value)) return [];
    if (value["type"] !== undefined) return items({ pointer: "", value: value["type"] }).map((type) => String(type.value));
    return ("const" in value ? [value["const"]] : list(value["enum"])).map(typeOf);
  });
  return types.length === 0 ? undefined : new Set(types);
}

export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}

const COMBINATIONS = ["allOf", "oneOf", "anyOf"];
const BRANCHES = ["then", "else"];
const CONSTRAINING = [
  "properties",
  "patternProperties",
  "additionalProperties",
  "items",
  "prefixItems",
  "enum",
  "const",
  ...BRANCHES,
];

/** What a schema refers to. In OpenAPI 3.1 the keywords beside a reference hold as well, so that it is one part of two. */
export function referred({ root }: Document, { value }: Node): Node[] {
  const reference = isObject(value) ? value["$ref"] : undefined;
  const pointer = typeof reference === "string" ? localTarget(reference) : undefined;
  const target = pointer === undefined ? undefined : at(root, pointer);
  return pointer === undefined || target === undefined ? [] : [{ pointer, value: target }];
}
