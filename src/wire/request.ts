/** From a call's init to its request: compiled once for each operation and family, then concatenation. */

import type { QuerySerializerOptions } from "openapi-fetch";
import type { Features } from "../features.js";
import type { ApiDefinition, Operation } from "../lifecycle/contract.js";
import { absolute, operationAddress, type ServerChoice } from "../servers.js";
import type { WireRequest } from "../transport.js";
import type { ParseAs } from "./answer.js";
import { writeBody } from "./body.js";
import { deleteHeader, type HeaderList, headerOf, headerText, mergeHeaders, pairsOf, setHeader } from "./headers.js";
import { compileParameters, type Values } from "./parameters.js";

/** The values of an operation's parameters, by place and name. */
export interface Params {
  readonly path?: Values;
  readonly query?: Values;
  readonly querystring?: Values;
  readonly header?: Values;
  readonly cookie?: Values;
}

/** What a call may say: openapi-fetch's options for one request. */
export interface Init {
  readonly params?: Params;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly parseAs?: ParseAs;
  /** Options are openapi-fetch's to understand: with them a call takes the way through it, which makes a function of them. */
  readonly querySerializer?: ((query: Values) => string) | QuerySerializerOptions;
  readonly bodySerializer?: (body: unknown, headers: Headers) => WireRequest["body"];
  readonly pathSerializer?: (path: string, values: Values) => string;
  readonly baseUrl?: string;
  readonly signal?: AbortSignal | null;
  readonly redirect?: NonNullable<RequestInit["redirect"]>;
}

/** An operation, ready to write requests. */
export interface CompiledOperation {
  readonly operationId: string;
  readonly operation: Operation;
  /** As it goes on the wire. */
  readonly method: string;
  /**
   * The request of a call, without credentials. It does nothing but write: no clock, no promise.
   *
   * @throws {TypeError} when a path parameter is missing, or would lead elsewhere, a body is not of its media type, or there is
   * no address to go to.
   * @throws {TokenError} `unfit-value` when a header cannot hold its value.
   */
  write(init: Init): WireRequest;
}

const NONE: Values = {};
const LOWER_CASE = /^(?:get|put|post|delete|options|head|patch|trace|query)$/;
const JSON_BODY = "application/json";

/**
 * Compiles each operation when it is first asked for.
 *
 * @param address what every URL begins with, unless the operation has a server of its own.
 * @param features the parts of the runtime that the definition needs, or all of them.
 */
export function compiler(
  { operations }: ApiDefinition,
  address: string,
  choice: ServerChoice = {},
  features: Features = {},
): (operationId: string) => CompiledOperation {
  const compiled = new Map<string, CompiledOperation>();
  return (operationId) => {
    let operation = compiled.get(operationId);
    if (operation === undefined) {
      const stated = operations[operationId]!;
      operation = compile(operationId, stated, operationAddress(stated, address, choice, features), features);
      compiled.set(operationId, operation);
    }
    return operation;
  };
}

function compile(operationId: string, operation: Operation, address: string, features: Features): CompiledOperation {
  const { contentType = JSON_BODY, accept } = operation;
  const method = LOWER_CASE.test(operation.method) ? operation.method.toUpperCase() : operation.method;
  const parameters = compileParameters(operationId, operation, features.styles);
  const isAddress = URL.canParse(address);

  const urlOf = ({ params = NONE, baseUrl, pathSerializer, querySerializer }: Init): string => {
    const base = baseUrl ? absolute(baseUrl) : address;
    // The platform's own error would quote parameters, of which one may be a secret.
    if (baseUrl ? !URL.canParse(base) : !isAddress) {
      throw new TypeError(`${operationId} has no absolute address to go to; say it as baseUrl`);
    }
    const values = params.path ?? NONE;
    let url = pathSerializer === undefined ? base + parameters.path(values) : pathSerializer(base + operation.path, values);
    const query =
      typeof querySerializer === "function"
        ? withoutMark(querySerializer(params.query ?? NONE))
        : parameters.query(params.query ?? NONE, params.querystring);
    if (query !== "") url += `${url.includes("?") ? "&" : "?"}${query}`;
    return pathSerializer === undefined && querySerializer === undefined ? url : normal(url);
  };

  const putParameters = (headers: HeaderList, { header = NONE, cookie }: Params): void => {
    for (const name of Object.keys(header)) {
      const text = parameters.header(name, header[name]);
      if (text !== undefined) setHeader(headers, name, text);
      else if (header[name] === null) deleteHeader(headers, name);
    }
    const cookies = cookie === undefined ? "" : parameters.cookie(cookie);
    if (cookies === "") return;
    const own = headerOf(headers, "Cookie");
    setHeader(headers, "Cookie", own === undefined ? cookies : `${own}; ${cookies}`);
  };

  const putBody = (headers: HeaderList, { body, bodySerializer }: Init): WireRequest["body"] => {
    if (bodySerializer !== undefined) {
      const custom = bodySerializer(body, new Headers(pairsOf(headers)));
      if (custom === undefined) deleteHeader(headers, "Content-Type");
      else if (custom instanceof FormData) putContentType(headers, null);
      return custom;
    }
    const written = writeBody(body, headerOf(headers, "Content-Type") ?? contentType, { operationId, operation }, features);
    putContentType(headers, written.contentType);
    return written.body;
  };

  return {
    operationId,
    operation,
    method,
    write(init) {
      const { params, body, signal, redirect } = init;
      const url = urlOf(init);
      const headers: HeaderList = body === undefined ? [] : ["Content-Type", contentType];
      if (accept !== undefined) headers.push("Accept", accept);
      if (init.headers !== undefined) mergeHeaders(headers, init.headers);
      if (params !== undefined) putParameters(headers, params);
      const written = body === undefined ? undefined : putBody(headers, init);
      for (let index = 0; index < headers.length; index += 2) headerText(headers[index + 1], headers[index]!, operationId);
      return {
        operationId,
        method,
        url,
        headers,
        body: written,
        signal: signal ?? undefined,
        redirect: redirect === "error" ? "error" : "manual",
      };
    },
  };
}

/** `null`: the transport writes it, unless the caller has told the boundary between the parts. */
function putContentType(headers: HeaderList, contentType: string | null | undefined): void {
  if (contentType === undefined) return;
  if (contentType !== null) setHeader(headers, "Content-Type", contentType);
  else if (headerOf(headers, "Content-Type")?.includes("boundary=") !== true) deleteHeader(headers, "Content-Type");
}

function withoutMark(query: string): string {
  return query.startsWith("?") ? query.slice(1) : query;
}

/** What a caller has written, as a URL is written. */
function normal(url: string): string {
  const made = new URL(url);
  made.hash = "";
  return made.href;
}
