/** Generates from one document after the other, in a process that has only so much memory; says what came of each. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { generateApi } from "../../scripts/generation/job.js";
import { BOMBS } from "./bombs.js";

setFlagsFromString("--max-old-space-size=1024");

const [templates = "", ...names] = process.argv.slice(2);
const root = mkdtempSync(path.join(tmpdir(), "keyturn-bomb-"));
try {
  for (const name of names) {
    writeFileSync(path.join(root, "api.yaml"), BOMBS[name]?.text() ?? "");
    const { files, diagnostics } = await generateApi({
      source: {
        name: "api",
        document: "api.yaml",
        overlays: [],
        include: { tags: [], paths: [], operationIds: [] },
        strict: false,
        remote: [],
      },
      project: { root, templates, runtime: "keyturn", command: "npx keyturn generate" },
    });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const small = files?.every(({ text }) => text.length < 200_000) === true ? files : undefined;
    process.stdout.write(`${JSON.stringify({ name, generates: files !== undefined, errors, files: small })}\n`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
