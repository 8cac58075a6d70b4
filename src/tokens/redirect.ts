/** Where credentials may go: the document's servers, over https or on this machine, and along no redirect elsewhere. */

import { TokenError } from "../errors.js";
import type { Transport, WireRequest } from "../transport.js";
import { deleteHeader, type HeaderList } from "../wire/headers.js";
import type { Credential, Engine } from "./engine.js";
import { letGo } from "./read.js";

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
export function guardOrigin(target: string, engine: Engine, operationId: string): void {
  let home = homes.get(engine);
  if (home !== undefined && target.startsWith(home)) return;
  const { protocol, hostname, origin } = new URL(target);
  if (!engine.origins.has(origin)) {
    const message = `${operationId} would carry credentials to ${origin}, which is not one of ${[...engine.origins].join(", ")}`;
    throw new TokenError("origin-refused", message, { operationId });
  }
  if (protocol !== "https:" && !LOOPBACK.test(hostname)) {
    const message = `${operationId} would carry credentials to ${origin} in clear; use https`;
    throw new TokenError("origin-refused", message, { operationId });
  }
  home = `${origin}/`;
  if (engine.address.startsWith(home) || engine.address === origin) homes.set(engine, home);
}

/** The origin of a family's own address, with the slash that ends it, once it has been found to be allowed. */
const homes = new WeakMap<Engine, string>();

/** Whether a response leads elsewhere, or might: some runtimes do not tell. */
export function isRedirect({ status, type }: Response): boolean {
  return REDIRECT_STATUSES.includes(status) || type === "opaqueredirect";
}

interface Following {
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
export async function followRedirects({ request, response, replayable, credentials, transport }: Following): Promise<Response> {
  const { operationId } = request;
  let current = request;
  let answer = response;
  for (let redirects = 0; ; redirects += 1) {
    if (answer.type === "opaqueredirect") {
      const message = `${operationId} was redirected, and this runtime does not say where to; call the final address`;
      throw new TokenError("redirect-refused", message, { operationId });
    }
    const { status } = answer;
    const location = answer.headers.get("location");
    if (location === null || !REDIRECT_STATUSES.includes(status)) return answer;
    if (redirects === MOST_REDIRECTS) throw new TypeError(`${operationId} was redirected more than ${MOST_REDIRECTS} times`);

    const { url, method, body } = current;
    const next = destination(location, url, operationId);
    const elsewhere = next.origin !== new URL(url).origin;
    const becomesGet = status === 303 ? method !== "HEAD" : status < 303 && method === "POST";
    if (!becomesGet && body !== undefined && (elsewhere || !replayable)) return answer;
    const headers: HeaderList = current.headers.slice();
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
