import { describe } from "vitest";
import { api, testRule } from "./support.js";

const DECLARED = `
inputs: {type: object, required: [email], properties: {email: {type: string}, password: {type: string, format: password}}}
obtain: {operationId: login, requestBody: {payload: {email: $inputs.email, password: $inputs.password}}, outputs: {accessToken: $response.body#/access_token}}`;

describe("lifecycle-input", () => {
  testRule("lifecycle-input", "error", [
    { name: "accepts inputs that are declared", given: api({ lifecycle: DECLARED }), want: [] },
    {
      name: "accepts an input that another scheme declares",
      given: api({
        lifecycle: DECLARED,
        schemes: 'device: {type: apiKey, in: header, name: X, x-token-lifecycle: {apply: "{$inputs.email}|x"}}',
      }),
      want: [],
    },
    {
      name: "accepts the inputs that OAuth and plain schemes have by default",
      given: api({
        scheme: "type: oauth2\nflows: {password: {tokenUrl: /t, scopes: {}}}",
        lifecycle: "key: [$inputs.username, $inputs.clientId]\nobtain: {operationId: login, grantType: password}",
        schemes:
          'basic: {type: http, scheme: basic}\napiKey: {type: apiKey, in: header, name: A}\nmix: {type: apiKey, in: header, name: B, x-token-lifecycle: {apply: "{$inputs.apiKey}{$inputs.username}"}}',
      }),
      want: [],
    },
    {
      name: "reports an input that is not declared where others are, with the nearest",
      given: api({ lifecycle: `${DECLARED}\nkey: [«$inputs.emial», «$inputs.tenant»]` }),
      want: [
        '"$inputs.emial" is not declared → did you mean "email"?',
        '"$inputs.tenant" is not declared → there are "email", "password"',
      ],
    },
    {
      name: "reports a slip of another scheme's input where the own scheme declares none",
      given: api({
        lifecycle: DECLARED,
        schemes: 'device: {type: apiKey, in: header, name: X, x-token-lifecycle: {apply: "{«$inputs.emial»}|x"}}',
      }),
      want: ['"$inputs.emial" is not declared → did you mean "email"?'],
    },
    {
      name: "reports a required input that is not among the properties",
      given: api({ lifecycle: DECLARED.replace("[email]", "[email, «pasword»]") }),
      want: ['"pasword" is required but not among the properties → did you mean "password"?'],
    },
    {
      name: "reports inputs that the grant needs and the declaration lacks",
      given: api({
        scheme: "type: oauth2\nflows: {}",
        lifecycle:
          "«inputs»: {properties: {clientId: {type: string}}}\nobtain: {operationId: login, grantType: client_credentials}",
      }),
      want: ['the scheme needs the input "clientSecret", which is not declared → there is "clientId"'],
    },
    {
      name: "reports an x-fill with an input of no scheme",
      given: api({
        lifecycle: DECLARED,
        paths:
          '/a: {get: {operationId: a, responses: {}, parameters: [{name: A, in: header, x-fill: "{$inputs.email}-{«$inputs.userIp»}"}]}}',
      }),
      want: ['"$inputs.userIp" is not an input of any security scheme → there are "email", "password"'],
    },
  ]);

  testRule("lifecycle-input", "info", [
    {
      name: "tells once what an input becomes that nothing declares",
      given: api({
        lifecycle: `
key: [«$inputs.email»]
obtain: {operationId: login, requestBody: {payload: {email: $inputs.email, password: «$inputs.password»}}}`,
      }),
      want: ["email", "password"].map(
        (name) =>
          `"$inputs.${name}" is not declared, so that it is a required secret string → declare it under inputs to describe it, or to make it optional or public`,
      ),
    },
  ]);
});
