import { describe } from "vitest";
import { api, testRule } from "./support.js";

const HINT = "test $statusCode first, as in $statusCode == 401 && …";

describe("lifecycle-criterion-body", () => {
  testRule("lifecycle-criterion-body", "warning", [
    {
      name: "accepts criteria that the status decides, whatever else they ask",
      given: api({
        lifecycle: `
rejected:
  token: $statusCode == 401 && $response.body#/error == 'x'
  credentials: [$response.body#/error == 'y', {condition: $statusCode >= 400}]
  challenge: ($response.body#/error == 'z' || $response.header.X == 'z') && $statusCode == 403`,
      }),
      want: [],
    },
    {
      name: "warns of criteria that read the body of a success",
      given: api({
        lifecycle: `
rejected:
  token: «$response.body#/error == 'x'»
  credentials: [«$statusCode == 401 || $response.body#/error == 'y'»]
  challenge: {condition: «$statusCode != 204 && $response.body#/error == 'z'»}`,
      }),
      want: ["token", "credentials", "challenge"].map((what) => `"${what}" reads the body of every success response → ${HINT}`),
    },
    {
      name: "leaves a malformed criterion to another rule",
      given: api({ lifecycle: "rejected: {token: $statusCode = 401}" }),
      want: [],
    },
  ]);
});
