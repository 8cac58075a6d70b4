/** The configuration: what it may say, how its mistakes are told, and that reading it again costs nothing. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { checkConfig } from "../scripts/config/check.js";
import { ConfigError, findConfig, readConfig } from "../scripts/config.js";
import { openProject } from "../scripts/project.js";
import { temporaryFolder } from "./support/folder.js";

const FULL = `
apis:
  petstore:
    document: specs/pets.yaml
    overlays: [specs/pets.overlay.yaml, ./specs/more.yaml]
    client: PetStore
    include: { tags: [pets], paths: ["/pets/*"], operationIds: ["get*"] }
    strict: true
    remote: [api.example.com, "*.example.org:8443"]
  shop: { document: ../vendor/shop.json }
out: src/clients
runtime: "#runtime"
templates: my-templates
lint: { profile: strict, rules: { server-name: off } }
`;

const messagesOf = (text: string) =>
  checkConfig("keyturn.config.yaml", text).diagnostics.map(({ line, column, message, hint }) =>
    [`${line}:${column} ${message}`, hint].filter(Boolean).join("; "),
  );

describe("a configuration", () => {
  test("says what is generated, from what, how and where to", async () => {
    const root = temporaryFolder({ "keyturn.config.yaml": FULL });
    const project = await openProject(root);
    expect(project).toMatchObject({
      root,
      config: "keyturn.config.yaml",
      isWhole: true,
      out: "src/clients",
      runtime: "#runtime",
      customTemplates: "my-templates",
      lint: { profile: "strict", rules: { "server-name": "off" } },
    });
    expect(project.apis).toEqual([
      {
        name: "petstore",
        document: "specs/pets.yaml",
        overlays: ["specs/pets.overlay.yaml", "specs/more.yaml"],
        client: "PetStore",
        include: { tags: ["pets"], paths: ["/pets/*"], operationIds: ["get*"] },
        strict: true,
        remote: ["api.example.com", "*.example.org:8443"],
      },
      {
        name: "shop",
        document: "../vendor/shop.json",
        overlays: [],
        include: { tags: [], paths: [], operationIds: [] },
        strict: false,
        remote: [],
      },
    ]);
  });

  test("may be JSON, and holds for the folders below it", async () => {
    const root = temporaryFolder({
      "keyturn.config.json": JSON.stringify({ $schema: "x", apis: { a: { document: "a.json" } } }),
      "deep/er/x.txt": "",
    });
    const project = await openProject(path.join(root, "deep/er"));
    expect(project).toMatchObject({ root, config: "keyturn.config.json", documents: ["a.json"] });
  });

  test("yields to the command line, where paths are relative to the command's own folder", async () => {
    const root = temporaryFolder({ "keyturn.config.yaml": FULL, "deep/x.yaml": "" });
    const options = { out: "out", runtime: "r", strict: true, include: { tags: ["a"] }, documents: ["petstore", "x.yaml"] };
    const { apis, ...project } = await openProject(path.join(root, "deep"), options);
    expect(project).toMatchObject({ out: "deep/out", runtime: "r", isWhole: false });
    expect(apis.map(({ name, document, strict, include }) => [name, document, strict, include.tags, include.paths])).toEqual([
      ["petstore", "specs/pets.yaml", true, ["a"], []],
      ["x", "deep/x.yaml", true, ["a"], []],
    ]);
  });

  test("tells every mistake at once, each with its place and what was probably meant", () => {
    expect(
      messagesOf(`apis:
  a/b: { document: https://x.example/a.yaml, clint: X }
  CON: { strict: 1 }
  same: { document: a.yaml }
  Same: { document: a.yaml, client: my-client, remote: ["http://x"] }
outt: x
out: ../x
lint: { profile: recomended }
`),
    ).toEqual([
      '2:3 "a/b" is not a name for a folder: letters, digits, "_", "." and "-"',
      '2:20 "https://x.example/a.yaml" is an address, and documents are files; download it, so that what is generated changes only when you change it',
      '2:46 "clint" is not a member of "a/b"; did you mean "client"?',
      '3:3 "CON" cannot be the name of a folder on Windows',
      '3:3 "CON" needs "document"; "document": the OpenAPI document, YAML or JSON',
      '3:18 "strict" is a boolean, not an integer',
      '5:3 "same" and "Same" would share a folder where upper and lower case are the same; rename one of them',
      '5:37 "my-client" is not a name in code: a letter, then letters and digits',
      '5:57 "http://x" is not a host, such as api.example.com',
      '6:1 "outt" is not a member of the configuration; did you mean "out"?',
      '7:6 "out" is a folder below that of the configuration, not "../x"',
      '8:18 "profile" is one of "minimal", "recommended", "strict", not "recomended"; did you mean "recommended"?',
    ]);
  });

  test.each([
    ["", "1:1"],
    ["apis: [", "1:8"],
    ["a: &a [*a, *a]", "1:"],
    [`a: ${"[".repeat(5000)}`, "1:"],
  ])("that is no YAML is told with its place: %j", (text, place) => {
    const [message = ""] = messagesOf(text);
    expect(message.startsWith(place)).toBe(true);
  });

  test.each(["/x", "..", "a/../..", "C:\\x", "..\\x", "a/../../x"])("writes nothing outside its folder: %s", (out) => {
    const messages = messagesOf(JSON.stringify({ apis: { a: { document: "a.yaml" } }, out }));
    expect(messages.join()).toContain('"out" is a folder below that of the configuration');
  });

  test("is not checked again before it changes", async () => {
    const root = temporaryFolder({ "keyturn.config.yaml": FULL, "node_modules/.keep": "" });
    const file = path.join(root, "keyturn.config.yaml");
    const cache = path.join(root, "node_modules/.cache/keyturn/config.json");
    const first = await readConfig(file);
    const noted = readFileSync(cache, "utf8");
    // Proof that it is read from there: what is noted is believed as long as the text is the same.
    writeFileSync(cache, noted.replace("PetStore", "Noted"));
    expect((await readConfig(file)).apis["petstore"]?.client).toBe("Noted");
    writeFileSync(file, `${FULL}\n`);
    expect(await readConfig(file)).toEqual(first);
  });

  test("with mistakes is not noted", async () => {
    const root = temporaryFolder({ "keyturn.config.yaml": "apis: 1", "node_modules/.keep": "" });
    await expect(readConfig(path.join(root, "keyturn.config.yaml"))).rejects.toThrow(ConfigError);
    expect(existsSync(path.join(root, "node_modules/.cache/keyturn/config.json"))).toBe(false);
  });
});

describe("without a configuration", () => {
  test("every document of specs/ is an API, with the overlays beside it", async () => {
    const root = temporaryFolder({ "specs/b.yml": "", "specs/a.yaml": "", "specs/a.overlay.yaml": "", "specs/c.txt": "" });
    expect(findConfig(root)).toBeUndefined();
    const { apis, config } = await openProject(root);
    expect(config).toBeUndefined();
    expect(apis.map(({ name, document, overlays }) => [name, document, overlays])).toEqual([
      ["a", "specs/a.yaml", ["specs/a.overlay.yaml"]],
      ["b", "specs/b.yml", []],
    ]);
  });
});
