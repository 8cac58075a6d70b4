/**
 * What is written for a parameter, against the style table of OpenAPI, against RFC 6570 by `url-template` (OpenAPI, appendix C:
 * simple, label, matrix and form are its expansions) and against `qs` for what is nested.
 */

import { parse } from "qs";
import { parseTemplate } from "url-template";
import { describe, expect, it } from "vitest";
import type { ParameterStyle, WireParameter } from "../../src/lifecycle/contract.js";
import { compileParameters } from "../../src/wire/parameters.js";
import { styles } from "../../src/wire/styles.js";
import { fc } from "../support/random.js";

const TEXT = "blue";
const LIST = ["blue", "black", "brown"];
const OBJECT = { R: 100, G: 200, B: 150 };

function writer(parameter: WireParameter, path = "/{color}") {
  return compileParameters("getX", { path, parameters: [parameter] }, styles);
}

function written(place: "path" | "query" | "header" | "cookie", rule: Omit<WireParameter, "in" | "name">, value: unknown) {
  const { path, query, header, cookie } = writer({ in: place, name: "color", ...rule });
  if (place === "path") return path({ color: value }).slice(1);
  if (place === "query") return query({ color: value });
  return place === "header" ? header("color", value) : cookie({ color: value });
}

describe("a parameter", () => {
  it.each<["path" | "query" | "header" | "cookie", ParameterStyle, boolean, unknown, string]>([
    ["path", "matrix", false, "", ";color"],
    ["path", "matrix", false, TEXT, ";color=blue"],
    ["path", "matrix", false, LIST, ";color=blue,black,brown"],
    ["path", "matrix", false, OBJECT, ";color=R,100,G,200,B,150"],
    ["path", "matrix", true, "", ";color"],
    ["path", "matrix", true, LIST, ";color=blue;color=black;color=brown"],
    ["path", "matrix", true, OBJECT, ";R=100;G=200;B=150"],
    ["path", "label", false, TEXT, ".blue"],
    ["path", "label", false, LIST, ".blue,black,brown"],
    ["path", "label", false, OBJECT, ".R,100,G,200,B,150"],
    ["path", "label", true, LIST, ".blue.black.brown"],
    ["path", "label", true, OBJECT, ".R=100.G=200.B=150"],
    ["path", "simple", false, TEXT, "blue"],
    ["path", "simple", false, LIST, "blue,black,brown"],
    ["path", "simple", false, OBJECT, "R,100,G,200,B,150"],
    ["path", "simple", true, OBJECT, "R=100,G=200,B=150"],
    ["header", "simple", false, "", ""],
    ["header", "simple", false, ["a b", "c;d=1"], "a b,c;d=1"],
    ["header", "simple", false, OBJECT, "R,100,G,200,B,150"],
    ["header", "simple", true, OBJECT, "R=100,G=200,B=150"],
    ["query", "form", false, "", "color="],
    ["query", "form", false, LIST, "color=blue,black,brown"],
    ["query", "form", false, OBJECT, "color=R,100,G,200,B,150"],
    ["query", "form", true, "", "color="],
    ["query", "form", true, TEXT, "color=blue"],
    ["query", "form", true, LIST, "color=blue&color=black&color=brown"],
    ["query", "form", true, OBJECT, "R=100&G=200&B=150"],
    ["query", "spaceDelimited", false, LIST, "color=blue%20black%20brown"],
    ["query", "spaceDelimited", false, OBJECT, "color=R%20100%20G%20200%20B%20150"],
    ["query", "pipeDelimited", false, LIST, "color=blue%7Cblack%7Cbrown"],
    ["query", "pipeDelimited", false, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"],
    ["query", "deepObject", false, OBJECT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
    ["cookie", "form", false, LIST, "color=blue,black,brown"],
    ["cookie", "form", true, "a b", "color=a%20b"],
    ["cookie", "cookie", true, "", "color="],
    ["cookie", "cookie", true, "a b%", "color=a b%"],
    ["cookie", "cookie", true, LIST, "color=blue; color=black; color=brown"],
    ["cookie", "cookie", true, OBJECT, "R=100; G=200; B=150"],
    ["cookie", "cookie", false, LIST, "color=blue,black,brown"],
  ])("in the %s of style %s, explode %s, with %j is %s, as in OpenAPI's table", (place, style, explode, value, text) => {
    expect(written(place, { style, explode }, value)).toBe(text);
  });

  it.each([
    ["path", 0, "0"],
    ["path", false, "false"],
    ["query", 0, "color=0"],
    ["query", false, "color=false"],
    ["query", 12n, "color=12"],
    ["query", new Date(0), "color=1970-01-01T00%3A00%3A00.000Z"],
    ["header", 0, "0"],
    ["cookie", false, "color=false"],
  ] as const)("in the %s with %o is written: what is falsy is a value", (place, value, text) => {
    expect(written(place, {}, value)).toBe(text);
  });

  it.each([[undefined], [null], [[]], [{}], [[null, undefined]], [{ a: null }]])(
    "with %j is left out of query, header and cookies",
    (value) => {
      expect([written("query", {}, value), written("header", {}, value), written("cookie", {}, value)]).toEqual([
        "",
        undefined,
        "",
      ]);
    },
  );

  it.each([
    ["a date that is none", new Date(Number.NaN)],
    ["a Map", new Map([["a", 1]])],
    ["a Set", new Set([1])],
    ["bytes", new Uint8Array([1])],
    ["a file", new Blob(["x"])],
  ])("with %s is refused, rather than left out or made up", (_, value) => {
    const refusal = new TypeError('the parameter "color" has a value that has no text');
    for (const place of ["path", "query", "header", "cookie"] as const) {
      expect(() => written(place, {}, value)).toThrow(refusal);
    }
    expect(() => written("query", { style: "deepObject" }, value)).toThrow(refusal);
  });

  it("with members that have members has these as JSON, where its style has no further level", () => {
    expect(written("query", {}, [{ a: [1] }, [2]])).toBe("color=%7B%22a%22%3A%5B1%5D%7D&color=%5B2%5D");
    expect(written("path", { style: "matrix", explode: true }, { a: { b: 1 } })).toBe(";a=%7B%22b%22%3A1%7D");
  });

  it("of a name that a query cannot hold has it encoded, and keeps what a query can hold", () => {
    const { query } = compileParameters("getX", { path: "/" });
    expect(query({ $top: 1, "a[b]": 2, "c d&e=f#g": 3, "x:y,z": 4 })).toBe("$top=1&a%5Bb%5D=2&c%20d%26e%3Df%23g=3&x:y,z=4");
  });

  it("of a name that a path cannot hold has it encoded, where its style writes it", () => {
    const { path } = compileParameters(
      "getX",
      { path: "/{a/b ü}", parameters: [{ in: "path", name: "a/b ü", style: "matrix" }] },
      styles,
    );
    expect(path({ "a/b ü": 1 })).toBe("/;a%2Fb%20%C3%BC=1");
  });

  it.each(["a; admin=true", ["a", "b;"], { a: "b;c" }, { "a;b": 1 }])(
    "of the style cookie with %j in it is refused",
    (value) => {
      const refusal = 'the cookie "color" has a value with ";" in it, which would end it';
      for (const explode of [true, false]) {
        expect(() => written("cookie", { style: "cookie", explode }, value)).toThrow(refusal);
      }
    },
  );

  it("of a name that every object has is a parameter like another", () => {
    const { query } = compileParameters("getX", { path: "/" });
    expect(query(JSON.parse('{"__proto__":1,"constructor":[2]}') as Record<string, unknown>)).toBe("__proto__=1&constructor=2");
  });

  it.each([
    ["query", { a: "ü" }, "color=%7B%22a%22%3A%22%C3%BC%22%7D"],
    ["path", [1], "%5B1%5D"],
    ["header", { a: 1 }, '{"a":1}'],
    ["query", "text", "color=%22text%22"],
  ] as const)("with content application/json in the %s is JSON", (place, value, text) => {
    expect(written(place, { contentType: "application/json" }, value)).toBe(text);
  });

  it("with half a surrogate pair is written as any URL is", () => {
    expect(written("query", {}, "a\uD800b")).toBe("color=a%EF%BF%BDb");
  });
});

describe("allowReserved", () => {
  it("keeps what is reserved, and what is percent-encoded, in a query, but never ends it", () => {
    const value = "https://a.example/b?c=d&e=[1]#f%20g%zz ü";
    expect(written("query", { allowReserved: true }, value)).toBe("color=https://a.example/b?c=d&e=[1]%23f%20g%25zz%20%C3%BC");
  });

  it("never opens a segment, a query or a fragment in a path", () => {
    expect(written("path", { allowReserved: true }, "a/b?c#d:e")).toBe("a%2Fb%3Fc%23d:e");
  });
});

describe("in: querystring", () => {
  const parameters: WireParameter[] = [{ in: "querystring", name: "q", contentType: "application/json" }];

  it("is the whole query: JSON, or a form", () => {
    const json = compileParameters("getX", { path: "/", parameters }, styles);
    expect(json.query({}, { q: { a: [1] } })).toBe("%7B%22a%22%3A%5B1%5D%7D");
    const form = compileParameters(
      "getX",
      { path: "/", parameters: [{ in: "querystring", name: "q", contentType: "application/x-www-form-urlencoded" }] },
      styles,
    );
    expect(form.query({}, { q: { a: 1, b: "x y" } })).toBe("a=1&b=x%20y");
  });
});

describe("a path", () => {
  const path = (template: string, values: Record<string, unknown>) =>
    compileParameters("getX", { path: template }).path(values);

  it.each([".", "..", "%2e", "%2E%2e", ".%2e", "%252e%252e"])("cannot be left by the segment %s", (id) => {
    expect(() => path("/files/{id}/x", { id })).toThrow(
      new TypeError('getX: a path parameter is "." or "..", which would lead to another path'),
    );
  });

  it("cannot be left by two halves of a segment, or with what the document has before it", () => {
    expect(() => path("/{a}{b}", { a: ".", b: "." })).toThrow(TypeError);
    expect(() => path("/.{a}", { a: "." })).toThrow(TypeError);
    expect(path("/{a}", { a: "..." })).toBe("/...");
    expect(path("/{a}", { a: ".x" })).toBe("/.x");
  });

  it("keeps a slash, a question mark and a hash of a value inside its segment", () => {
    expect(path("/{a}/b", { a: "../x?y#z\\" })).toBe("/..%2Fx%3Fy%23z%5C/b");
  });

  it.each([
    ["missing", undefined],
    ["missing", null],
    ["missing", []],
    ["empty", ""],
  ])("with a parameter that is %s (%j) is refused", (what, a) => {
    expect(() => path("/{a}", { a })).toThrow(new TypeError(`getX: the path parameter "a" is ${what}`));
  });

  it("has the document's own text encoded once, and no fragment", () => {
    expect(path("/a b/ü%20{x}/y#z", { x: 1 })).toBe("/a%20b/%C3%BC%201/y");
  });
});

const word = fc.string({ unit: "grapheme", maxLength: 6 });
const scalar = fc.oneof(word, fc.integer(), fc.boolean());
const name = fc.stringMatching(/^[a-zA-Z_]\w{0,5}$/);
/** Without empty lists and objects: url-template takes them for empty text, RFC 6570 section 2.3 for what has no value. */
const values = (member: fc.Arbitrary<unknown>) =>
  fc.oneof(
    scalar,
    fc.array(member, { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^\w{1,4}$/), member, { minKeys: 1, maxKeys: 4 }),
  );
/** For `;` the RFC, appendix A, has no `=` after the name of an empty member, and url-template one. */
const membersOf = (style: ParameterStyle) => (style === "matrix" ? scalar.filter((one) => one !== "") : scalar);

describe("a second implementation of the rules, RFC 6570's own", () => {
  it.each<["path" | "query", ParameterStyle, string]>([
    ["path", "simple", ""],
    ["path", "label", "."],
    ["path", "matrix", ";"],
    ["query", "form", "?"],
  ])("writes the same in the %s of style %s", (place, style, operator) => {
    fc.assert(
      fc.property(name, values(membersOf(style)), fc.boolean(), (parameter, stated, explode) => {
        const expected = parseTemplate(`{${operator}${parameter}${explode ? "*" : ""}}`).expand({
          [parameter]: normal(stated) as string,
        });
        const { path, query } = writer({ in: place, name: parameter, style, explode }, `/{${parameter}}`);
        if (place === "query") expect(query({ [parameter]: stated })).toBe(expected.replace(/^\?/, ""));
        else if (expected === "" || /^\.{1,2}$/.test(expected)) expect(() => path({ [parameter]: stated })).toThrow(TypeError);
        else expect(path({ [parameter]: stated })).toBe(`/${expected}`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["spaceDelimited", "%20"],
    ["pipeDelimited", "%7C"],
  ] as const)("writes the same in %s, its commas replaced", (style, separator) => {
    fc.assert(
      fc.property(name, fc.array(scalar, { minLength: 1, maxLength: 4 }), (parameter, stated) => {
        const expected = parseTemplate(`{?${parameter}}`).expand({ [parameter]: normal(stated) as string });
        const { query } = writer({ in: "query", name: parameter, style, explode: false });
        expect(query({ [parameter]: stated })).toBe(expected.slice(1).replaceAll(",", separator));
      }),
      { numRuns: 1000 },
    );
  });

  it("writes reserved expansion the same, but for the hash that would end a query", () => {
    const unit = fc.constantFrom(..."xyz/?:@!$&'()*+,;=[]% é", "%2F"); // no hexadecimal digit by itself: %a is not one for url-template
    fc.assert(
      fc.property(name, fc.string({ unit, minLength: 1 }), (parameter, text) => {
        const expected = parseTemplate(`{+${parameter}}`).expand({ [parameter]: text });
        expect(writer({ in: "query", name: parameter, allowReserved: true }).query({ [parameter]: text })).toBe(
          `${parameter}=${expected}`,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("reads back whatever deepObject holds, also further levels of it", () => {
    const nested = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        word,
        fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("tree"), { minKeys: 1, maxKeys: 3 }),
      ),
    })).tree;
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), nested, { minKeys: 1, maxKeys: 3 }), (stated) => {
        const { query } = writer({ in: "query", name: "f", style: "deepObject" });
        expect(parse(query({ f: stated }), { depth: 10 })).toEqual({ f: stated });
      }),
      { numRuns: 500 },
    );
  });
});

/** RFC 6570 knows text alone. */
function normal(stated: unknown): unknown {
  if (Array.isArray(stated)) return stated.map(String);
  if (typeof stated !== "object" || stated === null) return String(stated);
  return Object.fromEntries(Object.entries(stated).map(([key, member]) => [key, String(member)]));
}
