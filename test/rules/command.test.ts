import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { runIn } from "../support/shell.js";

const WARNED = "test/fixtures/rules/warned.yaml";
const WRONG = "test/fixtures/rules/wrong.yaml";

const run = (...args: string[]) => runIn(packageFile("."), ...args);

describe("keyturn lint", () => {
  it("succeeds with warnings, and fails with errors", async () => {
    expect(await run("lint", WARNED)).toMatchObject({ code: 0, err: "" });
    expect(await run("lint", WRONG)).toMatchObject({ code: 1, err: "" });
  });

  it("fails with more warnings than are allowed", async () => {
    expect((await run("lint", "--max-warnings", "1", WARNED)).code).toBe(0);
    expect((await run("lint", "--max-warnings", "0", WARNED)).code).toBe(1);
  });

  it("shows the place, the line and what to do", async () => {
    const { out } = await run("lint", WARNED);
    expect(out).toMatchInlineSnapshot(`
      "test/fixtures/rules/warned.yaml:6:5 warning server-name: a client cannot choose this server: it has no name
       6 |   - { url: https://b.example.com }
         |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
         = add x-server-name: with a short name such as sandbox

      1 warning in 1 file
      "
    `);
  });

  it("lints every document of specs/ when none is named", async () => {
    const { out } = await run("lint", "--format", "json");
    expect(JSON.parse(out).summary.files).toBeGreaterThan(2);
  });

  it("writes each of its formats", async () => {
    expect((await run("lint", WARNED, "--format", "github")).out).toMatch(
      /^::warning file=test\/fixtures\/rules\/warned\.yaml,line=6/,
    );
    expect(JSON.parse((await run("lint", WARNED, "--format", "sarif")).out).runs[0].results).toHaveLength(1);
  });

  it.each([
    { name: "a file that is not there", args: ["nope.yaml"], want: '"nope.yaml" cannot be read: there is no such file' },
    { name: "a folder", args: ["specs"], want: '"specs" cannot be read' },
    { name: "a misspelt option", args: ["--formt", "json"], want: "there is no option --formt; did you mean --format?" },
    { name: "a misspelt format", args: ["--format", "sarrif"], want: '--format has no "sarrif"; did you mean sarif?' },
    { name: "a number that is none", args: ["--max-warnings", "few"], want: '--max-warnings takes a number, not "few"' },
  ])("tells $name with exit code 2", async ({ args, want }) => {
    const { code, out, err } = await run("lint", ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(want);
  });
});

describe("keyturn", () => {
  it("lists its commands", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    for (const command of ["lint", "generate", "check", "watch"]) expect(out).toContain(`  ${command}`);
  });

  it("names the nearest command for one that there is not", async () => {
    const { code, err } = await run("lnt");
    expect(code).toBe(2);
    expect(err).toContain('there is no command "lnt"; did you mean lint?');
  });

  it("says what a command does, without running it", async () => {
    expect((await run("lint", "nope.yaml", "--help")).out).toContain("Usage: keyturn lint [apis or documents...]");
  });
});

describe("lifecycle.schema.json", () => {
  it("is a file of the package, where editors find it", () => {
    const script = "console.log(import.meta.resolve('keyturn/lifecycle.schema.json'))";
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: packageFile("."),
      encoding: "utf8",
    });
    expect(stdout.trim()).toBe(`file://${packageFile("src/lifecycle/lifecycle.schema.json")}`);
  });
});
