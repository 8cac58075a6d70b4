/** Text of a document, fit for a terminal: nothing in it moves the cursor, sets a colour or turns the direction of writing. */

/** Control and format characters, but for the joiners that Persian and emoji are written with; halves of characters. */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** On one line; what cannot be printed becomes a visible stand-in of the same length, so that carets stay where they belong. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === "\t" || character === "\n" ? " " : "\u{fffd}".repeat(character.length),
  );
}

/** The same of a text that may have several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** A value as JSON that may be shown on a terminal: what cannot be printed stands as an escape, which means the same. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNPRINTABLE, (character) =>
    character === "\n" ? character : character.replace(/[\s\S]/g, escaped),
  );
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** What this program writes itself: colours, and the end of a line of progress. */
const OWN = "\\u001b\\[(?:[0-2]|3[1-6])m|\\r\\u001b\\[2K";
const OWN_OR_UNPRINTABLE = new RegExp(`${OWN}|${UNPRINTABLE.source}`, "gu");

/** What may reach a terminal of whatever is written to it: text, ends of lines, and the sequences of this program. */
export function inertOutput(text: string): string {
  return text.replace(OWN_OR_UNPRINTABLE, (found) =>
    found.includes("\u001b[") || found === "\n" || found === "\t" ? found : "\u{fffd}".repeat(found.length),
  );
}
