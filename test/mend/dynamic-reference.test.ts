import { describe, expect, test } from "vitest";
import { mended, operation } from "./support.js";

const R = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const USER = { type: "object", properties: { id: {} } };
const PAGE = { type: "object", properties: { items: { type: "array", items: { $dynamicRef: "#item" } } } };
const pageOf = (item: string) => ({ $defs: { item: { $dynamicAnchor: "item", ...R(item) } }, ...R("Page") });
const itemsOf = (items: unknown) => ({ type: "object", properties: { items: { type: "array", items } } });

function schemas(given: Readonly<Record<string, unknown>>) {
  const { value, said } = mended({ components: { schemas: given } }, "/components/schemas");
  return { schemas: value as Record<string, unknown>, said };
}

describe("a reference that is found out when a schema is used", () => {
  test("leads to what the schema is used with, a schema for each", () => {
    const { schemas: found, said } = schemas({
      User: USER,
      Group: {},
      Page: PAGE,
      Users: pageOf("User"),
      Groups: pageOf("Group"),
    });
    expect(found).toMatchObject({ Users: R("Page.User"), Groups: R("Page.Group") });
    expect(found["Page.User"]).toEqual(itemsOf(R("User")));
    expect(found["Page.Group"]).toEqual(itemsOf(R("Group")));
    expect(found["Page"]).toEqual(itemsOf({}));
    expect(said).toHaveLength(1);
  });

  test("leads there from the body of an answer, and through schemas that know nothing of it", () => {
    const content = { "application/json": { schema: { ...pageOf("User"), ...R("Derived") } } };
    const document = operation(
      { responses: { 200: { description: "", content } } },
      {
        components: { schemas: { User: USER, Page: PAGE, Derived: { allOf: [R("Page"), { properties: { next: {} } }] } } },
      },
    );
    const at = (pointer: string) => mended(document, pointer).value;
    expect(at("/paths/~1a/get/responses/200/content/application~1json/schema")).toMatchObject(R("Derived.User"));
    expect(at("/components/schemas/Derived.User/allOf/0")).toEqual(R("Page.User"));
    expect(at("/components/schemas/Page.User")).toEqual(itemsOf(R("User")));
  });

  test("leads to the schema that extends another, all the way down", () => {
    const tree = { $dynamicAnchor: "node", type: "object", properties: { next: { $dynamicRef: "#node" } } };
    const { schemas: found } = schemas({ Tree: tree, Labelled: { $dynamicAnchor: "node", ...R("Tree"), title: "L" } });
    expect(found["Tree"]).toMatchObject({ properties: { next: R("Tree") } });
    expect(found["Labelled"]).toMatchObject(R("Tree.Labelled"));
    expect(found["Tree.Labelled"]).toMatchObject({ properties: { next: R("Labelled") } });
  });

  test("leads to the schema whose part says so, without another schema for that", () => {
    const part = { $defs: { node: { $dynamicAnchor: "node", ...R("Branch") } }, ...R("Node") };
    const { schemas: found } = schemas({
      Node: { properties: { child: { $dynamicRef: "#node" } } },
      Branch: { allOf: [part, { properties: { name: {} } }] },
    });
    expect(Object.keys(found)).toEqual(["Node", "Branch", "Node.Branch"]);
    expect(found["Node.Branch"]).toEqual({ properties: { child: R("Branch") } });
  });

  test("leads to the only one of its name where nothing says more", () => {
    const { schemas: found, said } = schemas({ A: { properties: { b: { $dynamicRef: "#b" } } }, B: { $dynamicAnchor: "b" } });
    expect(found["A"]).toEqual({ properties: { b: R("B") } });
    expect(said).toEqual([]);
  });

  test("is as it is in a list whose items are named beside it", () => {
    const listOf = (item: string) => ({
      $defs: { item: { $dynamicAnchor: "item", ...R(item) } },
      items: { $dynamicRef: "#item" },
    });
    const { schemas: found } = schemas({ User: USER, Group: {}, Users: listOf("User"), Groups: listOf("Group") });
    expect(found).toMatchObject({ Users: { items: R("User") }, Groups: { items: R("Group") } });
  });

  test.each<[string, string, string]>([
    ["one of several", "#b", '"#b" leads to one of several schemas, and nothing says here to which; anything is allowed'],
    ["none", "#c", '"#c" leads to no schema; anything is allowed'],
    ["another file", "other.json#b", '"other.json#b" leads to no schema; anything is allowed'],
  ])("to %s allows anything", (_what, $dynamicRef, message) => {
    const { schemas: found, said } = schemas({ A: { $dynamicRef }, B1: { $dynamicAnchor: "b" }, B2: { $dynamicAnchor: "b" } });
    expect(found["A"]).toEqual({});
    expect(said).toEqual([`dangling-reference: ${message}`]);
  });

  test("makes no more schemas than it must, whatever refers to what", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `C${index}`,
        {
          ...R("Page"),
          $defs: { a: { $dynamicAnchor: `a${index % 9}`, ...R(`C${(index * 7) % 200}`) } },
          allOf: [R(`C${(index + 1) % 200}`)],
        },
      ]),
    );
    const { schemas: found } = schemas({
      ...chain,
      Page: { allOf: [PAGE, { $dynamicRef: "#a1" }, { $dynamicRef: "#a2" }, R("C5")] },
    });
    expect(Object.keys(found).length).toBeLessThanOrEqual(201 + 1_000);
  });
});

test("a pointer leads to what stands beside a reference before it leads behind it", () => {
  const { schemas: found } = schemas({
    A: { $defs: { own: { type: "string" } }, ...R("B") },
    B: { $defs: { own: { type: "number" } }, properties: { b: { type: "boolean" } } },
    C: { items: { $ref: "#/components/schemas/A/$defs/own" } },
    D: { items: { $ref: "#/components/schemas/A/properties/b" } },
  });
  expect(found).toMatchObject({ "A.own": { type: "string" }, "A.properties.b": { type: "boolean" } });
});
