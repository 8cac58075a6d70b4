import { join } from "../spec/pointer.js";
import type { Rule } from "./rule.js";

export const methodName: Rule = {
  id: "method-name",
  description: "The name of an operation can follow a dot.",
  severity: "info",
  *check({ operations }) {
    for (const { id, pointer } of operations) {
      if (id === undefined || /^[A-Za-z_$][\w$]*$/.test(id)) continue;
      const message = `"${id}" can only be called in brackets and quotes`;
      yield { pointer: join(pointer, "operationId"), message, hint: `write it in camelCase: ${camelCase(id)}` };
    }
  },
};

function camelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map(
    (word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1),
  );
  return joined.join("").replace(/^(?=\d|$)/, "operation");
}
