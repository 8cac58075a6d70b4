import { items, member, members } from "../spec/node.js";
import { isObject } from "../spec/pointer.js";
import { lifecycles } from "./context.js";
import { verdict } from "./responses.js";
import type { Rule } from "./rule.js";

export const lifecycleCriterionBody: Rule = {
  id: "lifecycle-criterion-body",
  description: "A rejection is decided by the status of a success response, so that nobody has to read its body.",
  severity: "warning",
  *check(context) {
    for (const { lifecycle } of lifecycles(context)) {
      for (const [what, criteria] of members(member(lifecycle, "rejected"))) {
        const conditions = items(criteria).map((one) => (isObject(one.value) ? member(one, "condition") : one));
        // All must hold: one that the status decides against spares the others.
        if (
          !SUCCESSES.some((status) =>
            isUndecided(
              conditions.map(({ value }) => value),
              status,
            ),
          )
        )
          continue;
        const reading = conditions.find(({ value }) => SUCCESSES.some((status) => isUndecided([value], status)));
        if (reading === undefined) continue;
        yield {
          pointer: reading.pointer,
          message: `"${what}" reads the body of every success response`,
          hint: "test $statusCode first, as in $statusCode == 401 && …",
        };
      }
    }
  },
};

const SUCCESSES = [200, 201, 204];

function isUndecided(conditions: readonly unknown[], status: number): boolean {
  const verdicts = conditions.map((condition) => (typeof condition === "string" ? verdict(condition, status) : false));
  return !verdicts.includes(false) && verdicts.includes(undefined);
}
