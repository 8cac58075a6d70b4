/**
 * References that are found out when a schema is used: a `$dynamicRef` leads to the outermost schema on the way to it that
 * has its `$dynamicAnchor`. A type says one thing, so a schema that is used with several becomes one for each: `Page`, where
 * users are its items, is `Page.User`.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-core section 8.2.3.2
 */

import { isObject, type Json, join, list, object, tokensOf } from "../spec/pointer.js";
import { isData, isMapOfNames, partsOf } from "../spec/walk.js";
import type { Mending } from "./mending.js";
import { isReference, References, referenceTo } from "./references.js";
import { mapMembers } from "./rewrite.js";
import { DANGLING_REFERENCE } from "./rules.js";

/** How many schemas may come of it, and how many are looked at to find out which have to. */
const MOST_COPIES = 1_000;
const MOST_LOOKED_AT = 100_000;

const SHELVES = ["$defs", "definitions"];
const COMPOSITIONS = ["allOf", "anyOf", "oneOf"];

/** What each anchor means: the pointer to a schema. */
type Scope = ReadonlyMap<string, string>;

/** What a schema refers to in all of its parts: by anchor, and by place. */
interface Uses {
  readonly anchors: ReadonlySet<string>;
  readonly pointers: readonly string[];
}

interface Copy {
  readonly name: string;
  readonly pointer: string;
  readonly scope: Scope;
}

export function mendDynamicReferences(root: Json, mending: Mending): Json {
  return usesDynamic(root) ? new DynamicReferences(root, mending).mended() : root;
}

/** Most documents have none; this is faster than to look for them properly. */
function usesDynamic(root: Json): boolean {
  const seen = new Set<object>();
  const stack: object[] = [root];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if ("$dynamicRef" in next) return true;
    for (const member of Object.values(next)) if (typeof member === "object" && member !== null) stack.push(member);
  }
  return false;
}

class DynamicReferences {
  readonly #root: Json;
  readonly #mending: Mending;
  readonly #references: References;
  /** Where each anchor stands, for references that no schema on their way gives a meaning. */
  readonly #anchors = new Map<string, Set<string>>();
  /** By what is copied, and what its anchors mean. Each may need others, which come in their turn. */
  readonly #copies = new Map<string, Copy>();
  readonly #names: Set<string>;
  readonly #uses = new Map<string, Uses>();
  readonly #unbound = new Map<string, ReadonlySet<string>>();
  #lookedAt = 0;
  /** What was made of each part, by what the anchors mean there, as several aliases may lead to it. */
  readonly #made = new Map<Scope, Map<object, unknown>>();

  constructor(root: Json, mending: Mending) {
    this.#root = root;
    this.#mending = mending;
    this.#references = new References(root);
    this.#names = new Set(Object.keys(object(object(root["components"])["schemas"])));
    for (const { pointer, value, isNamed } of partsOf(root)) {
      if (isNamed) continue;
      for (const name of [value["$anchor"], value["$dynamicAnchor"]]) {
        if (typeof name !== "string") continue;
        const places = this.#anchors.get(name) ?? new Set();
        this.#anchors.set(name, places.add(this.#meaningOf(value, pointer)));
      }
    }
  }

  mended(): Json {
    const root = object(this.#visit(this.#root, "", false, new Map()));
    const schemas: [string, unknown][] = [];
    for (const { name, pointer, scope } of this.#copies.values()) {
      schemas.push([name, this.#visit(this.#schemaAt(pointer), pointer, false, scope)]);
      this.#mending.move(pointer, join("/components/schemas", name));
    }
    if (schemas.length === 0) return root;
    const components = object(root["components"]);
    return {
      ...root,
      components: { ...components, schemas: { ...object(components["schemas"]), ...Object.fromEntries(schemas) } },
    };
  }

  #visit(value: unknown, pointer: string, isNamed: boolean, outer: Scope): unknown {
    if (typeof value !== "object" || value === null) return value;
    const made = this.#made.get(outer) ?? new Map<object, unknown>();
    this.#made.set(outer, made);
    if (made.has(value)) return made.get(value);
    made.set(value, value);
    const result = Array.isArray(value)
      ? this.#items(value, pointer, outer)
      : this.#members(object(value), pointer, isNamed, outer);
    made.set(value, result);
    return result;
  }

  #items(items: readonly unknown[], pointer: string, scope: Scope): unknown {
    const visited = items.map((item, index) => this.#visit(item, join(pointer, index), false, scope));
    return visited.every((item, index) => item === items[index]) ? items : visited;
  }

  #members(value: Json, pointer: string, isNamed: boolean, outer: Scope): Json {
    if (isNamed) return mapMembers(value, (member, name) => this.#visit(member, join(pointer, name), false, outer));
    const scope = this.#within(value, pointer, outer);
    const { $ref, $dynamicRef } = value;
    const visited = mapMembers(value, (member, name) => {
      if (name === "$ref" && typeof member === "string") return this.#reference(member, scope);
      if (name === "$dynamicRef" && typeof member === "string") return undefined;
      return isData(name) || name.startsWith("x-")
        ? member
        : this.#visit(member, join(pointer, name), isMapOfNames(name), scope);
    });
    if (typeof $dynamicRef !== "string" || typeof $ref === "string") return visited;
    const meant = this.#dynamic($dynamicRef, scope, pointer);
    return meant === undefined ? visited : { ...visited, $ref: meant };
  }

  /** What the anchors mean within a schema: what they mean around it, and those that it brings. */
  #within(schema: Json, pointer: string, outer: Scope): Scope {
    const own = this.#meaningsIn(schema, pointer);
    return [...own.keys()].every((name) => outer.has(name)) ? outer : new Map([...own, ...outer]);
  }

  #meaningsIn(schema: Json, pointer: string): Scope {
    const own = new Map<string, string>();
    for (const shelf of SHELVES) {
      for (const [name, part] of Object.entries(object(schema[shelf]))) {
        if (!isObject(part) || typeof part["$dynamicAnchor"] !== "string") continue;
        own.set(part["$dynamicAnchor"], this.#meaningOf(part, join(pointer, shelf, name)));
      }
    }
    if (typeof schema["$dynamicAnchor"] === "string") own.set(schema["$dynamicAnchor"], pointer);
    return own;
  }

  /** With those that its parts bring, each to itself: `Branch`, as a part of which branches are the nodes, needs no copy for that. */
  #meaningsInParts(schema: Json, pointer: string): Scope {
    const parts = COMPOSITIONS.flatMap((keyword) =>
      list(schema[keyword]).flatMap((part, index) => {
        return isObject(part) ? [...this.#meaningsInParts(part, join(pointer, keyword, index))] : [];
      }),
    );
    return new Map([...parts, ...this.#meaningsIn(schema, pointer)]);
  }

  /** A part that is an anchor and a reference stands for what that leads to. */
  #meaningOf(part: Json, pointer: string): string {
    if (!isReference(part) || Object.keys(part).length > 2) return pointer;
    const target = this.#references.target(part.$ref);
    return target === undefined ? pointer : join("", ...target.tokens);
  }

  #dynamic(reference: string, scope: Scope, pointer: string): string | undefined {
    if (reference === "#" || reference.startsWith("#/")) return this.#reference(reference, scope);
    const name = reference.startsWith("#") ? reference.slice(1) : "";
    const places = this.#anchors.get(name) ?? new Set();
    const [only] = places.size === 1 ? places : [];
    const meant = scope.get(name) ?? only;
    if (meant !== undefined) return this.#referenceTo(meant, scope);
    const place = join(pointer, "$dynamicRef");
    if (places.size === 0) {
      this.#mending.tell(DANGLING_REFERENCE, {
        pointer: place,
        message: `"${reference}" leads to no schema; anything is allowed`,
      });
    } else {
      // A schema that others are made from is not wrong for that.
      const message = `"${reference}" leads to one of several schemas, and nothing says here to which; anything is allowed`;
      this.#mending.tell(DANGLING_REFERENCE, { pointer: place, message, severity: "info" });
    }
    return undefined;
  }

  #reference(reference: string, scope: Scope): string {
    const target = scope.size === 0 ? undefined : this.#references.target(reference);
    if (target === undefined) return reference;
    const pointer = join("", ...target.tokens);
    return this.#copyFor(pointer, scope) ?? reference;
  }

  #referenceTo(pointer: string, scope: Scope): string {
    return this.#copyFor(pointer, scope) ?? referenceTo(tokensOf(pointer));
  }

  /** The reference to a copy of a schema, where one is needed as an anchor means something else there. */
  #copyFor(pointer: string, outer: Scope): string | undefined {
    const schema = this.#schemaAt(pointer);
    if (!isObject(schema)) return undefined;
    const own = this.#meaningsInParts(schema, pointer);
    const scope = [...outer]
      .filter(([name, meant]) => own.get(name) !== meant && this.#unboundIn(pointer).has(name))
      .toSorted();
    if (scope.length === 0) return undefined;
    const key = JSON.stringify([pointer, scope]);
    const copy = this.#copies.get(key) ?? this.#newCopy(key, pointer, new Map(scope));
    return copy && referenceTo(["components", "schemas", copy.name]);
  }

  #newCopy(key: string, pointer: string, scope: Scope): Copy | undefined {
    if (this.#copies.size === MOST_COPIES) return undefined;
    const proposal = [pointer, ...scope.values()].map((place) => tokensOf(place).at(-1)).join(".");
    let name = proposal;
    for (let count = 2; this.#names.has(name); count += 1) name = `${proposal}_${count}`;
    this.#names.add(name);
    const copy = { name, pointer, scope };
    this.#copies.set(key, copy);
    return copy;
  }

  /** The anchors that a schema, or one that it leads to, refers to dynamically. */
  #unboundIn(pointer: string): ReadonlySet<string> {
    const known = this.#unbound.get(pointer);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const seen = new Set([pointer]);
    for (const place of seen) {
      this.#lookedAt += 1;
      if (this.#lookedAt > MOST_LOOKED_AT) break;
      const { anchors, pointers } = this.#usesAt(place);
      for (const name of anchors) found.add(name);
      for (const next of pointers) seen.add(next);
    }
    this.#unbound.set(pointer, found);
    return found;
  }

  #usesAt(pointer: string): Uses {
    const known = this.#uses.get(pointer);
    if (known !== undefined) return known;
    const anchors = new Set<string>();
    const pointers: string[] = [];
    for (const { value, isNamed } of partsOf(this.#schemaAt(pointer))) {
      if (isNamed) continue;
      const { $ref, $dynamicRef } = value;
      if (typeof $dynamicRef === "string") anchors.add($dynamicRef.slice(1));
      const target = typeof $ref === "string" ? this.#references.target($ref) : undefined;
      if (target !== undefined) pointers.push(join("", ...target.tokens));
    }
    const uses = { anchors, pointers };
    this.#uses.set(pointer, uses);
    return uses;
  }

  #schemaAt(pointer: string): unknown {
    return this.#references.target(referenceTo(tokensOf(pointer)))?.value;
  }
}
