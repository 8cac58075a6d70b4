/** Documents that are made to take time or memory rather than to get out of anything. Each is text, as it would lie in a file. */

export interface Bomb {
  readonly text: () => string;
  /** Whether a client comes of it; else an error of one line does. Without it either will do. */
  readonly generates?: boolean;
  /** Whether it takes more than a few seconds. */
  readonly slow?: boolean;
}

const head = "openapi: 3.1.0\ninfo: { title: Bomb, version: '1' }\n";
const done = { responses: { 200: { description: "Done." } } };

/** A document of data around these parts. */
function around(parts: object): string {
  return JSON.stringify({ openapi: "3.1.0", info: { title: "Bomb", version: "1" }, paths: {}, ...parts });
}

/** A document with one operation that answers with this schema. */
function answering(schema: unknown, schemas: object = {}): string {
  const content = { "application/json": { schema } };
  return around({
    paths: { "/x": { get: { operationId: "x", responses: { 200: { description: "Done.", content } } } } },
    components: { schemas },
  });
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
const named = <T>(count: number, make: (index: number) => T) =>
  Object.fromEntries(times(count, (index) => [`n${index}`, make(index)]));
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Text around a text, many times. */
function nested(depth: number, before: string, within: string, after: string): string {
  return `${before.repeat(depth)}${within}${after.repeat(depth)}`;
}

export const BOMBS: Readonly<Record<string, Bomb>> = {
  // YAML
  "aliases that double twenty-seven times": {
    text: () => `${head}paths: {}\nx0: &x0 [a, a]\n${times(27, (n) => `x${n + 1}: &x${n + 1} [*x${n}, *x${n}]`).join("\n")}\n`,
    generates: false,
  },
  "aliases that multiply by nine, nine times": {
    text: () =>
      `${head}paths: {}\nx0: &x0 lol\n${times(9, (n) => `x${n + 1}: &x${n + 1} [${times(9, () => `*x${n}`).join(", ")}]`).join("\n")}\n`,
    generates: false,
  },
  "an alias of itself": { text: () => `${head}paths: &a\n  x: *a\n` },
  "a merge key of itself": { text: () => `${head}paths: {}\nx: &a { <<: *a, b: 1 }\n` },
  "lists within lists, ten thousand deep": {
    text: () => `${head}paths: {}\nx: ${nested(10_000, "[", "1", "]")}\n`,
    generates: false,
  },
  "maps within maps, ten thousand deep": {
    text: () => `${head}paths: {}\nx: ${nested(10_000, "{a: ", "1", "}")}\n`,
    generates: false,
  },
  "maps by indentation, two thousand deep": {
    text: () => `${head}paths: {}\n${times(2_000, (n) => `${" ".repeat(n)}x:`).join("\n")}\n`,
    generates: false,
  },
  "JSON within JSON, a hundred thousand deep": { text: () => nested(100_000, '{"a":', "1", "}"), generates: false },
  "a list without an end": { text: () => `${head}paths: {}\nx: ${"[".repeat(100_000)}`, generates: false },
  "quotes without an end": { text: () => `${head}paths: {}\nx: "${"a\\\n".repeat(100_000)}`, generates: false },
  "a flow of a hundred thousand": { text: () => `${head}paths: {}\nx: [${"a, ".repeat(100_000)}a]\n`, generates: true },
  "a hundred thousand anchors": { text: () => `${head}paths: {}\nx:\n${times(100_000, (n) => `- &a${n} b\n`).join("")}` },
  "a hundred thousand question marks": { text: () => `${head}paths: {}\nx: ${"? ".repeat(100_000)}`, generates: false },
  "a hundred thousand documents": { text: () => `${head}paths: {}\n${"---\n".repeat(100_000)}`, generates: true },
  "a million faults": { text: () => `${head}paths:\n${"\t- }: [\n".repeat(125_000)}`, generates: false },
  "tags that would make objects": {
    text: () => `${head}paths: {}\nx: !!js/function "function(){ pwned() }"\ny: !!python/object/apply:os.system ["x"]\n`,
  },
  "numbers that no computer has": {
    text: () =>
      `${head}paths: {}\nx: [1e999, -1e999, ${"9".repeat(10_000)}, 0x${"f".repeat(5_000)}, 0o7, 1_000, .inf, -.inf, .nan, -0]\n`,
    generates: true,
  },
  "numbers that no computer has, in schemas": {
    text: () =>
      `${head}paths: { /x: { get: { responses: { "200": { description: x, content: { application/json: { schema: { enum: [1e999, -0, .nan, ${"9".repeat(400)}], default: .inf, maximum: 1e400, minItems: 1e9, maxItems: 1e300, multipleOf: -0 } } } } } } } }\n`,
    generates: true,
  },
  "a list of a thousand million at least": {
    text: () => answering({ type: "array", items: { type: "string" }, minItems: 1_000_000_000, maxItems: 2_000_000_000 }),
    generates: true,
  },
  "duplicate keys": { text: () => `${head}paths: {}\npaths: {}\ninfo: { title: x, version: '2' }\n`, generates: true },
  "another encoding": { text: () => Buffer.from(`${head}paths: {}\n`, "utf16le").toString("latin1"), generates: false },
  nulls: { text: () => "\0".repeat(1_000_000), generates: false },
  nothing: { text: () => "", generates: false },
  // References
  "a schema that refers to itself": { text: () => answering(ref("A"), { A: ref("A") }), generates: true },
  "schemas that refer to each other": {
    text: () => answering(ref("A"), { A: ref("B"), B: ref("C"), C: ref("A") }),
    generates: true,
  },
  "a loop through allOf": {
    text: () => answering(ref("A"), { A: { allOf: [ref("B")] }, B: { allOf: [ref("A")] } }),
    generates: true,
  },
  "a loop through everything": {
    text: () =>
      answering(ref("A"), {
        A: {
          allOf: [ref("A"), ref("B")],
          anyOf: [ref("C")],
          oneOf: [ref("A")],
          not: ref("A"),
          items: ref("A"),
          additionalProperties: ref("A"),
        },
        B: { properties: { a: ref("A"), b: { $ref: "#/components/schemas/B/properties/b" } }, if: ref("B"), else: ref("A") },
        C: {
          prefixItems: [ref("C"), ref("A")],
          discriminator: { propertyName: "x", mapping: { a: "#/components/schemas/C" } },
        },
      }),
    generates: true,
  },
  "a reference to the whole document": { text: () => answering({ $ref: "#" }), generates: true },
  "a reference into itself, ever deeper": {
    text: () => answering(ref("A"), { A: { properties: { a: { $ref: "#/components/schemas/A/properties/a/properties/a" } } } }),
    generates: true,
  },
  "path items, parameters and responses that refer to themselves": {
    text: () =>
      around({
        paths: {
          "/a": { $ref: "#/paths/~1a" },
          "/b": { $ref: "#/paths/~1c" },
          "/c": { $ref: "#/paths/~1b" },
          "/d": {
            get: {
              parameters: [{ $ref: "#/components/parameters/P" }],
              requestBody: { $ref: "#/components/requestBodies/B" },
              responses: { 200: { $ref: "#/components/responses/R" } },
            },
          },
        },
        components: {
          parameters: { P: { $ref: "#/components/parameters/P" } },
          responses: { R: { $ref: "#/components/responses/R" } },
          requestBodies: { B: { $ref: "#/paths/~1d/get/requestBody" } },
          securitySchemes: { s: { $ref: "#/components/securitySchemes/s" } },
        },
      }),
    generates: true,
  },
  "a chain of ten thousand references": {
    slow: true,
    text: () => answering(ref("n0"), { ...named(10_000, (n) => ref(`n${n + 1}`)), n10000: { type: "string" } }),
  },
  "references that double thirty times": {
    text: () =>
      answering(ref("n0"), {
        ...named(30, (n) => ({ properties: { a: ref(`n${n + 1}`), b: ref(`n${n + 1}`) } })),
        n30: { type: "string" },
      }),
    generates: true,
  },
  "parts that double twenty times": {
    text: () =>
      answering(ref("n0"), { ...named(20, (n) => ({ allOf: [ref(`n${n + 1}`), ref(`n${n + 1}`)] })), n20: { type: "object" } }),
    generates: true,
  },
  "alternatives that double twenty times, in a body that is needed": {
    text: () =>
      around({
        paths: {
          "/x": {
            post: {
              requestBody: { required: true, content: { "application/json": { schema: ref("n0") } } },
              ...done,
            },
          },
        },
        components: {
          schemas: {
            ...named(20, (n) => ({
              type: "object",
              required: ["a", "b"],
              properties: { a: ref(`n${n + 1}`), b: ref(`n${n + 1}`) },
            })),
            n20: { type: "string" },
          },
        },
      }),
    generates: true,
  },
  // Sizes
  "ten thousand operations": {
    text: () => around({ paths: Object.fromEntries(times(10_000, (n) => [`/p${n}`, { get: done }])) }),
    generates: true,
  },
  "ten thousand operations of one name": {
    text: () =>
      around({ paths: Object.fromEntries(times(10_000, (n) => [`/p${n}`, { get: { operationId: "same", ...done } }])) }),
    generates: true,
    slow: true,
  },
  "a hundred thousand values of an enum": {
    text: () => answering({ enum: times(100_000, (n) => `value ${n}`) }),
    generates: true,
  },
  "ten thousand parameters": {
    text: () =>
      around({
        paths: {
          "/x": {
            get: { parameters: times(10_000, (n) => ({ name: `p${n}`, in: "query", schema: { type: "string" } })), ...done },
          },
        },
      }),
    generates: true,
  },
  "ten thousand parts of a union": { text: () => answering({ oneOf: times(10_000, (n) => ({ const: n })) }), generates: true },
  "ten thousand schemas": {
    text: () =>
      answering(
        ref("n1"),
        named(10_000, (n) => ({ properties: { next: ref(`n${n + 1}`) } })),
      ),
    generates: true,
  },
  "ten thousand tags and servers": {
    text: () =>
      around({
        tags: times(10_000, (n) => ({ name: `t${n}` })),
        servers: times(10_000, (n) => ({ url: `https://s${n}.example` })),
      }),
    generates: true,
  },
  "a schema fifty deep": { text: () => answering(deep(50)), generates: true },
  "a schema a thousand deep": { text: () => answering(deep(1_000)) },
  "a list of lists of lists, a thousand deep": {
    text: () => answering(times(1_000, () => 0).reduce<object>((items) => ({ type: "array", items }), {})),
  },
  "names of 100 kB": {
    text: () => {
      const name = "n".repeat(100_000);
      return around({
        paths: {
          [`/${name}`]: {
            get: { operationId: name, tags: [name], parameters: [{ name, in: "query", schema: ref(name) }], ...done },
          },
        },
        components: {
          schemas: { [name]: { properties: { [name]: { enum: [name] } } } },
          securitySchemes: { [name]: { type: "apiKey", in: "header", name } },
        },
        security: [{ [name]: [] }],
      });
    },
    generates: true,
  },
  "a title of 5 MB": { text: () => around({ info: { title: "word ".repeat(1_000_000), version: "1" } }), generates: true },
  "a description of stars, backticks and brackets": {
    text: () =>
      around({ info: { title: "x", version: "1", description: "*`[(<_".repeat(50_000), summary: "`".repeat(100_000) } }),
    generates: true,
  },
  "a description without a space": {
    text: () => around({ info: { title: "x", version: "1", description: "x".repeat(1_000_000) } }),
    generates: true,
  },
  "a description of a hundred thousand lines": {
    text: () => around({ info: { title: "x", version: "1", description: "- x\n\n".repeat(100_000) } }),
    generates: true,
  },
  "patterns that take for ever": {
    text: () =>
      around({
        servers: [{ url: `https://example.com/${"{".repeat(10_000)}` }],
        paths: {
          [`/${"{a}".repeat(2_000)}`]: { get: done },
          [`/${"{".repeat(10_000)}`]: { get: done },
          "/x": {
            get: {
              parameters: [
                {
                  name: "q",
                  in: "query",
                  required: true,
                  schema: { type: "string", pattern: "^(a+)+$", example: `${"a".repeat(50)}!`, minLength: 50 },
                },
                {
                  name: "r",
                  in: "query",
                  required: true,
                  schema: { type: "string", pattern: "(x{1,1000}){1,1000}".repeat(5) },
                },
              ],
              ...done,
            },
          },
        },
      }),
    generates: true,
  },
  "conditions and expressions of 100 kB": {
    text: () =>
      around({
        paths: { "/t": { post: { operationId: "t", ...done } } },
        components: {
          securitySchemes: {
            s: {
              type: "http",
              scheme: "bearer",
              "x-token-lifecycle": {
                apply: "{$inputs.a}".repeat(10_000),
                obtain: {
                  operationId: "t",
                  outputs: { accessToken: `$response.body#${"/a".repeat(50_000)}` },
                  successCriteria: `${"(".repeat(20_000)}$statusCode == 200`,
                },
              },
            },
          },
        },
      }),
    generates: false,
  },
};

function deep(depth: number): object {
  return times(depth, () => 0).reduce<object>((a) => ({ type: "object", properties: { a }, required: ["a"] }), {
    type: "string",
  });
}
