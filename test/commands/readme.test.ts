/** What README.md shows of the commands is what they print. */

import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { codeBlocks, read } from "../project/papers.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn } from "../support/shell.js";

test("the commands of README.md print what stands below them", async () => {
  const [{ code: shown } = { code: "" }] = codeBlocks(read("README.md"), "console").filter(({ code }) =>
    code.includes("keyturn init"),
  );
  const steps = shown.split(/^\$ /m).slice(1);
  expect(steps.length).toBeGreaterThan(2);
  const folder = temporaryFolder({
    "vendor/bills.yaml": readFileSync(packageFile("test/fixtures/commands/bills.yaml"), "utf8"),
  });
  mkdirSync(path.join(folder, "node_modules"));
  for (const step of steps) {
    const [line = "", ...output] = step.split("\n");
    const [, args] = /^npx keyturn (.*)$/.exec(line) ?? [];
    if (args === undefined) continue;
    const { code, out, err } = await runIn(folder, ...args.split(" "));
    expect(code).toBe(0);
    expect(withoutTimes(`${err}${out}`)).toBe(withoutTimes(output.join("\n")));
  }
});

function withoutTimes(text: string): string {
  return text.replace(/\(\d+ ms\)/g, "(… ms)").trimEnd();
}
