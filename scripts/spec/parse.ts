/** YAML or JSON text to plain data, within bounds that a hostile text cannot cross; places are found when somebody asks. */

import { YAMLException } from "js-yaml";
import { MAX_LENGTH, TOO_DEEP } from "./bounds.js";
import { construct } from "./construct.js";
import { type Reading, readEvents } from "./events.js";
import { explain } from "./explain.js";
import { jsonEvents, readJson, withoutComments } from "./json.js";
import { outlineOf } from "./outline.js";
import { Positions } from "./positions.js";
import type { Problem } from "./problem.js";

export interface Parsed {
  /** Plain objects, arrays and scalars; where YAML has an alias, one object stands in several places. `null` for an empty text. */
  readonly root: unknown;
  /** Everything that is wrong or odd; after one of the kind `syntax`, the data is not to be used. */
  readonly problems: readonly Problem[];
  readonly positions: Positions;
}

/** Reads a text, whatever it holds: what is wrong with it is told and never thrown. */
export function parseText(text: string): Parsed {
  const refused = refuse(text);
  if (refused !== undefined) return malformed(text, [refused]);
  const json = readJson(text);
  if (json !== undefined) {
    const positions = new Positions(text, () => outlineOf(jsonEvents(text), text));
    // The data is right as it is: of two keys that are the same the last wins here as well.
    const problems = json.hasDuplicates ? construct(jsonEvents(text), text).problems : [];
    return { root: json.root, problems: [...lost(text), ...problems], positions };
  }
  const commented = parseCommented(text);
  if (commented !== undefined) return commented;
  let reading: Reading;
  try {
    reading = readEvents(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const problem = told(error);
    return malformed(text, problem.message === TOO_DEEP ? [problem] : explain(text, problem));
  }
  const { events, problems } = reading;
  const outline = outlineOf(events, text);
  const { root, problems: found } = construct(events, reading.text);
  return { root, problems: [...lost(text), ...problems, ...found], positions: new Positions(text, () => outline) };
}

/** Bytes that were no text, here or where the text comes from, are U+FFFD by now. */
function lost(text: string): Problem[] {
  const start = text.indexOf("\uFFFD");
  if (start < 0) return [];
  const message = "U+FFFD stands here, and perhaps further on, for what was no text in UTF-8";
  return [{ kind: "tolerated", message, hint: "save the file as UTF-8", start, end: start + 1 }];
}

/** As YAML a comment would be part of the key behind it, and what that holds lost. */
function parseCommented(text: string): Parsed | undefined {
  const bare = withoutComments(text);
  const json = bare && readJson(bare.text);
  if (bare === undefined || json === undefined) return undefined;
  const { start, end } = bare;
  const problems = json.hasDuplicates ? construct(jsonEvents(bare.text), bare.text).problems : [];
  const told: Problem = { kind: "tolerated", message: "JSON has no comments; they are passed over", start, end };
  return {
    root: json.root,
    problems: [told, ...problems],
    positions: new Positions(text, () => outlineOf(jsonEvents(bare.text), bare.text)),
  };
}

function refuse(text: string): Problem | undefined {
  if (text.length > MAX_LENGTH) {
    return { kind: "syntax", message: `the text is longer than ${MAX_LENGTH / 2 ** 20} MB`, start: 0, end: 0 };
  }
  const start = text.indexOf("\0");
  if (start < 0) return undefined;
  return { kind: "syntax", message: "a NUL character stands here, so this is no text", start, end: start + 1 };
}

function malformed(text: string, problems: readonly Problem[]): Parsed {
  return { root: undefined, problems, positions: new Positions(text, () => outlineOf([], text)) };
}

function told({ reason, mark }: YAMLException): Problem {
  const start = mark?.position ?? 0;
  return { kind: "syntax", message: reason.startsWith("nesting exceeded") ? TOO_DEEP : reason, start, end: start + 1 };
}
