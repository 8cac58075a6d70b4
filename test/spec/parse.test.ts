import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, stringify } from "yaml";
import { packageFile } from "../../scripts/root.js";
import { parseText } from "../../scripts/spec/parse.js";
import { join } from "../../scripts/spec/pointer.js";
import { fc } from "../support/random.js";

/**
 * What the package `yaml` makes of a text: the data, and the places of all keys and values, as `line:column-endColumn`.
 *
 * Deliberate differences are left out of the comparison: an empty value is shown at its key and not behind the colon; a block
 * collection, which ends where the next thing begins, has no end.
 */
function reference(text: string): { root: unknown; places: Map<string, string> } {
  const lines = new LineCounter();
  const tree = parseDocument(text, { stringKeys: true, lineCounter: lines, uniqueKeys: false });
  expect(tree.errors).toEqual([]);
  const places = new Map<string, string>();
  const note = (name: string, node: Node): void => {
    const [start = 0, end = 0] = node.range ?? [];
    const [from, to] = [lines.linePos(start), lines.linePos(end)];
    const isBlock = (isMap(node) || isSeq(node)) && !node.flow;
    const hasEnd = !isBlock && from.line === to.line && to.col > from.col;
    places.set(name, `${from.line}:${from.col}-${hasEnd ? to.col : ""}`);
  };
  const visit = (node: unknown, pointer: string): void => {
    if (isMap(node)) for (const pair of node.items) visitPair(pair, pointer);
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visitValue(item, join(pointer, index));
  };
  const visitValue = (node: unknown, pointer: string): void => {
    const isEmpty = node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);
    if (isEmpty || isPair(node)) return;
    note(`value ${pointer}`, node as Node);
    visit(node, pointer);
  };
  const visitPair = ({ key, value }: Pair, pointer: string): void => {
    if (!isScalar(key)) return;
    const member = join(pointer, String(key.value));
    note(`key ${member}`, key);
    visitValue(value, member);
  };
  visitValue(tree.contents, "");
  return { root: tree.toJS({ maxAliasCount: -1 }), places };
}

function places(text: string, names: Iterable<string>): Map<string, string> {
  const { positions } = parseText(text);
  return new Map(
    Array.from(names, (name) => {
      const [part = "", ...pointer] = name.split(" ");
      const { line, column, endColumn = "" } = positions.locate(pointer.join(" "), part === "key" ? "key" : "value");
      return [name, `${line}:${column}-${endColumn}`];
    }),
  );
}

function expectSame(text: string): void {
  const expected = reference(text);
  const { root, problems } = parseText(text);
  expect(problems.filter(({ kind }) => kind === "syntax")).toEqual([]);
  expect(root).toEqual(expected.root);
  expect(places(text, expected.places.keys())).toEqual(expected.places);
}

const NAME = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "a b",
    "$ref",
    "200",
    "null",
    "~",
    "a/b~c",
    "ü",
    "y",
    "0x1F",
    "1e3",
    "- a",
    "#",
    "a: b",
  ),
  fc.string({ maxLength: 8 }),
);

const SCALAR = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    "yes",
    "2024-01-01",
    "0o17",
    "1_000",
    ".5",
    "+1",
    "line\nbreak",
    "tail \n\n",
    " lead",
    "'",
    '"',
    "\\",
    "# no",
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
  fc.string(),
);

const { value: VALUE } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    SCALAR,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(NAME, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** Characters that YAML allows in no text, and that js-yaml and `yaml` treat apart; JSON has them escaped. */
const isPrintable = (value: unknown) =>
  !/[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Cs}]/u.test(JSON.stringify(value).replaceAll("\\n", ""));

describe("parseText", () => {
  it("reads any JSON as JSON.parse does, and finds its places as the package yaml does", () => {
    fc.assert(
      fc.property(VALUE, fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        const text = JSON.stringify({ value }, undefined, space);
        expect(parseText(text).root).toEqual(JSON.parse(text));
        if (isPrintable(value)) expectSame(text);
      }),
      { numRuns: 300 },
    );
  });

  it("reads any YAML as the package yaml does, and finds the same places", () => {
    const STYLE = fc.record({
      collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
      defaultStringType: fc.constantFrom(
        "PLAIN" as const,
        "QUOTE_SINGLE" as const,
        "QUOTE_DOUBLE" as const,
        "BLOCK_FOLDED" as const,
        "BLOCK_LITERAL" as const,
      ),
      indent: fc.integer({ min: 1, max: 4 }),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20, 80),
    });
    fc.assert(
      fc.property(VALUE.filter(isPrintable), STYLE, (value, style) => {
        const text = stringify({ value }, { ...style, aliasDuplicateObjects: false });
        // In some styles the package writes what it does not read.
        fc.pre(parseDocument(text, { stringKeys: true }).errors.length === 0);
        expectSame(text);
      }),
      { numRuns: 500 },
    );
  });

  const FIXTURES = ["specs", "test/fixtures/generate"].flatMap((folder) =>
    readdirSync(packageFile(folder)).map((file) => path.join(folder, file)),
  );

  it.each(FIXTURES)("reads %s as the package yaml does, and finds the same places", (file) => {
    expectSame(readFileSync(packageFile(file), "utf8"));
  });

  it.each([
    ["comments and empty lines", "# a\na: # b\n  # c\n\n  b: 1 # d\n# e\nc:\n- 1\n\n- 2 # f\n"],
    ["flow over several lines", "a: {b: [1,\n  2, # c\n  ], 'd e': {}, }\nf: [ ]\n"],
    ["pairs in a flow list", "a: [b: 1, c: {d: 2}]\n"],
    ["anchors, aliases and tags", "a: &x {b: 1}\nc: *x\nd: !!str 1\ne: &y !!map\n  f: *x\ng: &z\n- *z1\n".replace("*z1", "*y")],
    ["block scalars", "a: |2-  # c\n    b\n  c\n\nd: >+\n\n  e\n\n  f\n\ng: |\n  h\n"],
    ["explicit keys", "? a\n: b\n? c\n"],
    ["CRLF", 'a:\r\n  b: "c\r\n    d"\r\n  e: |\r\n    f\r\n    g\r\n'],
    ["a directive and marks", "%YAML 1.2\n---\na: 1\n...\n"],
    ["keys that look like something else", "200: a\ntrue: b\nnull: c\n1.0: d\n? ''\n: e\n"],
    ["plain text over several lines", "a: b\n  c\n\n  d\ne: f\n"],
    [
      "numbers of the core schema",
      "a: [1, -0x1F, 0x1F, 0o17, 017, 1., .5, -.5e-3, +12, 1e3, .inf, -.Inf, .nan, 1_0, 0b1, 12:30]\n",
    ],
  ])("reads %s as the package yaml does, and finds the same places", (_what, text) => {
    expectSame(text);
  });

  it("warns of keys that stand twice, also in JSON, and lets the last win", () => {
    for (const text of ['{"a": {"b": 1, "c": 2, "b": 3}}', "a:\n  b: 1\n  c: 2\n  b: 3\n"]) {
      const { root, problems, positions } = parseText(text);
      expect(root).toEqual({ a: { b: 3, c: 2 } });
      expect(problems.map(({ kind }) => kind)).toEqual(["duplicate-key"]);
      expect(positions.locate("/a/b").column).toBe(
        (text
          .split("\n")
          .at(-2 + Number(text.startsWith("{")))
          ?.indexOf("3") as number) + 1,
      );
    }
  });

  it("warns of tags that mean nothing here, and reads the value without them", () => {
    const { root, problems } = parseText("a: !mine 1\nb: !!binary aGk=\nc: !!str 2\nd: ! 3\n");
    expect(root).toEqual({ a: 1, b: "aGk=", c: "2", d: "3" });
    expect(problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      "tag: the tag !mine has no meaning here; the value is read as if it were not there",
      "tag: the tag !!binary has no meaning here; the value is read as if it were not there",
    ]);
  });

  it.each([
    ["a map", "a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\n", { b: 1, c: 3 }],
    ["a map before which a member is written out", "a: &a {b: 1, c: 2}\nd: {c: 3, <<: *a}\n", { b: 1, c: 3 }],
    ["several maps, of which the first wins", "a: &a {b: 1}\nd: {<<: [*a, {b: 2, c: 3}]}\n", { b: 1, c: 3 }],
    ["a map that is merged itself", "a: &a {b: 1}\nc: &c {<<: *a}\nd: {<<: *c}\n", { b: 1 }],
    ["no map", "d: {<<: 1}\n", { "<<": 1 }],
    ["a key in quotes", 'd: {"<<": {b: 1}}\n', { "<<": { b: 1 } }],
  ])("merges what stands under <<: %s", (_what, text, merged) => {
    const { root, problems } = parseText(text);
    expect(root).toMatchObject({ d: merged });
    expect(Object.keys((root as { d: object }).d).toSorted()).toEqual(Object.keys(merged).toSorted());
    expect(problems).toEqual([]);
  });

  it("finds what is merged where it is written", () => {
    const { positions } = parseText("a: &a\n  b: 1\nc:\n  d: 2\n  <<: [*a, {e: 1}]\n");
    expect(["/c/b", "/c/d", "/c/e"].map((pointer) => positions.locate(pointer, "key"))).toEqual([
      { line: 2, column: 3, endColumn: 4 },
      { line: 4, column: 3, endColumn: 4 },
      { line: 5, column: 13, endColumn: 14 },
    ]);
  });

  const LEFT =
    "what stands in brackets or quotes goes on further left than what it belongs to; it is read all the same, here and where other brackets close so";
  const TABS = "before brackets stand tabs; they are read as spaces";
  const NO_KEY = "a list or a map stands where a key should; the member is left out, as keys are texts";
  const SECOND = "a second document begins here; only the first one of a file is read";
  it.each<[string, string, unknown, string[]]>([
    ["a bracket below its key", "a: {\n  b: 1\n}\nc: 1\n", { a: { b: 1 }, c: 1 }, [`3:1 ${LEFT}`]],
    ["many brackets", "a: {\n  b: [\n  1\n  ]\n}\nc: [\n]\n", { a: { b: [1] }, c: [] }, [`5:1 ${LEFT}`]],
    ["brackets in blocks of text", "a: {\n}\nb: |\n  {\n  }\n", { a: {}, b: "{\n}\n" }, [`2:1 ${LEFT}`]],
    ["brackets around less indented lines", "a: {b: 1,\nc: 2}\n", { a: { b: 1, c: 2 } }, [`2:1 ${LEFT}`]],
    ["quotes around less indented lines", 'a: "x\ny"\n', { a: "x y" }, [`2:1 ${LEFT}`]],
    ["tabs before brackets", "a:\t[b]\n", { a: ["b"] }, [`1:5 ${TABS}`]],
    ["tabs between brackets", "a: {\n\tb: 1\n}\n", { a: { b: 1 } }, [`2:2 ${LEFT}`]],
    [
      "unprintable characters",
      'a: "\u0001"\n',
      { a: "\uFFFD" },
      ["1:5 the character U+0001 cannot stand in a text; U+FFFD is read in its place"],
    ],
    [
      "what was no text",
      "a: x\uFFFDy\n",
      { a: "x\uFFFDy" },
      ["1:5 U+FFFD stands here, and perhaps further on, for what was no text in UTF-8"],
    ],
    ["a map as a key", "{{a}}: 1\nb: {{c}}\n", { b: {} }, [`1:1 ${NO_KEY}`, `1:2 ${NO_KEY}`, `2:5 ${NO_KEY}`]],
    [
      "an alias of a map as a key",
      "a: &a {}\n? *a\n: b\n",
      { a: {} },
      ['2:3 the alias "a" stands for a list or a map, where a key should; the member is left out, as keys are texts'],
    ],
    ["a second document", "a: 1\n---\nb: 1\n", { a: 1 }, [`2:1 ${SECOND}`]],
    ["empty documents", "---\n---\na: 1\n---\n", { a: 1 }, []],
  ])("tolerates %s, with a warning", (_what, text, root, told) => {
    const { root: read, problems, positions } = parseText(text);
    expect(read).toEqual(root);
    expect(problems.every(({ kind }) => kind === "tolerated")).toBe(true);
    const said = problems.map(({ message, start, end }) => {
      const { line, column } = positions.span(start, end);
      return `${line}:${column} ${message}`;
    });
    expect(said).toEqual(told);
  });

  it.each<[string, string, unknown, string]>([
    ["behind a line", '{"a": "//", // b\n "c": 1}', { a: "//", c: 1 }, "1:13"],
    ["over lines", '{"a": [1, /* 2,\n 3 */ 4]}', { a: [1, 4] }, "1:11"],
    ["before all, with commas behind which nothing follows", '// a\n{"b": [1,], "c": "\\",}",}', { b: [1], c: '",}' }, "1:1"],
  ])("passes over comments in JSON %s, with a warning", (_where, text, root, place) => {
    const { root: read, problems, positions } = parseText(text);
    expect(read).toEqual(root);
    const [problem, ...further] = problems;
    const { line, column } = positions.span(problem?.start ?? 0, problem?.end ?? 0);
    expect([problem?.message, `${line}:${column}`, further]).toEqual(["JSON has no comments; they are passed over", place, []]);
    const last = Object.keys(read as object).at(-1) ?? "";
    const { column: found } = positions.locate(`/${last}`, "key");
    expect(text.split("\n").some((written) => written.startsWith(`"${last}"`, found - 1))).toBe(true);
  });

  it.each([
    ["a comment that does not end", '{"a": 1 /* b }'],
    ["a slash that begins none", '{"a": 1 / 2}'],
    ["no comment", "{a: 1,}"],
  ])("reads as YAML what is no JSON but for %s", (_what, text) => {
    expect(parseText(text).problems.map(({ message }) => message)).not.toContain("JSON has no comments; they are passed over");
  });

  it.each([
    ["an alias of nothing", "a: *b\n", 'the alias "b" stands for nothing: no anchor before it has this name'],
    ["an alias before its anchor", "a: *b\nc: &b 1\n", 'the alias "b" stands for nothing: no anchor before it has this name'],
    ["a bracket further left, behind a comment", "a: { # b\n}\n", "deficient indentation"],
    ["a NUL character", "a: 1\n\0", "a NUL character stands here, so this is no text"],
    ["a tab as indentation", "a:\n\tb: 1\n", "tabs are not allowed as indentation"],
    [
      "brackets that do not close",
      '{"a": [1, 2}',
      "flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ])("refuses %s", (_what, text, message) => {
    const { problems } = parseText(text);
    expect(problems.map((problem) => problem.message)[0]).toContain(message);
    expect(problems.some(({ kind }) => kind === "syntax")).toBe(true);
  });
});

it("tells once that a text ends too early, however much is open", () => {
  const { problems } = parseText('{"openapi": "3.0.0", "a": {"b": [1,\n');
  expect(problems.map(({ message }) => message)).toEqual(['the text ends here, and "]" is missing']);
});

describe("a hostile text", () => {
  const MANY = 50_000;
  it.each([
    ["lists", "[".repeat(MANY)],
    ["lists that close", `${"[".repeat(MANY)}${"]".repeat(MANY)}`],
    ["maps", '{"a":'.repeat(MANY)],
    ["maps that close", `${'{"a":'.repeat(MANY)}1${"}".repeat(MANY)}`],
    ["lists in block style", "- ".repeat(MANY)],
    ["explicit keys", "? ".repeat(MANY)],
    ["indentation", Array.from({ length: 3_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    ["anchors", "&a ".repeat(MANY)],
    ["tags", "!!a ".repeat(MANY)],
    ["quotes", '"'.repeat(MANY + 1)],
    ["backslashes", `"${"\\".repeat(MANY)}`],
    ["commas", `[${",".repeat(MANY)}`],
    ["colons", ": ".repeat(MANY)],
    ["comments", "#".repeat(MANY)],
    ["documents", "---\n".repeat(MANY)],
    ["keys that stand twice", `{${'"a": 1,'.repeat(MANY)}"a": 1}`],
    ["keys that stand twice in YAML", "a: 1\n".repeat(MANY)],
    ["aliases that multiply", multiplied(30, 9)],
    [
      "aliases that nest",
      Array.from({ length: 300 }, (_, level) => `a${level}: &a${level} [${level === 0 ? 1 : `*a${level - 1}`}]`).join("\n"),
    ],
    ["anchors of one name", `[${"&a 1, ".repeat(MANY)}*a]`],
  ])("of many %s ends with a bounded number of problems", (_what, text) => {
    const { problems } = parseText(text);
    expect(problems.length).toBeLessThanOrEqual(101);
    for (const { message } of problems) expect(message.length).toBeLessThan(300);
  });

  it("is told how many problems it has beyond those that are told one by one", () => {
    const { problems } = parseText("a: 1\n".repeat(1_000));
    expect(problems).toHaveLength(100);
    expect(problems.at(-1)?.message).toContain("there are 899 more problems of the text");
  });
});

function multiplied(levels: number, times: number): string {
  return Array.from({ length: levels }, (_, level) => {
    const items = level === 0 ? "ha" : Array.from({ length: times }, () => `*l${level - 1}`).join(", ");
    return `l${level}: &l${level} [${items}]`;
  }).join("\n");
}
