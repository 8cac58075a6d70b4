/** Where a request goes: the origin to connect to, and what stands in the request line, as the Fetch standard has them. */

export interface Target {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** The two together, as a response's `url`. */
  readonly url: string;
}

/** Characters that the URL standard's parser leaves as they are, in a path and in a query. */
const PLAIN = /^[\w\-.~!$&()*+,;=:@%/?]+$/;
/** What may be a segment that the parser takes out. */
const DOT_SEGMENT = /\/(?:\.|%2e)/i;

/** @see https://fetch.spec.whatwg.org/#port-blocking */
const BLOCKED_PORTS = new Set(
  (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 " +
    "139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 " +
    "1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
  ).split(" "),
);

/** An API has one origin, or a few; more than these come from addresses that are made up, and are read again. */
const MOST_ORIGINS = 64;

/**
 * Makes a reader of addresses that knows the origins it has seen, so that an ordinary address is not parsed again for every
 * request.
 *
 * @throws {TypeError} (the reader) when an address is none, names a user, or leads where `fetch` does not go.
 */
export function targetReader(): (url: string) => Target {
  const origins = new Map<string, string>();
  return (url) => {
    const start = url.indexOf("/", url.indexOf("//") + 2);
    if (start > 0) {
      const origin = origins.get(url.slice(0, start));
      const path = url.slice(start);
      if (origin !== undefined && PLAIN.test(path) && !DOT_SEGMENT.test(path)) return { origin, path, url: origin + path };
    }
    const target = parse(url);
    if (start > 0 && origins.size < MOST_ORIGINS && isOrigin(url.slice(0, start))) {
      origins.set(url.slice(0, start), target.origin);
    }
    return target;
  };
}

function parse(url: string): Target {
  if (!URL.canParse(url)) {
    // Without the address itself, which the platform's own error has: there may be a secret in its query.
    const cause = Object.assign(new TypeError("Invalid URL"), { code: "ERR_INVALID_URL" });
    throw new TypeError("the address of the request is not a URL", { cause });
  }
  const { protocol, origin, username, password, port, pathname, search, href } = new URL(url);
  if (username !== "" || password !== "") throw new TypeError("the address of the request has a user or a password in it");
  if (protocol !== "http:" && protocol !== "https:") throw refused("unknown scheme");
  if (BLOCKED_PORTS.has(port)) throw refused("bad port");
  // The parser drops a "?" that nothing follows from `search`, not from `href`.
  const [whole = href] = href.split("#", 1);
  const path = search === "" && whole.endsWith("?") ? `${pathname}?` : pathname + search;
  return { origin, path, url: origin + path };
}

/** Whether a text is a scheme and an authority alone, and would be so in front of any path. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[\w.:[\]-]+$/i.test(text);
}

/** As `fetch` says that it will not. */
function refused(why: string): TypeError {
  return new TypeError("fetch failed", { cause: new Error(why) });
}
