/** Every reference of a description, with where it stands and what it has to lead to. */

import { isObject, type Json, join } from "../pointer.js";
import { type Context, memberContext } from "./contexts.js";

export interface Site {
  readonly reference: string;
  /** To the reference itself. */
  readonly pointer: string;
  /** What it stands for. */
  readonly context: Context;
  /** Whether it is a value of `discriminator.mapping`, which may be the name of a schema as well. */
  readonly isMapping: boolean;
}

/** Visits the references in a value in the order in which they are written; a part that aliases share is visited once. */
export function eachSite(root: unknown, rootContext: Context, rootPointer: string, visit: (site: Site) => void): void {
  const seen = new Set<object>();
  const walk = (value: unknown, context: Context, pointer: string): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    const reference = referenceOf(value);
    if (reference !== undefined) {
      visit({ reference, pointer: join(pointer, "$ref"), context, isMapping: false });
    }
    for (const [name, schema] of Object.entries(mappingOf(value, context) ?? {})) {
      if (typeof schema !== "string") continue;
      const place = join(pointer, "discriminator", "mapping", name);
      visit({ reference: schema, pointer: place, context: { kind: "schemas", isMap: false }, isMapping: true });
    }
    for (const [name, member] of Object.entries(value)) {
      const inner = memberContext(context, name);
      if (inner !== undefined) walk(member, inner, join(pointer, name));
    }
  };
  walk(root, rootContext, rootPointer);
}

/** What a Reference Object, or a schema with `$ref`, refers to. */
export function referenceOf(value: object): string | undefined {
  const reference = isObject(value) && Object.hasOwn(value, "$ref") ? value["$ref"] : undefined;
  return typeof reference === "string" ? reference : undefined;
}

/** Whether a value has a single member. */
export function isAlone(value: unknown): value is Json {
  return isObject(value) && Object.keys(value).length === 1;
}

/** The schemas that the discriminator of a schema names. */
export function mappingOf(value: object, { kind, isMap }: Context): Json | undefined {
  if (kind !== "schemas" || isMap || !isObject(value)) return undefined;
  const { discriminator } = value;
  return isObject(discriminator) && isObject(discriminator["mapping"]) ? discriminator["mapping"] : undefined;
}
