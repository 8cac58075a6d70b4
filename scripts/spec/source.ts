/** One file: its data, where the parts of it stand, and what is wrong with its text, in diagnostics. */

import type { Diagnostic } from "../diagnostics.js";
import { DUPLICATE_KEY, SYNTAX } from "./loading.js";
import { parseText } from "./parse.js";
import type { Positions } from "./positions.js";
import type { Problem } from "./problem.js";

export interface SourceData {
  /** Plain data; not to be used when there is an error among the diagnostics. */
  readonly root: unknown;
  readonly positions: Positions;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param file how the diagnostics name it. */
export function readSource(file: string, text: string): SourceData {
  const { root, problems, positions } = parseText(text);
  const diagnostics = problems.map(({ kind, message, hint, start, end }: Problem): Diagnostic => {
    const said = kind === "duplicate-key" ? DUPLICATE_KEY.says(message, hint) : SYNTAX.says(message, hint);
    return { ...said, severity: kind === "syntax" ? "error" : "warning", file, ...positions.span(start, end) };
  });
  return { root, positions, diagnostics };
}
