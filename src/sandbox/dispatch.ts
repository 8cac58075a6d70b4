/** Every request's first stop: which document it is for, and which operation of it. */

import { type Answer, problem } from "./answers.js";
import type { Api } from "./api.js";
import { exchange, type Outcome } from "./exchange.js";
import type { OpenRecord } from "./record.js";
import { readCookies } from "./request.js";
import type { Incoming } from "./server.js";

export interface DispatchOptions {
  readonly apis: readonly Api[];
  /** Where each request is written down, in order of arrival. */
  readonly requests: OpenRecord[];
  /** How many of them, the latest. */
  readonly remember: number;
  now(): number;
  readonly onRequest?: ((record: OpenRecord) => void) | undefined;
}

/** Makes the listener of a server that plays these documents. */
export function createDispatch({
  apis,
  requests,
  remember,
  now,
  onRequest,
}: DispatchOptions): (incoming: Incoming) => Promise<Outcome> {
  return async (incoming) => {
    const { method, headers } = incoming;
    const record: OpenRecord = { method, at: now(), headers: [...headers.keys()], secrets: {}, issued: {}, members: [] };
    requests.push(record);
    if (requests.length > remember) requests.shift();
    const outcome = await dispatch(apis, incoming, record);
    if (outcome.kind === "answer") record.status = outcome.answer.status;
    onRequest?.(record);
    return outcome;
  };
}

async function dispatch(apis: readonly Api[], incoming: Incoming, record: OpenRecord): Promise<Outcome> {
  const { method, target, headers, body, origin, wait } = incoming;
  const [path = "", ...query] = target.split("?");
  const api = apis.find(({ basePath }) => path === basePath || path.startsWith(`${basePath}/`));
  if (api === undefined) {
    const served = apis.map(({ name, basePath }) => ({ name, url: `${origin}${basePath}` }));
    return send(problem(404, "No document is served here", { served }));
  }
  record.api = api.name;
  const route = api.route(method, path.slice(api.basePath.length) || "/");
  switch (route.kind) {
    case "unknown-path":
      return send(problem(404, "The document has no such path"));
    case "malformed-path":
      return send(problem(400, "The path is not well encoded"));
    case "wrong-method":
      return send({ ...problem(405, "The path has no such method"), headers: { Allow: route.allow.join(", ") } });
    case "found": {
      if (body === undefined) return send(problem(413, "The body is too large"));
      const request = {
        method,
        url: `${origin}${target}`,
        path: route.parameters,
        query: new URLSearchParams(query.join("?")),
        headers,
        cookies: readCookies(headers.get("cookie")),
      };
      const contentType = headers.get("content-type") ?? undefined;
      return exchange({ api, operation: route.operation, request, body: { bytes: body, contentType }, record, wait });
    }
  }
}

function send(answer: Answer): Outcome {
  return { kind: "answer", answer };
}
