/**
 * What openapi-typescript does not know, shown to it as something that it knows, under marks: an operation of another method
 * than its eight as one of a path of its own, the parameter that is all of the query as one within it, and the items behind
 * the first ones of a list as the last of these. Its types are then put where they belong.
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
/** The member of a path item that holds them. */
const FURTHER = "additionalOperations";
/** A name of the author's that begins with it is not mistaken, as only such a place is looked at. */
const QUERYSTRING = "\uE001querystring ";

/** The one member of what stands for all further items. */
const REST = "\uE001rest";

export function isTyped(method: string): boolean {
  return TYPED.includes(method);
}

export function markedPath(method: string, path: string): string {
  return `${PATH}${guardName(method)} ${guardName(path)}`;
}

export function markedName(name: string): string {
  return `${QUERYSTRING}${guardName(name)}`;
}

/** Stands behind the first items for all that follow. */
export function markedRest(items: unknown): unknown {
  return { type: "object", properties: { [REST]: items } };
}

/** The elements of a tuple, with the items that follow them as such. */
export function withRest(elements: readonly TypeScript.Node[]): readonly TypeScript.Node[] {
  const last = elements.at(-1);
  const [member, ...others] = last !== undefined && ts.isTypeLiteralNode(last) ? last.members : [];
  if (member === undefined || others.length > 0 || nameOf(member) !== REST || !ts.isPropertySignature(member)) return elements;
  const { type = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword) } = member;
  return [...elements.slice(0, -1), ts.factory.createRestTypeNode(ts.factory.createArrayTypeNode(type))];
}

export function isMarkedPath(member: TypeScript.TypeElement): boolean {
  return nameOf(member).startsWith(PATH);
}

/**
 * Puts marked operations among those of the path items that they belong to, each where a document has it: `query` beside the
 * other methods, any further one below `additionalOperations`.
 */
export function unmarkOperations(members: readonly TypeScript.TypeElement[]): TypeScript.TypeElement[] {
  const stated = members.filter((member) => !isMarkedPath(member));
  const owners = new Map(stated.map((member) => [nameOf(member), literalOf(member)]));
  for (const marked of members.filter(isMarkedPath)) {
    const [method = "", ...path] = nameOf(marked).slice(PATH.length).split(" ");
    const owner = owners.get(path.join(" "));
    const operation = literalOf(marked)?.members.find((member) => nameOf(member) === "post");
    if (owner === undefined || operation === undefined || !ts.isPropertySignature(operation)) continue;
    (operation as { name: TypeScript.PropertyName }).name = quoted(method);
    if (method === "query") append(owner, operation);
    else append(furtherOf(owner), operation);
  }
  return stated;
}

/** What holds the operations of further methods. */
function furtherOf(owner: TypeScript.TypeLiteralNode): TypeScript.TypeLiteralNode {
  const known = literalOf(owner.members.find((member) => nameOf(member) === FURTHER));
  if (known !== undefined) return known;
  const made = ts.factory.createTypeLiteralNode([]);
  append(owner, ts.factory.createPropertySignature(undefined, FURTHER, undefined, made));
  return made;
}

function append(owner: TypeScript.TypeLiteralNode, member: TypeScript.TypeElement): void {
  (owner as Members).members = ts.factory.createNodeArray([...owner.members, member]);
}

/** The operations of a path item's type, and the type itself: whatever may have parameters. */
export function ownersIn(pathItem: TypeScript.TypeElement): readonly TypeScript.TypeElement[] {
  return [pathItem, ...(literalOf(pathItem)?.members ?? [])];
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

/** A name as the key of a member. */
export function quoted(name: string): TypeScript.PropertyName {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? ts.factory.createIdentifier(name) : ts.factory.createStringLiteral(name);
}

function literalOf(member: TypeScript.TypeElement | undefined): TypeScript.TypeLiteralNode | undefined {
  const type = member && ts.isPropertySignature(member) ? (member as Property).type : undefined;
  return type && ts.isTypeLiteralNode(type) ? type : undefined;
}
