import { describe, expect, test } from "vitest";
import { type OwnRule, readOwnRules } from "../../scripts/rules/own.js";
import { load } from "./support.js";

const DOCUMENT = `openapi: 3.1.0
info: { title: A, version: "1", x-owner: me }
paths:
  /Users/{id}:
    get: { operationId: getUser, tags: [users], responses: {} }
    put: { operationId: put_user, responses: {} }
  /a: { get: { operationId: getA, summary: A, tags: [], responses: {} } }
`;

/** Where a rule finds something: line and column. */
function places(rule: Omit<OwnRule, "id" | "message">): string[] {
  const [ready] = readOwnRules([{ id: "mine", message: "it does not hold", ...rule }], []);
  return ready!.check(load(DOCUMENT)).map(({ line, column }) => `${line}:${column}`);
}

const OPERATIONS = "$.paths.*['get','put']";

describe("an own rule", () => {
  test.each<{ name: string; rule: Omit<OwnRule, "id" | "message">; want: string[] }>([
    { name: "requires members", rule: { target: OPERATIONS, require: ["tags"] }, want: ["6:10"] },
    { name: "forbids members", rule: { target: "$.info", forbid: ["x-owner", "x-more"] }, want: ["2:7"] },
    { name: "forbids that anything stands there", rule: { target: "$..summary", forbid: true }, want: ["7:44"] },
    {
      name: "holds strings to a pattern",
      rule: { target: `${OPERATIONS}.operationId`, pattern: "^[a-z][A-Za-z]*$" },
      want: ["6:25"],
    },
    { name: "holds keys to a pattern", rule: { target: "$.paths.*", part: "key", pattern: "^[^A-Z]*$" }, want: ["4:3"] },
    { name: "holds values to a list", rule: { target: "$.info.version", enum: ["2", "3"] }, want: ["2:28"] },
    { name: "holds values to a schema", rule: { target: `${OPERATIONS}.tags`, schema: { minItems: 1 } }, want: ["7:53"] },
    {
      name: "holds all that it states",
      rule: { target: OPERATIONS, require: ["operationId"], forbid: ["summary"] },
      want: ["7:14"],
    },
    { name: "selects by a filter", rule: { target: "$.paths.*[?count(@.tags.*) == 0]", forbid: true }, want: ["6:10", "7:14"] },
    { name: "is content with nothing to look at", rule: { target: "$.components.schemas.*", require: ["title"] }, want: [] },
    { name: "may be about the document itself", rule: { target: "$", require: ["servers"] }, want: ["1:1"] },
  ])("$name", ({ rule, want }) => {
    expect(places(rule)).toEqual(want);
  });

  test("tells what its author wrote, as a warning unless they say otherwise", () => {
    const rule = { id: "no-owner", message: "nobody owns it", hint: "leave it out", target: "$.info", forbid: ["x-owner"] };
    const [mild, grave] = readOwnRules([rule, { ...rule, id: "no-owner-at-all", severity: "error" }], []);
    expect(mild!.check(load(DOCUMENT))).toMatchObject([
      { rule: "no-owner", severity: "warning", message: "nobody owns it", hint: "leave it out", pointer: "/info" },
    ]);
    expect(grave!.check(load(DOCUMENT))).toMatchObject([{ rule: "no-owner-at-all", severity: "error" }]);
    expect(mild!.description).toBe("Nobody owns it.");
  });

  test.each<{ name: string; rule: Partial<OwnRule>; why: RegExp }>([
    { name: "its pattern takes for ever", rule: { target: "$.x", pattern: "^(a+)+$" }, why: /it takes longer than 0.2 s$/ },
    {
      name: "its target takes for ever",
      rule: { target: "$[?match(@, '(a+)+')]", forbid: true },
      why: /it takes longer than 0.2 s$/,
    },
    {
      name: "its target looks into too much",
      rule: { target: "$..[?@..[?@..[?@..nothing]]]", forbid: true },
      // Whichever of the two bounds is met first.
      why: /the query looks into more values than a document has$|it takes longer than 0.2 s$/,
    },
  ])("says that it could not be asked when $name", ({ rule, why }) => {
    const [ready] = readOwnRules([{ id: "mine", message: "m", target: "$", ...rule }], [], 200);
    const deep = `${"{a: ".repeat(150)}1${"}".repeat(150)}`;
    expect(ready!.check(load(`${DOCUMENT}x: ${"a".repeat(60)}b\nx-deep: ${deep}\n`))).toMatchObject([
      { rule: "mine", severity: "warning", message: expect.stringMatching(why), line: 1 },
    ]);
  });

  test("that makes no sense is refused together with all others", () => {
    const sound = { message: "m", target: "$", require: ["a"] };
    const rules: OwnRule[] = [
      { ...sound, id: "Wrong Name" },
      { ...sound, id: "taken" },
      { ...sound, id: "no-path", target: "$.a[" },
      { id: "says-nothing", message: "m", target: "$" },
      { ...sound, id: "no-pattern", pattern: "(" },
      { ...sound, id: "no-schema", schema: { type: "nonsense" } },
      { ...sound, id: "twice" },
      { ...sound, id: "twice" },
    ];
    let message = "";
    try {
      readOwnRules(rules, ["taken"]);
    } catch (error) {
      message = String(error);
    }
    const lines = message.split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[0]).toContain('the rule "Wrong Name" of the configuration: its id is written in kebab-case');
    expect(lines[1]).toContain("another rule has this id already");
    expect(lines[2]).toContain("its target is no JSONPath");
    expect(lines[3]).toContain("it says nothing that has to hold");
    expect(lines[4]).toContain("what has to hold is no JSON Schema");
    expect(lines[5]).toContain("what has to hold is no JSON Schema");
    expect(lines[6]).toContain('"twice"');
  });
});
