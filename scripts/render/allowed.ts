/** What the helpers of templates may be given: one entry for each in `helpers.ts`. */

import type { HELPERS } from "./helpers.js";
import type { Shape } from "./shapes.js";

export type HelperName = keyof typeof HELPERS;

interface Allowed {
  /** Where what it prints belongs. */
  readonly context: string;
  /** For each of its arguments, the kinds of values that it takes. */
  readonly takes: readonly (readonly Shape["kind"][])[];
  readonly options: readonly string[];
}

const text = (context: string): Allowed => ({ context, takes: [["text"]], options: [] });
const ANYTHING: readonly Shape["kind"][] = ["text", "flag", "number", "data", "list", "view", "type"];

export const ALLOWED: Readonly<Record<HelperName, Allowed>> = {
  str: text("as a string of TypeScript"),
  doc: text("as lines of a doc comment"),
  words: text("as the only line of a doc comment"),
  sample: text("as code in a doc comment"),
  line: text("on one line of a comment"),
  remark: text("in a comment of HTML"),
  ident: text("as a name of code"),
  key: text("as the key of a member"),
  literal: { context: "as data", takes: [ANYTHING], options: [] },
  member: { context: "as a member of data", takes: [["text"], ANYTHING], options: ["indent"] },
  element: { context: "as an element of data", takes: [ANYTHING], options: ["indent"] },
  type: { context: "as a type", takes: [["type"]], options: [] },
  source: { context: "as code", takes: [["code"]], options: [] },
  number: { context: "as a number", takes: [["number"]], options: [] },
  md: text("in Markdown"),
  cell: text("in a cell of a table"),
  code: text("as code in Markdown"),
  codecell: text("as code in a cell of a table"),
  url: text("as the target of a link"),
  mermaid: text("as a label of a diagram"),
};

export function isHelper(name: string): name is HelperName {
  return Object.hasOwn(ALLOWED, name);
}
