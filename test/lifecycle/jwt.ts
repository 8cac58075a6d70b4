/** A JWT with these claims, and a signature that nobody checks. */
export function jwt(claims: unknown): string {
  return [{ alg: "none" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".")
    .concat(".c2ln");
}
