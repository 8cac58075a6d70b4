import { describe, expect, it } from "vitest";
import {
  at,
  ExpressionError,
  holds,
  parseCondition,
  parseExpression,
  parseTemplate,
  type Reference,
  referencesInCondition,
  resolveReference,
  resolveTemplate,
  type Scope,
} from "../../src/lifecycle/expression.js";

/** One value for every root, so that a wrong root shows as a wrong value. */
const scope: Scope = {
  inputs: { clientId: "id-1", "user-name": "ada", empty: "", zero: 0, no: false, nothing: null },
  outputs: { accessToken: "at-1" },
  let: { nonce: "n-1" },
  steps: { login: { code: "c-1" } },
  workflows: { customer: { refreshToken: "rt-1" } },
  request: { url: "https://api.example/a?b=c", method: "POST" },
  response: {
    status: 401,
    headers: new Headers({ "Retry-After": "7", "x.y~z": "odd" }),
    body: {
      value: {
        error: "Invalid_Token",
        data: { list: [{ id: 1 }, { id: 2 }], flag: false, count: 0, none: null, text: "" },
        "a/b": "slash",
        "m~n": "tilde",
        "~1": "both",
        "": "nameless",
      },
    },
  },
};

describe("parseExpression", () => {
  it.each<{ text: string; want: Reference }>([
    { text: "$inputs.clientId", want: { root: "inputs", name: "clientId" } },
    { text: "$inputs.user-name", want: { root: "inputs", name: "user-name" } },
    { text: "$inputs._x9", want: { root: "inputs", name: "_x9" } },
    { text: "$outputs.accessToken", want: { root: "outputs", name: "accessToken" } },
    { text: "$let.nonce", want: { root: "let", name: "nonce" } },
    { text: "$steps.login.outputs.code", want: { root: "steps", of: "login", name: "code" } },
    { text: "$workflows.customer.outputs.refreshToken", want: { root: "workflows", of: "customer", name: "refreshToken" } },
    { text: "$response.body", want: { root: "response.body", pointer: "" } },
    { text: "$response.body#", want: { root: "response.body", pointer: "" } },
    { text: "$response.body#/", want: { root: "response.body", pointer: "/" } },
    { text: "$response.body#/a b/}&&|(", want: { root: "response.body", pointer: "/a b/}&&|(" } },
    { text: "$response.body#/two\nlines", want: { root: "response.body", pointer: "/two\nlines" } },
    { text: "$response.header.Retry-After", want: { root: "response.header", name: "Retry-After" } },
    { text: "$response.header.x0!#$%&'*+.^_`|~9", want: { root: "response.header", name: "x0!#$%&'*+.^_`|~9" } },
    { text: "$statusCode", want: { root: "statusCode" } },
    { text: "$url", want: { root: "url" } },
    { text: "$method", want: { root: "method" } },
  ])("takes $text apart", ({ text, want }) => {
    expect(parseExpression(text)).toEqual(want);
  });

  it.each<{ text: string; offset: number; message: RegExp }>([
    { text: "", offset: 0, message: /starts with "\$"/ },
    { text: "inputs.a", offset: 0, message: /starts with "\$"/ },
    { text: " $inputs.a", offset: 0, message: /starts with "\$"/ },
    { text: "$", offset: 1, message: /is not a root/ },
    { text: "$input.a", offset: 1, message: /"\$input" is not a root; there are \$inputs, / },
    { text: "$__proto__.a", offset: 1, message: /is not a root/ },
    { text: "$inputs", offset: 7, message: /a "\." and a name are missing/ },
    { text: "$inputs.", offset: 8, message: /a name is missing/ },
    { text: "$inputs.9lives", offset: 8, message: /a name is missing/ },
    { text: "$inputs.a b", offset: 9, message: /unexpected " b"/ },
    { text: "$inputs.a.b", offset: 9, message: /unexpected "\.b"/ },
    { text: "$inputs.a\n", offset: 9, message: /unexpected/ },
    { text: "$steps.login.code", offset: 12, message: /"\$steps\.login" goes on with "\.outputs\."/ },
    { text: "$workflows.customer.outputs", offset: 27, message: /a "\." and a name are missing/ },
    { text: "$response", offset: 9, message: /"\.body" or "\.header\."/ },
    { text: "$response.status", offset: 9, message: /"\.body" or "\.header\."/ },
    { text: "$response.header.", offset: 17, message: /a header name is missing/ },
    { text: "$response.header.a b", offset: 18, message: /unexpected/ },
    { text: "$response.body#a", offset: 16, message: /a JSON Pointer starts with "\/"/ },
    { text: "$response.body/a", offset: 14, message: /unexpected/ },
    { text: "$statusCode.a", offset: 11, message: /unexpected/ },
    { text: "$statusCodes", offset: 1, message: /is not a root/ },
    { text: "$request.query.code", offset: 1, message: /is not a root/ },
  ])("refuses '$text' at character $offset", ({ text, offset, message }) => {
    const error = caught(() => parseExpression(text));
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error).toMatchObject({ offset, message: expect.stringMatching(message) });
  });
});

describe("resolveReference", () => {
  it.each([
    { text: "$inputs.clientId", want: "id-1" },
    { text: "$inputs.zero", want: 0 },
    { text: "$inputs.no", want: false },
    { text: "$inputs.nothing", want: null },
    { text: "$outputs.accessToken", want: "at-1" },
    { text: "$let.nonce", want: "n-1" },
    { text: "$steps.login.outputs.code", want: "c-1" },
    { text: "$workflows.customer.outputs.refreshToken", want: "rt-1" },
    { text: "$response.body#/error", want: "Invalid_Token" },
    { text: "$response.body#/data/list/1/id", want: 2 },
    { text: "$response.body#/data/none", want: null },
    { text: "$response.body#/a~1b", want: "slash" },
    { text: "$response.body#/m~0n", want: "tilde" },
    { text: "$response.body#/~01", want: "both" },
    { text: "$response.body#/", want: "nameless" },
    { text: "$response.header.RETRY-AFTER", want: "7" },
    { text: "$response.header.x.y~z", want: "odd" },
    { text: "$statusCode", want: 401 },
    { text: "$url", want: "https://api.example/a?b=c" },
    { text: "$method", want: "POST" },
  ])("reads $text", ({ text, want }) => {
    expect(resolveReference(parseExpression(text), scope)).toBe(want);
  });

  it.each([
    "$inputs.absent",
    "$inputs.__proto__",
    "$inputs.constructor",
    "$outputs.toString",
    "$let.hasOwnProperty",
    "$steps.__proto__.outputs.toString",
    "$steps.login.outputs.valueOf",
    "$workflows.constructor.outputs.name",
    "$workflows.absent.outputs.accessToken",
    "$response.header.Absent",
    "$response.body#/constructor",
    "$response.body#/__proto__/toString",
    "$response.body#/data/list/length",
    "$response.body#/data/list/-",
    "$response.body#/data/list/-1",
    "$response.body#/data/list/01",
    "$response.body#/data/list/2",
    "$response.body#/error/length",
    "$response.body#/error/0",
    "$response.body#/data/none/x",
    "$response.body#/data/count/toFixed",
  ])("finds nothing at %s", (text) => {
    expect(resolveReference(parseExpression(text), scope)).toBeUndefined();
  });

  it.each(["$inputs.a", "$steps.a.outputs.b", "$response.body#/a", "$response.header.A", "$statusCode", "$url", "$method"])(
    "finds nothing at %s in an empty scope",
    (text) => {
      expect(resolveReference(parseExpression(text), {})).toBeUndefined();
    },
  );

  it("reads a whole body, whatever its type", () => {
    const headers = new Headers();
    const ofBody = (value: unknown) =>
      resolveReference(parseExpression("$response.body"), { response: { status: 200, headers, body: { value } } });
    expect(ofBody("plain text")).toBe("plain text");
    expect(ofBody(null)).toBeNull();
    expect(ofBody([1])).toEqual([1]);
  });
});

describe("at", () => {
  it.each([
    { pointer: "", want: { a: { b: [10] } } },
    { pointer: "/a/b/0", want: 10 },
    { pointer: "/a/b", want: [10] },
    { pointer: "a/b/0", want: undefined },
    { pointer: "xa/b/0", want: undefined },
    { pointer: "/a/b/0/", want: undefined },
    { pointer: "/toString", want: undefined },
  ])("reads '$pointer'", ({ pointer, want }) => {
    expect(at({ a: { b: [10] } }, pointer)).toEqual(want);
  });

  it("reads a member named __proto__ that JSON brought", () => {
    expect(at(JSON.parse('{"__proto__": {"polluted": 1}}'), "/__proto__/polluted")).toBe(1);
    expect(at(JSON.parse('{"a": 1}'), "/__proto__")).toBeUndefined();
  });
});

describe("parseTemplate", () => {
  const clientId: Reference = { root: "inputs", name: "clientId" };
  const accessToken: Reference = { root: "outputs", name: "accessToken" };

  it.each<{ name: string; text: string; want: ReturnType<typeof parseTemplate> }>([
    { name: "an empty text as nothing", text: "", want: [] },
    { name: "plain text as itself", text: "Bearer", want: ["Bearer"] },
    { name: "a lone expression", text: "$inputs.clientId", want: [clientId] },
    { name: "an embedded expression", text: "Bearer {$outputs.accessToken}", want: ["Bearer ", accessToken] },
    { name: "two expressions side by side", text: "{$inputs.clientId}{$outputs.accessToken}", want: [clientId, accessToken] },
    { name: "text between expressions", text: "{$inputs.clientId}|{$outputs.accessToken}", want: [clientId, "|", accessToken] },
    { name: "braces that embed nothing", text: "{}{a} }{$inputs.clientId}}", want: ["{}{a} }", clientId, "}"] },
    { name: "a brace before an embedding", text: "{{$inputs.clientId}}", want: ["{", clientId, "}"] },
    { name: "a dollar sign amid text", text: "US$ 5", want: ["US$ 5"] },
    {
      name: "a pointer up to its brace",
      text: "{$response.body#/a b/c~1d} end",
      want: [{ root: "response.body", pointer: "/a b/c~1d" }, " end"],
    },
    {
      name: "a header name up to its brace",
      text: "{$response.header.X-Id}",
      want: ["", { root: "response.header", name: "X-Id" }],
    },
  ])("reads $name", ({ text, want }) => {
    expect(parseTemplate(text)).toEqual(want);
  });

  it.each([
    { name: "a brace that is not closed", text: "Bearer {$outputs.accessToken", offset: 28 },
    { name: "anything after an embedded name", text: "{$inputs.a b}", offset: 10 },
    { name: "an unknown root", text: "x{$secrets.a}", offset: 3 },
    { name: "a lone expression that goes on", text: "$inputs.a}", offset: 9 },
    { name: "an embedding of nothing", text: "{$}", offset: 2 },
  ])("refuses $name at character $offset", ({ text, offset }) => {
    const error = caught(() => parseTemplate(text));
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error).toMatchObject({ offset });
  });

  it("refuses the same text with the same error each time", () => {
    expect(caught(() => parseTemplate("{$x}"))).toEqual(caught(() => parseTemplate("{$x}")));
  });
});

describe("resolveTemplate", () => {
  it.each([
    { text: "", want: "" },
    { text: "plain", want: "plain" },
    { text: "{$inputs.clientId}|{$outputs.accessToken}", want: "id-1|at-1" },
    { text: "{$inputs.empty}|", want: "|" },
    { text: "n={$inputs.zero} b={$inputs.no}", want: "n=0 b=false" },
    { text: "$inputs.zero", want: 0 },
    { text: "$inputs.nothing", want: null },
    { text: "$inputs.absent", want: undefined },
    { text: "a{$inputs.absent}", want: undefined },
    { text: "a{$inputs.nothing}", want: undefined },
    { text: "{$inputs.clientId}{$inputs.__proto__}", want: undefined },
  ])("makes $want of '$text'", ({ text, want }) => {
    expect(resolveTemplate(parseTemplate(text), scope)).toBe(want);
  });

  it("does not look for expressions in a value", () => {
    const inputs = { name: "{$outputs.accessToken}", whole: "$outputs.accessToken" };
    expect(resolveTemplate(parseTemplate("<{$inputs.name}>"), { ...scope, inputs })).toBe("<{$outputs.accessToken}>");
    expect(resolveTemplate(parseTemplate("$inputs.whole"), { ...scope, inputs })).toBe("$outputs.accessToken");
  });
});

describe("parseCondition", () => {
  const status: Reference = { root: "statusCode" };
  const literal = (value: string | number | boolean | null) => ({ kind: "literal", value }) as const;
  const reference = (of: Reference) => ({ kind: "reference", reference: of }) as const;

  it.each([
    { text: "true", want: literal(true) },
    { text: " false ", want: literal(false) },
    { text: "null", want: literal(null) },
    { text: "-1.50", want: literal(-1.5) },
    { text: "''", want: literal("") },
    { text: "'it''s'", want: literal("it's") },
    { text: "'a && b || (c)'", want: literal("a && b || (c)") },
    { text: "$statusCode", want: reference(status) },
    { text: "(($statusCode))", want: reference(status) },
    { text: "!$statusCode", want: { kind: "not", operand: reference(status) } },
    { text: "! ! true", want: { kind: "not", operand: { kind: "not", operand: literal(true) } } },
    {
      text: "$statusCode==401",
      want: { kind: "compare", operator: "==", left: reference(status), right: literal(401) },
    },
    {
      text: "!true == false",
      want: { kind: "compare", operator: "==", left: { kind: "not", operand: literal(true) }, right: literal(false) },
    },
    {
      text: "$response.body#/a-b.c/d!='x'",
      want: {
        kind: "compare",
        operator: "!=",
        left: reference({ root: "response.body", pointer: "/a-b.c/d" }),
        right: literal("x"),
      },
    },
    {
      text: "$response.header.X-A!='x'",
      want: {
        kind: "compare",
        operator: "!=",
        left: reference({ root: "response.header", name: "X-A" }),
        right: literal("x"),
      },
    },
    {
      text: "$response.header.X-A&&$response.header.X.B",
      want: {
        kind: "and",
        left: reference({ root: "response.header", name: "X-A" }),
        right: reference({ root: "response.header", name: "X.B" }),
      },
    },
  ])("takes '$text' apart", ({ text, want }) => {
    expect(parseCondition(text)).toEqual(want);
  });

  it.each([
    { text: "true || false && false", same: "true || (false && false)" },
    { text: "true && false || true", same: "(true && false) || true" },
    { text: "true || true || false", same: "(true || true) || false" },
    { text: "1 == 2 || 3 < 4 && 5 >= 6", same: "(1 == 2) || ((3 < 4) && (5 >= 6))" },
    { text: "!true && false", same: "(!true) && false" },
    { text: "!true == true", same: "(!true) == true" },
  ])("reads '$text' as '$same'", ({ text, same }) => {
    expect(parseCondition(text)).toEqual(parseCondition(same));
  });

  it.each([
    { text: "", offset: 0, message: /expected an expression/ },
    { text: "   ", offset: 3, message: /expected an expression/ },
    { text: "$statusCode ==", offset: 14, message: /expected an expression/ },
    { text: "$statusCode = 401", offset: 12, message: /unexpected "= 401"/ },
    { text: "$statusCode === 401", offset: 14, message: /expected an expression/ },
    { text: "$statusCode & 1", offset: 12, message: /unexpected "& 1"/ },
    { text: "1 < 2 < 3", offset: 6, message: /unexpected "< 3"/ },
    { text: "(true", offset: 5, message: /not closed with "\)"/ },
    { text: "true)", offset: 4, message: /unexpected "\)"/ },
    { text: "'open", offset: 0, message: /not closed with/ },
    { text: '"double"', offset: 0, message: /expected an expression/ },
    { text: "True", offset: 0, message: /expected an expression/ },
    { text: "nullable", offset: 0, message: /expected an expression/ },
    { text: "12px", offset: 0, message: /expected an expression/ },
    { text: "1.2.3", offset: 0, message: /expected an expression/ },
    { text: "$nope == 1", offset: 1, message: /is not a root/ },
    { text: "true and false", offset: 5, message: /unexpected "and false"/ },
  ])("refuses '$text' at character $offset", ({ text, offset, message }) => {
    const error = caught(() => parseCondition(text));
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error).toMatchObject({ offset, message: expect.stringMatching(message) });
  });
});

describe("holds", () => {
  it.each([
    { text: "$statusCode == 401", want: true },
    { text: "$statusCode == '401'", want: true },
    { text: "$statusCode == '401.0'", want: false },
    { text: "$statusCode != 401", want: false },
    { text: "$statusCode >= 400 && $statusCode < 500", want: true },
    { text: "$statusCode > 401", want: false },
    { text: "$statusCode >= 401", want: true },
    { text: "$statusCode <= 401", want: true },
    { text: "$statusCode < 401", want: false },
    { text: "$statusCode <= 400", want: false },
    { text: "$response.header.Retry-After > 6", want: true },
    { text: "$response.header.Retry-After < 10", want: true },
    { text: "$response.body#/error == 'INVALID_token'", want: true },
    { text: "$response.body#/error == 'invalid'", want: false },
    { text: "$response.body#/data/flag == false", want: true },
    { text: "$response.body#/data/flag == 'False'", want: true },
    { text: "$response.body#/data/count == 0", want: true },
    { text: "$response.body#/data/count == false", want: false },
    { text: "$response.body#/data/count", want: false },
    { text: "!$response.body#/data/flag", want: true },
    { text: "$response.body#/data/text", want: false },
    { text: "$response.body#/error", want: true },
    { text: "$response.body#/absent", want: false },
    { text: "!$response.body#/absent", want: true },
    { text: "($statusCode == 401) == true", want: true },
    { text: "$response.body#/data == $response.body#/data", want: true },
    { text: "$response.body#/data == '[object Object]'", want: false },
    { text: "$response.body#/data/list == '1'", want: false },
    { text: "$inputs.clientId == 'ID-1' && $outputs.accessToken == 'at-1' && $let.nonce == 'n-1'", want: true },
    { text: "$method == 'post' && $url != 'x'", want: true },
  ])("says $want of $text", ({ text, want }) => {
    expect(holds(parseCondition(text), scope)).toBe(want);
  });

  it.each([
    { text: "$response.body#/absent == null", want: true },
    { text: "$response.body#/absent != null", want: false },
    { text: "$response.body#/data/none == null", want: true },
    { text: "$response.body#/data/none == $response.body#/absent", want: true },
    { text: "$response.body#/error != null", want: true },
    { text: "$response.body#/data/count == null", want: false },
    { text: "$response.body#/data/text == null", want: false },
    { text: "$response.body#/data/none == 'null'", want: false },
    { text: "$response.body#/absent == 'undefined'", want: false },
    { text: "$inputs.__proto__ == null", want: true },
  ])("takes what is missing for null: $text is $want", ({ text, want }) => {
    expect(holds(parseCondition(text), scope)).toBe(want);
  });

  it.each(["<", "<=", ">", ">="])("finds what is not a number neither less nor greater (%s)", (operator) => {
    for (const operand of ["'a'", "''", "' '", "null", "true", "$response.body#/data", "$response.body#/absent"]) {
      expect(holds(parseCondition(`${operand} ${operator} 0`), scope)).toBe(false);
      expect(holds(parseCondition(`0 ${operator} ${operand}`), scope)).toBe(false);
    }
  });

  describe("while the body is unread", () => {
    const unread: Scope = { ...scope, response: { status: 401, headers: new Headers() } };

    it.each<{ text: string; want: boolean | undefined }>([
      { text: "$response.body#/error == 'x'", want: undefined },
      { text: "$response.body#/error != 'x'", want: undefined },
      { text: "$response.body#/n < 1", want: undefined },
      { text: "1 > $response.body#/n", want: undefined },
      { text: "$response.body#/error", want: undefined },
      { text: "!$response.body#/error", want: undefined },
      { text: "$response.body == null", want: undefined },
      { text: "($response.body#/error == 'x') == true", want: undefined },
      { text: "$statusCode == 401 && $response.body#/error", want: undefined },
      { text: "$response.body#/error && $statusCode == 401", want: undefined },
      { text: "$statusCode == 200 && $response.body#/error", want: false },
      { text: "$response.body#/error && $statusCode == 200", want: false },
      { text: "$statusCode == 401 || $response.body#/error", want: true },
      { text: "$response.body#/error || $statusCode == 401", want: true },
      { text: "$statusCode == 200 || $response.body#/error", want: undefined },
      { text: "$response.body#/error || $response.body#/code", want: undefined },
      { text: "!($statusCode == 200 && $response.body#/error)", want: true },
      { text: "!($statusCode == 401 && $response.body#/error)", want: undefined },
      { text: "$statusCode == 401", want: true },
    ])("says $want of $text", ({ text, want }) => {
      expect(holds(parseCondition(text), unread)).toBe(want);
    });

    it("agrees with the verdict on the read body wherever it decides", () => {
      const atoms = ["$statusCode == 401", "$statusCode == 200", "$response.body#/error", "$response.body#/absent"];
      for (const left of atoms) {
        for (const right of atoms) {
          for (const text of [`${left} && ${right}`, `${left} || !${right}`, `!(${left} || ${right})`]) {
            const early = holds(parseCondition(text), unread);
            if (early !== undefined) expect(holds(parseCondition(text), scope), text).toBe(early);
          }
        }
      }
    });

    it("decides a condition on the body where there is no response at all", () => {
      expect(holds(parseCondition("$response.body#/error == null"), {})).toBe(true);
    });
  });
});

describe("referencesInCondition", () => {
  it("lists every expression in the order in which it is written", () => {
    const condition = parseCondition("!$outputs.a || $statusCode == 401 && ('x' != $response.body#/b || $inputs.c)");
    expect(referencesInCondition(condition)).toEqual([
      { root: "outputs", name: "a" },
      { root: "statusCode" },
      { root: "response.body", pointer: "/b" },
      { root: "inputs", name: "c" },
    ]);
  });
});

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
