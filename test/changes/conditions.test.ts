/** What must hold of a value beside its type, and places that only some schemas have. */

import { describe, expect, test } from "vitest";
import { changes, gets, sends } from "./support.js";

/** What holds, before and after; what it is for whoever sends it, and for whoever gets it, without the operation. */
const CASES: readonly [fact: string, before: string, after: string, request: readonly string[], response: readonly string[]][] =
  [
    [
      "what it must not be, from now on",
      "{ type: string }",
      "{ type: string, not: { enum: [a] } }",
      ["risky a: request body is held to more now: what it must not be (not)"],
      ["safe a: response body (200) is held to more now: what it must not be (not)"],
    ],
    [
      "more that it must not be",
      "{ type: string, not: { enum: [a] } }",
      "{ type: string, not: { enum: [a, b] } }",
      ["risky a: request body is held to more now: what it must not be (not)"],
      ["safe a: response body (200) is held to more now: what it must not be (not)"],
    ],
    [
      "less that it must not be",
      "{ type: string, not: { enum: [a, b] } }",
      "{ type: string, not: { enum: [a] } }",
      ["safe a: request body is held to less now: what it must not be (not)"],
      ["risky a: response body (200) is held to less now: what it must not be (not)"],
    ],
    [
      "something else that it must not be",
      "{ type: string, not: { enum: [a, b] } }",
      "{ type: string, not: { enum: [b, c] } }",
      ["risky a: request body is held to something else now: what it must not be (not)"],
      ["risky a: response body (200) is held to something else now: what it must not be (not)"],
    ],
    ["words on what it must not be", "{ not: { enum: [a] } }", "{ not: { enum: [a], description: b } }", [], []],
    ["what it must not be, in a part of it", "{ not: { enum: [a] } }", "{ allOf: [{ not: { enum: [a] } }] }", [], []],
    [
      "a member that must be there in one case",
      "{ if: { required: [a] }, then: { required: [b] } }",
      "{ if: { required: [a] }, then: { required: [b, c] } }",
      ["risky a: request body is held to more now: what must hold in one case and in the other (if, then, else)"],
      ["safe a: response body (200) is held to more now: what must hold in one case and in the other (if, then, else)"],
    ],
    [
      "another case",
      "{ if: { required: [a] }, then: { required: [b] } }",
      "{ if: { required: [c] }, then: { required: [b] } }",
      ["risky a: request body is held to something else now: what must hold in one case and in the other (if, then, else)"],
      [
        "risky a: response body (200) is held to something else now: what must hold in one case and in the other (if, then, else)",
      ],
    ],
    [
      "more in the one case and less in the other",
      "{ if: { required: [a] }, then: { required: [b] } }",
      "{ if: { required: [a] }, else: { required: [b] } }",
      ["risky a: request body is held to something else now: what must hold in one case and in the other (if, then, else)"],
      [
        "risky a: response body (200) is held to something else now: what must hold in one case and in the other (if, then, else)",
      ],
    ],
    ["a case in which nothing holds", "{ type: string }", "{ type: string, if: { maxLength: 2 } }", [], []],
    [
      "what must be among its items",
      "{ type: array, contains: { type: integer } }",
      "{ type: array, contains: { type: number } }",
      ["safe a: request body is held to less now: what must be among its items (contains)"],
      ["risky a: response body (200) is held to less now: what must be among its items (contains)"],
    ],
    [
      "how many of them",
      "{ type: array, contains: { type: number }, minContains: 1 }",
      "{ type: array, contains: { type: number }, minContains: 2 }",
      ["risky a: request body has a minContains of 2 now, and was 1"],
      ["safe a: response body (200) has a minContains of 2 now, and was 1"],
    ],
    [
      "what its members may be called",
      "{ type: object, propertyNames: { pattern: ^a } }",
      "{ type: object }",
      ["safe a: request body is held to less now: what its members may be called (propertyNames)"],
      ["risky a: response body (200) is held to less now: what its members may be called (propertyNames)"],
    ],
    [
      "what must hold where a member is there",
      "{ type: object }",
      "{ type: object, dependentSchemas: { card: { required: [cvc] } } }",
      ['risky a: request body is held to more now: what must hold where "card" is there (dependentSchemas)'],
      ['safe a: response body (200) is held to more now: what must hold where "card" is there (dependentSchemas)'],
    ],
    [
      "members that must be there where another is",
      "{ type: object, dependentRequired: { card: [cvc, month] } }",
      "{ type: object, dependentRequired: { card: [cvc, year] } }",
      [
        'risky a: request member "year" is now required where "card" is',
        'safe a: request member "month" is now optional where "card" is',
      ],
      [
        'risky a: response member "month" may now be missing where "card" is',
        'safe a: response member "year" is now always there where "card" is',
      ],
    ],
    [
      "members whose names match",
      "{ type: object, patternProperties: { ^x-: { type: string } } }",
      "{ type: object, patternProperties: { ^x-: { type: integer } } }",
      ['breaking a: request member "[/^x-/]" is now integer, and was string'],
      ['breaking a: response member "[/^x-/]" is now integer, and was string'],
    ],
    [
      "members whose names match, where there were none",
      "{ type: object, additionalProperties: false }",
      "{ type: object, additionalProperties: false, patternProperties: { ^x-: { type: integer } } }",
      ['safe a: request member "[/^x-/]" is new'],
      ['safe a: response member "[/^x-/]" is new'],
    ],
    [
      "members whose names match, where there are none any more",
      "{ type: object, additionalProperties: false, patternProperties: { ^x-: { type: integer } } }",
      "{ type: object, additionalProperties: false }",
      ['breaking a: request member "[/^x-/]" is gone'],
      ['breaking a: response member "[/^x-/]" is gone'],
    ],
    [
      "members whose names match, said of all others before",
      "{ type: object, additionalProperties: { type: integer } }",
      "{ type: object, additionalProperties: { type: integer }, patternProperties: { ^x-: { type: integer } } }",
      [],
      [],
    ],
    [
      "members that no part describes",
      "{ allOf: [{ properties: { a: {} } }] }",
      "{ allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }",
      ["breaking a: request body has no further members any more"],
      ["risky a: response body (200) has no further members any more"],
    ],
    [
      "members that no alternative describes",
      "{ oneOf: [{ title: A, properties: { a: {} } }, { title: B, properties: { b: {} } }], unevaluatedProperties: false }",
      "{ oneOf: [{ title: A, properties: { a: {} } }, { title: B, properties: { b: {} } }] }",
      ["safe a: request body may have further members"],
      ["safe a: response body (200) may have further members"],
    ],
    [
      "what all members are that no part describes",
      "{ type: object, unevaluatedProperties: { type: string } }",
      "{ type: object, unevaluatedProperties: { type: integer } }",
      ['breaking a: request member "[…]" is now integer, and was string'],
      ['breaking a: response member "[…]" is now integer, and was string'],
    ],
    [
      "one of the first items",
      "{ prefixItems: [{ type: string }, { type: string }] }",
      "{ prefixItems: [{ type: string }, { type: integer }] }",
      ['breaking a: request member "[1]" is now integer, and was string'],
      ['breaking a: response member "[1]" is now integer, and was string'],
    ],
    [
      "one of the first items, which was one of the others",
      "{ prefixItems: [{ type: string }], items: { type: integer } }",
      "{ prefixItems: [{ type: string }, { type: integer }], items: { type: integer } }",
      [],
      [],
    ],
    [
      "items behind the first ones",
      "{ prefixItems: [{ type: string }] }",
      "{ prefixItems: [{ type: string }], unevaluatedItems: false }",
      ["breaking a: request body has no further items any more"],
      ["risky a: response body (200) has no further items any more"],
    ],
    [
      "an item that is gone, as there are no others",
      "{ prefixItems: [{ type: string }, { type: string }], items: false }",
      "{ prefixItems: [{ type: string }], items: false }",
      ['breaking a: request member "[1]" is gone'],
      ['breaking a: response member "[1]" is gone'],
    ],
    [
      "a member that nothing describes and that must be there",
      "{ anyOf: [{ required: [b] }] }",
      "{ anyOf: [{ required: [c] }] }",
      ['breaking a: request member "c" is now required', 'safe a: request member "b" is now optional'],
      ['breaking a: response member "b" may now be missing', 'safe a: response member "c" is now always there'],
    ],
    [
      "another encoding of a text",
      "{ type: string, contentEncoding: base64 }",
      "{ type: string, contentEncoding: base64url }",
      ["risky a: request body has a contentEncoding of base64url now, and was base64"],
      ["safe a: response body (200) has a contentEncoding of base64url now, and was base64"],
    ],
  ];

describe("a schema", () => {
  test.each(CASES)("tells of %s", (_fact, before, after, request, response) => {
    expect(changes(sends(before), sends(after))).toEqual(request);
    expect(changes(gets(before), gets(after))).toEqual(response);
  });

  test("tells of a condition by what its references lead to", () => {
    const document = (values: string) =>
      sends('{ type: string, not: { $ref: "#/components/schemas/Banned" } }', `Banned: { enum: [${values}] }`);
    expect(changes(document("a"), document("a, b"))).toEqual([
      "risky a: request body is held to more now: what it must not be (not)",
    ]);
    expect(changes(document("a"), document("a"))).toEqual([]);
  });

  test("may be a condition of itself", () => {
    const round = (type: string) =>
      sends(
        '{ $ref: "#/components/schemas/A" }',
        `A: { type: ${type}, not: { properties: { a: { $ref: "#/components/schemas/A" } } } }`,
      );
    expect(changes(round("object"), round("object"))).toEqual([]);
    expect(changes(round("object"), round("array"))).toEqual(['breaking a: request schema "A" is now array, and was object']);
  });
});
