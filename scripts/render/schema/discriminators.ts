/**
 * Discriminators as openapi-typescript finds them. It gives each schema the text by which it is told from the others: that of
 * the first discriminator, and here those of all. Where a schema states a constant, an enum or another type for that member
 * itself, the value is one of these.
 */

import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import { isObject, type Json, list, object } from "../../spec/pointer.js";
import { openapiTypescript as tool } from "../tools.js";

type Discriminators = GlobalContext["discriminators"];

/** Adds to the schemas the members that tell them apart, as openapi-typescript does. */
export function discriminatorsIn(prepared: OpenAPI3): Discriminators {
  if (!hasDiscriminator(prepared)) return { objects: {}, refsHandled: [] };
  const schemas = Object.entries(object(prepared.components?.schemas)).filter((entry): entry is [string, Json] =>
    isObject(entry[1]),
  );
  const resolve = (value: unknown): unknown =>
    isObject(value) && typeof value["$ref"] === "string"
      ? tool.resolveRef<unknown>(prepared, value["$ref"], { silent: true })
      : value;
  const names = new Set<string>();
  addTellingNames(prepared.components?.schemas, names);
  const stated = new Map<string, ReadonlyMap<string, Json>>();
  for (const [name, schema] of schemas) {
    const members = statedMembers(schema, names, resolve);
    if (members.size > 0) stated.set(`#/components/schemas/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, members);
  }

  const { tags, fallbacks } = tagsIn(prepared);
  const stood = [...fallbacks].map(([reference, named]): Fallback => {
    const schema = object(resolve({ $ref: reference }));
    return { schema, names: named, properties: { ...membersOf(schema) }, required: list(schema["required"]).slice() };
  });
  const found = tool.scanDiscriminators(prepared, { silent: true });
  for (const reference of new Set(found.refsHandled)) unite(object(resolve({ $ref: reference })), tags.get(reference));
  for (const fallback of stood) release(fallback);
  for (const [reference, members] of stated) {
    const schema = object(tool.resolveRef<unknown>(prepared, reference, { silent: true }));
    if (found.refsHandled.includes(reference)) restate(schema, members);
    else if (Array.isArray(schema["allOf"])) tellApart(reference, schema, members, found);
  }
  return found;
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

/** A schema that several discriminators tell from others has the texts of all of them, and not each at the same time. */
function unite(schema: Json, tags: ReadonlyMap<string, ReadonlySet<string>> | undefined): void {
  for (const [name, texts] of tags ?? []) {
    const [first, ...further] = [schema, ...list(schema["allOf"])].filter((part) => isAdded(membersOf(part)[name]));
    if (first === undefined) continue;
    const members = membersOf(first);
    members[name] = { ...object(members[name]), enum: [...texts] };
    dropParts(schema, further);
  }
}

/** What is told from others by having none of their texts has any, as it states. */
function release({ schema, names, properties, required }: Fallback): void {
  for (const name of names) {
    dropParts(
      schema,
      list(schema["allOf"]).filter((part) => isAdded(membersOf(part)[name])),
    );
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

/** Parts that the tool has added are nothing but the member that they add. */
function dropParts(schema: Json, parts: readonly unknown[]): void {
  if (parts.length > 0)
    (schema as Record<string, unknown>)["allOf"] = list(schema["allOf"]).filter((part) => !parts.includes(part));
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

/** The tool has put its own member in the place of the stated one, or into a part behind all others. */
function restate(schema: Json, members: ReadonlyMap<string, Json>): void {
  const properties = object(object(list(schema["allOf"]).at(-1) ?? schema)["properties"]) as Record<string, unknown>;
  for (const [name, said] of members) {
    const { enum: tags } = object(properties[name]);
    const value = Array.isArray(tags) && tags !== said["enum"] ? valuesOf(said, tags.map(String)) : undefined;
    if (value !== undefined) properties[name] = value;
  }
}

/** The tool would put the name of the schema, or what stands for it in the mapping, before its parts. */
function tellApart(reference: string, schema: Json, members: ReadonlyMap<string, Json>, found: Discriminators): void {
  const { propertyName = "", mapping } = found.objects[reference] ?? {};
  const said = members.get(propertyName);
  if (said === undefined || "discriminator" in schema) return;
  const tag =
    Object.entries(object(mapping)).find(([, target]) => target === reference)?.[0] ?? reference.split("/").at(-1) ?? "";
  const value = valuesOf(said, [tag]);
  if (value === undefined) return;
  (schema["allOf"] as unknown[]).push({ type: "object", required: [propertyName], properties: { [propertyName]: value } });
  found.refsHandled.push(reference);
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
