import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openSources } from "../scripts/sources.js";
import { assembleDocument } from "../scripts/spec/assemble.js";
import { temporaryFolder } from "./support/folder.js";
import { NEVER_MS } from "./support/waiting.js";

const HEAD = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\n";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A project beside a folder that is none of its business. */
function projectFolder(): string {
  const root = temporaryFolder({
    "project/specs/a.yaml": "a: 1\n",
    "project/specs/bom.yaml": "\uFEFFa: 1\r\n",
    "project/..odd/a.yaml": "odd: 1\n",
    "project/specs/long.yaml": "x".repeat(101),
    "outside/secret.yaml": "secret: 1\n",
  });
  const specs = path.join(root, "project/specs");
  writeFileSync(path.join(specs, "utf16le.yaml"), Buffer.from("\uFEFFa: ü\n", "utf16le"));
  writeFileSync(path.join(specs, "utf16be.yaml"), Buffer.from("\uFEFFa: ü\n", "utf16le").swap16());
  writeFileSync(path.join(specs, "binary.yaml"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]));
  writeFileSync(path.join(specs, "older.yaml"), Buffer.from("a: the caf\xe9 around the corner\n", "latin1"));
  symlinkSync("../../outside/secret.yaml", path.join(specs, "link.yaml"));
  symlinkSync("../../outside", path.join(specs, "folder"));
  symlinkSync("a.yaml", path.join(specs, "inner.yaml"));
  mkdirSync(path.join(specs, "empty"));
  return path.join(root, "project");
}

describe("files of a project", () => {
  test.each([
    ["as they are", "specs/a.yaml", "a: 1\n"],
    ["without a byte order mark", "specs/bom.yaml", "a: 1\r\n"],
    ["with U+FFFD for what is not UTF-8", "specs/older.yaml", "a: the caf\uFFFD around the corner\n"],
    ["in UTF-16, little end first", "specs/utf16le.yaml", "a: ü\n"],
    ["in UTF-16, big end first", "specs/utf16be.yaml", "a: ü\n"],
    ["behind a link that stays in the project", "specs/inner.yaml", "a: 1\n"],
    ["in a folder whose name begins with dots", "..odd/a.yaml", "odd: 1\n"],
  ])("are read %s", async (_how, name, text) => {
    const sources = openSources(projectFolder());
    expect([await sources.open(name), await sources.follow(name)]).toEqual([text, text]);
  });

  test.each([
    ["that is not there", "specs/none.yaml", "there is no such file", true],
    ["below a file", "specs/a.yaml/b", "there is no such file", true],
    ["that is a folder", "specs/empty", "it is not a file", false],
    ["that is no text", "specs/binary.yaml", "it is not text in UTF-8", false],
    ["that is too long", "specs/long.yaml", "it is longer than 0 MB", false],
    [
      "outside of the project",
      "../outside/secret.yaml",
      "it lies outside the project's folder, where references do not lead",
      false,
    ],
    [
      "outside that is not even there",
      "../outside/none.yaml",
      "it lies outside the project's folder, where references do not lead",
      false,
    ],
    [
      "named from the root of the disk",
      "/etc/passwd",
      "it lies outside the project's folder, where references do not lead",
      false,
    ],
    [
      "that a link leads to outside",
      "specs/link.yaml",
      "it lies outside the project's folder, where references do not lead",
      false,
    ],
    [
      "in a folder that a link leads to outside",
      "specs/folder/secret.yaml",
      "it lies outside the project's folder, where references do not lead",
      false,
    ],
    ["with a NUL in its name", "specs/a\0.yaml", "it cannot be opened", false],
    ["by a URL of the disk", "file:///etc/passwd", "file:// is not read, only https", false],
    ["by a URL of data", "data:text/plain,a", "data:// is not read, only https", false],
  ])("are refused to a reference: one %s", async (_what, name, message, isMissing) => {
    const sources = openSources(projectFolder(), { maxBytes: 100 });
    await expect(sources.follow(name)).rejects.toMatchObject({ name: "SourceError", message, isMissing });
  });

  test("may lie outside when the user has named them, and so may what they refer to beside them", async () => {
    const own = openSources(projectFolder());
    expect(await own.open("../outside/secret.yaml")).toBe("secret: 1\n");
    expect(await own.follow("../outside/secret.yaml")).toBe("secret: 1\n");
    await expect(own.follow("../elsewhere.yaml")).rejects.toMatchObject({ name: "SourceError" });
  });

  test("are noted with their bytes, and those that are not there", async () => {
    const noted: [string, string | undefined][] = [];
    const noting = openSources(projectFolder(), { noted: (name, bytes) => noted.push([name, bytes?.toString("utf8")]) });
    await noting.open("specs/bom.yaml");
    await noting.follow("specs/none.yaml").catch(() => undefined);
    await noting.follow("../outside/secret.yaml").catch(() => undefined);
    expect(noted).toEqual([
      ["specs/bom.yaml", "\uFEFFa: 1\r\n"],
      ["specs/none.yaml", undefined],
    ]);
  });
});

describe("remote references", () => {
  test("lead nowhere, and nobody is asked, unless the configuration allows the host", async () => {
    const asked: string[] = [];
    const fetch = async (url: URL | RequestInfo) => {
      asked.push(String(url));
      return new Response("");
    };
    const folder = temporaryFolder({
      "api.yaml": `${HEAD}components: {schemas: {A: {$ref: "https://example.com/a.yaml"}, B: {$ref: "http://example.org/b"}}}\n`,
    });
    const { diagnostics } = await assembleDocument("api.yaml", openSources(folder, { fetch, remote: ["example.org"] }));
    expect(asked).toEqual([]);
    expect(diagnostics.map(({ severity, message, hint }) => `${severity}: ${message} → ${hint}`)).toEqual([
      'warning: "https://example.com/a.yaml" leads to nothing that can be read: references may not lead to example.com → allow the host in keyturn.config.yaml if you trust it: remote: [example.com]',
      'warning: "http://example.org/b" leads to nothing that can be read: http:// is not read, only https → undefined',
    ]);
  });

  test("are followed to a host that is allowed, with nothing that could identify anyone", async () => {
    const headers: object[] = [];
    const host = await serve((request, response) => {
      headers.push(request.headers);
      if (request.url === "/moved.yaml") response.writeHead(302, { location: "/deep/pet.yaml" }).end();
      else if (request.url === "/deep/pet.yaml") response.end("type: object\nproperties: {owner: {$ref: ../person.json}}\n");
      else response.end('{"type": "string"}');
    });
    const folder = temporaryFolder({
      "api.yaml": `${HEAD}components: {schemas: {A: {$ref: "http://${host}/moved.yaml"}}}\n`,
    });
    const { document, diagnostics, files } = await assembleDocument("api.yaml", openSources(folder, { remote: [host] }));
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(document?.root).toMatchObject({ components: { schemas: { A: { type: "object" } } } });
    expect(files.map(({ path: file }) => file)).toEqual([
      "api.yaml",
      `http://${host}/moved.yaml`,
      `http://${host}/person.json`,
    ]);
    for (const sent of headers) expect(Object.keys(sent)).not.toContain("cookie");
    for (const sent of headers) expect(Object.keys(sent)).not.toContain("authorization");
  });

  test.each<[string, RequestListener, string]>([
    [
      "redirects to a host that is not allowed",
      (_request, response) => response.writeHead(301, { location: "https://example.com/a" }).end(),
      "references may not lead to example.com",
    ],
    [
      "redirects round and round",
      (_request, response) => response.writeHead(301, { location: "/" }).end(),
      "redirects more than 5 times",
    ],
    ["answers with an error", (_request, response) => response.writeHead(500).end(), "answers with 500"],
    ["never ends", (_request, response) => response.writeHead(200).write("a"), "takes longer than 200 ms"],
    ["never answers", () => undefined, "takes longer than 200 ms"],
    ["sends too much", (_request, response) => response.end("x".repeat(2_000)), "it is longer than 0 MB"],
    ["breaks off", (_request, response) => response.destroy(), "cannot be reached"],
  ])("end where a host %s", async (_what, listener, reason) => {
    const host = await serve(listener);
    const timeoutMs = reason.startsWith("takes longer") ? 200 : NEVER_MS;
    const sources = openSources("/", { remote: [host], timeoutMs, maxBytes: 1_000 });
    await expect(sources.follow(`http://${host}/a.yaml`)).rejects.toThrow(reason);
  });

  test("carry no user or password", async () => {
    const sources = openSources("/", { remote: ["example.com"] });
    await expect(sources.follow("https://me:secret@example.com/a")).rejects.toThrow(
      "a URL with a user or password is not read",
    );
  });
});

test("an overlay whose target takes for ever is given up, with its place", async () => {
  const root = temporaryFolder({
    "api.yaml": `${HEAD}x: ${"a".repeat(60)}b\n`,
    "slow.yaml":
      "overlay: 1.0.0\ninfo: {title: A, version: '1'}\nactions:\n  - { target: \"$[?match(@, '(a+)+')]\", remove: true }\n",
  });
  const { diagnostics } = await assembleDocument("api.yaml", openSources(root, { timeoutMs: 200 }), {
    overlays: ["slow.yaml"],
  });
  expect(diagnostics).toMatchObject([
    { rule: "overlay", severity: "error", file: "slow.yaml", line: 4, message: "it takes longer than 0.2 s" },
  ]);
});
