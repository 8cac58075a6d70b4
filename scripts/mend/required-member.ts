/** Names among the required ones that no part of a schema describes: a member that nobody could know the type of. */

import { isObject, type Json, join, list, localTarget, object, tokensOf } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { mapMembers, withMember } from "./rewrite.js";
import { REQUIRED_MEMBER } from "./rules.js";

const PARTS = ["allOf", "anyOf", "oneOf"] as const;

/** Only components are looked at; a part of a composition may require what another part describes. */
export function mendRequired(root: Json, mending: Mending): Json {
  const components = object(root["components"]);
  const { schemas } = components;
  if (!isObject(schemas)) return root;
  const parts = partNames(schemas);
  const mended = mapMembers(schemas, (schema, name) => {
    if (!isObject(schema) || !Array.isArray(schema["required"]) || parts.has(name)) return schema;
    const known = new Set<string>();
    if (!describe(schema, schemas, known, new Set())) return schema;
    const kept = schema["required"].filter((member, index) => {
      if (known.has(String(member))) return true;
      const pointer = join("/components/schemas", name, "required", index);
      mending.tell(REQUIRED_MEMBER, { pointer, message: `"${member}" is required and described nowhere; it is not demanded` });
      return false;
    });
    if (kept.length === schema["required"].length) return schema;
    return withMember(schema, "required", kept.length === 0 ? undefined : kept);
  });
  if (mended === schemas) return root;
  return { ...root, components: { ...components, schemas: mended } };
}

/** Gathers the members that a schema describes; `false` when there may be others. */
function describe(schema: unknown, schemas: Json, known: Set<string>, seen: Set<unknown>): boolean {
  if (!isObject(schema)) return false;
  if (seen.has(schema)) return true;
  seen.add(schema);
  if (typeof schema["$ref"] === "string") {
    const name = tokensOf(localTarget(schema["$ref"]) ?? "")[2];
    if (name === undefined || !describe(schemas[name], schemas, known, seen)) return false;
  }
  for (const name of Object.keys(object(schema["properties"]))) known.add(name);
  // What stands for any name may stand for this one.
  if (schema["patternProperties"] !== undefined || isObject(schema["additionalProperties"])) return false;
  if (schema["additionalProperties"] === true) return false;
  return PARTS.every((keyword) => list(schema[keyword]).every((part) => describe(part, schemas, known, seen)));
}

/** The components that others are composed of. */
function partNames(schemas: Json): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (schema: unknown): void => {
    if (!isObject(schema)) return;
    for (const part of PARTS.flatMap((keyword) => list(schema[keyword]))) {
      const reference = isObject(part) ? part["$ref"] : undefined;
      const name = typeof reference === "string" ? tokensOf(localTarget(reference) ?? "")[2] : undefined;
      if (name !== undefined) names.add(name);
      visit(part);
    }
    for (const property of Object.values(object(schema["properties"]))) visit(property);
    visit(schema["items"]);
  };
  for (const schema of Object.values(schemas)) visit(schema);
  return names;
}
