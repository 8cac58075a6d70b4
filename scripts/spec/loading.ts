/** What can be wrong with a document before any rule looks at it. */

import type { Diagnostic, RuleDescription } from "../diagnostics.js";

interface LoadingRule extends RuleDescription {
  says(message: string, hint?: string): Pick<Diagnostic, "rule" | "severity" | "message" | "hint">;
}

export const SYNTAX = loadingRule("syntax", "The text is well-formed YAML or JSON.", "error");
export const DUPLICATE_KEY = loadingRule("duplicate-key", "A key stands in a map only once.", "warning");
export const OPENAPI_VERSION = loadingRule("openapi-version", "The document is OpenAPI 3.0, 3.1 or 3.2.", "error");
export const LOCAL_REFERENCE = loadingRule("local-reference", "References lead to something that may be read.", "warning");
export const REFERENCE_NAME = loadingRule(
  "reference-name",
  "What is brought in from another file keeps the name that it has there.",
  "warning",
);
export const OVERLAY = loadingRule(
  "overlay",
  "An overlay is a right Overlay 1.0 or 1.1 document, and fits its document.",
  "error",
);
export const OVERLAY_TARGET = loadingRule("overlay-target", "The target of an action selects something.", "warning");

export const LOADING_RULES: readonly RuleDescription[] = [
  SYNTAX,
  DUPLICATE_KEY,
  OPENAPI_VERSION,
  LOCAL_REFERENCE,
  REFERENCE_NAME,
  OVERLAY,
  OVERLAY_TARGET,
];

function loadingRule(id: string, description: string, severity: Diagnostic["severity"]): LoadingRule {
  return {
    id,
    description,
    severity,
    says: (message, hint) => ({ rule: id, severity, message, ...(hint !== undefined && { hint }) }),
  };
}
