import { describe } from "vitest";
import { api, testRule } from "./support.js";

describe("lifecycle-response-header", () => {
  testRule("lifecycle-response-header", "error", [
    {
      name: "accepts a documented header, whatever its case, and headers that HTTP itself defines",
      given: api({
        lifecycle: `
obtain: {operationId: login, outputs: {accessToken: $response.body#/access_token, age: $response.header.x-token-age}}
expires: {accessToken: [{in: $response.header.X-Token-Age}, {at: $response.header.Expires, format: http-date}]}`,
      }),
      want: [],
    },
    {
      name: "reports a header that no response in question documents",
      given: api({
        lifecycle: `
obtain:
  operationId: login
  outputs: {accessToken: $response.body#/access_token, age: «$response.header.X-Token-Aeg»}
  onFailure: {challenge: «$response.header.X-Token-Age» == '0'}
rejected: {token: "$statusCode == 401 && «$response.header.X-Expired» == 'true'"}`,
      }),
      want: [
        'no response that this can be about documents the header "X-Token-Aeg" → did you mean "X-Token-Age"?',
        'no response that this can be about documents the header "X-Token-Age" → document it under headers',
        'no response that this can be about documents the header "X-Expired" → document it under headers',
      ],
    },
  ]);
});
