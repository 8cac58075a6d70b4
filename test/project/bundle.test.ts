/** What a bundler keeps of the runtime for a generated client: what its document needs, and nothing else at first. */

import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";

/** The modules of the project and its dependencies of which something is left, in what is loaded at first and later. */
async function loadedBy(client: string): Promise<{ first: string[]; later: string[] }> {
  const bundle = await rolldown({ input: packageFile(client), platform: "browser", treeshake: { moduleSideEffects: false } });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const chunks = output.filter((chunk) => chunk.type === "chunk");
  const modulesOf = (isLater: boolean) =>
    chunks
      .filter((chunk) => chunk.isDynamicEntry === isLater)
      .flatMap(({ modules }) => Object.entries(modules))
      .flatMap(([id, { renderedLength }]) =>
        renderedLength > 0 ? [/(?:src\/|node_modules\/)(.+?)(?:\.ts|\/dist.*)$/.exec(id)?.[1] ?? id] : [],
      );
  return { first: modulesOf(false), later: modulesOf(true) };
}

const FEATURES = [
  "fill",
  "lifecycle/functions",
  "tokens/challenge",
  "tokens/initial",
  "tokens/lost",
  "tokens/revoke",
  "tokens/slot",
  "wire/multipart",
  "wire/streams",
  "wire/styles",
];

describe("a bundle", () => {
  it.each<[string, string[]]>([
    ["test/golden/no-security/client.ts", []],
    ["test/golden/minimal/client.ts", []],
    ["test/golden/wire/client.ts", ["wire/multipart", "wire/streams", "wire/styles"]],
    ["test/golden/fill/client.ts", ["fill", "lifecycle/functions"]],
    ["test/golden/name-clash/client.ts", ["tokens/slot"]],
    ["generated/onmeta/client.ts", ["lifecycle/functions", "tokens/lost", "tokens/slot"]],
    [
      "generated/finapi/client.ts",
      ["fill", "lifecycle/functions", "tokens/challenge", "tokens/lost", "tokens/revoke", "tokens/slot", "wire/styles"],
    ],
  ])("of %s has the features of its document: %j", async (client, features) => {
    const { first } = await loadedBy(client);
    expect(first).toContain("call");
    expect(FEATURES.filter((feature) => first.includes(feature))).toEqual(features);
  });

  it("has openapi-fetch, the way through it, and the one along a redirect apart from what is loaded at first", async () => {
    const { first, later } = await loadedBy("generated/onmeta/client.ts");
    expect(later.sort()).toEqual(["openapi-fetch", "through-openapi-fetch", "tokens/follow"]);
    expect(first.filter((module) => later.includes(module))).toEqual([]);
  });
});
