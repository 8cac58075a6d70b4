/** Runs the type tests beside it: what must compile compiles, and every mistake in them is caught. And what types are called. */

import { readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { compileErrorsOf, instantiations, typesShown } from "../support/compile.js";

const FOLDER = packageFile("test/types");

test.each(readdirSync(FOLDER).filter((file) => file.endsWith(".test-d.ts")))("%s holds", { timeout: 60_000 }, (file) => {
  expect(compileErrorsOf([path.join(FOLDER, file)])).toEqual([]);
});

test("editors show a client by names, and not all that these are made of", { timeout: 60_000 }, () => {
  const text = `import { createOnmeta } from "../onmeta/index.js";
const made = createOnmeta();
export const other = made.with({});
void [made.state, made.GET];
`;
  expect(typesShown(text, ["made", "other", "with", "state", "GET"])).toEqual({
    made: "OnmetaClient",
    other: "Client<OnmetaTypes, Definition>",
    with: "(inputs: Inputs) => Client<OnmetaTypes, Definition>",
    state: '(scheme: "customer") => Promise<SlotState>',
    GET: 'PathMethod<paths, "get", Definition>',
  });
});

test("the path form costs the compiler no more than openapi-fetch's own", { timeout: 60_000 }, () => {
  const paths = ["users", "clientConfiguration", "banks", "accounts"];
  const called = paths.map((path) => `client.GET("/api/v1/${path}").then(({ data, error }) => [data, error]);\n`).join("");
  const [made, ours] = ["", called].map((calls) =>
    instantiations(
      `import { createFinapi } from "../finapi/index.js";\nconst client = createFinapi();\nvoid client;\n${calls}\n`,
    ),
  );
  const [alone, theirs] = ["", called].map((calls) =>
    instantiations(
      `import createClient from "openapi-fetch";\nimport type { paths } from "../finapi/schema.js";\nconst client = createClient<paths>();\nvoid client;\n${calls}\n`,
    ),
  );
  expect((ours ?? 0) - (made ?? 0)).toBeLessThanOrEqual((theirs ?? 0) - (alone ?? 0));
});
