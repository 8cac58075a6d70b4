/** The module that openapi-typescript wrote, read and mended with ts-morph. */

import type { InterfaceDeclaration, Node, PropertySignature, SourceFile, TypeElementMemberedNode, TypeNode } from "ts-morph";
import type { Operation } from "../../../src/lifecycle/contract.js";
import { tsMorph } from "../tools.js";

const { Node: Is } = tsMorph;

/** An operation with parameters that are filled when the caller leaves them out. */
export interface FilledOperation {
  readonly operationId: string;
  readonly data: Operation;
}

/**
 * Marks every parameter that `x-fill` fills as optional, also those in the path, and with them the member that holds them
 * when nothing in it is demanded any more; openapi-fetch then asks for neither. All marks are set in one edit, as every
 * edit has the module parsed again.
 */
export function markFilledParameters(schema: SourceFile, operations: readonly FilledOperation[]): void {
  const marked = new Set<PropertySignature>();
  const isOptional = (property: PropertySignature) => property.hasQuestionToken() || marked.has(property);
  for (const { operationId, data } of operations) {
    for (const { in: place, name } of data.fill ?? []) {
      const owners = [
        ["operations", operationId],
        ["paths", data.path],
      ] as const;
      for (const [root, key] of owners) {
        const holder = findType(schema, [root, key, "parameters", place]);
        const property = holder && memberOf(holder.type, name);
        if (holder?.property === undefined || property === undefined) continue;
        if (!isOptional(property)) marked.add(property);
        if (!isOptional(holder.property) && membersOf(holder.type).every(isOptional)) marked.add(holder.property);
      }
    }
  }
  if (marked.size === 0) return;
  schema.applyTextChanges(
    [...marked].map((property) => ({ span: { start: property.getNameNode().getEnd(), length: 0 }, newText: "?" })),
  );
}

/** Whether the module declares a type at that path: `["operations", "login", "responses", "200"]`. */
export function hasType(schema: SourceFile, path: readonly string[]): boolean {
  const found = findType(schema, path);
  return found !== undefined && !Is.isNeverKeyword(found.type);
}

interface Found {
  readonly type: Node;
  readonly property?: PropertySignature;
}

function findType(schema: SourceFile, [root = "", ...keys]: readonly string[]): Found | undefined {
  let found: Found | undefined = rootOf(schema, root);
  for (const key of keys) {
    const property: PropertySignature | undefined = found && memberOf(found.type, key);
    const type = property?.getTypeNode();
    found = property && type && { type: followed(schema, type), property };
  }
  return found;
}

function rootOf(schema: SourceFile, name: string): Found | undefined {
  const type: InterfaceDeclaration | undefined = schema.getInterface(name);
  return type && { type };
}

/** What a type like `components["responses"]["Problem"]` stands for. */
function followed(schema: SourceFile, type: TypeNode): Node {
  const path = accessPath(type);
  return (path && findType(schema, path)?.type) ?? type;
}

function accessPath(type: TypeNode): string[] | undefined {
  if (Is.isTypeReference(type)) return [type.getTypeName().getText()];
  if (!Is.isIndexedAccessTypeNode(type)) return undefined;
  const path = accessPath(type.getObjectTypeNode());
  const index = type.getIndexTypeNode();
  const literal = Is.isLiteralTypeNode(index) ? index.getLiteral() : undefined;
  if (path === undefined || !(Is.isStringLiteral(literal) || Is.isNumericLiteral(literal))) return undefined;
  return [...path, String(literal.getLiteralValue())];
}

function memberOf(type: Node, key: string): PropertySignature | undefined {
  return membersOf(type).find((property) => nameOf(property) === key);
}

function membersOf(type: Node): PropertySignature[] {
  return isMembered(type) ? type.getProperties() : [];
}

function isMembered(type: Node): type is Node & TypeElementMemberedNode {
  return Is.isInterfaceDeclaration(type) || Is.isTypeLiteral(type);
}

function nameOf(property: PropertySignature): string {
  const name = property.getNameNode();
  if (Is.isStringLiteral(name) || Is.isNumericLiteral(name)) return String(name.getLiteralValue());
  return name.getText();
}
