/**
 * What must be true of every module before it is handed over: it parses, and it consists of nothing but what its kind is
 * made of. The encoders keep the text of a document within literals and comments; this looks at the result, so that a hole in
 * one of them ends in an error and not in code of a stranger that somebody imports.
 */

import type * as Ts from "typescript";
import { isMemberName } from "../model/names.js";
import { findHidden } from "./inert.js";
import { isPlainData, isPlainTypes } from "./plain.js";
import { ts } from "./tools.js";

const Kind = ts.SyntaxKind;

/** The generated modules, each a kind of its own. */
export type ModuleName = "schema.ts" | "operations.ts" | "lifecycle.ts" | "client.ts" | "index.ts";

/** Generated text that is not what it should be. It is a fault of the generator, whatever the document says. */
export class UnsafeOutputError extends Error {
  override readonly name = "UnsafeOutputError";
}

const TYPES: readonly Ts.SyntaxKind[] = [
  Kind.InterfaceDeclaration,
  Kind.TypeAliasDeclaration,
  Kind.TypeParameter,
  Kind.TypeLiteral,
  Kind.PropertySignature,
  Kind.IndexSignature,
  Kind.Parameter,
  Kind.TypeReference,
  Kind.IndexedAccessType,
  Kind.ArrayType,
  Kind.TupleType,
  Kind.RestType,
  Kind.UnionType,
  Kind.IntersectionType,
  Kind.MappedType,
  Kind.TypeOperator,
  Kind.LiteralType,
  Kind.ParenthesizedType,
  Kind.StringKeyword,
  Kind.NumberKeyword,
  Kind.BooleanKeyword,
  Kind.UnknownKeyword,
  Kind.NeverKeyword,
  Kind.UndefinedKeyword,
  Kind.ExportKeyword,
  Kind.ReadonlyKeyword,
  Kind.QuestionToken,
  Kind.MinusToken,
];

const LITERALS: readonly Ts.SyntaxKind[] = [
  Kind.StringLiteral,
  Kind.NumericLiteral,
  Kind.PrefixUnaryExpression,
  Kind.TrueKeyword,
  Kind.FalseKeyword,
  Kind.NullKeyword,
];

const DATA: readonly Ts.SyntaxKind[] = [
  ...LITERALS,
  Kind.VariableStatement,
  Kind.VariableDeclarationList,
  Kind.VariableDeclaration,
  Kind.SatisfiesExpression,
  Kind.AsExpression,
  Kind.ObjectLiteralExpression,
  Kind.ArrayLiteralExpression,
  Kind.PropertyAssignment,
  Kind.ComputedPropertyName,
];

const IMPORTS: readonly Ts.SyntaxKind[] = [
  Kind.ImportDeclaration,
  Kind.ImportClause,
  Kind.NamedImports,
  Kind.ImportSpecifier,
  Kind.StringLiteral,
];

/** The first lines of a caller, on a page. */
const EXAMPLE: ReadonlySet<Ts.SyntaxKind> = new Set([
  ...IMPORTS,
  ...LITERALS,
  Kind.VariableStatement,
  Kind.VariableDeclarationList,
  Kind.VariableDeclaration,
  Kind.ObjectBindingPattern,
  Kind.BindingElement,
  Kind.AwaitExpression,
  Kind.CallExpression,
  Kind.PropertyAccessExpression,
  Kind.ElementAccessExpression,
  Kind.ObjectLiteralExpression,
  Kind.ArrayLiteralExpression,
  Kind.PropertyAssignment,
  Kind.ComputedPropertyName,
]);

const EXPORTS: readonly Ts.SyntaxKind[] = [Kind.ExportDeclaration, Kind.NamedExports, Kind.ExportSpecifier, Kind.StringLiteral];

const FUNCTION: readonly Ts.SyntaxKind[] = [
  Kind.FunctionDeclaration,
  Kind.Block,
  Kind.ReturnStatement,
  Kind.CallExpression,
  Kind.ShorthandPropertyAssignment,
  Kind.TypeQuery,
];

/** A type that is another one under a name of its own. */
const NAMED: readonly Ts.SyntaxKind[] = [Kind.HeritageClause, Kind.ExpressionWithTypeArguments];

/** What each kind of module is made of. */
const MADE_OF: Readonly<Record<ModuleName, ReadonlySet<Ts.SyntaxKind>>> = {
  "schema.ts": new Set([...TYPES, ...LITERALS]),
  "operations.ts": new Set([...IMPORTS, ...DATA, ...TYPES]),
  "lifecycle.ts": new Set([...IMPORTS, ...DATA, ...TYPES]),
  "client.ts": new Set([...IMPORTS, ...DATA, ...TYPES, ...NAMED, ...FUNCTION]),
  "index.ts": new Set(EXPORTS),
};

/** The types of the language itself that generated code may name. */
const GLOBAL_TYPES = ["Record", "Omit", "Readonly", "PropertyKey", "const"];

/**
 * @param specifiers the modules that may be imported.
 * @throws {UnsafeOutputError} with the place in the text.
 */
export function checkModule(name: ModuleName, text: string, specifiers: readonly string[]): void {
  if (name === "schema.ts" && isPlainTypes(text)) return;
  if (name === "operations.ts" && isPlainData(text, specifiers)) return;
  checkParsed(name, text, specifiers);
}

/** The same for a module of any form, by what the compiler makes of it. */
export function checkParsed(name: ModuleName, text: string, specifiers: readonly string[]): void {
  const source = parseModule(name, text);
  const refuse = (node: Ts.Node, what: string): never => {
    throw new UnsafeOutputError(`${placeOf(source, node.getStart(source))} would hold ${what}, which does not belong there`);
  };
  const allowed = MADE_OF[name];
  const known = new Set([...GLOBAL_TYPES, ...declaredNames(source)]);
  const check = (node: Ts.Node, parent: Ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const written = node.getText(source);
      if (!isMemberName(written)) refuse(node, `the name "${written}"`);
      if (isUse(node, parent) && !known.has(node.text)) refuse(node, `the name "${node.text}"`);
      return;
    }
    if (!allowed.has(node.kind)) refuse(node, `a ${Kind[node.kind]}`);
    if (ts.isCallExpression(node) && node.expression.getText(source) !== "createClientWith") refuse(node, "a call");
    if (ts.isComputedPropertyName(node) && !ts.isStringLiteral(node.expression)) refuse(node, "a computed key");
    if (ts.isPropertyAssignment(node) && isPrototype(node.name)) refuse(node, "a prototype");
    if (ts.isVariableDeclaration(node) && !isAssertedConstant(node, source)) refuse(node, "a variable without as const");
    if (isModuleSpecifier(node, parent) && !specifiers.includes(node.text)) refuse(node, `an import of "${node.text}"`);
    ts.forEachChild(node, (child) => check(child, node));
  };
  for (const statement of source.statements) check(statement, source);
}

/**
 * What the compiler finds in a text alone: faults, and orders in comments, such as to ignore the errors of a line. It is not
 * among what the compiler declares, so its absence must not pass for approval.
 */
interface ParsedFile extends Ts.SourceFile {
  readonly parseDiagnostics: readonly Ts.DiagnosticWithLocation[];
  readonly commentDirectives: readonly { readonly range: Ts.TextRange }[] | undefined;
  readonly pragmas: ReadonlyMap<string, unknown>;
}

/** What is wrong with an example on a page: it declares what it uses, and calls nothing else. */
export function checkExample(text: string): { readonly line: number; readonly what: string } | undefined {
  const source = ts.createSourceFile("example.ts", text, ts.ScriptTarget.ESNext) as ParsedFile;
  const lineOf = (offset: number) => source.getLineAndCharacterOfPosition(offset).line;
  const [fault] = source.parseDiagnostics;
  if (fault !== undefined) return { line: lineOf(fault.start), what: "what does not parse" };
  const known = new Set(declaredNames(source));
  const faultOf = (node: Ts.Node, parent: Ts.Node): { line: number; what: string } | undefined => {
    if (ts.isIdentifier(node)) {
      const isMember = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
      return isMember || known.has(node.text) ? undefined : { line: lineOf(node.end), what: `the name "${node.text}"` };
    }
    if (!EXAMPLE.has(node.kind)) return { line: lineOf(node.end), what: `a ${Kind[node.kind]}` };
    return ts.forEachChild(node, (child) => faultOf(child, node));
  };
  return ts.forEachChild(source, (node) => (node.kind === Kind.EndOfFileToken ? undefined : faultOf(node, source)));
}

/**
 * @param own what may stand in comments although the compiler takes orders from it.
 * @throws {UnsafeOutputError} when it does not parse, or when what nobody sees, or only a tool, changes what it means.
 */
export function parseModule(name: string, text: string, own = ""): Ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const source = ts.createSourceFile(name, text, options) as ParsedFile;
  const refuse = (offset: number, what: string): never => {
    throw new UnsafeOutputError(`${placeOf(source, offset)} would ${what}`);
  };
  const [fault] = source.parseDiagnostics;
  if (fault !== undefined) refuse(fault.start, `not parse: ${ts.flattenDiagnosticMessageText(fault.messageText, " ")}`);
  const order = source.commentDirectives?.find(({ range }) => !own.includes(text.slice(range.pos, range.end)));
  if (order !== undefined) refuse(order.range.pos, "hold an order to the compiler, which does not belong there");
  const pragma = [...source.pragmas.keys()].find((name) => !own.includes(name));
  if (pragma !== undefined) refuse(0, `begin with a comment that means "${pragma}", which does not belong there`);
  const hidden = findHidden(text);
  if (hidden !== undefined) refuse(hidden.offset, `hold ${hidden.what}, which does not belong there`);
  return source;
}

export function placeOf(source: Ts.SourceFile, offset: number): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(offset).line + 1}`;
}

/** The names that a module imports or declares, type parameters among them. */
function declaredNames(source: Ts.SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: Ts.Node): void => {
    const declares =
      ts.isImportSpecifier(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isBindingElement(node) ||
      ts.isParameter(node) ||
      ts.isTypeParameterDeclaration(node);
    if (declares && node.name !== undefined && ts.isIdentifier(node.name)) names.push(node.name.text);
    if (!ts.isTypeLiteralNode(node) && !ts.isObjectLiteralExpression(node)) ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) visit(statement);
  return names;
}

/** Whether an identifier refers to something, as opposed to naming a member or a declaration. */
function isUse(node: Ts.Identifier, parent: Ts.Node): boolean {
  if (ts.isTypeReferenceNode(parent) || ts.isTypeQueryNode(parent) || ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) return parent.initializer === node;
  return ts.isExpression(node) && ts.isExpression(parent);
}

function isAssertedConstant({ initializer }: Ts.VariableDeclaration, source: Ts.SourceFile): boolean {
  const asserted = initializer && ts.isSatisfiesExpression(initializer) ? initializer.expression : initializer;
  return asserted !== undefined && ts.isAsExpression(asserted) && asserted.type.getText(source) === "const";
}

/** `{ __proto__: … }` is no member but what the object inherits from. */
function isPrototype(name: Ts.PropertyName): boolean {
  return (ts.isIdentifier(name) || ts.isStringLiteral(name)) && name.text === "__proto__";
}

function isModuleSpecifier(node: Ts.Node, parent: Ts.Node): node is Ts.StringLiteral {
  return ts.isStringLiteral(node) && (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent));
}
