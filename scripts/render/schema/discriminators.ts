/**
 * Discriminators as openapi-typescript finds them. It gives each schema the text by which it is told from the others; where a
 * schema states a constant, an enum or another type for that member itself, the value is one of these.
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

  const found = tool.scanDiscriminators(prepared, { silent: true });
  for (const [reference, members] of stated) {
    const schema = object(tool.resolveRef<unknown>(prepared, reference, { silent: true }));
    if (found.refsHandled.includes(reference)) restate(schema, members);
    else if (Array.isArray(schema["allOf"])) tellApart(reference, schema, members, found);
  }
  return found;
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
