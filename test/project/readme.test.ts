import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { startSandbox } from "../../src/sandbox/index.js";
import { codeBlocks, read } from "./papers.js";
import { errorsIn } from "./snippets.js";

const readme = read("README.md");
const snippets = codeBlocks(readme, "ts").map((block) => ({ page: "README.md", ...block }));

describe("README.md", () => {
  it("has snippets that compile under the flags of the project", { timeout: 60_000 }, () => {
    expect(snippets.length).toBeGreaterThan(2);
    expect(errorsIn(snippets)).toEqual([]);
  });

  it.each(codeBlocks(readme, "yaml"))("quotes its document word for word from line $line on", ({ code, line }) => {
    const before = readme.split("\n").slice(0, line).join("\n");
    const [document = ""] = before.match(/specs\/\w+\.yaml/g)?.slice(-1) ?? [];
    // A comment with nothing but an ellipsis stands for what was left out.
    const parts = code.split(/^ *# …\n/m);
    expect(parts.filter((part) => !read(document).includes(part))).toEqual([]);
  });
});

describe("the first call of README.md", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "keyturn-readme-"));
  afterEach(() => {
    vi.unstubAllGlobals();
    rmSync(folder, { recursive: true });
  });

  it("runs as it is printed, and sends what is printed below it", async () => {
    const [first] = snippets;
    const code = first?.code.replace('"./generated/', `"${packageFile("generated")}/`).replace("index.js", "index.ts") ?? "";
    const inputs = Object.fromEntries([...code.matchAll(/(\w+): "([^"]*)"/g)].map(([, name, value]) => [name, value]));
    const api = /generated\/(\w+)/.exec(code)?.[1] ?? "";
    const sandbox = await startSandbox({ documents: [{ path: packageFile(`specs/${api}.yaml`) }] });
    try {
      const { server: _, ...account } = inputs;
      sandbox.account(api, account);
      const { fetch } = globalThis;
      vi.stubGlobal("fetch", async (...asked: Parameters<typeof fetch>) => {
        const request = new Request(...asked);
        const { pathname, search } = new URL(request.url);
        const { method, headers } = request;
        const body = await request.text();
        return fetch(`${sandbox.url(api)}${pathname}${search}`, { method, headers, ...(body !== "" && { body }) });
      });
      const file = path.join(folder, "first-call.ts");
      writeFileSync(file, `${code}\nexport { data, error };\n`);
      const { data, error } = (await import(pathToFileURL(file).href)) as { data: unknown; error: unknown };
      expect(error).toBeUndefined();
      expect(data).toBeDefined();
      const sent = sandbox.requests.map(({ method, path }) => `${method} ${path}\n`).join("");
      expect(sent).toBe(codeBlocks(readme, "http")[0]?.code);
    } finally {
      await sandbox.close();
    }
  });
});
