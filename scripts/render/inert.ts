/**
 * Text that reads as what it is. Some characters change how the text around them looks or ends (those that turn the direction
 * of writing, as in "Trojan Source", those that nobody sees, halves of characters), and one form of comment makes debuggers
 * fetch what it names. In generated code all of them stand as escapes, which mean the same in a literal and can be read in a
 * comment.
 */

/** Control and format characters, but for tabs, ends of lines and the joiners that Persian and emoji are written with. */
const HIDDEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const MAP_ADDRESS = /[#@](?=\s*source(?:Mapping)?URL\s*=)/g;

/** For the text of a literal, or of a comment, in code. */
export function inert(text: string): string {
  return text.replace(HIDDEN, escaped).replace(MAP_ADDRESS, escaped);
}

/** For Markdown, which has no escapes: the same characters are replaced. */
export function legible(text: string): string {
  return text.replace(HIDDEN, "\ufffd");
}

/** Something in a text that should not be there. */
export interface Find {
  readonly offset: number;
  readonly what: string;
}

/** Where in code something stands that is not inert. */
export function findHidden(text: string): Find | undefined {
  const address = text.search(MAP_ADDRESS);
  return findIllegible(text) ?? (address < 0 ? undefined : { offset: address, what: "the address of a source map" });
}

/** Where in any text something stands that cannot be seen. */
export function findIllegible(text: string): Find | undefined {
  const offset = text.search(HIDDEN);
  return offset < 0 ? undefined : { offset, what: `the character ${escaped(text.charAt(offset))}` };
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
