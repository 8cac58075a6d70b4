import type { Apply } from "../../src/lifecycle/contract.js";
import { member } from "../spec/node.js";
import { lifecycles } from "./context.js";
import type { Rule } from "./rule.js";
import type { WrittenScheme } from "./schemes.js";

export const lifecycleApply: Rule = {
  id: "lifecycle-apply",
  description: "What a scheme applies is what it says of itself: one entry goes where its type, or its in and name, say.",
  severity: "error",
  *check(context) {
    for (const { scheme, lifecycle } of lifecycles(context)) {
      const own = ownPlace(scheme);
      const apply = member(lifecycle, "apply");
      if (own === undefined || apply.value === undefined || scheme.read === undefined) continue;
      if (scheme.read.apply.some((entry) => isSame(entry, own))) continue;
      yield {
        pointer: apply.pointer,
        part: "key",
        message: `nothing here presents the ${own.in} "${own.name}", which the scheme is about`,
        hint: `add {in: ${own.in}, name: ${own.name}, value: …}, or correct the scheme`,
      };
    }
  },
};

type PlaceOnRequest = Pick<Apply, "in" | "name">;

/** Where other tools will look for the credential. OAuth leaves room for several places (RFC 6750, section 2). */
function ownPlace({ value }: WrittenScheme): PlaceOnRequest | undefined {
  if (value["type"] === "http") return { in: "header", name: "Authorization" };
  const { type, in: place, name } = value;
  if (type !== "apiKey" || typeof name !== "string") return undefined;
  return place === "header" || place === "query" || place === "cookie" ? { in: place, name } : undefined;
}

/** The names of headers do not differ by their case (RFC 9110, section 5.1). */
function isSame(entry: PlaceOnRequest, own: PlaceOnRequest): boolean {
  if (entry.in !== own.in) return false;
  return own.in === "header" ? entry.name.toLowerCase() === own.name.toLowerCase() : entry.name === own.name;
}
