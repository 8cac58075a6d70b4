import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mendDocument } from "../../scripts/mend/mend.js";
import { buildModel } from "../../scripts/model/build.js";
import { packageFile } from "../../scripts/root.js";
import { check } from "../../scripts/rules/index.js";
import { assembleDocument } from "../../scripts/spec/assemble.js";
import type { Document } from "../../scripts/spec/document.js";
import { memory } from "./memory.js";

const PAGE = readFileSync(packageFile("docs/overlays.md"), "utf8");

function example(kind: string): string {
  return new RegExp(`^\`\`\`yaml ${kind}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(PAGE)?.[1] ?? "";
}

async function read(overlay: string) {
  const files = { "specs/bank.yaml": example("document"), "specs/bank.overlay.yaml": overlay };
  const { document, diagnostics } = await assembleDocument("specs/bank.yaml", memory(files), {
    overlays: ["specs/bank.overlay.yaml"],
  });
  const mended = mendDocument(document as Document);
  return { document: mended.document, told: [...diagnostics, ...mended.diagnostics, ...check(mended.document)] };
}

describe("the example of docs/overlays.md", () => {
  it("gives a vendor's document tokens that turn, and nothing to complain of", async () => {
    const { document, told } = await read(example("overlay"));
    expect(told.map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`)).toEqual([]);
    const { operations, inputs, securitySchemes } = buildModel(document);
    expect(operations.map(({ name }) => name)).toEqual(["login", "extendSession", "listAccounts"]);
    expect(inputs.map(({ name }) => name)).toEqual(["user", "password", "fingerprint"]);
    expect(securitySchemes.map(({ name }) => name)).toEqual(["session"]);
    expect(document.root).toMatchObject({
      components: { schemas: { Session: { properties: { expires_in: { type: "integer" } } } } },
    });
  });

  it("shows a wrong lifecycle in the overlay, at its line", async () => {
    const overlay = example("overlay").replace("#/oauth_key", "#/oauth_kee");
    const { told } = await read(overlay);
    const line = overlay.split("\n").findIndex((text) => text.includes("oauth_kee")) + 1;
    expect(told).toMatchObject([
      { file: "specs/bank.overlay.yaml", line, rule: "lifecycle-response-pointer", severity: "error" },
    ]);
  });
});
