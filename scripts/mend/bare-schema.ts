/** Schemas written where the object belongs that holds them: Swagger's manner, and a common slip. */

import { isObject, type Json } from "../spec/pointer.js";
import { isMediaType } from "./media-type.js";
import { isReference } from "./references.js";
import { UNKNOWN_MEMBER } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

/** Keywords that make a schema of what bears them. */
const TELLING = ["type", "items", "enum", "const", "properties", "additionalProperties", "allOf", "anyOf", "oneOf"];

/** Keywords that say more of such a schema, and that no object which holds one has. */
const FURTHER = [
  ...["format", "default", "nullable", "title", "pattern", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minProperties", "maxProperties"],
  ...["prefixItems", "discriminator", "readOnly", "writeOnly", "xml"],
];

/** Swagger's ways to write a list, as OpenAPI's styles. */
const COLLECTION_FORMATS: Readonly<Record<string, Json>> = {
  csv: { explode: false },
  multi: { explode: true },
  pipes: { style: "pipeDelimited", explode: false },
  ssv: { style: "spaceDelimited", explode: false },
};

/** A parameter, a header or a media type that is described as a schema is has that schema. */
export function mendBareSchema(stated: Json, trail: Trail | undefined, structure: Structure): Json {
  if (["$ref", "schema", "content", "itemSchema"].some((name) => Object.hasOwn(stated, name))) return stated;
  const { schema, rest } = split(stated);
  if (schema === undefined) return stated;
  tell(Object.keys(schema), "in a schema", trail, structure);
  return { ...mendCollectionFormat(rest, trail, structure), schema };
}

/** The body of a message whose schema, or whose media types, stand where its content should. */
export function mendBareContent(stated: Json, trail: Trail | undefined, structure: Structure): Json {
  if (isReference(stated) || Object.hasOwn(stated, "content")) return stated;
  const keys = Object.keys(stated).filter((key) => isMediaType(key) && isObject(stated[key]));
  if (keys.length > 0) {
    tell(keys, "in content", trail, structure);
    return { ...without(stated, keys), content: Object.fromEntries(keys.map((key) => [key, stated[key]])) };
  }
  if (isObject(stated["schema"])) {
    tell(["schema"], "in the media type of a body, which is taken to be JSON", trail, structure);
    return { ...without(stated, ["schema"]), content: { "application/json": { schema: stated["schema"] } } };
  }
  const { schema, rest } = split(stated);
  if (schema === undefined) return stated;
  tell(Object.keys(schema), "in the schema of a body, which is taken to be JSON", trail, structure);
  return { ...rest, content: { "application/json": { schema } } };
}

/** The schema among the members of an object, and what else there is. */
export function split(stated: Json): { readonly schema?: Json; readonly rest: Json } {
  if (!TELLING.some((keyword) => Object.hasOwn(stated, keyword))) return { rest: stated };
  // A list of names is the schema's; whether the object itself is required is true or false.
  const isOfSchema = (key: string) =>
    TELLING.includes(key) || FURTHER.includes(key) || (key === "required" && Array.isArray(stated[key]));
  const keys = Object.keys(stated).filter(isOfSchema);
  return { schema: Object.fromEntries(keys.map((key) => [key, stated[key]])), rest: without(stated, keys) };
}

function mendCollectionFormat(stated: Json, trail: Trail | undefined, structure: Structure): Json {
  const { collectionFormat, ...rest } = stated;
  if (typeof collectionFormat !== "string" || !Object.hasOwn(COLLECTION_FORMATS, collectionFormat)) return stated;
  const message = `"collectionFormat" is Swagger's; it is taken for the style that it means`;
  structure.tell(UNKNOWN_MEMBER, below(trail, "collectionFormat"), { part: "key", message });
  return { ...COLLECTION_FORMATS[collectionFormat], ...rest };
}

function tell(keys: readonly string[], where: string, trail: Trail | undefined, structure: Structure): void {
  const [first = ""] = keys;
  const names = keys.map((key) => `"${key}"`).join(" and ");
  const message =
    keys.length === 1 ? `${names} belongs ${where}; it is taken for that` : `${names} belong ${where}; they are taken for that`;
  structure.tell(UNKNOWN_MEMBER, below(trail, first), { part: "key", message });
}

function without(stated: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(stated).filter(([key]) => !keys.includes(key)));
}
