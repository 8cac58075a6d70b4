/** The printer of types, held to the compiler's own. */

import { describe, expect, test } from "vitest";
import { printMembers } from "../../scripts/render/schema/print.js";
import { ts } from "../../scripts/render/tools.js";

const parse = (members: string) => ts.createSourceFile("a.ts", `interface a {\n${members}\n}`, ts.ScriptTarget.ESNext);

const printed = (members: string) => {
  const [declaration] = parse(members).statements.filter(ts.isInterfaceDeclaration);
  return `interface a {\n${printMembers(declaration?.members ?? [], 1)}}\n`;
};

/** What the compiler's printer makes of it, but for the indentation by four. */
const compiled = (members: string) => {
  const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed, removeComments: true });
  return printer.printFile(parse(members)).replace(/^(?: {4})+/gm, (spaces) => spaces.slice(spaces.length / 2));
};

describe("types are printed as the compiler prints them", () => {
  test.each([
    'b: string; "c d"?: number; 200: boolean; readonly e: never;',
    "a: Record<string, never>;",
    'a: components["schemas"]["B"][];',
    'a: ("x" | "y")[] & { [key: string]: unknown; };',
    "a: { b: { c: { d: null; }[]; }; };",
    "a: {};",
    "a: [\n    string,\n    number\n];",
    "a: [\n    string,\n    ...(number | boolean)[]\n];",
    "a: readonly string[] | (1 | -1)[] | true | undefined;",
    'a: Omit<components["schemas"]["B"], "c" | "d">;',
    'a: "a \\"quoted\\" text" | "a\\\\b" | "line\\nline";',
    "b?: string;\nc: a;\nd: { e: a; };",
  ])("%s", (text) => expect(printed(text)).toBe(compiled(text)));
});

test("a comment keeps its lines, indented as what it stands before", () => {
  const { factory } = ts;
  const property = factory.createPropertySignature(undefined, "b", undefined, factory.createTypeReferenceNode("c"));
  ts.addSyntheticLeadingComment(property, ts.SyntaxKind.MultiLineCommentTrivia, "*\n * One.\n *     Two.\n ", true);
  expect(printMembers([property], 1)).toBe("  /**\n   * One.\n   *     Two.\n   */\n  b: c;\n");
});

test("members stand as deep as is asked", () => {
  const property = ts.factory.createPropertySignature(undefined, "b", undefined, ts.factory.createTypeLiteralNode([]));
  expect(printMembers([property, property], 2)).toBe("    b: {};\n    b: {};\n");
});
