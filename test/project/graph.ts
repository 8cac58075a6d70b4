import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type ts from "typescript";
import { packageFile } from "../../scripts/root.js";

// typescript-7 has no compiler API, and an `import` of the older one would load its types into every check of the tests.
const typescript = createRequire(import.meta.url)("typescript") as typeof ts;

/** One static import or re-export: from a file of the project to another file of it, a package or a module of Node. */
export interface Import {
  readonly from: string;
  /** A path relative to the root, or a specifier such as `node:fs` or `yaml`. */
  readonly to: string;
  /** Erased by the compiler: `import type`, or every name in it marked as a type. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** The TypeScript files below a folder of the project, relative to its root and in order. */
export function sourceFiles(folder: string): string[] {
  if (!existsSync(packageFile(folder))) return [];
  return readdirSync(packageFile(folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, "/")))
    .sort();
}

/** The imports of a file, as the compiler's own parser sees them; `import("…")` too, as a call and as a type. */
export function importsOf(file: string): readonly Import[] {
  const known = importsByFile.get(file);
  if (known !== undefined) return known;
  const source = parse(file);
  const imports: Import[] = [];
  const add = (node: ts.Node, specifier: string, typeOnly: boolean) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    imports.push({ from: file, to: target(file, specifier), typeOnly, line });
  };
  const visit = (node: ts.Node): void => {
    if ((typescript.isImportDeclaration(node) || typescript.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      add(node, (node.moduleSpecifier as ts.StringLiteral).text, isTypeOnly(node));
    } else if (typescript.isCallExpression(node) && node.expression.kind === typescript.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && typescript.isStringLiteralLike(argument)) add(node, argument.text, false);
    } else if (typescript.isImportTypeNode(node) && typescript.isLiteralTypeNode(node.argument)) {
      add(node, (node.argument.literal as ts.StringLiteral).text, true);
    }
    typescript.forEachChild(node, visit);
  };
  visit(source);
  importsByFile.set(file, imports);
  return imports;
}

const importsByFile = new Map<string, readonly Import[]>();

/** Every file that a file reaches by values, itself included, and every module outside the project. */
export function reachedFrom(entry: string): Set<string> {
  const reached = new Set<string>();
  const queue = [entry];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    if (next.endsWith(".ts")) queue.push(...importsOf(next).flatMap(({ to, typeOnly }) => (typeOnly ? [] : [to])));
  }
  return reached;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (typescript.isExportDeclaration(node)) {
    const names = node.exportClause;
    return (
      node.isTypeOnly ||
      (names !== undefined && typescript.isNamedExports(names) && names.elements.every((name) => name.isTypeOnly))
    );
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  const names = clause.namedBindings;
  if (clause.isTypeOnly) return true;
  return (
    clause.name === undefined &&
    names !== undefined &&
    typescript.isNamedImports(names) &&
    names.elements.every((name) => name.isTypeOnly)
  );
}

function target(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return path.posix.join(path.posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}

/** Where a file uses one of these global names, with the member of it that it uses. */
export function globalsOf(file: string, names: readonly string[]): string[] {
  const source = parse(file);
  const used: string[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isIdentifier(node) && names.includes(node.text) && isReference(node)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      const member = typescript.isPropertyAccessExpression(node.parent) ? `.${node.parent.name.text}` : "";
      used.push(`${file}:${line} ${node.text}${member}`);
    }
    typescript.forEachChild(node, visit);
  };
  visit(source);
  return used;
}

/** An identifier that is a value: no member after a dot, no name of a property, no type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (typescript.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (typescript.isPropertyAssignment(parent)) return parent.initializer === node;
  return !(typescript.isTypeNode(parent) || typescript.isTypeElement(parent) || typescript.isClassElement(parent));
}

function parse(file: string): ts.SourceFile {
  return typescript.createSourceFile(file, readFileSync(packageFile(file), "utf8"), typescript.ScriptTarget.Latest, true);
}
