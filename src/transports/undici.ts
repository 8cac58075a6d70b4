/** Requests by undici, without `fetch` in between: for Node, under the same client and at a fraction of the cost. */

import * as library from "undici";
import type { Transport, WireRequest } from "../transport.js";
import { Exchange, Waiting } from "./exchange.js";
import { checkMethod, dropBody, headersOf, outgoingBody } from "./outgoing.js";
import { guardPaused } from "./paused.js";
import { targetReader } from "./target.js";

/** Connections of another owner, or how to make one's own. */
export type UndiciOptions =
  | {
      /**
       * An `Agent`, a `ProxyAgent`, whatever dispatches. Closing it is its owner's. A `Pool` or a `Client` sends every request
       * to its own origin, wherever the request says that it goes: hand one in only for an API that has one origin.
       */
      readonly dispatcher: library.Dispatcher;
    }
  | (library.Agent.Options & { readonly dispatcher?: undefined });

/**
 * A transport of its own connections, by the `undici` package.
 *
 * @param options What undici's `Agent` takes: `connections` (for each origin; default: as many as are needed), `allowH2` (default:
 * false), `headersTimeout` and `bodyTimeout` (milliseconds; default: 300,000), `keepAliveTimeout` (milliseconds; default:
 * 4,000), `connect` (TLS, time-out, unix socket) and the rest. Or a `dispatcher`.
 * @throws {TypeError} where the package is not the real one, as in Bun.
 * @see docs/transports.md for what differs from `fetch`.
 */
export function undici(options: UndiciOptions = {}): Transport {
  const own = options.dispatcher === undefined ? agentOf(options) : undefined;
  const dispatcher = options.dispatcher ?? own!;
  if (typeof dispatcher.dispatch !== "function") throw unavailable();
  guardPaused();
  const targetOf = targetReader();
  const waiting = new Waiting();
  return {
    send: (request) => new Promise((resolve, reject) => send(request, resolve, reject)),
    async close() {
      waiting.close();
      await own?.close();
    },
  };

  function send(request: WireRequest, resolve: (response: Response) => void, reject: (reason: unknown) => void): void {
    const { method, headers, body, signal } = request;
    const { origin, path, url } = targetOf(request.url);
    checkMethod(request);
    if (signal?.aborted) {
      dropBody(request, signal.reason);
      reject(signal.reason);
      return;
    }
    const outgoing = body === undefined ? undefined : outgoingBody(body);
    const exchange = new Exchange({ request, url, dropBody: outgoing?.drop }, waiting, resolve, reject);
    const sent = {
      origin,
      path,
      method,
      headers: headersOf(headers, origin.startsWith("https:"), outgoing?.type),
      body: outgoing?.body ?? null,
    };
    // The types of undici name fewer bodies than it sends.
    dispatcher.dispatch(sent as library.Dispatcher.DispatchOptions, exchange as library.Dispatcher.DispatchHandler);
  }
}

function agentOf(options: library.Agent.Options): library.Agent {
  // Bun has a module of this name whose classes do nothing.
  if ("Bun" in globalThis || typeof library.Agent !== "function") throw unavailable();
  return new library.Agent(options);
}

function unavailable(): TypeError {
  return new TypeError("the undici package of this runtime cannot dispatch requests; leave `transport` out, and fetch is used");
}
