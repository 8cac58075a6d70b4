import { fills } from "./extensions.js";
import type { Rule } from "./rule.js";
import { checkStructure } from "./structure.js";
import { spanOf, spelling, valueTexts } from "./texts.js";

export const fillExpression: Rule = {
  id: "fill-expression",
  description: "An x-fill is a value that can be computed before the call is made.",
  severity: "error",
  *check(context) {
    for (const fill of fills(context)) {
      yield* checkStructure("fill", fill);
      for (const { pointer, text, error, references } of valueTexts(fill)) {
        if (error !== undefined) yield { pointer, offset: error.offset, message: error.message };
        for (const reference of references) {
          if (reference.root === "inputs") continue;
          const message = `"${spelling(reference)}" has no value in an x-fill`;
          yield { pointer, ...spanOf(reference, text), message, hint: "an x-fill can read $inputs" };
        }
      }
    }
  },
};
