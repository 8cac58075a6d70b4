/** What is said of the project and of keyturn itself, and not of a document. */

import type { RuleDescription } from "../diagnostics.js";

/** Every ignore of the configuration silences something. */
export const UNUSED_IGNORE: RuleDescription = {
  id: "unused-ignore",
  description: "Every ignore of the configuration silences something.",
  severity: "warning",
};

export const TOOL_RULES: readonly RuleDescription[] = [
  { id: "config-syntax", description: "The configuration is well-formed YAML or JSON.", severity: "error" },
  { id: "config", description: "The configuration says what can be said there.", severity: "error" },
  { id: "include", description: "What a client is to include is in the document.", severity: "error" },
  UNUSED_IGNORE,
  {
    id: "template",
    description: "The templates of the project can be read, and write what may be written.",
    severity: "error",
  },
  { id: "generator", description: "A client can be made of a document that is right.", severity: "error" },
];
