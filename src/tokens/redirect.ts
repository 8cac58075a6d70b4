/** Where credentials may go: the document's servers, over https or on this machine, and along no redirect elsewhere. */

import { TokenError } from "../errors.js";
import type { Credential, Engine } from "./engine.js";

/** As many as the Fetch standard follows. */
const MOST_REDIRECTS = 20;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** Headers of the caller's own that are bound to an origin. */
const BOUND_HEADERS = ["authorization", "cookie", "proxy-authorization"];
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type", "content-length"];

/**
 * @throws {TokenError} `origin-refused` when a request with credentials would leave the document's servers, or this machine
 * in clear.
 */
export function guardOrigin(target: string, { origins }: Engine, operationId: string): void {
  const { protocol, hostname, origin } = new URL(target);
  if (!origins.has(origin)) {
    const message = `${operationId} would carry credentials to ${origin}, which is not one of ${[...origins].join(", ")}`;
    throw new TokenError("origin-refused", message, { operationId });
  }
  if (protocol !== "https:" && !LOOPBACK.test(hostname)) {
    const message = `${operationId} would carry credentials to ${origin} in clear; use https`;
    throw new TokenError("origin-refused", message, { operationId });
  }
}

interface Following {
  readonly operationId: string;
  /** With its credentials on, and made not to follow redirects itself. */
  readonly request: Request;
  /** The same request before its credentials, or nothing when its body cannot be sent twice. */
  readonly spare: Request | undefined;
  readonly credentials: readonly Credential[];
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Sends a request and follows its redirects as the Fetch standard does, except that every credential stays behind at another
 * origin (the standard drops `Authorization` alone), and that a body is never carried to one.
 *
 * @throws {TokenError} `redirect-refused` where the runtime does not tell where a redirect leads, as browsers do.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export async function followRedirects({ operationId, request, spare, credentials, fetch }: Following): Promise<Response> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const headers = new Headers(current.headers);
    const { url, method, signal } = current;
    const response = await fetch(current);
    if (response.type === "opaqueredirect") {
      const message = `${operationId} was redirected, and this runtime does not say where to; call the final address`;
      throw new TokenError("redirect-refused", message, { operationId });
    }
    const location = response.headers.get("location");
    if (location === null || !REDIRECT_STATUSES.includes(response.status)) return response;
    if (redirects === MOST_REDIRECTS) throw new TypeError(`${operationId} was redirected more than ${MOST_REDIRECTS} times`);

    const next = new URL(location, url);
    const elsewhere = next.origin !== new URL(url).origin;
    const becomesGet = response.status === 303 ? method !== "HEAD" : response.status < 303 && method === "POST";
    const body = becomesGet || spare?.body === null ? undefined : await spare?.clone().arrayBuffer();
    if (!becomesGet && spare?.body !== null && (elsewhere || body === undefined)) return response;
    if (becomesGet) for (const name of BODY_HEADERS) headers.delete(name);
    if (elsewhere) for (const name of [...BOUND_HEADERS, ...headerNames(credentials)]) headers.delete(name);
    await response.body?.cancel();
    current = new Request(next, {
      method: becomesGet ? "GET" : method,
      headers,
      signal,
      redirect: "manual",
      ...(body && { body }),
    });
  }
}

function headerNames(credentials: readonly Credential[]): string[] {
  return credentials.filter((credential) => credential.in === "header").map(({ name }) => name);
}
