/**
 * Schemas of which several parts have alternatives, and all hold together. TypeScript writes such a type out: ten alternatives
 * in each of six parts are a million types, which it refuses.
 */

import { isObject, type Json, list } from "../spec/pointer.js";
import { isReference } from "./references.js";
import { ALTERNATIVES } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

/** TypeScript's own bound is a hundred thousand, and compilers are slow long before it. */
const MOST = 20_000;

/** Through how many schemas, one within the other, alternatives are counted. */
const DEEPEST = 200;

const UNIONS = ["anyOf", "oneOf"] as const;

/** A part that holds together with the others, and of how many types it is one. */
interface Factor {
  readonly keyword: string;
  /** Of a part of `allOf`, where it stands there. */
  readonly index?: number;
  readonly width: number;
}

export function mendAlternatives(schema: Json, trail: Trail | undefined, structure: Structure): Json {
  if (!("allOf" in schema || ("anyOf" in schema && "oneOf" in schema))) return schema;
  const leftOut = new Widths(structure).tooWide(schema);
  if (leftOut.length === 0) return schema;
  const mended: Record<string, unknown> = { ...schema };
  for (const { keyword, index, width } of leftOut) {
    const place = below(trail, keyword);
    structure.tell(ALTERNATIVES, index === undefined ? place : below(place, index), {
      part: index === undefined ? "key" : "value",
      message: `with its ${width} alternatives this part makes more types of the whole than TypeScript takes; any of them is allowed`,
    });
    if (index === undefined) delete mended[keyword];
    else mended[keyword] = list(mended[keyword]).map((part, at) => (at === index ? {} : part));
  }
  return mended;
}

/** Counts of how many types schemas are one; of a document, so that each is counted once. */
class Widths {
  readonly #structure: Structure;
  readonly #known: Map<object, number>;
  #depth = 0;

  constructor(structure: Structure) {
    this.#structure = structure;
    const known = KNOWN.get(structure) ?? new Map<object, number>();
    KNOWN.set(structure, known);
    this.#known = known;
  }

  /** The widest factors, as many as are too many. */
  tooWide(schema: Json): readonly Factor[] {
    const factors = this.#factorsOf(schema);
    return factors.slice(0, tooMany(factors));
  }

  #widthOf(schema: unknown): number {
    const target = isReference(schema) ? this.#structure.schemaAt(schema.$ref)?.value : schema;
    if (!isObject(target) || this.#depth === DEEPEST) return 1;
    const known = this.#known.get(target);
    if (known !== undefined) return known;
    // What is made of itself counts once.
    this.#known.set(target, 1);
    this.#depth += 1;
    const factors = this.#factorsOf(target);
    const width = productOf(factors.slice(tooMany(factors)));
    this.#depth -= 1;
    this.#known.set(target, width);
    return width;
  }

  /** The widest first. */
  #factorsOf(schema: Json): Factor[] {
    if (isReference(schema)) return [{ keyword: "$ref", width: this.#widthOf(schema) }];
    const parts = list(schema["allOf"]).map((part, index): Factor => ({ keyword: "allOf", index, width: this.#widthOf(part) }));
    const unions = UNIONS.flatMap((keyword): Factor[] => {
      const alternatives = list(schema[keyword]);
      if (alternatives.length === 0 || alternatives.every(isPrimitive)) return [];
      return [{ keyword, width: alternatives.reduce((sum: number, one) => sum + this.#widthOf(one), 0) }];
    });
    return [...parts, ...unions].filter(({ width }) => width > 1).toSorted((one, other) => other.width - one.width);
  }
}

const KNOWN = new WeakMap<Structure, Map<object, number>>();

/** How many of the widest are too many; one alone never is. */
function tooMany(factors: readonly Factor[]): number {
  const first = factors.findIndex((_, index) => index === factors.length - 1 || productOf(factors.slice(index)) <= MOST);
  return Math.max(first, 0);
}

function productOf(factors: readonly Factor[]): number {
  return factors.reduce((product, { width }) => product * width, 1);
}

/** Of these TypeScript keeps what they have in common, and no more. */
function isPrimitive(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const { type } = schema;
  return "const" in schema || "enum" in schema || (typeof type === "string" && type !== "object" && type !== "array");
}
