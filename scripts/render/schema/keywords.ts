/** Keywords that hold no schemas: those that openapi-typescript reads, each when it is of the kind that it must be. */

import { isObject, type Json, object } from "../../spec/pointer.js";
import { commentLine, commentLines, commentVerbatim } from "../comment.js";
import { componentReference, guardName } from "./guarded.js";

const TYPES: readonly unknown[] = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** What a schema says of its own values, and about itself. */
export function simpleKeywords(schema: Json): Json {
  const type = typeOf(schema);
  const { default: preset, const: constant, enum: values } = schema;
  return {
    ...texts(schema, "title", "description"),
    // The tool puts it into the comment as it is, and on one line.
    ...(typeof schema["format"] === "string" && { format: commentLine(schema["format"]) }),
    ...flags(schema, "nullable", "readOnly", "writeOnly", "deprecated"),
    ...examples(schema),
    ...(isJson(preset) && { default: shown(preset) }),
    ...type,
    // The tool takes a constant of null for none.
    ...(constant === null ? { type: "null" } : isLiteral(constant) && { const: constant }),
    // Of an object openapi-typescript takes the values of an enum for schemas.
    ...(Array.isArray(values) && type["type"] !== "object" && values.every(isLiteral) && { enum: values }),
  };
}

/** Members whose value is a text, laid out for a comment. */
export function texts(stated: Json, ...names: readonly string[]): Json {
  const found: Record<string, string> = {};
  for (const name of names) {
    const text = stated[name];
    if (typeof text === "string") found[name] = commentLines(text).join("\n");
  }
  return found;
}

/** Members whose value is true or false. */
export function flags(stated: Json, ...names: readonly string[]): Json {
  const found: Record<string, boolean> = {};
  for (const name of names) {
    const flag = stated[name];
    if (typeof flag === "boolean") found[name] = flag;
  }
  return found;
}

/** `example`, and `examples` where they are a list. */
export function examples({ example, examples }: Json): Json {
  return {
    ...(isJson(example) && { example: shown(example) }),
    ...(Array.isArray(examples) && { examples: examples.filter(isJson).map(shown) }),
  };
}

/** @param nameOf finds the component that a reference leads to. */
export function discriminator(stated: unknown, nameOf: (reference: string) => string | undefined): Json {
  const { propertyName, mapping, defaultMapping } = object(stated);
  if (typeof propertyName !== "string") return {};
  const leadTo = (target: unknown): string | undefined => {
    // Besides references, a mapping may hold bare names of schemas.
    const name = typeof target === "string" ? (nameOf(target) ?? nameOf(`#/components/schemas/${target}`)) : undefined;
    return name === undefined ? undefined : componentReference("schemas", name);
  };
  const mapped = Object.entries(object(mapping)).flatMap(([tag, target]) => {
    const reference = leadTo(target);
    return reference === undefined ? [] : [[tag, reference] as const];
  });
  const fallback = leadTo(defaultMapping);
  return {
    discriminator: {
      propertyName: guardName(propertyName),
      ...(mapped.length > 0 && { mapping: Object.fromEntries(mapped) }),
      ...(fallback !== undefined && { defaultMapping: fallback }),
    },
  };
}

/** A type that is missing is told by a keyword that goes with only one; one that no standard knows is left out. */
function typeOf(schema: Json): Json {
  const stated = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"]];
  const known = stated.map((type) => (type === null ? "null" : type)).filter((type) => TYPES.includes(type));
  if (known.length > 0) return { type: known.length === 1 ? known[0] : [...new Set(known)] };
  return schema["items"] !== undefined || schema["prefixItems"] !== undefined ? { type: "array" } : {};
}

/** YAML has numbers that neither JSON nor a literal type has. */
function isJson(value: unknown): boolean {
  return value !== undefined && (typeof value !== "number" || Number.isFinite(value));
}

/** Whether openapi-typescript can make a literal type of it: an object with these members it takes for a schema. */
function isLiteral(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isLiteral);
  if (!isObject(value)) return isJson(value);
  return !("allOf" in value || "discriminator" in value) && Object.values(value).every(isLiteral);
}

/** Data as it stands in a comment; as text, so that openapi-typescript does not look for schemas within it. */
function shown(value: unknown): unknown {
  if (typeof value !== "object") return typeof value === "string" ? commentVerbatim(value) : value;
  return JSON.stringify(value, null, 2);
}
