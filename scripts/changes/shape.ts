/** What a schema says of a value, with its references followed and its `allOf` put together. */

import { follow, member, members, type Node } from "../spec/node.js";
import { isObject, type Json, join, list, object } from "../spec/pointer.js";

/** Whatever references are looked up in. */
export interface Rooted {
  readonly root: unknown;
}

export interface Member {
  readonly node: Node;
  readonly isRequired: boolean;
}

export interface Shape {
  /** JSON Schema's types, `null` left out; `undefined` is any. */
  readonly types: ReadonlySet<string> | undefined;
  readonly isNullable: boolean;
  /** Of `enum` and `const`, as JSON; `undefined` when any value will do. */
  readonly values: ReadonlySet<string> | undefined;
  readonly members: ReadonlyMap<string, Member>;
  /** The names of all members that must be there, also of those that nothing describes. */
  readonly required: ReadonlySet<string>;
  /** What members whose names match may be, by the pattern. */
  readonly patterns: ReadonlyMap<string, Node>;
  /** What other members may be: a schema, anything, or nothing. */
  readonly additional: Node | boolean;
  /** What the first items may be, each by its place. */
  readonly prefix: readonly Node[];
  /** What all other items may be: a schema, anything, or nothing. */
  readonly items: Node | boolean;
  /** The alternatives of `oneOf` and `anyOf`; none when there is no choice. */
  readonly alternatives: readonly Node[];
  readonly discriminator: string | undefined;
  /** `format`, by itself since it says what kind of value it is. */
  readonly format: string | undefined;
  /** Bounds and patterns, by their keywords. */
  readonly limits: ReadonlyMap<string, unknown>;
  /** What must hold besides and changes no type, by what it says of the value. */
  readonly conditions: ReadonlyMap<string, readonly Condition[]>;
  /** The members that must be there where another one is, by its name. */
  readonly dependent: ReadonlyMap<string, ReadonlySet<string>>;
  /** As JSON. */
  readonly default: string | undefined;
}

/** The schemas of a condition by their keywords: one, or `if` with `then` and `else`. */
export type Condition = ReadonlyMap<string, Node>;

/** How many schemas an `allOf` may be made of, and how deep; more is cut off rather than followed for ever. */
const MAX_PARTS = 1000;

/** The shape of the value at a node; a dangling reference and a schema that is none allow anything. */
export function shapeOf(document: Rooted, node: Node): Shape {
  const parts = partsOf(document, node);
  const schemas = parts.map(({ value }) => object(value));
  const own = object(parts[0]?.value);
  const types = intersection(schemas.map(typesOf));
  const alternatives = parts.flatMap((part) => [...alternativesOf(part, "oneOf"), ...alternativesOf(part, "anyOf")]);
  const real = alternatives.filter((alternative) => !isNull(follow(document, alternative)?.value));
  // One alternative is no choice: `anyOf: [X, {type: "null"}]` is how OpenAPI 3.1 says that X may be null.
  return {
    types,
    isNullable: isNullable(own, schemas) || real.length < alternatives.length,
    values: intersection(schemas.map(valuesOf)),
    members: membersOf(parts),
    required: requiredOf(parts),
    patterns: patternsOf(parts),
    additional: othersOf(parts, "additionalProperties", "unevaluatedProperties"),
    prefix: prefixOf(parts),
    items: othersOf(parts, "items", "unevaluatedItems"),
    alternatives: real,
    discriminator: firstText(schemas.map(({ discriminator }) => object(discriminator)["propertyName"])),
    format: firstText(schemas.map(({ format }) => format)),
    limits: limitsOf(schemas),
    conditions: conditionsOf(parts),
    dependent: dependentOf(schemas),
    default: schemas.flatMap((schema) => ("default" in schema ? [JSON.stringify(schema["default"])] : []))[0],
  };
}

/** The schemas that all hold for a value, the one at the node first. */
function partsOf(document: Rooted, node: Node): Node[] {
  const parts: Node[] = [];
  const seen = new Set<unknown>();
  const waiting: Node[] = [node];
  for (let next = waiting.shift(); next !== undefined && parts.length < MAX_PARTS; next = waiting.shift()) {
    if (!isObject(next.value) || seen.has(next.value)) continue;
    seen.add(next.value);
    parts.push(next);
    const all = list(next.value["allOf"]).map((value, index) => ({ pointer: join(next.pointer, "allOf", index), value }));
    const target = "$ref" in next.value ? follow(document, next) : undefined;
    waiting.unshift(...(target === undefined ? [] : [target]), ...all);
  }
  return parts;
}

/** What stands beside a reference and matters to nobody but readers. */
const WORDS = new Set(["$ref", "summary", "description", "deprecated", "title", "example", "examples"]);

/** The node behind a schema's references, unless something stands beside them that holds as well. */
export function schemaNode(document: Rooted, node: Node): Node {
  const isPlain = isObject(node.value) && Object.keys(node.value).every((name) => WORDS.has(name) || name.startsWith("x-"));
  return (isPlain && follow(document, node)) || node;
}

function typesOf(schema: Json): ReadonlySet<string> | undefined {
  const { type } = schema;
  const stated = typeof type === "string" ? [type] : list(type).filter((one) => typeof one === "string");
  const named = stated.filter((one) => one !== "null");
  if (named.length > 0) return new Set(named);
  if (isObject(schema["properties"])) return new Set(["object"]);
  return isObject(schema["items"]) || prefixIn(schema).length > 0 ? new Set(["array"]) : undefined;
}

function isNullable(own: Json, schemas: readonly Json[]): boolean {
  const says = ({ type, nullable, enum: values, const: one }: Json) =>
    nullable === true || type === "null" || list(type).includes("null") || list(values).includes(null) || one === null;
  if ("type" in own || "nullable" in own || "enum" in own) return says(own);
  const typed = schemas.filter((schema) => "type" in schema || "nullable" in schema || "enum" in schema || "const" in schema);
  return typed.length > 0 && typed.every(says);
}

function isNull(value: unknown): boolean {
  return (
    object(value)["type"] === "null" || (list(object(value)["enum"]).length === 1 && list(object(value)["enum"])[0] === null)
  );
}

function valuesOf(schema: Json): ReadonlySet<string> | undefined {
  const stated = "const" in schema ? [schema["const"]] : schema["enum"];
  if (!Array.isArray(stated) || stated.length === 0) return undefined;
  return new Set(stated.filter((value) => value !== null).map((value) => JSON.stringify(value)));
}

/** The values that all sets have; those that are left out allow everything. */
function intersection(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  const stated = sets.filter((set) => set !== undefined);
  const [one, ...rest] = stated;
  if (one === undefined) return undefined;
  const common = [...one].filter((value) => rest.every((set) => set.has(value) || (value === "integer" && set.has("number"))));
  return new Set(common);
}

function membersOf(parts: readonly Node[]): ReadonlyMap<string, Member> {
  const required = requiredOf(parts);
  const found = new Map<string, Member>();
  for (const { pointer, value } of parts) {
    for (const [name, schema] of Object.entries(object(object(value)["properties"]))) {
      const known = found.get(name)?.node.value;
      // Of several that describe a member, one that says something: `allOf` often repeats a name for its description alone.
      if (known !== undefined && Object.keys(object(known)).some((keyword) => !WORDS.has(keyword) || keyword === "$ref"))
        continue;
      found.set(name, {
        node: { pointer: join(pointer, "properties", name), value: schema },
        isRequired: required.has(name),
      });
    }
  }
  return found;
}

function requiredOf(parts: readonly Node[]): ReadonlySet<string> {
  return new Set(parts.flatMap(({ value }) => list(object(value)["required"]).map(String)));
}

function patternsOf(parts: readonly Node[]): ReadonlyMap<string, Node> {
  // Of several parts with the same pattern the first counts, which is the schema's own.
  return new Map(parts.flatMap((part) => members(member(part, "patternProperties"))).toReversed());
}

/** What is left of the members or items: as their keyword says, or else the one that looks at all parts. */
function othersOf(parts: readonly Node[], keyword: string, unevaluated: string): Node | boolean {
  const stated = (name: string) => parts.map((part) => member(part, name)).find(({ value }) => isSchema(value));
  const found = stated(keyword) ?? stated(unevaluated);
  if (found === undefined) return true;
  if (typeof found.value === "boolean") return found.value;
  return Object.keys(object(found.value)).length === 0 ? true : found;
}

function prefixOf(parts: readonly Node[]): readonly Node[] {
  const found = parts.find(({ value }) => prefixIn(object(value)).length > 0);
  if (found === undefined) return [];
  return prefixIn(object(found.value)).map((value, index) => ({ pointer: join(found.pointer, "prefixItems", index), value }));
}

function prefixIn({ prefixItems }: Json): readonly unknown[] {
  return list(prefixItems);
}

function alternativesOf({ pointer, value }: Node, keyword: "oneOf" | "anyOf"): Node[] {
  return list(object(value)[keyword]).map((one, index) => ({ pointer: join(pointer, keyword, index), value: one }));
}

function firstText(values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === "string");
}

/** The keywords that bound a value. */
const LIMITS = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minContains",
  "maxContains",
  "minProperties",
  "maxProperties",
  "contentEncoding",
  "contentMediaType",
];

function limitsOf(schemas: readonly Json[]): ReadonlyMap<string, unknown> {
  const limits = new Map<string, unknown>();
  for (const schema of schemas) {
    for (const keyword of LIMITS) {
      if (keyword in schema && schema[keyword] !== false && !limits.has(keyword)) limits.set(keyword, schema[keyword]);
    }
  }
  return limits;
}

/** What each condition says of a value, for messages; `if` takes `then` and `else` along. */
const CONDITIONS: Readonly<Record<string, string>> = {
  not: "what it must not be (not)",
  if: "what must hold in one case and in the other (if, then, else)",
  contains: "what must be among its items (contains)",
  propertyNames: "what its members may be called (propertyNames)",
};

function conditionsOf(parts: readonly Node[]): ReadonlyMap<string, readonly Condition[]> {
  const conditions = new Map<string, Condition[]>();
  const add = (label: string, nodes: readonly (readonly [string, Node])[]): void => {
    const condition = new Map(nodes.filter(([, { value }]) => isSchema(value)));
    if (condition.size > 0) conditions.set(label, [...(conditions.get(label) ?? []), condition]);
  };
  for (const part of parts) {
    for (const [keyword, label] of Object.entries(CONDITIONS)) {
      const nodes = (keyword === "if" ? ["if", "then", "else"] : [keyword]).map((one) => [one, member(part, one)] as const);
      // Without a case there is none to tell from another, and without something that must hold in it nothing is held.
      if (keyword !== "if" || (isSchema(nodes[0]?.[1].value) && nodes.slice(1).some(([, { value }]) => isSchema(value)))) {
        add(label, nodes);
      }
    }
    for (const [name, node] of members(member(part, "dependentSchemas"))) {
      add(`what must hold where "${name}" is there (dependentSchemas)`, [["dependentSchemas", node]]);
    }
  }
  return conditions;
}

function dependentOf(schemas: readonly Json[]): ReadonlyMap<string, ReadonlySet<string>> {
  const dependent = new Map<string, ReadonlySet<string>>();
  for (const { dependentRequired } of schemas) {
    for (const [name, names] of Object.entries(object(dependentRequired))) {
      dependent.set(name, new Set([...(dependent.get(name) ?? []), ...list(names).map(String)]));
    }
  }
  return dependent;
}

function isSchema(value: unknown): boolean {
  return isObject(value) || typeof value === "boolean";
}
