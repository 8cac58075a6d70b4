/**
 * Text of a document, fit for a terminal: whatever would move the cursor, change its colour or turn the direction of
 * writing becomes a visible stand-in of the same length, so that carets stay where they belong.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (character === "\t" || character === "\n" ? " " : "\u{fffd}"));
}

/** Control characters, marks and overrides of the writing direction, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
