/**
 * Parameters as their places are written by default, which is RFC 6570's simple and form-style expansion; `styles.ts` has the
 * others.
 *
 * @see https://spec.openapis.org/oas/v3.2.0#style-values
 * @see https://www.rfc-editor.org/rfc/rfc6570#section-3.2
 */

import type { Features } from "../features.js";
import type { Operation } from "../lifecycle/contract.js";

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

/** Writes one parameter by its name as it goes on the wire; nothing where it has no value. */
export type Write = (name: string, value: unknown) => string | undefined;

export type Encode = (text: string) => string;

/** How values are put together; RFC 6570, appendix A. */
export interface Expansion {
  /** What stands before the first value, between two, and between the members of one that is not exploded. */
  readonly first: string;
  readonly between: string;
  readonly within: string;
  readonly named: boolean;
  /** What stands behind the name of an empty value. */
  readonly empty: string;
  readonly explode: boolean;
  readonly encode: Encode;
}

export const asIs: Encode = (text) => text;
const SIMPLE: Expansion = { first: "", between: ",", within: ",", named: false, empty: "", explode: false, encode };
export const FORM: Expansion = { first: "", between: "&", within: ",", named: true, empty: "=", explode: true, encode };

const HEADER: Expansion = { ...SIMPLE, encode: asIs };

/** What writes each place by default. */
const WRITERS = {
  path: (name, value) => expand(name, value, SIMPLE),
  query: (name, value) => expand(name, value, FORM),
  header: (name, value) => expand(name, value, HEADER),
  cookie: (name, value) => expand(name, value, FORM),
} satisfies Record<string, Write>;

/** Compiles the writer of an operation; everything that its document says is looked up here, once. */
export function compileParameters(
  operationId: string,
  { path, parameters = [] }: Pick<Operation, "path" | "parameters">,
  styles?: Features["styles"],
): ParameterWriter {
  const rules = new Map(parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, styles!(parameter)]));
  const writerFor = (place: keyof typeof WRITERS, name: string): Write =>
    (rules.size === 0 ? undefined : rules.get(`${place} ${name}`)) ?? WRITERS[place];
  const pairs = (place: "query" | "cookie", values: Values, separator: string): string => {
    let text = "";
    for (const name of Object.keys(values)) {
      const wireName = place === "cookie" ? name : encodeName(name);
      const written = writerFor(place, name)(wireName, values[name]);
      if (written !== undefined) text = text === "" ? written : `${text}${separator}${written}`;
    }
    return text;
  };
  const whole = (values: Values): string => {
    const [name = ""] = Object.keys(values);
    return rules.get(`querystring ${name}`)?.(name, values[name]) ?? "";
  };
  return {
    path: compilePath(operationId, path, (name) => writerFor("path", name)),
    query: (values, querystring) => (querystring === undefined ? pairs("query", values, "&") : whole(querystring)),
    header: (name, value) => writerFor("header", name)(name, value),
    cookie: (values) => pairs("cookie", values, "; "),
  };
}

function compilePath(operationId: string, template: string, writerFor: (name: string) => Write): (values: Values) => string {
  const [bare = ""] = template.split("#");
  const parts = bare.split(/\{([^{}]+)\}/);
  const first = encodeLiteral(parts[0] ?? "");
  const steps = parts.flatMap((name, index) =>
    index % 2 === 1
      ? [{ name, wireName: encode(name), write: writerFor(name), after: encodeLiteral(parts[index + 1] ?? "") }]
      : [],
  );
  if (steps.length === 0) return () => first;
  return (values) => {
    let path = first;
    let isSuspect = false;
    for (const { name, wireName, write, after } of steps) {
      // Of its own: every object has a `constructor`.
      const written = Object.hasOwn(values, name) ? write(wireName, values[name]) : undefined;
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

/** One parameter by its expansion; nothing where it has no value, as RFC 6570 has it for what is undefined. */
export function expand(name: string, stated: unknown, expansion: Expansion): string | undefined {
  if (!isPresent(stated)) return undefined;
  const { first, between, within, named, explode, encode } = expansion;
  const one = (text: string) => first + (named ? pair(name, text, expansion) : text);
  if (typeof stated !== "object") return one(encode(String(stated)));
  const value = plain(stated);
  if (!isPresent(value) || isOther(value)) throw new TypeError(`the parameter "${name}" has a value that has no text`);
  if (Array.isArray(value)) {
    const texts = value.filter(isPresent).map((item) => encode(textOf(item)));
    if (texts.length === 0) return undefined;
    if (!explode) return one(texts.join(within));
    return first + texts.map((text) => (named ? pair(name, text, expansion) : text)).join(between);
  }
  if (isRecord(value)) {
    const entries = Object.entries(value).filter(([, member]) => isPresent(member));
    if (entries.length === 0) return undefined;
    const texts = entries.map(([key, member]) => [encode(key), encode(textOf(member))] as const);
    if (!explode) return one(texts.flat().join(within));
    return first + texts.map(([key, text]) => (named ? pair(key, text, expansion) : `${key}=${text}`)).join(between);
  }
  return one(encode(textOf(value)));
}

/** A name and its value. */
export function pair(name: string, text: string, { empty }: Expansion): string {
  return text === "" ? name + empty : `${name}=${text}`;
}

/** Whether a media type is JSON's, or ends with `+json`. */
export function isJson(contentType: string): boolean {
  const bare = mediaTypeOf(contentType);
  return bare.endsWith("/json") || bare.endsWith("+json");
}

/** A media type without its parameters, in lower case. */
export function mediaTypeOf(contentType: string): string {
  return contentType.split(";", 1)[0]!.trim().toLowerCase();
}

/** What stands for an object in JSON: the text of a `Date`, for one. */
export function plain(value: object): unknown {
  return "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : value;
}

/** Whether an object is neither a list nor members: a `Map`, a `Set`, a file, bytes. */
export function isOther(value: unknown): boolean {
  return typeof value === "object" && (Symbol.iterator in value! || value instanceof Blob) && !Array.isArray(value);
}

/** A member of a value that has no further level in its style: as it is, or as JSON. */
function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const bare = plain(value);
  return typeof bare === "object" ? JSON.stringify(bare) : String(bare);
}

export function isPresent<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

export function isRecord(value: unknown): value is Values {
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

/** The name of a parameter: what a query may hold as it is stays, so that `$top` is `$top`. */
export function encodeName(name: string): string {
  const encoded = encode(name);
  return encoded === name ? name : encoded.replace(/%(?:21|24|27|28|29|2A|2C|3A|3B|40|2F|3F)/g, decodeURIComponent);
}

/** The document's own text in a path; what it has percent-encoded stays. */
function encodeLiteral(text: string): string {
  return encodeURI(wellFormed(text))
    .replace(/%25(?=[\da-f]{2})/gi, "%")
    .replace(/[[\]]/g, percent);
}

export function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** By its number: printed as itself it would be the one character that has the engine keep all of this in twice the memory. */
const REPLACEMENT = String.fromCharCode(0xfffd);

/** Half a surrogate pair is no character: it goes as the one that stands for what cannot be shown, as in any URL. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, REPLACEMENT);
}
