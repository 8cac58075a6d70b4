/** The last line of defence: whatever an encoder let through is no module of ours. */

import { describe, expect, test } from "vitest";
import { checkModule, type ModuleName, UnsafeOutputError } from "../../scripts/render/modules.js";

const check = (name: ModuleName, text: string) => {
  return () => checkModule(name, text, ["keyturn", "./operations.js", "./schema.js"]);
};

const DATA = 'export const inputs = { a: ["b", -1, true, null] } as const satisfies InputDeclarations;';
const IMPORT = 'import type { InputDeclarations } from "keyturn";';

describe("a module is handed over", () => {
  test.each<[ModuleName, string]>([
    ["schema.ts", 'export interface paths { "/a": { get?: never } }\nexport type operations = Record<string, never>;'],
    ["schema.ts", "type WithRequired<T, K extends PropertyKey> = T & { [P in K & keyof T]-?: T[P] };"],
    ["operations.ts", `${IMPORT}\n${DATA}`],
    ["lifecycle.ts", 'import type { operations } from "./schema.js";\nexport type Challenge = operations["a"]["b"][202];'],
    ["operations.ts", `${IMPORT}\nexport const inputs = { ["__proto__"]: {} } as const satisfies InputDeclarations;`],
    ["index.ts", 'export { operations } from "./operations.js";'],
  ])("as %s when it is %s", (name, text) => expect(check(name, text)).not.toThrow());
});

describe("a module is refused", () => {
  test.each<[string, ModuleName, string]>([
    ["it does not parse", "operations.ts", `${IMPORT}\n${DATA.replace("}", "")}`],
    ["a statement stands in it", "operations.ts", "pwned();"],
    ["a statement stands among types", "schema.ts", "export type a = string; pwned();"],
    ["a call stands in data", "operations.ts", DATA.replace("true", "pwned()")],
    ["a name stands in data", "operations.ts", DATA.replace("true", "process")],
    ["a member of a name stands in data", "operations.ts", DATA.replace("true", "process.env")],
    ["a template stands in data", "operations.ts", DATA.replace("true", "`a`")],
    ["a spread stands in data", "operations.ts", DATA.replace("true", "...inputs")],
    ["a getter stands in data", "operations.ts", DATA.replace("a:", "get b() { return 1; }, a:")],
    ["a key is computed", "operations.ts", DATA.replace("a:", "[pwned]:")],
    ["data may still be changed", "operations.ts", "export const inputs = {};"],
    ["a value is imported for its effects", "operations.ts", 'import "node:child_process";'],
    ["another module is imported", "operations.ts", 'import { exec } from "node:child_process";'],
    ["another module is exported", "index.ts", 'export * from "node:child_process";'],
    ["a type comes from another module", "schema.ts", 'export type a = import("node:fs").Stats;'],
    ["a type is any", "schema.ts", "export type a = any;"],
    ["a type is unknown to it", "schema.ts", "export type a = Function;"],
    ["a type is the type of a value", "schema.ts", "export type a = typeof globalThis;"],
    ["a call is not createClientWith", "client.ts", "function a() { return pwned(); }"],
    ["a class stands in it", "client.ts", "class A {}"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the type language
    ["a template stands among types", "schema.ts", "export type a = `${string}`;"],
    ["a pattern stands in data", "operations.ts", DATA.replace("true", "/x/")],
    ["a name is written in escapes", "operations.ts", DATA.replace("a:", "\\u0061:")],
    ["a name is of other letters", "schema.ts", "export type ünï = string;"],
    ["an object has a prototype", "operations.ts", DATA.replace("a:", "__proto__:")],
    ["an object has a prototype in quotes", "operations.ts", DATA.replace("a:", '"__proto__":')],
    ["a word turns the direction of writing", "operations.ts", DATA.replace("b", "\u202e")],
    ["a comment turns the direction of writing", "operations.ts", `/* \u2066 */\n${DATA}`],
    ["a word holds what nobody sees", "schema.ts", 'export type a = "b\u{e0041}\u200b";'],
    ["a word holds half a character", "schema.ts", 'export type a = "\ud800";'],
    ["a comment holds a null", "schema.ts", "/** \0 */\nexport type a = string;"],
    ["it has lines that some readers do not see", "schema.ts", "/** \u2028 */\nexport type a = string;"],
    ["a comment orders to ignore the next line", "schema.ts", "/** @ts-ignore */\nexport type a = string;"],
    ["a comment expects an error", "schema.ts", "// @ts-expect-error\nexport type a = string;"],
    ["a comment orders to ignore all", "schema.ts", "// @ts-nocheck\nexport type a = string;"],
    ["a comment refers to a file", "schema.ts", '/// <reference path="/etc/passwd" />\nexport type a = string;'],
    ["a comment names a factory", "schema.ts", "/** @jsx pwned */\nexport type a = string;"],
    ["a comment has the address of a source map", "schema.ts", "export type a = string;\n//# sourceMappingURL=data:,x"],
    ["a word has the address of a source map", "operations.ts", DATA.replace('"b"', '"//# sourceMappingURL=data:,x"')],
    ["a decorator stands in it", "client.ts", "@pwned() class A {}"],
  ])("when %s", (_fault, name, text) => expect(check(name, text)).toThrow(UnsafeOutputError));

  test("with the place and what stands there", () => {
    expect(check("operations.ts", `${IMPORT}\n${DATA}\npwned();`)).toThrow(
      "operations.ts:3 would hold a ExpressionStatement, which does not belong there",
    );
  });
});
