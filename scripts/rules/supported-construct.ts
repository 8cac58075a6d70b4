import { children, member, nodeAt } from "../spec/node.js";
import { join } from "../spec/pointer.js";
import type { Rule } from "./rule.js";

export const supportedConstruct: Rule = {
  id: "supported-construct",
  description: "The document uses nothing that would silently be missing from the client.",
  severity: "error",
  *check({ document, operations }) {
    for (const [, pathItem] of children(document, nodeAt(document, "/paths"))) {
      for (const name of ["query", "additionalOperations"]) {
        const { pointer, value } = member(pathItem, name);
        if (value !== undefined)
          yield { pointer, part: "key", message: `"${name}" of OpenAPI 3.2 is not supported yet`, hint: HINT };
      }
    }
    for (const { parameters, label } of operations) {
      for (const { pointer, in: place } of parameters) {
        if (place !== "querystring") continue;
        const message = `${label} has a parameter in: querystring, which is not supported yet`;
        yield { pointer: join(pointer, "in"), message, hint: HINT };
      }
    }
  },
};

const HINT = "without support the client would lack it: leave it out of the document, or describe it otherwise";
