/**
 * Text that reads as what it is. Some characters change how the text around them looks or ends (those that turn the direction
 * of writing, as in "Trojan Source", those that nobody sees, halves of characters), and one form of comment makes debuggers
 * fetch what it names. In generated code all of them stand as escapes, which mean the same in a literal and can be read in a
 * comment.
 */

/** Control and format characters, but for tabs, ends of lines and the joiners that Persian and emoji are written with. */
const HIDDEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** What may hold a hidden character: looked at first, as texts are megabytes of plain letters. */
const FOREIGN = /[^\t\n -~]+/g;

const MAP_ADDRESS = /[#@](?=\s*source(?:Mapping)?URL\s*=)/g;

/** For the text of a literal, or of a comment, in code. */
export function inert(text: string): string {
  const shown = text.replace(FOREIGN, (part) => part.replace(HIDDEN, escaped));
  return mayNameMap(shown) ? shown.replace(MAP_ADDRESS, escaped) : shown;
}

/** For Markdown, which has no escapes: the same characters are replaced. */
export function legible(text: string): string {
  return text.replace(FOREIGN, (part) => part.replace(HIDDEN, "\ufffd"));
}

function mayNameMap(text: string): boolean {
  return text.includes("sourceMappingURL") || text.includes("sourceURL");
}

/** Something in a text that should not be there. */
export interface Find {
  readonly offset: number;
  readonly what: string;
}

/** Where in code something stands that is not inert. */
export function findHidden(text: string): Find | undefined {
  const address = mayNameMap(text) ? text.search(MAP_ADDRESS) : -1;
  return findIllegible(text) ?? (address < 0 ? undefined : { offset: address, what: "the address of a source map" });
}

/** Where in any text something stands that cannot be seen. */
export function findIllegible(text: string): Find | undefined {
  for (const { 0: part, index } of text.matchAll(FOREIGN)) {
    const hidden = part.search(HIDDEN);
    if (hidden >= 0) return { offset: index + hidden, what: `the character ${escaped(part.charAt(hidden))}` };
  }
  return undefined;
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
