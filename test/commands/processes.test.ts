/** What only shows in a process of its own: that nothing heavy is loaded for nothing, and that a watch goes on. */

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { type ChildModule, childModule } from "../support/child.js";
import { save, temporaryFolder } from "../support/folder.js";
import { eventually, pause } from "../support/waiting.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

let command: ChildModule;
beforeAll(async () => {
  command = await childModule(new URL("./child.ts", import.meta.url));
});
afterAll(() => command.remove());

test("a run with nothing to do loads no compiler, no template engine, no linter and no parser", async () => {
  const folder = temporaryFolder({ "specs/a.yaml": MINIMAL, "node_modules/.keep": "" });
  expect(await command.start(folder, "generate").line("loaded")).toMatch(/typescript/);
  expect(await command.start(folder, "generate").line("loaded")).toBe("loaded ");
});

test("a run whose output nobody reads does its work all the same, and ends as it should", async () => {
  const folder = temporaryFolder({ "specs/a.yaml": MINIMAL, "specs/b.yaml": "openapi: [", "node_modules/.keep": "" });
  const child = command.start(folder, "generate");
  child.process.stdout?.destroy();
  child.process.stderr?.destroy();
  expect(await child.ended).toBe(1);
  expect(readdirSync(path.join(folder, "generated/a"))).toContain("client.ts");
});

describe("watch", () => {
  test("generates again after each change, survives a broken document and ends when it is told", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "specs"));
    const document = path.join(folder, "specs/a.yaml");
    const client = path.join(folder, "generated/a/operations.ts");
    save(document, MINIMAL);
    const child = command.start(folder, "watch");
    onTestFinished(() => void child.process.kill("SIGKILL"));

    await child.line("generated/a: 6 files written");
    save(document, MINIMAL.replace("operationId: ping", "operationId: pong"));
    await eventually(() => expect(readFileSync(client, "utf8")).toContain("pong"));

    save(document, "openapi: [");
    await child.line("specs/a.yaml: not generated");
    expect(readFileSync(client, "utf8")).toContain("pong");

    save(document, MINIMAL);
    await eventually(() => expect(readFileSync(client, "utf8")).toContain("ping:"));
    const lines = child.lines.length;
    await pause(500);
    expect(child.lines.length).toBeLessThanOrEqual(lines + 1);

    child.process.kill("SIGTERM");
    expect(await child.ended).toBe(0);
  });
});
