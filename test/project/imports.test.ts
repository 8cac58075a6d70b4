import { describe, expect, it } from "vitest";
import { globalsOf, type Import, importsOf, reachedFrom, sourceFiles } from "./graph.js";
import { read } from "./papers.js";

/** One row of the table "Who may import whom". */
interface Row {
  readonly module: string;
  readonly may: readonly Permission[];
  readonly mustNot: readonly string[];
}

interface Permission {
  readonly name: string;
  readonly typesOnly: boolean;
}

const rows = tableOf(read("ARCHITECTURE.md"));
const files = ["src", "scripts", "generated"].flatMap(sourceFiles);
const imports = files.flatMap(importsOf);

describe("the table of ARCHITECTURE.md", () => {
  it("has a row for every file, and a file for every row", () => {
    expect(files.filter((file) => rowOf(file) === undefined)).toEqual([]);
    const used = new Set(files.map(rowOf));
    expect(rows.filter((row) => !used.has(row)).map(({ module }) => module)).toEqual([]);
  });

  it("allows every import", () => {
    const broken = imports.filter((one) => !isAllowed(one));
    expect(
      broken.map(({ from, line, to }) => `${from}:${line} must not import ${to}; change ARCHITECTURE.md or the import`),
    ).toEqual([]);
  });

  it("allows nothing that nobody imports", () => {
    const unused = rows.flatMap(({ module, may }) =>
      may
        .filter(({ name }) => !imports.some(({ from, to }) => rowOf(from)?.module === module && covers(name, to)))
        .map(({ name }) => `${module} may import ${name}, and does not`),
    );
    expect(unused).toEqual([]);
  });
});

describe("a store", () => {
  it("shares its library with no other, so that whoever needs one does not load the rest", () => {
    const { peerDependencies } = JSON.parse(read("package.json")) as { peerDependencies: Record<string, string> };
    for (const library of Object.keys(peerDependencies)) {
      const users = new Set(imports.filter(({ to }) => to === library).map(({ from }) => from));
      expect(users.size, library).toBe(1);
    }
  });
});

describe("the runtime's entry", () => {
  const reached = reachedFrom("src/index.ts");

  it("reaches openapi-fetch and no other package", () => {
    expect([...reached].filter((module) => !module.startsWith("src/"))).toEqual(["openapi-fetch"]);
  });

  it("reaches the store in memory and no other, no sandbox, and nothing that reads documents", () => {
    const stores = [...reached].filter((file) => /^src\/(?:stores|sandbox)\//.test(file));
    expect(stores.sort()).toEqual(["src/stores/memory.ts", "src/stores/store.ts"]);
    expect(reached).not.toContain("src/lifecycle/definition.ts");
  });

  it.each(["client", "errors", "lifecycle/expression", "tokens/send"])(
    "reaches src/%s.ts, so that this walk sees something",
    (file) => {
      expect(reached).toContain(`src/${file}.ts`);
    },
  );

  it("uses no global that only Node has", () => {
    const node = [
      "process",
      "Buffer",
      "global",
      "require",
      "module",
      "__dirname",
      "__filename",
      "setImmediate",
      "clearImmediate",
    ];
    const used = [...reached].filter((file) => file.endsWith(".ts")).flatMap((file) => globalsOf(file, node));
    expect(used).toEqual([]);
  });
});

describe("the toolkit", () => {
  it("touches process and console in commands, in cli.ts and in the demo alone", () => {
    const mayTouch = /^scripts\/(?:commands|demo|cli\.ts)/;
    const others = files.filter((file) => file.startsWith("scripts/") && !mayTouch.test(file));
    const touched = others.flatMap((file) => globalsOf(file, ["process", "console"]));
    // Its version, its number and its memory are facts about the process; everything else is a say in how it goes. With signal
    // 0 `kill` asks whether a process is there, and a library that talks has to be kept from the console.
    const facts =
      /^scripts\/files\.ts:\d+ process\.kill$|^scripts\/model\/examples\.ts:\d+ console|^\S+ process\.(?:version|pid|constrainedMemory)$/;
    expect(touched.filter((use) => !facts.test(use))).toEqual([]);
  });
});

describe("src/", () => {
  it("has no import cycle", () => {
    expect(cyclesAmong(files.filter((file) => file.startsWith("src/")))).toEqual([]);
  });
});

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const row = rowOf(from);
  if (row === undefined) return false;
  if (row.mustNot.some((name) => covers(name, to))) return false;
  if (rowOf(to) === row && instanceOf(row.module, from) === instanceOf(row.module, to)) return true;
  return row.may.some(({ name, typesOnly }) => covers(name, to) && (typeOnly || !typesOnly));
}

/** The row with the longest name that covers a file. */
function rowOf(file: string): Row | undefined {
  return rows
    .filter(({ module }) => instanceOf(module, file) !== undefined)
    .sort((a, b) => b.module.length - a.module.length)[0];
}

/** The module that a file belongs to: `generated/<api>` is another one for each API. */
function instanceOf(module: string, file: string): string | undefined {
  const pattern = module.replace(/<\w+>/g, "[^/]+");
  return new RegExp(`^${pattern}(?=/|\\.ts$|$)`).exec(file)?.[0];
}

function covers(name: string, to: string): boolean {
  return name.endsWith(":") ? to.startsWith(name) : to === name || to === `${name}.ts` || to.startsWith(`${name}/`);
}

/** The table below "Who may import whom". */
function tableOf(page: string): Row[] {
  const section = page.slice(page.indexOf("## Who may import whom"));
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => {
    const [, module = "", may = "", mustNot = ""] = line.split("|");
    return {
      module: named(module)[0]?.name ?? "",
      may: named(may),
      mustNot: named(mustNot).map(({ name }) => name),
    };
  });
}

function named(cell: string): Permission[] {
  return [...cell.matchAll(/`([^`]+)`( \(types\))?/g)].map(([, name = "", types]) => ({
    name,
    typesOnly: types !== undefined,
  }));
}

/** Groups of files that reach each other by values. */
function cyclesAmong(members: readonly string[]): string[][] {
  const reaches = new Map(members.map((file) => [file, reachedFrom(file)]));
  const groups = members.map((file) =>
    members.filter((other) => other !== file && reaches.get(file)?.has(other) && reaches.get(other)?.has(file)),
  );
  const cycles = members.flatMap((file, index) => (groups[index]?.length ? [[file, ...groups[index]].sort().join(" ")] : []));
  return [...new Set(cycles.flat())].map((cycle) => cycle.split(" "));
}
