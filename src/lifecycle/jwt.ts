/** One claim of a JWT, read and not verified; `undefined` when the text is not one, or has no such claim. RFC 7519 section 3. */
export function jwtClaim(token: string, claim: string): unknown {
  const claims = jwtClaims(token);
  return claims && Object.hasOwn(claims, claim) ? claims[claim] : undefined;
}

/** The claims of a JWT in its compact form of three parts, read and not verified; `undefined` when the text is not one. */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature, ...more] = token.split(".");
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const claims: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))));
    return typeof claims === "object" && claims !== null && !Array.isArray(claims)
      ? (claims as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
