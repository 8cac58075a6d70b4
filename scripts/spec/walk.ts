/** Every part of a document that describes something: the objects whose members have the meaning that OpenAPI gives them. */

import type { Node } from "./node.js";
import { isObject, type Json, join } from "./pointer.js";

/** An object of the description; `isNamed` when its members are names that the author chose, such as those of properties. */
export interface Part {
  readonly pointer: string;
  readonly value: Json;
  readonly isNamed: boolean;
}

/** An `x-` member, and the object that it extends. */
export interface Extension extends Node {
  readonly name: string;
  readonly owner: string;
}

/**
 * The objects of a description in the order in which they are written. Data of the API (examples, defaults, what stands
 * under an extension) is left out, and a part that several aliases share is met once, where it stands first.
 */
export function* partsOf(root: unknown): Generator<Part> {
  const seen = new Set<object>();
  const stack: { value: object; pointer: string; isNamed: boolean }[] = [];
  if (typeof root === "object" && root !== null) stack.push({ value: root, pointer: "", isNamed: false });
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, pointer, isNamed } = next;
    if (seen.has(value)) continue;
    seen.add(value);
    if (isObject(value)) yield { pointer, value, isNamed };
    const isKeyword = !isNamed && !Array.isArray(value);
    // Most members are plain texts and numbers, which are no parts: no pointer is made for them.
    for (const [name, member] of Object.entries(value).reverse()) {
      if (typeof member !== "object" || member === null) continue;
      if (isKeyword && (DATA.has(name) || name.startsWith("x-"))) continue;
      stack.push({ value: member, pointer: join(pointer, name), isNamed: isKeyword && NAMED.has(name) });
    }
  }
}

/** Every extension of a document, whosever it is. */
export function extensionsOf(root: unknown): Extension[] {
  const found: Extension[] = [];
  for (const { pointer, value, isNamed } of partsOf(root)) {
    if (isNamed) continue;
    for (const name of Object.keys(value)) {
      if (name.startsWith("x-")) found.push({ name, owner: pointer, pointer: join(pointer, name), value: value[name] });
    }
  }
  return found;
}

/** Whether the members of a member are names that the author chose. */
export function isMapOfNames(name: string): boolean {
  return NAMED.has(name);
}

/** Whether a member holds data of the API rather than a part of the description. */
export function isData(name: string): boolean {
  return DATA.has(name);
}

/** Members whose own members are names that the author chose, so that a `default` among them is no keyword. */
const NAMED = new Set([
  "$defs",
  "callbacks",
  "content",
  "definitions",
  "dependentSchemas",
  "examples",
  "headers",
  "links",
  "parameters",
  "pathItems",
  "paths",
  "patternProperties",
  "properties",
  "requestBodies",
  "responses",
  "schemas",
  "securitySchemes",
  "variables",
  "webhooks",
]);

/** Members that hold data of the API rather than parts of the description. */
const DATA = new Set(["const", "default", "enum", "example", "mapping", "value"]);
