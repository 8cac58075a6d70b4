import { describe, expect, test } from "vitest";
import { renderDocument } from "../support/render-document.js";
import { BREAKOUTS } from "./breakouts.js";
import { everywhere, hostileDocument } from "./document.js";
import { leaks, plantedCall } from "./scan.js";

describe("a hostile document", () => {
  test.each(Object.entries(BREAKOUTS))("with %s in every field stays data", (_name, breakout) => {
    const id = Object.values(BREAKOUTS).indexOf(breakout);
    const files = renderDocument("hostile", hostileDocument(everywhere(breakout(plantedCall(id)))));
    expect(leaks(files)).toEqual([]);
  });
});
