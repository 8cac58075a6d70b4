import { describe, expect, test } from "vitest";
import { mended, schema } from "./support.js";

const union = (count: number, name = "p") => ({
  oneOf: Array.from({ length: count }, (_, index) => ({ type: "object", properties: { [`${name}${index}`]: {} } })),
});
const R = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const said = (width: number) =>
  `alternatives: with its ${width} alternatives this part makes more types of the whole than TypeScript takes; any of them is allowed`;

describe("parts that hold together", () => {
  test.each<[string, object, object]>([
    ["may have few alternatives", { allOf: [R("U"), R("U")] }, { U: union(100) }],
    ["may have many where one part alone has any", { allOf: [R("U"), { properties: {} }] }, { U: union(30_000) }],
    [
      "may be primitive alternatives, as many as there are",
      { allOf: [R("E"), R("E"), R("E")] },
      { E: { oneOf: Array.from({ length: 100 }, (_, value) => ({ const: value })) } },
    ],
  ])("%s", (_fact, given, others) => {
    const { value, said: outcome } = mended(schema(given, others), "/components/schemas/A");
    expect(outcome).toEqual([]);
    expect(value).toEqual(given);
  });

  test("lose the widest of them where TypeScript would refuse the type", () => {
    const given = { allOf: [R("U"), { ...union(300), description: "d" }, R("V")] };
    const { value, said: outcome } = mended(schema(given, { U: union(100), V: { allOf: [R("U")] } }), "/components/schemas/A");
    expect(value).toEqual({ allOf: [R("U"), {}, R("V")] });
    expect(outcome).toEqual([said(300)]);
  });

  test("lose one of two that are written beside each other", () => {
    const given = { oneOf: union(200).oneOf, anyOf: union(150, "q").oneOf };
    const { value, said: outcome } = mended(schema(given), "/components/schemas/A");
    expect(value).toEqual({ anyOf: given.anyOf });
    expect(outcome).toEqual([said(200)]);
  });

  test("count through references, and lose no more than they must", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `C${index}`,
        { allOf: [union(2, `c${index}x`), ...(index < 19 ? [R(`C${index + 1}`)] : [])] },
      ]),
    );
    const { value, said: outcome } = mended({ components: { schemas: chain } }, "/components/schemas");
    expect(outcome).toEqual([said(16_384)]);
    expect((value as Record<string, { allOf: unknown[] }>)["C5"]?.allOf[1]).toEqual({});
    expect((value as Record<string, { allOf: unknown[] }>)["C4"]?.allOf[1]).toEqual(R("C5"));
  });
});
