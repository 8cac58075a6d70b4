import type { Reference } from "../../src/lifecycle/expression.js";
import { lifecycles } from "./context.js";
import type { Finding, Rule } from "./rule.js";
import { lifecycleTexts, type Site, spanOf, spelling } from "./texts.js";

export const lifecycleExpression: Rule = {
  id: "lifecycle-expression",
  description: "Every expression and condition of a lifecycle can be read, and names what has a value there.",
  severity: "error",
  *check(context) {
    if (lifecycles(context).length === 0) return;
    for (const { pointer, text, site, error, references } of lifecycleTexts(context)) {
      if (error !== undefined) yield { pointer, offset: error.offset, message: error.message };
      for (const reference of references) {
        if (!READABLE[site].includes(rootOf(reference))) yield unreadable(reference, site, pointer, text);
      }
    }
  },
};

type Root = "inputs" | "outputs" | "let" | "steps" | "workflows" | "response" | "statusCode" | "url" | "method";

const REQUEST: readonly Root[] = ["inputs", "outputs", "let", "steps"];
const ANSWER: readonly Root[] = ["inputs", "outputs", "steps", "response", "statusCode"];

/** What has a value where: a request is made before there is a response, a key before there are tokens. */
const READABLE: Readonly<Record<Site, readonly Root[]>> = {
  key: ["inputs"],
  initial: ["inputs"],
  apply: ["inputs", "outputs", "let", "workflows"],
  request: REQUEST,
  outputs: ANSWER,
  successCriteria: ANSWER,
  onFailure: ANSWER,
  expires: ANSWER,
  remainingUses: ["outputs"],
  recoverWhen: ["outputs"],
  rejected: ["response", "statusCode"],
};

const PLACES: Readonly<Record<Site, string>> = {
  key: "a key",
  initial: "an initial output",
  apply: "what goes on a request",
  request: "a token call",
  outputs: "an output",
  successCriteria: "a success criterion",
  onFailure: "a failure action",
  expires: "an expiry",
  remainingUses: "remainingUses",
  recoverWhen: "recoverWhen",
  rejected: "a rejection",
};

function unreadable(reference: Reference, site: Site, pointer: string, text: string): Finding {
  const readable = READABLE[site].map((root) => `$${root}`).join(", ");
  return {
    pointer,
    ...spanOf(reference, text),
    message: `"${spelling(reference)}" has no value in ${PLACES[site]}`,
    hint: `${PLACES[site]} can read ${readable}`,
  };
}

function rootOf({ root }: Reference): Root {
  return root === "response.body" || root === "response.header" ? "response" : root;
}
