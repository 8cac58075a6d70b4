/** Sentences that name things which are very long: a person reads the beginning and the end, a program the whole. */

const MAX_WORD = 160;
const MAX_SENTENCE = 800;

/** Cuts the middle out of words, and of the whole, where they go on and on. */
export function shortened(sentence: string): string {
  if (sentence.length <= MAX_WORD) return sentence;
  return cut(
    sentence.replace(LONG_WORD, (word) => cut(word, MAX_WORD)),
    MAX_SENTENCE,
  );
}

const LONG_WORD = new RegExp(`\\S{${MAX_WORD + 1},}`, "g");

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const kept = Math.floor((length - 1) / 2);
  // Not through the middle of a character.
  const start = text.slice(0, kept).replace(/[\ud800-\udbff]$/, "");
  return `${start}…${text.slice(text.length - kept).replace(/^[\udc00-\udfff]/, "")}`;
}
