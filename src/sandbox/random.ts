/** Where fresh tokens come from, and what happens by chance. */

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

/** A number from 0 up to, but not including, 1. */
export type Chance = () => number;

/** Chances apart from the tokens: with a seed, both are the same whatever becomes of the other. */
export function createChance(seed: string | undefined): Chance {
  const random = createRandom(seed === undefined ? undefined : `chance ${seed}`);
  return () => Buffer.from(random(6), "base64url").readUIntBE(0, 6) / 2 ** 48;
}

/** A JWT with the claims, in the shape of HS256. Nobody holds the key: clients read a token's claims and never verify them. */
export function jwt(claims: Readonly<Record<string, unknown>>, random: Random): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${random(32)}`;
}
