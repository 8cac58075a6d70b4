/** A schema cut out of its document, in the dialect of JSON Schema 2020-12. */

import { at } from "../lifecycle/expression.js";
import { isObject, type Json, withValueAt } from "./json.js";

/**
 * A schema that stands alone: what it refers to stands beside it, where its references look for it, and nothing else of the
 * document does. What OpenAPI 3.0 writes differently is rewritten; annotations, which may hold anything, are left out.
 */
export function standaloneSchema(document: unknown, schema: unknown): Json {
  let standalone: unknown = { allOf: [] };
  const known = new Set<string>();
  const waiting: string[] = [];
  const translate = (stated: unknown): unknown =>
    translateSchema(stated, (reference) => {
      if (known.has(reference)) return;
      known.add(reference);
      waiting.push(reference);
    });
  const translated = translate(schema);
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    const pointer = pointerOf(reference);
    const target = pointer === undefined ? undefined : at(document, pointer);
    if (pointer && target !== undefined) standalone = withValueAt(standalone, pointer, translate(target));
  }
  return { ...(standalone as Json), allOf: [translated] };
}

/** Keywords whose members are schemas by a name of the author's. */
const NAMED_SCHEMAS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
/** Keywords that hold values, in which nothing is a schema. */
const VALUES = ["enum", "const", "required", "type", "dependentRequired"];
const ANNOTATIONS = ["example", "examples", "default", "description", "title", "xml", "externalDocs", "discriminator"];

function translateSchema(schema: unknown, refer: (reference: string) => void): unknown {
  if (Array.isArray(schema)) return schema.map((item) => translateSchema(item, refer));
  if (!isObject(schema)) return schema;
  const { $ref } = schema;
  if (typeof $ref === "string") refer($ref);
  const members = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (ANNOTATIONS.includes(keyword) || keyword.startsWith("x-")) return [];
    if (VALUES.includes(keyword)) return [[keyword, value]];
    if (!NAMED_SCHEMAS.includes(keyword) || !isObject(value)) return [[keyword, translateSchema(value, refer)]];
    const named = Object.entries(value).map(([name, one]) => [name, translateSchema(one, refer)]);
    return [[keyword, Object.fromEntries(named)]];
  });
  return withoutOldKeywords(Object.fromEntries(members));
}

/** OpenAPI 3.0: `nullable` counts beside `type` alone, and an exclusive limit is a flag beside the limit. */
function withoutOldKeywords(schema: Json): Json {
  const { nullable, exclusiveMinimum, exclusiveMaximum, ...others } = schema;
  return {
    ...others,
    ...(nullable === true && schema["type"] !== undefined && { nullable }),
    ...limit("Minimum", exclusiveMinimum, schema["minimum"]),
    ...limit("Maximum", exclusiveMaximum, schema["maximum"]),
  };
}

function limit(end: "Minimum" | "Maximum", exclusive: unknown, inclusive: unknown): Json {
  if (typeof exclusive === "number") return { [`exclusive${end}`]: exclusive };
  return exclusive === true && typeof inclusive === "number" ? { [`exclusive${end}`]: inclusive } : {};
}

function pointerOf(reference: string): string | undefined {
  try {
    return reference.startsWith("#/") ? decodeURIComponent(reference.slice(1)) : undefined;
  } catch {
    return undefined;
  }
}
