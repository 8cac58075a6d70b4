/**
 * Parameters, and properties of forms, in the styles that a document names: RFC 6570's other expansions and what OpenAPI adds
 * to them.
 *
 * @see https://spec.openapis.org/oas/v3.2.0#style-values
 * @see https://www.rfc-editor.org/rfc/rfc6570#section-3.2
 */

import type { ParameterStyle, WireParameter } from "../lifecycle/contract.js";
import {
  asIs,
  type Encode,
  type Expansion,
  encode,
  expand,
  FORM,
  isJson,
  isOther,
  isPresent,
  isRecord,
  pair,
  percent,
  plain,
  type Write,
  wellFormed,
} from "./parameters.js";

const STYLES: Readonly<Record<ParameterStyle, Omit<Expansion, "explode" | "encode">>> = {
  simple: { first: "", between: ",", within: ",", named: false, empty: "" },
  label: { first: ".", between: ".", within: ",", named: false, empty: "" },
  matrix: { first: ";", between: ";", within: ",", named: true, empty: "" },
  form: { first: "", between: "&", within: ",", named: true, empty: "=" },
  spaceDelimited: { first: "", between: "&", within: "%20", named: true, empty: "=" },
  pipeDelimited: { first: "", between: "&", within: "%7C", named: true, empty: "=" },
  deepObject: { first: "", between: "&", within: ",", named: true, empty: "=" },
  cookie: { first: "", between: "; ", within: ",", named: true, empty: "=" },
};
const URL_ENCODED = "application/x-www-form-urlencoded";

/** Compiles what writes a parameter of that style. A property of a form is written as a query is. */
export function styles({ in: place, name: ownName, style, explode, allowReserved, contentType }: WireParameter): Write {
  if (place === "querystring") return (_, value) => wholeQuery(value, contentType);
  const chosen = style ?? (place === "path" || place === "header" ? "simple" : "form");
  const encodeHere: Encode =
    chosen === "cookie"
      ? (text) => unescaped(text, ownName)
      : place === "header"
        ? asIs
        : allowReserved === true
          ? (text) => encodeReserved(text, place === "path" ? /[/?#]/g : /#/g)
          : encode;
  const explodes = explode ?? (chosen === "form" || chosen === "cookie");
  const expansion: Expansion = { ...STYLES[chosen], explode: explodes, encode: encodeHere };
  return (name, stated) => {
    if (!isPresent(stated)) return undefined;
    if (contentType !== undefined) return expand(name, textAs(contentType, stated), expansion);
    const value = typeof stated === "object" ? plain(stated) : stated;
    if (chosen === "deepObject" && typeof value === "object" && value !== null && !isOther(value)) {
      return deep(name, value, expansion, [], new Set()).join("&") || undefined;
    }
    return expand(name, stated, expansion);
  };
}

/** A cookie whose style encodes nothing: what would be another one is refused. */
function unescaped(text: string, name: string): string {
  if (text.includes(";")) throw new TypeError(`the cookie "${name}" has a value with ";" in it, which would end it`);
  return text;
}

/** OpenAPI 3.2's `in: querystring`: the one value is all of the query. */
function wholeQuery(value: unknown, contentType = URL_ENCODED): string | undefined {
  if (!isPresent(value)) return undefined;
  return contentType === URL_ENCODED && isRecord(value) ? expand("", value, FORM) : encode(textAs(contentType, value));
}

/** OpenAPI defines one level of `deepObject`; further ones, and lists by their index, are written as most servers read them. */
function deep(name: string, value: unknown, expansion: Expansion, pairs: string[], within: Set<unknown>): string[] {
  const { encode } = expansion;
  const inner = typeof value === "object" && value !== null ? plain(value) : value;
  if (typeof inner !== "object" || inner === null) {
    if (isPresent(inner)) pairs.push(pair(name, encode(String(inner)), expansion));
    return pairs;
  }
  if (within.has(inner)) throw new TypeError("a parameter holds itself");
  within.add(inner);
  for (const [key, member] of Object.entries(inner)) deep(`${name}%5B${encode(key)}%5D`, member, expansion, pairs, within);
  within.delete(inner);
  return pairs;
}

function textAs(contentType: string, value: unknown): string {
  if (typeof value === "string" && !isJson(contentType)) return value;
  return JSON.stringify(value);
}

/** RFC 6570 section 3.2.3: what is reserved stays, and so does what is percent-encoded, but for what would end the place. */
function encodeReserved(text: string, never: RegExp): string {
  return wellFormed(text)
    .replace(/%[\da-f]{2}|[^\w.~:/?#[\]@!$&'()*+,;=-]/giu, (found) => (found.length > 2 ? found : encodeURIComponent(found)))
    .replace(never, percent);
}
