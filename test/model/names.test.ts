import { describe, expect, test } from "vitest";
import { apiNames, isIdentifier, isMemberName } from "../../scripts/model/names.js";

describe("the names of an API", () => {
  test.each([
    ["finapi", "finapi", "Finapi"],
    ["open-banking.v2", "openBankingV2", "OpenBankingV2"],
    ["3d-secure", "api3dSecure", "Api3dSecure"],
    ["class", "classApi", "Class"],
    ["…", "api", "Api"],
  ])("%s are %s and %s", (name, camel, pascal) => expect(apiNames(name)).toEqual({ camel, pascal }));
});

test("a reserved word is the name of a member and no identifier", () => {
  expect([isIdentifier("class"), isMemberName("class"), isMemberName("a-b"), isIdentifier("$a_1")]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
