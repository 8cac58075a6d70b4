import { describe, expect, test } from "vitest";
import { api } from "../rules/support.js";
import { changes } from "./support.js";

const LIFECYCLE = `
inputs:
  type: object
  required: [email, password]
  properties: { email: { type: string }, password: { type: string, format: password }, userId: { type: string } }
obtain:
  operationId: login
  requestBody: {payload: {email: $inputs.email, password: $inputs.password}}
  outputs: {accessToken: $response.body#/access_token, refreshToken: $response.body#/refresh_token}
refresh:
  operationId: refresh
  parameters: {user_id: $inputs.userId}
  outputs: {accessToken: $response.body#/access_token}
expires: { accessToken: PT1H }
refreshToken: { rotation: never, uses: 3 }
`;

/** Edits of the lifecycle, and what they come to. */
const CASES: readonly { name: string; edits: readonly (readonly [string, string])[]; want: readonly string[] }[] = [
  {
    name: "another lifetime",
    edits: [["PT1H", "PT30M"]],
    want: ['risky: the access token of "user" lives for 30 minutes, and lived for 1 hour'],
  },
  {
    name: "no lifetime any more",
    edits: [["expires: { accessToken: PT1H }\n", ""]],
    want: ['risky: the access token of "user" lives until it is refused, and lived for 1 hour'],
  },
  {
    name: "rotation and uses",
    edits: [["rotation: never, uses: 3", "rotation: always, uses: 1"]],
    want: [
      'risky: rotation of the refresh token of "user" is now "always", and was "never"',
      'risky: uses of the refresh token of "user" is now 1, and was 3',
    ],
  },
  {
    name: "another answer that rejects",
    edits: [["expires:", "rejected: { token: $statusCode == 403 }\nexpires:"]],
    want: ['risky: "user": other answers mean that the token is rejected'],
  },
  {
    name: "an input that is new, and required",
    edits: [
      ["required: [email,", "required: [tenant, email,"],
      ["properties: { email:", "properties: { tenant: { type: string }, email:"],
    ],
    want: ['breaking: input "tenant" is new, and required'],
  },
  {
    name: "an input that is new",
    edits: [["properties: { email:", "properties: { hint: { type: string }, email:"]],
    want: ['safe: input "hint" is new'],
  },
  {
    name: "an input that is now required",
    edits: [["required: [email,", "required: [userId, email,"]],
    want: ['breaking: input "userId" is now required'],
  },
  {
    name: "an input of another type, with a default, and no longer secret",
    edits: [["password: { type: string, format: password }", "password: { type: integer, default: 1 }"]],
    want: [
      'breaking: input "password" is now integer, and was string',
      'risky: input "password" is no longer a secret, and may be shown',
      'risky: input "password" is now 1 when it is left out, and was nothing',
      'safe: input "password" is now optional',
    ],
  },
  {
    name: "another operation",
    edits: [["operationId: login", "operationId: refresh"]],
    want: ['risky: "user" calls refresh to obtain, and called login'],
  },
  {
    name: "an operation called otherwise",
    edits: [["payload: {email: $inputs.email,", "payload: {remember: true, email: $inputs.email,"]],
    want: ['risky: "user" calls login otherwise to obtain'],
  },
  {
    name: "a key",
    edits: [["expires:", "key: [$inputs.email]\nexpires:"]],
    want: ['risky: "user": tokens that are kept will not be found, the key is another one'],
  },
  {
    name: "another leeway",
    edits: [["expires:", "leeway: PT5M\nexpires:"]],
    want: ['safe: "user": another leeway for the renewal'],
  },
];

describe("a lifecycle", () => {
  test.each(CASES)("tells of $name", ({ edits, want }) => {
    const after = edits.reduce((text, [from, to]) => text.replace(from, to), LIFECYCLE);
    expect(after).not.toBe(LIFECYCLE);
    expect(changes(api({ lifecycle: LIFECYCLE }), api({ lifecycle: after }))).toEqual(want);
  });

  test("that cannot be revoked any more breaks whoever revokes", () => {
    const revoke = "revoke: { operationId: login, ends: [refreshToken] }";
    expect(changes(api({ lifecycle: `${LIFECYCLE}${revoke}` }), api({ lifecycle: LIFECYCLE }))).toEqual([
      'breaking: "user" has no revoke any more',
    ]);
  });

  test("that cannot be read is said not to be compared", () => {
    const [change] = changes(
      api({ lifecycle: LIFECYCLE }),
      api({ lifecycle: LIFECYCLE.replace("$inputs.email,", "$inptus.email,") }),
    );
    expect(change).toMatch(/^risky: the lifecycles of tokens cannot be compared: /);
  });

  test("is told of with its scheme when that comes or goes", () => {
    const key = "key: {type: apiKey, in: header, name: X-Key}";
    expect(changes(api(), api({ schemes: key }))).toEqual(['safe: input "key" is new', 'safe: security scheme "key" is new']);
    expect(changes(api({ schemes: key }), api())).toEqual([
      'breaking: input "key" is gone',
      'breaking: security scheme "key" is gone',
    ]);
  });
});

describe("a server", () => {
  const document = (servers: string) => api().replace("servers: [{url: https://api.example.com}]", `servers: [${servers}]`);
  const cases: readonly { name: string; before: string; after: string; want: readonly string[] }[] = [
    {
      name: "that has another address",
      before: "{ url: https://a.example, x-server-name: live }",
      after: "{ url: https://b.example, x-server-name: live }",
      want: ['risky: server "live" is now https://b.example, and was https://a.example'],
    },
    {
      name: "that is gone, and one that is new",
      before: "{ url: https://a.example, x-server-name: live }, { url: https://t.example, x-server-name: test }",
      after: "{ url: https://a.example, x-server-name: live }, { url: https://s.example, x-server-name: stage }",
      want: ['breaking: server "test" is gone', 'safe: server "stage" is new'],
    },
    {
      name: "without a name that has another address",
      before: "{ url: https://a.example }",
      after: "{ url: https://b.example }",
      want: ["risky: requests go to https://b.example unless another server is chosen, and went to https://a.example"],
    },
    {
      name: "with other variables",
      before: "{ url: 'https://{r}.example', variables: { r: { default: eu, enum: [eu, us] } } }",
      after: "{ url: 'https://{r}.example', variables: { r: { default: us, enum: [us] }, s: { default: x } } }",
      want: [
        'risky: variable "r" of server https://{r}.example has other values',
        'safe: variable "s" of server https://{r}.example is new',
      ],
    },
  ];
  test.each(cases)("$name is told of", ({ before, after, want }) => {
    expect(changes(document(before), document(after))).toEqual(want);
  });
});
