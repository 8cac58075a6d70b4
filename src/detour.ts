/** The way through openapi-fetch, with a `Request` for its middleware to see: what `use` registers keeps its exact meaning. */

import openapiFetch, { type Client as OpenapiFetchClient } from "openapi-fetch";
import type { Detour } from "./call.js";
import type { Caller } from "./tokens/engine.js";
import { fetchTransport, type Transport } from "./transport.js";
import { type Result, readAnswer, statusLine } from "./wire/answer.js";
import { isReplayable } from "./wire/body.js";
import { type Init, pairsOf } from "./wire/request.js";

type Middleware = Parameters<OpenapiFetchClient<Record<string, never>>["use"]>[number];
type Fetch = (request: Request) => Promise<Response>;

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

/** A detour, and what openapi-fetch's clients have to make it needed. */
export interface Middlewares extends Detour {
  use(...middleware: Middleware[]): void;
  eject(...middleware: Middleware[]): void;
}

/** @param fetch what requests are sent by where no transport was handed in: it gets what `fetch` alone knows. */
export function detourOf(baseUrl: string, fetch: Fetch | undefined): Middlewares {
  const openapi = openapiFetch<Record<string, never>>({ baseUrl });
  const request = openapi.request as unknown as (method: string, path: string, init: object) => Promise<Result>;
  const registered: Middleware[] = [];
  return {
    use(...middleware) {
      openapi.use(...middleware);
      registered.push(...middleware.filter(Boolean));
    },
    eject(...middleware) {
      openapi.eject(...middleware);
      for (const one of middleware) if (registered.includes(one)) registered.splice(registered.indexOf(one), 1);
    },
    isNeeded(init) {
      if (registered.length > 0) return true;
      for (const name in init) if (!OWN.has(name)) return true;
      return false;
    },
    async call(operationId, init, caller) {
      const { operation, method, write } = caller.engine.compiled(operationId);
      const { params = {}, parseAs } = init;
      const written = write(init);
      const query = written.url.indexOf("?");
      const { body } = written;
      const replayable = isReplayable(body);
      const { fetch: ownFetch, ...own } = init as Init & { readonly fetch?: Fetch };
      const result = await request(method, operation.path, {
        ...own,
        params: {
          ...params,
          path: params.path ?? {},
          ...(params.header && { header: writtenOf(params.header, written.headers) }),
        },
        headers: recordOf(written.headers, body !== undefined),
        parseAs: parseAs ?? (operation.answers === undefined ? "json" : "stream"),
        pathSerializer: () => (query < 0 ? written.url : written.url.slice(0, query)),
        querySerializer: () => (query < 0 ? "" : written.url.slice(query + 1)),
        bodySerializer: () => body,
        redirect: written.redirect,
        ...(!replayable && { duplex: "half" }),
        fetch: (request: Request) => send(request, operationId, init, caller, ownFetch ?? fetch, replayable),
      }).catch((error: unknown) => {
        // A parser's message quotes the body, which may hold a token.
        if (error instanceof SyntaxError)
          throw new SyntaxError(`${operationId} succeeded with a body that is not JSON; ask for it with parseAs`);
        throw error;
      });
      const { response } = result;
      if (!response.ok) return result.error ? result : { error: statusLine(response), response };
      const isRead = parseAs !== undefined || operation.answers === undefined;
      return isRead ? result : readAnswer({ response }, operationId, method, parseAs, operation.answers);
    },
  };
}

async function send(
  request: Request,
  operationId: string,
  init: Init,
  caller: Caller,
  fetch: Fetch | undefined,
  replayable: boolean,
): Promise<Response> {
  const { method, url, headers, signal, redirect, body } = request;
  const { response } = await caller.engine.send({
    request: {
      operationId,
      method,
      url: url.split("#")[0]!,
      headers: [...headers].flat(),
      body: body === null ? undefined : replayable ? await request.arrayBuffer() : body,
      signal,
      redirect: redirect === "error" ? "error" : "manual",
    },
    caller,
    replayable,
    follow: init.redirect === undefined || init.redirect === "follow",
    readsText: false,
    ...(fetch && { transport: alike(request, init, fetch) }),
  });
  return response;
}

/** Sends by `fetch` with what the caller, or a middleware, has said to it alone: `cache`, `credentials` and the like. */
function alike(request: Request, init: Init, fetch: Fetch): Transport {
  const { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy } = request;
  const further = Object.fromEntries(Object.entries(init).filter(([name]) => !OWN.has(name) && name !== "fetch"));
  const known: RequestInit = { cache, credentials, integrity, keepalive, referrer, referrerPolicy, ...further };
  if (mode !== "navigate") known.mode = mode;
  return fetchTransport((plain) => {
    const made = new Request(plain, known);
    for (const [name, value] of Object.entries(further)) {
      if (!(name in made)) Object.defineProperty(made, name, { value, configurable: true, enumerable: true, writable: true });
    }
    return fetch(made);
  });
}

/** Headers as openapi-fetch merges them; without a media type of ours it would make one up. */
function recordOf(headers: readonly string[], hasBody: boolean): Record<string, string | string[] | null> {
  const record: Record<string, string | string[] | null> = hasBody ? { "content-type": null } : {};
  for (const [name, value] of pairsOf(headers)) {
    const key = name.toLowerCase();
    const before = record[key];
    record[key] = typeof before === "string" || Array.isArray(before) ? [before, value].flat() : value;
  }
  return record;
}

/** The parameters in the header as they are sent: openapi-fetch puts them over the headers once more. */
function writtenOf(values: Readonly<Record<string, unknown>>, headers: readonly string[]): Record<string, string> {
  const names = new Set(Object.keys(values).map((name) => name.toLowerCase()));
  const written = pairsOf(headers).filter(([name]) => names.has(name.toLowerCase()));
  return Object.fromEntries(written);
}
