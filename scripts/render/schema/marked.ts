/**
 * What openapi-typescript does not know, shown to it as something that it knows, under marks: an operation of another method
 * than its eight as one of a path of its own, and the parameter that is all of the query as one within it. Its types are then
 * put where they belong.
 */

import type * as TypeScript from "typescript";
import { ts } from "../tools.js";
import { guardName } from "./guarded.js";
import { nameOf } from "./module.js";

type Property = TypeScript.PropertySignature;
type Members = { members: TypeScript.NodeArray<TypeScript.TypeElement> };

/** Of these openapi-typescript makes types where they stand. */
const TYPED: readonly string[] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** No path begins with it, as none begins with anything but a slash. */
const PATH = "\uE001";
/** A name of the author's that begins with it is not mistaken, as only such a place is looked at. */
const QUERYSTRING = "\uE001querystring ";

export function isTyped(method: string): boolean {
  return TYPED.includes(method);
}

export function markedPath(method: string, path: string): string {
  return `${PATH}${guardName(method)} ${guardName(path)}`;
}

export function markedName(name: string): string {
  return `${QUERYSTRING}${guardName(name)}`;
}

export function isMarkedPath(member: TypeScript.TypeElement): boolean {
  return nameOf(member).startsWith(PATH);
}

/** Takes the marked parameter of an operation, or of a path, out of its `query`: it is the `querystring`. */
export function unmarkQuery(owner: TypeScript.TypeElement): void {
  const parameters = literalOf(literalOf(owner)?.members.find((member) => nameOf(member) === "parameters"));
  const query = parameters?.members.find((member) => nameOf(member) === "query");
  const places = literalOf(query);
  const [marked] = places?.members.filter((member) => nameOf(member).startsWith(QUERYSTRING)) ?? [];
  if (parameters === undefined || places === undefined || marked === undefined || !ts.isPropertySignature(marked)) return;
  // It stands alone: a request has one query.
  const name = nameOf(marked).slice(QUERYSTRING.length);
  const property = ts.factory.createPropertySignature(undefined, quoted(name), marked.questionToken, marked.type);
  const querystring = ts.factory.createPropertySignature(
    undefined,
    "querystring",
    marked.questionToken,
    ts.factory.createTypeLiteralNode([property]),
  );
  const never = ts.factory.createPropertySignature(
    undefined,
    "query",
    ts.factory.createToken(ts.SyntaxKind.QuestionToken),
    ts.factory.createKeywordTypeNode(ts.SyntaxKind.NeverKeyword),
  );
  const others = parameters.members.filter((member) => member !== query);
  (parameters as Members).members = ts.factory.createNodeArray([never, querystring, ...others]);
}

function quoted(name: string): TypeScript.PropertyName {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? ts.factory.createIdentifier(name) : ts.factory.createStringLiteral(name);
}

function literalOf(member: TypeScript.TypeElement | undefined): TypeScript.TypeLiteralNode | undefined {
  const type = member && ts.isPropertySignature(member) ? (member as Property).type : undefined;
  return type && ts.isTypeLiteralNode(type) ? type : undefined;
}
