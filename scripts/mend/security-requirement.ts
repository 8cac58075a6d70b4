/** Security requirements in other forms than OpenAPI's. None may be lost here: without one, a call would go unauthenticated. */

import { isObject, type Json } from "../spec/pointer.js";
import { kindOf } from "./kinds.js";
import { withMember } from "./rewrite.js";
import { WRONG_KIND } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

export function mendRequirements(owner: Json, trail: Trail | undefined, structure: Structure): Json {
  const { security } = owner;
  if (security === undefined || (Array.isArray(security) && security.every(isRequirement))) return owner;
  const place = below(trail, "security");
  if (security === null || typeof security === "boolean") {
    structure.tell(WRONG_KIND, place, { message: `"security" is ${kindOf(security)} where a list belongs; it is left out` });
    return withMember(owner, "security", undefined);
  }
  const stated: unknown[] = Array.isArray(security) ? security : [security];
  const read = stated.map(asRequirement);
  const message = "a security requirement is a map of the names of schemes, each with a list of scopes; it is taken for one";
  read.forEach((_, index) => {
    if (Array.isArray(security) && isRequirement(stated[index])) return;
    structure.tell(WRONG_KIND, Array.isArray(security) ? below(place, index) : place, { message });
  });
  return { ...owner, security: read };
}

function isRequirement(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every((scopes) => Array.isArray(scopes) && scopes.every((one) => typeof one === "string"))
  );
}

/** A text is the name of a scheme; whatever else stands where scopes belong are none. */
function asRequirement(value: unknown): Json {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([scheme, scopes]) => [scheme, scopesOf(scopes)]));
  if (Array.isArray(value)) return Object.assign({}, ...value.map(asRequirement)) as Json;
  return { [String(value)]: [] };
}

function scopesOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (isObject(value)) return Object.keys(value);
  return Array.isArray(value) ? value.filter((scope) => typeof scope === "string") : [];
}
