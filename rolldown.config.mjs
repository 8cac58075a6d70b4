// The entries of the package as they are published: one file for each, and one for what several of them share. A process that
// imports the runtime reads two files and not fifty, without comments: that is what a cold start costs least with. Names and
// lines stay, so that a stack trace can be read; the comments are in dist/src and in the types.

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
  output: {
    dir: "dist/lib",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
    cleanDir: true,
    comments: { annotation: true, jsdoc: false, legal: false },
    codeSplitting: {
      groups: [{ name: "common", test: /\/src\/(?:errors|signals|lifecycle\/.+)\.js$/, minShareCount: 2 }],
    },
  },
};
