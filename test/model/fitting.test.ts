/** Examples that do not fit what their own document says, as they stand in the calls that are shown. */

import { describe, expect, test } from "vitest";
import { fitting } from "../../scripts/model/fitting.js";
import { asDocument } from "../support/render-document.js";

const schemas = {
  Named: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
  Numbered: {
    type: "object",
    required: ["id"],
    properties: { id: { type: "integer", readOnly: true }, size: { type: "number" } },
  },
  Tree: { type: "object", properties: { left: { $ref: "#/components/schemas/Tree" }, size: { type: "integer" } } },
  Wide: { anyOf: Array.from({ length: 40 }, () => ({ $ref: "#/components/schemas/Deep" })) },
  Deep: { type: "object", properties: { next: { $ref: "#/components/schemas/Wide" } } },
};
const document = asDocument("example", { openapi: "3.0.3", components: { schemas } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const fitted = (value: unknown, schema: unknown) => fitting(document, value, schema);

describe("an example", () => {
  test.each<[string, unknown, object]>([
    ["of the type", "a", { type: "string" }],
    ["of one of several types", 1, { type: ["string", "integer"] }],
    ["of anything", { a: [null] }, {}],
    ["of any object", { a: 1 }, { type: "object" }],
    ["with any further member", { name: "n", b: 1 }, { allOf: [ref("Named")], additionalProperties: true }],
    ["that is null where it may be", null, { allOf: [ref("Named")], nullable: true }],
    ["with all that is required", { name: "n" }, ref("Named")],
    ["without what only answers have", { size: 1 }, ref("Numbered")],
    [
      "of an alternative and what goes with it",
      { name: "n", size: 1 },
      { allOf: [ref("Named")], oneOf: [ref("Numbered"), ref("Tree")] },
    ],
  ])("%s stays", (_which, value, schema) => {
    expect(fitted(value, schema)).toEqual(value);
  });

  test.each<[string, unknown, object, unknown]>([
    ["of a number as a text is a number", "12", { type: "integer" }, 12],
    ["of a text as a number is a text", 2017, { type: "string" }, "2017"],
    ["of a truth as a text is one", "true", { type: "boolean" }, true],
    ["of one item is a list of it", "a", { type: "array", items: { enum: ["a"] } }, ["a"]],
    ["with a member of another version has it not", { name: "n", nickname: "m" }, ref("Named"), { name: "n" }],
    ["of an answer has not what only answers have", { id: 1, size: 2 }, ref("Numbered"), { size: 2 }],
    ["with a member that does not fit has it not", { size: {}, left: { size: 1 } }, ref("Tree"), { left: { size: 1 } }],
    [
      "of two alternatives is of the one that has more of it",
      { name: "n", size: 1 },
      { anyOf: [ref("Named"), { allOf: [ref("Named"), ref("Tree")] }] },
      { name: "n", size: 1 },
    ],
  ])("%s", (_which, value, schema, want) => {
    expect(fitted(value, schema)).toEqual(want);
  });

  test.each<[string, unknown, object]>([
    ["of another type", {}, { type: "string" }],
    ["that is none of the values", "c", { enum: ["a", "b"] }],
    ["that is null where it may not be", null, ref("Named")],
    ["without a member that is required", { nickname: "m" }, ref("Named")],
    ["with an item that does not fit", ["a", {}], { type: "array", items: { type: "string" } }],
    ["of a number too long to be exact", "12345678901234567890", { type: "integer" }],
  ])("%s does not fit", (_which, value, schema) => {
    expect(fitted(value, schema)).toBeUndefined();
  });

  test("is looked at in so many steps, whatever the alternatives", () => {
    let value: object = {};
    for (let depth = 0; depth < 12; depth += 1) value = { next: value };
    expect(fitted(value, ref("Wide"))).toEqual(value);
  });
});
