import { describe } from "vitest";
import { api, testRule } from "./support.js";

describe("lifecycle-operation", () => {
  testRule("lifecycle-operation", "error", [
    { name: "accepts operations that there are", given: api(), want: [] },
    {
      name: "accepts a reference to an operation",
      given: api({ lifecycle: 'obtain: {operationRef: "#/paths/~1login/post"}' }),
      want: [],
    },
    {
      name: "reports an operation that there is not, in every role and step",
      given: api({
        lifecycle: `
obtain: {steps: [{operationId: login}, {operationId: «logni»}]}
refresh: {operationId: «refrehs»}
recover: {operationId: «"toString"»}
revoke: {operationId: «bye»}`,
      }),
      want: [
        'there is no operation "logni" → did you mean "login"?',
        'there is no operation "refrehs" → did you mean "refresh"?',
        'there is no operation "toString" → there are "login", "refresh", "getMe"',
        'there is no operation "bye" → there are "login", "refresh", "getMe"',
      ],
    },
    {
      name: "reports a reference that leads elsewhere",
      given: api({ lifecycle: 'obtain: {operationRef: «"#/paths/~1login/get"»}\nrefresh: {operationRef: «other.yaml#/a»}' }),
      want: [
        '"#/paths/~1login/get" does not lead to an operation → did you mean "#/paths/~1login/post"?',
        '"other.yaml#/a" does not lead to an operation → there are "#/paths/~1login/post", "#/paths/~1refresh~1{user_id}/post", "#/paths/~1me/get"',
      ],
    },
    {
      name: "reports a reference to an operation without operationId",
      given: api({ lifecycle: 'obtain: {operationRef: «"#/paths/~1logout/post"»}', paths: "/logout: {post: {responses: {}}}" }),
      want: ["POST /logout has no operationId, so that it cannot be called → give it one"],
    },
  ]);
});
