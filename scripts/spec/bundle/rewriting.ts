/** Writes the references of a document anew, and puts what they lead to in its place. */

import { at } from "../../../src/lifecycle/expression.js";
import { MAX_BROUGHT, MAX_DEPTH } from "../bounds.js";
import { isObject, type Json, join, object, put } from "../pointer.js";
import type { Written } from "../trace.js";
import { localReference } from "./address.js";
import { type Context, DOCUMENT, memberContext } from "./contexts.js";
import type { Findings, Resolution, Unit } from "./exploration.js";
import type { Volume } from "./library.js";
import { mappingOf, referenceOf } from "./sites.js";

export interface Rewritten {
  readonly root: Json;
  /** Where parts were written that were brought in, by the pointers to them. */
  readonly mounts: ReadonlyMap<string, Written>;
  /** The references that nothing could be put in the place of, and why. */
  readonly left: readonly { readonly reference: string; readonly pointer: string; readonly reason: string }[];
}

export function rewrite(document: Volume, findings: Findings): Rewritten {
  return new Rewriting(document, findings).run();
}

class Rewriting implements Rewritten {
  root: Json = {};
  readonly mounts = new Map<string, Written>();
  readonly left: { reference: string; pointer: string; reason: string }[] = [];
  readonly #document: Volume;
  readonly #findings: Findings;
  /** The names on the way from the root of the document to the value at hand. */
  readonly #path: string[] = [];
  /** What is being put in the place of a reference at the moment. */
  readonly #open = new Set<string>();
  readonly #done = new Map<object, unknown>();
  readonly #sizes = new Map<object, number>();
  /** How many values have been put in the places of references. */
  #brought = 0;

  constructor(document: Volume, findings: Findings) {
    this.#document = document;
    this.#findings = findings;
  }

  run(): Rewritten {
    this.root = object(this.#value(this.#document.root, this.#document, DOCUMENT));
    for (const unit of this.#findings.units) this.#place(unit);
    return this;
  }

  #place({ volume, pointer, kind, name }: Unit): void {
    this.#path.push("components", kind, name);
    this.#mount(volume, pointer);
    const value = this.#value(at(volume.root, pointer), volume, { kind, isMap: false });
    this.#path.length = 0;
    const components = { ...object(this.root["components"]) };
    const members = { ...object(components[kind]) };
    put(members, name, value);
    put(components, kind, members);
    this.root = { ...this.root, components };
  }

  #mount(volume: Volume, pointer: string): void {
    this.mounts.set(join("", ...this.#path), { file: volume.path, pointer });
  }

  #value(value: unknown, volume: Volume, context: Context): unknown {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#done.get(value);
    if (known !== undefined) return known;
    const written = Array.isArray(value) ? this.#list(value, volume, context) : this.#map(value as Json, volume, context);
    this.#done.set(value, written);
    return written;
  }

  #list(values: readonly unknown[], volume: Volume, context: Context): unknown {
    const written = values.map((value, index) =>
      this.#member(value, volume, memberContext(context, String(index)), String(index)),
    );
    return written.every((value, index) => value === values[index]) ? values : written;
  }

  #map(value: Json, volume: Volume, context: Context): unknown {
    const reference = referenceOf(value);
    const resolution =
      reference === undefined ? undefined : this.#findings.resolve(volume, { reference, context, isMapping: false });
    if (resolution?.type === "inline" && reference !== undefined)
      return this.#inline(value, reference, resolution, volume, context);
    const mapping = mappingOf(value, context);
    const written: Record<string, unknown> = {};
    let isChanged = false;
    for (const [name, member] of Object.entries(value)) {
      let changed: unknown;
      if (name === "$ref" && resolution !== undefined) changed = referenceTo(resolution, member);
      else if (name === "discriminator" && mapping !== undefined)
        changed = this.#discriminator(object(member), mapping, volume, context);
      else changed = this.#member(member, volume, memberContext(context, name), name);
      isChanged ||= changed !== member;
      put(written, name, changed);
    }
    return isChanged ? written : value;
  }

  #member(value: unknown, volume: Volume, context: Context | undefined, name: string): unknown {
    if (context === undefined || typeof value !== "object" || value === null) return value;
    this.#path.push(name);
    const written = this.#value(value, volume, context);
    this.#path.pop();
    return written;
  }

  /** The target in the place of the reference; what stands beside the reference is kept, and goes before. */
  #inline(value: Json, reference: string, target: Resolution & { type: "inline" }, volume: Volume, context: Context): unknown {
    const key = `${context.kind} ${context.isMap} ${target.volume.path}#${target.pointer}`;
    if (this.#open.has(key)) return this.#leave(value, reference, volume, "would have to stand within what it stands for");
    if (this.#path.length > MAX_DEPTH) return this.#leave(value, reference, volume, TOO_MUCH);
    this.#open.add(key);
    this.#mount(target.volume, target.pointer);
    const written = this.#value(at(target.volume.root, target.pointer), target.volume, context);
    this.#open.delete(key);
    const size = this.#sizeOf(written);
    if (this.#brought + size > MAX_BROUGHT) {
      this.mounts.delete(join("", ...this.#path));
      return this.#leave(value, reference, volume, TOO_MUCH);
    }
    // What is within another is counted with it.
    if (this.#open.size === 0) this.#brought += size;
    const { $ref: _, ...siblings } = value;
    if (Object.keys(siblings).length === 0 || !isObject(written)) return written;
    return { ...written, ...siblings };
  }

  /** The reference as it was, so that nobody takes it for a local one. */
  #leave(value: Json, reference: string, volume: Volume, reason: string): unknown {
    this.left.push({ reference, pointer: join("", ...this.#path, "$ref"), reason });
    return { ...value, $ref: reference.startsWith("#") ? `${volume.path}${reference}` : reference };
  }

  /** How many values a value holds, those that stand in several places counted in each. */
  #sizeOf(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    let size = 1;
    for (const member of Object.values(value)) size += this.#sizeOf(member);
    this.#sizes.set(value, size);
    return size;
  }

  #discriminator(discriminator: Json, mapping: Json, volume: Volume, context: Context): unknown {
    const written: Record<string, unknown> = {};
    let isChanged = false;
    for (const [name, reference] of Object.entries(mapping)) {
      const resolution =
        typeof reference === "string" ? this.#findings.resolve(volume, { reference, context, isMapping: true }) : undefined;
      const changed = resolution === undefined ? reference : referenceTo(resolution, reference);
      isChanged ||= changed !== reference;
      put(written, name, changed);
    }
    return isChanged ? { ...discriminator, mapping: written } : discriminator;
  }
}

function referenceTo(resolution: Resolution, written: unknown): unknown {
  switch (resolution.type) {
    case "here":
      return localReference(resolution.pointer);
    case "unit":
      return localReference(`${join("", "components", resolution.unit.kind, resolution.unit.name)}${resolution.rest}`);
    case "lost":
      return resolution.reference;
    default:
      return written;
  }
}

const TOO_MUCH = "stands where more has been brought in than a document may hold";
