/** What lint and every later stage say about a document: one kind of message, with its place. */

export interface Diagnostic {
  /** The rule that speaks, such as `lifecycle-expression`; its section in `docs/rules.md` says more. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** The next step, where there is one to name. */
  readonly hint?: string;
  /** The document's path as it was given. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
  /** The column after the last one concerned; left out where the place is a point or goes over several lines. */
  readonly endColumn?: number;
  /** JSON Pointer to the value concerned. */
  readonly pointer?: string;
}

export type Severity = "error" | "warning" | "info";

/** From the worst to the mildest. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** What is known about a rule without running it. */
export interface RuleDescription {
  readonly id: string;
  /** One sentence: what the rule holds. */
  readonly description: string;
  readonly severity: Severity;
  /** Where more is said, for rules that others wrote; ours have their sections in `docs/rules.md`. */
  readonly helpUri?: string;
  /** The section about it, in Markdown. */
  readonly help?: string;
}

/** The same diagnostics in the order in which a reader meets them: file, line, column, rule. */
export function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.rule, b.rule) ||
      compare(a.message, b.message),
  );
}

export function count(diagnostics: readonly Diagnostic[], severity: Severity): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}

/** Whether any of them forbids going on. */
export function hasErrors(diagnostics: readonly Pick<Diagnostic, "severity">[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** By code unit, so that the order is the same under every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
