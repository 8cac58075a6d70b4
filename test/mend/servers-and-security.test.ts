import { describe, expect, test } from "vitest";
import { mended, operation } from "./support.js";

test.each<[string, object, unknown, string[]]>([
  ["with a scheme is one", { servers: [{ url: "https://a.example/v1" }] }, [{ url: "https://a.example/v1" }], []],
  [
    "without a scheme gets one",
    { servers: [{ url: "a.example/v1" }] },
    [{ url: "https://a.example/v1" }],
    ['server: "a.example/v1" is not the address of a server; it is taken for "https://a.example/v1"'],
  ],
  [
    "that is no address is left out",
    { servers: [{ url: "https://" }, { description: "d" }] },
    [],
    ['server: "https://" is no address; the server is left out', "server: a server without an address is left out"],
  ],
  [
    "that is relative is told",
    { servers: [{ url: "/v1" }] },
    [{ url: "/v1" }],
    ['server: "/v1" is relative, and nothing says to what; outside of a browser a client needs a baseUrl'],
  ],
  [
    "that is relative begins with the document's own address",
    { openapi: "3.2.0", $self: "https://a.example/x/openapi.json", servers: [{ url: "../v1" }] },
    [{ url: "https://a.example/v1" }],
    [],
  ],
  [
    "has a default for each variable",
    { servers: [{ url: "https://{r}.example", variables: { r: { enum: ["eu", "us"] } } }] },
    [{ url: "https://{r}.example", variables: { r: { enum: ["eu", "us"], default: "eu" } } }],
    ['server: the server variable "r" has no default; "eu" is taken'],
  ],
  [
    "goes nowhere before its variable is named",
    { servers: [{ url: "https://{r}.example" }] },
    [{ url: "https://{r}.example" }],
    ['server: the server variable "r" is not described; a client needs it as one of its variables'],
  ],
  [
    "has a name of its own",
    {
      servers: [
        { url: "https://a.example", "x-server-name": "a" },
        { url: "https://b.example", "x-server-name": "a" },
      ],
    },
    [{ url: "https://a.example", "x-server-name": "a" }, { url: "https://b.example" }],
    ["server: the name of this server is another server's; it is left out, and the server cannot be chosen"],
  ],
])("a server %s", (_fact, document, value, said) => {
  expect(mended(document, "/servers")).toEqual({ value, said });
});

describe("a security scheme", () => {
  test.each<[string, object, unknown, string[]]>([
    [
      "of Swagger is what it means",
      { type: "basic" },
      { type: "http", scheme: "basic" },
      ['security-scheme: "basic" is no type of security scheme; it is taken for http'],
    ],
    [
      "in other letters is what it means",
      { type: "apikey", name: "K", in: "header" },
      { type: "apiKey", name: "K", in: "header" },
      ['security-scheme: "apikey" is no type of security scheme; it is taken for apiKey'],
    ],
    [
      "without a type is what its members say",
      { name: "K", in: "query" },
      { type: "apiKey", name: "K", in: "query" },
      ["security-scheme: nothing is no type of security scheme; it is taken for apiKey"],
    ],
    [
      "of type http is for bearers where it says nothing else",
      { type: "http" },
      { type: "http", scheme: "bearer" },
      ['security-scheme: a scheme of type http without "scheme" is taken for bearer'],
    ],
    [
      "of no type is left out",
      { type: "magic" },
      undefined,
      ["security-scheme: the scheme does not say how credentials are presented; it is left out"],
    ],
    [
      "that does not name its key is left out",
      { type: "apiKey", in: "header" },
      undefined,
      ["security-scheme: the scheme does not name what holds the key; it is left out"],
    ],
    [
      "whose key stands in a header that cannot be is left out",
      { type: "apiKey", in: "header", name: "A: b" },
      undefined,
      ["security-scheme: the scheme names what no header can be called; it is left out"],
    ],
    [
      "of a flow that has no lifecycle stays",
      { type: "oauth2", oauth2MetadataUrl: "https://a.example", flows: { deviceAuthorization: { scopes: {} } } },
      { type: "oauth2", oauth2MetadataUrl: "https://a.example", flows: { deviceAuthorization: { scopes: {} } } },
      [],
    ],
  ])("%s", (_fact, given, value, said) => {
    expect(mended({ components: { securitySchemes: { s: given } } }, "/components/securitySchemes/s")).toEqual({ value, said });
  });
});

describe("a security requirement", () => {
  const KEY = { components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "K" } } } };
  const secured = (security: unknown, more: object = KEY) => mended(operation({ security }, more), "/paths/~1a/get/security");

  test.each<[string, unknown, unknown]>([
    ["without scopes has none", [{ key: null }], [{ key: [] }]],
    ["in one map is a list of one", { key: [] }, [{ key: [] }]],
    ["in one word names its scheme", ["key"], [{ key: [] }]],
  ])("%s, and is not lost", (_fact, given, value) => {
    const result = secured(given);
    expect(result.value).toEqual(value);
    expect(result.said).toHaveLength(1);
  });

  test("of no scheme is left out while another is left", () => {
    const { value, said } = secured([{ gone: [] }, { key: [] }]);
    expect(value).toEqual([{ key: [] }]);
    expect(said).toEqual(['security-scheme-exists: there is no security scheme "gone"; the alternative is left out']);
  });

  test.each<[string, unknown]>([
    ["alone", [{ gone: [] }]],
    ["beside none at all", [{ gone: [] }, {}]],
    ["together with another", [{ gone: [], key: [] }]],
  ])("of no scheme %s stays, and waits for its value", (_where, security) => {
    const { value } = secured(security);
    expect(value).toEqual(security);
    const scheme = mended(operation({ security }, KEY), "/components/securitySchemes/gone").value;
    expect(scheme).toEqual({ type: "apiKey", in: "header", name: "Authorization" });
  });
});
