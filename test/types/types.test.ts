/** Runs the type tests beside it: what must compile compiles, and every mistake in them is caught. */

import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { compileErrorsOf } from "../support/compile.js";

const FOLDER = packageFile("test/types");

test.each(readdirSync(FOLDER).filter((file) => file.endsWith(".test-d.ts")))("%s holds", { timeout: 60_000 }, (file) => {
  expect(compileErrorsOf([path.join(FOLDER, file)])).toEqual([]);
});
