import { isDuration } from "../../src/lifecycle/time.js";
import { items, member, members, type Node } from "../spec/node.js";
import { isObject } from "../spec/pointer.js";
import { lifecycles } from "./context.js";
import { fills } from "./extensions.js";
import type { Rule } from "./rule.js";

export const lifecycleDuration: Rule = {
  id: "lifecycle-duration",
  description: "Every duration is one of ISO 8601, in weeks, days, hours, minutes and seconds.",
  severity: "error",
  *check(context) {
    const stated = lifecycles(context).flatMap(({ lifecycle }) => durations(lifecycle));
    for (const { pointer, value } of [...stated, ...fills(context).flatMap(offsets)]) {
      if (typeof value !== "string" || isDuration(value)) continue;
      yield {
        pointer,
        message: `"${value}" is not a duration`,
        hint: "write one such as PT60S, PT2H or P1D; years and months have no fixed length",
      };
    }
  },
};

function durations(lifecycle: Node): Node[] {
  const nature = member(lifecycle, "refreshToken");
  const expires = members(member(lifecycle, "expires")).flatMap(([, rules]) => items(rules));
  return [
    member(lifecycle, "leeway"),
    ...["reuseWindow", "idleExpiry", "absoluteExpiry"].map((name) => member(nature, name)),
    ...expires.map((rule) => (isObject(rule.value) ? member(rule, "after") : rule)),
    ...offsets(lifecycle),
  ];
}

/** The offsets of every `now` within a value. */
function offsets(node: Node): Node[] {
  if (Array.isArray(node.value)) return items(node).flatMap(offsets);
  return members(node).flatMap(([name, value]) => [...(name === "now" ? [member(value, "offset")] : []), ...offsets(value)]);
}
