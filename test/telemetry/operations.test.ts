import { describe, expect, it } from "vitest";
import { read } from "../project/papers.js";

const page = read("docs/operations.md");

describe("docs/operations.md", () => {
  it("has a row for each type of event, and no other", () => {
    const events = [...read("src/events.ts").matchAll(/readonly type: "([\w-]+)"/g)].map(([, type]) => type);
    const section = page.slice(page.indexOf("## Events"), page.indexOf("## OpenTelemetry"));
    const rows = [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, type]) => type);
    expect(rows.filter((row) => row !== "type").sort()).toEqual([...new Set(events)].sort());
  });

  it("names every instrument, outcome, incident and attribute that there is", () => {
    const source = read("src/opentelemetry.ts");
    const instruments = [...source.matchAll(/create(?:Counter|Histogram)\("([\w.]+)"/g)].map(([, name = ""]) => name);
    const attributes = [...source.matchAll(/"(keyturn\.[\w.]+|error\.type|http\.[\w.]+)"/g)].map(([, name = ""]) => name);
    const unions = [...source.matchAll(/export type (?:RenewalOutcome|TokenIncident) =([^;]+);/g)].map(
      ([, union = ""]) => union,
    );
    const values = unions.flatMap((union) => [...union.matchAll(/"(\w+)"/g)].map(([, value = ""]) => value));
    expect([instruments.length, unions.length]).toEqual([4, 2]);
    // What the event says beside it is left to the page on events.
    const told = [...instruments, ...attributes.filter((name) => !/\.(?:next|changed|replayed)$/.test(name)), ...values];
    expect([...new Set(told)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("puts every code of an error under an outcome", () => {
    const codes = [...read("src/errors.ts").matchAll(/^ \* \| `([\w-]+)` \|/gm)].map(([, code = ""]) => code);
    const table = page.slice(page.indexOf("| `keyturn.outcome` |"), page.indexOf("| `keyturn.incident` |"));
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !table.includes(`\`${code}\``))).toEqual([]);
  });
});
