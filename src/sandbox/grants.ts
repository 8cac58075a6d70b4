/** The tokens that the sandbox has handed out, and what has become of them. */

import type { Account } from "./accounts.js";

/** One authorisation: what a login or an exchange began, and what its refreshes go on with. */
export interface Grant {
  /** The schemes whose token calls look the same, so that one answer serves them all; the first is the one it is named by. */
  readonly schemes: readonly string[];
  readonly slot: string;
  readonly account: Account;
  readonly startedAt: number;
  /** The newest token of each output. */
  readonly tokens: Map<string, Token>;
  /** Every token that it ever had. */
  readonly history: Token[];
  refreshes: number;
  rotatesNext: boolean;
  isRevoked: boolean;
}

export interface Token {
  readonly value: string;
  readonly output: string;
  readonly grant: Grant;
  /** 1 for the first of its output in its grant. */
  readonly generation: number;
  /** In milliseconds since 1970; `null` when it never ends. */
  expiresAt: number | null;
  /** The end that an unused token comes to; `null` when it does not. */
  idleUntil: number | null;
  usesLeft: number | null;
  /** When another took its place. */
  replacedAt: number | null;
  isRevoked: boolean;
}

/** What a token starts with. */
export interface TokenTerms {
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly idleUntil?: number | null;
  readonly usesLeft?: number | null;
}

/** Every grant and token of one API. Tokens are found by their value, so that thousands of grants cost nothing. */
export interface Ledger {
  start(grant: Pick<Grant, "schemes" | "slot" | "account" | "startedAt">): Grant;
  /** Adds a token, which takes the place of the one before it. */
  issue(grant: Grant, output: string, value: string, terms: TokenTerms): Token;
  find(value: unknown): Token | undefined;
  /** The newest grant of a slot that has not been revoked. */
  newest(slot: string): Grant | undefined;
  grants(): Iterable<Grant>;
  /** Every token value that was ever handed out. */
  values(): Iterable<string>;
  /** A value that one step of a chain gave and the next has to bring. */
  readonly tickets: Map<string, Ticket>;
  clear(): void;
}

export interface Ticket {
  readonly expression: string;
  readonly account: Account;
}

export function createLedger(): Ledger {
  const byValue = new Map<string, Token>();
  const bySlot = new Map<string, Grant[]>();
  const tickets = new Map<string, Ticket>();
  return {
    start(stated) {
      const grant: Grant = { ...stated, tokens: new Map(), history: [], refreshes: 0, rotatesNext: false, isRevoked: false };
      const known = bySlot.get(grant.slot);
      if (known === undefined) bySlot.set(grant.slot, [grant]);
      else known.push(grant);
      return grant;
    },
    issue(grant, output, value, { issuedAt, expiresAt, idleUntil = null, usesLeft = null }) {
      const previous = grant.tokens.get(output);
      if (previous !== undefined) previous.replacedAt = issuedAt;
      const token: Token = {
        value,
        output,
        grant,
        generation: (previous?.generation ?? 0) + 1,
        expiresAt,
        idleUntil,
        usesLeft,
        replacedAt: null,
        isRevoked: false,
      };
      grant.tokens.set(output, token);
      grant.history.push(token);
      byValue.set(value, token);
      return token;
    },
    find: (value) => (typeof value === "string" ? byValue.get(value) : undefined),
    newest: (slot) => bySlot.get(slot)?.findLast((grant) => !grant.isRevoked),
    grants: () => [...bySlot.values()].flat(),
    values: () => byValue.keys(),
    tickets,
    clear() {
      byValue.clear();
      bySlot.clear();
      tickets.clear();
    },
  };
}

/** Whether a token would be accepted where nothing is spent by it. */
export function isLive(token: Token, now: number): boolean {
  if (token.isRevoked || token.grant.isRevoked) return false;
  return now < (token.expiresAt ?? Infinity) && now < (token.idleUntil ?? Infinity);
}

/** Ends tokens for good. A grant whose newest tokens have all been ended is over, and its older ones with it. */
export function revokeTokens(tokens: Iterable<Token>): void {
  for (const token of tokens) {
    token.isRevoked = true;
    const { grant } = token;
    grant.isRevoked ||= [...grant.tokens.values()].every(({ isRevoked }) => isRevoked);
  }
}
