/** Scalars of YAML as a person would write them: plain where they can be, else in double quotes as in JSON. */

const PLAIN = /^[A-Za-z_./$][\w ./$@{}-]*$/;
/** What some reader of YAML takes for something else than a text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|~|\.inf|\.nan)$/i;

export function scalar(text: string): string {
  const isPlain = PLAIN.test(text) && !WORDS.test(text) && text.trim() === text && !text.includes(" #") && !text.includes(": ");
  return isPlain
    ? text
    : JSON.stringify(text).replace(
        /[\u007f-\u009f\u2028\u2029\ufeff]/g,
        (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
}

/** A list on one line. */
export function flow(texts: readonly string[]): string {
  return `[${texts.map((text) => (/[[\]{},]/.test(text) ? JSON.stringify(text) : scalar(text))).join(", ")}]`;
}

/** A text within a comment: on one line, and nothing that ends it. */
export function comment(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
