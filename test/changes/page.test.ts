import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CHANGE_KINDS } from "../../scripts/changes/change.js";
import { MAX_PAIRS } from "../../scripts/changes/schemas.js";
import { packageFile } from "../../scripts/root.js";

const PAGE = readFileSync(packageFile("docs/changes.md"), "utf8");

test("docs/changes.md says what every kind of change means, once", () => {
  const table = PAGE.slice(PAGE.indexOf("| Kind | Impact |"));
  const kinds = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind),
  );
  expect(kinds.toSorted()).toEqual(CHANGE_KINDS.toSorted());
  expect(table).toContain(MAX_PAIRS.toLocaleString("en"));
});
