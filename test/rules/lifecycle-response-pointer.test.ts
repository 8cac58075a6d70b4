import { describe } from "vitest";
import { api, testRule } from "./support.js";

/** A path whose answer is described by a schema. */
function answering(operationId: string, schema: string): string {
  return `/${operationId}: {get: {operationId: ${operationId}, security: [], responses: {"200": {description: OK., content: {application/json: {schema: ${schema}}}}}}}`;
}

describe("lifecycle-response-pointer", () => {
  testRule("lifecycle-response-pointer", "error", [
    { name: "accepts pointers through references and combinations", given: api(), want: [] },
    {
      name: "reports a member that the body has not, with the nearest",
      given: api({
        lifecycle:
          "obtain: {operationId: login, outputs: {accessToken: «$response.body#/acces_token», refreshToken: $response.body#/refresh_token}}",
      }),
      want: ['"/acces_token" is in no body of login (200) → did you mean "access_token"?'],
    },
    {
      name: "follows items, additional properties, alternatives and what is described as open",
      given: api({
        lifecycle: `
obtain:
  operationId: probe
  outputs:
    accessToken: $response.body#/list/0/token
    a: $response.body#/map/any/token
    b: $response.body#/either/one
    c: $response.body#/either/two
    d: $response.body#/open/x/y
    e: $response.body#/tuple/1
    f: «$response.body#/list/0/nothing»
    g: «$response.body#/either/three»
    h: «$response.body#/map/any/nothing»
    i: «$response.body#/constructor»`,
        paths: answering(
          "probe",
          "{properties: {list: {type: array, items: {properties: {token: {type: string}}}}, map: {additionalProperties: {properties: {token: {}}}}, " +
            "either: {oneOf: [{properties: {one: {}}}, {anyOf: [{properties: {two: {}}}]}]}, open: {type: object}, tuple: {prefixItems: [{}, {type: string}]}}}",
        ),
      }),
      want: [
        '"/list/0/nothing" is in no body of probe (200) → there is "token"',
        '"/either/three" is in no body of probe (200) → there are "one", "two"',
        '"/map/any/nothing" is in no body of probe (200) → there is "token"',
        '"/constructor" is in no body of probe (200) → there are "list", "map", "either", "open", "tuple"',
      ],
    },
    {
      name: "judges outputs by answers that can be a success, failures by those that cannot",
      given: api({
        lifecycle: `
obtain: {operationId: login, outputs: {accessToken: $response.body#/access_token, x: «$response.body#/error»}, onFailure: {challenge: $response.body#/code == 7, failed: «$response.body#/scopes» == 1}}
refresh:
  operationId: refresh
  parameters: {user_id: x}
  requestBody: {payload: {refresh_token: $outputs.x}}
  successCriteria: $statusCode == 200 && $response.body#/session != null && «$response.body#/sesion» != null
  outputs: {accessToken: $response.body#/access_token, y: «$response.body#/devices»}
  onFailure: {challenge: $statusCode == 202 && $response.body#/devices != null, obtain: $statusCode == 202 && «$response.body#/error» == 'x'}`,
      }),
      want: [
        '"/error" is in no body of login (200) → there are "access_token", "refresh_token", "expires_in", "expires_at", "uses_left", "scopes", "session"',
        '"/scopes" is in no body of login (4XX) → there are "error", "code"',
        '"/sesion" is in no body of refresh (200) → did you mean "session"?',
        '"/devices" is in no body of refresh (200) → there are "access_token", "refresh_token", "expires_in", "expires_at", "uses_left", "scopes", "session"',
        '"/error" is in no body of refresh (202) → there is "devices"',
      ],
    },
    {
      name: "judges a rejection by the answers of the operations that require the scheme",
      given: api({
        lifecycle: `
obtain: {operationId: login, outputs: {accessToken: $response.body#/access_token}}
rejected: {token: "$statusCode == 401 && $response.body#/error == 'x'", credentials: "$statusCode == 401 && «$response.body#/eror» == 'x'", challenge: "$statusCode == 403 && «$response.body#/error» == 'x'"}`,
      }),
      want: [
        '"/eror" is in no body of getMe (401) → did you mean "error"?',
        "this reads a response that getMe does not document → document it, and its body",
      ],
    },
    {
      name: "says so when the body is not described",
      given: api({
        lifecycle: "obtain: {operationId: probe, outputs: {accessToken: «$response.body#/a»}}",
        paths:
          "/probe: {get: {operationId: probe, responses: {2XX: {description: OK., content: {text/plain: {schema: {type: string}}}}}}}",
      }),
      want: ["no body of probe (2XX) is described → give the response a JSON schema"],
    },
    {
      name: "wants a string for a token, a number for uses",
      given: api({
        lifecycle: `
obtain: {operationId: login, outputs: {accessToken: «$response.body#/expires_in», refreshToken: «$response.body#/scopes», left: «$response.body#/scopes», id: $response.body#/scopes}}
refreshToken: {remainingUses: $outputs.left}`,
      }),
      want: [
        'accessToken is string, but "/expires_in" is integer',
        'refreshToken is string, but "/scopes" is array',
        'a number of uses is integer or number or string, but "/scopes" is array',
      ],
    },
    {
      name: "wants a lifetime or a moment where an expiry reads one, in the answer that brings the output",
      given: api({
        lifecycle: `
obtain: {operationId: login, outputs: {accessToken: $response.body#/access_token}}
expires:
  accessToken:
    - {in: $response.body#/expires_in}
    - {in: «$response.body#/scopes»}
    - {at: $response.body#/expires_at, format: date-time}
    - {at: «$response.body#/expires_in», format: date-time}
    - {at: $response.body#/expires_in, format: epoch-seconds}
    - {in: «$response.body#/devices»}`,
      }),
      want: [
        'a lifetime is integer or number or string, but "/scopes" is array',
        'a date-time is string, but "/expires_in" is integer',
        '"/devices" is in no body of login (200) → there are "access_token", "refresh_token", "expires_in", "expires_at", "uses_left", "scopes", "session"',
      ],
    },
  ]);
});
