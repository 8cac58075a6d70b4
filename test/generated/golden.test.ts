/**
 * Small documents, each named for the edge that it holds, and the files that they lead to. `UPDATE_GOLDEN=1 npx vitest run
 * test/generated/golden.test.ts` writes the files anew; read what changed before it is committed.
 */

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compareFiles, type Folders, writeFiles } from "../../scripts/files.js";
import { packageFile } from "../../scripts/root.js";
import { compileErrorsOf } from "../support/compile.js";
import { renderDocument } from "../support/render-document.js";

const FIXTURES = packageFile("test/fixtures/generate");
const GOLDEN = packageFile("test/golden");

const edges = readdirSync(FIXTURES).map((file) => path.basename(file, ".yaml"));

const generate = (edge: string): Folders =>
  new Map([[edge, renderDocument(edge, readFileSync(path.join(FIXTURES, `${edge}.yaml`), "utf8"), "../../../src/index.js")]]);

beforeAll(() => {
  if (process.env["UPDATE_GOLDEN"]) for (const edge of edges) writeFiles(GOLDEN, generate(edge));
});

describe("the golden files", () => {
  test.each(edges)("of %s are what its document leads to", (edge) => {
    expect(compareFiles(GOLDEN, generate(edge))).toEqual([]);
  });

  test("have a document each", () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(edges.sort());
  });

  test("compile under the strictest flags, as do the generated clients", { timeout: 60_000 }, () => {
    const files = [GOLDEN, packageFile("generated")].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
    );
    expect(compileErrorsOf(files.filter((file) => file.endsWith(".ts")))).toEqual([]);
  });

  test("hold no any", () => {
    for (const edge of edges) {
      for (const { name, text } of generate(edge).get(edge) ?? []) expect(text, `${edge}/${name}`).not.toMatch(/: any\b|<any>/);
    }
  });
});
