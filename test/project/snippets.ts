/** Pieces of code in pages, as the compiler sees them under the flags of the project: modules that are on no disk. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type ts from "typescript";
import { packageFile } from "../../scripts/root.js";

const typescript = createRequire(import.meta.url)("typescript") as typeof ts;

export interface Snippet {
  /** The page that it stands in, relative to the project. */
  readonly page: string;
  /** The line of the page that it begins in. */
  readonly line: number;
  readonly code: string;
}

/** The entries of the package, as they stand in the tree. */
const ENTRIES = {
  keyturn: ["./src/index.ts"],
  "keyturn/undici": ["./src/transports/undici.ts"],
  "keyturn/*": ["./src/*.ts", "./src/*/index.ts"],
};

/**
 * The compiler's errors in snippets, each with its place in the page.
 *
 * @param around further files by their paths in the project: what the snippets leave unsaid.
 */
export function errorsIn(snippets: readonly Snippet[], around: Readonly<Record<string, string>> = {}): string[] {
  const { config } = typescript.readConfigFile(packageFile("tsconfig.json"), (file) => readFileSync(file, "utf8"));
  const { options } = typescript.parseJsonConfigFileContent(config, typescript.sys, packageFile("."));
  // A snippet shows what there is; that it leaves something unused is no fault.
  Object.assign(options, { noUnusedLocals: false, noUnusedParameters: false, baseUrl: packageFile("."), paths: ENTRIES });
  const modules = snippets.map((snippet) => ({
    ...snippet,
    file: packageFile(`${snippet.page.replace(/\W/g, "-")}-${snippet.line}.ts`),
  }));
  const virtual = new Map([
    // Code at the top of a page awaits, as a module may.
    ...modules.map(({ file, code }) => [file, `${code}\nexport {};\n`] as const),
    ...Object.entries(around).map(([file, text]) => [packageFile(file), text] as const),
  ]);
  const host = typescript.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  // Of folders that are on no disk as well.
  host.directoryExists = () => true;
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.getSourceFile = (file, target, ...rest) => {
    const code = virtual.get(file);
    return code === undefined ? getSourceFile(file, target, ...rest) : typescript.createSourceFile(file, code, target);
  };
  const program = typescript.createProgram([...virtual.keys()], options, host);
  const faults = (file: string, place: (line: number) => string) => {
    const source = program.getSourceFile(file);
    return typescript.getPreEmitDiagnostics(program, source).map(({ start = 0, messageText }) => {
      const { line } = source?.getLineAndCharacterOfPosition(start) ?? { line: 0 };
      return `${place(line)} ${typescript.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
  };
  return [
    ...Object.keys(around).flatMap((file) => faults(packageFile(file), (line) => `${file}:${line + 1}`)),
    ...modules.flatMap(({ file, page, line: first }) => faults(file, (line) => `${page}:${first + line}`)),
  ];
}
