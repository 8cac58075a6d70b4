/** Text of a document inside a comment of generated code. */

import { inert } from "./inert.js";

/** How wide the text of a comment may be, its indentation and ` * ` left out. */
const TEXT_WIDTH = 110;

/** Every character that some reader takes for the end of a line. */
const LINE_END = /\r\n?|[\n\v\f\u0085\u2028\u2029]/;

/**
 * The lines of a text, safe within a block comment: what would end the comment is broken up, and a line that begins with
 * `@` is no tag. Paragraphs stay; lines that are too
 * long are wrapped, but for those of lists, tables and code.
 */
export function commentLines(text: string): string[] {
  const lines = text
    .trim()
    .split(LINE_END)
    .map((line) => harmless(line.trimEnd()));
  return blocks(lines).flatMap((block) => (isProse(block) ? wrapped(block) : block));
}

/** The comment's text, each line after ` *`, to stand between its first line and its last. */
export function commentText(text: string): string {
  return commentLines(text)
    .map((line) => (line === "" ? " *" : ` * ${line}`))
    .join("\n");
}

/** Code within a block comment, each line as it is. */
export function commentCode(code: string): string {
  return code
    .split(LINE_END)
    .map((line) => ` * ${unending(line)}`)
    .join("\n");
}

/** A text on one line, safe in a block comment as well as after two slashes. */
export function commentLine(text: string): string {
  return unending(text.split(LINE_END).join(" ").trim());
}

/** A text of several lines for somebody else's comment, each line as it is but harmless. */
export function commentVerbatim(text: string): string {
  return text.split(LINE_END).map(harmless).join("\n");
}

function harmless(line: string): string {
  return unending(line).replace(/^(\s*)@/, "$1\\@");
}

/** What ends a comment is broken up, and so is what would with another character taken out. */
function unending(line: string): string {
  return inert(line.replaceAll("*/", "*\\/"));
}

/** Consecutive lines of one kind: paragraphs, empty lines, and code between fences. */
function blocks(lines: readonly string[]): string[][] {
  const found: string[][] = [];
  let fenced = false;
  for (const line of lines) {
    const fence = /^\s*(?:```|~~~)/.test(line);
    const last = found.at(-1);
    const continues = last !== undefined && last.at(-1) !== "" && line !== "";
    if (last !== undefined && (fenced || (continues && !fence))) last.push(line);
    else found.push([line]);
    if (fence) fenced = !fenced;
  }
  return found;
}

function isProse(block: readonly string[]): boolean {
  return (
    block.some((line) => line.length > TEXT_WIDTH) && !block.some((line) => /^(?:\s|[-*+>|#]|\d+[.)]\s|```|~~~|<)/.test(line))
  );
}

function wrapped(block: readonly string[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of block.join(" ").split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > TEXT_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map(harmless);
}
