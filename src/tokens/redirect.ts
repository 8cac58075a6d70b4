/** Where credentials may go: the document's servers, over https or on this machine, and along no redirect elsewhere. */

import { TokenError } from "../errors.js";
import { deleteHeader } from "../wire/headers.js";
import type { Engine } from "./engine.js";
import type { Following } from "./follow.js";
import { letGo } from "./read.js";

const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

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

/**
 * Whether a response leads elsewhere.
 *
 * @throws {TokenError} `redirect-refused` where the runtime does not tell where a redirect leads, as browsers do.
 */
export function isRedirect({ status, type }: Response, operationId: string): boolean {
  if (type === "opaqueredirect") {
    const message = `${operationId} was redirected, and this runtime does not say where to; call the final address`;
    throw new TokenError("redirect-refused", message, { operationId });
  }
  return REDIRECT_STATUSES.includes(status);
}

/** What the way is lent, rather than that it imports it: a bundler then parts nothing else from what is loaded at first. */
const LENT = { deleteHeader, isRedirect, letGo } as const;
export type Lent = typeof LENT;

/** Goes where a response leads (`follow.ts`, which the first redirect loads). */
export async function followRedirects(following: Following): Promise<Response> {
  const { follow } = await import("./follow.js");
  return follow(following, LENT);
}
