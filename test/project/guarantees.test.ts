import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { prose, read } from "./papers.js";

const PAGE = "docs/guarantees.md";
/** A file under `test/`, and the titles quoted from it. */
const QUOTE = /`((?:[\w-]+\/)+[\w.-]+\.ts)`: ("[^"]+"(?:, "[^"]+")*)/g;

const page = prose(read(PAGE));
const quotes = page
  .split("\n")
  .flatMap((line) =>
    [...line.matchAll(QUOTE)].flatMap(([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ line, file: `test/${file}`, title })),
    ),
  );

describe("docs/guarantees.md", () => {
  it("has a row for each of the behaviours B1 to B48, and each row names a test", () => {
    const rows = page.split("\n").flatMap((line) => /^\| (B\d+) \|/.exec(line)?.[1] ?? []);
    expect(rows).toEqual(Array.from({ length: 48 }, (_, index) => `B${index + 1}`));
    const named = new Set(quotes.map(({ line }) => line));
    const bare = page.split("\n").filter((line) => /^\| B\d+ \|/.test(line) && !named.has(line));
    expect(bare).toEqual([]);
  });

  it("quotes only titles of tests that exist", () => {
    expect(quotes.length).toBeGreaterThan(100);
    const wrong = quotes.filter(({ file, title }) => !existsSync(packageFile(file)) || !read(file).includes(title));
    expect(wrong.map(({ file, title }) => `${file} has no test "${title}"`)).toEqual([]);
  });

  it("calls a test that is known to fail a known fault, and no other line one", () => {
    const isKnownToFail = ({ file, title }: (typeof quotes)[number]) => {
      const text = read(file);
      return /\.fails(?:\.\w+)*\(\s*["'`]$/.test(text.slice(0, text.indexOf(title)));
    };
    const failing = quotes.filter(isKnownToFail);
    expect(failing.filter(({ line }) => !/known fault/i.test(line)).map(({ title }) => title)).toEqual([]);
    const said = page.split("\n").filter((line) => /\*\*known fault\*\*/i.test(line) && line.startsWith("|"));
    const stale = said.filter((line) => !failing.some((quote) => quote.line === line));
    expect(stale.map((line) => `no test that is quoted here is known to fail any more: ${line}`)).toEqual([]);
  });
});
