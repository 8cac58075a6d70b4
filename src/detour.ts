/** Which calls go through openapi-fetch: those that a middleware is to see, and those that ask for what only `fetch` knows. */

import type { Client as OpenapiFetchClient } from "openapi-fetch";
import type { Detour } from "./call.js";
import type { Caller } from "./tokens/engine.js";
import { fetchTransport } from "./transport.js";
import { type Result, readAnswer, statusLine } from "./wire/answer.js";
import { isReplayable } from "./wire/body.js";
import { pairsOf } from "./wire/headers.js";
import type { Init } from "./wire/request.js";

export type Middleware = Parameters<OpenapiFetchClient<Record<string, never>>["use"]>[number];
export type Fetch = (request: Request) => Promise<Response>;

/** What an init says beside what is written without openapi-fetch: options of openapi-fetch's own, the others are `fetch`'s. */
export interface Further {
  readonly fetch?: Fetch;
  readonly middleware?: readonly Middleware[];
  readonly [option: string]: unknown;
}

/** Sends a call through openapi-fetch. */
export type Through = (operationId: string, init: Init, caller: Caller, further: Further) => Promise<Result>;

/** What is written without openapi-fetch; anything else in an init is for it, or for `fetch`. */
const OWN: ReadonlySet<string> = new Set([
  "params",
  "headers",
  "body",
  "parseAs",
  "querySerializer",
  "bodySerializer",
  "pathSerializer",
  "baseUrl",
  "signal",
  "redirect",
]);

/** What the way is lent, rather than that it imports it: a bundler then parts nothing else from what is loaded at first. */
const LENT = { fetchTransport, isReplayable, pairsOf, readAnswer, statusLine } as const;
export type Lent = typeof LENT;

/** A detour, and what openapi-fetch's clients have to make it needed. */
export interface Middlewares extends Detour {
  use(...middleware: Middleware[]): void;
  eject(...middleware: Middleware[]): void;
}

/** @param fetch what requests are sent by where no transport was handed in: it gets what `fetch` alone knows. */
export function detourOf(baseUrl: string, fetch: Fetch | undefined): Middlewares {
  const registered: Middleware[] = [];
  let through: Through | undefined;
  const load = async () => {
    const { throughOpenapiFetch } = await import("./through-openapi-fetch.js");
    through ??= throughOpenapiFetch(baseUrl, fetch, LENT);
    return through;
  };
  return {
    use(...middleware) {
      for (const one of middleware) {
        if (!one) continue;
        if (typeof one !== "object" || !("onRequest" in one || "onResponse" in one || "onError" in one)) {
          throw new Error("a middleware is an object with `onRequest()`, `onResponse()` or `onError()`");
        }
        registered.push(one);
      }
    },
    eject(...middleware) {
      for (const one of middleware) if (registered.includes(one)) registered.splice(registered.indexOf(one), 1);
    },
    isNeeded(init) {
      if (registered.length > 0 || typeof init.querySerializer === "object") return true;
      for (const name in init) if (!OWN.has(name)) return true;
      return false;
    },
    async call(operationId, init, caller) {
      const further: Further = Object.fromEntries(Object.entries(init).filter(([name]) => !OWN.has(name)));
      const middleware = [...registered, ...(further.middleware ?? [])]; // as they are now, whatever is ejected meanwhile
      return (through ?? (await load()))(operationId, init, caller, { ...further, middleware });
    },
  };
}
