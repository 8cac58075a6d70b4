import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openCache } from "../scripts/cache.js";
import { openThreads } from "../scripts/generation/threads.js";
import { runProject } from "../scripts/generation.js";
import { openProject } from "../scripts/project.js";
import { problemsText } from "../scripts/report.js";
import { temporaryFolder } from "./support/folder.js";

/** A vendor's document in four files, as it was delivered, and what its user knows of it in a fifth. */
const FILES = {
  "keyturn.config.yaml": "apis: {vendor: {document: vendor/api.yaml, overlays: [own/vendor.overlay.yaml]}}\n",
  "vendor/api.yaml": `openapi: 3.0.3
info: {title: Vendor, version: "1"}
servers: [{url: https://api.example.com}]
security: [{session: []}]
paths:
  /users: {$ref: paths/users.yaml}
  /login:
    post:
      operationId: login
      security: []
      requestBody: {content: {application/json: {schema: {$ref: schemas.yaml#/Login}}}}
      responses:
        "200": {description: Tokens., content: {application/json: {schema: {$ref: schemas.yaml#/Tokens}}}}
components:
  securitySchemes: {session: {type: http, scheme: bearer}}
`,
  "vendor/paths/users.yaml": `get:
  operationId: listUsers
  responses:
    "200": {description: Users., content: {application/json: {schema: {type: array, items: {$ref: ../schemas.yaml#/User}}}}}
    default: {$ref: ../responses.json#/Error}
`,
  "vendor/schemas.yaml": `Login: {type: object, required: [user, password], properties: {user: {type: string}, password: {type: string}}}
Tokens: {type: object, required: [token], properties: {token: {type: string}}}
User: {type: object, properties: {id: {type: string}, boss: {$ref: "#/User"}}}
`,
  "vendor/responses.json": '{"Error": {"description": "Wrong.", "content": {"text/plain": {"schema": {"type": "string"}}}}}\n',
  "own/vendor.overlay.yaml": `overlay: 1.0.0
info: {title: Lifecycles, version: "1"}
extends: ../vendor/api.yaml
actions:
  - target: $.components.securitySchemes.session
    update:
      x-token-lifecycle:
        obtain:
          operationId: login
          requestBody: {payload: {user: $inputs.user, password: $inputs.password}}
          outputs: {accessToken: $response.body#/token}
`,
};

async function run(root: string) {
  const threads = openThreads();
  const [result] = await runProject(await openProject(root), { mode: "write", cache: openCache(root, process.env), threads });
  if (result === undefined) throw new Error("there is no API");
  return result;
}

describe("a document of several files with an overlay", () => {
  test("is generated, and again when one of its files has changed, or one that was missing is there", async () => {
    const root = temporaryFolder({ ...FILES, "node_modules/.keep": "" });
    const status = async () => (await run(root)).status;
    expect(await status()).toBe("changed");
    expect(await status()).toBe("unchanged");
    for (const [file, from, to] of [
      ["vendor/schemas.yaml", "{id:", "{key:"],
      ["vendor/paths/users.yaml", "Users.", "All users."],
      ["own/vendor.overlay.yaml", "obtain:", "leeway: PT2M\n        obtain:"],
    ] as const) {
      writeFileSync(path.join(root, file), FILES[file].replace(from, to));
      expect([file, await status()]).toEqual([file, "changed"]);
      expect([file, await status()]).toEqual([file, "unchanged"]);
    }

    rmSync(path.join(root, "vendor/responses.json"));
    const { diagnostics } = await run(root);
    expect(diagnostics.map(({ file, line, severity, rule }) => [file, line, severity, rule])).toContainEqual([
      "vendor/paths/users.yaml",
      5,
      "warning",
      "local-reference",
    ]);
    expect(await status()).toBe("unchanged");
    writeFileSync(path.join(root, "vendor/responses.json"), FILES["vendor/responses.json"]);
    expect(await status()).toBe("changed");
    expect((await run(root)).diagnostics.map(({ rule }) => rule)).not.toContain("local-reference");
  });

  test("shows what is wrong in the file in which it was written", async () => {
    const root = temporaryFolder({
      ...FILES,
      "own/vendor.overlay.yaml": FILES["own/vendor.overlay.yaml"].replace("#/token", "#/tokem"),
    });
    const result = await run(root);
    expect(result.status).toBe("failed");
    const text = problemsText([result], { isColoured: false, isVerbose: true });
    expect(text).toContain("own/vendor.overlay.yaml:11:");
    expect(text).toContain("outputs: {accessToken: $response.body#/tokem}");
    expect(text).toContain('did you mean "token"?');
  });
});
