/** The code in the pages of `docs/` compiles, so that nobody copies what cannot work. */

import { describe, expect, it } from "vitest";
import { codeBlocks, projectFiles, read } from "./papers.js";
import { errorsIn } from "./snippets.js";

const pages = projectFiles().filter((file) => /^docs\/[^/]+\.md$/.test(file));
const snippets = pages.flatMap((page) => codeBlocks(read(page), "ts").map((block) => ({ page, ...block })));

/** What the sentences around the code say, and what stands in a block above it. */
const AROUND = {
  "docs-names.d.ts": `
declare const finapi: import("./generated/finapi/index.js").FinapiClient;
declare const createClient: typeof import("./generated/finapi/index.js").createFinapi;
declare const inputs: NonNullable<import("./generated/finapi/index.js").FinapiOptions["inputs"]>;
declare const createPetstore: typeof import("./test/golden/wire/index.js").createWire;
declare const wire: import("./test/golden/wire/index.js").WireClient;
declare const colors: typeof wire;
declare const bytes: Uint8Array<ArrayBuffer>;
declare const signal: AbortSignal;
declare const tokenKey: string;
declare const log: { info(event: unknown): void };
declare const metrics: { observe(name: string, ms: number): void };
declare const pool: import("pg").Pool;
declare const readFileSync: typeof import("node:fs").readFileSync;
declare const undici: typeof import("keyturn/undici").undici;
declare const sandbox: Awaited<ReturnType<typeof import("keyturn/sandbox").startSandbox>>;
declare const testStore: typeof import("./test/stores/contract.js").testStore;
declare const myStore: (database: Database) => import("keyturn").TokenStore;
declare const connect: () => Database;
interface Database {
  get: import("keyturn").TokenStore["read"];
  replaceIf: import("keyturn").TokenStore["swap"];
}
`,
  "generated/pets/schema.d.ts": `
interface Pet { requestBody: { content: { "application/json": { name: string } } }; responses: { 204: { content?: never } } }
export interface webhooks { newPet: { post: Pet } }
export interface callbacks { subscribe: { onVaccinated: { "{$request.body#/url}": { post: Pet } } } }
`,
};

describe("the code in docs/", () => {
  it("stands in many places", () => expect(snippets.length).toBeGreaterThan(14));

  it("compiles under the flags of the project", { timeout: 60_000 }, () => {
    expect(errorsIn(snippets, AROUND)).toEqual([]);
  });
});
