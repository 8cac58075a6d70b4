/**
 * Where the texts of a project come from: its folder, and the hosts that its configuration allows.
 *
 * A document chooses what its references lead to, so they are held to what the user has chosen: nothing outside the folder,
 * whichever way a link leads; no host that is not named; nothing sent but the request itself; nothing endless.
 */

import { lstat, open, realpath } from "node:fs/promises";
import path from "node:path";
import { MAX_LENGTH } from "./spec/bounds.js";
import { SourceError, type Sources } from "./spec/sources.js";
import { decodeText } from "./text.js";
import { TooLongError, within } from "./within.js";

export interface SourceOptions {
  /** The hosts that references may lead to, such as `api.example.com` or `localhost:8080`. Default: none. */
  readonly remote?: readonly string[];
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** How long one file of a host may take, or one action of an overlay, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
  /** How many bytes one file may have. Default: 64 MB. */
  readonly maxBytes?: number;
  /** Hears of each file of the disk that was looked for, by the path that it was asked for: its bytes, or that it is not there. */
  readonly noted?: (path: string, bytes: Buffer | undefined) => void;
}

/** What is done for one project, with the settings filled in. */
type Settings = Required<Omit<SourceOptions, "noted">>;

const MAX_REDIRECTS = 5;

/** @param root the project's folder; paths are relative to it, and references stay in it. */
export function openSources(root: string, options: SourceOptions = {}): Sources {
  const { remote = [], fetch = globalThis.fetch, timeoutMs = 10_000, maxBytes = MAX_LENGTH, noted = () => {} } = options;
  const settings: Settings = { remote, fetch, timeoutMs, maxBytes };
  const note = async (name: string, bytes: Promise<Buffer>): Promise<string> => {
    try {
      noted(name, await bytes);
    } catch (error) {
      if (error instanceof SourceError && error.isMissing) noted(name, undefined);
      throw error;
    }
    return decode(await bytes);
  };
  /** The folders that references may lead to: the project's, and those of the files that the user has named. */
  const folders = new Set<string>([root]);
  return {
    async open(name) {
      const file = path.resolve(root, name);
      if (!isWithin(file, root)) folders.add(path.dirname(file));
      return await note(
        name,
        realpath(file).then((real) => readBytes(real, settings), refuse),
      );
    },
    async follow(name) {
      if (/^[a-z][a-z\d+.-]+:/i.test(name)) return await fetchText(new URL(name), settings);
      return await note(
        name,
        allowed(path.resolve(root, name), folders).then((real) => readBytes(real, settings)),
      );
    },
    bounded(work) {
      try {
        return within(timeoutMs, work);
      } catch (error) {
        throw error instanceof TooLongError ? new SourceError(error.message) : error;
      }
    },
  };
}

/** The real path of a file that lies, links followed, in one of the folders. */
async function allowed(file: string, folders: ReadonlySet<string>): Promise<string> {
  // Asked before the disk is: what lies elsewhere is not even told to exist.
  if (![...folders].some((folder) => isWithin(file, folder))) throw outside();
  const real = await realpath(file).catch((error) => refuse(error));
  for (const folder of folders) if (isWithin(real, await realpath(folder))) return real;
  throw outside();
}

function outside(): SourceError {
  const hint = "copy the file into the project";
  return new SourceError("it lies outside the project's folder, where references do not lead", { hint });
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

async function readBytes(file: string, { maxBytes }: Settings): Promise<Buffer> {
  try {
    if (!(await lstat(file)).isFile()) throw new SourceError("it is not a file");
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw tooLong(maxBytes);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refuse(error);
  }
}

async function fetchText(start: URL, settings: Settings): Promise<string> {
  const signal = AbortSignal.timeout(settings.timeoutMs);
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    checkHost(url, settings);
    try {
      const response = await settings.fetch(url, { redirect: "manual", credentials: "omit", signal, headers: ACCEPTED });
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null && URL.canParse(location, url)) {
        await response.body?.cancel();
        url = new URL(location, url);
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new SourceError(`${url.host} answers with ${response.status}`);
      }
      return decode(await readBody(response, settings.maxBytes));
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const reason = signal.aborted
        ? `${url.host} takes longer than ${settings.timeoutMs} ms`
        : `${url.host} cannot be reached`;
      throw new SourceError(reason);
    }
  }
  throw new SourceError(`${start.host} redirects more than ${MAX_REDIRECTS} times`);
}

const ACCEPTED = { accept: "application/yaml, application/json;q=0.9, */*;q=0.1" };

function checkHost(url: URL, { remote }: Settings): void {
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw new SourceError(`${url.protocol}// is not read, only https`);
  }
  if (url.username !== "" || url.password !== "") throw new SourceError("a URL with a user or password is not read");
  if (remote.some((host) => host.toLowerCase() === url.host || host.toLowerCase() === url.hostname)) return;
  const hint = `allow the host in keyturn.config.yaml if you trust it: remote: [${url.host}]`;
  throw new SourceError(`references may not lead to ${url.host}`, { hint });
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLong(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(maxBytes: number): SourceError {
  return new SourceError(`it is longer than ${Math.floor(maxBytes / 2 ** 20)} MB`);
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch {
    throw new SourceError("it is not text in UTF-8", { hint: "save it as UTF-8" });
  }
}

function refuse(error: unknown): never {
  if (error instanceof SourceError) throw error;
  const code = (error as NodeJS.ErrnoException).code;
  const isMissing = code === "ENOENT" || code === "ENOTDIR";
  throw new SourceError(isMissing ? "there is no such file" : (REASONS[code ?? ""] ?? "it cannot be opened"), { isMissing });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "its permissions forbid it",
  EISDIR: "it is a folder",
  ELOOP: "its links lead round",
  ENAMETOOLONG: "its name is too long",
};
