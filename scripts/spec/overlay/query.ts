/** JSONPath as RFC 9535 has it, and nothing beyond: no scripts, and no more work than a bound allows. */

import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, JSONPathRecursionLimitError, type JSONValue } from "json-p3";
import { MAX_DEPTH } from "../bounds.js";

/** How many maps and lists one query may look into. */
const MAX_VISITS = 3_000_000;

/** How many values one query may select. */
const MAX_SELECTED = 1_000_000;

export interface Query {
  readonly text: string;
  readonly path: JSONPathQuery;
}

/** The names and indices that lead from the root to a value. */
export type Location = readonly (string | number)[];

/** What is wrong with a query, or that it goes too far. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  /** The character of the query at which it goes wrong, counted from 0. */
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.offset = offset;
  }
}

/** Counts what a query looks into; how deep it goes is bounded by how deep documents are. */
class BoundedEnvironment extends JSONPathEnvironment {
  visits = 0;

  override entries(value: { [key: string]: JSONValue }): [string, JSONValue][] {
    const entries = Object.entries(value);
    this.visits += 1 + entries.length;
    if (this.visits > MAX_VISITS) throw new QueryError("the query looks into more values than a document has");
    return entries;
  }
}

/** @throws {QueryError} when the text is no JSONPath. */
export function parseQuery(text: string): Query {
  try {
    return { text, path: new BoundedEnvironment({ maxRecursionDepth: 4 * MAX_DEPTH }).compile(text) };
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    throw new QueryError(oneLine(error.message), error.token.index);
  }
}

/**
 * Where the values stand that a query selects, in the order of the document.
 *
 * @throws {QueryError} when it goes too far.
 */
export function select({ path }: Query, root: unknown): Location[] {
  if (path.environment instanceof BoundedEnvironment) path.environment.visits = 0;
  const locations: Location[] = [];
  try {
    for (const { location } of path.lazyQuery(root as JSONValue)) {
      if (locations.length >= MAX_SELECTED) throw new QueryError(`the query selects more than ${MAX_SELECTED} values`);
      locations.push(location);
    }
  } catch (error) {
    if (!(error instanceof JSONPathRecursionLimitError)) throw error;
    throw new QueryError("the query goes deeper than a document may");
  }
  return locations;
}

/** Without the place at its end, which is given as an offset. */
function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ").replace(/\s*\(.*:\d+\)$/, "");
}
