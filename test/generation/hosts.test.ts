/** What references find at hosts: looked at again by each run, as nothing on the disk tells that it has changed. */

import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCache } from "../../scripts/cache.js";
import { openThreads } from "../../scripts/generation/threads.js";
import { type RunOptions, runProject } from "../../scripts/generation.js";
import { openProject } from "../../scripts/project.js";
import { temporaryFolder } from "../support/folder.js";

/** A host with one file, and what it was asked. */
async function host() {
  const file = { type: "string", etag: true, isDown: false };
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const etag = `"${file.type}"`;
    asked.push(request.headers["if-none-match"] ?? "anything");
    if (file.isDown) response.writeHead(503).end();
    else if (file.etag && request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, file.etag ? { etag } : {}).end(`A: { type: ${file.type} }\n`);
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { file, asked, name: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function project() {
  const served = await host();
  const root = temporaryFolder({
    "node_modules/.keep": "",
    "keyturn.config.yaml": `apis: { a: { document: a.yaml, remote: ["${served.name}"] }, b: { document: b.yaml } }`,
    "a.yaml": `openapi: 3.1.0
info: { title: A, version: "1" }
paths:
  /a: { get: { operationId: a, responses: { "200": { description: A, content: { application/json: { schema: { $ref: "http://${served.name}/a.yaml#/A" } } } } } } }
`,
    "b.yaml": 'openapi: 3.1.0\ninfo: { title: B, version: "1" }\npaths: {}\n',
  });
  const run = async (options: Partial<RunOptions> = {}) => {
    served.asked.length = 0;
    const given = { mode: "write", cache: openCache(root, {}), threads: openThreads(), ...options } as const;
    const results = await runProject(await openProject(root), given);
    return results.map(({ api, status, diagnostics }) => [api, status, ...diagnostics.map(({ message }) => message)]);
  };
  const typed = () => / A: (\w+);/.exec(readFileSync(path.join(root, "generated/a/schema.ts"), "utf8"))?.[1];
  return { ...served, root, run, typed };
}

const UNCHANGED = [
  ["a", "unchanged"],
  ["b", "unchanged"],
];
const CHANGED = [["a", "changed"], UNCHANGED[1]];

test("what changed at a host alone makes a client stale, and what did not is not sent again", async () => {
  const { file, asked, run, typed } = await project();
  await run();
  expect(typed()).toBe("string");
  expect(await run()).toEqual(UNCHANGED);
  expect(asked).toEqual(['"string"']);
  file.type = "boolean";
  expect(await run({ mode: "compare" })).toEqual(CHANGED);
  expect(await run()).toEqual(CHANGED);
  expect(typed()).toBe("boolean");
  expect(await run({ mode: "compare" })).toEqual(UNCHANGED);
});

test("a host that does not say by itself is told by what it sends", async () => {
  const { file, asked, run } = await project();
  file.etag = false;
  await run();
  expect(await run()).toEqual(UNCHANGED);
  expect(asked).toEqual(["anything"]);
  file.type = "boolean";
  expect(await run({ mode: "compare" })).toEqual(CHANGED);
});

test("a host that does not answer changes nothing, and is told; one that answers again is asked again", async () => {
  const { file, run, name, root } = await project();
  await run();
  file.isDown = true;
  const message = `"http://${name}/a.yaml" was not looked at again: ${name} answers with 503; it is taken for what it was`;
  expect(await run({ mode: "compare" })).toEqual([["a", "unchanged", message], UNCHANGED[1]]);
  // What could not be read when it was generated is told of as it was then.
  rmSync(path.join(root, "generated"), { recursive: true });
  const [[, , told] = []] = await run();
  expect(told).toContain("leads to nothing that can be read");
  expect(await run()).toEqual([["a", "unchanged", told], UNCHANGED[1]]);
  file.isDown = false;
  expect(await run()).toEqual(CHANGED);
});

test("whoever watches asks hosts once", async () => {
  const { file, asked, run } = await project();
  await run();
  file.type = "boolean";
  expect(await run({ trustsHosts: true })).toEqual(UNCHANGED);
  expect(asked).toEqual([]);
});
