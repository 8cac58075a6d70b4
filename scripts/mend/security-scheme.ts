/** Security schemes that do not say how credentials are presented. */

import { LIFECYCLE } from "../../src/lifecycle/definition.js";
import type { Json } from "../spec/pointer.js";
import { TOKEN } from "./method.js";
import { withMember } from "./rewrite.js";
import { SECURITY_SCHEME } from "./rules.js";
import type { Structure } from "./structure.js";
import { below, type Trail } from "./trail.js";

const TYPES: readonly unknown[] = ["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"];
const KEY_PLACES: readonly unknown[] = ["header", "query", "cookie"];

export function mendSecurityScheme(stated: Json, trail: Trail | undefined, structure: Structure): Json | undefined {
  const value = TYPES.includes(stated["type"]) ? stated : { ...stated, ...typeOf(stated) };
  if (value["type"] !== stated["type"]) {
    const said = stated["type"] === undefined ? "nothing" : `"${stated["type"]}"`;
    const message = `${said} is no type of security scheme; it is taken for ${value["type"]}`;
    structure.tell(SECURITY_SCHEME, stated["type"] === undefined ? trail : below(trail, "type"), { message });
  }
  if (!TYPES.includes(value["type"])) return leftOut(stated, trail, structure, "does not say how credentials are presented");
  if (value["type"] === "http" && value["scheme"] === undefined) {
    structure.tell(SECURITY_SCHEME, trail, { message: 'a scheme of type http without "scheme" is taken for bearer' });
    return { ...value, scheme: "bearer" };
  }
  return value["type"] === "apiKey" ? mendApiKey(value, trail, structure) : value;
}

function mendApiKey(value: Json, trail: Trail | undefined, structure: Structure): Json | undefined {
  const { name, in: place } = value;
  if (typeof name !== "string" || name === "") {
    // A lifecycle that says by itself where its values go needs neither.
    if (value[LIFECYCLE] !== undefined) return value;
    return leftOut(value, trail, structure, "does not name what holds the key");
  }
  const meant = String(place).trim().toLowerCase();
  const taken = KEY_PLACES.includes(meant) ? meant : "header";
  // RFC 6265 section 4.1.1 has cookies named as headers are; around such a name nothing can stand.
  const known = taken === "query" ? name : name.trim();
  if (taken !== "query" && !TOKEN.test(known)) {
    return leftOut(value, trail, structure, `names what no ${taken} can be called`);
  }
  if (taken === place) return withMember(value, "name", known);
  const message = `an API key stands in header, query or cookie, not in ${place === undefined ? "nothing" : `"${place}"`}; ${taken} is taken`;
  structure.tell(SECURITY_SCHEME, place === undefined ? trail : below(trail, "in"), { message });
  return { ...value, name: known, in: taken };
}

/** What other members, or Swagger's and older names of types, say plainly. */
function typeOf({ type, name, in: place, scheme, flows, openIdConnectUrl }: Json): Json {
  const text = typeof type === "string" ? type.replace(/[^A-Za-z0-9]/g, "").toLowerCase() : "";
  const same = TYPES.find((one) => String(one).toLowerCase() === text);
  if (same !== undefined) return { type: same };
  if (["basic", "bearer", "digest"].includes(text)) return { type: "http", scheme: text };
  if (["jwt", "bearertoken", "bearerauth", "token"].includes(text)) return { type: "http", scheme: "bearer" };
  if (["oauth", "oauth20"].includes(text) || flows !== undefined) return { type: "oauth2" };
  if (["openid", "oidc"].includes(text) || openIdConnectUrl !== undefined) return { type: "openIdConnect" };
  if (scheme !== undefined) return { type: "http" };
  return typeof name === "string" && KEY_PLACES.includes(place) ? { type: "apiKey" } : {};
}

function leftOut(value: Json, trail: Trail | undefined, structure: Structure, fault: string): undefined {
  const hint = `"type" is one of ${TYPES.join(", ")}`;
  structure.tell(SECURITY_SCHEME, trail, {
    part: "key",
    message: `the scheme ${fault}; it is left out`,
    ...(!TYPES.includes(value["type"]) && { hint }),
  });
  return undefined;
}
