/**
 * Modules that templates of a project have a part in. What they are made of is their author's matter; that nothing in them is a
 * document's but data is ours. So every name must stand in the template itself or have been printed as a name, and whatever
 * holds raw text (a template literal, a pattern, JSX, the address of an import) must be the template's to the letter.
 */

import type * as Ts from "typescript";
import { parseModule, placeOf, UnsafeOutputError } from "./modules.js";
import type { OwnParts } from "./templates.js";
import { ts } from "./tools.js";

/**
 * @param specifiers the modules that may be imported besides those that the template names itself.
 * @throws {UnsafeOutputError} with the place in the text.
 */
export function checkOwnModule(name: string, text: string, own: OwnParts, specifiers: readonly string[]): void {
  const source = parseModule(name, text, own.text);
  const words = new Set([...wordsOf(own.text), ...own.sources.flatMap((code) => identifiersOf(code)), ...own.names]);
  const refuse = (node: Ts.Node, what: string): never => {
    const place = placeOf(source, node.getStart(source));
    throw new UnsafeOutputError(`${place} would hold ${what}, which does not stand in the template`);
  };
  const isKnown = (word: string) => words.has(word) || isPutTogether(word, words, own.names);
  const check = (node: Ts.Node, parent: Ts.Node): void => {
    const written = node.getText(source);
    if (ts.isIdentifier(node) && isUse(node, parent) && !isKnown(written)) refuse(node, `the name "${written}"`);
    if (isRaw(node) && !own.text.includes(written)) refuse(node, `a ${ts.SyntaxKind[node.kind]}`);
    const address = addressIn(node, parent);
    if (address !== undefined && !own.text.includes(written) && !specifiers.includes(address))
      refuse(node, `an import of "${address}"`);
    if (ts.isPropertyAssignment(node) && isPrototype(node.name)) refuse(node, "a prototype");
    ts.forEachChild(node, (child) => check(child, node));
  };
  for (const statement of source.statements) check(statement, source);
}

/** Names of members and of parameters cannot do anything by themselves. */
function isUse(node: Ts.Identifier, parent: Ts.Node): boolean {
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isEnumMember(parent);
  return !(isMember && parent.name === node);
}

function isRaw(node: Ts.Node): boolean {
  return (
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isRegularExpressionLiteral(node) ||
    ts.isJsxText(node)
  );
}

/** The address of a module, wherever one is named: in imports, exports, types, and calls of `import` and `require`. */
function addressIn(node: Ts.Node, parent: Ts.Node): string | undefined {
  if (!ts.isStringLiteralLike(node)) return undefined;
  const isCalled =
    ts.isCallExpression(parent) &&
    (parent.expression.kind === ts.SyntaxKind.ImportKeyword ||
      (ts.isIdentifier(parent.expression) && parent.expression.text === "require"));
  const isNamed =
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isExternalModuleReference(parent) ||
    ts.isModuleDeclaration(parent) ||
    (ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent ?? parent));
  return isCalled || isNamed ? node.text : undefined;
}

function isPrototype(name: Ts.PropertyName): boolean {
  return (ts.isIdentifier(name) || ts.isStringLiteral(name)) && name.text === "__proto__";
}

/** Whether a word is a printed name with words of the template before or behind it: `usePetstoreClient`. */
function isPutTogether(word: string, words: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  return [...names].some((name) => {
    const [before, behind, ...more] = word.split(name);
    return behind !== undefined && more.length === 0 && [before, behind].every((rest) => rest === "" || words.has(rest ?? ""));
  });
}

function wordsOf(text: string): string[] {
  return text.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

function identifiersOf(code: string): string[] {
  const found: string[] = [];
  const visit = (node: Ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", code, ts.ScriptTarget.ESNext));
  return found;
}
