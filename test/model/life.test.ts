import { describe, expect, test } from "vitest";
import { tokenLife } from "../../scripts/model/life.js";
import { schemeSentences } from "../../scripts/model/sentences.js";
import type { SecurityScheme } from "../../src/lifecycle/contract.js";

const apply = [{ in: "header", name: "Authorization", value: "Bearer {$outputs.accessToken}" }] as const;
const succeeded = [{ condition: "$statusCode == 200" }];
const call = (operationId: string, ...outputs: string[]) => ({
  operationId,
  successCriteria: succeeded,
  outputs: Object.fromEntries(outputs.map((output) => [output, `$response.body#/${output}`])),
});

const edges = (scheme: Partial<SecurityScheme>) =>
  tokenLife({ requires: [], apply, ...scheme })?.transitions.map(({ from, to, label }) =>
    [from ?? "*", to, label ?? ""].join(" > "),
  );

describe("the life of a token", () => {
  test("is none where the caller's own values are presented", () => expect(edges({})).toBeUndefined());

  test("begins with a request and comes round by obtaining again", () => {
    expect(
      edges({
        obtain: call("login", "accessToken"),
        expires: { accessToken: [{ after: "PT1H" }] },
        leeway: "PT60S",
        rejected: { token: [{ condition: "$statusCode == 401" }] },
      }),
    ).toEqual([
      "* > empty > ",
      "empty > obtain > a request needs the token",
      "obtain > fresh > status 200",
      "fresh > expiring > 1 minute before its end",
      "expiring > obtain > ",
      "fresh > rejected > status 401",
      "rejected > obtain > then the request is sent once more",
    ]);
  });

  test("passes by the refresh token where a login brings nothing else", () => {
    const life = edges({ obtain: call("login", "refreshToken"), refresh: call("refresh", "accessToken") });
    expect(life).toContain("obtain > refreshable > status 200");
    expect(life).toContain("refreshable > refresh > ");
  });

  test("may begin with what the caller holds", () => {
    expect(edges({ initial: { refreshToken: "$inputs.rt" }, refresh: call("refresh", "accessToken") })).toEqual([
      "* > refreshable > the caller holds rt",
      "refreshable > refresh > ",
      "refresh > fresh > status 200",
    ]);
  });

  test("shows where each failure leads, and that of two ways with one sign the second comes after the first", () => {
    const criteria = [{ condition: "$statusCode == 400" }];
    const refresh = {
      ...call("refresh", "accessToken"),
      onFailure: [
        { type: "end", outcome: "challenge", criteria: [{ condition: "$statusCode == 202" }] },
        { type: "goto", operation: "recover", criteria },
        { type: "goto", operation: "obtain", criteria },
        { type: "end", outcome: "failed", criteria: [{ condition: "$statusCode == 410" }] },
      ],
    } as const;
    const life = edges({ obtain: call("login", "accessToken"), refresh, recover: call("user", "refreshToken") });
    expect(life).toEqual(
      expect.arrayContaining([
        "refresh > challenge > status 202",
        "refresh > recover > status 400",
        "refresh > obtain > status 400 again",
        "refresh > failed > status 410",
        "challenge > refresh > with further inputs",
        "recover > refresh > with the newest refresh token",
      ]),
    );
  });

  test("does not age where a token lives for ever", () => {
    const life = edges({ obtain: call("login", "accessToken"), expires: { accessToken: [{ never: true }] } });
    expect(life?.join()).not.toContain("expiring");
  });

  test("has only states that something leads to", () => {
    const life = tokenLife({ requires: [], apply, obtain: call("login", "accessToken") });
    expect(life?.states.map(({ name }) => name)).toEqual(["empty", "obtain", "fresh"]);
  });
});

describe("the sentences on a scheme", () => {
  test("say how often a refresh token can be used, and when a newer one is fetched", () => {
    const sentences = schemeSentences({
      requires: [],
      apply,
      key: ["$inputs.userId"],
      refresh: call("refresh", "accessToken"),
      recover: call("getUser", "refreshToken"),
      refreshToken: {
        rotation: "sometimes",
        uses: 10,
        remainingUses: "$outputs.left",
        recoverWhen: [{ condition: "$outputs.left <= 1" }],
      },
    });
    expect(sentences).toEqual([
      "Goes on each request in the header `Authorization`, as `Bearer {accessToken}`.",
      "There is one for each `userId`.",
      "Refreshed by `refresh`, which may bring another refresh token; where it does not, the old one stays.",
      "A refresh token can be used 10 times; `left` says how many uses are left.",
      "Recovered by `getUser`, which brings the newest refresh token without spending one. This is done first when `left` ≤ 1.",
    ]);
  });

  test("say no more of a caller's own value than where it goes", () => {
    expect(schemeSentences({ requires: [], apply: [{ in: "query", name: "key", value: { base64: "$inputs.key" } }] })).toEqual([
      "Goes on each request in the query `key`.",
    ]);
  });
});
