/** Files of the hosts that a configuration allows: read, and asked for again whether they are still the same. */

import { hash } from "./cache.js";
import { MAX_LENGTH } from "./spec/bounds.js";
import { SourceError } from "./spec/sources.js";
import { decodeText } from "./text.js";

export interface HostOptions {
  /** The hosts that references may lead to, such as `api.example.com` or `localhost:8080`. Default: none. */
  readonly remote?: readonly string[];
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** How long one file of a host may take, or one action of an overlay, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
  /** How many bytes one file may have. Default: 64 MB. */
  readonly maxBytes?: number;
}

type HostSettings = Required<HostOptions>;

/** What is known of a file of a host: the hash of its bytes, and by what the host tells whether it is still the same. */
export interface Remote {
  readonly hash: string;
  /** Its `ETag`, RFC 9110 section 8.8.3. */
  readonly etag?: string;
  /** Its `Last-Modified`, RFC 9110 section 8.8.2. */
  readonly modified?: string;
}

/** A file that could not be read. */
export const UNREAD: Remote = { hash: "" };

const MAX_REDIRECTS = 5;

/** The settings with those filled in that were not given. */
export function hostSettings(options: HostOptions): HostSettings {
  const { remote = [], fetch = globalThis.fetch, timeoutMs = 10_000, maxBytes = MAX_LENGTH } = options;
  return { remote, fetch, timeoutMs, maxBytes };
}

/** @throws {SourceError} when it cannot be read. */
export async function fetchFile(address: string, settings: HostSettings): Promise<{ text: string; remote: Remote }> {
  const response = await ask(address, settings, {});
  const [etag, modified] = ["etag", "last-modified"].map((name) => response.headers.get(name));
  const text = decode(response.bytes);
  return { text, remote: { hash: hash(response.bytes), ...(etag && { etag }), ...(modified && { modified }) } };
}

/**
 * Whether a file is still what it was. A host that knows by the file's `ETag` or `Last-Modified` does not send it again.
 *
 * @throws {SourceError} when that cannot be said.
 */
export async function isUnchanged(
  address: string,
  { hash: known, etag, modified }: Remote,
  options: HostOptions,
): Promise<boolean> {
  const conditions = {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(modified !== undefined && { "if-modified-since": modified }),
  };
  const { status, bytes } = await ask(address, hostSettings(options), conditions);
  return (status === NOT_MODIFIED && Object.keys(conditions).length > 0) || hash(bytes) === known;
}

const NOT_MODIFIED = 304;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** Follows redirects, each to a host that is allowed. */
async function ask(address: string, settings: HostSettings, conditions: Readonly<Record<string, string>>): Promise<Answer> {
  const signal = AbortSignal.timeout(settings.timeoutMs);
  const headers = { ...ACCEPTED, ...conditions };
  let url = new URL(address);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    checkHost(url, settings);
    try {
      const response = await settings.fetch(url, { redirect: "manual", credentials: "omit", signal, headers });
      const { status } = response;
      const location = response.headers.get("location");
      if (status >= 300 && status < 400 && location !== null && URL.canParse(location, url)) {
        await response.body?.cancel();
        url = new URL(location, url);
        continue;
      }
      if (!response.ok && status !== NOT_MODIFIED) {
        await response.body?.cancel();
        throw new SourceError(`${url.host} answers with ${status}`);
      }
      return { status, headers: response.headers, bytes: await readBody(response, settings.maxBytes) };
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const reason = signal.aborted
        ? `${url.host} takes longer than ${settings.timeoutMs} ms`
        : `${url.host} cannot be reached`;
      throw new SourceError(reason);
    }
  }
  throw new SourceError(`${new URL(address).host} redirects more than ${MAX_REDIRECTS} times`);
}

const ACCEPTED = { accept: "application/yaml, application/json;q=0.9, */*;q=0.1" };

function checkHost(url: URL, { remote }: HostSettings): void {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw new SourceError(`${url.protocol}// is not read, only https`);
  }
  if (url.username !== "" || url.password !== "") throw new SourceError("a URL with a user or password is not read");
  if (remote.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === url.hostname)) return;
  const hint = `allow the host in keyturn.config.yaml if you trust it: remote: [${url.host}]`;
  throw new SourceError(`references may not lead to ${url.host}`, { hint });
}

/** Whether a host may be asked at all. */
export function isAllowed(url: URL, settings: HostSettings): boolean {
  try {
    checkHost(url, settings);
    return true;
  } catch {
    return false;
  }
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function tooLong(maxBytes: number): SourceError {
  return new SourceError(`it is longer than ${Math.floor(maxBytes / 2 ** 20)} MB`);
}

/** @throws {SourceError} when it is no text. */
export function decode(bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch {
    throw new SourceError("it is not text in UTF-8", { hint: "save it as UTF-8" });
  }
}
