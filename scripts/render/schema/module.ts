/** The declarations that openapi-typescript makes, read and mended before they are printed. */

import type * as TypeScript from "typescript";
import type { Operation } from "../../../src/lifecycle/contract.js";
import { ts } from "../tools.js";
import { guardName } from "./guarded.js";

/** An operation with parameters that are filled when the caller leaves them out. */
export interface FilledOperation {
  readonly name: string;
  readonly data: Pick<Operation, "path" | "fill">;
}

type Property = TypeScript.PropertySignature;
type Members = ReadonlyMap<string, Property>;

interface Found {
  readonly type: TypeScript.Node;
  readonly property?: Property;
}

type Root = "paths" | "operations" | "components";

/** The members of a module's interfaces, or some of them, each found without a search. */
export class SchemaModule {
  readonly #roots: ReadonlyMap<string, TypeScript.TypeLiteralNode>;
  readonly #members = new WeakMap<TypeScript.Node, Members>();

  constructor(roots: Readonly<Partial<Record<Root, readonly TypeScript.TypeElement[]>>>) {
    const literals = Object.entries(roots).map(
      ([name, members]) => [name, ts.factory.createTypeLiteralNode([...members])] as const,
    );
    this.#roots = new Map(literals);
  }

  /** Whether a type is declared at that path: `["operations", "login", "responses", "200"]`. */
  hasType(path: readonly string[]): boolean {
    const found = this.#find(path.map(guardName));
    return found !== undefined && found.type.kind !== ts.SyntaxKind.NeverKeyword;
  }

  /**
   * Marks every parameter that `x-fill` fills as optional, also those in the path, and with them the member that holds them
   * when nothing in it is demanded any more; openapi-fetch then asks for neither.
   */
  markFilledParameters(operations: Iterable<FilledOperation>): void {
    for (const { name: operation, data } of operations) {
      for (const { in: place, name } of data.fill ?? []) {
        const owners = [
          ["operations", operation],
          ["paths", data.path],
        ] as const;
        for (const [root, key] of owners) this.#markParameter([root, key, "parameters", place].map(guardName), guardName(name));
      }
    }
  }

  #markParameter(path: readonly string[], name: string): void {
    const holder = this.#find(path);
    const members = holder && this.#membersOf(holder.type);
    const parameter = members?.get(name);
    if (holder?.property === undefined || members === undefined || parameter === undefined) return;
    markOptional(parameter);
    if ([...members.values()].every(({ questionToken }) => questionToken !== undefined)) markOptional(holder.property);
  }

  #find([root = "", ...keys]: readonly string[]): Found | undefined {
    const type = this.#roots.get(root);
    let found: Found | undefined = type && { type };
    for (const key of keys) {
      const property: Property | undefined = found && this.#membersOf(found.type).get(key);
      found = property?.type && { type: this.#followed(property.type), property };
    }
    return found;
  }

  /** What a type like `components["responses"]["Problem"]` stands for. */
  #followed(type: TypeScript.TypeNode): TypeScript.Node {
    const path = accessPath(type);
    return (path && this.#find(path)?.type) ?? type;
  }

  #membersOf(type: TypeScript.Node): Members {
    const known = this.#members.get(type);
    if (known !== undefined) return known;
    const stated: readonly TypeScript.Node[] = ts.isTypeLiteralNode(type) ? type.members : [];
    const members = new Map(stated.filter(ts.isPropertySignature).map((property) => [nameOf(property), property]));
    this.#members.set(type, members);
    return members;
  }
}

/** The compiler's own way of changing a node makes all that hold it anew; this one has not been printed yet. */
function markOptional(property: { questionToken?: TypeScript.QuestionToken | undefined }): void {
  property.questionToken ??= ts.factory.createToken(ts.SyntaxKind.QuestionToken);
}

function accessPath(type: TypeScript.TypeNode): string[] | undefined {
  if (ts.isTypeReferenceNode(type)) return ts.isIdentifier(type.typeName) ? [type.typeName.text] : undefined;
  if (!ts.isIndexedAccessTypeNode(type) || !ts.isLiteralTypeNode(type.indexType)) return undefined;
  const path = accessPath(type.objectType);
  const { literal } = type.indexType;
  if (path === undefined || !(ts.isStringLiteral(literal) || ts.isNumericLiteral(literal))) return undefined;
  return [...path, literal.text];
}

export function memberNamed(members: readonly TypeScript.TypeElement[], name: string): Property | undefined {
  return members.filter(ts.isPropertySignature).find((member) => nameOf(member) === name);
}

/** The name of a member; `""` for one that has none. */
export function nameOf({ name }: TypeScript.TypeElement): string {
  if (name === undefined) return "";
  return ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name) ? name.text : "";
}
