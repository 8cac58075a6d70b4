/**
 * What templates print with: one helper for each context, since text that is harmless in one breaks out of another. A
 * helper takes the type of value that it prints and refuses any other.
 */

import type { InputType } from "../model/model.js";
import { isIdentifier } from "../model/names.js";
import { commentCode, commentLine, commentLines, commentText } from "./comment.js";
import { element, literal, member, propertyKey, stringLiteral } from "./literal.js";
import { codeCell, codeSpan, htmlComment, linkTarget, markdownCell, markdownText, mermaidText } from "./markdown.js";

/** TypeScript that a tool of ours has written and that is printed as it is; nothing else may be. */
export class SourceText {
  readonly isSource = true;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

interface Options {
  readonly hash: Readonly<Record<string, unknown>>;
}

export const HELPERS = {
  /** A string literal. */
  str: (value: unknown) => stringLiteral(text("str", value)),
  /** The lines of a block comment. */
  doc: (value: unknown) => commentText(text("doc", value)),
  /** The only line of a block comment. */
  words: (value: unknown) => commentLines(text("words", value)).join(" "),
  /** The lines of code in a block comment. */
  sample: (value: unknown) => commentCode(text("sample", value)),
  /** A few words on one line of a comment. */
  line: (value: unknown) => commentLine(text("line", value)),
  /** A few words in a comment of HTML. */
  remark: (value: unknown) => htmlComment(text("remark", value)),
  /** A name of generated code; it was made to be one. */
  ident: (value: unknown) => {
    const name = text("ident", value);
    if (!isIdentifier(name)) throw new TypeError(`{{ident}} was given ${stringLiteral(name)}, which is no identifier`);
    return name;
  },
  /** The key of a member. */
  key: (value: unknown) => propertyKey(text("key", value)),
  /** Data. */
  literal: (value: unknown) => literal(value),
  /** A member of an object literal, with its key and a comma; `indent` is where its lines begin. */
  member: (name: unknown, value: unknown, { hash }: Options) => member(text("member", name), value, Number(hash["indent"])),
  /** An element of an array literal, with a comma; `indent` is where its lines begin. */
  element: (value: unknown, { hash }: Options) => element(value, Number(hash["indent"])),
  /** The type of an input. */
  type: (value: unknown) => inputType(value as InputType),
  /** Source text of our own. */
  source: (value: unknown) => {
    if (!(value instanceof SourceText)) throw new TypeError("{{source}} prints only what a tool of ours has written");
    return value.text;
  },
  /** A number. */
  number: (value: unknown) => {
    if (typeof value !== "number") throw new TypeError(`{{number}} was given ${typeof value}`);
    return String(value);
  },
  /** Text of Markdown. */
  md: (value: unknown) => markdownText(text("md", value)),
  /** Text in a cell of a table. */
  cell: (value: unknown) => markdownCell(text("cell", value)),
  /** Code in Markdown. */
  code: (value: unknown) => codeSpan(text("code", value)),
  /** Code in a cell of a table. */
  codecell: (value: unknown) => codeCell(text("codecell", value)),
  /** The target of a link. */
  url: (value: unknown) => linkTarget(text("url", value)),
  /** A label of a diagram. */
  mermaid: (value: unknown) => mermaidText(text("mermaid", value)),
} satisfies Readonly<Record<string, (...values: never) => string>>;

function inputType(type: InputType): string {
  return type.kind === "primitive" ? type.name : type.values.map((value) => literal(value)).join(" | ");
}

function text(helper: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`{{${helper}}} prints text and was given ${typeof value}`);
  return value;
}
