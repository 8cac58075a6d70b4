/** What a change of a document means for whoever uses the client that is made of it. */

import type { Place } from "../spec/positions.js";

/**
 * What a change asks of the user of a client.
 *
 * - `breaking`: code that used it does not compile any more, or is refused by the service.
 * - `risky`: code compiles, and may meet what it was not written for.
 * - `safe`: code goes on as it did.
 */
export type Impact = "breaking" | "risky" | "safe";

/** From the worst to the best. */
export const IMPACTS: readonly Impact[] = ["breaking", "risky", "safe"];

/** The kinds of change there are; machines go by them, since sentences may be put better one day. */
export type ChangeKind =
  | `${"api" | "operation" | "parameter" | "body" | "status" | "header" | "media-type"}-${"added" | "removed"}`
  | `${"operation" | "parameter"}-${"deprecated" | "reinstated" | "moved" | "renamed"}`
  | `${"parameter" | "body"}-${"required" | "optional"}`
  | `parameter-${"serialization" | "filled" | "unfilled" | "fill"}`
  | "media-type-order"
  | "encoding-changed"
  | `schema-${"type" | "nullable" | "values" | "format" | "limit" | "default" | "alternatives" | "discriminator" | "additional"}`
  | `member-${"added" | "removed" | "required" | "optional" | "deprecated"}`
  | `security-${"added" | "removed" | "changed" | "scopes"}`
  | `server-${"added" | "removed" | "changed"}`
  | `input-${"added" | "removed" | "required" | "optional" | "type" | "secret" | "default"}`
  | `scheme-${"added" | "removed" | "apply" | "key" | "calls" | "lifetime" | "refresh-token" | "rejected" | "other"}`
  | "lifecycle-unreadable"
  | "comparison-cut";

/** One change, found by comparing; its place in the text is looked up at the end. */
export interface Finding {
  readonly kind: ChangeKind;
  readonly impact: Impact;
  /** What has changed, as a sentence without a full stop whose subject is in it. */
  readonly message: string;
  /** Leads into the present document, or to the nearest that is left of what is gone. */
  readonly pointer: string;
  readonly part?: "key" | "value";
}

/** A change of an API, with its place and with everything that it concerns. */
export interface Change extends Omit<Finding, "part">, Place {
  /** The operations concerned, by the names of their methods, in the order of the document; none when it is the whole API. */
  readonly operations: readonly string[];
}

/** The worst impact among changes; `undefined` when there is none. */
export function worst(changes: readonly { readonly impact: Impact }[]): Impact | undefined {
  return IMPACTS.find((impact) => changes.some((change) => change.impact === impact));
}
