/**
 * Everything that can go wrong with a token, as a closed set of codes. The message may change, a code may not.
 *
 * | code | what happened | what to do |
 * | --- | --- | --- |
 * | `missing-input` | no alternative of the operation's security has all its inputs | hand in the inputs that are named |
 * | `unfit-value` | an input or a token has characters that cannot stand in a header | correct it; it is not repeated here |
 * | `input-failed` | a function given as an input threw | mend that function; its error is not repeated here |
 * | `credentials-rejected` | the service refused the credentials behind the token | correct them, then `with` them or `renew`; until then nothing is sent again |
 * | `challenge` | a person must act first (`challenge` says what the service asks) | hand in `onChallenge`, or the further inputs |
 * | `renewal-failed` | the service refused the renewal for another reason | read `status`; the documented error says why |
 * | `unavailable` | the token endpoint could not be reached, was too slow, or was not able to answer | try again later |
 * | `answer-lost` | the answer to a refresh was lost, and the document names no way to mend that | hand in a new `initial` output, or credentials to obtain a token |
 * | `revoked` | the grant was revoked, or its record removed, while it was renewed | nothing: the new token was ended too |
 * | `unexpected-answer` | a successful answer held no token where the document says it stands | correct the document's `outputs`, or tell the service |
 * | `store-failed` | the token store could not be read or written | mend the store; no token was dropped |
 * | `origin-refused` | the request would carry credentials to another origin, or over plain http | use one of the document's servers, or `baseUrl` |
 * | `redirect-refused` | the runtime hides where a redirect leads, so it cannot be followed safely | call the final address |
 * | `closed` | the client has been closed | create another one |
 */
export type TokenErrorCode =
  | "missing-input"
  | "unfit-value"
  | "input-failed"
  | "credentials-rejected"
  | "challenge"
  | "renewal-failed"
  | "unavailable"
  | "answer-lost"
  | "revoked"
  | "unexpected-answer"
  | "store-failed"
  | "origin-refused"
  | "redirect-refused"
  | "closed";

export interface TokenErrorDetails {
  /** The security scheme whose token or credentials failed. */
  readonly scheme?: string | undefined;
  /** The operation that failed: a token call, or the one that could not be sent. */
  readonly operationId?: string | undefined;
  /** The status that the service answered with, if it answered. */
  readonly status?: number | undefined;
  /** The system's code of a failed connection, such as `ECONNREFUSED`. */
  readonly reason?: string | undefined;
}

/**
 * A token could not be had, kept or presented. It says which scheme and operation, and what to do next; it never holds a
 * token, an input or a response body, except in {@link TokenError.challenge}, which neither `inspect` nor JSON shows.
 */
export class TokenError extends Error implements TokenErrorDetails {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;
  declare readonly scheme?: string;
  declare readonly operationId?: string;
  declare readonly status?: number;
  declare readonly reason?: string;
  readonly #challenge: unknown;

  constructor(code: TokenErrorCode, message: string, details: TokenErrorDetails = {}, challenge?: unknown) {
    super(message);
    this.code = code;
    for (const [name, value] of Object.entries(details)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
    this.#challenge = challenge;
  }

  /** What the service asked a person to do, when `code` is `challenge`: the same object that `onChallenge` receives. */
  get challenge(): unknown {
    return this.#challenge;
  }
}
