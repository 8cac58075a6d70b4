import type { TokenErrorCode } from "./errors.js";
import type { RenewalRole } from "./lifecycle/contract.js";

/** Why a renewal was started. */
export type RenewalReason = "missing" | "expiring" | "rejected" | "asked";

/** What happened to a token. No event holds a token, an input or a body. */
export type TokenEvent =
  | {
      readonly type: "token-renewed";
      readonly scheme: string;
      /** Counts the access tokens of the slot, from 1. */
      readonly generation: number;
      readonly reason: RenewalReason;
      /** The call that brought the access token. */
      readonly by: RenewalRole;
      readonly operationId: string;
      /** Whether another refresh token came with it. */
      readonly rotated: boolean;
      /** How long it took, in milliseconds, the time in the queue among them. */
      readonly durationMs: number;
      /** Milliseconds since 1970; `null` when it never ends, absent when nobody says. */
      readonly expiresAt?: number | null;
      readonly usesLeft?: number;
    }
  /** Another holder has renewed: its token is used. */
  | { readonly type: "token-adopted"; readonly scheme: string; readonly generation: number; readonly durationMs: number }
  /** The answer to a refresh was lost; `next` says what the document allows to be done. */
  | { readonly type: "answer-lost"; readonly scheme: string; readonly operationId: string; readonly next: string }
  /** The store did not take a new token: it is served from memory, and written as soon as the store takes it. */
  | { readonly type: "save-failed"; readonly scheme: string; readonly generation: number }
  /** The store has taken a token that it had not taken at first. */
  | { readonly type: "saved"; readonly scheme: string; readonly generation: number }
  | {
      readonly type: "renewal-failed";
      readonly scheme: string;
      readonly reason: RenewalReason;
      readonly code: TokenErrorCode;
      readonly operationId?: string;
      readonly status?: number;
      /** How long it took, in milliseconds, the time in the queue among them. */
      readonly durationMs: number;
      /** Whether the old access token is still good, so that no caller notices. */
      readonly held: boolean;
    }
  | {
      readonly type: "token-rejected";
      readonly scheme: string;
      readonly generation: number;
      readonly operationId: string;
      readonly status: number;
      /** Whether this was the answer to a replay: then it is the caller's. */
      readonly replayed: boolean;
    }
  | { readonly type: "credentials-rejected"; readonly scheme: string; readonly operationId: string; readonly status: number }
  | { readonly type: "replayed"; readonly operationId: string; readonly scheme: string; readonly generation: number }
  | { readonly type: "recovered"; readonly scheme: string; readonly operationId: string; readonly changed: boolean }
  | {
      readonly type: "challenge";
      readonly scheme: string;
      readonly operationId: string;
      readonly status: number;
      /** Counts from 1 within one renewal. */
      readonly attempt: number;
    }
  | { readonly type: "revoked"; readonly scheme: string; readonly operationId: string; readonly ended: readonly string[] };

/** Hears of every event. What it throws is ignored: a listener never breaks a call. */
export type TokenEventListener = (event: TokenEvent) => void;
