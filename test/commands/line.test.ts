/** What every command has in common: flags, mistakes, colours, and the ways in which a process ends. */

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readArguments } from "../../scripts/commands/arguments.js";
import { isColoured } from "../../scripts/commands/paint.js";
import { openProgress } from "../../scripts/commands/progress.js";
import { UsageError } from "../../scripts/commands/usage.js";
import { packageFile } from "../../scripts/root.js";
import { type ChildModule, childModule } from "../support/child.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn, testShell } from "../support/shell.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

const FLAGS = {
  out: { type: "text", short: "o", value: "folder", help: "" },
  tag: { type: "texts", value: "tag", help: "" },
  strict: { type: "switch", short: "s", help: "" },
  format: { type: "text", value: "name", help: "", choices: ["text", "json"] },
} as const;

describe("a command line", () => {
  test.each<[string[], object]>([
    [[], { flags: { tag: [], strict: false }, names: [] }],
    [["a", "--out", "x", "b", "-s"], { flags: { out: "x", strict: true }, names: ["a", "b"] }],
    [["--tag=a", "--tag", "b", "-o=x"], { flags: { tag: ["a", "b"], out: "=x" }, names: [] }],
    [["--format", "json", "--", "--out"], { flags: { format: "json" }, names: ["--out"] }],
  ])("%j is understood", (args, line) => {
    expect(readArguments(args, FLAGS)).toMatchObject(line);
  });

  test("tells all of its mistakes at once", () => {
    const args = ["--ouf", "x", "--srict", "--strict=no", "--format", "jsn", "--out", "-z"];
    expect(() => readArguments(args, FLAGS)).toThrow(UsageError);
    try {
      readArguments(args, FLAGS);
    } catch (error) {
      expect((error as UsageError).problems).toEqual([
        "there is no option --ouf; did you mean --out?",
        "there is no option --srict; did you mean --strict?",
        "--strict takes no value",
        '--format has no "jsn"; did you mean json?',
        "--out needs a value: --out <folder>",
      ]);
    }
  });

  test.each([
    [["genrate"], 'there is no command "genrate"; did you mean generate?'],
    [["--strict", "generate"], "there is no option --strict before a command"],
    [
      ["generate", "--include-tga", "x", "--jsno"],
      "did you mean --include-tag?\nkeyturn: there is no option --jsno; did you mean --json?",
    ],
  ])("%j is refused with exit code 2", async (args, message) => {
    const { code, out, err } = await runIn(temporaryFolder(), ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test("names an API that is nearly one", async () => {
    const folder = temporaryFolder({ "specs/petstore.yaml": MINIMAL });
    expect((await runIn(folder, "generate", "petstor")).err).toContain('no API and no file "petstor"; did you mean petstore?');
  });

  test("tells what is wrong with the configuration", async () => {
    const folder = temporaryFolder({ "keyturn.config.yaml": "apis: { a: { documnt: a.yaml } }" });
    const { code, err } = await runIn(folder, "generate");
    expect(code).toBe(2);
    expect(err).toContain('keyturn.config.yaml:1:14 error config: "documnt" is not a member of "a"');
    expect(err).toContain('did you mean "document"?');
  });
});

describe("colours", () => {
  test.each<[boolean, Record<string, string>, boolean, boolean]>([
    [true, {}, false, true],
    [false, {}, false, false],
    [true, { NO_COLOR: "1" }, false, false],
    [true, { NO_COLOR: "" }, false, true],
    [false, { FORCE_COLOR: "1" }, false, true],
    [true, { FORCE_COLOR: "0" }, false, false],
    [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
    [true, { TERM: "dumb" }, false, false],
    [true, { FORCE_COLOR: "1" }, true, false],
  ])("with a terminal: %s, %j, --no-color: %s: %s", (isTTY, env, isRefused, want) => {
    expect(isColoured({ env }, { isTTY, write: () => true }, isRefused)).toBe(want);
  });
});

test("progress is drawn on a terminal when something takes long, and goes away", async () => {
  const { shell, printed } = testShell(temporaryFolder(), { isTTY: true });
  const progress = openProgress(shell, 2, (_colour, text) => text);
  progress.begin("petstore");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(printed.err).toContain("generating petstore (1 of 2, 1 s)");
  progress.close();
  expect(printed.err.endsWith("\r\u001b[2K")).toBe(true);
  const { shell: pipe, printed: piped } = testShell(temporaryFolder());
  openProgress(pipe, 2, (_colour, text) => text).begin("petstore");
  expect(piped.err).toBe("");
});

describe("a process", () => {
  let command: ChildModule;
  beforeAll(async () => {
    command = await childModule(new URL("./child.ts", import.meta.url));
  });
  afterAll(() => command.remove());

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 0],
  ] as const)("that serves ends cleanly at %s, with exit code %i", async (signal, code) => {
    const child = command.start(packageFile("."), "sandbox", "onmeta", "--json");
    await child.line('{"event":"listening"');
    child.process.kill(signal);
    expect(await child.ended).toBe(code);
    expect(child.lines).toContain('{"event":"closed","requests":0,"alarms":0}');
  });

  test("whose output nobody reads ends without a word", async () => {
    const child = command.start(packageFile("."), "explain", "--json");
    child.process.stdout?.destroy();
    expect(await child.ended).toBe(0);
    expect(child.errors()).toBe("");
  });

  test("watches, and tells a program what it did", async () => {
    const folder = temporaryFolder({
      "specs/a.yaml": MINIMAL,
      "keyturn.config.yaml": "apis: { x: { document: specs/a.yaml } }",
    });
    const child = command.start(folder, "watch", "--json");
    const [first] = [JSON.parse(await child.line('{"event":"generated"')) as { apis: readonly object[] }];
    expect(first.apis).toMatchObject([{ name: "x", status: "written", errors: 0 }]);
    writeFileSync(`${folder}/keyturn.config.yaml`, "apis: { x: { documnt: specs/a.yaml } }");
    expect(await child.line('{"event":"error"')).toContain("did you mean");
    child.process.kill("SIGINT");
    expect(await child.ended).toBe(130);
  });
});
