/**
 * The way through openapi-fetch, with a `Request` for its middleware to see. It is loaded when a call first takes it
 * (`detour.ts`), so that whoever registers no middleware loads none of this.
 */

import openapiFetch, { createQuerySerializer } from "openapi-fetch";
import type { Fetch, Further, Lent, Through } from "./detour.js";
import type { Caller } from "./tokens/engine.js";
import type { Transport } from "./transport.js";
import type { Result } from "./wire/answer.js";
import type { Init } from "./wire/request.js";

/** @param fetch what requests are sent by where no transport was handed in: it gets what `fetch` alone knows. */
export function throughOpenapiFetch(baseUrl: string, fetch: Fetch | undefined, lent: Lent): Through {
  const { isReplayable, readAnswer, statusLine, pairsOf } = lent;
  const openapi = openapiFetch<Record<string, never>>({ baseUrl });
  const request = openapi.request as unknown as (method: string, path: string, init: object) => Promise<Result>;
  return async (operationId, stated, caller, { fetch: ownFetch, middleware = [], ...further }) => {
    const { compiled, features } = caller.engine;
    const { operation, method, write } = compiled(operationId);
    const { params = {}, parseAs, querySerializer } = stated;
    const init =
      typeof querySerializer === "object" ? { ...stated, querySerializer: createQuerySerializer(querySerializer) } : stated;
    const written = write(init);
    const query = written.url.indexOf("?");
    const { body } = written;
    const headers = pairsOf(written.headers);
    const replayable = isReplayable(body);
    const result = await request(method, operation.path, {
      ...init,
      middleware,
      params: {
        ...params,
        path: params.path ?? {},
        ...(params.header && { header: writtenOf(params.header, headers) }),
      },
      headers: recordOf(headers, body !== undefined),
      parseAs: parseAs ?? (operation.answers === undefined ? "json" : "stream"),
      pathSerializer: () => (query < 0 ? written.url : written.url.slice(0, query)),
      querySerializer: () => (query < 0 ? "" : written.url.slice(query + 1)),
      bodySerializer: () => body,
      redirect: written.redirect,
      ...(!replayable && { duplex: "half" }),
      fetch: (request: Request) => {
        const own = ownFetch ?? fetch;
        const transport = own && alike(request, further, own, lent);
        return send(request, operationId, init, caller, transport, replayable);
      },
    }).catch((error: unknown) => {
      // A parser's message quotes the body, which may hold a token.
      if (error instanceof SyntaxError)
        throw new SyntaxError(`${operationId} succeeded with a body that is not JSON; ask for it with parseAs`);
      throw error;
    });
    const { response } = result;
    if (!response.ok) return result.error ? result : { error: statusLine(response), response };
    const isRead = parseAs !== undefined || operation.answers === undefined;
    return isRead ? result : readAnswer({ response }, operationId, method, parseAs, operation, features.streams);
  };
}

async function send(
  request: Request,
  operationId: string,
  init: Init,
  caller: Caller,
  transport: Transport | undefined,
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
    ...(transport && { transport }),
  });
  return response;
}

/** Sends by `fetch` with what the caller, or a middleware, has said to it alone: `cache`, `credentials` and the like. */
function alike(request: Request, further: Further, fetch: Fetch, { fetchTransport }: Lent): Transport {
  const { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy } = request;
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
function recordOf(headers: readonly [string, string][], hasBody: boolean): Record<string, string | string[] | null> {
  const record: Record<string, string | string[] | null> = hasBody ? { "content-type": null } : {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = record[key];
    record[key] = typeof before === "string" || Array.isArray(before) ? [before, value].flat() : value;
  }
  return record;
}

/** The parameters in the header as they are sent: openapi-fetch puts them over the headers once more. */
function writtenOf(values: Readonly<Record<string, unknown>>, headers: readonly [string, string][]): Record<string, string> {
  const names = new Set(Object.keys(values).map((name) => name.toLowerCase()));
  return Object.fromEntries(headers.filter(([name]) => names.has(name.toLowerCase())));
}
