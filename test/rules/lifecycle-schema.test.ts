import { describe } from "vitest";
import { api, testRule } from "./support.js";

describe("lifecycle-schema", () => {
  testRule("lifecycle-schema", "error", [
    { name: "accepts a lifecycle of the language", given: api(), want: [] },
    {
      name: "accepts every field of the first round in its long form",
      given: api({
        lifecycle: `
inputs:
  type: object
  required: [email]
  properties:
    email: {type: string, format: email, description: Whose token it is.}
    password: {type: string, format: password, default: secret}
key: [$inputs.email]
let: {stamp: {now: {format: epoch-seconds, offset: PT5S}}}
apply:
  - {in: header, name: Authorization, value: "Bearer {$outputs.accessToken}"}
  - {in: query, name: sign, value: {hmac: {algorithm: SHA-256, encoding: base64url, key: $inputs.password, data: $let.stamp}}}
  - {in: cookie, name: id, value: {optional: $outputs.id}, required: false}
initial: {refreshToken: $inputs.refreshToken}
clientAuthentication:
  - {in: header, name: X-Client, value: {base64: {concat: ["{$inputs.email}", ":"]}}}
obtain:
  steps:
    - stepId: first
      operationRef: "#/paths/~1login/post"
      parameters: [{in: header, name: X, value: 1}]
      requestBody: {contentType: application/json, payload: {a: [{uuid: v4}, null, {b: {literal: {$c: d}}}]}}
      successCriteria: [{condition: $statusCode == 200}]
      outputs: {code: {jwtClaim: {token: $response.body#/id_token, claim: code}}}
      onFailure:
        - {name: refused, type: end, outcome: challenge, criteria: [{condition: $statusCode == 202}]}
        - {type: goto, operation: recover, criteria: [{condition: $statusCode == 404}]}
    - {operationId: login, let: {x: {first: [$inputs.email, y]}}, outputs: {accessToken: {hash: {algorithm: SHA-1, data: x}}}}
refresh: {operationId: refresh, grantType: refresh_token, clientId: $inputs.email, scope: [a, b], clientAuthentication: none}
recover: {operationId: refresh, scope: a b, outputs: {refreshToken: {base64url: {urlEncode: x}}}}
revoke: {operationId: login, parameters: {token: $outputs.refreshToken}, ends: [refreshToken]}
expires:
  accessToken:
    - {in: $response.body#/expires_in, unit: minutes, never: 0}
    - {at: $response.body#/expires_at, format: http-date, never: "never"}
    - {claim: exp}
    - PT1H
  refreshToken: {after: P1D}
  id: {never: true}
leeway: PT30S
refreshToken:
  rotation: always
  uses: 10
  remainingUses: $outputs.left
  recoverWhen: $outputs.left <= 1
  reuseWindow: PT60S
  revokesAccessToken: true
  sameTokenWhileValid: false
  idleExpiry: P30D
  absoluteExpiry: P1W
rejected:
  token: $statusCode == 401
  credentials: [$statusCode == 403, {condition: $response.body#/code == 7}]
  challenge: $statusCode == 423`,
      }),
      want: [],
    },
    {
      name: "reports a lifecycle that is no map",
      given: `openapi: 3.1.0
components:
  securitySchemes:
    user: {type: http, scheme: bearer, x-token-lifecycle: «none»}
`,
      want: ["the lifecycle is an object, not a string"],
    },
    {
      name: "names the nearest member for one that is misspelt",
      given: api({ lifecycle: "«obtian»: {operationId: login}" }),
      want: ['"obtian" is not a member of the lifecycle → did you mean "obtain"?'],
    },
    {
      name: "names what there is when nothing is near",
      given: api({ lifecycle: "obtain: {operationId: login}\nexpires: {accessToken: {after: PT1H, «from»: x}}" }),
      want: ['"from" is not a member of "accessToken" → there is "after"'],
    },
    {
      name: "tells a field of a later round apart",
      given: api({
        lifecycle: `
«discover»: []
«authorization»: {}
obtain: {operationId: login, «extends»: [accessToken]}
clientAuthentication: «private_key_jwt»
apply: [{in: «body», name: /token, value: x}, {in: header, name: Authorization, value: {«jwt»: {}}}]
expires: {accessToken: {in: $response.body#/expires_in, «format»: hms}}`,
      }),
      want: ["discover", "authorization", "extends", "private_key_jwt", "body", "jwt", "format"].map(
        (name) => `"${name}" is part of the language but not yet executed; it comes in a later round`,
      ),
    },
    {
      name: "reports a type that does not fit",
      given: api({
        lifecycle: "obtain: «[]»\nleeway: «60»\nkey: «$inputs.email»\nrefreshToken: {uses: «ten», revokesAccessToken: «yes»}",
      }),
      want: [
        '"obtain" is an object, not an array',
        '"leeway" is a string, not an integer → it is a span of time as ISO 8601 writes it, from weeks down to seconds: PT60S, PT2H, P1D',
        '"key" is an array, not a string',
        '"uses" is an integer, not a string',
        '"revokesAccessToken" is a boolean, not a string',
      ],
    },
    {
      name: "reports a value that is none of those there are, with the nearest",
      given: api({
        lifecycle:
          "obtain: {operationId: login}\nrefreshToken: {rotation: «allways»}\nexpires: {accessToken: {in: $response.body, unit: «hours»}}",
      }),
      want: [
        '"rotation" is one of "never", "sometimes", "always", not "allways" → did you mean "always"?',
        '"unit" is one of "seconds", "milliseconds", "minutes", not "hours"',
      ],
    },
    {
      name: "reports what is missing, and says what it is",
      given: api({ lifecycle: "«obtain»: {outputs: {}}\nexpires: {«accessToken»: {at: $response.body#/expires_at}}" }),
      want: ['"obtain" needs "operationId"', '"accessToken" needs "format"'],
    },
    {
      name: "reports a function that there is not",
      given: api({
        lifecycle: "apply: {«base46»: x}\nobtain: {operationId: login, outputs: {accessToken: «{base64: x, first: [y]}»}}",
      }),
      want: [
        '"base46" is not a function → did you mean "base64"?',
        '"accessToken" is one function, an object with one member → there are "base64", "first"',
      ],
    },
    {
      name: "takes an object in a payload for a function only when it is named after one",
      given: api({
        lifecycle: "obtain: {operationId: login, requestBody: {payload: {a: {base46: x}, b: {uuid: «v5»}, c: {concat: «[]»}}}}",
      }),
      want: ['"uuid" is "v4", not "v5"', '"concat" is empty'],
    },
    {
      name: "reports names that no expression can hold",
      given: api({ lifecycle: 'obtain: {operationId: login, outputs: {«"access token"»: $response.body}}' }),
      want: [
        '"access token" is not a name that an expression can hold: a letter or an underscore, then letters, digits, underscores and hyphens; and none that every object has, such as constructor',
      ],
    },
    ...["constructor", "__proto__", "toString", "__defineGetter__"].map((name) => ({
      name: `reports the name ${name}, which every object has`,
      given: api({ lifecycle: `obtain: {operationId: login, outputs: {«${name}»: $response.body}}` }),
      want: [
        `"${name}" is not a name that an expression can hold: a letter or an underscore, then letters, digits, underscores and hyphens; and none that every object has, such as constructor`,
      ],
    })),
    {
      name: "reports a plain text where an expression stands",
      given: api({ lifecycle: "obtain: {operationId: login}\ninitial: {refreshToken: «inputs.refreshToken»}" }),
      want: ['"refreshToken" is an expression, which starts with "$"'],
    },
    {
      name: "reports a call that names its operation twice, and a chain that is a call as well",
      given: api({
        lifecycle:
          'obtain: {«operationId»: login, operationRef: "#/paths/~1login/post"}\nrefresh: {steps: «[]», «operationId»: login}',
      }),
      want: [
        '"operationId" stands beside "operationRef"; only one of them names the operation',
        '"steps" is empty',
        '"operationId" is not a member of "refresh" → there is "steps"',
      ],
    },
    {
      name: "reports a failure action that goes nowhere",
      given: api({ lifecycle: "obtain: {operationId: login, onFailure: [«{type: goto, criteria: $statusCode == 400}»]}" }),
      want: ['item 0 of "onFailure" needs "operation"'],
    },
    {
      name: "reports inputs that are referred to",
      given: api({ lifecycle: 'obtain: {operationId: login}\ninputs: {«$ref»: "#/components/schemas/Login", properties: {}}' }),
      want: ['"$ref" is not followed here; write the inputs out'],
    },
  ]);
});
