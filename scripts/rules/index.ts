/** Every rule, and the one call that runs them on a document. */

import { type Diagnostic, inOrder, type RuleDescription } from "../diagnostics.js";
import { type MendOptions, mendDocument } from "../mend/mend.js";
import { MENDINGS } from "../mend/rules.js";
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
import { methodName } from "./method-name.js";
import { ORDINARY_RULES } from "./redocly.js";
import { lintWithinBounds, type RedoclyBounds } from "./redocly-bounded.js";
import type { Finding, Rule } from "./rule.js";
import { serverName } from "./server-name.js";
import { TOOL_RULES } from "./tool.js";

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
];

/** Advice, which nothing is generated differently for: only lint gives it. */
const ADVICE: readonly Rule[] = [methodName];

/**
 * What has to be mended in a document, and what is wrong with the mended one by our own rules and by the ordinary ones, all of
 * it at once and in a stable order.
 */
export async function lint(written: Document, options: MendOptions & RedoclyBounds = {}): Promise<Diagnostic[]> {
  const { document, diagnostics } = mendDocument(written, options);
  const ordinary = await lintWithinBounds(document, options);
  return inOrder([...diagnostics, ...check(document), ...advise(document), ...ordinary]);
}

/** What is wrong with a mended document by our own rules alone. */
export function check(document: Document): Diagnostic[] {
  return findings(document, RULES);
}

/** What could be better in a mended document. */
export function advise(document: Document): Diagnostic[] {
  return findings(document, ADVICE);
}

function findings(document: Document, rules: readonly Rule[]): Diagnostic[] {
  try {
    const context = createContext(document);
    const diagnostics = rules.flatMap((rule) => [...rule.check(context)].map((finding) => diagnose(document, rule, finding)));
    return inOrder(unique(diagnostics));
  } catch (error) {
    return [fault(error, document)];
  }
}

/** A rule that fails is a fault of ours, whatever the document says; nothing else is known of the document then. */
function fault(error: unknown, { path }: Document): Diagnostic {
  const message = `the rules could not be run on this document: ${error instanceof Error ? error.message : String(error)}`;
  const hint = "this is a fault of the generator, please report it with the document";
  return { rule: "generator", severity: "error", message, hint, file: path, line: 1, column: 1 };
}

/** Every rule that can speak while a document is loaded, mended, linted or generated from, ours as well as Redocly's. */
export function describeRules(): RuleDescription[] {
  return [...LOADING_RULES, ...MENDINGS, ...RULES, ...ADVICE, ...TOOL_RULES, ...ORDINARY_RULES];
}

function diagnose(document: Document, rule: Rule, finding: Finding): Diagnostic {
  const { pointer, message, hint, severity = rule.severity } = finding;
  return {
    rule: rule.id,
    severity,
    message,
    ...(hint !== undefined && { hint }),
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

function textOf({ rule, file, line, column, message }: Diagnostic): string {
  return `${file}:${line}:${column} ${rule} ${message}`;
}
