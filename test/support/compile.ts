/** What TypeScript has to say to files that are in memory only, under the strictest flags that there are. */

import { createRequire } from "node:module";
import path from "node:path";
import type * as TypeScript from "typescript";
import { packageFile } from "../../scripts/root.js";

// As CommonJS, for the reason that scripts/render/tools.ts gives.
const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;

export const STRICTEST: TypeScript.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
};

const FOLDER = packageFile("generated/in-memory");

// The compiler's own files and the runtime are read and parsed once for all calls.
const parsed = new Map<string, TypeScript.SourceFile | undefined>();

/** The errors in files that stand as if in `generated/in-memory`, each with its place; of other files none. */
export function compileErrors(files: readonly { readonly name: string; readonly text: string }[]): string[] {
  const texts = new Map(
    files.filter(({ name }) => name.endsWith(".ts")).map(({ name, text }) => [path.join(FOLDER, name), text]),
  );
  const program = ts.createProgram([...texts.keys()], STRICTEST, hostFor(texts));
  return [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((diagnostic) => describeFault(diagnostic));
  });
}

/** What the compiler calls the types of the members and variables of these names, in a file as if in `generated/in-memory`. */
export function typesShown(text: string, names: readonly string[]): Record<string, string> {
  const file = path.join(FOLDER, "shown.ts");
  const program = ts.createProgram([file], STRICTEST, hostFor(new Map([[file, text]])));
  const checker = program.getTypeChecker();
  const shown: Record<string, string> = {};
  const visit = (node: TypeScript.Node): void => {
    if (ts.isIdentifier(node) && names.includes(node.text))
      shown[node.text] = checker.typeToString(checker.getTypeAtLocation(node));
    ts.forEachChild(node, visit);
  };
  const source = program.getSourceFile(file);
  if (source !== undefined) visit(source);
  return shown;
}

/** How many types the compiler makes of generic ones to check a file, as if in `generated/in-memory`, that has no errors. */
export function instantiations(text: string): number {
  const file = path.join(FOLDER, "counted.ts");
  const program = ts.createProgram([file], STRICTEST, hostFor(new Map([[file, text]])));
  const [fault] = program.getSemanticDiagnostics(program.getSourceFile(file));
  if (fault !== undefined) throw new Error(describeFault(fault));
  // What --extendedDiagnostics prints; it is not among what the compiler declares.
  return (program as unknown as { getInstantiationCount(): number }).getInstantiationCount();
}

/** The errors in files on the disk. */
export function compileErrorsOf(files: readonly string[]): string[] {
  const program = ts.createProgram(files, STRICTEST, hostFor(new Map()));
  return ts.getPreEmitDiagnostics(program).map(describeFault);
}

function hostFor(texts: ReadonlyMap<string, string>): TypeScript.CompilerHost {
  const host = ts.createCompilerHost(STRICTEST, true);
  const onDisk = host.getSourceFile.bind(host);
  return {
    ...host,
    directoryExists: (folder) => folder.startsWith(FOLDER) || ts.sys.directoryExists(folder),
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    getSourceFile(file, version, ...rest) {
      const text = texts.get(file);
      if (text !== undefined) return ts.createSourceFile(file, text, version, true);
      if (!parsed.has(file)) parsed.set(file, onDisk(file, version, ...rest));
      return parsed.get(file);
    },
  };
}

function describeFault({ file, start = 0, code, messageText }: TypeScript.Diagnostic): string {
  const message = ts.flattenDiagnosticMessageText(messageText, " ");
  if (file === undefined) return `TS${code} ${message}`;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${path.basename(path.dirname(file.fileName))}/${path.basename(file.fileName)}:${line + 1} TS${code} ${message}\n${file.text.split("\n")[line]?.trim()}`;
}
