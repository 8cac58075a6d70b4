import { describe, expect, test } from "vitest";
import { modelOf } from "../support/render-document.js";

const json = (title: string) => ({ description: title, content: { "application/json": { schema: { type: "object" } } } });

/** The statuses with which a login needs a person, each with where its body is documented. */
function challenges(onFailure: object, responses: object, successCriteria = "$statusCode == 200") {
  const model = modelOf({
    openapi: "3.1.0",
    info: { title: "Example", version: "1" },
    paths: { "/login": { post: { operationId: "login", security: [], responses } } },
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          "x-token-lifecycle": {
            obtain: { operationId: "login", successCriteria, onFailure, outputs: { accessToken: "$response.body#/t" } },
          },
        },
      },
    },
  });
  return model.challenges.map(({ status, body }) => [status, body?.response]);
}

describe("a challenge comes with", () => {
  const documented = {
    200: json("OK"),
    202: json("Ask"),
    401: json("No"),
    403: { description: "Text" },
    "4XX": json("Other"),
    default: json("Else"),
  };

  test.each<[string, object, unknown]>([
    ["the status of its condition", { challenge: "$statusCode == 202" }, [[202, "202"]]],
    ["a status that only the condition names", { challenge: "$statusCode == 418" }, [[418, "4XX"]]],
    ["a status that only the default documents", { challenge: "$statusCode == 300" }, [[300, "default"]]],
    ["no type of a body that is not JSON", { challenge: "$statusCode == 403" }, [[403, undefined]]],
    [
      "every status that a body can decide for",
      { challenge: "$response.body#/mfa == true" },
      [
        [202, "202"],
        [401, "401"],
        [403, undefined],
      ],
    ],
    [
      "no status that an earlier action takes",
      { "credentials-rejected": "$statusCode == 401", challenge: "$statusCode >= 202" },
      [
        [202, "202"],
        [403, undefined],
      ],
    ],
    [
      "a status that an earlier action takes only for some bodies",
      { "credentials-rejected": "$statusCode == 401 && $response.body#/e == 1", challenge: "$statusCode == 401" },
      [[401, "401"]],
    ],
    ["nothing where no action ends in one", { "credentials-rejected": "$statusCode == 401" }, []],
  ])("%s", (_fact, onFailure, want) => expect(challenges(onFailure, documented)).toEqual(want));
});
