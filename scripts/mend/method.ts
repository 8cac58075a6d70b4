/** Further operations of a path under what is no method. */

import { isObject, type Json } from "../spec/pointer.js";
import { mapMembers, withMember } from "./rewrite.js";
import { UNKNOWN_MEMBER } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

/** RFC 9110 section 5.6.2: what a method, or the name of a header, is made of. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** OpenAPI 3.2's `additionalOperations`, without those that no request can have. */
export function mendMethods(pathItem: Json, trail: Trail | undefined, structure: Structure): Json {
  const { additionalOperations } = pathItem;
  if (!isObject(additionalOperations)) return pathItem;
  const mended = mapMembers(additionalOperations, (operation, method) => {
    if (TOKEN.test(method)) return operation;
    const message = `"${method}" is no method of HTTP; the operation is left out`;
    structure.tell(UNKNOWN_MEMBER, below(below(trail, "additionalOperations"), method), { part: "key", message });
    return undefined;
  });
  return withMember(pathItem, "additionalOperations", mended);
}
