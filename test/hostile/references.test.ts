/** References that lead where nobody asked the generator to go: to hosts, to files of the machine, out of the project by a link. */

import { symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateApi } from "../../scripts/generation/job.js";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";

/** Stands in every file that must not be read. */
const SECRET = "do-not-tell-anybody";
const TARGET = JSON.stringify({
  type: "string",
  const: SECRET,
  description: SECRET,
  name: SECRET,
  in: "query",
  x: { const: SECRET },
});

let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  socket.on("error", () => {});
  socket.once("data", () => socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => void server.close());

/** What a reference says, given the folder that it must not reach and the port where nobody must ask. */
const REFERENCES: readonly [string, (outside: string, port: number) => string][] = [
  ["a host", (_outside, port) => `http://127.0.0.1:${port}/secret.json`],
  ["a host with a fragment", (_outside, port) => `http://127.0.0.1:${port}/secret.json#/x`],
  ["a host by name", (_outside, port) => `http://localhost:${port}/secret.json`],
  ["a host by number", (_outside, port) => `http://2130706433:${port}/secret.json`],
  ["a host in capitals", (_outside, port) => `HTTP://127.0.0.1:${port}/secret.json`],
  ["a host without a scheme", (_outside, port) => `//127.0.0.1:${port}/secret.json`],
  ["a host with credentials", (_outside, port) => `http://x:y@127.0.0.1:${port}/secret.json`],
  ["a host over https", (_outside, port) => `https://127.0.0.1:${port}/secret.json`],
  ["a host over ftp", (_outside, port) => `ftp://127.0.0.1:${port}/secret.json`],
  ["a host over a socket", (_outside, port) => `ws://127.0.0.1:${port}/secret.json`],
  ["a share of Windows", (_outside, port) => `\\\\127.0.0.1:${port}\\share\\secret.json`],
  ["a share of Windows, by slashes", () => "//127.0.0.1/share/secret.json"],
  ["a file by its address", (outside) => pathToFileURL(path.join(outside, "secret.json")).href],
  ["a file by its path", (outside) => path.join(outside, "secret.json")],
  ["a file above", (outside) => `../../${path.basename(outside)}/secret.json`],
  ["a file above, encoded", (outside) => `..%2f..%2f${path.basename(outside)}%2fsecret.json`],
  ["a file above, in dots that are encoded", (outside) => `%2e%2e/%2e%2e/${path.basename(outside)}/secret.json`],
  ["a file above, by backslashes", (outside) => `..\\..\\${path.basename(outside)}\\secret.json`],
  ["a file above, by a way around", (outside) => `../specs/../../${path.basename(outside)}/secret.json`],
  ["a file behind a link", () => "link.json"],
  ["a file behind a link, with a fragment", () => "link.json#/x"],
  ["a file in a folder behind a link", () => "folder/secret.json"],
  ["a password file", () => "/etc/passwd"],
  ["the environment of the process", () => "/proc/self/environ"],
  ["a device without an end", () => "/dev/zero"],
  ["a folder", () => "."],
  ["data", () => `data:application/json,${encodeURIComponent(TARGET)}`],
  ["code", () => "javascript:pwned()"],
  ["a module of Node", () => "node:fs"],
  ["a drive", () => "C:\\Windows\\win.ini"],
  ["a null", () => "secret.json\0.yaml"],
];

test.each(REFERENCES)("%s is not read, wherever the reference stands", { timeout: 60_000 }, async (_what, make) => {
  const outside = temporaryFolder({ "secret.json": TARGET });
  const root = temporaryFolder({ "specs/own.json": "{}" });
  symlinkSync(path.join(outside, "secret.json"), path.join(root, "specs/link.json"));
  symlinkSync(outside, path.join(root, "specs/folder"));
  const reference = make(outside, port);
  writeFileSync(path.join(root, "specs/api.json"), JSON.stringify(document(reference)));
  const before = connections;
  const { files, diagnostics, sources } = await generate(root);
  expect(connections).toBe(before);
  // The reference itself may stand in a message; what is behind it may not.
  const told = JSON.stringify({ files, messages: diagnostics.map(({ message, hint }) => [message, hint]) });
  expect(told.replaceAll(JSON.stringify(reference).slice(1, -1), "")).not.toContain(SECRET);
  expect(Object.keys(sources).filter((file) => sources[file] !== null)).toEqual(["specs/api.json"]);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.filter(({ rule }) => rule === "generator")).toEqual([]);
});

test("a host that the configuration names is asked, so that the connections above would have been counted", async () => {
  const root = temporaryFolder({ "specs/api.json": JSON.stringify(document(`http://127.0.0.1:${port}/x.json`)) });
  const before = connections;
  await generate(root, [`127.0.0.1:${port}`]);
  expect(connections).toBeGreaterThan(before);
});

function generate(root: string, remote: readonly string[] = []) {
  return generateApi({
    source: {
      name: "api",
      document: "specs/api.json",
      overlays: [],
      include: { tags: [], paths: [], operationIds: [] },
      strict: false,
      remote,
    },
    project: { root, templates: packageFile("templates"), runtime: "keyturn", command: "npx keyturn generate" },
  });
}

/** A reference in every place where a document may have one, and in some where it may not. */
function document($ref: string): object {
  const schema = { $ref };
  return {
    openapi: "3.1.0",
    $self: $ref,
    info: { title: "References", version: "1" },
    externalDocs: { url: $ref },
    paths: {
      "/item": { $ref },
      "/x": {
        parameters: [{ $ref }],
        get: {
          operationId: "x",
          parameters: [{ $ref }, { name: "a", in: "query", schema, examples: { b: { $ref }, c: { externalValue: $ref } } }],
          requestBody: { $ref },
          responses: {
            200: {
              description: "Done.",
              headers: { A: { $ref } },
              links: { l: { operationRef: $ref } },
              content: { "application/json": { schema } },
            },
            default: { $ref },
          },
          callbacks: { c: { $ref } },
        },
      },
    },
    components: {
      schemas: {
        A: schema,
        B: { $id: $ref, $schema: $ref, $dynamicRef: $ref, allOf: [schema], properties: { a: schema }, items: schema },
        C: { oneOf: [schema], discriminator: { propertyName: "p", mapping: { m: $ref }, defaultMapping: $ref } },
        D: { example: { $ref }, default: { $ref }, enum: [{ $ref }], const: { $ref }, "x-y": { $ref } },
      },
      securitySchemes: { s: { $ref }, o: { type: "openIdConnect", openIdConnectUrl: $ref } },
      examples: { e: { externalValue: $ref } },
    },
  };
}
