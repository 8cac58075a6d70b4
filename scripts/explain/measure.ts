/** How much room a text takes in a sans-serif type, about: the reader's fonts are not known here. */

import type { Size } from "./layout/graph.js";

export interface Type {
  /** In pixels. */
  readonly size: number;
  readonly lineHeight: number;
}

const NARROW = /[fijlrtI.,:;'|!()[\]/ ]/;
const WIDE = /[mwMW@%—]/;
const CAPITAL = /[\p{Lu}\d_=≤≥<>$#&]/u;
/** Scripts whose signs are square. */
const SQUARE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u{1f000}-\u{3ffff}]/u;

export function textWidth(text: string, { size }: Type): number {
  let ems = 0;
  for (const character of text) {
    if (SQUARE.test(character)) ems += 1.05;
    else if (WIDE.test(character)) ems += 0.92;
    else if (NARROW.test(character)) ems += 0.33;
    else ems += CAPITAL.test(character) ? 0.68 : 0.56;
  }
  return Math.ceil(ems * size);
}

export function textSize(lines: readonly string[], type: Type): Size {
  return { width: Math.max(0, ...lines.map((line) => textWidth(line, type))), height: lines.length * type.lineHeight };
}

/** A text in as few lines of about this width as it takes, of lengths as even as possible; a long word is broken. */
export function balancedLines(text: string, type: Type, width: number): string[] {
  const words = text.split(" ").flatMap((word) => broken(word, type, width));
  const greedy = fill(words, type, width);
  for (let narrow = Math.floor(width / 2); narrow < width; narrow += 4) {
    const lines = fill(words, type, narrow);
    if (lines.length <= greedy.length && lines.every((line) => textWidth(line, type) <= width)) return lines;
  }
  return greedy;
}

function fill(words: readonly string[], type: Type, width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, type) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function broken(word: string, type: Type, width: number): string[] {
  if (textWidth(word, type) <= width) return [word];
  const parts: string[] = [""];
  for (const character of word) {
    if (textWidth(parts.at(-1)! + character, type) > width) parts.push("");
    parts[parts.length - 1] += character;
  }
  return parts;
}
