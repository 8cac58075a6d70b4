/** The way from a document's root to one of its parts; written out as a JSON Pointer only when somebody asks. */

import { join } from "../spec/pointer.js";

export interface Trail {
  readonly up: Trail | undefined;
  readonly token: string | number;
}

export function below(up: Trail | undefined, token: string | number): Trail {
  return { up, token };
}

export function pointerOf(trail: Trail | undefined): string {
  const tokens: (string | number)[] = [];
  for (let at = trail; at !== undefined; at = at.up) tokens.push(at.token);
  return join("", ...tokens.reverse());
}

/** The trail that a JSON Pointer's tokens make. */
export function trailOf(tokens: readonly (string | number)[]): Trail | undefined {
  return tokens.reduce<Trail | undefined>(below, undefined);
}
