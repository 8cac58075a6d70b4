/**
 * The hot path: one call, from its init to its data.
 *
 * With a good token at hand it runs through without waiting until the request is with the transport: parameters, path, query
 * and headers are written by concatenation, the credentials were made when the token came, and the token is looked at by one
 * clock and one compare. What follows is the answer: judged by its status, read once.
 */

import { TokenError } from "./errors.js";
import type { Caller, Engine } from "./tokens/engine.js";
import { type Result, readAnswer, readsText } from "./wire/answer.js";
import { isReplayable } from "./wire/body.js";
import { headersUnder } from "./wire/headers.js";
import type { Init } from "./wire/request.js";

/** Calls one operation, for whoever it is. */
export type Call = (init: Init | undefined, caller: Caller) => Promise<Result>;

/** The way through openapi-fetch, which is taken where a middleware is to see the request. */
export interface Detour {
  /** Whether a call has to go that way: something is registered, or its init asks for what only a `Request` has. */
  isNeeded(init: Init): boolean;
  call(operationId: string, init: Init, caller: Caller): Promise<Result>;
}

/**
 * The call of an operation. What is the same for all clients of a family is worked out here, once.
 *
 * @param common headers that each call has, unless it says otherwise.
 */
export function callOf(operationId: string, engine: Engine, detour: Detour, common: unknown): Call {
  const { operation, method, write } = engine.compiled(operationId);
  const { answers } = operation;
  const fill = operation.fill && engine.features.fill!(operationId, operation);

  return async (stated = {}, caller) => {
    if (engine.closing.signal.aborted) throw closed(operationId);
    const init = common === undefined ? stated : { ...stated, headers: headersUnder(common, stated.headers) };
    const coming = fill === undefined ? init.params : fill(init, caller);
    const params = coming instanceof Promise ? await coming : coming;
    const full = params === init.params || params === undefined ? init : { ...init, params };
    if (detour.isNeeded(full)) return detour.call(operationId, full, caller);

    const request = write(full);
    const answer = await engine.send({
      request,
      caller,
      replayable: isReplayable(request.body),
      follow: full.redirect === undefined || full.redirect === "follow",
      readsText: readsText(full.parseAs, answers),
    });
    return readAnswer(answer, operationId, method, full.parseAs, operation, engine.features.streams);
  };
}

function closed(operationId: string): TokenError {
  const message = `${operationId} was called on a client that has been closed; create another one`;
  return new TokenError("closed", message, { operationId });
}
