/** A value of a document together with the place where it stands, so that whoever finds a fault can point at it. */

import { MOST_IN_A_ROW } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import { isObject, join, list, localTarget, object } from "./pointer.js";

/** Whatever references are looked up in. */
interface Rooted {
  readonly root: unknown;
}

export interface Node {
  readonly pointer: string;
  readonly value: unknown;
}

/** The node at a pointer, behind every local reference; `undefined` where nothing stands there or a reference dangles. */
export function nodeAt(document: Rooted, pointer: string): Node | undefined {
  return follow(document, { pointer, value: at(document.root, pointer) });
}

/** The node that stands for this one: itself, or the end of the local references that begin with it. */
export function follow(document: Rooted, node: Node): Node | undefined {
  const seen = new Set<string>();
  let current = node;
  while (isObject(current.value) && typeof current.value["$ref"] === "string") {
    const pointer = localTarget(current.value["$ref"]);
    if (pointer === undefined || seen.has(pointer) || seen.size === MOST_IN_A_ROW) return undefined;
    seen.add(pointer);
    current = { pointer, value: at(document.root, pointer) };
  }
  return current.value === undefined ? undefined : current;
}

/** A member of a node, behind every local reference. */
export function child(document: Rooted, node: Node | undefined, ...names: readonly (string | number)[]): Node | undefined {
  let current = node;
  for (const name of names) {
    if (current === undefined) return undefined;
    const value = at(current.value, join("", name));
    current = follow(document, { pointer: join(current.pointer, name), value });
  }
  return current;
}

/** The members of a map or the items of a list, behind every local reference, by name. */
export function children(document: Rooted, node: Node | undefined): [string, Node][] {
  if (node === undefined || typeof node.value !== "object" || node.value === null) return [];
  return Object.entries(node.value).flatMap(([name, value]): [string, Node][] => {
    const found = follow(document, { pointer: join(node.pointer, name), value });
    return found === undefined ? [] : [[name, found]];
  });
}

/** A member as it is written: no reference is followed, and a member that is not there has no value. */
export function member(node: Node, name: string): Node {
  const owner = object(node.value);
  return { pointer: join(node.pointer, name), value: Object.hasOwn(owner, name) ? owner[name] : undefined };
}

/** The members of a map as they are written, by name. */
export function members(node: Node): [string, Node][] {
  return Object.entries(object(node.value)).map(([name, value]) => [name, { pointer: join(node.pointer, name), value }]);
}

/** The items of a list as they are written; anything else is a list of one, as in the language's short forms. */
export function items(node: Node): Node[] {
  if (!Array.isArray(node.value)) return node.value === undefined ? [] : [node];
  return list(node.value).map((value, index) => ({ pointer: join(node.pointer, index), value }));
}
