/**
 * What stands around a document: overlays and what they put into it, the names of files, the configuration. Whatever any of these
 * says, no text becomes code, nothing is written outside of the output folder, and every command ends with a message. A part of
 * the ways out is tried, another one at each place; `HOSTILE=full` tries all of them at each.
 */

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../scripts/config.js";
import { generateApi } from "../../scripts/generation/job.js";
import type { ApiSource } from "../../scripts/project.js";
import { packageFile } from "../../scripts/root.js";
import { temporaryFolder } from "../support/folder.js";
import { runIn } from "../support/shell.js";
import { BREAKOUTS } from "./breakouts.js";
import { everywhere, hostileDocument } from "./document.js";
import { leaks, plantedCall } from "./scan.js";

const TEXTS = Object.entries(BREAKOUTS).map(([name, breakout], id) => [name, breakout(plantedCall(id))] as const);

/** Every how many-th of them, begun at another one for each place. */
function some(every: number, from: number): typeof TEXTS {
  return process.env["HOSTILE"] === "full" ? TEXTS : TEXTS.filter((_text, index) => (index + from) % every === 0);
}

/** Generates from the files of a folder, and gives what the scanner finds; there are no errors but those that a document has. */
async function leaksOf(root: string, source: Partial<ApiSource>): Promise<string[]> {
  const { files = [], diagnostics } = await generateApi({
    source: {
      name: "api",
      document: "api.json",
      overlays: [],
      include: { tags: [], paths: [], operationIds: [] },
      strict: false,
      remote: [],
      ...source,
    },
    project: { root, templates: packageFile("templates"), runtime: "keyturn", command: "npx keyturn generate" },
  });
  expect(diagnostics.filter(({ rule }) => rule === "generator")).toEqual([]);
  expect(files.length + diagnostics.length).toBeGreaterThan(0);
  return leaks(files);
}

const SMALL = {
  openapi: "3.1.0",
  info: { title: "Small", version: "1" },
  paths: { "/a": { get: { operationId: "a", tags: ["t"], responses: { 200: { description: "Done." } } } } },
};

const overlay = (...actions: object[]) =>
  JSON.stringify({ overlay: "1.1.0", info: { title: "Overlay", version: "1" }, actions });

/** Whether a file may have this name here; it is written then. */
function wrote(root: string, name: string, text: string): boolean {
  if (/[/\0]/.test(name) || name === "" || Buffer.byteLength(name) > 200) return false;
  writeFileSync(path.join(root, name), text);
  return true;
}

describe("an overlay", () => {
  test.each(some(6, 0))("that puts %s into every field leads to nothing but data", async (_name, text) => {
    const changed = overlay({ target: "$", update: hostileDocument(everywhere(text)) });
    const root = temporaryFolder({ "api.json": JSON.stringify(SMALL), "overlay.json": changed });
    expect(await leaksOf(root, { overlays: ["overlay.json"] })).toEqual([]);
  });

  test.each(some(6, 2))("whose target, name and words are %s leads to nothing but data", async (_name, text) => {
    const changed = JSON.stringify({
      overlay: "1.1.0",
      info: { title: text, version: text },
      extends: text,
      [text]: text,
      actions: [
        { target: text, description: text, update: { [text]: text } },
        { target: `$['${text}']`, update: { a: text } },
        { target: `$[?match(@.title, ${JSON.stringify(text)})]`, remove: true },
        { target: "$.info", update: { [text]: text, title: text } },
        { target: "$.info", copy: text },
      ],
    });
    const sound = overlay({ target: "$.info", update: { title: text, description: text, [text]: text } });
    const root = temporaryFolder({ "api.json": JSON.stringify(SMALL), "overlay.json": changed, "sound.json": sound });
    const file = `${text}.overlay.json`;
    wrote(root, file, sound);
    expect(await leaksOf(root, { overlays: ["overlay.json"] })).toEqual([]);
    expect(await leaksOf(root, { overlays: [file, "sound.json"] })).toEqual([]);
    expect(({} as Record<string, unknown>)["title"]).toBeUndefined();
  });
});

describe("a document", () => {
  test.each(some(6, 4))(
    "in a file that is named %s, with a reference to another, leads to nothing but data",
    async (_name, text) => {
      const root = temporaryFolder();
      const part = { $ref: `./${encodeURIComponent(wellFormed(text))}.part.json#/x` };
      const parts = JSON.stringify({ x: { type: "string", description: text } });
      const api = { ...SMALL, components: { schemas: { A: part, [text]: { $ref: `${text}.part.json#/x` } } } };
      wrote(root, `${text}.part.json`, parts);
      const document = `${text}.json`;
      const isThere = wrote(root, document, JSON.stringify(api));
      expect(await leaksOf(root, { document })).toEqual([]);
      if (!isThere) return;
      const { code, err } = await runIn(root, "generate", document);
      expect([0, 1, 2], err).toContain(code);
    },
  );
});

/** Fields of a configuration, each with the text in it. */
const CONFIGURED: Readonly<Record<string, (text: string) => object>> = {
  "the name of an API": (text) => ({ apis: { [text]: { document: "api.json" } } }),
  "the document": (text) => ({ apis: { api: { document: text } } }),
  "an overlay": (text) => ({ apis: { api: { document: "api.json", overlays: [text] } } }),
  "the name of the client": (text) => ({ apis: { api: { document: "api.json", client: text } } }),
  "what is included": (text) => ({
    apis: { api: { document: "api.json", include: { tags: [text], paths: [text, `*${text}*`], operationIds: [text, "a"] } } },
  }),
  "a host": (text) => ({ apis: { api: { document: "api.json", remote: [text] } } }),
  "the output folder": (text) => ({ apis: { api: { document: "api.json" } }, out: text }),
  "the runtime": (text) => ({ apis: { api: { document: "api.json" } }, runtime: text }),
  "the folder of templates": (text) => ({ apis: { api: { document: "api.json" } }, templates: text }),
  lint: (text) => ({
    apis: { api: { document: "api.json" } },
    lint: {
      rules: { [text]: "off" },
      ignore: [{ rule: text, pointer: `/${text}`, file: text, reason: text }],
      own: [{ id: text, message: text, hint: text, target: text, pattern: text, require: [text], forbid: [text] }],
    },
  }),
  "a rule of its own": (text) => ({
    apis: { api: { document: "api.json" } },
    lint: {
      own: [
        { id: "own", message: text, hint: text, target: "$.info", require: [text], enum: [text] },
        { id: "other", message: text, target: `$..[?search(@, ${JSON.stringify(text)})]`, forbid: true },
      ],
    },
  }),
  "a name that is not known": (text) => ({ apis: { api: { document: "api.json", [text]: text } }, [text]: text }),
};

describe.each(Object.entries(CONFIGURED))("a configuration with ways out in %s", (where, make) => {
  test("leads to clients that are data, or to a message, and to no file elsewhere", async () => {
    for (const [name, text] of some(18, Object.keys(CONFIGURED).indexOf(where))) {
      const above = temporaryFolder({ "a/b/project/api.json": JSON.stringify(SMALL) });
      const root = path.join(above, "a/b/project");
      writeFileSync(path.join(root, "keyturn.config.json"), JSON.stringify(make(text)));
      const { code, out, err } = await runIn(root, "lint" in make(text) ? "lint" : "generate");
      expect([0, 1, 2], `${name}: ${err}`).toContain(code);
      expect(out + err, name).not.toBe("");
      const written = filesBelow(above).filter((file) => !/project\/(?:api|keyturn\.config)\.json$/.test(file));
      expect(written.filter((file) => !/^a\/b\/project\//.test(file) || !/^[\w./-]+$/.test(path.basename(file)))).toEqual([]);
    }
  });
});

describe("init", () => {
  test.each(some(8, 0))(
    "writes a configuration and an overlay that say what they should, of a document that holds %s",
    async (_name, text) => {
      const credentials = {
        type: "oauth2",
        description: text,
        flows: { clientCredentials: { tokenUrl: `https://api.example.com/token/${text}`, scopes: { [text]: text } } },
      };
      const api = {
        ...SMALL,
        info: { title: text, version: text, description: text },
        tags: [{ name: text }],
        paths: { [`/${text}`]: { post: { operationId: text, tags: [text], responses: { 200: { description: text } } } } },
        components: { securitySchemes: { [text]: credentials, other: { type: "http", scheme: "bearer", description: text } } },
        security: [{ [text]: [text] }],
      };
      const root = temporaryFolder({ "api.json": JSON.stringify(api) });
      const tags = text === "" ? [] : ["--include-tag", text];
      const { code, err } = await runIn(root, "init", "api.json", "--yes", "--lifecycles", `--runtime=${text || "x"}`, ...tags);
      if (code !== 0) {
        expect(err).toMatch(/^keyturn: |error/);
        return;
      }
      expect(await readConfig(path.join(root, "keyturn.config.yaml"))).toEqual({
        apis: {
          api: {
            document: "api.json",
            ...(existsSync(path.join(root, "api.overlay.yaml")) && { overlays: ["api.overlay.yaml"] }),
            ...(tags.length > 0 && { include: { tags: [text] } }),
          },
        },
        out: "generated",
        runtime: text || "x",
      });
      const generated = await runIn(root, "generate");
      // No JSONPath that the library reads can name some control characters.
      const isNamed = !/(?![\b\f\n\r\t])\p{Cc}|\p{Cs}/u.test(text);
      if (isNamed) expect(generated.err).not.toMatch(/error (?:overlay|overlay-target|syntax):/);
    },
  );
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** `encodeURIComponent` takes no half of a character. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, "\ufffd");
}
