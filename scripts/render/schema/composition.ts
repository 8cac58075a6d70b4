/**
 * Compositions in the form in which openapi-typescript types them as JSON Schema means them: every part holds, and what stands
 * beside the parts as well.
 */

import { isObject, type Json, list, object } from "../../spec/pointer.js";

/** Keywords that say something about the type, as opposed to a comment on it or a condition. */
const SAYING = ["$ref", "type", "enum", "const", "properties", "patternProperties", "items", "prefixItems"];
export const COMPOSITIONS = ["allOf", "anyOf", "oneOf"] as const;
/** Keywords that comment on a value, or say which way it goes. */
const ABOUT = ["title", "description", "format", "deprecated", "readOnly", "writeOnly", "default", "example", "examples"];

export function composed(schema: Json): Json {
  return withOwnApart(withoutSilentUnions(withRequiredOfParts(withWordsOfParts(withDiscriminatorOfPart(schema)))));
}

/** A part that tells others apart by a member does so for the whole: they extend that. */
function withDiscriminatorOfPart(schema: Json): Json {
  const parts = list(schema["allOf"]);
  const isTelling = (part: unknown) => isObject(part) && "discriminator" in part && !("oneOf" in part || "anyOf" in part);
  const telling = parts.find(isTelling);
  if (!isObject(telling) || "discriminator" in schema) return schema;
  const { discriminator, ...rest } = telling;
  return { ...schema, discriminator, allOf: parts.map((part) => (part === telling ? rest : part)) };
}

/**
 * A part that only says something about the whole (`allOf: [{ $ref }, { description }]` is how OpenAPI 3.0 describes what it
 * refers to) is no type of its own: what it says, the whole says, unless that says it itself.
 */
function withWordsOfParts(schema: Json): Json {
  const parts = list(schema["allOf"]);
  const words = parts.filter((part) => isObject(part) && Object.keys(part).every((keyword) => ABOUT.includes(keyword)));
  if (words.length === 0) return schema;
  const { allOf: _allOf, ...own } = schema;
  const kept = parts.filter((part) => !words.includes(part));
  return { ...Object.assign({}, ...words), ...own, ...(kept.length > 0 && { allOf: kept }) };
}

/**
 * What a part requires and does not describe itself is required of the whole: of the other parts. One that says no more than
 * that, or that the whole is an object as the others are, is not needed any more.
 */
function withRequiredOfParts(schema: Json): Json {
  const parts = list(schema["allOf"]);
  const isObjectAnyway = parts.some((part) => isObject(part) && ("$ref" in part || "properties" in part));
  const kept = parts.filter((part) => !isObject(part) || !isSilent(part, isObjectAnyway));
  const required = parts.flatMap((part) => (isObject(part) ? requiredOfOthers(part) : []));
  if (required.length === 0 && kept.length === parts.length) return schema;
  const { allOf: _allOf, ...own } = schema;
  const all = [...new Set([...list(schema["required"]), ...required])];
  return { ...own, ...(all.length > 0 && { required: all }), ...(kept.length > 0 && { allOf: kept }) };
}

function isSilent(part: Json, isObjectAnyway: boolean): boolean {
  if ("additionalProperties" in part || "nullable" in part) return false;
  if (!says(part)) return list(part["required"]).length > 0;
  return isObjectAnyway && part["type"] === "object" && !says(without(part, ["type"]));
}

/** A part that is composed itself gives to its own parts what it requires. */
function requiredOfOthers(part: Json): readonly string[] {
  if ("$ref" in part || COMPOSITIONS.some((keyword) => keyword in part)) return [];
  return requiredElsewhere(part);
}

/** Through how many schemas, each a part of the one before, it is looked what they require. */
const DEEPEST = 100;

/** What the schemas of a document require of whatever they are a part of. */
export class Demands {
  readonly #dereference: (value: unknown) => unknown;
  readonly #known = new Map<object, readonly string[]>();
  #depth = 0;

  constructor(dereference: (value: unknown) => unknown) {
    this.#dereference = dereference;
  }

  /** What parts that are referred to require, and describe nowhere: the whole requires it of its other parts. */
  ofReferences(schema: Json): readonly string[] {
    return list(schema["allOf"]).flatMap((part) => ("$ref" in object(part) ? this.#of(part) : []));
  }

  #of(part: unknown): readonly string[] {
    const schema = this.#dereference(part);
    if (!isObject(schema) || this.#depth === DEEPEST) return [];
    const known = this.#known.get(schema);
    if (known !== undefined) return known;
    // What is a part of itself requires nothing more of itself.
    this.#known.set(schema, []);
    this.#depth += 1;
    const required = new Set([...requiredElsewhere(schema), ...list(schema["allOf"]).flatMap((inner) => this.#of(inner))]);
    this.#depth -= 1;
    const described = required.size === 0 ? new Set<string>() : this.#describedBy(schema);
    const demanded = [...required].filter((name) => !described.has(name));
    this.#known.set(schema, demanded);
    return demanded;
  }

  #describedBy(schema: Json): ReadonlySet<string> {
    const names = new Set<string>();
    const reached = new Set<unknown>([schema]);
    for (const one of reached) {
      if (!isObject(one)) continue;
      for (const name of Object.keys(object(one["properties"]))) names.add(name);
      if (reached.size < DEEPEST) for (const part of list(one["allOf"])) reached.add(this.#dereference(part));
    }
    return names;
  }
}

/** The members that a schema requires, and does not describe itself. */
export function requiredElsewhere(schema: Json): readonly string[] {
  const described = object(schema["properties"]);
  return list(schema["required"]).filter((name): name is string => typeof name === "string" && !Object.hasOwn(described, name));
}

/** Alternatives that differ in what they require, or in conditions, have all one type: that of the rest. */
function withoutSilentUnions(schema: Json): Json {
  const silent = ["anyOf", "oneOf"].filter((keyword) => {
    const parts = list(schema[keyword]);
    return parts.length > 0 && parts.every((part) => isObject(part) && !says(part) && !("additionalProperties" in part));
  });
  if (silent.length === 0 || !says(without(schema, silent))) return schema;
  return without(schema, silent);
}

/** The tool takes what stands beside `anyOf` for one more alternative. */
function withOwnApart(schema: Json): Json {
  if (list(schema["anyOf"]).length === 0 || "discriminator" in schema) return schema;
  const { anyOf, title, description, deprecated, nullable, default: preset, example, readOnly, writeOnly, ...own } = schema;
  if (!says(own)) return schema;
  // That the whole is an object says no more than alternatives that say what they are.
  const isSaid = own["type"] === "object" && list(anyOf).every((part) => isObject(part) && says(part));
  if (isSaid && !says(without(own, ["type"]))) return without(schema, ["type"]);
  const about = { title, description, deprecated, nullable, default: preset, example, readOnly, writeOnly };
  const stated = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  return { ...stated, allOf: [own, { anyOf }] };
}

/** Whether a schema says anything of the type. */
export function says(schema: Json): boolean {
  return [...SAYING, ...COMPOSITIONS].some((keyword) => keyword in schema);
}

function without(schema: Json, keywords: readonly string[]): Json {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
