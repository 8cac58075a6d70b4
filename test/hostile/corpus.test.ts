/**
 * Every field of a document with every way out, of which none leads to code. Each is tried in all fields at once, so that
 * whatever is put together of several fields is met, and every fourth among others that are all different. `HOSTILE=full` tries
 * each in each field alone as well, some thirty thousand documents, and `HOSTILE=10` every tenth of these.
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderDocument } from "../support/render-document.js";
import { BREAKOUTS } from "./breakouts.js";
import { everywhere, FIELDS, hostileDocument, onlyIn, type Plant } from "./document.js";
import { leaks, plantedCall } from "./scan.js";
import { openWorkshop, type Workshop } from "./workshop.js";

const TEXTS = Object.values(BREAKOUTS).map((breakout, id) => breakout(plantedCall(id)));
const NAMES = Object.keys(BREAKOUTS);

/** Of the documents with one way out in one field alone, every how many-th is tried; 0 is none of them. */
const EVERY = process.env["HOSTILE"] === "full" ? 1 : Number(process.env["HOSTILE"] ?? 0);

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.remove());

/** Generates, keeps the files for the compiler, and gives what the scanner finds. */
function leaksOf(plant: Plant, folder?: string): string[] {
  const files = renderDocument("hostile", hostileDocument(plant), workshop.runtime);
  if (folder !== undefined) workshop.add(folder, files);
  return leaks(files);
}

/** Shifts the ways out along the fields, one further with each document, so that each field meets each. */
function shifted(by: number): Plant {
  return (field) => TEXTS[(FIELDS.indexOf(field) + by) % TEXTS.length] ?? "";
}

describe("a hostile document", () => {
  test.each(NAMES.map((name, id) => [name, id] as const))("with %s in every field stays data", (_name, id) => {
    expect(leaksOf(everywhere(TEXTS[id] ?? ""), `every-${id}`)).toEqual([]);
  });

  test.each(NAMES.map((name, id) => [name, id] as const).filter(([, id]) => EVERY > 0 || id % 4 === 0))(
    "with %s in its title and other ways out elsewhere stays data",
    (_name, id) => {
      expect(leaksOf(shifted(id - FIELDS.indexOf("info title") + TEXTS.length * FIELDS.length), `shifted-${id}`)).toEqual([]);
    },
  );

  // Not among the tests of every run, so that none of those is skipped.
  if (EVERY > 0)
    test.each(FIELDS.map((field, index) => [field, index] as const))(
      "with each way out in %s alone stays data",
      { timeout: 600_000 },
      (field, index) => {
        const found = TEXTS.flatMap((text, id) =>
          (index * TEXTS.length + id) % EVERY === 0
            ? leaksOf(onlyIn([field], text), `${index}-${id}`).map((leak) => [NAMES[id], leak])
            : [],
        );
        expect(found).toEqual([]);
      },
    );

  test("leads to files that compile under the strictest flags", { timeout: 600_000 }, () => {
    expect(workshop.compile()).toEqual([]);
  });

  test("leads to clients that run none of it", { timeout: 600_000 }, () => {
    const report = workshop.run(TEXTS.length);
    expect(report).toMatchObject({ called: [], polluted: [], failures: [] });
    expect(report.clients).toBeGreaterThanOrEqual(1.25 * TEXTS.length);
  });
});
