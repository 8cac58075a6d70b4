/** References that lead nowhere, or to something of another kind, where what is meant is plain. */

import { isObject, type Json, object } from "../spec/pointer.js";
import { isReference, type Target } from "./references.js";
import { COMPONENTS, OBJECTS, type ObjectName } from "./shapes.js";

/** Where Swagger, JSON Schema and people in a hurry look for what stands under `components`. */
const SHELVES = ["components", "component", "definitions", "$defs", "models"];

/** What says nothing about which object it is that has them. */
const ABOUT = ["summary", "description"];

/**
 * The name of the component of a kind that a reference is written for: `#/definitions/User` and `User` for the schema of that name.
 *
 * @param names of the components of that kind.
 */
export function meantName(reference: string, kind: ObjectName, names: readonly string[]): string | undefined {
  const text = reference.trim().replaceAll("\\", "/");
  const path = text.slice(text.indexOf("#") + 1);
  // What stands in another file was looked for there.
  if (text.indexOf("#") > 0) return undefined;
  const tokens = path.split("/").filter((token) => token !== "");
  const name = tokens.pop();
  const known = [...SHELVES, kind, COMPONENTS[kind] ?? ""].map((word) => word.toLowerCase());
  if (name === undefined || tokens.length > 2 || !tokens.every((token) => known.includes(token.toLowerCase())))
    return undefined;
  if (names.includes(name)) return name;
  const alike = names.filter((other) => other.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

/** Whether what stands among components of another kind is an object of this one. */
export function isLike(name: ObjectName, value: unknown): boolean {
  if (!isObject(value) || isReference(value)) return false;
  const keys = Object.keys(value).filter((key) => !ABOUT.includes(key) && !key.startsWith("x-"));
  return keys.length > 0 && keys.every((key) => Object.hasOwn(OBJECTS[name], key));
}

/** The schema of a parameter, a header or a body: of its JSON, or of what comes first. */
export function schemaWithin({ tokens, value }: Target): Target | undefined {
  if (!isObject(value)) return undefined;
  if (isObject(value["schema"])) return { tokens: [...tokens, "schema"], value: value["schema"] };
  const schemas = Object.entries(object(value["content"])).flatMap(([mediaType, media]): [string, Json][] => {
    const { schema } = object(media);
    return isObject(schema) ? [[mediaType, schema]] : [];
  });
  const [mediaType, schema] = schemas.find(([name]) => /\bjson\b/i.test(name)) ?? schemas[0] ?? [];
  return mediaType === undefined ? undefined : { tokens: [...tokens, "content", mediaType, "schema"], value: schema };
}
