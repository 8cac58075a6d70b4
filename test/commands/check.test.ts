/** What `check` says of a change, against a real git repository. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn } from "../support/shell.js";

const MINIMAL = readFileSync(packageFile("test/fixtures/generate/minimal.yaml"), "utf8");

const AUTHOR = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "core.hooksPath="];

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", [...AUTHOR, ...args], { cwd: folder, encoding: "utf8" }).trim();
}

/** A repository whose one commit holds these files and the clients that they lead to. */
async function repository(files: Readonly<Record<string, string>> = { "specs/a.yaml": MINIMAL }): Promise<string> {
  const folder = temporaryFolder(files);
  git(folder, "init", "-q", "-b", "main");
  expect((await runIn(folder, "generate")).code).toBe(0);
  commit(folder);
  return folder;
}

function commit(folder: string): void {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "change");
}

function write(folder: string, file: string, text: string): void {
  writeFileSync(path.join(folder, file), text);
}

const RENAMED = MINIMAL.replace("operationId: ping", "operationId: pong");

/** The minimal document with one operation more. */
const MORE = MINIMAL.replace(
  /^paths:$/m,
  "paths:\n  /more:\n    get: { operationId: more, responses: { '200': { description: OK. } } }",
);

describe("a stale client", () => {
  test("is told with what changed since it was committed, by its worst with exit code 4", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", RENAMED);
    const { code, out, err } = await runIn(folder, "check");
    expect(code).toBe(4);
    expect(out).toMatch(/^generated\/a: stale/);
    expect(out).toMatch(/specs\/a\.yaml, since [0-9a-f]{7,} of \d{4}-\d\d-\d\d: 1 breaking change\n/);
    expect(out).toContain("✗ pong was called ping\n      specs/a.yaml:");
    expect(err).toContain("bring them up to date with: npx keyturn generate");
  });

  test("is compared with the document that it was made of, though others were committed since", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", RENAMED);
    commit(folder);
    write(folder, "README.md", "more");
    commit(folder);
    const { code, out } = await runIn(folder, "check");
    expect(code).toBe(4);
    expect(out).toContain("pong was called ping");
  });

  test("by safe changes alone ends with exit code 1", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", MORE);
    const { code, out } = await runIn(folder, "check");
    expect(code).toBe(1);
    expect(out).toContain("+ more (GET /more) is new");
  });

  test("whose document says nothing else is told so", async () => {
    const folder = await repository();
    write(folder, "generated/a/client.ts", "// mine");
    const { code, out } = await runIn(folder, "check");
    expect(code).toBe(1);
    expect(out).toContain("the document says nothing else to users of the client");
  });

  test("may be so by what its references find at hosts, which has no history", async () => {
    const config = 'apis: { a: { document: specs/a.yaml, remote: ["api.example.com"] } }';
    const folder = await repository({ "specs/a.yaml": MINIMAL, "keyturn.config.yaml": config });
    write(folder, "generated/a/client.ts", "// mine");
    const { out } = await runIn(folder, "check");
    expect(out).toContain(
      "what its references find at hosts, keyturn, its templates, or the files themselves are what changed",
    );
  });

  test("is told by its files alone outside of a repository, and before it was ever committed", async () => {
    const folder = temporaryFolder({ "specs/a.yaml": MINIMAL, ".git": "gitdir: /nowhere\n" });
    await runIn(folder, "generate");
    write(folder, "specs/a.yaml", RENAMED);
    const without = await runIn(folder, "check");
    expect(without.code).toBe(1);
    expect(without.out).toContain("this is no git repository, or git is not installed");

    rmSync(path.join(folder, ".git"));
    git(folder, "init", "-q");
    const uncommitted = await runIn(folder, "check");
    expect(uncommitted.code).toBe(1);
    expect(uncommitted.out).toContain("the client was never committed");
  });

  test("in a shallow clone is told that there is no more to see", async () => {
    const origin = await repository();
    write(origin, "specs/a.yaml", RENAMED);
    commit(origin);
    const folder = temporaryFolder();
    git(folder, "clone", "-q", "--depth", "1", `file://${origin}`, "clone");
    const { code, out } = await runIn(path.join(folder, "clone"), "check");
    expect(code).toBe(1);
    expect(out).toContain("clone with the whole history (fetch-depth: 0)");
  });

  test("that was never generated is new to everybody", async () => {
    const folder = await repository();
    write(folder, "specs/b.yaml", MINIMAL);
    const { code, out } = await runIn(folder, "check");
    expect(code).toBe(1);
    expect(out).toContain("generated/b: stale, 6 files are missing\n");
    expect(out).not.toContain("since");
  });
});

describe("--against", () => {
  test("compares with a commit though nothing is stale", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", RENAMED);
    await runIn(folder, "generate");
    commit(folder);
    expect((await runIn(folder, "check")).code).toBe(0);
    const { code, out } = await runIn(folder, "check", "--against", "HEAD~1");
    expect(code).toBe(4);
    expect(out).toContain("generated/a: up to date");
    expect(out).toContain("pong was called ping");
    expect((await runIn(folder, "check", "--against", "HEAD")).code).toBe(0);
  });

  test("lets safe changes pass, unless it is told otherwise", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", MORE);
    await runIn(folder, "generate");
    expect((await runIn(folder, "check", "--against", "main")).code).toBe(0);
    expect((await runIn(folder, "check", "--against", "main", "--fail-on", "safe")).code).toBe(1);
  });

  test("lets breaking changes alone fail where it is told so", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", MINIMAL.replace('"200":', '"201": { description: Made. }\n        "200":'));
    await runIn(folder, "generate");
    expect((await runIn(folder, "check", "--against", "main")).code).toBe(3);
    expect((await runIn(folder, "check", "--against", "main", "--fail-on", "breaking")).code).toBe(0);
  });

  test("knows APIs that came and went, and those that the configuration moved", async () => {
    const config = (apis: string) => `apis:\n${apis}out: generated\n`;
    const folder = await repository({
      "keyturn.config.yaml": config("  a: { document: specs/a.yaml }\n  gone: { document: specs/gone.yaml }\n"),
      "specs/a.yaml": MINIMAL,
      "specs/gone.yaml": MINIMAL,
    });
    write(folder, "moved.yaml", RENAMED);
    write(folder, "keyturn.config.yaml", config("  a: { document: moved.yaml }\n  fresh: { document: specs/a.yaml }\n"));
    await runIn(folder, "generate");
    const { code, out } = await runIn(folder, "check", "--against", "main", "--json");
    const { apis, exit } = JSON.parse(out);
    expect([code, exit]).toEqual([4, 4]);
    expect(
      apis.map(({ api, changes }: { api: string; changes: { kind: string }[] }) => [api, changes.map(({ kind }) => kind)]),
    ).toEqual([
      ["a", ["operation-renamed"]],
      ["fresh", ["api-added"]],
      ["gone", ["api-removed"]],
    ]);
  });

  test("writes annotations", async () => {
    const folder = await repository();
    write(folder, "specs/a.yaml", RENAMED);
    const { out } = await runIn(folder, "check", "--against", "main", "--format", "github");
    expect(out).toMatch(
      /^::error file=specs\/a\.yaml,line=\d+,col=\d+,title=breaking%3A operation-renamed::pong was called ping$/m,
    );
  });

  test("annotates that a client is stale and what is wrong with documents as well", async () => {
    const folder = await repository({ "specs/a.yaml": MINIMAL, "specs/b.yaml": MINIMAL });
    write(folder, "specs/a.yaml", RENAMED);
    write(folder, "specs/b.yaml", "openapi: 2");
    const { out, err } = await runIn(folder, "check", "--format", "github");
    expect(out).toMatch(/^::error file=specs\/b\.yaml,line=1,col=\d+,title=openapi-version::/m);
    expect(out).toMatch(/^::error file=specs\/a\.yaml,line=1,col=1,title=stale client::generated\/a: stale/m);
    expect(err).not.toContain("openapi-version");
  });

  test("compares the operations that the client has, before and now", async () => {
    const both = MINIMAL.replace(
      /^paths:$/m,
      "paths:\n  /more:\n    get: { operationId: more, tags: [x], responses: { '200': { description: OK. } } }",
    );
    const config = (ids: string) => `apis:\n  a: { document: a.yaml, include: { operationIds: [${ids}] } }\n`;
    const folder = await repository({ "a.yaml": both, "keyturn.config.yaml": config("ping") });
    write(folder, "a.yaml", both.replace("tags: [x]", "deprecated: true"));
    expect((await runIn(folder, "check", "--against", "main")).out).toContain("no changes");
    write(folder, "keyturn.config.yaml", config("more"));
    const { code, out } = await runIn(folder, "check", "--against", "main");
    expect(code).toBe(4);
    expect(out).toContain("✗ ping (GET /ping) is gone");
    expect(out).toContain("+ more (GET /more) is new");
    const chosen = await runIn(folder, "check", "--against", "main", "--include-operation", "more");
    expect(chosen.out).toContain("+ more is now deprecated");
  });

  test.each([
    ["nonsense", 'git knows no commit "nonsense"'],
    ["--output=stolen", 'git knows no commit "--output=stolen"'],
    ["-h", 'git knows no commit "-h"'],
    ["main:specs/a.yaml", 'git knows no commit "main:specs/a.yaml"'],
    ["main\nmain", "git knows no commit"],
    ["", "--against needs a value"],
  ])("refuses %j with exit code 2", async (reference, message) => {
    const folder = await repository();
    const { code, err } = await runIn(folder, "check", `--against=${reference}`);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(existsSync(path.join(folder, "stolen"))).toBe(false);
  });

  test("needs a repository", async () => {
    const { code, err } = await runIn(
      temporaryFolder({ "specs/a.yaml": MINIMAL, ".git": "gitdir: /nowhere\n" }),
      "check",
      "--against",
      "main",
    );
    expect(code).toBe(2);
    expect(err).toContain("--against needs a git repository, and git");
  });
});
