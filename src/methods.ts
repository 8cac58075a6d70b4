/** The types of a client's methods: every operation by its name, every path by its method. */

import type { FetchResponse, Client as OpenapiFetchClient, ParamsOption, RequestBodyOption } from "openapi-fetch";
import type { AnswerKind, Operation, Operations } from "./lifecycle/contract.js";
import type { ServerSentEvent } from "./wire/streams.js";

/** As in openapi-fetch: a path, and an init. */
export type PathMethods<Paths extends {}> = Pick<
  OpenapiFetchClient<Paths>,
  "GET" | "PUT" | "POST" | "DELETE" | "OPTIONS" | "HEAD" | "PATCH" | "TRACE" | "use" | "eject"
>;

/** How an answer is read, instead of as the document has it. */
export type ParseAs = "json" | "text" | "blob" | "arrayBuffer" | "stream";

/** What a call may say beside its parameters and its body. */
export interface CallOptions<As extends ParseAs | undefined = ParseAs | undefined>
  extends Omit<RequestInit, "body" | "headers" | "method" | "signal"> {
  /** Headers over those that the document has; `null` takes one away, a list repeats it. */
  readonly headers?:
    | HeadersInit
    | Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[] | null | undefined>>;
  /** How a success is read. Default: as the document has it, which for JSON is its value. */
  readonly parseAs?: As;
  /** Ends the call, and the reading of its answer. */
  readonly signal?: AbortSignal | null | undefined;
  /** Another address for this call; credentials go to none that is not the document's or the client's. */
  readonly baseUrl?: string;
  /** Writes the query instead of the document's own styles. */
  readonly querySerializer?: OpenapiFetchOptions["querySerializer"];
  readonly pathSerializer?: OpenapiFetchOptions["pathSerializer"];
  readonly bodySerializer?: (body: unknown, headers?: Headers) => BodyInit;
  /** Sends this call, through openapi-fetch. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Sees this call alone. */
  readonly middleware?: OpenapiFetchOptions["middleware"];
}

type OpenapiFetchOptions = NonNullable<Parameters<OpenapiFetchClient<Record<string, never>>["request"]>[2]> & {
  querySerializer?: unknown;
};

/** Homomorphic over the generated `operations`, so that their doc comments show on the methods. */
export type OperationMethods<Types, Defined extends Operations> = {
  readonly [Id in keyof Defined]: Id extends keyof Types ? OperationMethod<Types[Id], Defined[Id]> : never;
};

/** A method whose argument may be left out where nothing in it is required. */
type OperationMethod<Types, Defined extends Operation> =
  Types extends Record<string | number, unknown>
    ? Record<never, never> extends OperationInput<Types>
      ? <As extends ParseAs | undefined = undefined>(
          init?: OperationInput<Types> & CallOptions<As>,
        ) => Promise<OperationResult<Types, As, Defined>>
      : <As extends ParseAs | undefined = undefined>(
          init: OperationInput<Types> & CallOptions<As>,
        ) => Promise<OperationResult<Types, As, Defined>>
    : never;

/** The parameters of an operation and its body, as the document has them; nothing beside them. */
type OperationInput<Types> = ParamsOption<Types> & RequestBodyOption<Types>;

type MediaType = `${string}/${string}`;

type OperationResult<Types extends Record<string | number, unknown>, As, Defined extends Operation> = As extends ParseAs
  ? FetchResponse<Types, { parseAs: As }, MediaType>
  : Defined extends { readonly answers: infer Answers }
    ? AnswerOf<FetchResponse<Types, unknown, MediaType>, DataOf<Types, Answers>>
    : FetchResponse<Types, unknown, MediaType>;

/** The same result with other data. */
type AnswerOf<Result, Data> = Result extends { readonly error?: never } ? Omit<Result, "data"> & { data: Data } : Result;

/** What the answers become of which the document says more than that they are JSON. */
type DataOf<Types extends Record<string | number, unknown>, Answers> = {
  [Media in keyof Answers & MediaType]: DataAs<Answers[Media], ContentOf<Types, Media>>;
}[keyof Answers & MediaType];

type ContentOf<Types extends Record<string | number, unknown>, Media extends MediaType> = NonNullable<
  FetchResponse<Types, unknown, Media | (`${Media};${string}` & MediaType)>["data"]
>;

type DataAs<Kind, Content> = Kind extends "text"
  ? string
  : Kind extends "blob"
    ? Blob
    : Kind extends "data" | "json-data"
      ? AsyncIterableIterator<ServerSentEvent<Content>>
      : Kind extends Exclude<AnswerKind, "json">
        ? AsyncIterableIterator<Content>
        : Content;
