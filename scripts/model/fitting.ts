/**
 * An example that a document gives, as it compiles where it is handed in: documents have examples of other versions, of answers,
 * and in other types than they say. What does not fit is left out, or said in the type that it has; what has to be there and
 * does not fit makes the whole unfit.
 */

import type { Document } from "../spec/document.js";
import { isObject, type Json, list, object } from "../spec/pointer.js";

/** How much of a document is looked at for one example; what is beyond is taken as it is. */
const MOST_STEPS = 2000;
const MOST_WAYS = 32;
const DEEPEST = 12;

/** One way in which a schema can be met: what its parts, and one alternative of each, say together. */
interface Way {
  /** A list for each part that says any; `integer` goes by `number`. */
  readonly types: readonly (readonly unknown[])[];
  readonly values: readonly (readonly unknown[])[];
  readonly required: readonly unknown[];
  readonly members: readonly (readonly [name: string, schema: unknown])[];
  readonly items: readonly unknown[];
  /** Whether members are allowed that are not described. */
  readonly isOpen: boolean;
}

const ANYTHING: Way = { types: [], values: [], required: [], members: [], items: [], isOpen: true };
const NULL: Way = { ...ANYTHING, types: [["null"]] };

/** What of a value the schema allows to be sent; `undefined` when it does not fit. */
export function fitting(document: Document, value: unknown, schema: unknown): unknown {
  return new Fitting(document).fit(value, schema, 0);
}

class Fitting {
  readonly #document: Document;
  #steps = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Of several ways the one that leaves most. */
  fit(value: unknown, schema: unknown, depth: number): unknown {
    this.#steps += 1;
    if (depth > DEEPEST || this.#steps > MOST_STEPS) return value;
    const fits = this.#waysOf(schema, depth).map((way) => this.#along(value, way, depth));
    return fits.reduce((best, fit) => (fit !== undefined && (best === undefined || sizeOf(fit) > sizeOf(best)) ? fit : best));
  }

  #along(value: unknown, way: Way, depth: number): unknown {
    const typed = way.types.reduce<unknown>((one, types) => (one === undefined ? one : ofType(one, types)), value);
    if (typed === undefined) return undefined;
    if (Array.isArray(typed)) {
      const items = typed.map((item: unknown) => this.#through(item, way.items, depth));
      return items.includes(undefined) ? undefined : items;
    }
    if (isObject(typed)) return this.#members(typed, way, depth);
    return way.values.every((values) => values.includes(typed)) ? typed : undefined;
  }

  #members(value: Json, { members, required, isOpen }: Way, depth: number): unknown {
    const isReadOnly = (schema: unknown) => object(this.#document.dereference(schema))["readOnly"] === true;
    const unsent = new Set(members.filter(([, schema]) => isReadOnly(schema)).map(([name]) => name));
    const kept = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      if (unsent.has(name)) return [];
      const schemas = members.filter(([one]) => one === name).map(([, schema]) => schema);
      if (schemas.length === 0) return isOpen || members.length === 0 ? [[name, member]] : [];
      const fit = this.#through(member, schemas, depth);
      return fit === undefined ? [] : [[name, fit]];
    });
    const there = new Set<unknown>(kept.map(([name]) => name));
    const isWhole = required.every((name) => there.has(name) || unsent.has(String(name)));
    return isWhole ? Object.fromEntries(kept) : undefined;
  }

  /** What fits all of these. */
  #through(value: unknown, schemas: readonly unknown[], depth: number): unknown {
    return schemas.reduce((one, schema) => (one === undefined ? one : this.fit(one, schema, depth + 1)), value);
  }

  #waysOf(stated: unknown, depth: number): readonly Way[] {
    this.#steps += 1;
    if (depth > DEEPEST || this.#steps > MOST_STEPS || typeof stated === "boolean") return [ANYTHING];
    const schema = object(this.#document.dereference(stated));
    const parts = list(schema["allOf"]).map((part) => this.#waysOf(part, depth + 1));
    const choices = [schema["anyOf"], schema["oneOf"]].flatMap((alternatives) => {
      const ways = list(alternatives).flatMap((one) => this.#waysOf(one, depth + 1));
      return ways.length > 0 ? [ways] : [];
    });
    const ways = [...parts, ...choices].reduce(together, [ownWay(schema)]);
    return schema["nullable"] === true ? [...ways, NULL] : ways;
  }
}

function sizeOf(value: unknown): number {
  return isObject(value) ? Object.keys(value).length : list(value).length;
}

/** The value in one of these types, if need be as what it spells, or as the one item of a list. */
function ofType(value: unknown, types: readonly unknown[]): unknown {
  if (types.includes(value === null ? "null" : Array.isArray(value) ? "array" : typeof value)) return value;
  if (types.includes("array") && value !== null) return [value];
  if (typeof value === "object") return undefined;
  if (types.includes("string")) return String(value);
  if (types.includes("number") && /^-?\d{1,15}(?:\.\d+)?$/.test(String(value))) return Number(value);
  return types.includes("boolean") && (value === "true" || value === "false") ? value === "true" : undefined;
}

/** Every way of the ones with every way of the others. */
function together(some: readonly Way[], others: readonly Way[]): readonly Way[] {
  const all = some.flatMap((one) =>
    others.map((other) => ({
      types: [...one.types, ...other.types],
      values: [...one.values, ...other.values],
      required: [...one.required, ...other.required],
      members: [...one.members, ...other.members],
      items: [...one.items, ...other.items],
      isOpen: one.isOpen || other.isOpen,
    })),
  );
  return all.slice(0, MOST_WAYS);
}

function ownWay(schema: Json): Way {
  const { type, enum: values, const: constant, properties, items, additionalProperties, patternProperties } = schema;
  const usual = properties !== undefined ? ["object"] : items !== undefined ? ["array"] : [];
  const types =
    type === undefined ? usual : (Array.isArray(type) ? type : [type]).map((one) => (one === "integer" ? "number" : one));
  return {
    types: types.length > 0 ? [types] : [],
    values: [...(Array.isArray(values) ? [values] : []), ...(constant === undefined ? [] : [[constant]])],
    required: list(schema["required"]),
    members: Object.entries(object(properties)),
    items: items === undefined ? [] : [items],
    isOpen: additionalProperties === true || isObject(additionalProperties) || isObject(patternProperties),
  };
}
