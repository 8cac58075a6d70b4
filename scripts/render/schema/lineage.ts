/** What schemas inherit of those that they extend by `allOf`: by which member, and by which texts, they are told apart. */

import { isObject, type Json, list, object } from "../../spec/pointer.js";

/** The discriminator of a schema that others extend. */
export interface Inherited {
  readonly propertyName: string;
  /** References to schemas, by the text of the member. */
  readonly mapping: Record<string, string>;
}

export class Lineage {
  readonly #schemas: ReadonlyMap<string, Json>;
  readonly #known = new Map<string, readonly Inherited[]>();

  /** @param schemas as they are prepared, by the references to them. */
  constructor(schemas: ReadonlyMap<string, Json>) {
    this.#schemas = schemas;
  }

  /** The discriminators of all that a schema extends, one for each member: the nearest. */
  of(reference: string): readonly Inherited[] {
    const known = this.#known.get(reference);
    if (known !== undefined) return known;
    // What extends itself inherits nothing by that.
    this.#known.set(reference, []);
    const found = new Map<string, Inherited>();
    for (const parent of this.#parents(reference)) {
      for (const one of [...this.#own(parent), ...this.of(parent)]) {
        const { mapping } = found.get(one.propertyName) ?? {};
        found.set(one.propertyName, { ...one, mapping: { ...one.mapping, ...mapping } });
      }
    }
    const inherited = [...found.values()];
    this.#known.set(reference, inherited);
    return inherited;
  }

  /** Whether the tool takes a member of a schema for the one by which it is told apart. */
  isTelling(reference: string): boolean {
    return isObject(this.#schemas.get(reference)?.["discriminator"]) || this.of(reference).length > 0;
  }

  /** Whether a schema is one of others, and no parent. */
  isUnion(reference: string): boolean {
    const schema = this.#schemas.get(reference);
    return schema !== undefined && ("oneOf" in schema || "anyOf" in schema);
  }

  /** What a schema that this one extends states of a member. */
  member(reference: string, name: string, stated: ReadonlyMap<string, ReadonlyMap<string, Json>>): Json | undefined {
    const seen = new Set([reference]);
    for (const next of seen) {
      const said = next === reference ? undefined : stated.get(next)?.get(name);
      if (said !== undefined) return said;
      for (const parent of this.#parents(next)) seen.add(parent);
    }
    return undefined;
  }

  #parents(reference: string): string[] {
    return list(this.#schemas.get(reference)?.["allOf"]).flatMap((part): string[] => {
      const parent = object(part)["$ref"];
      return typeof parent === "string" && !this.isUnion(parent) ? [parent] : [];
    });
  }

  #own(reference: string): Inherited[] {
    const { propertyName, mapping } = object(this.#schemas.get(reference)?.["discriminator"]);
    return typeof propertyName === "string" ? [{ propertyName, mapping: object(mapping) as Record<string, string> }] : [];
  }
}
