// The entries of the package as they are published: one file for each, and what they share beside them. A process that imports
// the runtime reads one file and not fifty, which is most of what a cold start costs.

import { readFileSync } from "node:fs";

const LIB = /^\.\/dist\/lib\/(.+)\.js$/;
const { exports } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const names = Object.values(exports).flatMap((entry) => LIB.exec(entry.default ?? "")?.[1] ?? []);

// biome-ignore lint/style/noDefaultExport: where rolldown looks
export default {
  input: Object.fromEntries(names.map((name) => [name, `dist/src/${name}.js`])),
  // What is not in this package stays an import: dependencies, optional peers, Node's own modules.
  external: /^[^./]/,
  platform: "neutral",
  output: { dir: "dist/lib", format: "esm", entryFileNames: "[name].js", chunkFileNames: "shared/[name].js", cleanDir: true },
};
