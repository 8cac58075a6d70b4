import { describe, expect, it } from "vitest";
import { type Format, format, type Report } from "../scripts/diagnostics/format.js";
import { type Diagnostic, hasErrors, inOrder, type RuleDescription } from "../scripts/diagnostics.js";

const SOURCE = `openapi: 3.1.0
paths:
  /login:
    post: {operationId: logn}
`;

const MISTAKE: Diagnostic = {
  rule: "lifecycle-operation",
  severity: "error",
  message: 'there is no operation "logn"',
  hint: 'did you mean "login"?',
  file: "specs/a.yaml",
  line: 4,
  column: 25,
  endColumn: 29,
  pointer: "/paths/~1login/post/operationId",
};

const RULES: readonly RuleDescription[] = [
  { id: "syntax", description: "The text is well-formed.", severity: "error" },
  { id: "lifecycle-operation", description: "Operations that a lifecycle names exist.", severity: "error" },
  {
    id: "redocly/struct",
    description: "The document has the structure of OpenAPI.",
    severity: "error",
    helpUri: "https://redocly.com/docs/cli/rules/common/struct",
  },
];

function print(name: Format, diagnostics: readonly Diagnostic[], more: Partial<Report> = {}): string {
  const sources = new Map([["specs/a.yaml", SOURCE]]);
  return format(name, { diagnostics, sources, rules: RULES, tool: { version: "1.2.3" }, isColoured: false, ...more });
}

describe("inOrder", () => {
  it("sorts by file, line, column, rule, whatever the order before", () => {
    const places: [string, number, number, string][] = [
      ["a", 1, 1, "a"],
      ["a", 1, 1, "b"],
      ["a", 1, 2, "a"],
      ["a", 2, 1, "a"],
      ["a", 10, 1, "a"],
      ["b", 1, 1, "a"],
    ];
    const diagnostics = places.map(([file, line, column, rule]) => ({ ...MISTAKE, file, line, column, rule }));
    expect(inOrder(diagnostics.toReversed())).toEqual(diagnostics);
  });
});

describe("hasErrors", () => {
  it("counts errors alone", () => {
    expect(hasErrors([{ ...MISTAKE, severity: "warning" }])).toBe(false);
    expect(hasErrors([{ ...MISTAKE, severity: "warning" }, MISTAKE])).toBe(true);
  });
});

describe("human", () => {
  it("shows the worst first, each with its place, the sentence, the line with a caret, and the next step", () => {
    expect(
      print("human", [MISTAKE, { ...MISTAKE, severity: "warning", line: 2, column: 1, endColumn: 6, rule: "other" }]),
    ).toMatchInlineSnapshot(`
        "specs/a.yaml:4:25 error lifecycle-operation: there is no operation "logn"
         4 |     post: {operationId: logn}
           |                         ^~~~
           = did you mean "login"?

        specs/a.yaml:2:1 warning other: there is no operation "logn"
         2 | paths:
           | ^~~~~
           = did you mean "login"?

        1 error, 1 warning in 1 file
        "
      `);
  });

  it("counts in one line what it found", () => {
    const lines = (diagnostics: Diagnostic[]) => print("human", diagnostics).trimEnd().split("\n").at(-1);
    expect(lines([])).toBe("no problems in 1 file");
    expect(lines([MISTAKE, MISTAKE, { ...MISTAKE, severity: "info" }])).toBe("2 errors, 1 info in 1 file");
  });

  it("shows a few of many of a kind, and counts the rest", () => {
    const many = Array.from({ length: 1239 }, (_, index) => ({ ...MISTAKE, severity: "warning" as const, line: index + 1 }));
    const text = print("human", [MISTAKE, ...many]);
    expect(text.match(/^specs\/a\.yaml:/gm)).toHaveLength(6);
    expect(text).toContain("  … and 1,234 more warning lifecycle-operation\n");
    expect(text).toMatch(/\n1 error, 1,239 warnings in 1 file\n$/);
    expect(print("human", many, { isWhole: true }).match(/^specs\/a\.yaml:/gm)).toHaveLength(1239);
  });

  it("colours only when asked", () => {
    expect(print("human", [MISTAKE])).not.toContain("\u001b");
    expect(print("human", [MISTAKE], { isColoured: true })).toContain("\u001b[31merror\u001b[0m");
  });

  it("cuts a long line to a stretch around the caret", () => {
    const source = `${"a".repeat(500)}HERE${"b".repeat(100_000)}`;
    const text = print("human", [{ ...MISTAKE, line: 1, column: 501, endColumn: 505 }], {
      sources: new Map([["specs/a.yaml", source]]),
    });
    const [, line, caret] = text.split("\n");
    expect(line?.length).toBeLessThan(120);
    expect(line?.slice(caret?.indexOf("^"), (caret?.lastIndexOf("~") ?? 0) + 1)).toBe("HERE");
  });

  it("keeps the caret within what is shown when the place is longer", () => {
    const source = `x: ${"a".repeat(5000)}`;
    const text = print("human", [{ ...MISTAKE, line: 1, column: 4, endColumn: 5004 }], {
      sources: new Map([["specs/a.yaml", source]]),
    });
    const [, line, caret] = text.split("\n");
    expect(caret?.length).toBeLessThanOrEqual(line?.length ?? 0);
  });

  it("prints no control character of the document, in its lines, its path or a message", () => {
    const text = print(
      "human",
      [
        {
          ...MISTAKE,
          file: "\u001b[2Ja.yaml",
          message: "bad \u001b]0;title\u0007\r\n name \u202e",
          hint: "\u009b31m",
          line: 1,
        },
      ],
      { sources: new Map([["\u001b[2Ja.yaml", "a: \u001b[31m\u0000\u2028"]]) },
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u2028\u2029\u202e]/u);
    expect(text.split("\n")).toHaveLength(7);
  });

  it("shows a place in a line that does not exist without a line", () => {
    expect(print("human", [{ ...MISTAKE, line: 99, column: 1 }])).toMatch(/^specs\/a\.yaml:99:1 error .*\n( += .*\n)?\n/);
  });
});

describe("a sentence that names things which are very long", () => {
  const long = {
    ...MISTAKE,
    message: `there is no operation "${"a".repeat(10_000)}z" in ${"b ".repeat(5_000)}`,
    hint: "c".repeat(9_000),
  };

  it("is cut for a person, in the middle of its words and of the whole", () => {
    const [first = "", , , hint = ""] = print("human", [long]).split("\n");
    expect(first).toMatch(/: there is no operation "a{70,80}…a{70,80}z" in .*…( b)+ $/);
    expect(first.length).toBeLessThan(900);
    expect(hint).toMatch(/= c{79}…c{79}$/);
  });

  it("is not cut through a character", () => {
    for (const before of ["", "x"]) {
      const text = print("human", [{ ...MISTAKE, message: before + "\u{1f511}".repeat(500) }]);
      expect(text).toContain("\u{1f511}…\u{1f511}");
      expect(text).not.toContain("\ufffd");
    }
  });

  it.each(["json", "sarif"] as const)("is whole in %s", (name) => {
    expect(print(name, [long])).toContain(JSON.stringify(long.message).slice(1, -1));
  });
});

describe("github", () => {
  it("writes one workflow command for each", () => {
    expect(print("github", [MISTAKE, { ...MISTAKE, severity: "info", line: 5 }])).toMatchInlineSnapshot(`
      "::error file=specs/a.yaml,line=4,col=25,title=lifecycle-operation::there is no operation "logn"%0Adid you mean "login"?
      ::notice file=specs/a.yaml,line=5,col=25,title=lifecycle-operation::there is no operation "logn"%0Adid you mean "login"?
      "
    `);
  });

  it("escapes what would end a property, a command or a line", () => {
    expect(
      print("github", [
        { ...MISTAKE, file: "a,b:c%.yaml", rule: "x", message: "50%\r\n::error::injected", hint: "::warning::" },
      ]),
    ).toBe("::error file=a%2Cb%3Ac%25.yaml,line=4,col=25,title=x::50%25%0A::error::injected%0A::warning::\n");
  });
});

describe("github", () => {
  it("annotates as many as GitHub shows, the worst first, and puts the rest into the log, where nothing of it is a command", () => {
    const warnings = Array.from({ length: 13 }, (_, index) => ({
      ...MISTAKE,
      severity: "warning" as const,
      line: index + 1,
      message: "::error::no ##[error]no",
    }));
    const lines = print("github", [...warnings, MISTAKE])
      .trimEnd()
      .split("\n");
    expect(lines[0]).toMatch(/^::error file/);
    expect(lines.filter((line) => line.startsWith("::warning file"))).toHaveLength(10);
    expect(lines.slice(11)).toEqual([
      "::group::3 more of severity warning, for which GitHub shows no annotations",
      ...[11, 12, 13].map(
        (line) => `  at specs/a.yaml:${line}:25 lifecycle-operation: ::error::no ## [error]no did you mean "login"?`,
      ),
      "::endgroup::",
    ]);
  });
});

describe("sarif", () => {
  it("gives the section about a rule where there is no page to link to", () => {
    const rules = RULES.map((rule) => ({ ...rule, help: `About ${rule.id}.` }));
    const [rule] = JSON.parse(print("sarif", [MISTAKE], { rules })).runs[0].tool.driver.rules;
    expect(rule.help).toEqual({ text: "About lifecycle-operation.", markdown: "About lifecycle-operation." });
    expect(rule).not.toHaveProperty("helpUri");
  });

  it("writes a log of version 2.1.0 with the rules that spoke", () => {
    expect(
      print("sarif", [MISTAKE], { tool: { version: "1.2.3", homepage: "https://example.com/keyturn" } }),
    ).toMatchInlineSnapshot(`
        "{
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "keyturn",
                  "semanticVersion": "1.2.3",
                  "informationUri": "https://example.com/keyturn",
                  "rules": [
                    {
                      "id": "lifecycle-operation",
                      "shortDescription": {
                        "text": "Operations that a lifecycle names exist."
                      },
                      "helpUri": "https://example.com/keyturn/blob/main/docs/rules.md#lifecycle-operation",
                      "defaultConfiguration": {
                        "level": "error"
                      }
                    }
                  ]
                }
              },
              "columnKind": "utf16CodeUnits",
              "results": [
                {
                  "ruleId": "lifecycle-operation",
                  "ruleIndex": 0,
                  "level": "error",
                  "message": {
                    "text": "there is no operation \\"logn\\"; did you mean \\"login\\"?"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "specs/a.yaml",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 4,
                          "startColumn": 25,
                          "endColumn": 29
                        }
                      },
                      "logicalLocations": [
                        {
                          "fullyQualifiedName": "/paths/~1login/post/operationId",
                          "kind": "member"
                        }
                      ]
                    }
                  ]
                }
              ]
            }
          ]
        }
        "
      `);
  });

  it("names files by relative URIs", () => {
    const uri = (file: string) =>
      JSON.parse(print("sarif", [{ ...MISTAKE, file }])).runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    expect(uri("./specs/my api#1.yaml")).toEqual({ uri: "specs/my%20api%231.yaml", uriBaseId: "%SRCROOT%" });
    expect(uri("/tmp/a.yaml")).toEqual({ uri: "file:///tmp/a.yaml" });
  });

  it("links a rule of others to the page of others", () => {
    const log = JSON.parse(print("sarif", [{ ...MISTAKE, rule: "redocly/struct" }]));
    expect(log.runs[0].tool.driver.rules).toMatchObject([
      { id: "redocly/struct", helpUri: "https://redocly.com/docs/cli/rules/common/struct" },
    ]);
  });

  it("is a log without results when there is nothing to say", () => {
    expect(JSON.parse(print("sarif", []))).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
  });
});

describe("json", () => {
  it("writes the diagnostics as they are, and what they come to", () => {
    expect(JSON.parse(print("json", [MISTAKE]))).toEqual({
      diagnostics: [MISTAKE],
      summary: { files: 1, errors: 1, warnings: 0, infos: 0 },
    });
  });
});
