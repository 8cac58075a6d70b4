/** What a watch follows: everything that a client is made of, wherever it lies and whether it is there yet or not. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ChildModule, childModule } from "../support/child.js";
import { save as saveFile, temporaryFolder } from "../support/folder.js";
import { eventually, pause } from "../support/waiting.js";

const DOCUMENT = `openapi: 3.1.0
info: { title: Followed, version: "1" }
paths:
  /ping:
    $ref: parts/ping.yaml
`;
const PING = 'get: { operationId: ping, responses: { "200": { description: It is there. } } }\n';
const overlay = (title: string) => `overlay: 1.0.0
info: { title: Titles, version: "1" }
actions: [{ target: $.info, update: { title: ${title} } }]
`;
const config = (client: string) => `apis:
  a: { document: ../vendor/a.yaml, overlays: [a.overlay.yaml], client: ${client} }
`;

let command: ChildModule;
beforeAll(async () => {
  command = await childModule(new URL("./child.ts", import.meta.url));
});
afterAll(() => command.remove());

test("a watch follows references, overlays and the configuration, and generates nothing for nothing", {
  timeout: 90_000,
}, async () => {
  const root = temporaryFolder({
    "vendor/a.yaml": DOCUMENT,
    "project/a.overlay.yaml": overlay("First"),
    "project/keyturn.config.yaml": config("One"),
  });
  const project = path.join(root, "project");
  const file = (name: string) => path.join(project, "generated/a", name);
  const holds = (name: string, text: string) =>
    eventually(() => expect(existsSync(file(name)) && readFileSync(file(name), "utf8")).toContain(text));
  const save = (name: string, text: string) => saveFile(path.join(root, name), text);
  const child = command.start(project, "watch");
  onTestFinished(() => void child.process.kill("SIGKILL"));
  await eventually(() => expect(child.lines.length).toBeGreaterThan(0));

  mkdirSync(path.join(root, "vendor/parts"));
  save("vendor/parts/ping.yaml", PING);
  await holds("operations.ts", "ping:");
  save("vendor/parts/ping.yaml", PING.replace("ping", "pong"));
  await holds("operations.ts", "pong:");
  save("project/a.overlay.yaml", overlay("Second"));
  await holds("README.md", "# Second");
  save("project/keyturn.config.yaml", config("Two"));
  await holds("client.ts", "createTwo");

  save("project/keyturn.config.yaml", "apis: 1");
  await eventually(() => expect(child.errors()).toContain("keyturn.config.yaml:1:7 error config"));
  const before = child.lines.length;
  save("project/keyturn.config.yaml", config("Three"));
  await holds("client.ts", "createThree");
  // What was written is told a moment after it stands there.
  await eventually(() => expect(child.lines.length).toBeGreaterThan(before));
  await pause(300);

  save("vendor/a.yaml", "openapi: 2");
  await eventually(() => expect(child.lines.at(-1)).toBe("../vendor/a.yaml: not generated, 1 error"));
  save("vendor/a.yaml", DOCUMENT);
  await eventually(() => expect(child.lines.at(-1)).toMatch(/^1 client up to date/));

  const lines = child.lines.length;
  writeFileSync(path.join(root, "vendor/other.yaml"), "");
  writeFileSync(path.join(project, "note.txt"), "");
  save("project/a.overlay.yaml", overlay("Second"));
  await pause(500);
  expect(child.lines.slice(lines)).toEqual([]);
});
