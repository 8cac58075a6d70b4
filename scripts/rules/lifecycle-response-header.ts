import { suggest } from "../nearest.js";
import { child, members } from "../spec/node.js";
import { answersFor } from "./answers.js";
import type { Rule } from "./rule.js";
import { lifecycleTexts, spanOf } from "./texts.js";

export const lifecycleResponseHeader: Rule = {
  id: "lifecycle-response-header",
  description: "Every $response.header names a header that a response documents.",
  severity: "error",
  *check(context) {
    for (const text of lifecycleTexts(context)) {
      for (const reference of text.references) {
        if (reference.root !== "response.header" || OF_HTTP.has(reference.name.toLowerCase())) continue;
        const { operations, answers } = answersFor(context, text);
        const known = answers.flatMap(({ response }) =>
          members(child(context.document, response.node, "headers") ?? { pointer: "", value: undefined }).map(([name]) => name),
        );
        if (operations.length === 0 || known.some((name) => name.toLowerCase() === reference.name.toLowerCase())) continue;
        yield {
          pointer: text.pointer,
          ...spanOf(reference, text.text),
          message: `no response that this can be about documents the header "${reference.name}"`,
          hint: suggest(reference.name, known) ?? "document it under headers",
        };
      }
    }
  },
};

/** Headers that HTTP itself gives a meaning: a response may carry them though it does not document them. */
const OF_HTTP = new Set(["content-type", "date", "location", "retry-after", "www-authenticate", "expires", "age"]);
