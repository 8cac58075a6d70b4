/** Where fresh tokens come from. */

import { createHmac, randomBytes } from "node:crypto";

/** Fresh bytes, as text of the base64url alphabet. */
export type Random = (bytes: number) => string;

/** Unguessable bytes; with a seed the same ones in the same order every time, which is for tests that compare. */
export function createRandom(seed: string | undefined): Random {
  if (seed === undefined) return (bytes) => randomBytes(bytes).toString("base64url");
  let counter = 0;
  return (bytes) => {
    counter += 1;
    return createHmac("sha512", seed).update(String(counter)).digest().subarray(0, bytes).toString("base64url");
  };
}

/** A JWT with the claims, in the shape of HS256. Nobody holds the key: clients read a token's claims and never verify them. */
export function jwt(claims: Readonly<Record<string, unknown>>, random: Random): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${random(32)}`;
}
