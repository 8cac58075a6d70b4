/** The commands as a user runs them: from a folder, by their names, judged by what they print and how they exit. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn } from "../support/shell.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

/** Runs a command in a folder, and gives its exit code and what it printed: first what went wrong, then what was done. */
async function inFolder(folder: string, ...args: string[]) {
  const { code, out, err } = await runIn(folder, ...args);
  return { code, printed: `${err}${out}`.replace(/\(\d+ ms\)/g, "(… ms)") };
}

describe("generate", () => {
  test("prints a line for each API", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": MINIMAL, "specs/b.yaml": MINIMAL });
    expect(await inFolder(folder, "generate")).toMatchObject({
      code: 0,
      printed: expect.stringContaining("generated/a: 6 files written (… ms)\ngenerated/b: 6 files written (… ms)\n"),
    });
    rmSync(path.join(folder, "specs/b.yaml"));
    expect((await inFolder(folder, "generate")).printed).toContain(
      "generated/a: unchanged (… ms)\ngenerated/b: removed, its document is gone (… ms)\n",
    );
  });

  test("reports what is wrong with a document and writes the others", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": "openapi: 2", "specs/b.yaml": MINIMAL });
    const { code, printed } = await inFolder(folder, "generate");
    expect(code).toBe(1);
    expect(printed).toContain("specs/a.yaml:1:10 error openapi-version");
    expect(printed).toContain("specs/a.yaml: not generated, 1 error\ngenerated/b: 6 files written");
  });

  test("writes where it is told, with the runtime that it is told", async () => {
    const folder = temporaryFolder({ "api.yaml": MINIMAL });
    expect(await inFolder(folder, "generate", "api.yaml", "--out", "src/clients", "--runtime", "#runtime")).toMatchObject({
      code: 0,
    });
    expect(readFileSync(path.join(folder, "src/clients/api/client.ts"), "utf8")).toContain('from "#runtime"');
  });

  test("shows the line of a document in UTF-16 as it is, and takes any name of a file", async () => {
    const name = "my bank, übersicht.yaml";
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, name), `\ufeff${MINIMAL.replace(/^ +operationId: ping\n/m, "")}`, "utf16le");
    const { code, printed } = await inFolder(folder, "generate", name);
    expect(code).toBe(0);
    expect(printed).toContain("generated/my-bank-ubersicht: 6 files written");
    expect(printed).toMatch(/^ \d+ \| {5}get:$/m);
  });

  test.each([
    [["--nonsense"], "--nonsense"],
    [["gone.yaml"], "there is no such file"],
    [[], "there is no document"],
  ])("refuses the arguments %j", async (args, message) => {
    expect(await inFolder(temporaryFolder(), "generate", ...args)).toMatchObject({
      code: 2,
      printed: expect.stringContaining(message),
    });
  });
});

describe("check", () => {
  test("is content with what generate wrote, and names what somebody changed", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": MINIMAL });
    await inFolder(folder, "generate");
    expect(await inFolder(folder, "check")).toMatchObject({
      code: 0,
      printed: expect.stringContaining("generated/a: up to date\n"),
    });
    writeFileSync(path.join(folder, "generated/a/client.ts"), "// mine");
    rmSync(path.join(folder, "generated/a/index.ts"));
    expect(await inFolder(folder, "check")).toMatchObject({
      code: 1,
      printed: expect.stringContaining(
        "bring them up to date with: npx keyturn generate\ngenerated/a: stale, client.ts differs, index.ts is missing\n",
      ),
    });
    expect(readFileSync(path.join(folder, "generated/a/client.ts"), "utf8")).toBe("// mine");
  });

  test("fails for a document with errors", async () => {
    expect(await inFolder(temporaryFolder({ "specs/a.yaml": "openapi: 2" }), "check")).toMatchObject({
      code: 1,
      printed: expect.stringContaining("specs/a.yaml: not generated, 1 error\n"),
    });
  });
});
