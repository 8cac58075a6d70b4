/**
 * `nullable` in a part of its own. OpenAPI 3.0 gives it a meaning only beside a type, and none beside a reference, so documents
 * put it where it says something else: that anything, or any object, is allowed as well.
 *
 * @see https://spec.openapis.org/oas/v3.0.4#fixed-fields-for-schema-object
 */

import { isObject, type Json, list } from "../spec/pointer.js";
import { withMember } from "./rewrite.js";
import { NULLABLE } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

/** What a part may say beside `nullable` that is of no type. */
const WORDS = ["title", "description", "deprecated", "readOnly", "writeOnly", "default", "example", "externalDocs", "xml"];

export function mendNullable(schema: Json, trail: Trail | undefined, structure: Structure): Json {
  return ofWhole(
    ofAlternatives(ofAlternatives(schema, "anyOf", trail, structure), "oneOf", trail, structure),
    trail,
    structure,
  );
}

/** An alternative for null, which keeps its place. */
function ofAlternatives(schema: Json, keyword: "anyOf" | "oneOf", trail: Trail | undefined, structure: Structure): Json {
  return mendParts(schema, keyword, (part, index) => {
    const message = "beside the others this alternative is there for null, and allows more; it is taken for null alone";
    structure.tell(NULLABLE, below(below(trail, keyword), index), { message });
    const { nullable: _nullable, ...words } = part;
    return { ...words, type: "null" };
  });
}

/** A part of `allOf` for null: the others forbid it still. */
function ofWhole(schema: Json, trail: Trail | undefined, structure: Structure): Json {
  const mended = mendParts(schema, "allOf", ({ type: _type, nullable: _nullable, ...words }, index) => {
    const message = "null that one part allows is not allowed by the others; it is taken for allowed";
    structure.tell(NULLABLE, below(below(trail, "allOf"), index), { message });
    return words;
  });
  return mended === schema ? schema : { ...mended, nullable: true };
}

/** The schema with other parts for those that say no more than that null is allowed; the same one where there are none. */
function mendParts(schema: Json, keyword: string, mend: (part: Json, index: number) => Json): Json {
  const parts = schema[keyword];
  if (!Array.isArray(parts) || !parts.some(isForNull) || !parts.some(isOfOthers)) return schema;
  const mended = parts.map((part: unknown, index) => (isForNull(part) ? mend(part, index) : part));
  return withMember(schema, keyword, mended);
}

function isForNull(part: unknown): part is Json {
  if (!isObject(part) || part["nullable"] !== true) return false;
  const { nullable: _nullable, type = "object", ...words } = part;
  return type === "object" && Object.keys(words).every((keyword) => WORDS.includes(keyword) || keyword.startsWith("x-"));
}

/** What null is allowed beside: a reference, or a schema with members or parts of its own. */
function isOfOthers(part: unknown): boolean {
  return isObject(part) && ("$ref" in part || "properties" in part || list(part["allOf"]).length > 0);
}
