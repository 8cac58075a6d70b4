/** Whether a value of the language can fit a schema, as far as that can be told before it is computed. */

import type { Computed, FunctionName, Value } from "../../src/lifecycle/contract.js";
import { parseTemplate } from "../../src/lifecycle/expression.js";
import { functionName } from "../../src/lifecycle/value.js";
import { suggest } from "../nearest.js";
import type { Document } from "../spec/document.js";
import { items, member, type Node } from "../spec/node.js";
import { isObject, join, list, localTarget, object } from "../spec/pointer.js";
import type { Finding } from "./rule.js";
import { knownMembers, memberSchemas, referred, typeOf } from "./schema.js";

export interface Fitting {
  readonly document: Document;
  /** What messages call the whole value, such as `the body of login`. */
  readonly label: string;
  /** Whether values travel as text, as in a form or a query: there `"5"` is a number as well. */
  readonly isText: boolean;
}

/** A value, and where it is written; a default that nobody wrote has the place where it would stand. */
interface Written {
  readonly pointer: string;
  readonly value: Value;
}

/** Everything in which a value does not fit; of several alternatives of the schema, as against the one that it fits best. */
export function misfits(fitting: Fitting, written: Written, schema: Node): Finding[] {
  const known = knownOf(written.value);
  if (known.kind === "anything") return [];
  if (known.kind === "choice") {
    return known.values.flatMap(({ at, value }) => misfits(fitting, { pointer: `${written.pointer}${at}`, value }, schema));
  }
  const alternatives = alternativesOf(fitting.document, schema, known);
  if (alternatives.length === 0 || alternatives.length > MOST_ALTERNATIVES) return [];
  const faults = alternatives.map((schemas) => misfitsOfAll(fitting, written, known, schemas));
  return faults.reduce((best, next) => (next.length < best.length ? next : best));
}

/** What is known of a value without computing it. */
type Known =
  | { readonly kind: "anything" }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "type"; readonly type: string }
  | { readonly kind: "choice"; readonly values: readonly { readonly at: string; readonly value: Value }[] }
  | { readonly kind: "list"; readonly values: readonly Value[] }
  | { readonly kind: "map"; readonly members: Readonly<Record<string, Value>> };

function knownOf(value: Value): Known {
  if (typeof value === "string") return knownOfText(value);
  if (typeof value !== "object" || value === null) return { kind: "literal", value };
  if (Array.isArray(value)) return { kind: "list", values: value };
  const name = functionName(value);
  return name === undefined
    ? { kind: "map", members: value as Readonly<Record<string, Value>> }
    : knownOfFunction(name, value as Computed);
}

function knownOfText(text: string): Known {
  try {
    const template = parseTemplate(text);
    if (template.every((part) => typeof part === "string")) return { kind: "literal", value: text };
  } catch {
    // Another rule says that it cannot be read.
  }
  return { kind: "anything" };
}

function knownOfFunction(name: FunctionName, computed: Computed): Known {
  if ("optional" in computed) return { kind: "choice", values: [{ at: "/optional", value: computed.optional }] };
  if ("first" in computed) {
    const candidates = list(computed.first) as readonly Value[];
    return { kind: "choice", values: candidates.map((value, index) => ({ at: `/first/${index}`, value })) };
  }
  if ("now" in computed) {
    const format = object(computed.now)["format"] ?? "epoch-seconds";
    return { kind: "type", type: String(format).startsWith("epoch") ? "integer" : "string" };
  }
  if ("literal" in computed)
    return isScalar(computed.literal) ? { kind: "literal", value: computed.literal } : { kind: "anything" };
  // What these join may be digits alone.
  const isOpen = name === "concat" || name === "urlEncode" || name === "jwtClaim";
  return isOpen ? { kind: "anything" } : { kind: "type", type: "string" };
}

const MOST_ALTERNATIVES = 64;

/**
 * The alternatives of a schema: each is a list of schemas that hold together. A discriminator leaves those that the value
 * names.
 */
function alternativesOf(document: Document, schema: Node, known: Known, above: ReadonlySet<string> = new Set()): Node[][] {
  if (above.has(schema.pointer) || above.size > MOST_ALTERNATIVES) return [[]];
  const within = new Set(above).add(schema.pointer);
  const alternatives = (node: Node) => alternativesOf(document, node, known, within);
  const together = [...referred(document, schema), ...items(member(schema, "allOf"))].map(alternatives);
  const either = ["oneOf", "anyOf"].map((name) => selected(schema, items(member(schema, name)), known).flatMap(alternatives));
  return [...together, ...either.filter((parts) => parts.length > 0)].reduce(
    (all, parts) => (all.length > MOST_ALTERNATIVES ? all : all.flatMap((one) => parts.map((part) => [...one, ...part]))),
    [[schema]],
  );
}

/** Of the alternatives those that the discriminator selects; all of them when it does not tell. */
function selected(schema: Node, alternatives: readonly Node[], known: Known): readonly Node[] {
  const { propertyName, mapping } = object(member(schema, "discriminator").value);
  if (known.kind !== "map" || typeof propertyName !== "string") return alternatives;
  const tag = known.members[propertyName];
  if (typeof tag !== "string" || tag.includes("$")) return alternatives;
  const mapped = object(mapping)[tag];
  const target = typeof mapped === "string" ? (localTarget(mapped) ?? mapped) : tag;
  const matching = alternatives.filter(({ value }) => {
    const reference = object(value)["$ref"];
    const pointer = typeof reference === "string" ? localTarget(reference) : undefined;
    return pointer === target || pointer?.split("/").at(-1) === target;
  });
  return matching.length > 0 ? matching : alternatives;
}

function misfitsOfAll(fitting: Fitting, written: Written, known: Known, schemas: readonly Node[]): Finding[] {
  const own = schemas.flatMap((schema) => misfitOfValue(fitting, written, known, schema) ?? []);
  if (own.length > 0) return own;
  if (known.kind === "map") return misfitsOfMap(fitting, written, known.members, schemas);
  if (known.kind !== "list") return [];
  return known.values.flatMap((value, index) =>
    schemas
      .flatMap((schema) => memberSchemas(schema, String(index)))
      .flatMap((schema) => misfits(fitting, { pointer: join(written.pointer, index), value }, schema)),
  );
}

/** Type, `const` and `enum`: what one schema says of a value itself. */
function misfitOfValue({ isText }: Fitting, { pointer }: Written, known: Known, { value: schema }: Node): Finding | undefined {
  if (!isObject(schema)) return schema === false ? { pointer, message: "no value is allowed here" } : undefined;
  const types = items({ pointer: "", value: schema["type"] }).map(({ value }) => String(value));
  const given = typeOfKnown(known);
  if (types.length > 0 && given !== undefined && !types.some((type) => isOfType(known, given, type, isText))) {
    return { pointer, message: `this is ${given}, but the schema wants ${types.join(" or ")}` };
  }
  if (known.kind !== "literal") return undefined;
  const same = (one: unknown) => one === known.value || (isText && String(one) === String(known.value));
  if ("const" in schema && !same(schema["const"])) {
    return {
      pointer,
      message: `this is ${JSON.stringify(known.value)}, but the schema wants ${JSON.stringify(schema["const"])}`,
    };
  }
  const allowed = list(schema["enum"]);
  if (allowed.length === 0 || allowed.some(same)) return undefined;
  const hint = suggest(String(known.value), allowed.map(String));
  return { pointer, message: `${JSON.stringify(known.value)} is not one of the values in the schema`, hint };
}

function misfitsOfMap(
  fitting: Fitting,
  { pointer }: Written,
  given: Readonly<Record<string, Value>>,
  schemas: readonly Node[],
): Finding[] {
  const { label } = fitting;
  const described = schemas.some(({ value }) => DESCRIBING.some((name) => name in object(value)));
  const members = Object.entries(given).flatMap(([name, value]): Finding[] => {
    const place = join(pointer, name);
    const own = schemas.flatMap((schema) => memberSchemas(schema, name));
    if (own.length > 0) return own.flatMap((schema) => misfits(fitting, { pointer: place, value }, schema));
    if (!described) return [];
    return [{ pointer: place, part: "key", message: `${label} has no "${name}"`, hint: suggest(name, knownMembers(schemas)) }];
  });
  const required = new Set(schemas.flatMap(({ value }) => list(object(value)["required"]).map(String)));
  const lacking = [...required].flatMap((name): Finding[] => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    // What is read-only is required of the service alone.
    const isReadOnly = schemas.some((schema) =>
      memberSchemas(schema, name).some((one) => object(one.value)["readOnly"] === true),
    );
    if (isReadOnly || (value !== undefined && !isOptional(value))) return [];
    return value === undefined
      ? [{ pointer, part: "key", message: `${label} requires "${name}"` }]
      : [{ pointer: join(pointer, name), part: "key", message: `${label} requires "${name}", so that it is not optional` }];
  });
  return [...members, ...lacking];
}

const DESCRIBING = ["properties", "patternProperties", "additionalProperties"];

function typeOfKnown(known: Known): string | undefined {
  switch (known.kind) {
    case "literal":
      return typeOf(known.value);
    case "type":
      return known.type;
    case "list":
      return "array";
    case "map":
      return "object";
    default:
      return undefined;
  }
}

function isOfType(known: Known, given: string, type: string, isText: boolean): boolean {
  if (given === type || (given === "integer" && type === "number")) return true;
  if (!isText || given === "array" || given === "object") return false;
  if (type === "string") return true;
  if (known.kind !== "literal") return false;
  const text = String(known.value);
  if (type === "boolean") return text === "true" || text === "false";
  return (
    (type === "integer" && /^[+-]?\d+$/.test(text)) || (type === "number" && /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text))
  );
}

function isOptional(value: Value): boolean {
  return isObject(value) && functionName(value) === "optional";
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
