/** What the sandbox was asked, kept in a form in which nothing is secret. */

import { createHash } from "node:crypto";
import type { TokenRole } from "../lifecycle/contract.js";

/**
 * One request, in the order of arrival. Values of headers, bodies, paths and queries are not kept, except as
 * {@link digest}s of what the document says is presented.
 */
export interface RequestRecord {
  readonly api?: string;
  /** Left out when the path belongs to no operation. */
  readonly operationId?: string;
  readonly method: string;
  /** The path *template*: a path itself may hold a secret. */
  readonly path?: string;
  /** When it arrived, in milliseconds since 1970 by the sandbox's clock. */
  readonly at: number;
  /** Left out while, and when, nothing was answered. */
  readonly status?: number;
  /** For a token call: what it does in the lifecycle of which scheme. */
  readonly role?: TokenRole;
  readonly scheme?: string;
  /** The id of the account on whose behalf it was made, once that is known. */
  readonly account?: string;
  /** Which access token of its grant was presented or, for a token call, handed out: 1 for the first. */
  readonly generation?: number;
  /** The names of its headers, in lower case. */
  readonly headers: readonly string[];
  /** Digests of what was presented: inputs by name (`clientSecret`), tokens by scheme and output (`userKey.refreshToken`). */
  readonly secrets: Readonly<Record<string, string>>;
  /** Digests of the tokens that the answer carried, by output. */
  readonly issued: Readonly<Record<string, string>>;
  /** The members of its body that the document knows. */
  readonly members: readonly string[];
  /** What is wrong with it by the document, when it was answered with 400 for that. */
  readonly problems?: readonly string[];
}

/** A record while its request is under way. */
export type OpenRecord = { -readonly [Member in keyof RequestRecord]: RequestRecord[Member] };

/** The first twelve hexadecimal digits of a value's SHA-256: enough to tell two secrets apart, and no way back to them. */
export function digest(value: unknown): string {
  return createHash("sha256").update(String(value)).digest("hex").slice(0, 12);
}
