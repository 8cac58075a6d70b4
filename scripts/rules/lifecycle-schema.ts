import { LIFECYCLE } from "../../src/lifecycle/definition.js";
import { join } from "../spec/pointer.js";
import type { Rule } from "./rule.js";
import { checkStructure } from "./structure.js";

export const lifecycleSchema: Rule = {
  id: "lifecycle-schema",
  description: "A lifecycle has the structure that the language gives it.",
  severity: "error",
  *check({ schemes }) {
    for (const { pointer, value } of schemes) {
      if (!(LIFECYCLE in value)) continue;
      yield* checkStructure("lifecycle", { pointer: join(pointer, LIFECYCLE), value: value[LIFECYCLE] });
    }
  },
};
