import { describe, expect, test } from "vitest";
import { apiNames, isIdentifier, isMemberName, methodNames } from "../../scripts/model/names.js";

describe("the names of an API", () => {
  test.each([
    ["finapi", "finapi", "Finapi"],
    ["open-banking.v2", "openBankingV2", "OpenBankingV2"],
    ["3d-secure", "api3dSecure", "Api3dSecure"],
    ["class", "classApi", "Class"],
    ["…", "api", "Api"],
  ])("%s are %s and %s", (name, camel, pascal) => expect(apiNames(name)).toEqual({ camel, pascal }));
});

describe("the names of methods", () => {
  const namesOf = (...ids: string[]) => [...methodNames(ids).names.values()];

  test("are the operationIds", () => {
    expect(namesOf("getUser", "get-user", "delete")).toEqual(["getUser", "get-user", "delete"]);
    expect(methodNames(["getUser"]).renamed).toEqual([]);
  });

  test.each(["GET", "request", "use", "with", "state", "renew", "revoke", "close", "then"])("leave the client its %s", (id) => {
    expect(methodNames([id]).renamed).toEqual([{ operationId: id, name: `${id}_`, reason: "member of the client" }]);
  });

  test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("leave every object its %s", (id) => {
    expect(methodNames([id]).renamed).toEqual([{ operationId: id, name: `${id}_`, reason: "member of every object" }]);
  });

  test("take no name that another operation has", () => {
    expect(namesOf("use", "use_", "use__")).toEqual(["use___", "use_", "use__"]);
  });
});

test("a reserved word is the name of a member and no identifier", () => {
  expect([isIdentifier("class"), isMemberName("class"), isMemberName("a-b"), isIdentifier("$a_1")]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
