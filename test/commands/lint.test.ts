/** What `lint` makes of a project's settings, from its command line and its configuration. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn } from "../support/shell.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

/** Two servers without names: two warnings of the rule `server-name`. */
const WARNED = `${MINIMAL}servers: [{ url: https://a.example.com }, { url: https://b.example.com }]\n`;

function project(lint: string): string {
  return temporaryFolder({
    "keyturn.config.yaml": `apis:\n  a: { document: a.yaml }\nlint:\n${lint}\n`,
    "a.yaml": WARNED,
  });
}

/** How often each rule spoke, and the exit code. */
async function linted(folder: string, ...args: string[]) {
  const { code, out } = await runIn(folder, "lint", "--json", ...args);
  const { diagnostics } = JSON.parse(out) as { diagnostics: { rule: string; severity: string; line: number; file: string }[] };
  return { code, found: diagnostics.map(({ rule, severity }) => `${severity} ${rule}`), diagnostics };
}

describe("keyturn lint", () => {
  test("takes its profile and its severities from the command line", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": WARNED });
    expect(await linted(folder)).toMatchObject({ code: 0, found: ["warning server-name", "warning server-name"] });
    expect(await linted(folder, "--profile", "strict")).toMatchObject({
      code: 1,
      found: ["error server-name", "error server-name"],
    });
    expect(await linted(folder, "--profile", "minimal")).toMatchObject({ code: 0, found: [] });
    expect(await linted(folder, "--rule", "server-name=info")).toMatchObject({
      found: ["info server-name", "info server-name"],
    });
    expect(await linted(folder, "--rule", "*=off")).toMatchObject({ code: 0, found: [] });
  });

  test("takes them from the configuration, unless the command line says otherwise", async () => {
    const folder = project("  profile: strict\n  rules: { server-name: info }");
    expect((await linted(folder)).found).toEqual(["info server-name", "info server-name"]);
    expect((await linted(folder, "--rule", "server-name=error")).code).toBe(1);
  });

  test("leaves out what the configuration ignores, and says where an ignore does nothing", async () => {
    const folder = project(`  ignore:
    - { rule: server-name, pointer: /servers/0, reason: it is the only one that is used }
    - { rule: server-name, pointer: /servers/7 }`);
    const { found, diagnostics } = await linted(folder);
    expect(found).toEqual(["warning server-name", "warning unused-ignore"]);
    expect(diagnostics[1]).toMatchObject({ file: "keyturn.config.yaml", line: 6 });
  });

  test("holds documents to the rules of the configuration", async () => {
    const folder = project(`  own:
    - { id: has-contact, message: nobody can be asked about it, target: $.info, require: [contact], severity: error }`);
    const { code, out } = await runIn(folder, "lint");
    expect(code).toBe(1);
    expect(out).toContain("a.yaml:3:3 error has-contact: nobody can be asked about it");
  });

  test("lints one API by its name, and says nothing of ignores that are about others", async () => {
    const folder = project("  ignore: [{ rule: server-name, file: b.yaml }]");
    expect((await linted(folder, "a")).found).toEqual(["warning server-name", "warning server-name"]);
  });

  test("takes mendings for errors when it is strict", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": MINIMAL.replace(/ *operationId: ping\n/, "") });
    expect((await linted(folder)).code).toBe(0);
    expect(await linted(folder, "--strict")).toMatchObject({ code: 1, found: ["error operation-id"] });
  });

  test("fails with more warnings than are allowed, after the settings", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": WARNED });
    expect((await linted(folder, "--max-warnings", "1")).code).toBe(1);
    expect((await linted(folder, "--max-warnings", "1", "--rule", "server-name=info")).code).toBe(0);
  });

  test.each([
    {
      name: "a rule that there is not",
      args: ["--rule", "server-nam=off"],
      want: 'there is no rule "server-nam"; did you mean "server-name"?',
    },
    { name: "a severity that there is not", args: ["--rule", "server-name=loud"], want: "--rule takes a rule and a severity" },
    { name: "a rule that is always an error", args: ["--rule", "syntax=off"], want: '"syntax" is always an error' },
    { name: "a profile that there is not", args: ["--profile", "strickt"], want: "did you mean strict?" },
  ])("tells $name with exit code 2", async ({ args, want }) => {
    const { code, err } = await runIn(temporaryFolder({ "specs/a.yaml": MINIMAL }), "lint", ...args);
    expect(code).toBe(2);
    expect(err).toContain(want);
  });

  test("tells every own rule that makes no sense with exit code 2", async () => {
    const folder = project(
      '  own:\n    - { id: a, message: m, target: "$[" , require: [x] }\n    - { id: b, message: m, target: $ }',
    );
    const { code, err } = await runIn(folder, "lint");
    expect(code).toBe(2);
    expect(err).toContain('the rule "a" of the configuration: its target is no JSONPath');
    expect(err).toContain('the rule "b" of the configuration: it says nothing that has to hold');
  });

  test("shows a few of many of a kind, and all when it is asked to", async () => {
    const schemas = Array.from({ length: 40 }, (_, index) => `S${index}: { type: string }`).join(", ");
    const folder = temporaryFolder({ "specs/a.yaml": `${MINIMAL}components: { schemas: { ${schemas} } }\n` });
    const { out } = await runIn(folder, "lint");
    expect(out.match(/^specs\/a\.yaml:/gm)).toHaveLength(5);
    expect(out).toContain("… and 35 more warning redocly/no-unused-components");
    expect((await runIn(folder, "lint", "--all")).out.match(/^specs\/a\.yaml:/gm)).toHaveLength(40);
  });
});
