/**
 * YAML as other tools read it: with brackets that close further left than the standard lets them, with tabs between brackets,
 * and with characters that nobody can print. Such a text is read with other characters in the places of these, as many as there
 * were, so that whatever is found in it stands at the same offset of the text as it was written.
 */

import { EVENT_ID, type Event, parseEvents, SCALAR_STYLE, YAMLException } from "js-yaml";
import { MAX_DEPTH, MAX_REREAD } from "./bounds.js";
import { rangeOf } from "./outline.js";
import { type Problem, Problems } from "./problem.js";

export interface Reading {
  readonly events: readonly Event[];
  /** The text that the events are of, as long as the one that was given. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

/**
 * The events of the first document in a text that holds anything.
 *
 * @throws {YAMLException} for what cannot be read.
 */
export function readEvents(given: string): Reading {
  const problems = new Problems();
  let text = given;
  for (let read = 0; ; read += text.length) {
    try {
      const events = parseEvents(text, { maxDepth: 2 * MAX_DEPTH });
      return {
        events: firstDocument(events, given, problems),
        text: text === given ? text : withBlocksOf(given, text, events),
        problems: problems.all,
      };
    } catch (error) {
      const tolerant = error instanceof YAMLException && read < MAX_REREAD ? withoutFault(text, error, problems) : undefined;
      if (tolerant === undefined) throw error;
      text = tolerant;
    }
  }
}

/** The text without what an error is about; nothing when it is not one of those that are tolerated. */
function withoutFault(text: string, { reason, mark }: YAMLException, problems: Problems): string | undefined {
  if (UNPRINTABLE.includes(reason)) return withoutControls(text, problems);
  if (reason !== TOO_FAR_LEFT || mark === undefined) return undefined;
  const { position } = mark;
  const line = text.lastIndexOf("\n", position - 1) + 1;
  const isFirst = !/\S/.test(text.slice(line, position));
  const joined = isFirst ? withoutBreak(text, line, position) : withoutTabs(text, line, position);
  if (joined === undefined) return undefined;
  problems.add({ kind: "tolerated", message: isFirst ? FURTHER_LEFT : TABS, start: position, end: position + 1 });
  // Where one bracket closes so, others do. They are taken together, as each reading costs as much as the first.
  return joined.replace(BEFORE_CLOSING, spaces);
}

const FURTHER_LEFT =
  "what stands in brackets or quotes goes on further left than what it belongs to; it is read all the same, here and where other brackets close so";
const TABS = "before brackets stand tabs; they are read as spaces";

const TOO_FAR_LEFT = "deficient indentation";

/** The break before a line that begins with a closing bracket; after a comment or the header of a block it has a meaning. */
const BEFORE_CLOSING = /(?<=\S)(?<!#.*|[|>][-+\d]*)[ \t]*\r?\n[ \t]*(?=[\]}])/g;

/** A line joined to the one above it, which it goes on; nothing when that one ends with a comment. */
function withoutBreak(text: string, line: number, end: number): string | undefined {
  const start = text.slice(0, line).trimEnd().length;
  const above = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  return above.includes("#") || line === 0
    ? undefined
    : text.slice(0, start) + spaces(text.slice(start, end)) + text.slice(end);
}

function withoutTabs(text: string, line: number, end: number): string | undefined {
  const before = text.slice(line, end);
  return before.includes("\t") ? text.slice(0, line) + spaces(before) + text.slice(end) : undefined;
}

function spaces(text: string): string {
  return text.replace(/\s/g, " ");
}

/** Within a block of text a line that begins with a bracket is a line like any other. */
function withBlocksOf(given: string, text: string, events: readonly Event[]): string {
  let [result, end] = ["", 0];
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR || !BLOCKS.includes(event.style)) continue;
    result += text.slice(end, event.valueStart) + given.slice(event.valueStart, event.valueEnd).replace(CONTROLS, "\uFFFD");
    end = event.valueEnd;
  }
  return result + text.slice(end);
}

const BLOCKS: readonly number[] = [SCALAR_STYLE.LITERAL_BLOCK, SCALAR_STYLE.FOLDED_BLOCK];

const UNPRINTABLE: readonly string[] = ["the stream contains non-printable characters", "expected valid JSON character"];

/** What YAML has no place for. A NUL is refused before. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
const CONTROLS = /[\x01-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/g;

function withoutControls(text: string, problems: Problems): string | undefined {
  const [first] = text.matchAll(CONTROLS);
  if (first === undefined) return undefined;
  const code = first[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const message = `the character U+${code} cannot stand in a text; U+FFFD is read in its place`;
  problems.add({ kind: "tolerated", message, start: first.index, end: first.index + 1 });
  return text.replace(CONTROLS, "\uFFFD");
}

function firstDocument(events: readonly Event[], text: string, problems: Problems): readonly Event[] {
  const starts = events.flatMap(({ type }, index) => (type === EVENT_ID.DOCUMENT ? [index] : []));
  const [start = 0, other] = starts.filter((index) => !isEmpty(events[index + 1]));
  const content = other === undefined ? undefined : events[other + 1];
  if (content !== undefined) {
    const begin = Math.max(text.lastIndexOf("---", rangeOf(content)[0]), 0);
    const message = "a second document begins here; only the first one of a file is read";
    problems.add({ kind: "tolerated", message, start: begin, end: begin + 3 });
  }
  const next = starts.find((index) => index > start);
  return events.slice(start, next);
}

function isEmpty(content: Event | undefined): boolean {
  return content?.type === EVENT_ID.SCALAR && content.valueStart < 0;
}
