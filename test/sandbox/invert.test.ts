import { describe, expect, it } from "vitest";
import type { Value } from "../../src/lifecycle/contract.js";
import { functions } from "../../src/lifecycle/functions.js";
import { evaluate } from "../../src/lifecycle/value.js";
import { invert, type Lets } from "../../src/sandbox/invert.js";

/** Every reading as a map from expression to value. */
function readings(value: Value, presented: unknown, lets: Lets = {}): Record<string, unknown>[] {
  return invert([{ value, presented }], { lets }).map(({ values }) =>
    Object.fromEntries([...values].map(([key, bound]) => [key, bound.value])),
  );
}

const basic: Value = {
  concat: ["Basic ", { base64: { concat: [{ urlEncode: "$inputs.id" }, ":", { urlEncode: "$inputs.secret" }] } }],
};

describe("evaluation played backwards", () => {
  it.each<{ name: string; value: Value; presented: unknown; want: Record<string, unknown>[] }>([
    { name: "an expression", value: "$inputs.a", presented: 7, want: [{ "inputs.a": 7 }] },
    { name: "an expression without a value", value: "$inputs.a", presented: undefined, want: [] },
    { name: "plain text", value: "yes", presented: "yes", want: [{}] },
    { name: "other text", value: "yes", presented: "Yes", want: [] },
    { name: "a number as a form writes it", value: 5, presented: "5", want: [{}] },
    {
      name: "embedded expressions",
      value: "{$outputs.t}|{$inputs.f}",
      presented: "x|y",
      want: [{ "outputs.t": "x", "inputs.f": "y" }],
    },
    {
      name: "text that can be split in two ways",
      value: "{$inputs.a}|{$inputs.b}",
      presented: "1|2|3",
      want: [
        { "inputs.a": "1", "inputs.b": "2|3" },
        { "inputs.a": "1|2", "inputs.b": "3" },
      ],
    },
    {
      name: "an expression that stands twice",
      value: "{$inputs.a}-{$inputs.a}",
      presented: "1-1",
      want: [{ "inputs.a": "1" }],
    },
    { name: "an expression that contradicts itself", value: "{$inputs.a}-{$inputs.a}", presented: "1-2", want: [] },
    {
      name: "Basic credentials",
      value: basic,
      presented: "Basic YSUyNmI6YytkJTNB",
      want: [{ "inputs.id": "a&b", "inputs.secret": "c d:" }],
    },
    { name: "base64 that is none", value: { base64: "$inputs.a" }, presented: "###", want: [] },
    { name: "an optional that is missing", value: { a: { optional: "$inputs.a" } }, presented: {}, want: [{}] },
    {
      name: "an optional that is there",
      value: { a: { optional: "$inputs.a" } },
      presented: { a: 1 },
      want: [{ "inputs.a": 1 }],
    },
    { name: "more members than documented", value: { a: "$inputs.a" }, presented: { a: 1, b: 2 }, want: [{ "inputs.a": 1 }] },
    { name: "a missing member", value: { a: "$inputs.a" }, presented: { b: 2 }, want: [] },
    { name: "a member of the prototype", value: { toString: "$inputs.a" }, presented: {}, want: [] },
    { name: "items", value: ["x", "$inputs.a"], presented: ["x", 1], want: [{ "inputs.a": 1 }] },
    { name: "items of which one was left out", value: [{ optional: "$inputs.a" }, "x"], presented: ["x"], want: [{}] },
    {
      name: "the first that resolves",
      value: { first: ["$outputs.a", "$inputs.b"] },
      presented: "v",
      want: [{ "outputs.a": "v" }, { "inputs.b": "v" }],
    },
    { name: "a literal", value: { literal: { $x: 1 } }, presented: { $x: 1 }, want: [{}] },
    { name: "a moment", value: { now: {} }, presented: "17", want: [{}] },
  ])("reads $name", ({ value, presented, want }) => {
    expect(readings(value, presented)).toEqual(want);
  });

  it("reads through what a `let` stands for", () => {
    const lets: Lets = { pair: "{$inputs.a}:{$inputs.b}" };
    expect(readings({ base64url: "$let.pair" }, "eDp5", lets)).toEqual([
      { "let.pair": "x:y", "inputs.a": "x", "inputs.b": "y" },
    ]);
  });

  it("keeps a digest as something still to be shown", () => {
    const value: Value = { hash: { algorithm: "SHA-256", data: "$inputs.a" } };
    const [reading] = invert([{ value, presented: "00ff" }]);
    expect(reading?.obligations).toEqual([{ value, presented: "00ff" }]);
  });

  it.each<Value>([basic, "{$inputs.id}|{$inputs.secret}", { nested: [{ base64: "{$inputs.secret}" }, "$inputs.id"] }])(
    "reads what the runtime writes: %j",
    (value) => {
      const inputs = { id: "cli:ent", secret: "s/é|%+ &" };
      const presented = evaluate(value, { inputs, now: () => 0, functions });
      expect(readings(value, presented)).toContainEqual({ "inputs.id": inputs.id, "inputs.secret": inputs.secret });
    },
  );
});
