/**
 * The way along a redirect. It is loaded when a service first redirects (`redirect.ts`): few do, and in a browser nobody may
 * see where to.
 */

import type { Transport, WireRequest } from "../transport.js";
import type { Credential } from "./engine.js";
import type { Lent } from "./redirect.js";

/** As many as the Fetch standard follows. */
const MOST_REDIRECTS = 20;
/** Headers of the caller's own that are bound to an origin. */
const BOUND_HEADERS = ["authorization", "cookie", "proxy-authorization"];
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type", "content-length"];

export interface Following {
  /** With its credentials on. */
  readonly request: WireRequest;
  /** What it was answered. */
  readonly response: Response;
  /** Whether its body can be sent again. */
  readonly replayable: boolean;
  readonly credentials: readonly Credential[];
  readonly transport: Transport;
}

/**
 * Follows the redirects of a request as the Fetch standard does, except that every credential stays behind at another origin
 * (the standard drops `Authorization` alone), and that a body is never carried to one.
 *
 * @throws {TokenError} `redirect-refused` where the runtime does not tell where a redirect leads, as browsers do.
 * @throws {TypeError} when a redirect leads to what is no address of the web, or redirects have no end.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export async function follow(
  { request, response, replayable, credentials, transport }: Following,
  { deleteHeader, isRedirect, letGo }: Lent,
): Promise<Response> {
  const { operationId } = request;
  let current = request;
  let answer = response;
  for (let redirects = 0; ; redirects += 1) {
    const location = isRedirect(answer, operationId) ? answer.headers.get("location") : null;
    if (location === null) return answer;
    if (redirects === MOST_REDIRECTS) throw new TypeError(`${operationId} was redirected more than ${MOST_REDIRECTS} times`);

    const { status } = answer;
    const { url, method, body } = current;
    const next = destination(location, url, operationId);
    const elsewhere = next.origin !== new URL(url).origin;
    const becomesGet = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
    if (!becomesGet && body !== undefined && (elsewhere || !replayable)) return answer;
    const headers = current.headers.slice();
    if (becomesGet) for (const name of BODY_HEADERS) deleteHeader(headers, name);
    if (elsewhere) for (const name of [...BOUND_HEADERS, ...headerNames(credentials)]) deleteHeader(headers, name);
    await letGo(answer);
    const kept = becomesGet ? { method: "GET", body: undefined } : {};
    current = { ...current, ...kept, url: next.href, headers };
    answer = await transport.send(current);
  }
}

/** The platform's own error would hold the address that was called, and with it what its query bears. */
function destination(location: string, url: string, operationId: string): URL {
  const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
  // Some runtimes read `file:`, and `data:` is whatever the service likes; a user in an address is a credential.
  if (next === undefined || !/^https?:$/.test(next.protocol) || next.username !== "" || next.password !== "") {
    throw new TypeError(`${operationId} was redirected to what is no address of http or https`);
  }
  next.hash = "";
  return next;
}

function headerNames(credentials: readonly Credential[]): string[] {
  return credentials.filter((credential) => credential.in === "header").map(({ name }) => name);
}
