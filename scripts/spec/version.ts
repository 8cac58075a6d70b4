/** The version of OpenAPI that a document states, also where it is not quite one. */

/** Whether a version is one that is read, with its three parts. */
export function isWhole(version: unknown): boolean {
  return typeof version === "string" && /^3\.[0-2]\.\d+/.test(version);
}

/** The whole version that is meant by a number, or by a text with parts that are missing or more than there should be. */
export function versionMeant(version: unknown): string | undefined {
  const found = typeof version === "string" || typeof version === "number" ? MEANT.exec(String(version)) : null;
  return found === null ? undefined : `3.${found[1] ?? "0"}.${found[2] ?? "0"}`;
}

/** What follows a version of OpenAPI, and is no part of a number, takes nothing from it. */
const MEANT = /^\s*v?3(?:\.([0-2])(?:\.(\d+))?)?(?!\.?\d)/i;
