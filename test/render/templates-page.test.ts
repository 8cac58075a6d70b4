/** What `docs/templates.md` says of views and helpers is what there is. `UPDATE_DOCS=1` writes its tables anew. */

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ALLOWED } from "../../scripts/render/allowed.js";
import { ADDED, SHAPES, type Shape, VIEW_VERSION, type ViewShape } from "../../scripts/render/shapes.js";
import { packageFile } from "../../scripts/root.js";

const PAGE = packageFile("docs/templates.md");

test("the page has every helper and every field, and no others", () => {
  const page = readFileSync(PAGE, "utf8");
  const wanted = page
    .replace(part("helpers"), `$1\n${helpersTable()}\n$2`)
    .replace(part("views"), () => `<!-- views -->\n${viewTables()}\n<!-- /views -->`);
  if (process.env["UPDATE_DOCS"]) writeFileSync(PAGE, wanted);
  else expect(page).toBe(wanted);
});

test("the page names the version of the views", () => {
  expect(readFileSync(PAGE, "utf8")).toContain(`\`viewVersion: ${VIEW_VERSION}\``);
});

function part(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->)[\\s\\S]*(<!-- /${name} -->)`);
}

function helpersTable(): string {
  const rows = Object.entries(ALLOWED).map(([name, { context, takes }]) => {
    return `| \`${name}\` | ${context} | ${takes.map((kinds) => (kinds.length > 2 ? "any value" : kinds.join(" or "))).join(", then ")} |`;
  });
  return ["", "| Helper | Prints its value | Takes |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function viewTables(): string {
  const files = Object.entries(SHAPES).filter(([file]) => file !== "index.ts");
  const tables = files.map(([file, shape]) => `### \`${file}.hbs\`\n\n${shape.about}\n\n${table(shape)}`);
  const whole = Object.entries(ADDED.fields).map(([name, field]) => row(name, field));
  const added = ["| Field | Kind | |", "| --- | --- | --- |", ...whole].join("\n");
  return ["", ...tables, `### Added files\n\n${ADDED.about}\n\n${added}`, ""]
    .join("\n\n")
    .trim()
    .replace(/^/, "\n")
    .concat("\n");
}

function table(shape: ViewShape): string {
  return ["| Field | Kind | |", "| --- | --- | --- |", ...rows("", shape)].join("\n");
}

function rows(prefix: string, { fields }: ViewShape): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    row(`${prefix}${name}`, field),
    ...inner(`${prefix}${name}`, field),
  ]);
}

function inner(place: string, shape: Shape): string[] {
  if (shape.kind === "view") return rows(`${place}.`, shape);
  return shape.kind === "list" ? inner(`${place}[]`, shape.each) : [];
}

function row(place: string, shape: Shape): string {
  const kind = shape.kind === "list" ? `list of ${shape.each.kind}` : shape.kind;
  return `| \`${place}\` | ${kind} | ${shape.about} |`;
}
