import { join } from "../spec/pointer.js";
import type { Rule } from "./rule.js";

export const operationId: Rule = {
  id: "operation-id",
  description: "Every operation has an operationId of its own that a client can have as the name of a method.",
  severity: "error",
  *check({ operations }) {
    const first = new Map<string, string>();
    for (const { id, label, pointer, path, method } of operations) {
      const place = join(pointer, "operationId");
      if (id === undefined) {
        const message = `${label} has no operationId, so that no client can call it`;
        yield { pointer, part: "key", message, hint: `add one, such as operationId: ${proposal(method, path)}` };
        continue;
      }
      const other = first.get(id);
      if (other !== undefined) {
        yield { pointer: place, message: `"${id}" is the operationId of ${other} as well` };
        continue;
      }
      first.set(id, `${method.toUpperCase()} ${path}`);
      if (isTaken(id)) {
        const message = `"${id}" is a name that every client has already`;
        yield { pointer: place, message, hint: "name what the operation does to what", severity: "warning" };
      } else if (!/^[A-Za-z_$][\w$]*$/.test(id)) {
        const message = `"${id}" can only be called in brackets and quotes`;
        yield { pointer: place, message, hint: `write it in camelCase: ${camelCase(id)}`, severity: "warning" };
      }
    }
  },
};

/** What a client has beside its operations; `then` would make it a promise. */
const MEMBERS = new Set(
  "GET PUT POST DELETE OPTIONS HEAD PATCH TRACE request use eject with state renew revoke close then".split(" "),
);

function isTaken(id: string): boolean {
  return MEMBERS.has(id) || id in Object.prototype;
}

function proposal(method: string, path: string): string {
  return camelCase(`${method} ${path}`);
}

function camelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words.map(
    (word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1),
  );
  return joined.join("").replace(/^(?=\d|$)/, "operation");
}
