/** The functions of the language that ask the clock, chance or a digest, and the reading of moments and claims. */

import type { Encoding, HashAlgorithm } from "./contract.js";
import { jwtClaim } from "./jwt.js";
import { formatTime, parseTime } from "./moments.js";
import { durationMs } from "./time.js";
import { all, bytes, encode, evaluate, type Functions, isMissing, onText } from "./value.js";

export const functions: Functions = {
  uuid: () => crypto.randomUUID(),
  now: ({ format = "epoch-seconds", offset = "PT0S" }, scope) => formatTime(scope.now() + durationMs(offset), format),
  hash: ({ algorithm, encoding = "hex", data }, scope) =>
    onText(evaluate(data, scope), async (text) =>
      encode(new Uint8Array(await crypto.subtle.digest(algorithm, bytes(text))), encoding),
    ),
  hmac: ({ algorithm, encoding = "hex", key, data }, scope) =>
    all([evaluate(key, scope), evaluate(data, scope)], ([secret, text]) =>
      isMissing(secret) || isMissing(text) ? undefined : sign(algorithm, String(secret), String(text), encoding),
    ),
  jwtClaim: ({ token, claim }, scope) => onText(evaluate(token, scope), (text) => jwtClaim(text, claim)),
  parseTime,
  claimedTime: (token, claim) => parseTime(jwtClaim(token, claim), "epoch-seconds"),
};

async function sign(algorithm: HashAlgorithm, secret: string, text: string, encoding: Encoding): Promise<string> {
  const key = await crypto.subtle.importKey("raw", bytes(secret), { name: "HMAC", hash: algorithm }, false, ["sign"]);
  return encode(new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(text))), encoding);
}
