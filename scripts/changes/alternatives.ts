/** Which alternative of a `oneOf` or `anyOf` became which: by component, by title, by what they say, and at last by order. */

import type { Node } from "../spec/node.js";
import { isObject, localTarget, object, tokensOf } from "../spec/pointer.js";

export interface Alternative {
  readonly node: Node;
  /** How messages call it. */
  readonly label: string;
}

export function matchAlternatives(before: readonly Node[], after: readonly Node[]) {
  const matched: [Node, Node][] = [];
  let removed = [...before];
  let added = [...after];
  const match = (identity: (node: Node) => string | undefined): void => {
    const present = new Map<string, Node>();
    for (const node of added.toReversed()) present.set(identity(node) ?? "", node);
    const taken = new Set<Node>();
    removed = removed.filter((node) => {
      const name = identity(node);
      const other = name === undefined ? undefined : present.get(name);
      if (other === undefined || taken.has(other)) return true;
      taken.add(other);
      matched.push([node, other]);
      return false;
    });
    added = added.filter((node) => !taken.has(node));
  };
  match(componentOf);
  match(({ value }) => textOf(object(value)["title"]));
  match(({ value }) => JSON.stringify(value));
  // What is left and has no name is taken to be the same alternative, changed.
  const [old, present] = [removed, added].map((nodes) => nodes.filter((node) => componentOf(node) === undefined));
  const count = Math.min(old?.length ?? 0, present?.length ?? 0);
  const pairs = new Map(old?.slice(0, count).map((node, index) => [node, present?.[index] ?? node]));
  matched.push(...pairs);
  const others = new Set(pairs.values());
  return {
    matched,
    removed: removed.filter((node) => !pairs.has(node)).map(labelled),
    added: added.filter((node) => !others.has(node)).map(labelled),
  };
}

function labelled(node: Node): Alternative {
  const name = componentOf(node) ?? textOf(object(node.value)["title"]);
  const type = object(node.value)["type"];
  if (name !== undefined) return { node, label: `"${name}"` };
  return { node, label: typeof type === "string" ? `this ${type}` : "this" };
}

function componentOf({ pointer, value }: Node): string | undefined {
  const reference = isObject(value) ? value["$ref"] : undefined;
  const target = typeof reference === "string" ? localTarget(reference) : pointer;
  const tokens = target === undefined ? [] : tokensOf(target);
  return tokens.length === 3 && tokens[0] === "components" && tokens[1] === "schemas" ? tokens[2] : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
