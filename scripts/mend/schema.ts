/** Schemas whose keywords say what JSON Schema has no words for. */

import { isObject, type Json, list, object } from "../spec/pointer.js";
import { kindOf } from "./kinds.js";
import { mendNullable } from "./nullable.js";
import { referenceTo } from "./references.js";
import { mapMembers, withMember } from "./rewrite.js";
import { DISCRIMINATOR, ENUM_VALUE, SCHEMA_TYPE, WRONG_KIND } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

const TYPES: readonly unknown[] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** Names of types in other languages and older standards, each with what it means here. */
const MEANT: Readonly<Record<string, Json>> = {
  any: {},
  bool: { type: "boolean" },
  date: { type: "string", format: "date" },
  "date-time": { type: "string", format: "date-time" },
  datetime: { type: "string", format: "date-time" },
  decimal: { type: "number" },
  dict: { type: "object" },
  double: { type: "number", format: "double" },
  email: { type: "string", format: "email" },
  enum: { type: "string" },
  file: { type: "string", format: "binary" },
  float: { type: "number", format: "float" },
  guid: { type: "string", format: "uuid" },
  int: { type: "integer" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  list: { type: "array" },
  long: { type: "integer", format: "int64" },
  map: { type: "object" },
  str: { type: "string" },
  text: { type: "string" },
  timestamp: { type: "string", format: "date-time" },
  uri: { type: "string", format: "uri" },
  url: { type: "string", format: "uri" },
  uuid: { type: "string", format: "uuid" },
};

export function mendSchema(stated: Json, trail: Trail | undefined, structure: Structure): Json {
  let schema = recursive(stated);
  if (schema["type"] !== undefined && !TYPES.includes(schema["type"])) schema = mendType(schema, trail, structure);
  if (Array.isArray(schema["items"])) schema = mendItems(schema, trail, structure);
  if (schema["enum"] !== undefined) schema = mendEnum(schema, trail, structure);
  if ("allOf" in schema || "anyOf" in schema || "oneOf" in schema) schema = mendNullable(schema, trail, structure);
  if (typeof schema["required"] === "boolean") schema = withMember(schema, "required", undefined);
  return isObject(schema["properties"]) ? mendRequired(schema, trail, structure) : schema;
}

/** What a text means where a schema belongs: a type, or the name of a component. */
export function schemaOf(value: unknown, _trail: Trail | undefined, structure: Structure): Json | undefined {
  if (typeof value !== "string") return undefined;
  return TYPES.includes(value) ? { type: value } : meant(value, structure);
}

/** JSON Schema of 2019 has `$recursiveRef`, which leads, for a type, where it is first declared. */
function recursive(schema: Json): Json {
  const { $recursiveRef, ...rest } = schema;
  return schema["$ref"] !== undefined || typeof $recursiveRef !== "string" ? schema : { ...rest, $ref: $recursiveRef };
}

function mendType(schema: Json, trail: Trail | undefined, structure: Structure): Json {
  const { type, ...rest } = schema;
  const place = below(trail, "type");
  if (Array.isArray(type)) {
    const known = type.map((one) => (one === null ? "null" : one)).filter((one) => TYPES.includes(one));
    if (type.length === 0) return rest;
    if (known.length === type.length) return type.includes(null) ? { ...schema, type: known } : schema;
    structure.tell(SCHEMA_TYPE, place, { message: `${told(type)} are not all types; those that are none are left out` });
    // What a type of no standard allows is not known, so neither is what all of them allow.
    return rest;
  }
  const found = type === null ? { type: "null" } : typeof type === "string" ? meant(type, structure) : undefined;
  const outcome = found === undefined ? "any is allowed" : `it is taken for ${told(found["type"] ?? found["$ref"] ?? "any")}`;
  structure.tell(SCHEMA_TYPE, place, { message: `${told(type)} is no type; ${outcome}` });
  if (found !== undefined && "$ref" in found) return found;
  return { ...found, ...rest };
}

function meant(type: string, structure: Structure): Json | undefined {
  const lower = type.trim().toLowerCase();
  if (TYPES.includes(lower)) return { type: lower };
  const reference = referenceTo(["components", "schemas", type]);
  if (structure.schemaAt(reference) !== undefined) return { $ref: reference };
  return Object.hasOwn(MEANT, lower) ? MEANT[lower] : undefined;
}

/** A list of schemas for the items of a list, by their positions: as JSON Schema had it before 2020-12. */
function mendItems({ items, additionalItems, ...rest }: Json, trail: Trail | undefined, structure: Structure): Json {
  const message = '"items" is one schema, not a list; it is taken for "prefixItems"';
  structure.tell(WRONG_KIND, below(trail, "items"), { message });
  const others = isObject(additionalItems) || typeof additionalItems === "boolean" ? { items: additionalItems } : {};
  return { ...(list(items).length > 0 && { prefixItems: items }), ...others, ...rest };
}

function mendEnum(schema: Json, trail: Trail | undefined, structure: Structure): Json {
  const values = schema["enum"];
  if (!Array.isArray(values)) return schema;
  if (values.length === 0) {
    structure.tell(ENUM_VALUE, below(trail, "enum"), { message: "an empty enum allows nothing; it is left out" });
    return withMember(schema, "enum", undefined);
  }
  const known = values.filter((value, index) => {
    if (typeof value !== "number" || Number.isFinite(value)) return true;
    structure.tell(ENUM_VALUE, below(below(trail, "enum"), index), {
      message: `${value} is no number of JSON; it is left out`,
    });
    return false;
  });
  const left = known.length === values.length ? schema : withMember(schema, "enum", known.length === 0 ? undefined : known);
  return known.length === 0 ? left : mendEnumOfType(left, known, below(trail, "enum"), structure);
}

/** Where none of the values is of the type that stands beside them, they are taken for what they spell, or for those of items. */
function mendEnumOfType(schema: Json, values: readonly unknown[], place: Trail, structure: Structure): Json {
  const [type, ...others] = list(Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]]).filter(
    (one) => one !== "null",
  );
  if (others.length > 0) return schema;
  if (type === "array") {
    if (values.some((value) => Array.isArray(value))) return schema;
    const { enum: _enum, ...rest } = schema;
    const { items = {} } = rest;
    const isFree = isObject(items) && !("enum" in items || "$ref" in items);
    const outcome = isFree ? "they are taken for those of its items" : "they are left out";
    structure.tell(ENUM_VALUE, place, { message: `the values of a list are lists, and these are none; ${outcome}` });
    return isFree ? { ...rest, items: { ...items, enum: values } } : rest;
  }
  const meant = values.map((value) => (value === null ? value : spelt(value, type)));
  if (meant.includes(undefined) || meant.every((value, index) => value === values[index])) return schema;
  structure.tell(ENUM_VALUE, place, {
    message: `these are not all of the type ${told(type)}; they are taken for what they spell`,
  });
  return { ...schema, enum: [...new Set(meant)] };
}

/** The value of a type that a value of another spells, such as the text of a number; `undefined` when it spells none. */
function spelt(value: unknown, type: unknown): unknown {
  const text = typeof value === "object" ? "" : String(value);
  if (type === "string") return typeof value === "object" ? undefined : text;
  if (type === "boolean") return text === "true" || text === "false" ? text === "true" : undefined;
  if (type !== "number" && type !== "integer") return undefined;
  const isExact = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) && Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER;
  return isExact ? Number(text) : undefined;
}

/** `required: true` within a property is what Swagger's parameters have; of schemas the one that holds it lists its name. */
function mendRequired(schema: Json, trail: Trail | undefined, structure: Structure): Json {
  const names = Object.entries(object(schema["properties"])).flatMap(([name, property]) => {
    if (!isObject(property) || typeof property["required"] !== "boolean") return [];
    const isRequired = property["required"];
    const outcome = isRequired ? "it is listed there" : "it is left out";
    const message = `"required" is a list, in the schema that holds the property; ${outcome}`;
    structure.tell(WRONG_KIND, below(below(below(trail, "properties"), name), "required"), { message });
    return isRequired ? [name] : [];
  });
  if (names.length === 0) return schema;
  return { ...schema, required: [...new Set([...list(schema["required"]), ...names])] };
}

export function mendDiscriminator(value: Json, trail: Trail | undefined, structure: Structure): Json | undefined {
  if (value["propertyName"] === undefined) {
    const message = "a discriminator without a propertyName tells nothing apart; it is left out";
    structure.tell(DISCRIMINATOR, trail, { part: "key", message });
    return undefined;
  }
  const { mapping } = value;
  if (!isObject(mapping)) return value;
  const mended = mapMembers(mapping, (target, name) => {
    if (leads(String(target), structure)) return target;
    const meant = structure.meant("schema", String(target));
    const outcome = meant === undefined ? "it is left out" : `it is taken for "${meant}"`;
    const message = `"${target}" leads to no schema; ${outcome}`;
    structure.tell(DISCRIMINATOR, below(below(trail, "mapping"), name), { message });
    return meant;
  });
  return withMember(value, "mapping", mended);
}

/** Besides references, a mapping may hold bare names of schemas. */
function leads(target: string, structure: Structure): boolean {
  return (
    structure.schemaAt(target) !== undefined || structure.schemaAt(referenceTo(["components", "schemas", target])) !== undefined
  );
}

function told(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : Array.isArray(value) ? value.map(told).join(" and ") : kindOf(value);
}
