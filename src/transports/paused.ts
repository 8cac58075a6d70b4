/**
 * A fault of undici 7, kept from ending the process: it asserts that no connection waits for its reader when the other side
 * ends it, and throws where nobody can catch that. As undici 8 does, what has come is let through first.
 *
 * @see https://github.com/nodejs/undici/issues/5360
 */

import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** What reads the answers of one connection, as far as it matters here. */
interface Parser {
  paused: boolean;
  /** Reads on until it is paused again. Does nothing once the socket has been destroyed. */
  resume(): void;
  readonly llhttp: { llhttp_resume(ptr: unknown): void };
  readonly ptr: unknown;
}

let isGuarding = false;

/** From now on, for every HTTP/1 connection that undici makes in this process: none of them tells whose it is. */
export function guardPaused(): void {
  if (isGuarding) return;
  isGuarding = true;
  subscribe("undici:client:connected", (message) => guard((message as { readonly socket: Socket }).socket));
}

function guard(socket: Socket): void {
  const key = Object.getOwnPropertySymbols(socket).find(({ description }) => description === "parser");
  if (key === undefined) return;
  const withPaused = (act: (parser: Parser) => void) => () => {
    const parser: Parser | null | undefined = Reflect.get(socket, key);
    if (parser?.paused) act(parser);
  };
  /** All has come but the end, which may be what ends the body. */
  const readOut = (parser: Parser) => {
    parser.resume();
    if (parser.paused) parser.llhttp.llhttp_resume(parser.ptr);
    parser.paused = false;
  };
  const giveUp = (parser: Parser) => {
    parser.paused = false;
  };
  // Before undici's own listeners.
  socket.prependListener("end", withPaused(readOut));
  socket.prependListener("error", withPaused(giveUp));
  socket.prependListener("close", withPaused(giveUp));
}
