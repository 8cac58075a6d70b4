import { describe, expect, test } from "vitest";
import {
  code,
  criteriaInWords,
  durationInWords,
  expiryInWords,
  listInWords,
  plain,
  valueInWords,
} from "../../scripts/model/words.js";
import type { Expiry } from "../../src/lifecycle/contract.js";

describe("a condition in words", () => {
  test.each([
    ["$statusCode == 401", "status 401"],
    ["$statusCode == 400 || $statusCode == 404 || $statusCode == 409", "status 400, 404 or 409"],
    ["$statusCode >= 200 && $statusCode < 300", "status 2xx"],
    ["$statusCode >= 200 && $statusCode < 404", "status ≥ 200 and status < 404"],
    ["$statusCode == 401 && $response.body#/error == 'invalid_token'", "status 401 and error invalid_token"],
    ["$statusCode == 401 && ($response.body#/e == 1 || $response.body#/e == 2)", "status 401 and e 1 or 2"],
    ["$statusCode == 401 && ($response.body#/e == 1 || $url == 'x')", "status 401 and (e 1 or url x)"],
    ["$response.body#/data/token != null", "data.token not null"],
    ["$response.header.X-Reason == 'terms'", "header X-Reason terms"],
    ["$outputs.uses <= 1", "uses ≤ 1"],
    ["!($inputs.a == 1 && $inputs.b == 2)", "not (a 1 and b 2)"],
    ["$response.body#/mfa", "mfa"],
    ["$workflows.client.outputs.accessToken == $steps.first.outputs.token", "client.accessToken first.token"],
  ])("%s is %s", (condition, want) => expect(criteriaInWords([{ condition }], plain)).toBe(want));

  test("sets names off in Markdown", () => {
    expect(criteriaInWords([{ condition: "$response.body#/error == 'x'" }], code)).toBe("`error` x");
  });

  test("joins criteria that must all hold", () => {
    const criteria = [{ condition: "$statusCode == 400 || $method == 'GET'" }, { condition: "$outputs.a == 1" }];
    expect(criteriaInWords(criteria, plain)).toBe("(status 400 or method GET) and a 1");
  });
});

describe("a lifetime in words", () => {
  test.each<[Expiry[], string]>([
    [[{ after: "PT2H" }], "for 2 hours"],
    [[{ in: "$response.body#/expires_in", unit: "minutes" }], "for the minutes in `expires_in`"],
    [[{ in: "$response.body#/expires_in", never: 0 }], "for the seconds in `expires_in` (0: for ever)"],
    [[{ at: "$response.body#/at", format: "date-time" }], "until the moment in `at` (a date and time)"],
    [[{ claim: "exp" }, { after: "PT1H" }], "until the moment in its claim `exp`, else for 1 hour"],
    [[{ never: true }], "for ever"],
  ])("%j is %s", (rules, want) => expect(expiryInWords(rules, code)).toBe(want));
});

describe("a duration in words", () => {
  test.each([
    ["PT1S", "1 second"],
    ["PT60S", "1 minute"],
    ["PT90S", "90 seconds"],
    ["PT2H", "2 hours"],
    ["P1W", "7 days"],
    ["PT0S", "0 seconds"],
  ])("%s is %s", (duration, want) => expect(durationInWords(duration)).toBe(want));
});

test("a value shows its expressions in braces, and nothing where a function computes it", () => {
  expect(valueInWords("Bearer {$outputs.accessToken}")).toBe("Bearer {accessToken}");
  expect(valueInWords({ base64: "$inputs.a" })).toBeUndefined();
});

test("a list has its conjunction before the last item", () => {
  expect([listInWords([]), listInWords(["a"]), listInWords(["a", "b"]), listInWords(["a", "b", "c"], "or")]).toEqual([
    "",
    "a",
    "a and b",
    "a, b or c",
  ]);
});
