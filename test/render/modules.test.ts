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
    ["a call is not createClient", "client.ts", "function a() { return pwned(); }"],
    ["a class stands in it", "client.ts", "class A {}"],
    ["a decorator stands in it", "client.ts", "@pwned() class A {}"],
  ])("when %s", (_fault, name, text) => expect(check(name, text)).toThrow(UnsafeOutputError));

  test("with the place and what stands there", () => {
    expect(check("operations.ts", `${IMPORT}\n${DATA}\npwned();`)).toThrow(
      "operations.ts:3 would hold a ExpressionStatement, which does not belong there",
    );
  });
});
