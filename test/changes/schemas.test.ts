import { describe, expect, test } from "vitest";
import { Findings } from "../../scripts/changes/findings.js";
import { Schemas } from "../../scripts/changes/schemas.js";
import { changes, gets, sends } from "./support.js";

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** What it is for whoever sends it, without the impact's operation. */
  readonly request: readonly string[];
  readonly response: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "a member that is gone",
    before: "{ properties: { a: {}, b: {} } }",
    after: "{ properties: { a: {} } }",
    request: ['breaking a: request member "b" is gone'],
    response: ['breaking a: response member "b" is gone'],
  },
  {
    name: "a member that is new",
    before: "{ properties: { a: {} } }",
    after: "{ properties: { a: {}, b: {} } }",
    request: ['safe a: request member "b" is new'],
    response: ['safe a: response member "b" is new'],
  },
  {
    name: "a required member that is new",
    before: "{ properties: { a: {} } }",
    after: "{ required: [b], properties: { a: {}, b: {} } }",
    request: ['breaking a: request member "b" is new, and required'],
    response: ['safe a: response member "b" is new'],
  },
  {
    name: "a member that is now required",
    before: "{ properties: { a: {} } }",
    after: "{ required: [a], properties: { a: {} } }",
    request: ['breaking a: request member "a" is now required'],
    response: ['safe a: response member "a" is now always there'],
  },
  {
    name: "a member that is no longer required",
    before: "{ required: [a], properties: { a: {} } }",
    after: "{ properties: { a: {} } }",
    request: ['safe a: request member "a" is now optional'],
    response: ['breaking a: response member "a" may now be missing'],
  },
  {
    name: "another type",
    before: "{ properties: { a: { type: string } } }",
    after: "{ properties: { a: { type: integer } } }",
    request: ['breaking a: request member "a" is now integer, and was string'],
    response: ['breaking a: response member "a" is now integer, and was string'],
  },
  {
    name: "one type more",
    before: "{ type: string }",
    after: "{ type: [string, integer] }",
    request: ["safe a: request body is now string or integer, and was string"],
    response: ["breaking a: response body (200) is now string or integer, and was string"],
  },
  {
    name: "an integer that may have a fraction",
    before: "{ type: integer }",
    after: "{ type: number }",
    request: ["safe a: request body is now number, and was integer"],
    response: ["risky a: response body (200) is now number, and was integer"],
  },
  {
    name: "null, by type",
    before: "{ type: string }",
    after: '{ type: [string, "null"] }',
    request: ["safe a: request body may now be null"],
    response: ["breaking a: response body (200) may now be null"],
  },
  {
    name: "null, by an alternative",
    before: "{ anyOf: [{ type: string }, { type: 'null' }] }",
    after: "{ type: string }",
    request: ["breaking a: request body may no longer be null"],
    response: ["safe a: response body (200) may no longer be null"],
  },
  {
    name: "null, said in other words",
    before: "{ type: string, nullable: true }",
    after: "{ anyOf: [{ type: string }, { type: 'null' }] }",
    request: [],
    response: [],
  },
  {
    name: "an enum with other values",
    before: "{ enum: [a, b] }",
    after: "{ enum: [b, c] }",
    request: ['breaking a: request body does not take "a" any more', 'safe a: request body takes "c" as well'],
    response: ['risky a: response body (200) is never "a" any more', 'risky a: response body (200) may now be "c"'],
  },
  {
    name: "an enum where anything would do",
    before: "{ type: string }",
    after: "{ type: string, enum: [a] }",
    request: ['breaking a: request body takes nothing but "a" now'],
    response: ['safe a: response body (200) is now one of "a"'],
  },
  {
    name: "a constant that became an enum of one",
    before: "{ const: a }",
    after: "{ enum: [a] }",
    request: [],
    response: [],
  },
  {
    name: "another format",
    before: "{ type: string, format: date }",
    after: "{ type: string, format: date-time }",
    request: ["risky a: request body is now of format date-time, and was of date"],
    response: ["risky a: response body (200) is now of format date-time, and was of date"],
  },
  {
    name: "a wider number",
    before: "{ type: integer, format: int32 }",
    after: "{ type: integer, format: int64 }",
    request: [],
    response: [],
  },
  {
    name: "a tighter bound",
    before: "{ type: string, maxLength: 20 }",
    after: "{ type: string, maxLength: 10 }",
    request: ["risky a: request body has a maxLength of 10 now, and was 20"],
    response: ["safe a: response body (200) has a maxLength of 10 now, and was 20"],
  },
  {
    name: "a looser bound",
    before: "{ type: integer, minimum: 1, pattern: a }",
    after: "{ type: integer, minimum: 0 }",
    request: [
      "safe a: request body has no pattern any more, and was a",
      "safe a: request body has a minimum of 0 now, and was 1",
    ],
    response: [
      "safe a: response body (200) has no pattern any more, and was a",
      "safe a: response body (200) has a minimum of 0 now, and was 1",
    ],
  },
  {
    name: "another default",
    before: "{ properties: { a: { default: 1 } } }",
    after: "{ properties: { a: { default: 2 } } }",
    request: ['risky a: request member "a", left out, stands now for 2, and stood for 1'],
    response: [],
  },
  {
    name: "no further members",
    before: "{ type: object, properties: { a: {} } }",
    after: "{ type: object, properties: { a: {} }, additionalProperties: false }",
    request: ["breaking a: request body has no further members any more"],
    response: ["risky a: response body (200) has no further members any more"],
  },
  {
    name: "the values of a map",
    before: "{ type: object, additionalProperties: { type: string } }",
    after: "{ type: object, additionalProperties: { type: integer } }",
    request: ['breaking a: request member "[…]" is now integer, and was string'],
    response: ['breaking a: response member "[…]" is now integer, and was string'],
  },
  {
    name: "the items of a list, deep within",
    before: "{ properties: { a: { type: array, items: { properties: { b: { type: string } } } } } }",
    after: "{ properties: { a: { type: array, items: { properties: { b: { type: boolean } } } } } }",
    request: ['breaking a: request member "a[].b" is now boolean, and was string'],
    response: ['breaking a: response member "a[].b" is now boolean, and was string'],
  },
  {
    name: "a member that moved into an allOf",
    before: "{ type: object, required: [a], properties: { a: { type: string } } }",
    after: "{ allOf: [{ type: object, properties: { a: { type: string } } }, { required: [a] }] }",
    request: [],
    response: [],
  },
  {
    name: "one alternative more",
    before: "{ oneOf: [{ title: Cat, properties: { a: {} } }] }",
    after: "{ oneOf: [{ title: Dog, properties: { b: {} } }, { title: Cat, properties: { a: {} } }] }",
    request: ['safe a: request body may be "Dog" as well'],
    response: ['risky a: response body (200) may now be "Dog"'],
  },
  {
    name: "one alternative less",
    before: "{ oneOf: [{ title: Cat }, { title: Dog }] }",
    after: "{ oneOf: [{ title: Cat }] }",
    request: ['breaking a: request body does not take "Dog" any more'],
    response: ['risky a: response body (200) is never "Dog" any more'],
  },
  {
    name: "an alternative that changed",
    before: "{ oneOf: [{ title: Cat, properties: { a: { type: string } } }, { title: Dog }] }",
    after: "{ oneOf: [{ title: Dog }, { title: Cat, properties: { a: { type: integer } } }] }",
    request: ['breaking a: request member "a" is now integer, and was string'],
    response: ['breaking a: response member "a" is now integer, and was string'],
  },
  {
    name: "a member that only goes the other way",
    before: "{ properties: { a: { type: string, readOnly: true }, b: { type: string, writeOnly: true } } }",
    after: "{ properties: { a: { type: integer, readOnly: true }, b: { type: integer, writeOnly: true } } }",
    request: ['breaking a: request member "b" is now integer, and was string'],
    response: ['breaking a: response member "a" is now integer, and was string'],
  },
  {
    name: "words for readers",
    before: "{ type: string, description: a, example: b }",
    after: "{ type: string, title: c, externalDocs: {} }",
    request: [],
    response: [],
  },
  {
    name: "an open string that became a schema of anything",
    before: "{ type: string }",
    after: "{}",
    request: ["safe a: request body is now anything, and was string"],
    response: ["breaking a: response body (200) is now anything, and was string"],
  },
];

describe("a schema", () => {
  test.each(CASES)("tells of $name", ({ before, after, request, response }) => {
    expect(changes(sends(before), sends(after))).toEqual(request);
    expect(changes(gets(before), gets(after))).toEqual(response);
  });

  test("is told of by the component that it stands in, once, for all operations that reach it", () => {
    const components = (type: string) =>
      `Account: { properties: { balance: { type: ${type} }, parent: { $ref: "#/components/schemas/Account" } } }`;
    const document = (type: string) =>
      gets('{ type: array, items: { $ref: "#/components/schemas/Account" } }', components(type)).replace(
        "components:",
        `  /b:
    get:
      operationId: b
      responses: { "200": { description: OK., content: { application/json: { schema: { $ref: "#/components/schemas/Account" } } } } }
components:`,
      );
    expect(changes(document("number"), document("string"))).toEqual([
      'breaking a, b: response member "Account.balance" is now string, and was number',
    ]);
  });

  test("is compared as far as it is the same when it gets a name of its own", () => {
    const before = gets("{ properties: { a: { properties: { b: { type: string } } } } }");
    const after = gets(
      '{ properties: { a: { $ref: "#/components/schemas/A" } } }',
      "A: { properties: { b: { type: integer } } }",
    );
    expect(changes(before, after)).toEqual(['breaking a: response member "A.b" is now integer, and was string']);
  });

  test("may lead back to itself by references, allOf and alternatives", () => {
    const round = `Node: { allOf: [{ $ref: "#/components/schemas/Node" }, { properties: { next: { oneOf: [{ $ref: "#/components/schemas/Node" }, { $ref: "#/components/schemas/Other" }] } } }] }
Other: { $ref: "#/components/schemas/Another" }
Another: { $ref: "#/components/schemas/Other" }`;
    const document = gets('{ $ref: "#/components/schemas/Node" }', round);
    expect(changes(document, document)).toEqual([]);
    expect(changes(document, document.replace("properties: { next:", "properties: { previous:"))).toEqual([
      'breaking a: response member "Node.next" is gone',
      'safe a: response member "Node.previous" is new',
    ]);
  });

  test("is not compared for ever: what is too much is cut off, and said", () => {
    const chain = (length: number) => {
      let value: unknown = { type: "string" };
      for (let index = 0; index < length; index += 1) value = { properties: { a: value } };
      return { pointer: "", value };
    };
    const schemas = new Schemas({ root: {} }, { root: {} }, { maxPairs: 100 });
    schemas.compare(chain(1000), chain(1000), { direction: "request", name: "request body" }, "a");
    expect(schemas.report(new Findings())).toBe(false);
  });
});
