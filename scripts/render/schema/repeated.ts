/** Members that openapi-typescript declares twice: the property of a discriminator, where a child describes it as well. */

import type * as TypeScript from "typescript";
import { ts } from "../tools.js";

/** Of two members of one name the first is kept: the discriminator's, which is the narrower. */
export function dropRepeated(nodes: readonly TypeScript.Node[]): void {
  const stack: TypeScript.Node[] = [...nodes];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (ts.isTypeLiteralNode(node)) dropFrom(node);
    ts.forEachChild(node, (child) => void stack.push(child));
  }
}

function dropFrom(literal: { members: TypeScript.NodeArray<TypeScript.TypeElement> }): void {
  const seen = new Set<string>();
  const kept = literal.members.filter(({ name }) => {
    if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name))) return true;
    const isFirst = !seen.has(name.text);
    seen.add(name.text);
    return isFirst;
  });
  if (kept.length < literal.members.length) literal.members = ts.factory.createNodeArray(kept);
}
