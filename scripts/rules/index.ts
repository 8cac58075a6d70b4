/** Every rule, and the one call that runs them on a document. */

import { type Diagnostic, inOrder, type RuleDescription } from "../diagnostics.js";
import type { Document } from "../spec/document.js";
import { LOADING_RULES } from "../spec/loading.js";
import type { Place } from "../spec/positions.js";
import { createContext } from "./context.js";
import { fillExpression } from "./fill-expression.js";
import { fillParameter } from "./fill-parameter.js";
import { knownExtension } from "./known-extension.js";
import { lifecycleApply } from "./lifecycle-apply.js";
import { lifecycleCriterionBody } from "./lifecycle-criterion-body.js";
import { lifecycleCycle } from "./lifecycle-cycle.js";
import { lifecycleDuration } from "./lifecycle-duration.js";
import { lifecycleExpression } from "./lifecycle-expression.js";
import { lifecycleInput } from "./lifecycle-input.js";
import { lifecycleOperation } from "./lifecycle-operation.js";
import { lifecycleOutput } from "./lifecycle-output.js";
import { lifecycleParameter } from "./lifecycle-parameter.js";
import { lifecyclePayload } from "./lifecycle-payload.js";
import { lifecycleResponseHeader } from "./lifecycle-response-header.js";
import { lifecycleResponsePointer } from "./lifecycle-response-pointer.js";
import { lifecycleSchema } from "./lifecycle-schema.js";
import { operationId } from "./operation-id.js";
import { lintWithRedocly, ORDINARY_RULES } from "./redocly.js";
import type { Finding, Rule } from "./rule.js";
import { securitySchemeExists } from "./security-scheme-exists.js";
import { serverName } from "./server-name.js";
import { supportedConstruct } from "./supported-construct.js";

/** Our own rules, in the order in which `docs/rules.md` explains them. */
export const RULES: readonly Rule[] = [
  lifecycleSchema,
  lifecycleExpression,
  lifecycleOperation,
  lifecycleParameter,
  lifecyclePayload,
  lifecycleResponsePointer,
  lifecycleResponseHeader,
  lifecycleInput,
  lifecycleOutput,
  lifecycleApply,
  lifecycleCycle,
  lifecycleDuration,
  lifecycleCriterionBody,
  fillExpression,
  fillParameter,
  serverName,
  knownExtension,
  operationId,
  securitySchemeExists,
  supportedConstruct,
];

/** What is wrong with a document by our own rules and by the ordinary ones, all of it at once and in a stable order. */
export async function lint(document: Document): Promise<Diagnostic[]> {
  return inOrder([...check(document), ...(await lintWithRedocly(document))]);
}

/** What is wrong with a document by our own rules alone. */
export function check(document: Document): Diagnostic[] {
  const context = createContext(document);
  const diagnostics = RULES.flatMap((rule) => [...rule.check(context)].map((finding) => diagnose(document, rule, finding)));
  return inOrder(unique(diagnostics));
}

/** Every rule that can speak while a document is loaded or linted, ours as well as Redocly's. */
export function describeRules(): RuleDescription[] {
  return [...LOADING_RULES, ...RULES, ...ORDINARY_RULES];
}

function diagnose(document: Document, rule: Rule, finding: Finding): Diagnostic {
  const { pointer, message, hint, severity = rule.severity } = finding;
  return {
    rule: rule.id,
    severity,
    message,
    ...(hint !== undefined && { hint }),
    file: document.path,
    ...placeOf(document, finding),
    pointer,
  };
}

function placeOf(document: Document, { pointer, part, offset, length = 1 }: Finding): Place {
  if (offset === undefined) return document.locate(pointer, part);
  const start = document.locateCharacter(pointer, offset);
  const end = document.locateCharacter(pointer, offset + Math.max(length, 1) - 1);
  return end.line === start.line && end.endColumn !== undefined ? { ...start, endColumn: end.endColumn } : start;
}

/** A part that aliases share is found once for each place where it stands. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byText = new Map(diagnostics.map((diagnostic) => [textOf(diagnostic), diagnostic]));
  return [...byText.values()];
}

function textOf({ rule, line, column, message }: Diagnostic): string {
  return `${line}:${column} ${rule} ${message}`;
}
