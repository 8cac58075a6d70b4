/** The words above an operation. */

import { expect, test } from "vitest";
import { operationDoc } from "../../scripts/render/docs.js";
import { modelOf } from "../support/render-document.js";

const docOf = (said: { readonly summary?: string; readonly description?: string }): string => {
  const get = { operationId: "list", ...said, responses: { "204": { description: "Done." } } };
  const { operations, names } = modelOf({
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: { "/things": { get } },
  });
  return operationDoc(operations[0]!, names.camel).text;
};

test.each([
  [{ summary: "List things", description: "List things." }, "List things.\n\n`GET /things`"],
  [{ summary: "List things.", description: "List things" }, "List things.\n\n`GET /things`"],
  [{ summary: "List things", description: "All of them." }, "List things.\n\nAll of them.\n\n`GET /things`"],
  [{ description: "All of them" }, "All of them\n\n`GET /things`"],
])("%j is said once", (said, text) => expect(docOf(said)).toBe(text));
