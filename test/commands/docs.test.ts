/** `docs/commands.md` says what the commands say themselves. */

import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { codeBlocks, read } from "../project/papers.js";
import { runIn } from "../support/shell.js";

const COMMANDS = ["init", "generate", "check", "lint", "watch", "explain", "sandbox"];
const page = read("docs/commands.md");

describe("docs/commands.md", () => {
  test.each(COMMANDS)("has the help of %s word for word", async (command) => {
    const { code, out } = await runIn(packageFile("."), command, "--help");
    expect(code).toBe(0);
    const section = page.slice(page.indexOf(`\n## ${command}\n`)).split(/\n## /)[1] ?? "";
    expect(codeBlocks(section, "text").map((block) => block.code)).toEqual([out]);
  });

  test("has a section for every command that there is", async () => {
    const { out } = await runIn(packageFile("."), "help");
    const listed = [...(/Commands:\n((?: {2}.*\n)+)/.exec(out)?.[1] ?? "").matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(listed).toEqual(COMMANDS);
  });

  test("has a row for every member of the configuration", () => {
    const schema = JSON.parse(read("scripts/config.schema.json")) as {
      properties: object;
      $defs: { api: { properties: object } };
    };
    const members = [
      ...Object.keys(schema.properties).filter((name) => name !== "$schema" && name !== "apis"),
      ...Object.keys(schema.$defs.api.properties).map((name) => `apis.<name>.${name}`),
    ];
    const rows = [...page.slice(page.indexOf("## The configuration")).matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(members.toSorted());
  });
});

describe("every example of a help", () => {
  test.each(COMMANDS)("of %s has only flags that there are", async (command) => {
    const { out } = await runIn(packageFile("."), command, "--help");
    const examples = out.slice(out.indexOf("Examples:"), out.indexOf("Exit codes:"));
    const used = [...examples.matchAll(/(?<=\s)--[a-z-]+/g)].map(([flag]) => flag);
    const options = out.slice(out.indexOf("Options:"), out.indexOf("Examples:"));
    expect(used.filter((flag) => !options.includes(` ${flag} `) && !options.includes(` ${flag}\n`))).toEqual([]);
    expect(examples).toContain(`keyturn ${command}`);
  });
});
