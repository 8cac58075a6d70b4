import { describe } from "vitest";
import { api, testRule } from "./support.js";

/** A call that requires these schemes and brings a token. */
function issuing(operationId: string, security: string): string {
  return `/${operationId}: {post: {operationId: ${operationId}, security: ${security}, responses: {}}}`;
}

function slot(name: string, calls: string): string {
  return `${name}: {type: http, scheme: bearer, x-token-lifecycle: {${calls}}}`;
}

const OUTPUTS = "outputs: {accessToken: $response.body#/a, refreshToken: $response.body#/b}";
const HINT = (operation: string) =>
  `let ${operation} require a scheme that presents what the caller or another slot already holds`;

describe("lifecycle-cycle", () => {
  testRule("lifecycle-cycle", "error", [
    { name: "accepts calls that require nothing", given: api(), want: [] },
    {
      name: "accepts calls under the caller's own values, and under another slot",
      given: api({
        lifecycle: `obtain: {operationId: issue, ${OUTPUTS}}`,
        paths: `${issuing("issue", "[{key: [], client: []}]")}\n${issuing("first", "[{key: []}]")}`,
        schemes: `key: {type: apiKey, in: header, name: X}\n${slot("client", `obtain: {operationId: first, ${OUTPUTS}}`)}`,
      }),
      want: [],
    },
    {
      name: "accepts a refresh that presents the refresh token which the login brought",
      given: api({
        lifecycle: `obtain: {operationId: login, ${OUTPUTS}}\nrefresh: {operationId: renew, ${OUTPUTS}}`,
        paths: issuing("renew", "[{bearer: []}]"),
        schemes: slot("bearer", 'apply: "Bearer {$workflows.user.outputs.refreshToken}"'),
      }),
      want: [],
    },
    {
      name: "accepts a revocation under the token that it ends",
      given: api({
        lifecycle: `obtain: {operationId: login, ${OUTPUTS}}\nrevoke: {operationId: logout}`,
        paths: issuing("logout", "[{user: []}]"),
      }),
      want: [],
    },
    {
      name: "reports a call that requires the token which it is to bring",
      given: api({
        lifecycle: `obtain: {operationId: «issue», ${OUTPUTS}}\nrecover: {operationRef: «"#/paths/~1issue/post"»}`,
        paths: issuing("issue", "[{user: []}]"),
      }),
      want: [
        "issue requires user, whose token this very call is to bring",
        "issue requires user, whose token this very call is to bring",
      ].map((message) => `${message} → ${HINT("issue")}`),
    },
    {
      name: "reports the document's own security, where the operation states none",
      given: api({
        lifecycle: `obtain: {operationId: «issue», ${OUTPUTS}}`,
        paths: "/issue: {post: {operationId: issue, responses: {}}}",
        top: "security: [{user: []}]",
      }),
      want: [`issue requires user, whose token this very call is to bring → ${HINT("issue")}`],
    },
    {
      name: "reports a token that is read before a call brings it",
      given: api({
        lifecycle: `obtain: {operationId: «renew», ${OUTPUTS}}`,
        paths: issuing("renew", "[{bearer: []}]"),
        schemes: slot("bearer", 'apply: "Bearer {$workflows.user.outputs.refreshToken}"'),
      }),
      want: [`renew presents bearer, which reads "refreshToken" of user before any call brings it → ${HINT("renew")}`],
    },
    {
      name: "reports slots that need each other",
      given: api({
        lifecycle: `obtain: {operationId: issue, ${OUTPUTS}}`,
        paths: `${issuing("issue", "[{a: []}]")}\n${issuing("issueA", "[{b: []}]")}\n${issuing("issueB", "[{user: []}]")}`,
        schemes: [
          slot("a", `obtain: {operationId: issueA, ${OUTPUTS}}`),
          slot("b", `obtain: {operationId: issueB, ${OUTPUTS}}`),
        ].join("\n"),
      }).replace(/operationId: (issue[AB]?), outputs/g, "operationId: «$1», outputs"),
      want: [
        `user needs itself: user needs a needs b needs user → ${HINT("issue")}`,
        `a needs itself: a needs b needs user needs a → ${HINT("issueA")}`,
        `b needs itself: b needs user needs a needs b → ${HINT("issueB")}`,
      ],
    },
    {
      name: "reports a slot that another slot's call reads while it is renewed",
      given: api({
        lifecycle: `obtain: {operationId: «issue», ${OUTPUTS}}\ninitial: {refreshToken: $inputs.x}`,
        paths: `${issuing("issue", "[{client: []}]")}\n${issuing("first", "[{bearer: []}]")}`,
        schemes: [
          slot("client", `obtain: {operationId: «first», ${OUTPUTS}}`),
          slot("bearer", 'apply: "Bearer {$workflows.user.outputs.refreshToken}"'),
        ].join("\n"),
      }),
      want: [
        `user needs itself: user needs client needs bearer needs user → ${HINT("issue")}`,
        `client needs itself: client needs bearer needs user needs client → ${HINT("first")}`,
      ],
    },
  ]);

  testRule("lifecycle-cycle", "warning", [
    {
      name: "warns where another alternative leads on",
      given: api({
        lifecycle: `obtain: {operationId: «issue», ${OUTPUTS}}`,
        paths: issuing("issue", "[{user: []}, {}]"),
      }),
      want: [`issue requires user, whose token this very call is to bring → ${HINT("issue")}`],
    },
  ]);
});
