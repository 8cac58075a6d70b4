/** Text of a document inside Markdown and inside Mermaid. */

import { legible } from "./inert.js";

/** Text on one line that opens nothing: no tag, link, list, heading or formula. What the document sets as code stays code. */
export function markdownText(text: string): string {
  return spans(text, { plain: escapeMarkdown, code: codeSpan });
}

/** The same within a cell of a table, where a bar would end the cell even in code. */
export function markdownCell(text: string): string {
  return spans(text, { plain: escapeMarkdown, code: codeCell });
}

/** Text as code; without any, a space, as two backticks would be the beginning of something else. */
export function codeSpan(text: string): string {
  const content = oneLine(text) || " ";
  const fence = "`".repeat(longestRun(content) + 1);
  const padding = content.startsWith("`") || content.endsWith("`") ? " " : "";
  return `${fence}${padding}${content}${padding}${fence}`;
}

/**
 * Text as code within a cell of a table. A bar ends the cell unless an odd number of backslashes stands before it; where the
 * text has some there already, its reader sees one more.
 */
export function codeCell(text: string): string {
  return codeSpan(text).replace(/\\*\|/g, (bar) => (bar.length % 2 === 0 ? `\\\\${bar}` : `\\${bar}`));
}

/** An address as the target of a link. */
export function linkTarget(url: string): string {
  return legible(url).replace(/[^\w!#$&'*+,./:;=?@~%-]/gu, (character) => {
    const encoded = encodeURIComponent(character);
    return encoded === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encoded;
  });
}

/** Text within a comment of HTML, which two hyphens could end. */
export function htmlComment(text: string): string {
  return oneLine(text).replace(/-(?=-)|-$/g, "- ");
}

/** Text as a label of a diagram: whatever Mermaid or HTML could take for its own goes in as a character code. */
export function mermaidText(text: string): string {
  return (oneLine(text) || "?").replace(/[^\p{L}\p{N} .,_=≤≥/'()-]/gu, (character) => `#${character.codePointAt(0)};`);
}

function spans(text: string, print: { plain: (text: string) => string; code: (text: string) => string }): string {
  return oneLine(text)
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 0 ? print.plain(part) : print.code(part)))
    .join("")
    .replace(/^(\d+)([.)])/, "$1\\$2")
    .replace(/^[#+=-]/, "\\$&");
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|~$]/g, "\\$&").replaceAll("&", "&amp;");
}

function oneLine(text: string): string {
  return legible(text.replace(/[\s\u0085\u2028\u2029]+/g, " ").trim());
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
