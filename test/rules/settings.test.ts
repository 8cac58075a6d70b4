import { describe, expect, test } from "vitest";
import type { Diagnostic, RuleDescription, Severity } from "../../scripts/diagnostics.js";
import { fits, type RuleSettings, settingsFaults, settle } from "../../scripts/rules/settings.js";

const RULES: readonly RuleDescription[] = ["syntax", "server-name", "redocly/struct", "redocly/no-unused-components"].map(
  (id) => ({
    id,
    description: "It holds.",
    severity: "warning",
  }),
);

function finding(rule: string, severity: Severity, pointer = "/paths/~1a/get"): Diagnostic {
  return { rule, severity, message: "it does not hold", file: "specs/a.yaml", line: 1, column: 1, pointer };
}

const NONE: RuleSettings = { profile: "recommended", rules: {}, ignore: [] };

/** The severities that are told of an error, a warning and a note. */
function told(settings: Partial<RuleSettings>): string[] {
  const found = (["error", "warning", "info"] as const).map((severity) => finding(`redocly/${severity}`, severity));
  return settle(found, { ...NONE, ...settings }).diagnostics.map(({ severity }) => severity);
}

describe("a profile", () => {
  test.each([
    { profile: "recommended", want: ["error", "warning", "info"] },
    { profile: "strict", want: ["error", "error", "warning"] },
    { profile: "minimal", want: ["error"] },
  ] as const)("$profile tells $want", ({ profile, want }) => {
    expect(told({ profile })).toEqual(want);
  });

  test("yields to what is said of a rule, of which the last that fits counts", () => {
    expect(told({ profile: "minimal", rules: { "redocly/*": "info", "redocly/error": "off" } })).toEqual(["info", "info"]);
    expect(told({ rules: { "redocly/error": "warning", "redocly/*": "off" } })).toEqual([]);
  });

  test("never hides that a document cannot be read", () => {
    const found = [finding("syntax", "error")];
    const settings: RuleSettings = { profile: "minimal", rules: { "*": "off" }, ignore: [{ rule: "*" }] };
    expect(settle(found, settings).diagnostics).toEqual(found);
  });
});

describe("an ignore", () => {
  test.each([
    { pointer: undefined, isIgnored: true },
    { pointer: "/paths/~1a/get", isIgnored: true },
    { pointer: "/paths/*/get", isIgnored: true },
    { pointer: "/paths/~1*/g*", isIgnored: true },
    { pointer: "/**", isIgnored: true },
    { pointer: "/**/get", isIgnored: true },
    { pointer: "/paths/**/~1a/get", isIgnored: true },
    { pointer: "/paths/~1a/get/**", isIgnored: true },
    { pointer: "/paths", isIgnored: false },
    { pointer: "/*/get", isIgnored: false },
    { pointer: "/paths/~1b/get", isIgnored: false },
  ])("of $pointer silences a finding at /paths/~1a/get: $isIgnored", ({ pointer, isIgnored }) => {
    const ignore = { rule: "server-name", ...(pointer !== undefined && { pointer }) };
    const { diagnostics, unused } = settle([finding("server-name", "error")], { ...NONE, ignore: [ignore] });
    expect(diagnostics).toHaveLength(isIgnored ? 0 : 1);
    expect(unused).toEqual(isIgnored ? [] : [ignore]);
  });

  test("may be about one file", () => {
    const of = (file: string) =>
      settle([finding("server-name", "error")], { ...NONE, ignore: [{ rule: "*", file }] }).diagnostics.length;
    expect([of("specs/a.yaml"), of("specs/*.yaml"), of("specs/b.yaml")]).toEqual([0, 0, 1]);
  });
});

describe("fits", () => {
  test.each([
    ["a", "a", true],
    ["a", "ab", false],
    ["a*", "a", true],
    ["*a", "ba", true],
    ["a*a", "a", false],
    ["a*b*c", "axxbyyc", true],
    ["a*b*c", "axxcyyb", false],
    ["*", "", true],
  ])("%s, %s: %s", (pattern, name, want) => {
    expect(fits(pattern, name)).toBe(want);
  });

  test("takes no time for a pattern made to take long", () => {
    expect(fits(`${"*a".repeat(2000)}b`, "a".repeat(4000))).toBe(false);
  });
});

describe("settingsFaults", () => {
  test("tells of rules that there are not, with the nearest, and of those that cannot be set", () => {
    const rules = { "server-nam": "off", "redocly/*": "off", syntax: "off", "nothing/*": "off" } as const;
    expect(settingsFaults({ rules, ignore: [{ rule: "redocly/strict" }] }, RULES)).toEqual([
      'there is no rule "server-nam"; did you mean "server-name"?',
      expect.stringContaining('there is no rule "nothing/*"'),
      'there is no rule "redocly/strict"; did you mean "redocly/struct"?',
      '"syntax" is always an error: a document that cannot be read cannot be looked at',
    ]);
  });
});
