/**
 * Prints what openapi-typescript declares, as the compiler's own printer does but indented by two. The compiler's printer looks
 * for line ends in every word that it writes; this one takes a third of its time.
 */

import type * as TypeScript from "typescript";
import { ts } from "../tools.js";
import { withRest } from "./marked.js";
import { withoutRepeated } from "./repeated.js";

const { SyntaxKind: Kind } = ts;

/** What the compiler's own printer writes with: every letter as it is. The option is not in its types. */
const COMPILER = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed, neverAsciiEscape: true } as TypeScript.PrinterOptions);
const NO_FILE = ts.createSourceFile("schema.ts", "", ts.ScriptTarget.ESNext);

/** What a string literal holds in other letters than its own. */
const ESCAPED = /[\\"\p{Cc}\u2028\u2029]/u;

/** The text of members that stand that many levels deep, each on lines of its own. */
export function printMembers(members: readonly TypeScript.Node[], depth: number): string {
  return new Printer().print(members, depth);
}

class Printer {
  #text = "";
  #depth = 0;
  #isLineStart = true;

  print(members: readonly TypeScript.Node[], depth: number): string {
    this.#depth = depth;
    for (const member of members) {
      this.#node(member);
      this.#endLine();
    }
    return this.#text;
  }

  #node(node: TypeScript.Node): void {
    for (const comment of ts.getSyntheticLeadingComments(node) ?? []) this.#comment(comment);
    switch (node.kind) {
      case Kind.Identifier:
      case Kind.NumericLiteral:
        this.#write((node as TypeScript.Identifier).text);
        break;
      case Kind.StringLiteral:
        this.#string(node as TypeScript.StringLiteral);
        break;
      case Kind.LiteralType:
        this.#node((node as TypeScript.LiteralTypeNode).literal);
        break;
      case Kind.PropertySignature:
        this.#property(node as TypeScript.PropertySignature);
        break;
      case Kind.TypeLiteral:
        this.#braces(withoutRepeated((node as TypeScript.TypeLiteralNode).members));
        break;
      case Kind.IndexedAccessType:
        this.#indexed(node as TypeScript.IndexedAccessTypeNode);
        break;
      case Kind.TypeReference:
        this.#reference(node as TypeScript.TypeReferenceNode);
        break;
      case Kind.ArrayType:
        this.#array(node as TypeScript.ArrayTypeNode);
        break;
      case Kind.ParenthesizedType:
        this.#parenthesized(node as TypeScript.ParenthesizedTypeNode);
        break;
      case Kind.UnionType:
        this.#list((node as TypeScript.UnionTypeNode).types, " | ");
        break;
      case Kind.IntersectionType:
        this.#list((node as TypeScript.IntersectionTypeNode).types, " & ");
        break;
      case Kind.TupleType:
        this.#tuple(withRest((node as TypeScript.TupleTypeNode).elements));
        break;
      case Kind.RestType:
        this.#write("...");
        this.#node((node as TypeScript.RestTypeNode).type);
        break;
      case Kind.IndexSignature:
        this.#indexSignature(node as TypeScript.IndexSignatureDeclaration);
        break;
      case Kind.Parameter:
        this.#typed(node as TypeScript.ParameterDeclaration);
        break;
      default:
        this.#write(ts.tokenToString(node.kind) ?? compiled(node));
        break;
    }
  }

  #write(text: string): void {
    this.#text += this.#isLineStart ? "  ".repeat(this.#depth) + text : text;
    this.#isLineStart = false;
  }

  #endLine(): void {
    if (!this.#isLineStart) this.#text += "\n";
    this.#isLineStart = true;
  }

  #string(node: TypeScript.StringLiteral): void {
    this.#write(ESCAPED.test(node.text) ? compiled(node) : `"${node.text}"`);
  }

  #property(node: TypeScript.PropertySignature): void {
    this.#modifiers(node.modifiers);
    this.#typed(node);
    this.#write(";");
  }

  #typed({ name, questionToken, type }: TypeScript.PropertySignature | TypeScript.ParameterDeclaration): void {
    this.#node(name);
    if (questionToken) this.#write("?");
    if (type === undefined) return;
    this.#write(": ");
    this.#node(type);
  }

  #indexed({ objectType, indexType }: TypeScript.IndexedAccessTypeNode): void {
    this.#node(objectType);
    this.#write("[");
    this.#node(indexType);
    this.#write("]");
  }

  #reference({ typeName, typeArguments }: TypeScript.TypeReferenceNode): void {
    this.#node(typeName);
    if (typeArguments === undefined) return;
    this.#write("<");
    this.#list(typeArguments, ", ");
    this.#write(">");
  }

  #array({ elementType }: TypeScript.ArrayTypeNode): void {
    this.#node(elementType);
    this.#write("[]");
  }

  #parenthesized({ type }: TypeScript.ParenthesizedTypeNode): void {
    this.#write("(");
    this.#node(type);
    this.#write(")");
  }

  #indexSignature({ modifiers, parameters, type }: TypeScript.IndexSignatureDeclaration): void {
    this.#modifiers(modifiers);
    this.#write("[");
    this.#list(parameters, ", ");
    this.#write("]: ");
    this.#node(type);
    this.#write(";");
  }

  #modifiers(modifiers: readonly TypeScript.Node[] = []): void {
    for (const modifier of modifiers) {
      this.#node(modifier);
      this.#write(" ");
    }
  }

  #list(nodes: readonly TypeScript.Node[], separator: string): void {
    nodes.forEach((node, index) => {
      if (index > 0) this.#write(separator);
      this.#node(node);
    });
  }

  #braces(members: readonly TypeScript.Node[]): void {
    this.#write("{");
    this.#lines(members, "");
    this.#write("}");
  }

  #tuple(elements: readonly TypeScript.Node[]): void {
    this.#write("[");
    this.#lines(elements, ",");
    this.#write("]");
  }

  #lines(nodes: readonly TypeScript.Node[], separator: string): void {
    if (nodes.length === 0) return;
    this.#depth++;
    nodes.forEach((node, index) => {
      if (index > 0) this.#write(separator);
      this.#endLine();
      this.#node(node);
    });
    this.#endLine();
    this.#depth--;
  }

  /** The lines after the first keep what they are indented by beyond it. */
  #comment({ text, hasTrailingNewLine }: TypeScript.SynthesizedComment): void {
    `/*${text}*/`.split(/\r\n|[\r\n\u2028\u2029]/).forEach((line, index) => {
      if (index > 0) this.#text += "\n";
      this.#isLineStart ||= index > 0;
      if (/\S/.test(line)) this.#write(line.trimEnd());
    });
    if (hasTrailingNewLine) this.#endLine();
  }
}

function compiled(node: TypeScript.Node): string {
  return COMPILER.printNode(ts.EmitHint.Unspecified, node, NO_FILE);
}
