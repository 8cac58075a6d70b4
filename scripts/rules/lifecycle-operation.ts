import { suggest } from "../nearest.js";
import { join } from "../spec/pointer.js";
import { calls } from "./context.js";
import type { Rule } from "./rule.js";

export const lifecycleOperation: Rule = {
  id: "lifecycle-operation",
  description: "Every operation that a lifecycle names is an operation of the document.",
  severity: "error",
  *check(context) {
    const { operations } = context;
    for (const { call } of calls(context)) {
      const { operationId, operationRef } = call.value;
      if (call.operation !== undefined && call.operation.id === undefined) {
        const message = `${call.operation.label} has no operationId, so that it cannot be called`;
        yield { pointer: join(call.pointer, "operationRef"), message, hint: "give it one" };
      }
      if (call.operation !== undefined) continue;
      if (typeof operationId === "string" && operationId !== "") {
        const message = `there is no operation "${operationId}"`;
        const hint = suggest(
          operationId,
          operations.flatMap(({ id }) => id ?? []),
        );
        yield { pointer: join(call.pointer, "operationId"), message, hint };
      } else if (typeof operationRef === "string" && operationRef !== "") {
        const message = `"${operationRef}" does not lead to an operation`;
        const hint = suggest(
          operationRef,
          operations.map(({ pointer }) => `#${pointer}`),
        );
        yield { pointer: join(call.pointer, "operationRef"), message, hint };
      }
    }
  },
};
