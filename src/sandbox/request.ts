/** A request as the document sees it: what was presented where. */

import type { Apply, Parameter } from "../lifecycle/contract.js";

export interface SandboxRequest {
  readonly method: string;
  readonly url: string;
  /** Decoded. */
  readonly path: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly cookies: ReadonlyMap<string, string>;
  /** Parsed when its media type is JSON or a form; left out when there is none. */
  readonly body?: unknown;
}

/** What was presented in a place of a request; `undefined` when nothing was. */
export function presentedAt(request: SandboxRequest, place: Pick<Apply | Parameter, "in" | "name">): string | undefined {
  switch (place.in) {
    case "path":
      return request.path.get(place.name);
    case "query":
      return request.query.get(place.name) ?? undefined;
    case "header":
      return request.headers.get(place.name) ?? undefined;
    case "cookie":
      return request.cookies.get(place.name);
  }
}

/** The cookies of a request, by name. RFC 6265 section 4.2. */
export function readCookies(header: string | null): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const [name = "", ...value] = pair.split("=");
    if (value.length > 0 && !cookies.has(name.trim())) cookies.set(name.trim(), value.join("=").trim());
  }
  return cookies;
}
