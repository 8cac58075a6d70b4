import { describe } from "vitest";
import { api, testRule } from "./support.js";

describe("lifecycle-output", () => {
  testRule("lifecycle-output", "error", [
    { name: "accepts what the calls bring", given: api(), want: [] },
    {
      name: "accepts what the caller may hold, what RFC 6749 brings, and what the last step of a chain brings",
      given: api({
        lifecycle: `
apply: "Bearer {$outputs.accessToken} {$outputs.refreshToken} {$outputs.device}"
initial: {device: $inputs.device}
obtain:
  steps:
    - {stepId: one, operationId: login, outputs: {code: $response.body#/access_token}}
    - {operationId: refresh, grantType: code, requestBody: {payload: {code: $steps.one.outputs.code}}}
refresh: {operationId: refresh, grantType: refresh_token}`,
      }),
      want: [],
    },
    {
      name: "reports an output that no call brings",
      given: api({
        lifecycle: `
apply: "Bearer {$outputs.accessToken}{«$outputs.acessToken»}"
obtain:
  steps:
    - {stepId: one, operationId: login, outputs: {code: $response.body#/access_token}}
    - {operationId: login, outputs: {accessToken: $response.body#/access_token}}
refresh: {operationId: refresh, requestBody: {payload: {refresh_token: «$outputs.code»}}, outputs: {accessToken: $response.body#/access_token}}`,
      }),
      want: [
        'nothing brings "$outputs.acessToken": no call of user has that output → did you mean "accessToken"?',
        'nothing brings "$outputs.code": no call of user has that output → there is "accessToken"',
      ],
    },
    {
      name: "reports outputs of a scheme without calls",
      given: api({ lifecycle: 'apply: "Bearer {«$outputs.accessToken»}"' }),
      want: ['nothing brings "$outputs.accessToken": no call of user has that output'],
    },
    {
      name: "reports steps that do not come before",
      given: api({
        lifecycle: `
obtain:
  steps:
    - {stepId: one, operationId: login, requestBody: {payload: {a: «$steps.two.outputs.code»}}, outputs: {code: $response.body#/access_token}}
    - {stepId: two, operationId: login, requestBody: {payload: {a: «$steps.one.outputs.cod», b: «$steps.onne.outputs.code»}}, outputs: {accessToken: $response.body#/access_token}}
refresh: {operationId: refresh, parameters: {user_id: «$steps.one.outputs.code»}, outputs: {accessToken: $response.body#/access_token}}`,
      }),
      want: [
        'there is no step "two" before this one',
        'step "one" has no output "cod" → did you mean "code"?',
        'there is no step "onne" before this one → did you mean "one"?',
        'there is no step "one" before this one',
      ],
    },
    {
      name: "reports computed values that nothing computes: those of a request and those of a call are apart",
      given: api({
        lifecycle: `
let: {nonce: {uuid: v4}}
apply: [{in: header, name: Authorization, value: "{$let.nonce}{«$let.stamp»}"}]
obtain: {operationId: login, let: {stamp: {now: {}}}, requestBody: {payload: {a: $let.stamp, b: «$let.nonce»}}, outputs: {accessToken: $response.body#/access_token}}`,
      }),
      want: ['nothing computes "$let.stamp" → there is "nonce"', 'nothing computes "$let.nonce" → there is "stamp"'],
    },
    {
      name: "reports other slots that there are not",
      given: api({
        schemes: `
one: {type: http, scheme: bearer, x-token-lifecycle: {apply: "Bearer {«$workflows.usr.outputs.refreshToken»}"}}
two: {type: http, scheme: bearer, x-token-lifecycle: {apply: "Bearer {«$workflows.user.outputs.refresh»}"}}
three: {type: http, scheme: bearer, x-token-lifecycle: {apply: "Bearer {$workflows.user.outputs.refreshToken}"}}`,
      }),
      want: [
        'there is no security scheme "usr" → did you mean "user"?',
        'nothing brings "$workflows.user.outputs.refresh": no call of user has that output → there are "accessToken", "refreshToken"',
      ],
    },
    {
      name: "reports outputs that expire or are ended without being brought, and a lifecycle without an access token",
      given: api({
        lifecycle: `
obtain: {operationId: login, outputs: {token: $response.body#/access_token}}
revoke: {operationId: login, ends: [token, «sesion»]}
expires: {«accesToken»: PT1H, token: PT1H}
apply: $outputs.token`,
      }).replace("x-token-lifecycle:", "«x-token-lifecycle»:"),
      want: [
        'no call of user has the output "accessToken" → there is "token"',
        'no call of user has the output "sesion" → there is "token"',
        'no call of user has the output "accesToken" → there is "token"',
      ],
    },
  ]);
});
