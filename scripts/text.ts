/** The text of a file, whichever Unicode encoding it is in. */

import { readFileSync } from "node:fs";

/**
 * UTF-8, or UTF-16 with a byte order mark; the mark is left out. Where a byte here and there is neither, as in texts that have
 * passed through an older encoding, U+FFFD stands for it.
 *
 * @throws {TypeError} when it is no text.
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    const text = new TextDecoder(encoding).decode(bytes);
    if (isText(text)) return text;
    throw error;
  }
}

/** Whether most of it could be read, and nothing is there that only data has. */
function isText(text: string): boolean {
  return !text.includes("\0") && text.split(LOST).length - 1 <= text.length / 10;
}

/** What stands for bytes that are no text. */
const LOST = "\uFFFD";

/** The same for showing it: what is no text is replaced, and a file that cannot be read has none. */
export function readText(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
