import { describe } from "vitest";
import { api, testRule } from "./support.js";

describe("server-name", () => {
  const SERVERS = (servers: string) => api().replace(/servers: .*/, `servers: ${servers}`);
  testRule("server-name", "error", [
    { name: "accepts one server without a name", given: api(), want: [] },
    {
      name: "accepts names, also those of OpenAPI 3.2",
      given: SERVERS("[{url: a, x-server-name: a}, {url: b, name: b}]"),
      want: [],
    },
    {
      name: "reports a name that is taken, and one that is no text",
      given: SERVERS("[{url: a, x-server-name: a}, {url: b, x-server-name: «a»}, {url: c, x-server-name: «5»}]"),
      want: ['another server is named "a" as well', "the name of a server is a text"],
    },
  ]);
  testRule("server-name", "warning", [
    {
      name: "warns of servers without a name where there are several",
      given: SERVERS("[{url: a, x-server-name: a}, «{url: b}»]"),
      want: ["a client cannot choose this server: it has no name → add x-server-name: with a short name such as sandbox"],
    },
  ]);
});

describe("known-extension", () => {
  testRule("known-extension", "error", [
    {
      name: "accepts extensions of others, near as their names may be where ours have no meaning",
      given: api({ top: "x-logo: {x-fil: 1}\nx-file: 1\nx-tokens: 1\nx-server-names: []" }),
      want: [],
    },
    {
      name: "reports a slip",
      given: api({
        schemes: "other: {type: http, scheme: bearer, «x-token-lifecyle»: {}}",
        paths: "/a: {get: {operationId: a, responses: {}, parameters: [{name: A, in: query, «x-fil»: 1}]}}",
      }).replace("servers: [{", "servers: [{«x-servername»: a, "),
      want: [
        '"x-servername" is no extension that is known here → did you mean "x-server-name"?',
        '"x-fil" is no extension that is known here → did you mean "x-fill"?',
        '"x-token-lifecyle" is no extension that is known here → did you mean "x-token-lifecycle"?',
      ],
    },
    {
      name: "reports an extension of ours where it has no meaning",
      given: api({
        paths: "/a: {«x-server-name»: a, get: {operationId: a, responses: {}, «x-fill»: 1}}",
        top: "«x-token-lifecycle»: {}",
      }),
      want: [
        '"x-server-name" has no meaning here → it stands on a Server Object',
        '"x-fill" has no meaning here → it stands on a Parameter Object',
        '"x-token-lifecycle" has no meaning here → it stands on a Security Scheme Object',
      ],
    },
  ]);
});

describe("known-extension, in a document without a lifecycle", () => {
  const FOREIGN = `openapi: 3.1.0
info: {title: A, version: "1", «x-server-name»: a}
paths: {/a: {get: {operationId: a, responses: {}, parameters: [{name: A, in: query, «x-file»: 1}]}}}
`;
  testRule("known-extension", "warning", [
    {
      name: "warns of names that may be somebody else's",
      given: FOREIGN,
      want: [
        '"x-server-name" has no meaning here → it stands on a Server Object',
        '"x-file" is no extension that is known here → did you mean "x-fill"?',
      ],
    },
  ]);
  testRule("known-extension", "error", [
    {
      name: "reports a slip that can be nothing else",
      given: `openapi: 3.1.0
info: {title: A, version: "1"}
components: {securitySchemes: {a: {type: http, scheme: bearer, «x-token-lifecyle»: {}}}}
`,
      want: ['"x-token-lifecyle" is no extension that is known here → did you mean "x-token-lifecycle"?'],
    },
  ]);
});

describe("method-name", () => {
  testRule("method-name", "info", [
    { name: "accepts names that can follow a dot", given: api(), want: [] },
    {
      name: "tells of names that are no identifiers",
      given: api({ paths: "/a: {get: {operationId: «get-my.data»}, put: {operationId: «2fa»}}" }),
      want: [
        '"get-my.data" can only be called in brackets and quotes → write it in camelCase: getMyData',
        '"2fa" can only be called in brackets and quotes → write it in camelCase: operation2fa',
      ],
    },
  ]);
});
