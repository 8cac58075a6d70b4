import { describe } from "vitest";
import { api, testRule } from "./support.js";

const HINT = "write one such as PT60S, PT2H or P1D; years and months have no fixed length";

describe("lifecycle-duration", () => {
  testRule("lifecycle-duration", "error", [
    {
      name: "accepts durations of weeks, days, hours, minutes and seconds",
      given: api({
        lifecycle: "leeway: PT0.5S\nexpires: {a: P1W, b: [P1DT2H, {after: PT3M}]}\nrefreshToken: {reuseWindow: PT60S}",
      }),
      want: [],
    },
    {
      name: "reports what is none, wherever one stands",
      given: api({
        lifecycle: `
leeway: «60s»
let: {a: {concat: [{now: {offset: «5m»}}]}}
expires: {a: «1h», b: [{after: «P1Y»}, «P1M»]}
refreshToken: {reuseWindow: «PT»}`,
        paths:
          "/a: {get: {operationId: a, responses: {}, parameters: [{name: A, in: header, x-fill: {now: {offset: «soon»}}}]}}",
      }),
      want: ["soon", "60s", "5m", "1h", "P1Y", "P1M", "PT"].map((text) => `"${text}" is not a duration → ${HINT}`),
    },
  ]);
});
