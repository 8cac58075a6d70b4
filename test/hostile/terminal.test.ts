/**
 * What commands print of strangers' texts: no control character of a document, of an overlay, of a configuration or of the name of
 * a file reaches the terminal, as it is or in JSON. Whoever sees the output of a command sees what the command says.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { dispatch } from "../../scripts/commands/dispatch.js";
import { temporaryFolder } from "../support/folder.js";
import { testShell } from "../support/shell.js";
import { everywhere, FIELDS, hostileDocument, LIFECYCLE_FIELDS, onlyIn } from "./document.js";

/** Colours that the commands themselves use, an erased line, a cleared screen, a title of the window, old controls, turned writing. */
const CONTROLS = "\u001b[31mpwned\r\u001b[2Kpwned\u001b[2J\u001b]0;pwned\u0007\u009b1m\u202epwned\u2066\b\u007f\u2028";

const ESCAPE = "\u001b";
const OWN = new RegExp(`(?:${ESCAPE}\\[(?:[0-2]|3[1-6])m|\r${ESCAPE}\\[2K)+(?!pwned)`, "g");

/** A text without what the commands write for themselves. */
function foreign(text: string): string[] {
  const rest = text.replace(OWN, "");
  return [...rest.matchAll(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu)].map(({ index }) =>
    JSON.stringify(rest.slice(Math.max(0, index - 30), index + 10)),
  );
}

async function printed(folder: string, ...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  let code = 0;
  for (const isTTY of [true, false]) {
    const run = testShell(folder, { isTTY, env: { TERM: "xterm" }, ended: () => Promise.resolve(0) });
    code = await dispatch(args, run.shell);
    text += run.printed.out + run.printed.err;
    expect(foreign(run.printed.out + run.printed.err)).toEqual([]);
  }
  return { code, text };
}

/** A document that clients come of, with controls in all that is not a lifecycle, and in a lifecycle that is right. */
function document(but: (field: string) => boolean = () => false): string {
  const planted = FIELDS.filter((field) => !LIFECYCLE_FIELDS.includes(field) && !but(field));
  const whole = hostileDocument(onlyIn(planted, CONTROLS)) as Hostile;
  for (const { post } of Object.values(whole.paths)) for (const parameter of post?.parameters ?? []) delete parameter["x-fill"];
  const { [CONTROLS]: scheme, ...others } = whole.components.securitySchemes;
  delete scheme?.["x-token-lifecycle"];
  const tokens = { type: "string" };
  const answer = { schema: { properties: { token: tokens, reason: tokens }, required: ["token"] } };
  const asked = { schema: { properties: { name: { type: "string" }, [CONTROLS]: { type: "string" } } } };
  const lifecycle = {
    inputs: {
      type: "object",
      required: ["name"],
      properties: { name: { type: "string", description: CONTROLS }, other: { enum: [CONTROLS] } },
    },
    obtain: {
      operationId: `login${CONTROLS}`,
      requestBody: { contentType: "application/json", payload: { name: "$inputs.name", [CONTROLS]: { literal: CONTROLS } } },
      outputs: { accessToken: "$response.body#/token" },
      onFailure: { "credentials-rejected": `$response.body#/reason == '${CONTROLS}'` },
    },
    expires: { accessToken: { after: "PT1H" } },
  };
  return JSON.stringify({
    ...whole,
    paths: {
      ...whole.paths,
      [`/login${CONTROLS}`]: {
        post: {
          operationId: `login${CONTROLS}`,
          security: [],
          requestBody: { required: true, content: { "application/json": asked } },
          responses: {
            200: { description: "In.", content: { "application/json": answer } },
            401: { description: "Refused.", content: { "application/json": answer } },
          },
        },
      },
    },
    components: {
      ...whole.components,
      securitySchemes: {
        ...others,
        [CONTROLS]: scheme,
        [`token${CONTROLS}`]: {
          type: "http",
          scheme: "bearer",
          description: CONTROLS,
          "x-token-lifecycle": lifecycle,
        },
      },
    },
  });
}

interface Hostile {
  readonly paths: Record<string, { readonly post?: { readonly parameters: Record<string, unknown>[] } }>;
  readonly components: { readonly securitySchemes: Record<string, Record<string, unknown>> };
}

describe("no control character of a document reaches the terminal", () => {
  test.each(["human", "json", "sarif", "github"])("from lint, in the form %s", async (format) => {
    const folder = temporaryFolder({ "specs/own.json": JSON.stringify(hostileDocument(everywhere(CONTROLS))) });
    const { text } = await printed(folder, "lint", "--all", "--format", format);
    expect(text).toContain("pwned");
  });

  test.each([[[]], [["--json"]], [["--verbose"]], [["--strict"]]])("from generate %s", async (flags) => {
    const folder = temporaryFolder({ "specs/own.json": document() });
    const { code, text } = await printed(folder, "generate", ...flags);
    expect(code, text).toBe(flags.includes("--strict") ? 1 : 0);
    expect(text).toContain("own");
  });

  test.each(["human", "json", "github"])("from check, in the form %s", async (format) => {
    const folder = temporaryFolder({ "specs/own.json": document() });
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: folder });
    await printed(folder, "generate");
    git("init", "-q");
    git("add", "-A");
    git("-c", "commit.gpgsign=false", "commit", "-q", "-m", "change");
    writeFileSync(
      path.join(folder, "specs/own.json"),
      document((field) => /^(?:operationId|path key|enum value|property)/.test(field)),
    );
    const { code, text } = await printed(folder, "check", "--all", "--format", format);
    expect(code, text).toBe(4);
    expect(text).toContain("pwned");
  });

  test.each(["text", "mermaid", "svg", "json"])("from explain, in the form %s", async (format) => {
    const folder = temporaryFolder({ "specs/own.json": document() });
    const { code, text } = await printed(folder, "explain", "--format", format);
    expect(code, text).toBe(0);
    expect(text).toContain("pwned");
  });

  test.each([[["--yes"]], [["--yes", "--json"]]])("from init %s", async (flags) => {
    const folder = temporaryFolder({ "own.json": document() });
    const { text } = await printed(folder, "init", "own.json", "--force", "--lifecycles", ...flags);
    expect(text).toContain("pwned");
  });

  test.each([[[]], [["--json"]]])("from sandbox %s", async (flags) => {
    const folder = temporaryFolder({ "specs/own.json": document() });
    const { text } = await printed(folder, "sandbox", ...flags);
    expect(text).toContain("http://127.0.0.1:");
  });

  test("from the lines of a sandbox about requests", async () => {
    const folder = temporaryFolder({ "specs/own.json": document() });
    let end: (code: number) => void = () => {};
    const ended = () =>
      new Promise<number>((resolve) => {
        end = resolve;
      });
    const { shell, printed: seen } = testShell(folder, { isTTY: true, env: { TERM: "xterm" }, ended });
    const result = dispatch(["sandbox", "--port", "0"], shell);
    await expect.poll(() => seen.out).toContain("Ctrl+C");
    const [origin = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(seen.out) ?? [];
    for (const path of [`/own/login${CONTROLS}`, `/own/${CONTROLS}/login${CONTROLS}`, "/own/unnamed", `/${CONTROLS}`])
      await fetch(`${origin}${encodeURI(path)}`, { method: "POST", headers: { "X-Own": "x" }, body: CONTROLS.slice(0, 9) });
    await expect.poll(() => seen.out.match(/POST/g)?.length).toBe(4);
    end(0);
    expect(await result).toBe(0);
    expect(foreign(seen.out + seen.err)).toEqual([]);
  });
});

/** A name for a file: without a slash and a null, which no name has. */
const FILE = `a${CONTROLS}.json`;

describe("no control character of what stands around a document reaches the terminal", () => {
  test.each(["lint", "generate", "check", "explain"])("from %s of a file that is named with some", async (command) => {
    const folder = temporaryFolder({ [`specs/${FILE}`]: document() });
    expect((await printed(folder, command)).text).toContain("pwned");
    expect((await printed(folder, command, `specs/${FILE}`)).text).toContain("pwned");
    expect((await printed(folder, command, `specs/no${FILE}`)).text).toContain("pwned");
  });

  test.each(["lint", "generate"])("from %s with an overlay that has some", async (command) => {
    const actions = [
      { target: `$['${CONTROLS}']`, remove: true },
      { target: CONTROLS, remove: CONTROLS },
      { target: "$.info", update: CONTROLS, [CONTROLS]: 1 },
    ];
    const overlay = { overlay: CONTROLS, info: { title: CONTROLS, version: CONTROLS }, extends: CONTROLS, actions };
    for (const version of ["1.1.0", CONTROLS]) {
      const folder = temporaryFolder({
        "specs/own.json": document(),
        "specs/own.overlay.json": JSON.stringify({ ...overlay, overlay: version }),
      });
      expect((await printed(folder, command)).text).toContain("pwned");
    }
  });

  test.each(["lint", "generate", "check"])("from %s with references to files that are named with some", async (command) => {
    const schemas = { A: { $ref: `./${FILE}#/x` }, B: { $ref: `https://${CONTROLS}.example/x` }, C: { $ref: CONTROLS } };
    const api = { openapi: "3.1.0", info: { title: "A", version: "1" }, paths: {}, components: { schemas } };
    const folder = temporaryFolder({ "specs/own.json": JSON.stringify(api) });
    expect((await printed(folder, command)).text).toContain("pwned");
  });

  test.each(["lint", "generate"])("from %s with a configuration that has some", async (command) => {
    const own = [{ id: "own", message: CONTROLS, hint: CONTROLS, target: "$", forbid: true }];
    const apis = { own: { document: "specs/own.json", include: { tags: [CONTROLS] } } };
    for (const config of [
      { apis: { [CONTROLS]: { document: CONTROLS, [CONTROLS]: CONTROLS } } },
      { apis: { own: { document: CONTROLS, overlays: [CONTROLS] } }, out: CONTROLS, templates: CONTROLS },
      { apis, lint: { own, rules: { [CONTROLS]: "off" }, ignore: [{ rule: CONTROLS }] } },
      { apis, lint: { own }, runtime: CONTROLS },
    ]) {
      const folder = temporaryFolder({ "specs/own.json": document(), "keyturn.config.json": JSON.stringify(config) });
      expect((await printed(folder, command)).text).not.toBe("");
    }
  });
});
