import { describe, expect, test } from "vitest";
import { commentCode, commentLine, commentLines } from "../../scripts/render/comment.js";
import { literal, member, propertyKey, stringLiteral } from "../../scripts/render/literal.js";
import {
  codeCell,
  codeSpan,
  htmlComment,
  linkTarget,
  markdownCell,
  markdownText,
  mermaidText,
} from "../../scripts/render/markdown.js";

describe("a string literal", () => {
  test.each([
    ["a quote", 'a"b', '"a\\"b"'],
    ["a backslash", "a\\", '"a\\\\"'],
    ["a line break", "a\nb", '"a\\nb"'],
    ["the separators of lines and paragraphs", "a\u2028b\u2029c", '"a\\u2028b\\u2029c"'],
    ["letters of any language", "ünï→", '"ünï→"'],
  ])("keeps %s", (_what, text, want) => {
    expect(stringLiteral(text)).toBe(want);
    expect(JSON.parse(stringLiteral(text))).toBe(text);
  });
});

describe("the key of a member", () => {
  test.each([
    ["plain", "plain"],
    ["$odd_1", "$odd_1"],
    ["delete", "delete"],
    ["with-hyphen", '"with-hyphen"'],
    ["1st", '"1st"'],
    ["", '""'],
    ['a"]: x, ["b', '"a\\"]: x, [\\"b"'],
    ["__proto__", '["__proto__"]'],
  ])("%j is printed as %s", (name, want) => expect(propertyKey(name)).toBe(want));
});

describe("a literal", () => {
  test.each([
    [null, "null"],
    [true, "true"],
    [-1.5, "-1.5"],
    [Number.NaN, "null"],
    [Number.POSITIVE_INFINITY, "null"],
    [[], "[]"],
    [{}, "{}"],
    [{ a: undefined, b: [1, { c: "d" }] }, '{ b: [1, { c: "d" }] }'],
  ])("%j is printed as %s", (value, want) => expect(literal(value)).toBe(want));

  test("goes over several lines where one would be too long", () => {
    const value = { first: "a".repeat(60), second: ["b".repeat(60), 1] };
    expect(member("key", value, 2)).toBe(
      ["key: {", `    first: "${"a".repeat(60)}",`, `    second: ["${"b".repeat(60)}", 1],`, "  },"].join("\n"),
    );
  });
});

describe("a comment", () => {
  test("cannot be ended by its text", () => {
    expect(commentLines("a */ b **/ c").join("\n")).not.toContain("*/");
    expect(commentCode("a */ b")).not.toContain("*/");
    expect(commentLine("a */ b")).not.toContain("*/");
  });

  test.each(["\r\n", "\r", "\u2028", "\u2029", "\u0085", "\v", "\f"])("takes %j for the end of a line", (end) => {
    expect(commentLines(`a${end}b`)).toEqual(["a", "b"]);
    expect(commentLine(`a${end}b`)).toBe("a b");
  });

  test("has no tags but the generator's", () => {
    expect(commentLines("text\n@deprecated")).toEqual(["text", "\\@deprecated"]);
  });

  test("keeps paragraphs and wraps long lines", () => {
    const lines = commentLines(`${"word ".repeat(40)}\n\nshort`);
    expect(lines.every((line) => line.length <= 110)).toBe(true);
    expect(lines.slice(-2)).toEqual(["", "short"]);
  });

  test.each([
    ["a list", `- ${"word ".repeat(40).trim()}`],
    ["a table", `| ${"cell ".repeat(40)}|`],
    ["code", `\`\`\`\n${"x".repeat(150)} y\n\n${"z ".repeat(80).trim()}\n\`\`\``],
  ])("leaves %s as it is", (_what, text) => {
    expect(commentLines(text).join("\n")).toBe(text);
  });
});

describe("Markdown", () => {
  test.each([
    ["a tag", "<img onerror=x>", "\\<img onerror=x\\>"],
    ["a link", "[a](javascript:b)", "\\[a\\](javascript:b)"],
    ["emphasis", "*a* _b_ ~c~", "\\*a\\* \\_b\\_ \\~c\\~"],
    ["an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;"],
    ["a heading", "# a", "\\# a"],
    ["a list", "- a", "\\- a"],
    ["a numbered list", "1. a", "1\\. a"],
    ["a formula", "$a$", "\\$a\\$"],
    ["lines", "a\nb\u2028c", "a b c"],
    ["code", "the `a|b` <c>", "the `a|b` \\<c\\>"],
  ])("does not take %s from a text", (_what, text, want) => expect(markdownText(text)).toBe(want));

  test("ends no cell of a table", () => {
    expect(markdownCell("a | `b | c`")).toBe("a \\| `b \\| c`");
    expect(codeCell("a|b")).toBe("`a\\|b`");
  });

  test.each([
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["", "` `"],
    ["`a`", "`` `a` ``"],
  ])("sets %j as code", (text, want) => expect(codeSpan(text)).toBe(want));

  test("keeps an address in its place", () => {
    expect(linkTarget('https://a.example/x)y "z">')).toBe("https://a.example/x%29y%20%22z%22%3E");
  });

  test("cannot end a comment of HTML", () => {
    expect(htmlComment("specs/a--><script>.yaml--")).not.toMatch(/--/);
  });
});

describe("a diagram", () => {
  test("takes nothing in a label for its own", () => {
    expect(mermaidText('a: b; "c" --> [*] {d} <e> #f %%g\nh')).toMatch(/^(?:[\w .,=/'()-]|#\d+;)*$/);
    expect(mermaidText("status 401 and error_code 110")).toBe("status 401 and error_code 110");
  });
});
