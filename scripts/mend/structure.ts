/** One walk over a document along the shapes of OpenAPI: each part becomes of the kind that belongs in its place. */

import type { RuleDescription } from "../diagnostics.js";
import { nearest } from "../nearest.js";
import { isObject, type Json, join, localTarget, object } from "../spec/pointer.js";
import { versionMeant } from "../spec/version.js";
import { asBoolean, asList, asMap, asText, kindOf } from "./kinds.js";
import { isLike, meantName, schemaWithin } from "./meant-reference.js";
import type { Mended, Mending } from "./mending.js";
import { OBJECT_MENDINGS } from "./objects.js";
import { isReference, References, referenceTo, type Target } from "./references.js";
import { mapMembers } from "./rewrite.js";
import { DANGLING_REFERENCE, MISPLACED_REFERENCE, REFERENCE_CYCLE, UNKNOWN_MEMBER, WRONG_KIND } from "./rules.js";
import { COMPONENTS, OBJECTS, type ObjectName, type Shape } from "./shapes.js";
import { below, pointerOf, type Trail, trailOf } from "./trail.js";

/** For how many dangling references the nearest name is looked for. */
const MOST_LOOKED = 100;

const SCHEMA: Shape = { kind: "object", name: "schema", mayRefer: false };

export function mendStructure(root: Json, mending: Mending): Json {
  return new Structure(root, mending).document();
}

export class Structure {
  readonly mending: Mending;
  readonly #root: Json;
  readonly #references: References;
  /** What was made of each object, as several aliases or references may lead to it. */
  readonly #mended = {
    plain: new Map<ObjectName, Map<object, unknown>>(),
    referring: new Map<ObjectName, Map<object, unknown>>(),
  };
  /** Objects whose mending has begun and not ended. */
  readonly #open = new Set<unknown>();
  /** Schemas that references reach at a place of their own, by that place: each becomes a component. */
  readonly #reached = new Map<string, { readonly name: string; readonly target: Target }>();
  /** The names of these. */
  readonly #names = new Set<string>();
  /** The names of the components of each kind. */
  readonly #componentNames = new Map<string, readonly string[]>();
  /** How often a name that may have been meant was looked for. */
  #looked = 0;

  constructor(root: Json, mending: Mending) {
    this.#root = root;
    this.mending = mending;
    this.#references = new References(root);
  }

  document(): Json {
    const mended = object(this.visit({ kind: "object", name: "document", mayRefer: false }, this.#root, undefined));
    const reached: [string, unknown][] = [];
    // Each may reach others, which come in their turn.
    for (const { name, target } of this.#reached.values()) {
      reached.push([name, this.visit(SCHEMA, target.value, trailOf(target.tokens)) ?? {}]);
      this.mending.move(join("", ...target.tokens), join("/components/schemas", name));
    }
    if (reached.length === 0) return mended;
    const components = object(mended["components"]);
    const schemas = { ...object(components["schemas"]), ...Object.fromEntries(reached) };
    return { ...mended, components: { ...components, schemas } };
  }

  /** What belongs in a place instead of what stands there; `undefined` when nothing can be made of it, which is told. */
  visit(shape: Shape, value: unknown, trail: Trail | undefined): unknown {
    switch (shape.kind) {
      case "data":
        return value;
      case "text":
        return typeof value === "string" ? value : this.#converted(asText(value), "a text", value, trail);
      case "boolean":
        return typeof value === "boolean" ? value : this.#converted(asBoolean(value), "true or false", value, trail);
      case "list":
        return this.#list(shape, value, trail);
      case "map":
        return this.#map(shape, value, trail);
      case "object":
        return this.#object(shape, value, trail);
    }
  }

  tell(rule: RuleDescription, trail: Trail | undefined, mended: Omit<Mended, "pointer">): void {
    this.mending.tell(rule, { ...mended, pointer: pointerOf(trail) });
  }

  /** Where a reference from a part leads, if that is to a schema that there is. */
  schemaAt(reference: string): Target | undefined {
    const target = this.#references.target(reference);
    return target !== undefined && (isObject(target.value) || typeof target.value === "boolean") ? target : undefined;
  }

  /** The object that a reference stands for; any other object is itself. */
  follow(value: unknown): Json | undefined {
    if (!isReference(value)) return isObject(value) ? value : undefined;
    const end = this.#references.end(value.$ref);
    return end === undefined || end === "circular" || !isObject(end.value) ? undefined : end.value;
  }

  /** The document's own address, which relative ones begin with. OpenAPI 3.2. */
  self(): string | undefined {
    const { $self } = this.#root;
    return typeof $self === "string" && URL.canParse($self) ? $self : undefined;
  }

  /** The version of OpenAPI that the document means. */
  version(): string | undefined {
    return versionMeant(this.#root["openapi"]);
  }

  /** Notes that an item of a list stands at another index from now on. */
  moveItem(item: Trail, index: number): void {
    if (item.token !== index) this.mending.move(pointerOf(item), pointerOf(below(item.up, index)));
  }

  /** Notes that a member of a map goes by another key from now on. */
  moveKey(member: Trail, key: string): void {
    this.mending.move(pointerOf(member), pointerOf(below(member.up, key)));
  }

  #converted<T>(converted: T | undefined, wanted: string, value: unknown, trail: Trail | undefined): T | undefined {
    const outcome = converted === undefined ? "it is left out" : "it is taken for one";
    this.tell(WRONG_KIND, trail, { message: `${labelOf(trail)} is ${kindOf(value)} where ${wanted} belongs; ${outcome}` });
    return converted;
  }

  #list(shape: Extract<Shape, { kind: "list" }>, stated: unknown, trail: Trail | undefined): unknown {
    const value = this.#inlined(stated, trail);
    if (value === undefined) return undefined;
    const items = Array.isArray(value) ? value : this.#converted(asList(value, shape.of), "a list", value, trail);
    if (items === undefined) return undefined;
    let result: unknown[] | undefined = items === stated ? undefined : [];
    for (const [index, item] of items.entries()) {
      const place = below(trail, index);
      const mended = this.visit(shape.of, item, place);
      if (mended !== item) result ??= items.slice(0, index);
      if (result === undefined || mended === undefined) continue;
      this.moveItem(place, result.length);
      result.push(mended);
    }
    return result ?? items;
  }

  #map(shape: Extract<Shape, { kind: "map" }>, stated: unknown, trail: Trail | undefined): unknown {
    const isNamedReference =
      !shape.extensible && isReference(stated) && shape.of.kind === "object" && shape.of.name === "schema";
    const isNamed = isNamedReference && !this.#leadsToMap(stated);
    const value = isNamed ? stated : (this.#membersOfSchema(shape, stated, trail) ?? this.#inlined(stated, trail));
    if (value === undefined) return undefined;
    const map = isObject(value) ? value : this.#converted(asMap(value), "a map", value, trail);
    if (map === undefined) return undefined;
    return mapMembers(map, (member, name) => {
      if (shape.extensible && name.startsWith("x-")) return member;
      return this.visit(shape.of, member, below(trail, name));
    });
  }

  /** The properties of the schema that a reference leads to where properties belong. */
  #membersOfSchema({ of }: Extract<Shape, { kind: "map" }>, stated: unknown, trail: Trail | undefined): Json | undefined {
    if (of.kind !== "object" || of.name !== "schema" || trail?.token !== "properties" || !isReference(stated)) return undefined;
    const end = this.#references.end(stated.$ref);
    if (end === undefined || end === "circular" || componentKind(end.tokens) !== "schemas") return undefined;
    const message = `"${stated.$ref}" leads to a schema; its properties are put in the place of the reference`;
    this.tell(MISPLACED_REFERENCE, below(trail, "$ref"), { message });
    return object(object(end.value)["properties"]);
  }

  /** A map of schemas may have a property called `$ref`; as a reference it is meant only where it leads to another map. */
  #leadsToMap({ $ref }: { readonly $ref: string }): boolean {
    return isObject(this.#references.target($ref)?.value);
  }

  #object(shape: Extract<Shape, { kind: "object" }>, value: unknown, trail: Trail | undefined): unknown {
    const { name, mayRefer } = shape;
    if (name === "schema" && typeof value === "boolean") return value;
    if (!isObject(value)) return this.#misfit(name, value, trail);
    const mended = this.#mendedOf(name, mayRefer);
    if (mended.has(value)) return mended.get(value);
    if (this.#open.has(value)) {
      this.tell(REFERENCE_CYCLE, trail, { message: `${labelOf(trail)} is a part of itself; it is left out here` });
      return undefined;
    }
    this.#open.add(value);
    const result = this.#members(shape, value, trail);
    this.#open.delete(value);
    mended.set(value, result);
    return result;
  }

  #mendedOf(name: ObjectName, mayRefer: boolean): Map<object, unknown> {
    const owner = mayRefer ? this.#mended.referring : this.#mended.plain;
    const known = owner.get(name);
    if (known !== undefined) return known;
    const mended = new Map<object, unknown>();
    owner.set(name, mended);
    return mended;
  }

  #members({ name, mayRefer }: Extract<Shape, { kind: "object" }>, stated: Json, trail: Trail | undefined): unknown {
    const mendings = OBJECT_MENDINGS[name];
    const value = this.#asMeant(name, mendings?.before?.(stated, trail, this) ?? stated, trail);
    if (isReference(value)) {
      if (name === "schema") return this.#schemaReference(value, trail);
      if (mayRefer) return this.#reference(name, value, trail);
      const target = this.#inlined(value, trail, name === "pathItem");
      if (target === undefined) return undefined;
      return this.visit({ kind: "object", name, mayRefer }, target, trail);
    }
    const known = this.#known(name, value, trail);
    return mendings?.after ? mendings.after(known, trail, this) : known;
  }

  /** The object with each known member mended, and without those that mean nothing. */
  #known(name: ObjectName, stated: Json, trail: Trail | undefined): Json {
    const shapes = OBJECTS[name];
    const value = name === "schema" ? stated : this.#inTheirCase(name, stated, trail);
    return mapMembers(value, (member, key) => {
      const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
      // Most members are texts that are as they should be.
      if (shape !== undefined) return isRight(shape, member) ? member : this.visit(shape, member, below(trail, key));
      // The vocabulary of schemas is open, and extensions are anybody's.
      if (name === "schema" || key.startsWith("x-")) return member;
      const near = nearest(key, Object.keys(shapes));
      const hint = near === undefined ? undefined : `did you mean "${near}"?`;
      this.tell(UNKNOWN_MEMBER, below(trail, key), {
        part: "key",
        message: `"${key}" is no member of ${nounOf(name)} in OpenAPI; it is left out`,
        hint,
      });
      return undefined;
    });
  }

  /** The object with the names of its members in the case that OpenAPI has them in. */
  #inTheirCase(name: ObjectName, stated: Json, trail: Trail | undefined): Json {
    const shapes = OBJECTS[name];
    const isKnown = (key: string) => Object.hasOwn(shapes, key) || key.startsWith("x-");
    if (Object.keys(stated).every(isKnown)) return stated;
    const taken = new Set(Object.keys(stated));
    const entries = Object.entries(stated).map(([key, value]): [string, unknown] => {
      const meant = isKnown(key) ? undefined : Object.keys(shapes).find((known) => known.toLowerCase() === key.toLowerCase());
      if (meant === undefined || taken.has(meant)) return [key, value];
      taken.add(meant);
      const place = below(trail, key);
      this.tell(UNKNOWN_MEMBER, place, {
        part: "key",
        message: `"${key}" is no member of ${nounOf(name)} in OpenAPI; it is taken for "${meant}"`,
      });
      this.moveKey(place, meant);
      return [meant, value];
    });
    return Object.fromEntries(entries);
  }

  #misfit(name: ObjectName, value: unknown, trail: Trail | undefined): unknown {
    const converted = OBJECT_MENDINGS[name]?.otherwise?.(value, trail, this);
    const wanted = name === "schema" ? "a schema" : "a map";
    if (converted !== undefined) {
      this.tell(WRONG_KIND, trail, {
        message: `${labelOf(trail)} is ${kindOf(value)} where ${wanted} belongs; it is taken for one`,
      });
      return this.visit({ kind: "object", name, mayRefer: true }, converted, trail);
    }
    const outcome = name === "schema" ? "anything is allowed" : "it is left out";
    this.tell(WRONG_KIND, trail, { message: `${labelOf(trail)} is ${kindOf(value)} where ${wanted} belongs; ${outcome}` });
    return name === "schema" ? {} : undefined;
  }

  /** A reference that leads nowhere as it is written leads to the component that it is written for. */
  #asMeant(name: ObjectName, value: Json, trail: Trail | undefined): Json {
    if (!isReference(value)) return value;
    const { $ref } = value;
    const target = this.#references.target($ref, componentOf(trail));
    if (target !== undefined && target.isVerbatim !== true) return value;
    const meant = target === undefined ? this.meant(name, $ref) : referenceTo(target.tokens);
    if (meant === undefined) return value;
    const message = `"${$ref}" leads to no ${bareNounOf(name)}; it is taken for "${meant}"`;
    this.tell(DANGLING_REFERENCE, below(trail, "$ref"), { message });
    return { ...value, $ref: meant };
  }

  /** The reference to the component of a kind that a reference which leads nowhere is written for. */
  meant(name: ObjectName, reference: string): string | undefined {
    const kind = COMPONENTS[name];
    if (kind === undefined) return undefined;
    const names = this.#componentNames.get(kind) ?? Object.keys(object(object(this.#root["components"])[kind]));
    this.#componentNames.set(kind, names);
    const found = meantName(reference, name, names);
    return found === undefined ? undefined : referenceTo(["components", kind, found]);
  }

  /** A reference to a component stays one; to any other place, what stands there is put in its stead. */
  #reference(name: ObjectName, value: Json & { readonly $ref: string }, trail: Trail | undefined): unknown {
    const { $ref } = value;
    const target = this.#references.target($ref);
    const end = this.#references.end($ref);
    if (target === undefined || end === undefined || end === "circular" || !isObject(end.value)) {
      return this.#nothing(name, $ref, end === "circular", trail);
    }
    const kind = componentKind(target.tokens);
    if (kind === COMPONENTS[name]) {
      return this.#isLeftOut(name, target) ? undefined : this.#beside(value, referenceTo(target.tokens), end.value, trail);
    }
    if (kind !== undefined && isLike(name, end.value)) {
      const message = `"${$ref}" leads to ${nounOf(name)} that stands among the ${kind}; it is taken for one`;
      this.tell(MISPLACED_REFERENCE, below(trail, "$ref"), { message });
      return this.visit({ kind: "object", name, mayRefer: false }, end.value, trailOf(end.tokens));
    }
    if (kind === "schemas" && OBJECT_MENDINGS[name]?.ofSchema !== undefined) {
      const message = `"${$ref}" leads to a schema, not to ${nounOf(name)}; it is taken for the schema of the body`;
      this.tell(MISPLACED_REFERENCE, below(trail, "$ref"), { message });
      return this.visit({ kind: "object", name, mayRefer: false }, OBJECT_MENDINGS[name].ofSchema({ $ref }), trail);
    }
    if (kind !== undefined) return this.#nothing(name, $ref, false, trail);
    return this.visit({ kind: "object", name, mayRefer: true }, target.value, trailOf(target.tokens));
  }

  /** Whether nothing is left of a component, which is told where it stands. */
  #isLeftOut(name: ObjectName, { value, tokens }: Target): boolean {
    if (this.#open.has(value)) return false;
    return this.visit({ kind: "object", name, mayRefer: true }, value, trailOf(tokens)) === undefined;
  }

  /** Beside a reference nothing counts but a summary and a description; what only repeats its target is not missed. */
  #beside(value: Json & { readonly $ref: string }, reference: string, target: Json, trail: Trail | undefined): Json {
    const lost: string[] = [];
    const mended = mapMembers(value, (member, key) => {
      if (key === "$ref") return reference;
      if (key === "summary" || key === "description" || key.startsWith("x-")) return member;
      if (!isSame(member, target[key])) lost.push(key);
      return undefined;
    });
    const [first] = lost;
    if (first !== undefined) {
      const names = lost.map((key) => `"${key}"`).join(", ");
      const message = `beside a reference ${names} ${lost.length === 1 ? "means" : "mean"} nothing; it is left out`;
      this.tell(UNKNOWN_MEMBER, below(trail, first), { part: "key", message });
    }
    return mended;
  }

  #schemaReference(value: Json & { readonly $ref: string }, trail: Trail | undefined): unknown {
    const { $ref } = value;
    const target = this.#references.target($ref, componentOf(trail));
    const end = this.#references.end($ref);
    const isSchema = target !== undefined && (isObject(target.value) || typeof target.value === "boolean");
    const kind = target && componentKind(target.tokens);
    const within =
      kind === undefined || kind === "schemas" || end === undefined || end === "circular" ? undefined : schemaWithin(end);
    if (within !== undefined) {
      const message = `"${$ref}" leads to no schema, but to what has one; that one is taken`;
      this.tell(MISPLACED_REFERENCE, below(trail, "$ref"), { message });
      return this.#known("schema", { ...value, $ref: referenceTo(["components", "schemas", this.#reach(within)]) }, trail);
    }
    if (!isSchema || end === "circular" || (kind !== undefined && kind !== "schemas")) {
      const rest = mapMembers(value, (member, key) => (key === "$ref" ? undefined : member));
      this.#nothing("schema", $ref, end === "circular", trail);
      return this.#known("schema", rest, trail);
    }
    const tokens = kind === "schemas" ? target.tokens : ["components", "schemas", this.#reach(target)];
    const reference = referenceTo(tokens);
    return this.#known("schema", reference === $ref ? value : { ...value, $ref: reference }, trail);
  }

  /** The name of the component that a schema becomes which stands elsewhere. */
  #reach(target: Target): string {
    const place = join("", ...target.tokens);
    const known = this.#reached.get(place);
    if (known !== undefined) return known.name;
    const tokens = componentKind(target.tokens.slice(0, 3)) === undefined ? target.tokens : target.tokens.slice(2);
    const proposal = tokens
      .filter((token, index) => !isShelf(token) && (index > 0 || !token.startsWith("x-")))
      .join(".")
      .replace(/[^\w.-]+/g, "_");
    const taken = object(object(this.#root["components"])["schemas"]);
    let name = proposal === "" ? "_" : proposal;
    for (let count = 2; Object.hasOwn(taken, name) || this.#names.has(name); count += 1) name = `${proposal}_${count}`;
    this.#names.add(name);
    this.#reached.set(place, { name, target });
    return name;
  }

  #nothing(name: ObjectName, reference: string, isCircular: boolean, trail: Trail | undefined): unknown {
    const instead = OBJECT_MENDINGS[name]?.unknown;
    // Of what is not in the document, loading it has told: every reference that is left leads into it.
    if (localTarget(reference) === undefined) return instead;
    const outcome = name === "schema" || instead !== undefined ? "anything is allowed" : "it is left out";
    const place = below(trail, "$ref");
    if (isCircular) {
      this.tell(REFERENCE_CYCLE, place, { message: `"${reference}" leads to nothing but itself; ${outcome}` });
    } else {
      const message = `"${reference}" leads to no ${bareNounOf(name)}; ${outcome}`;
      this.tell(DANGLING_REFERENCE, place, { message, hint: this.#neighbour(name, reference) });
    }
    return instead;
  }

  #neighbour(name: ObjectName, reference: string): string | undefined {
    // To compare with every name takes its time; whoever mends so many references sees by then what is wrong.
    this.#looked += 1;
    if (this.#looked > MOST_LOOKED) return undefined;
    const kind = COMPONENTS[name];
    const last = reference.slice(reference.lastIndexOf("/") + 1);
    const near = kind && nearest(last, Object.keys(object(object(this.#root["components"])[kind])));
    return near === undefined ? undefined : `did you mean "#/components/${kind}/${near}"?`;
  }

  /** What stands behind a reference where OpenAPI knows none; anything else as it is. */
  #inlined(value: unknown, trail: Trail | undefined, isUsual = false): unknown {
    if (!isReference(value)) return value;
    const { $ref, ...beside } = value;
    const end = this.#references.end($ref);
    if (end === undefined || end === "circular") {
      this.#nothing("pathItem", $ref, end === "circular", trail);
      return Object.keys(beside).length > 0 ? beside : undefined;
    }
    if (!isUsual) {
      const message = `a reference cannot stand for ${labelOf(trail)}; what "${$ref}" leads to is put in its place`;
      this.tell(MISPLACED_REFERENCE, below(trail, "$ref"), { message });
    }
    return isObject(end.value) && Object.keys(beside).length > 0 ? { ...end.value, ...beside } : end.value;
  }
}

/** Where definitions are kept; it says nothing about them. */
function isShelf(token: string): boolean {
  return token === "$defs" || token === "definitions";
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** How messages call a part: by its key, or by its number in the list of that name. */
function labelOf(trail: Trail | undefined): string {
  if (trail === undefined) return "the document";
  if (typeof trail.token === "string") return `"${trail.token}"`;
  return trail.up === undefined ? `item ${trail.token}` : `item ${trail.token} of ${labelOf(trail.up)}`;
}

function nounOf(name: ObjectName): string {
  return NOUNS[name] ?? `a ${name}`;
}

function bareNounOf(name: ObjectName): string {
  return nounOf(name).replace(/^an? /, "");
}

const NOUNS: Readonly<Partial<Record<ObjectName, string>>> = {
  document: "the document",
  info: "info",
  components: "components",
  pathItem: "a path item",
  operation: "an operation",
  externalDocs: "externalDocs",
  requestBody: "a request body",
  mediaType: "a media type",
  encoding: "an encoding",
  example: "an example",
  securityScheme: "a security scheme",
  serverVariable: "a server variable",
  flows: "flows",
};

/** Whether there is nothing to look at in a value that belongs in a place. */
function isRight({ kind }: Shape, value: unknown): boolean {
  return (
    kind === "data" || (kind === "text" && typeof value === "string") || (kind === "boolean" && typeof value === "boolean")
  );
}

/** The kind of component that stands at a place; `undefined` when it is no component, or a part of one. */
function componentKind(tokens: readonly string[]): string | undefined {
  return tokens.length === 3 && tokens[0] === "components" ? tokens[1] : undefined;
}

/** The tokens of the component that holds a part. */
function componentOf(trail: Trail | undefined): string[] {
  const tokens: string[] = [];
  for (let at = trail; at !== undefined; at = at.up) tokens.push(String(at.token));
  tokens.reverse();
  return tokens[0] === "components" ? tokens.slice(0, 3) : [];
}
