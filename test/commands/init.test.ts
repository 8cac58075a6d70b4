/** `keyturn init`: questions and answers, flags in their place, and what is written. */

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { dispatch } from "../../scripts/commands/dispatch.js";
import { readConfig } from "../../scripts/config.js";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn, testShell } from "../support/shell.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

/** Client credentials whose token address the document names and does not describe, as is common. */
const CREDENTIALS = JSON.stringify({
  openapi: "3.0.3",
  info: { title: 'Bills "and" more: #1', version: "2" },
  servers: [{ url: "https://api.example.com/v2" }],
  security: [{ OAuth: [] }],
  paths: { "/bills": { get: { operationId: "listBills", responses: { "200": { description: "Bills." } } } } },
  components: {
    securitySchemes: {
      OAuth: {
        type: "oauth2",
        flows: { clientCredentials: { tokenUrl: "https://api.example.com/v2/oauth/token", scopes: {} } },
      },
      "it's": { type: "http", scheme: "bearer" },
    },
  },
});

const TEXT = { type: "string" };
const TOKEN = {
  type: "object",
  required: ["access_token", "token_type"],
  properties: { access_token: TEXT, token_type: TEXT, expires_in: { type: "integer" } },
};

const configOf = (folder: string) => readConfig(path.join(folder, "keyturn.config.yaml"));

/** Runs `init` on a terminal whose user types these lines, and then nothing more. */
async function typing(folder: string, lines: readonly string[], ...args: string[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const { shell, printed } = testShell(folder, { isTTY: true, stdin, env: { NO_COLOR: "1" } });
  stdin.end(lines.map((line) => `${line}\n`).join(""));
  return { code: await dispatch(["init", ...args], shell), ...printed };
}

describe("init", () => {
  test("asks nothing without a terminal, and writes what can be generated from", async () => {
    const folder = temporaryFolder({ "api/petstore.yaml": MINIMAL });
    expect(await runIn(folder, "init")).toMatchObject({ code: 0, out: "" });
    expect(await configOf(folder)).toEqual({ apis: { petstore: { document: "api/petstore.yaml" } }, out: "generated" });
    expect(await runIn(folder, "generate")).toMatchObject({ code: 0, out: expect.stringContaining("generated/petstore: ") });
  });

  test("takes every setting from flags", async () => {
    const tagged = CREDENTIALS.replace('"operationId":"listBills"', '"operationId":"listBills","tags":["a, b","yes"]');
    const overlay = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions: [{ target: $.info, update: { summary: S } }]";
    const folder = temporaryFolder({ "a.json": tagged, "a.overlay.yaml": overlay });
    const flags = ["--name", "pets", "--client", "PetStore", "--out", "src/clients", "--runtime", "#rt", "--strict"];
    const more = ["--overlay", "a.overlay.yaml", "--include-tag", "a, b", "--include-tag", "yes", "--remote", "x.example"];
    expect(await runIn(folder, "init", "a.json", ...flags, ...more)).toMatchObject({ code: 0 });
    expect(await configOf(folder)).toEqual({
      apis: {
        pets: {
          document: "a.json",
          overlays: ["a.overlay.yaml"],
          client: "PetStore",
          include: { tags: ["a, b", "yes"] },
          strict: true,
          remote: ["x.example"],
        },
      },
      out: "src/clients",
      runtime: "#rt",
    });
  });

  test("asks on a terminal, says what is wrong with an answer, and takes what stands in brackets for none", async () => {
    const folder = temporaryFolder({ "bills.json": CREDENTIALS });
    const { code, err } = await typing(folder, ["nope.json", "", "a b", "billing", "n", "../up", "clients"]);
    expect(code).toBe(0);
    expect(err).toMatchInlineSnapshot(`
      "? OpenAPI document [bills.json]   "nope.json" cannot be read: there is no such file
      ? OpenAPI document [bills.json] bills.json  Bills "and" more: #1 2 · OpenAPI 3.0.3
        1 operation
        OAuth  oauth2 (clientCredentials)  nothing says how its tokens live
        it's   http bearer                 nothing says how its tokens live

      ? Name of the API [bills]   "a b" cannot be the name of a folder: letters, digits, "_", "." and "-"
      ? Name of the API [bills] ? Begin an overlay that says how its tokens live? [Y/n] ? Folder of the generated clients [generated]   "../up" is not below this folder
      ? Folder of the generated clients [generated] 
      ✓ keyturn.config.yaml

      Next:
        npx keyturn generate            writes clients/billing/
        npx keyturn explain             shows how the tokens live
        "generate": "keyturn generate"  the same as npm run generate, in "scripts" of package.json
      "
    `);
    expect(await configOf(folder)).toEqual({ apis: { billing: { document: "bills.json" } }, out: "clients" });
  });

  test("writes nothing when the answers end too early", async () => {
    const folder = temporaryFolder({ "bills.json": CREDENTIALS });
    expect(await typing(folder, ["bills.json"])).toMatchObject({
      code: 130,
      err: expect.stringContaining("nothing was written"),
    });
    expect(existsSync(path.join(folder, "keyturn.config.yaml"))).toBe(false);
  });

  test("begins an overlay for tokens of which nothing is said, and it can be generated from", async () => {
    const folder = temporaryFolder({ "vendor/bills.json": CREDENTIALS });
    expect(await runIn(folder, "init", "vendor/bills.json", "--lifecycles")).toMatchObject({ code: 0 });
    expect((await configOf(folder)).apis["bills"]?.overlays).toEqual(["vendor/bills.overlay.yaml"]);
    const { code, out } = await runIn(folder, "explain", "bills");
    expect(code).toBe(0);
    expect(out).toContain("Obtained by obtainTokenOfOAuth.");
    expect(out).toContain("A caller who holds the access token already gives it as accessToken.");
    expect(await runIn(folder, "generate")).toMatchObject({ code: 0 });
    const lifecycle = readFileSync(path.join(folder, "generated/bills/lifecycle.ts"), "utf8");
    expect(lifecycle).toContain('operationId: "obtainTokenOfOAuth"');
  });

  test("shows the client in the body where the document describes it there", async () => {
    const form = { type: "object", required: ["grant_type", "client_id", "client_secret"] };
    const token = {
      operationId: "getToken",
      security: [],
      requestBody: {
        required: true,
        content: {
          "application/x-www-form-urlencoded": {
            schema: { ...form, properties: { grant_type: TEXT, client_id: TEXT, client_secret: TEXT } },
          },
        },
      },
      responses: { "200": { description: "A token.", content: { "application/json": { schema: TOKEN } } } },
    };
    const { paths, ...document } = JSON.parse(CREDENTIALS.replace('"flows":{', '"flows":{"password":{},')) as { paths: object };
    const described = JSON.stringify({ ...document, paths: { ...paths, "/oauth/token": { post: token } } });
    const folder = temporaryFolder({ "bills.json": described });
    expect(await runIn(folder, "init", "bills.json", "--lifecycles")).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(folder, "bills.overlay.yaml"), "utf8")).toContain(
      "clientAuthentication: client_secret_post #",
    );
    expect(await runIn(folder, "generate")).toMatchObject({ code: 0 });
    const lifecycle = readFileSync(path.join(folder, "generated/bills/lifecycle.ts"), "utf8");
    expect(lifecycle).toContain('requires: ["clientId", "clientSecret"]');
  });

  test("spells out once what may be said of tokens that the caller holds", async () => {
    const bearer = { type: "http", scheme: "bearer" };
    const document = { ...JSON.parse(CREDENTIALS), components: { securitySchemes: { a: bearer, b: bearer } }, security: [] };
    const folder = temporaryFolder({ "bills.json": JSON.stringify(document) });
    await runIn(folder, "init", "bills.json", "--lifecycles");
    const overlay = readFileSync(path.join(folder, "bills.overlay.yaml"), "utf8");
    expect(overlay.split("Say which operation brings a token")).toHaveLength(2);
    expect(overlay).toContain("# obtain, expires, refresh: as above");
    expect(overlay).toContain("initial: { accessToken: $inputs.accessTokenOfB }");
  });

  test("tells programs what it found and wrote", async () => {
    const folder = temporaryFolder({ "bills.json": CREDENTIALS });
    const { out, err } = await runIn(folder, "init", "bills.json", "--json");
    expect(err).toBe("");
    expect(JSON.parse(out)).toEqual({
      written: ["keyturn.config.yaml"],
      apis: [
        {
          name: "bills",
          document: "bills.json",
          title: 'Bills "and" more: #1',
          version: "2",
          openapi: "3.0.3",
          operations: 1,
          tags: [],
          warnings: 0,
          schemes: [
            { name: "OAuth", type: "oauth2 (clientCredentials)", tokens: "none" },
            { name: "it's", type: "http bearer", tokens: "none" },
          ],
        },
      ],
    });
  });
});

describe("init refuses", () => {
  test.each<[string, Readonly<Record<string, string>>, string[], number, string]>([
    [
      "to overwrite",
      { "keyturn.config.yml": "", "a.yaml": MINIMAL },
      ["a.yaml"],
      2,
      "keyturn.config.yml is there already; --force",
    ],
    ["to guess", {}, [], 2, "there is no OpenAPI document here; name one"],
    [
      "to overwrite, and says what to add",
      { "keyturn.config.yml": "", "api/a b.yaml": MINIMAL },
      ["api/a b.yaml"],
      2,
      "under its apis:\n  a-b: { document: api/a b.yaml }\n",
    ],
    [
      "a folder, and names what is in it",
      { "api/b.yaml": MINIMAL, "api/c.yaml": "a: 1" },
      ["api"],
      2,
      "it is a folder; name a document in it: api/b.yaml\n",
    ],
    ["an address", {}, ["https://x.example/a.yaml"], 2, "download it first: curl -o openapi.yaml https://x.example/a.yaml"],
    ["documents that are not there, all at once", {}, ["a.yaml", "b.yaml"], 2, '"b.yaml" cannot be read'],
    ["a document with errors", { "a.yaml": "openapi: 2" }, ["a.yaml"], 1, "a.yaml:1:10 error openapi-version"],
    [
      "names that are none",
      { "a.yaml": MINIMAL },
      ["a.yaml", "--name", "a/b", "--client", "1"],
      2,
      '"1" is not a name in code',
    ],
    ["a folder above", { "a.yaml": MINIMAL }, ["a.yaml", "--out", "../x"], 2, '"../x" is not below this folder'],
    [
      "one name for two",
      { "a.yaml": MINIMAL, "b.yaml": MINIMAL },
      ["a.yaml", "b.yaml", "--name", "x"],
      2,
      "go with one document",
    ],
  ])("%s", async (_what, files, args, code, message) => {
    const folder = temporaryFolder(files);
    expect(await runIn(folder, "init", ...args)).toMatchObject({ code, err: expect.stringContaining(message) });
    expect(existsSync(path.join(folder, "keyturn.config.yaml"))).toBe(false);
  });
});
