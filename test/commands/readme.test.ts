/** What README.md shows of the commands is what they print. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=u", "-c", "user.email=u@users.example", ...args], { cwd: folder });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "A client");
  const document = path.join(folder, "vendor/bills.yaml");
  writeFileSync(document, readFileSync(document, "utf8").replace(BILL, NEXT_BILL));
  const [{ code: checked } = { code: "" }] = codeBlocks(read("README.md"), "console").filter(({ code }) =>
    code.startsWith("$ npx keyturn check\n"),
  );
  const { code, out } = await runIn(folder, "check");
  expect(code).toBe(4);
  expect(`$ npx keyturn check\n${withoutCommit(out)}`.trim()).toBe(withoutCommit(checked).trim());
});

const BILL = "required: [id], properties: { id: { type: string }";
const NEXT_BILL = "required: [id, due], properties: { id: { type: string }, due: { type: string, format: date }";

function withoutCommit(text: string): string {
  return text.replace(/since [0-9a-f]{7} of \d{4}-\d\d-\d\d/, "since … of …");
}

function withoutTimes(text: string): string {
  return text.replace(/\(\d+ ms\)/g, "(… ms)").trimEnd();
}
