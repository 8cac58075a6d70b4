/**
 * Documents that nobody would write: real ones in which parts are taken away, replaced by something of another kind, put
 * where they do not belong, or named otherwise. Whatever comes of them is a client that compiles, or errors; never a fault.
 * `FUZZ_RUNS=2000` looks longer, `FUZZ_SEED` looks elsewhere.
 */

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { hasErrors } from "../../scripts/diagnostics.js";
import { mendDocument } from "../../scripts/mend/mend.js";
import { buildModel } from "../../scripts/model/build.js";
import { renderApi } from "../../scripts/render/render.js";
import { compileTemplates, loadTemplates } from "../../scripts/render/templates.js";
import { packageFile } from "../../scripts/root.js";
import { check } from "../../scripts/rules/index.js";
import { loadDocument } from "../../scripts/spec/document.js";
import { compileErrors } from "../support/compile.js";
import { fc } from "../support/random.js";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);

const templates = compileTemplates(loadTemplates(packageFile("templates")));

const ORIGINALS = ["test/fixtures/generate", "specs"].flatMap((folder) =>
  readdirSync(packageFile(folder)).map((file): unknown => parse(readFileSync(path.join(packageFile(folder), file), "utf8"))),
);

const REFERENCES = [
  "#",
  "#/gone",
  "#/info",
  "#/paths",
  "#/components/schemas/Thing",
  "#/components/schemas/Thing/properties/id",
];

const VALUE = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, "true", 0, -1, 1.5, "", "x", "Thing", "__proto__", "object", "a b/c*/`x`"),
  fc.constantFrom<unknown>([], {}, [null], ["a"], [[]], [{}], { a: 1 }, { type: "array" }, { type: ["string", 7] }, { "": {} }),
  fc.constantFrom<unknown>({ required: true }, { enum: [] }, { enum: [{}] }, { items: [{}] }, { properties: { $ref: {} } }),
  fc.constantFrom(...REFERENCES).map(($ref) => ({ $ref })),
);

const KEY = fc.constantFrom(
  "",
  "$ref",
  "x-a",
  "__proto__",
  "constructor",
  "allOf",
  "items",
  "type",
  "name",
  "default",
  "{a}",
  "7",
  "a.b",
);

/** One change: `at` says where, as one of all the places that there are. */
const MUTATION = fc.record({
  kind: fc.constantFrom("delete", "replace", "copy", "rename", "insert"),
  at: fc.nat(),
  from: fc.nat(),
  key: KEY,
  value: VALUE,
});

type Mutation = ReturnType<typeof MUTATION.generate>["value_"];
type Owner = Record<string, unknown>;

function placesOf(root: unknown): { owner: Owner; key: string }[] {
  if (typeof root !== "object" || root === null) return [];
  return Object.keys(root).flatMap((key) => [{ owner: root as Owner, key }, ...placesOf((root as Owner)[key])]);
}

function mutate(root: unknown, { kind, at, from, key, value }: Mutation): void {
  const places = placesOf(root);
  const place = places[at % places.length];
  const other = places[from % places.length];
  if (place === undefined || other === undefined) return;
  const { owner } = place;
  const define = (name: string, member: unknown) =>
    Object.defineProperty(owner, name, {
      value: structuredClone(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  if (kind === "delete") delete owner[place.key];
  else if (kind === "replace") define(place.key, value);
  else if (kind === "copy") define(place.key, other.owner[other.key]);
  else if (kind === "rename") {
    define(key, owner[place.key]);
    delete owner[place.key];
  } else define(key, value);
}

/** The files of a document, or nothing when it has errors. */
function generate(text: string, name: string) {
  const { document: written, diagnostics: loading } = loadDocument(`${name}.yaml`, text);
  if (written === undefined || hasErrors(loading)) return [];
  const { document } = mendDocument(written);
  if (hasErrors(check(document))) return [];
  return renderApi(buildModel(document), document, {
    templates,
    runtime: "../../../src/index.js",
    command: "npx keyturn generate",
  });
}

test("a document changed at random leads to a client that compiles, or to errors", { timeout: 600_000 }, () => {
  const files: { name: string; text: string }[] = [];
  const documents = new Map<string, string>();
  fc.assert(
    fc.property(fc.nat(), fc.array(MUTATION, { minLength: 1, maxLength: 12 }), (which, mutations) => {
      const root = structuredClone(ORIGINALS[which % ORIGINALS.length]);
      for (const mutation of mutations) mutate(root, mutation);
      const text = JSON.stringify(root) ?? "";
      const name = `a${documents.size}`;
      const generated = generate(text, name);
      documents.set(name, text);
      files.push(...generated.map((file) => ({ ...file, name: `${name}/${file.name}` })));
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  expect(files.length).toBeGreaterThan(RUNS);
  const faults = compileErrors(files);
  const [first = ""] = faults;
  expect(faults, documents.get(first.slice(0, first.indexOf("/")))).toEqual([]);
});
