/**
 * Schemas that are made of themselves. `A: B` with `B: A`, or a parent that lists its children in `oneOf` while they name it
 * in `allOf`, or a list of itself, is a type that refers to itself before it is one, which TypeScript refuses. References within
 * properties and additional properties are none of this: they wait until somebody looks.
 */

import { isObject, type Json, join, list, localTarget, object, tokensOf } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { mapMembers } from "./rewrite.js";
import { REFERENCE_CYCLE } from "./rules.js";

/** Keywords under which stands what a schema is made of. Of a composition a part can be taken out, of a tuple none. */
const COMPOSITIONS: readonly string[] = ["allOf", "anyOf", "oneOf"];
const PARTS: readonly string[] = [...COMPOSITIONS, "prefixItems", "items"];

export function mendCycles(root: Json, mending: Mending): Json {
  const components = object(root["components"]);
  const stated = object(components["schemas"]);
  const loops = namesInLoops(stated);
  if (loops.size === 0) return root;
  const schemas = new Cycles(loops, mending).break(stated);
  return { ...root, components: { ...components, schemas } };
}

class Cycles {
  readonly #loops: ReadonlyMap<string, number>;
  readonly #mending: Mending;

  constructor(loops: ReadonlyMap<string, number>, mending: Mending) {
    this.#loops = loops;
    this.#mending = mending;
  }

  break(schemas: Json): Json {
    return this.#withoutLoops(this.#withoutParents(schemas));
  }

  /** A child takes over what its parent says of itself, instead of the parent with its list of children. */
  #withoutParents(schemas: Json): Json {
    return mapMembers(schemas, (schema, name) => {
      if (!this.#loops.has(name) || !isObject(schema) || !Array.isArray(schema["allOf"])) return schema;
      const allOf = schema["allOf"].map((part: unknown, index) => {
        const parent = referredName(part);
        if (parent === undefined || parent === name || this.#loops.get(parent) !== this.#loops.get(name)) return part;
        const said = schemas[parent];
        if (!isObject(said) || !("oneOf" in said || "anyOf" in said)) return part;
        this.#tell(
          join("/components/schemas", name, "allOf", index),
          `"${parent}" lists "${name}" among what it is one of; of "${parent}" only what it says of itself is taken here`,
        );
        const { oneOf: _oneOf, anyOf: _anyOf, discriminator: _discriminator, ...own } = said;
        return own;
      });
      return { ...schema, allOf };
    });
  }

  /** Each reference that closes a loop is taken out; what is left says less, but says it of a type. */
  #withoutLoops(schemas: Json): Json {
    const result = new Map<string, unknown>();
    const state = new Map<string, "open" | "done">();
    const visit = (name: string): void => {
      if (state.has(name) || !this.#loops.has(name)) return;
      state.set(name, "open");
      const isLoop = (target: string) => state.get(target) === "open";
      const mended = this.#without(schemas[name], join("/components/schemas", name), isLoop);
      result.set(name, mended);
      for (const next of immediateNames(mended)) visit(next);
      state.set(name, "done");
    };
    for (const name of this.#loops.keys()) visit(name);
    return mapMembers(schemas, (schema, name) => (result.has(name) ? result.get(name) : schema));
  }

  #without(schema: unknown, pointer: string, isLoop: (name: string) => boolean): unknown {
    if (Array.isArray(schema)) return schema.map((part, index) => this.#without(part, join(pointer, index), isLoop));
    if (!isObject(schema)) return schema;
    const name = referredName(schema);
    if (name !== undefined) {
      if (!isLoop(name)) return schema;
      this.#tell(join(pointer, "$ref"), `"${name}" is made of itself; anything is allowed here`);
      return {};
    }
    return mapMembers(schema, (value, keyword) => {
      if (!PARTS.includes(keyword)) return value;
      if (!COMPOSITIONS.includes(keyword)) return this.#without(value, join(pointer, keyword), isLoop);
      const parts = list(value).flatMap((part, index) => {
        const target = referredName(part);
        const place = join(pointer, keyword, index);
        if (target === undefined || !isLoop(target)) return [this.#without(part, place, isLoop)];
        this.#tell(place, `"${target}" is made of itself; this part is left out`);
        return [];
      });
      return parts.length > 0 ? parts : undefined;
    });
  }

  #tell(pointer: string, message: string): void {
    this.#mending.tell(REFERENCE_CYCLE, { pointer, message });
  }
}

/**
 * The schemas that are made of themselves, each with the number of the loop that it is in: the strongly connected components
 * of what schemas are made of, by Tarjan's algorithm, without recursion as chains may be long.
 */
function namesInLoops(schemas: Json): ReadonlyMap<string, number> {
  const parts = new Map(Object.entries(schemas).map(([name, schema]) => [name, immediateNames(schema)]));
  const indexes = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const loops = new Map<string, number>();
  let loop = 0;
  for (const root of parts.keys()) {
    if (indexes.has(root)) continue;
    const work: { readonly name: string; next: number }[] = [];
    const enter = (name: string) => {
      lowest.set(name, indexes.size);
      indexes.set(name, indexes.size);
      open.push(name);
      isOpen.add(name);
      work.push({ name, next: 0 });
    };
    enter(root);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const { name } = top;
      const part = parts.get(name)?.[top.next];
      top.next += 1;
      if (part !== undefined) {
        if (!indexes.has(part)) enter(part);
        else if (isOpen.has(part)) lowest.set(name, Math.min(lowest.get(name)!, indexes.get(part)!));
        continue;
      }
      work.pop();
      const above = work.at(-1)?.name;
      if (above !== undefined) lowest.set(above, Math.min(lowest.get(above)!, lowest.get(name)!));
      if (lowest.get(name) !== indexes.get(name)) continue;
      const members = open.splice(open.lastIndexOf(name));
      for (const member of members) isOpen.delete(member);
      if (members.length === 1 && parts.get(name)?.includes(name) !== true) continue;
      for (const member of members) loops.set(member, loop);
      loop += 1;
    }
  }
  // In the order of the document, so that a loop is broken at the same place whatever else there is.
  return new Map([...parts.keys()].flatMap((name) => (loops.has(name) ? [[name, loops.get(name)!] as const] : [])));
}

/** The schemas that a schema is made of, as opposed to those that it holds. */
function immediateNames(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(immediateNames);
  if (!isObject(schema)) return [];
  const name = referredName(schema);
  return [...(name === undefined ? [] : [name]), ...PARTS.flatMap((keyword) => immediateNames(schema[keyword]))];
}

/** The key of the schema that a reference leads to. */
function referredName(schema: unknown): string | undefined {
  if (!isObject(schema) || typeof schema["$ref"] !== "string") return undefined;
  return tokensOf(localTarget(schema["$ref"]) ?? "")[2];
}
