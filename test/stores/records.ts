import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TokenRecord } from "../../src/index.js";

/** A record as the client writes it. */
export function record(
  version: number,
  outputs: Readonly<Record<string, unknown>> = { accessToken: `at-${version}` },
): TokenRecord {
  return { format: 1, version, generation: version, outputs, expires: { accessToken: 2_000_000_000_000 }, obtainedAt: 1 };
}

/** A key as the client makes it: a digest; no other test has it. */
export function someKey(): string {
  return (randomUUID() + randomUUID()).replaceAll("-", "");
}

/** What stands for a token in these tests: it may stand nowhere but in a record. */
export const CANARY = "canary-token-6f1d";

/** What a promise was rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string; reason?: string }> {
  return promise.then(
    () => {
      throw new Error("it was not rejected");
    },
    (error: Error) => error,
  );
}

/** What the files of a running server hold. Some of them are gone before they are read. */
export function filesBelow(folder: string): Buffer[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = join(folder, entry.name);
    try {
      return entry.isDirectory() ? filesBelow(place) : entry.isFile() ? [readFileSync(place)] : [];
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return [];
      throw error;
    }
  });
}
