/** JSON: several times faster to read than YAML, but silent about places and about keys that stand twice. */

import { CHOMPING_MODE, COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE } from "js-yaml";
import { MAX_DEPTH } from "./bounds.js";

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [9, 10, 13, 32];
const [QUOTE, COMMA, SLASH, COLON, BACKSLASH] = [34, 44, 47, 58, 92];
const [OPENING_BRACKET, CLOSING_BRACKET, OPENING_BRACE, CLOSING_BRACE] = [91, 93, 123, 125];

function isWhite(character: number): boolean {
  return character === SPACE || character === LINE_FEED || character === TAB || character === CARRIAGE_RETURN;
}

/** What a text holds, if it is JSON; `undefined` when it is not, or so deep that somebody else has to say so. */
export function readJson(text: string): { readonly root: unknown; readonly hasDuplicates: boolean } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const root: unknown = JSON.parse(text);
    const keys = countKeys(root, 0);
    return keys === undefined ? undefined : { root, hasDuplicates: keys !== writtenKeys(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JSON with comments, as configurations of tools are written. */
export interface CommentedJson {
  /** The text with spaces for comments, and for commas behind which nothing follows. */
  readonly text: string;
  /** Where the first comment stands. */
  readonly start: number;
  readonly end: number;
}

/** A text without its comments, each part in its place; `undefined` where it has none, or is no text of the kind. */
export function withoutComments(text: string): CommentedJson | undefined {
  if (!/^\s*(?:[[{]|\/[/*])/.test(text)) return undefined;
  const kept: string[] = [];
  let first: { readonly start: number; readonly end: number } | undefined;
  let written = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text.charCodeAt(offset);
    if (character === QUOTE) offset = endOfString(text, offset);
    if (character !== SLASH) continue;
    const end = endOfComment(text, offset);
    if (end === undefined) return undefined;
    first ??= { start: offset, end };
    kept.push(text.slice(written, offset), text.slice(offset, end).replace(/[^\r\n]/g, " "));
    written = end;
    offset = end - 1;
  }
  return first && { text: withoutLastCommas([...kept, text.slice(written)].join("")), ...first };
}

function endOfComment(text: string, start: number): number | undefined {
  const end = text.startsWith("//", start) ? text.indexOf("\n", start) : text.indexOf("*/", start + 2) + 2;
  if (text.startsWith("//", start)) return end < 0 ? text.length : end;
  return text.startsWith("/*", start) && end > 1 ? end : undefined;
}

function withoutLastCommas(text: string): string {
  const kept: string[] = [];
  let written = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text.charCodeAt(offset);
    if (character === QUOTE) offset = endOfString(text, offset);
    if (character !== COMMA) continue;
    let next = offset + 1;
    while (isWhite(text.charCodeAt(next))) next += 1;
    const follower = text.charCodeAt(next);
    if (follower === CLOSING_BRACE || follower === CLOSING_BRACKET) {
      kept.push(text.slice(written, offset), " ");
      written = offset + 1;
    }
    offset = next - 1;
  }
  return [...kept, text.slice(written)].join("");
}

/** The same events that the parser of YAML makes of a text that is known to be JSON. */
export function jsonEvents(text: string): Event[] {
  const events: Event[] = [{ type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] }];
  for (let offset = 0; offset < text.length; offset += 1) {
    switch (text.charCodeAt(offset)) {
      case SPACE:
      case TAB:
      case LINE_FEED:
      case CARRIAGE_RETURN:
      case COMMA:
      case COLON:
        break;
      case OPENING_BRACE:
        events.push({ type: EVENT_ID.MAPPING, start: offset, style: COLLECTION_STYLE.FLOW, ...BARE });
        break;
      case OPENING_BRACKET:
        events.push({ type: EVENT_ID.SEQUENCE, start: offset, style: COLLECTION_STYLE.FLOW, ...BARE });
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        events.push(CLOSED);
        break;
      case QUOTE: {
        const end = endOfString(text, offset);
        events.push(scalar(offset + 1, end, SCALAR_STYLE.DOUBLE_QUOTED));
        offset = end;
        break;
      }
      default: {
        LITERAL.lastIndex = offset;
        const end = offset + (LITERAL.exec(text)?.[0].length ?? 1);
        events.push(scalar(offset, end, SCALAR_STYLE.PLAIN));
        offset = end - 1;
      }
    }
  }
  events.push(CLOSED);
  return events;
}

const LITERAL = /[^\s,:[\]{}"]+/y;

const BARE = { anchorStart: -1, anchorEnd: -1, tagStart: -1, tagEnd: -1 } as const;

const CLOSED: Event = { type: EVENT_ID.POP };

function scalar(valueStart: number, valueEnd: number, style: 1 | 3): Event {
  return {
    type: EVENT_ID.SCALAR,
    valueStart,
    valueEnd,
    anchorStart: -1,
    anchorEnd: -1,
    tagStart: -1,
    tagEnd: -1,
    style,
    chomping: CHOMPING_MODE.CLIP,
    indent: -1,
    fast: false,
  };
}

/** Counts the members of all maps; `undefined` where they are nested too deeply. */
function countKeys(value: unknown, depth: number): number | undefined {
  if (typeof value !== "object" || value === null) return 0;
  if (depth >= MAX_DEPTH) return undefined;
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let keys = Array.isArray(value) ? 0 : members.length;
  for (const member of members) {
    const within = countKeys(member, depth + 1);
    if (within === undefined) return undefined;
    keys += within;
  }
  return keys;
}

/** Counts the strings that a colon follows. Strings are jumped over, and what is between them is short. */
function writtenKeys(text: string): number {
  let keys = 0;
  for (let start = text.indexOf('"'); start >= 0; ) {
    let next = endOfString(text, start) + 1;
    while (isWhite(text.charCodeAt(next))) next += 1;
    if (text.charCodeAt(next) === COLON) keys += 1;
    start = text.indexOf('"', next);
  }
  return keys;
}

/** The offset of the quote that ends the string which begins at an offset. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
