import { describe } from "vitest";
import { api, testRule } from "./support.js";

describe("lifecycle-expression", () => {
  testRule("lifecycle-expression", "error", [
    { name: "accepts expressions that can be read", given: api(), want: [] },
    {
      name: "points at the character at which an expression breaks off",
      given: api({
        lifecycle: `
key: ['$inputs.«'»]
apply: "Bearer {$outputs.accessToken«"»
initial: {refreshToken: $inputs.a«.»b}
obtain:
  operationId: login
  parameters: {a: $«i»nput.email}
  outputs: {accessToken: $response«.»bdy#/a}`,
      }),
      want: [
        "a name is missing",
        'an embedded expression ends with "}"',
        'unexpected ".b" after the expression',
        '"$input" is not a root; there are $inputs, $outputs, $let, $steps, $workflows, $response, $statusCode, $url, $method',
        '"$response" goes on with ".body" or ".header."',
      ],
    },
    {
      name: "points into conditions, in their short and their long form, on one line or several",
      given: api({
        lifecycle: `
obtain:
  operationId: login
  successCriteria: $statusCode «=» 200
  onFailure: {challenge: [$statusCode == 202, {condition: "$statusCode == «'»abc"}]}
refresh:
  operationId: refresh
  onFailure: [{type: end, criteria: "($statusCode == 400«"»}]
rejected:
  token: >-
    $statusCode == 401 &&
    $response.body#/error == «o»ops`,
      }),
      want: [
        'unexpected "= 200" after the condition',
        'a string is not closed with "\'"',
        'a parenthesis is not closed with ")"',
        "expected an expression, a 'string', a number, true, false or null",
      ],
    },
    {
      name: "reads every place where a value stands",
      given: api({
        lifecycle: `
let: {a: {concat: [x, "{$«}»"]}}
clientAuthentication: [{in: header, name: A, value: {base64: "{$«}»"}}]
obtain:
  operationId: login
  let: {a: "{$«}»"}
  clientId: $«x»
  scope: $«x»
  clientAuthentication: {in: header, name: A, value: $«x»}
  parameters: [{in: query, name: a, value: $«x»}]
  requestBody: {payload: {a: [{b: $«x»}], c: {literal: $x}}}`,
      }),
      want: ["a", "b", "c", "x", "x", "x", "x", "x"].map(
        (name) =>
          `"$${name === "x" ? "x" : ""}" is not a root; there are $inputs, $outputs, $let, $steps, $workflows, $response, $statusCode, $url, $method`,
      ),
    },
    {
      name: "reports what has no value where it is read",
      given: api({
        lifecycle: `
key: [«$outputs.accessToken»]
apply: "Bearer {«$response.body#/access_token»}"
initial: {refreshToken: «$steps.a.outputs.b»}
obtain:
  operationId: login
  requestBody: {payload: {url: «$url», token: «$workflows.user.outputs.refreshToken»}}
  outputs: {accessToken: $response.body#/access_token}
refreshToken: {remainingUses: «$response.body#/uses_left», recoverWhen: «$statusCode» == 1}
rejected: {token: «$inputs.email» == 'x'}`,
      }),
      want: [
        '"$outputs.accessToken" has no value in a key → a key can read $inputs',
        '"$response.body#/access_token" has no value in what goes on a request → what goes on a request can read $inputs, $outputs, $let, $workflows',
        '"$steps.a.outputs.b" has no value in an initial output → an initial output can read $inputs',
        '"$url" has no value in a token call → a token call can read $inputs, $outputs, $let, $steps',
        '"$workflows.user.outputs.refreshToken" has no value in a token call → a token call can read $inputs, $outputs, $let, $steps',
        '"$response.body#/uses_left" has no value in remainingUses → remainingUses can read $outputs',
        '"$statusCode" has no value in recoverWhen → recoverWhen can read $outputs',
        '"$inputs.email" has no value in a rejection → a rejection can read $response, $statusCode',
      ],
    },
  ]);
});
