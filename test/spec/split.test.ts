import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { packageFile } from "../../scripts/root.js";
import { assembleDocument } from "../../scripts/spec/assemble.js";
import { eachSite } from "../../scripts/spec/bundle/sites.js";
import type { Document } from "../../scripts/spec/document.js";
import { isObject, join, object, tokensOf } from "../../scripts/spec/pointer.js";
import { partsOf } from "../../scripts/spec/walk.js";
import { fc } from "../support/random.js";
import { memory } from "./memory.js";

const DOCUMENT = "api/api.yaml";

/** What may stand in a file of its own: path items, components, and the schemas within them. */
const CUTTABLE =
  /^\/paths\/[^/]+$|^\/components\/[^/]+\/[^/]+$|\/schema$|\/(?:properties|responses)\/[^/]+$|\/(?:items|allOf\/\d+)$/;

/**
 * The document in several files: at each of the pointers stands a reference to a file, and what stood there is in the file,
 * with its references led back.
 */
function split(text: string, pointers: readonly string[]): Record<string, string> {
  const root = parse(text) as Record<string, unknown>;
  const files: Record<string, string> = {};
  // The deepest first, so that what is cut out of another is cut out already.
  for (const [index, pointer] of pointers.toSorted((a, b) => b.length - a.length).entries()) {
    const tokens = tokensOf(pointer);
    const owner = tokens.slice(0, -1).reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], root);
    const name = tokens.at(-1) ?? "";
    const members = owner as Record<string, unknown>;
    const folder = index % 2 === 0 ? "parts" : "parts/deep";
    const file = `${folder}/p${index}.${index % 3 === 0 ? "json" : "yaml"}`;
    const value = structuredClone(members[name]);
    const isInside = index % 5 === 0;
    lead(value, (reference) => {
      if (reference.startsWith("#")) return `${"../".repeat(folder.split("/").length)}${DOCUMENT}${reference}`;
      return `${"../".repeat(folder.split("/").length - 1)}${reference.replace(/^\.\.\/parts\//, "")}`;
    });
    const content = isInside ? { "a/b c": { "100%": value } } : value;
    files[file] = file.endsWith("json") ? JSON.stringify(content) : stringify(content, { aliasDuplicateObjects: false });
    members[name] = { $ref: `../${file}${isInside ? "#/a~1b%20c/100%25" : ""}` };
  }
  return { [DOCUMENT]: stringify(root, { aliasDuplicateObjects: false }), ...files };
}

/** Writes each reference in a value anew; those of the part itself lead as they did from the document. */
function lead(value: unknown, rewrite: (reference: string) => string): void {
  for (const { value: part, isNamed } of partsOf(value)) {
    if (isNamed) continue;
    const members = part as Record<string, unknown>;
    if (typeof members["$ref"] === "string") members["$ref"] = rewrite(members["$ref"]);
    const mapping = object(object(members["discriminator"])["mapping"]) as Record<string, unknown>;
    for (const [name, reference] of Object.entries(mapping)) {
      if (String(reference).startsWith("#")) mapping[name] = rewrite(String(reference));
    }
  }
}

/** Holds that two documents say the same, whichever way references lead; what was compared once is not compared again. */
function expectSame(one: Document, other: Document): number {
  const seen = new Map<unknown, Set<unknown>>();
  let count = 0;
  const visit = (a: unknown, b: unknown, pointer: string): void => {
    const [left, right] = [behind(one, a), behind(other, b)];
    if (typeof left !== "object" || left === null) {
      expect(right, pointer).toEqual(left);
      return;
    }
    if (seen.get(left)?.has(right)) return;
    seen.set(left, (seen.get(left) ?? new Set()).add(right));
    count += 1;
    expect(Object.keys(right as object).toSorted(), pointer).toEqual(Object.keys(left).toSorted());
    for (const [name, member] of Object.entries(left)) {
      visit(member, (right as Record<string, unknown>)[name], join(pointer, name));
    }
  };
  const { components: _, ...rest } = one.root as Record<string, unknown>;
  for (const [name, member] of Object.entries(rest)) visit(member, (other.root as Record<string, unknown>)[name], `/${name}`);
  return count;
}

function behind(document: Document, value: unknown): unknown {
  return isObject(value) && typeof value["$ref"] === "string" ? document.dereference(value) : value;
}

const FIXTURES = ["specs", "test/fixtures/generate"].flatMap((folder) =>
  readdirSync(packageFile(folder)).map((file) => path.join(folder, file)),
);

describe("a document that is cut into files", () => {
  it.each(FIXTURES)("says the same as %s in one", async (file) => {
    const text = readFileSync(packageFile(file), "utf8");
    const whole = (await assembleDocument(DOCUMENT, memory({ [DOCUMENT]: text }))).document as Document;
    const pointers: string[] = [];
    for (const { pointer, value } of partsOf(whole.root)) {
      // A name leads into the file that it stands in, so what has one stays.
      if (CUTTABLE.test(pointer) && !/"\$(?:dynamicA|a)nchor"/.test(JSON.stringify(value))) pointers.push(pointer);
    }

    await fc.assert(
      fc.asyncProperty(fc.subarray(pointers, { maxLength: Math.min(40, pointers.length) }), async (cut) => {
        const files = split(text, cut);
        const { document, diagnostics } = await assembleDocument(DOCUMENT, memory(files));
        const told = diagnostics.filter(({ rule }) => rule !== "reference-name");
        expect(told.map(({ file: where, line, message }) => `${where}:${line} ${message}`)).toEqual([]);
        const assembled = document as Document;
        eachSite(assembled.root, { kind: "document", isMap: false }, "", ({ reference, isMapping }) => {
          if (!isMapping) expect(reference).toMatch(/^#\//);
        });
        expectSame(whole, assembled);
        for (const pointer of cut) expect(assembled.locate(pointer)).toHaveProperty("line");
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 15) },
    );
  });
});
