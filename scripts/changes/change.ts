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
export const CHANGE_KINDS = [
  "api-added",
  "api-removed",
  "operation-added",
  "operation-removed",
  "operation-renamed",
  "operation-moved",
  "operation-deprecated",
  "operation-reinstated",
  "webhook-added",
  "webhook-removed",
  "callback-added",
  "callback-removed",
  "callback-moved",
  "parameter-added",
  "parameter-removed",
  "parameter-moved",
  "parameter-required",
  "parameter-optional",
  "parameter-serialization",
  "parameter-filled",
  "parameter-unfilled",
  "parameter-fill",
  "parameter-deprecated",
  "parameter-reinstated",
  "body-added",
  "body-removed",
  "body-required",
  "body-optional",
  "media-type-added",
  "media-type-removed",
  "media-type-order",
  "encoding-changed",
  "status-added",
  "status-removed",
  "header-added",
  "header-removed",
  "member-added",
  "member-removed",
  "member-required",
  "member-optional",
  "member-deprecated",
  "schema-type",
  "schema-nullable",
  "schema-values",
  "schema-format",
  "schema-limit",
  "schema-default",
  "schema-alternatives",
  "schema-discriminator",
  "schema-additional",
  "schema-condition",
  "security-added",
  "security-removed",
  "security-changed",
  "security-scopes",
  "server-added",
  "server-removed",
  "server-changed",
  "input-added",
  "input-removed",
  "input-required",
  "input-optional",
  "input-type",
  "input-secret",
  "input-default",
  "scheme-added",
  "scheme-removed",
  "scheme-apply",
  "scheme-key",
  "scheme-calls",
  "scheme-lifetime",
  "scheme-refresh-token",
  "scheme-rejected",
  "scheme-other",
  "lifecycle-unreadable",
  "comparison-cut",
] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One change, found by comparing; its place in the text is looked up at the end. */
export interface Finding {
  readonly kind: ChangeKind;
  readonly impact: Impact;
  /** What has changed, as a sentence without a full stop whose subject is in it. */
  readonly message: string;
  /** Leads into the present document, or to the nearest that is left of what is gone. */
  readonly pointer: string;
  readonly part?: "key" | "value";
  /** Leads into the earlier document, to what is gone: what many operations shared there is told once. */
  readonly was?: string;
}

/** A change of an API, with its place and with everything that it concerns. */
export interface Change extends Omit<Finding, "part" | "was">, Place {
  /**
   * The operations concerned, by the names of their methods, in the order of the document, then webhooks, as `webhook newPet`;
   * none when it is the whole API.
   */
  readonly operations: readonly string[];
}

/** The worst impact among changes; `undefined` when there is none. */
export function worst(changes: readonly { readonly impact: Impact }[]): Impact | undefined {
  return IMPACTS.find((impact) => changes.some((change) => change.impact === impact));
}
