/** Members that openapi-typescript declares twice: the property of a discriminator, where a child describes it as well. */

import type * as TypeScript from "typescript";
import { nameOf } from "./module.js";

type Members = readonly TypeScript.TypeElement[];

/** Of two members of one name the first is kept: the discriminator's, which is the narrower, and stands before all others. */
export function withoutRepeated(members: Members): Members {
  const [first, ...others] = members;
  const name = first === undefined ? "" : nameOf(first);
  if (first === undefined || name === "" || !others.some((member) => nameOf(member) === name)) return members;
  return [first, ...others.filter((member) => nameOf(member) !== name)];
}
