/** The text of a file, whichever Unicode encoding it is in. */

import { readFileSync } from "node:fs";

/**
 * UTF-8, or UTF-16 with a byte order mark; the mark is left out.
 *
 * @throws {TypeError} when it is neither.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
}

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
