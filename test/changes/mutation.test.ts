import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareDocuments } from "../../scripts/changes/compare.js";
import { packageFile } from "../../scripts/root.js";
import { type Document, loadDocument } from "../../scripts/spec/document.js";
import { follow } from "../../scripts/spec/node.js";
import { fc } from "../support/random.js";

const DOCUMENTS = readdirSync(packageFile("specs")).map((name) => {
  const { document } = loadDocument(`specs/${name}`, readFileSync(packageFile(`specs/${name}`), "utf8"));
  if (document === undefined) throw new Error(`${name} cannot be read`);
  return document;
});

/** Values that have no business anywhere, and some that have. */
const JUNK: readonly unknown[] = [
  null,
  5,
  "x",
  [],
  {},
  true,
  false,
  [1],
  { type: "string" },
  { $ref: "#/nope" },
  { $ref: "#" },
];

/** The same document with some of its parts replaced or taken out. */
function mutated(document: Document, edits: readonly { at: number; junk: number }[]): Document {
  const root = structuredClone(document.root);
  const owners: Record<string, unknown>[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    owners.push(value as Record<string, unknown>);
    Object.values(value).forEach(collect);
  };
  collect(root);
  for (const { at, junk } of edits) {
    const owner = owners[at % owners.length]!;
    const names = Object.keys(owner);
    const name = names[at % Math.max(names.length, 1)];
    if (name === undefined) continue;
    if (junk < JUNK.length) owner[name] = JUNK[junk];
    else if (Array.isArray(owner)) owner.splice(Number(name), 1);
    else delete owner[name];
  }
  return { ...document, root, dereference: (value) => follow({ root }, { pointer: "", value })?.value };
}

/** Enough for every run to try what none has tried, and few enough not to be waited for; `FUZZ_RUNS` tries longer. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 40);

/** By number, so that a failure prints no documents. */
const which = fc.nat(DOCUMENTS.length - 1);
const edits = fc.array(fc.record({ at: fc.nat(50_000), junk: fc.nat(JUNK.length * 2) }), { minLength: 1, maxLength: 12 });

describe("compareDocuments", () => {
  test.each(DOCUMENTS)("finds nothing between $path and itself", (document) => {
    expect(compareDocuments(document, document)).toEqual([]);
  });

  test("finds nothing between a broken document and itself, whatever is broken", () => {
    fc.assert(
      fc.property(which, edits, (index, given) => {
        const document = DOCUMENTS[index]!;
        const broken = mutated(document, given);
        const found = compareDocuments(broken, mutated(document, given)).filter(({ kind }) => kind !== "lifecycle-unreadable");
        expect(found).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("finds a change back where it finds a change, and each with a place", () => {
    fc.assert(
      fc.property(which, edits, (index, given) => {
        const document = DOCUMENTS[index]!;
        const broken = mutated(document, given);
        const [there, back] = [compareDocuments(document, broken), compareDocuments(broken, document)];
        expect(there.length > 0).toBe(back.length > 0);
        expect([...there, ...back].every(({ line, column, message }) => line > 0 && column > 0 && message !== "")).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([
    ["member-added", "member-removed"],
    ["operation-added", "operation-removed"],
    ["parameter-added", "parameter-removed"],
    ["status-added", "status-removed"],
    ["scheme-added", "scheme-removed"],
  ] as const)("finds as many %s there as %s back", (one, other) => {
    fc.assert(
      fc.property(which, fc.array(fc.nat(50_000), { minLength: 1, maxLength: 6 }), (index, places) => {
        const document = DOCUMENTS[index]!;
        // Taking out alone: what is replaced may be another thing in each direction.
        const less = mutated(
          document,
          places.map((at) => ({ at, junk: JUNK.length })),
        );
        // An operation that lost its name has another one there than back.
        const count = (kind: string, before: Document, after: Document) =>
          compareDocuments(before, after)
            .filter((change) => change.kind === kind)
            .flatMap(({ message, operations }) => operations.map(() => message.replace(/ is (?:new|gone).*/, "")))
            .sort();
        expect(count(one, less, document)).toEqual(count(other, document, less));
      }),
      { numRuns: RUNS },
    );
  });
});

/** By name, so that nothing is taken for a promise. */
const THEN = "then";

/** Keywords with another meaning for a value of which nothing was said. */
const SAID: Readonly<Record<string, object>> = {
  type: { type: "string" },
  enum: { enum: ["a"] },
  format: { format: "date" },
  maxLength: { maxLength: 2 },
  contentEncoding: { contentEncoding: "base64" },
  properties: { properties: { a: {} } },
  required: { required: ["a"] },
  patternProperties: { patternProperties: { "^a": { type: "string" } } },
  additionalProperties: { additionalProperties: false },
  unevaluatedProperties: { unevaluatedProperties: false },
  propertyNames: { propertyNames: { maxLength: 2 } },
  dependentRequired: { dependentRequired: { a: ["b"] } },
  dependentSchemas: { dependentSchemas: { a: { required: ["b"] } } },
  items: { items: { type: "string" } },
  prefixItems: { prefixItems: [{ type: "string" }] },
  unevaluatedItems: { unevaluatedItems: false },
  contains: { contains: { type: "string" } },
  oneOf: { oneOf: [{ title: "A", type: "string" }, { title: "B" }] },
  not: { not: { type: "string" } },
  "if, then": { if: { required: ["a"] }, [THEN]: { required: ["b"] } },
  "if, else": { if: { required: ["a"] }, else: { required: ["b"] } },
};

/** Where a schema may stand within another. */
const WITHIN: Readonly<Record<string, (schema: object) => object>> = {
  properties: (schema) => ({ properties: { a: schema } }),
  patternProperties: (schema) => ({ patternProperties: { "^a": schema } }),
  additionalProperties: (schema) => ({ additionalProperties: schema }),
  unevaluatedProperties: (schema) => ({ unevaluatedProperties: schema }),
  propertyNames: (schema) => ({ propertyNames: schema }),
  dependentSchemas: (schema) => ({ dependentSchemas: { a: schema } }),
  items: (schema) => ({ items: schema }),
  prefixItems: (schema) => ({ prefixItems: [schema] }),
  unevaluatedItems: (schema) => ({ unevaluatedItems: schema }),
  contains: (schema) => ({ contains: schema }),
  allOf: (schema) => ({ allOf: [schema] }),
  oneOf: (schema) => ({ oneOf: [{ title: "A", ...schema }, { title: "B" }] }),
  not: (schema) => ({ not: schema }),
  if: (schema) => ({ if: schema, [THEN]: { required: ["b"] } }),
  [THEN]: (schema) => ({ if: { required: ["a"] }, [THEN]: schema }),
  else: (schema) => ({ if: { required: ["a"] }, else: schema }),
  "a component": () => ({ $ref: "#/components/schemas/A" }),
};

/** Where a schema may stand in a document. */
const SENT: Readonly<Record<string, (content: object) => object>> = {
  request: (content) => ({ requestBody: { content } }),
  response: (content) => ({ responses: { 200: { description: "OK.", content } } }),
  callback: (content) => ({ callbacks: { c: { "{$url}": { post: { requestBody: { content } } } } } }),
};

/** A document in which a schema stands under an operation or a webhook. */
function holding(place: string, schema: object, component: object): Document {
  const [kind = "", of = ""] = place.split(" of a ");
  const operation = { operationId: "a", ...SENT[kind]?.({ "application/json": { schema } }) };
  const owner = of === "webhook" ? { webhooks: { w: { post: operation } } } : { paths: { "/a": { post: operation } } };
  const info = { title: "T", version: "1" };
  const root = { openapi: "3.1.0", info, ...owner, components: { schemas: { A: component } } };
  return { ...DOCUMENTS[0]!, root, dereference: (value) => follow({ root }, { pointer: "", value })?.value };
}

const PLACES = ["request of a path", "response of a path", "callback of a path", "response of a webhook"];

test.each(PLACES)("compareDocuments finds whatever is said of a schema, wherever that stands in the %s", (place) => {
  for (const [where, wrap] of Object.entries(WITHIN)) {
    const before = holding(place, wrap({}), {});
    const missed = Object.entries(SAID).filter(([, said]) => {
      const after = holding(place, wrap(said), said);
      return compareDocuments(before, after).length === 0 || compareDocuments(after, before).length === 0;
    });
    expect({ where, missed }).toEqual({ where, missed: [] });
  }
});
