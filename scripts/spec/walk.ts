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
  const stack: { value: unknown; pointer: string; isNamed: boolean }[] = [{ value: root, pointer: "", isNamed: false }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, pointer, isNamed } = next;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isObject(value)) yield { pointer, value, isNamed };
    const isList = Array.isArray(value);
    for (const [name, member] of Object.entries(value).toReversed()) {
      const isKeyword = !isNamed && !isList;
      if (isKeyword && (DATA.has(name) || name.startsWith("x-"))) continue;
      stack.push({ value: member, pointer: join(pointer, name), isNamed: isKeyword && NAMED.has(name) });
    }
  }
}

/** Every extension of a document, whosever it is. */
export function extensionsOf(root: unknown): Extension[] {
  return [...partsOf(root)].flatMap(({ pointer, value, isNamed }) =>
    Object.entries(value).flatMap(([name, member]) =>
      isNamed || !name.startsWith("x-") ? [] : [{ name, owner: pointer, pointer: join(pointer, name), value: member }],
    ),
  );
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
