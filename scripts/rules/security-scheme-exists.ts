import { items, member, type Node } from "../spec/node.js";
import { join, object } from "../spec/pointer.js";
import { suggest } from "./nearest.js";
import type { Rule } from "./rule.js";

export const securitySchemeExists: Rule = {
  id: "security-scheme-exists",
  description: "Every security requirement names a security scheme of the document.",
  severity: "error",
  *check({ document, operations, schemes }) {
    const owners: Node[] = [{ pointer: "", value: document.root }, ...operations];
    const names = schemes.map(({ name }) => name);
    for (const owner of owners) {
      for (const { pointer, value } of items(member(owner, "security"))) {
        for (const name of Object.keys(object(value))) {
          if (names.includes(name)) continue;
          const message = `there is no security scheme "${name}"`;
          yield { pointer: join(pointer, name), part: "key", message, hint: suggest(name, names) };
        }
      }
    }
  },
};
