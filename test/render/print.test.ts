/** The printer of types, held to the compiler's own. */

import { describe, expect, test } from "vitest";
import { printDeclarations } from "../../scripts/render/schema/print.js";
import { ts } from "../../scripts/render/tools.js";

const parse = (text: string) => [...ts.createSourceFile("a.ts", text, ts.ScriptTarget.ESNext).statements];

/** What the compiler's printer makes of it, but for the indentation by four and the missing lines between declarations. */
const compiled = (text: string) => {
  const source = ts.createSourceFile("a.ts", text, ts.ScriptTarget.ESNext);
  const printed = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed, removeComments: true }).printFile(source);
  return printed.replace(/^(?: {4})+/gm, (spaces) => spaces.slice(spaces.length / 2)).replace(/\n(?=export )/g, "\n\n");
};

describe("types are printed as the compiler prints them", () => {
  test.each([
    'export interface a { b: string; "c d"?: number; 200: boolean; readonly e: never; }',
    "export type a = Record<string, never>;",
    'export type a = components["schemas"]["B"][];',
    'export type a = ("x" | "y")[] & { [key: string]: unknown; };',
    "export type a = { b: { c: { d: null; }[]; }; };",
    "export type a = {};",
    "export type a = [\n    string,\n    number\n];",
    "export type a = readonly string[] | (1 | -1)[] | true | undefined;",
    'export type a = Omit<components["schemas"]["B"], "c" | "d">;',
    'export type a = "a \\"quoted\\" text" | "a\\\\b" | "line\\nline";',
    "export interface a { b?: string; }\nexport type c = a;\nexport interface d { e: a; }",
  ])("%s", (text) => expect(printDeclarations(parse(text))).toBe(compiled(text)));
});

test("a comment keeps its lines, indented as what it stands before", () => {
  const { factory } = ts;
  const property = factory.createPropertySignature(undefined, "b", undefined, factory.createTypeReferenceNode("c"));
  ts.addSyntheticLeadingComment(property, ts.SyntaxKind.MultiLineCommentTrivia, "*\n * One.\n *     Two.\n ", true);
  const declared = factory.createTypeAliasDeclaration(undefined, "a", undefined, factory.createTypeLiteralNode([property]));
  expect(printDeclarations([declared])).toBe("type a = {\n  /**\n   * One.\n   *     Two.\n   */\n  b: c;\n};\n");
});
