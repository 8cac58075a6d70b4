import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../scripts/root.js";
import { projectFiles, prose, read } from "./papers.js";

const MAPS = ["ARCHITECTURE.md", "CONTRIBUTING.md"];
const pages = projectFiles().filter((file) => file.endsWith(".md") && !/^(?:generated|test\/(?:golden|fixtures))\//.test(file));
const files = projectFiles();
const folders = new Set(files.flatMap((file) => parents(file)));

describe.each(MAPS)("%s", (map) => {
  const named = [...prose(read(map)).matchAll(/`([^`\s]+)`/g)].map(([, name = ""]) => name).filter(isPath);

  it("names files", () => {
    expect(named.length).toBeGreaterThan(10);
  });

  it("names only files that exist", () => {
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });
});

describe("the tree of ARCHITECTURE.md", () => {
  it("has every folder at the top", () => {
    const named = [...read("ARCHITECTURE.md").matchAll(/^\| `([\w.]+)\/` \|/gm)].map(([, name]) => name);
    const atTop = [...folders].filter((folder) => !folder.includes("/") && !folder.startsWith("."));
    expect(atTop.filter((folder) => !named.includes(folder))).toEqual([]);
  });
});

describe("every page", () => {
  it.each(pages)("%s links only to files that exist", (page) => {
    const links = [...prose(read(page)).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(packageFile(path.posix.join(path.posix.dirname(page), target))))).toEqual([]);
  });

  it.each(pages)("%s links only to headings that are there", (page) => {
    const links = [...prose(read(page)).matchAll(/\]\(((?!https?:)[^)#\s]*)#([^)\s]+)\)/g)];
    const lost = links.filter(([, target = "", anchor = ""]) => {
      const file = target === "" ? page : path.posix.join(path.posix.dirname(page), target);
      return file.endsWith(".md") && !anchorsIn(read(file)).includes(anchor);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  it.each(pages)("%s tells only commands that package.json has", (page) => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const told = [...read(page).matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short ?? "",
    );
    expect(told.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

/** What a link may name of a page: its headings, as GitHub makes anchors of them, and what has one of its own. */
function anchorsIn(page: string): string[] {
  const text = prose(page);
  const seen = new Map<string, number>();
  const headings = [...text.matchAll(/^#{1,6} +(.*)$/gm)].map(([, title = ""]) => {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
  return [...headings, ...[...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = ""]) => name)];
}

/** A name with a folder of the project before a slash, or with an ending that its files have. */
function isPath(name: string): boolean {
  if (!/^[\w.<>*/-]+$/.test(name)) return false;
  const [first = ""] = name.split("/");
  return (name.includes("/") && folders.has(first)) || /\.(?:ts|md|json|ya?ml|hbs)$/.test(name);
}

/** `<…>` stands for any name, and a module may be named without its ending. */
function exists(name: string): boolean {
  const pattern = new RegExp(
    `^${name
      .replace(/[.]/g, "\\$&")
      .replace(/<[^>]+>|\*/g, "[^/]+")
      .replace(/\/$/, "")}(?:\\.ts)?$`,
  );
  return [...files, ...folders].some((file) => pattern.test(file));
}

function parents(file: string): string[] {
  const folder = path.posix.dirname(file);
  return folder === "." ? [] : [folder, ...parents(folder)];
}
