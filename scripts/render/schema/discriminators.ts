/**
 * Discriminators as openapi-typescript finds them. It gives each schema the text by which it is told from the others: that of
 * the first discriminator, and here those of all. Where a schema states a constant, an enum or another type for that member
 * itself, the value is one of these.
 */

import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import { isObject, type Json, list, object } from "../../spec/pointer.js";
import { openapiTypescript as tool } from "../tools.js";
import { type Inherited, Lineage } from "./lineage.js";

type Discriminators = GlobalContext["discriminators"];

/** Adds to the schemas the members that tell them apart. */
export function discriminatorsIn(prepared: OpenAPI3): Discriminators {
  if (!hasDiscriminator(prepared)) return { objects: {}, refsHandled: [] };
  const schemas = new Map(
    Object.entries(object(prepared.components?.schemas)).flatMap(([name, schema]): [string, Json][] =>
      isObject(schema) ? [[`#/components/schemas/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, schema]] : [],
    ),
  );
  const resolve = (value: unknown): unknown =>
    isObject(value) && typeof value["$ref"] === "string"
      ? tool.resolveRef<unknown>(prepared, value["$ref"], { silent: true })
      : value;
  const lineage = new Lineage(schemas);
  keepWhole(prepared, lineage, new Set(schemas.values()));
  const names = new Set<string>();
  addTellingNames(prepared.components?.schemas, names);
  const stated = new Map([...schemas].map(([reference, schema]) => [reference, statedMembers(schema, names, resolve)]));

  const { tags, fallbacks } = tagsIn(prepared);
  const stood = [...fallbacks].map(([reference, named]): Fallback => {
    const schema = object(resolve({ $ref: reference }));
    return { schema, names: named, properties: { ...membersOf(schema) }, required: list(schema["required"]).slice() };
  });
  const lengths = new Map([...schemas].map(([reference, schema]) => [reference, list(schema["allOf"]).length]));
  const found = tool.scanDiscriminators(prepared, { silent: true });
  for (const [reference, schema] of schemas) {
    if (!Array.isArray(schema["allOf"])) continue;
    const added = new Set(schema["allOf"].splice(lengths.get(reference) ?? 0).flatMap((part) => Object.keys(membersOf(part))));
    const inherited = lineage.of(reference);
    const of = (name: string) => stated.get(reference)?.get(name) ?? lineage.member(reference, name, stated);
    tellApart(
      reference,
      schema,
      { added, tags: tags.get(reference), fallbacks: fallbacks.get(reference), inherited, of },
      found,
    );
  }
  for (const reference of new Set(found.refsHandled)) {
    const schema = object(resolve({ $ref: reference }));
    if (!Array.isArray(schema["allOf"])) unite(schema, tags.get(reference));
  }
  for (const fallback of stood) release(fallback);
  for (const [reference, schema] of schemas) {
    if (!Array.isArray(schema["allOf"]) && found.refsHandled.includes(reference))
      restate(schema, stated.get(reference) ?? new Map());
  }
  return found;
}

/**
 * The tool takes the telling member out of whatever a composition refers to, to put another in its place. It has none for a
 * composition that is no component, such as one that only describes what it refers to: there the reference is kept whole.
 */
function keepWhole(value: unknown, lineage: Lineage, components: ReadonlySet<unknown>): void {
  if (typeof value !== "object" || value === null) return;
  const { allOf } = value as Json;
  if (Array.isArray(allOf)) {
    for (const [index, part] of allOf.entries()) {
      const reference = isObject(part) ? part["$ref"] : undefined;
      if (typeof reference !== "string" || !lineage.isTelling(reference)) continue;
      if (!components.has(value) || lineage.isUnion(reference)) allOf[index] = { oneOf: [part] };
    }
  }
  for (const member of Object.values(value)) keepWhole(member, lineage, components);
}

/** A schema, and what it stated before the tool looked at it. */
interface Fallback {
  readonly schema: Json;
  /** The members by which it is told from others. */
  readonly names: ReadonlySet<string>;
  readonly properties: Json;
  readonly required: readonly unknown[];
}

/** By what all discriminators of a document tell schemas apart. */
interface Tags {
  /** For each schema, by its reference, and each member by which it is told from others, the texts of that member. */
  readonly tags: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** The schemas that a value is one of whose text is none of these, each with the members that hold the text. */
  readonly fallbacks: ReadonlyMap<string, ReadonlySet<string>>;
}

function tagsIn(prepared: object): Tags {
  const tags = new Map<string, Map<string, Set<string>>>();
  const fallbacks = new Map<string, Set<string>>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { discriminator, oneOf } = value as Json;
    const { propertyName, mapping, defaultMapping } = object(discriminator);
    if (typeof propertyName === "string") {
      const add = (reference: string, tag: string) => into(into(tags, reference, newMap), propertyName, newSet).add(tag);
      for (const [tag, reference] of Object.entries(object(mapping))) add(String(reference), tag);
      const mapped = Object.values(object(mapping));
      for (const part of list(oneOf)) {
        const reference = object(part)["$ref"];
        if (typeof reference === "string" && !mapped.includes(reference)) add(reference, reference.split("/").at(-1) ?? "");
      }
      if (typeof defaultMapping === "string") into(fallbacks, defaultMapping, newSet).add(propertyName);
    }
    for (const member of Object.values(value)) visit(member);
  };
  visit(prepared);
  return { tags, fallbacks };
}

const newMap = () => new Map<string, Set<string>>();
const newSet = () => new Set<string>();

/** What a map has under a key, or a new one that it has from now on. */
function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

/** Whether the tool has put a member into a schema by which it is told from others. */
function isAdded(member: unknown): member is Json {
  return /\b(?:added|replaced) by openapi-typescript\)?$/.test(String(object(member)["description"] ?? ""));
}

/** A schema that several discriminators tell from others has the texts of all of them. */
function unite(schema: Json, tags: ReadonlyMap<string, ReadonlySet<string>> | undefined): void {
  const members = membersOf(schema);
  for (const [name, texts] of tags ?? []) if (isAdded(members[name])) members[name] = { ...members[name], enum: [...texts] };
}

/** What is told from others by having none of their texts has any, as it states. */
function release({ schema, names, properties, required }: Fallback): void {
  for (const name of names) {
    const members = membersOf(schema);
    if (!isAdded(members[name])) continue;
    if (Object.hasOwn(properties, name)) members[name] = properties[name];
    else delete members[name];
    (schema as Record<string, unknown>)["required"] = [...required];
  }
}

function membersOf(part: unknown): Record<string, unknown> {
  return object(object(part)["properties"]) as Record<string, unknown>;
}

/** Whether anything has a discriminator: most documents have none, and the tool takes long to find out. */
function hasDiscriminator(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "discriminator" in value || Object.values(value).some(hasDiscriminator);
}

/** Adds the members by which a schema, or a part of it, tells others apart. */
function addTellingNames(schema: unknown, names: Set<string>): void {
  if (typeof schema !== "object" || schema === null) return;
  const { propertyName } = object((schema as Json)["discriminator"]);
  if (typeof propertyName === "string") names.add(propertyName);
  for (const member of Object.values(schema)) addTellingNames(member, names);
}

/** What a schema says itself, or in a part that is written within it, of members with these names. */
function statedMembers(
  schema: Json,
  names: ReadonlySet<string>,
  resolve: (value: unknown) => unknown,
): ReadonlyMap<string, Json> {
  const members = new Map<string, Json>();
  for (const part of [schema, ...list(schema["allOf"])]) {
    for (const [name, member] of Object.entries(object(object(part)["properties"]))) {
      const said = names.has(name) ? resolve(member) : undefined;
      if (isObject(said)) members.set(name, said);
    }
  }
  return members;
}

/** The tool has put its own member in the place of the stated one. */
function restate(schema: Json, members: ReadonlyMap<string, Json>): void {
  const properties = membersOf(schema);
  for (const [name, said] of members) {
    const { enum: tags } = object(properties[name]);
    const value = Array.isArray(tags) && tags !== said["enum"] ? valuesOf(said, tags.map(String)) : undefined;
    if (value !== undefined) properties[name] = value;
  }
}

/** What is known of how a schema is told from others. */
interface Told {
  /** The members that the tool would add. */
  readonly added: ReadonlySet<string>;
  readonly tags: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly fallbacks: ReadonlySet<string> | undefined;
  /** The discriminators of those that the schema extends, whose members the tool takes out of these. */
  readonly inherited: readonly Inherited[];
  /** What the schema, or one that it extends, says of a member. */
  readonly of: (name: string) => Json | undefined;
}

/** Adds a part for each member that tells: its text is what discriminators say, else the name of the schema. */
function tellApart(reference: string, schema: Json, told: Told, found: Discriminators): void {
  const { added, tags, fallbacks, inherited, of } = told;
  const name = reference.split("/").at(-1)?.replaceAll("~1", "/").replaceAll("~0", "~") ?? "";
  const extended = inherited.map(({ propertyName }) => propertyName);
  for (const member of new Set([...extended, ...added])) {
    const isFallback = fallbacks?.has(member) === true;
    if (isFallback && !extended.includes(member)) continue;
    const stated = of(member);
    // What others extend, or fall back on, is told from them by nothing but what they are told by.
    const isAny = isFallback || (tags?.get(member) === undefined && "discriminator" in schema);
    const texts = [...(tags?.get(member) ?? [name])];
    const value = (stated && valuesOf(stated, texts)) ?? { type: "string", enum: texts };
    const properties = { [member]: isAny ? (stated ?? { type: "string" }) : value };
    (schema["allOf"] as unknown[]).push({ type: "object", required: [member], properties });
    if (!found.refsHandled.includes(reference)) found.refsHandled.push(reference);
  }
  const [first] = inherited;
  if (first !== undefined && !("discriminator" in schema)) found.objects[reference] = { ...first };
}

/** Of the values that a schema states those that the tags spell, or all of them; nothing where any text may stand. */
function valuesOf(said: Json, tags: readonly string[]): Json | undefined {
  if (said["const"] !== undefined) return said;
  if (Array.isArray(said["enum"])) {
    const spelled = said["enum"].filter((value) => tags.includes(String(value)));
    return spelled.length > 0 ? { ...said, enum: spelled } : said;
  }
  const { type } = said;
  if (type !== "boolean" && type !== "integer" && type !== "number") return undefined;
  const values = tags.flatMap((tag): (boolean | number)[] => {
    if (type === "boolean") return tag === "true" || tag === "false" ? [tag === "true"] : [];
    return tag.trim() !== "" && Number.isFinite(Number(tag)) ? [Number(tag)] : [];
  });
  return values.length > 0 ? { ...said, enum: values } : said;
}
