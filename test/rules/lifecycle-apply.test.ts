import { describe } from "vitest";
import { api, testRule } from "./support.js";

const APPLY = (scheme: string, apply: string) => api({ scheme, lifecycle: `apply: ${apply}` });
const KEY = "type: apiKey\nin: header\nname: X-Key";

describe("lifecycle-apply", () => {
  testRule("lifecycle-apply", "error", [
    { name: "accepts a lifecycle that applies what its type says", given: api(), want: [] },
    {
      name: "accepts the short form, which stands for the scheme's own place",
      given: APPLY(KEY, '"{$inputs.a}|{$inputs.b}"'),
      want: [],
    },
    {
      name: "accepts entries in other places beside the own one, whose name differs by case alone",
      given: APPLY(KEY, "[{in: query, name: id, value: x}, {in: header, name: x-KEY, value: x}]"),
      want: [],
    },
    {
      name: "accepts what OAuth presents, wherever it is",
      given: APPLY("type: oauth2\nflows: {}", "{in: query, name: access_token, value: x}"),
      want: [],
    },
    {
      name: "reports a lifecycle that presents something else than its scheme",
      given: APPLY(KEY, "[{in: header, name: X-Kye, value: x}]").replace("apply:", "«apply»:"),
      want: [
        'nothing here presents the header "X-Key", which the scheme is about → add {in: header, name: X-Key, value: …}, or correct the scheme',
      ],
    },
    {
      name: "tells query parameters apart by case",
      given: APPLY("type: apiKey\nin: query\nname: key", "{in: query, name: KEY, value: x}").replace("apply:", "«apply»:"),
      want: [
        'nothing here presents the query "key", which the scheme is about → add {in: query, name: key, value: …}, or correct the scheme',
      ],
    },
    {
      name: "wants the Authorization header of an HTTP scheme",
      given: APPLY("type: http\nscheme: bearer", "{in: header, name: X-Token, value: x}").replace("apply:", "«apply»:"),
      want: [
        'nothing here presents the header "Authorization", which the scheme is about → add {in: header, name: Authorization, value: …}, or correct the scheme',
      ],
    },
  ]);
});
