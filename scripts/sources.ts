/**
 * Where the texts of a project come from: its folder, and the hosts that its configuration allows.
 *
 * A document chooses what its references lead to, so they are held to what the user has chosen: nothing outside the folder,
 * whichever way a link leads; no host that is not named; nothing sent but the request itself; nothing endless.
 */

import { lstat, open, realpath } from "node:fs/promises";
import path from "node:path";
import { decode, fetchFile, type HostOptions, hostSettings, isAllowed, type Remote, tooLong, UNREAD } from "./hosts.js";
import { SourceError, type Sources } from "./spec/sources.js";
import { TooLongError, within } from "./within.js";

export interface SourceOptions extends HostOptions {
  /** Hears of each file of the disk that was looked for, by the path that it was asked for: its bytes, or that it is not there. */
  readonly noted?: (path: string, bytes: Buffer | undefined) => void;
  /** Hears of each file of a host that was read, or could not be, by the address that it was asked for. */
  readonly fetched?: (address: string, remote: Remote) => void;
}

/** @param root the project's folder; paths are relative to it, and references stay in it. */
export function openSources(root: string, options: SourceOptions = {}): Sources {
  const { noted = () => {}, fetched = () => {} } = options;
  const settings = hostSettings(options);
  const { maxBytes, timeoutMs } = settings;
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
        realpath(file).then((real) => readBytes(real, maxBytes), refuse),
      );
    },
    async follow(name) {
      if (/^[a-z][a-z\d+.-]+:/i.test(name)) {
        try {
          const { text, remote } = await fetchFile(name, settings);
          fetched(name, remote);
          return text;
        } catch (error) {
          if (isAllowed(new URL(name), settings)) fetched(name, UNREAD);
          throw error;
        }
      }
      return await note(
        name,
        allowed(path.resolve(root, name), folders).then((real) => readBytes(real, maxBytes)),
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

async function readBytes(file: string, maxBytes: number): Promise<Buffer> {
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
