/** Further operations of a path under what is no method. */

import { HTTP_METHODS } from "../../src/lifecycle/operations.js";
import { isObject, type Json } from "../spec/pointer.js";
import { mapMembers, withMember } from "./rewrite.js";
import { UNKNOWN_MEMBER } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, pointerOf, type Trail } from "./trail.js";

/** RFC 9110 section 5.6.2: what a method, or the name of a header, is made of. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

/** OpenAPI 3.2's `additionalOperations`, without those that no request can have, or whose method has a member of its own. */
export function mendMethods(pathItem: Json, trail: Trail | undefined, structure: Structure): Json {
  const { additionalOperations } = pathItem;
  if (!isObject(additionalOperations)) return pathItem;
  const own: Record<string, unknown> = {};
  const further = mapMembers(additionalOperations, (operation, method) => {
    const member = HTTP_METHODS.find((known) => known === method.toLowerCase());
    if (TOKEN.test(method) && member === undefined) return operation;
    const isTaken = member === undefined || pathItem[member] !== undefined || own[member] !== undefined;
    const place = below(below(trail, "additionalOperations"), method);
    if (!isTaken) {
      own[member] = operation;
      structure.mending.move(pointerOf(place), pointerOf(below(trail, member)));
    }
    const fault = member === undefined ? "is no method of HTTP" : "has a member of its own in a path item";
    const outcome = isTaken ? "the operation is left out" : "it is taken for that";
    structure.tell(UNKNOWN_MEMBER, place, { part: "key", message: `"${method}" ${fault}; ${outcome}` });
    return undefined;
  });
  const mended = withMember(pathItem, "additionalOperations", further);
  return Object.keys(own).length === 0 ? mended : { ...mended, ...own };
}
