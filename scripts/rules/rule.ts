/** What a rule is: a question to a document, answered with findings. */

import type { RuleDescription, Severity } from "../diagnostics.js";
import type { Part } from "../spec/positions.js";
import type { Context } from "./context.js";

export interface Rule extends RuleDescription {
  /** Everything that is wrong, in any order. Parts of the wrong type are passed over: the structure is another rule's matter. */
  check(context: Context): Iterable<Finding>;
}

/** A fault and where it is; the position in the text is looked up by whoever runs the rule. */
export interface Finding {
  readonly pointer: string;
  /** Which part of the place is meant. Default: the value. */
  readonly part?: Part;
  /** The character within the string there, where one is meant. */
  readonly offset?: number;
  /** How many characters from there. Default: 1. */
  readonly length?: number;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** Default: the rule's own. */
  readonly severity?: Severity;
}
