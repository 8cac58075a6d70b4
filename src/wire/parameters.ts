/**
 * Parameters as their styles are written: RFC 6570's expansions and what OpenAPI adds to them.
 *
 * @see https://spec.openapis.org/oas/v3.2.0#style-values
 * @see https://www.rfc-editor.org/rfc/rfc6570#section-3.2
 */

import type { Operation, ParameterStyle, WireParameter } from "../lifecycle/contract.js";

/** The values of one place, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** How the parameters of one operation are written. What has no value (`undefined`, `null`) is left out, but of a path. */
export interface ParameterWriter {
  /**
   * The path, its placeholders filled.
   *
   * @throws {TypeError} when a value is missing or empty, or would lead to another path.
   */
  path(values: Values): string;
  /** The query without its `?`. */
  query(values: Values, querystring?: Values): string;
  /** The text of one header. */
  header(name: string, value: unknown): string | undefined;
  /** What goes into the `Cookie` header. */
  cookie(values: Values): string;
}

type Encode = (text: string) => string;
type Rule = Pick<WireParameter, "contentType"> & {
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly encode: Encode;
};

/** What stands before the first value, between two, and between the members of one that is not exploded; RFC 6570, appendix A. */
const STYLES: Readonly<
  Record<ParameterStyle, { first: string; between: string; within: string; named: boolean; empty: string }>
> = {
  simple: { first: "", between: ",", within: ",", named: false, empty: "" },
  label: { first: ".", between: ".", within: ",", named: false, empty: "" },
  matrix: { first: ";", between: ";", within: ",", named: true, empty: "" },
  form: { first: "", between: "&", within: ",", named: true, empty: "=" },
  spaceDelimited: { first: "", between: "&", within: "%20", named: true, empty: "=" },
  pipeDelimited: { first: "", between: "&", within: "%7C", named: true, empty: "=" },
  deepObject: { first: "", between: "&", within: ",", named: true, empty: "=" },
  cookie: { first: "", between: "; ", within: ",", named: true, empty: "=" },
};

const asIs: Encode = (text) => text;
const DEFAULTS: Readonly<Record<"path" | "query" | "header" | "cookie", Rule>> = {
  path: { style: "simple", explode: false, encode },
  query: { style: "form", explode: true, encode },
  header: { style: "simple", explode: false, encode: asIs },
  cookie: { style: "form", explode: true, encode },
};

/** Compiles the writer of an operation; everything that its document says is looked up here, once. */
export function compileParameters(
  operationId: string,
  { path, parameters = [] }: Pick<Operation, "path" | "parameters">,
): ParameterWriter {
  const rules = new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, ruleOf(parameter)]));
  const ruleFor = (place: keyof typeof DEFAULTS, name: string): Rule =>
    (rules.size === 0 ? undefined : rules.get(`${place} ${name}`)) ?? DEFAULTS[place];
  const pairs = (place: "query" | "cookie", values: Values, separator: string): string => {
    let text = "";
    for (const name of Object.keys(values)) {
      const rule = ruleFor(place, name);
      const written = write(place === "cookie" ? name : encodeName(name), values[name], rule);
      if (written !== undefined) text = text === "" ? written : `${text}${separator}${written}`;
    }
    return text;
  };
  return {
    path: compilePath(operationId, path, (name) => ruleFor("path", name)),
    query: (values, querystring) => (querystring === undefined ? pairs("query", values, "&") : wholeQuery(querystring, rules)),
    header: (name, value) => write(name, value, ruleFor("header", name)),
    cookie: (values) => pairs("cookie", values, "; "),
  };
}

/** A property of a form, as its Encoding Object says; it is written as a query is. */
export function writeProperty(name: string, value: unknown, encoding: Omit<WireParameter, "in" | "name">): string | undefined {
  return write(encodeName(name), value, ruleOf({ in: "query", name, ...encoding }));
}

function ruleOf({ in: place, style, explode, allowReserved, contentType }: WireParameter): Rule {
  const fallback = DEFAULTS[place === "querystring" ? "query" : place];
  const chosen = style ?? fallback.style;
  const encodeHere =
    chosen === "cookie" || fallback.encode === asIs
      ? asIs
      : allowReserved === true
        ? (text: string) => encodeReserved(text, place === "path" ? /[/?#]/g : /#/g)
        : encode;
  return {
    style: chosen,
    explode: explode ?? (chosen === "form" || chosen === "cookie"),
    encode: encodeHere,
    ...(contentType !== undefined && { contentType }),
  };
}

function compilePath(operationId: string, template: string, ruleFor: (name: string) => Rule): (values: Values) => string {
  const [bare = ""] = template.split("#");
  const parts = bare.split(/\{([^{}]+)\}/);
  const first = encodeLiteral(parts[0] ?? "");
  const steps = parts.flatMap((name, index) =>
    index % 2 === 1 ? [{ name, rule: ruleFor(name), after: encodeLiteral(parts[index + 1] ?? "") }] : [],
  );
  if (steps.length === 0) return () => first;
  return (values) => {
    let path = first;
    let isSuspect = false;
    for (const { name, rule, after } of steps) {
      const written = write(name, values[name], rule);
      if (written === undefined || written === "") {
        throw new TypeError(`${operationId}: the path parameter "${name}" is ${written === "" ? "empty" : "missing"}`);
      }
      const start = written.charCodeAt(0);
      isSuspect ||= start === DOT || start === PERCENT;
      path += written + after;
    }
    if (isSuspect && path.split("/").some((segment) => DOTS.test(segment))) {
      throw new TypeError(`${operationId}: a path parameter is "." or "..", which would lead to another path`);
    }
    return path;
  };
}

const DOT = 46;
const PERCENT = 37;
/** A segment that is resolved away, also when it is decoded more than once. */
const DOTS = /^(?:\.|%(?:25)*2e){1,2}$/i;

/** OpenAPI 3.2's `in: querystring`: the one value is all of the query. */
function wholeQuery(values: Values, rules: ReadonlyMap<string, Rule>): string {
  const [name] = Object.keys(values);
  const value = name === undefined ? undefined : values[name];
  if (value === undefined || value === null) return "";
  const contentType = rules.get(`querystring ${name}`)?.contentType ?? FORM;
  if (contentType === FORM && isRecord(value)) return write("", value, DEFAULTS.query) ?? "";
  return encode(textAs(contentType, value));
}

const FORM = "application/x-www-form-urlencoded";

/** One parameter in its style; nothing where it has no value, as RFC 6570 has it for what is undefined. */
function write(name: string, stated: unknown, { style, explode, encode, contentType }: Rule): string | undefined {
  if (stated === undefined || stated === null) return undefined;
  const { first, between, within, named, empty } = STYLES[style];
  const pair = (key: string, text: string) => (text === "" ? key + empty : `${key}=${text}`);
  if (contentType !== undefined) {
    const text = encode(textAs(contentType, stated));
    return first + (named ? pair(name, text) : text);
  }
  if (typeof stated !== "object") {
    const text = encode(String(stated));
    return first + (named ? pair(name, text) : text);
  }
  const value = plain(stated);
  if (style === "deepObject" && typeof value === "object" && value !== null) {
    return deep(name, value, encode, [], new Set()).join("&") || undefined;
  }
  if (Array.isArray(value)) {
    const texts = value.filter(isPresent).map((item) => encode(textOf(item)));
    if (texts.length === 0) return undefined;
    if (explode) return first + texts.map((text) => (named ? pair(name, text) : text)).join(between);
    return first + (named ? pair(name, texts.join(within)) : texts.join(within));
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, member]) => isPresent(member));
    if (entries.length === 0) return undefined;
    const texts = entries.map(([key, member]) => [encode(key), encode(textOf(member))] as const);
    if (explode) return first + texts.map(([key, text]) => (named ? pair(key, text) : `${key}=${text}`)).join(between);
    const text = texts.flat().join(within);
    return first + (named ? pair(name, text) : text);
  }
  const text = encode(textOf(value));
  return first + (named ? pair(name, text) : text);
}

/** OpenAPI defines one level of `deepObject`; further ones, and lists by their index, are written as most servers read them. */
function deep(name: string, value: unknown, encode: Encode, pairs: string[], within: Set<unknown>): string[] {
  const inner = typeof value === "object" && value !== null ? plain(value) : value;
  if (typeof inner !== "object" || inner === null) {
    if (isPresent(inner)) pairs.push(`${name}=${encode(String(inner))}`);
    return pairs;
  }
  if (within.has(inner)) throw new TypeError("a parameter holds itself");
  within.add(inner);
  for (const [key, member] of Object.entries(inner)) deep(`${name}%5B${encode(key)}%5D`, member, encode, pairs, within);
  within.delete(inner);
  return pairs;
}

function textAs(contentType: string, value: unknown): string {
  if (typeof value === "string" && !isJson(contentType)) return value;
  return JSON.stringify(value);
}

/** Whether a media type is JSON's, or ends with `+json`. */
export function isJson(contentType: string): boolean {
  const [mediaType = ""] = contentType.split(";");
  const bare = mediaType.trim().toLowerCase();
  return bare.endsWith("/json") || bare.endsWith("+json");
}

/** What stands for an object in JSON: the text of a `Date`, for one. */
function plain(value: object): unknown {
  return "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : value;
}

/** A member of a value that has no further level in its style: as it is, or as JSON. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const bare = plain(value);
  return typeof bare === "object" ? JSON.stringify(bare) : String(bare);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 3986 section 2.3, by character code. */
const UNRESERVED = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.~-]/.test(String.fromCharCode(code)) ? 1 : 0));

/** Text with everything percent-encoded that is not unreserved; most values have nothing that is. */
export function encode(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    if (UNRESERVED[text.charCodeAt(index)] !== 1) return encodeURIComponent(wellFormed(text)).replace(/[!'()*]/g, percent);
  }
  return text;
}

/** RFC 6570 section 3.2.3: what is reserved stays, and so does what is percent-encoded, but for what would end the place. */
function encodeReserved(text: string, never: RegExp): string {
  return wellFormed(text)
    .replace(/%[\da-f]{2}|[^\w.~:/?#[\]@!$&'()*+,;=-]/giu, (found) => (found.length > 2 ? found : encodeURIComponent(found)))
    .replace(never, percent);
}

/** The name of a parameter: what a query may hold as it is stays, so that `$top` is `$top`. */
function encodeName(name: string): string {
  const encoded = encode(name);
  return encoded === name ? name : encoded.replace(/%(?:21|24|27|28|29|2A|2C|3A|3B|40|2F|3F)/g, decodeURIComponent);
}

/** The document's own text in a path; what it has percent-encoded stays. */
function encodeLiteral(text: string): string {
  return encodeURI(wellFormed(text))
    .replace(/%25(?=[\da-f]{2})/gi, "%")
    .replace(/[[\]]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Half a surrogate pair is no character: it goes as the one that stands for what cannot be shown, as in any URL. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD");
}
