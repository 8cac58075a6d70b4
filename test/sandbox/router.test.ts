import { describe, expect, it } from "vitest";
import type { DocumentedOperation } from "../../src/sandbox/document.js";
import { createRouter } from "../../src/sandbox/router.js";
import { fc } from "../support/random.js";

function parametersOf(template: string, path: string): Record<string, string> | undefined {
  const route = createRouter([{ method: "GET", path: template } as DocumentedOperation])("GET", path);
  return route.kind === "found" ? Object.fromEntries(route.parameters) : undefined;
}

describe("a path template", () => {
  it("gives its parameters what a regular expression would", () => {
    const literal = fc.string({ unit: fc.constantFrom("a", "-", ".", "/", "(", "$"), maxLength: 3 });
    const parts = fc.array(literal, { minLength: 1, maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom("a", "-", ".", "/"), maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.array(text, { minLength: 4, maxLength: 4 }), text, (literals, values, other) => {
        const template = `/${literals.map((one, index) => (index === 0 ? one : `{p${index}}${one}`)).join("")}`;
        const source = literals.map((one) => one.replace(/[.($/-]/g, "\\$&")).join("([^/]+)");
        for (const path of [
          `/${literals.map((one, index) => `${index === 0 ? "" : values[index - 1]}${one}`).join("")}`,
          `/${other}`,
        ]) {
          const match = new RegExp(`^/${source}$`).exec(path);
          const expected = match && Object.fromEntries(match.slice(1).map((value, index) => [`p${index + 1}`, value]));
          expect(parametersOf(template, path)).toEqual(expected ?? undefined);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("of many parameters takes no longer, whatever is asked for", () => {
    const template = `/${Array.from({ length: 12 }, (_, index) => `{p${index}}`).join("")}/x`;
    expect(parametersOf(template, `/${"a".repeat(10_000)}/y`)).toBeUndefined();
    expect(parametersOf(template, `/${"a".repeat(14)}/x`)).toMatchObject({ p0: "aaa", p1: "a", p11: "a" });
  });
});
