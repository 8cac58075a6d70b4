/** The types of a client's methods: every operation by its name, every path by its method. */

import type {
  BodySerializer,
  Client as OpenapiFetchClient,
  ParamsOption,
  QuerySerializer,
  QuerySerializerOptions,
} from "openapi-fetch";
import type { AnswerKind, Operation, Operations } from "./lifecycle/contract.js";
import type { Readable } from "./read-write.js";
import type { Part } from "./wire/part.js";
import type { ServerSentEvent } from "./wire/streams.js";

/** As in openapi-fetch: a path, and an init. */
export type PathMethods<Paths extends {}, Definition extends Defining> = Pick<OpenapiFetchClient<Paths>, "use" | "eject"> & {
  readonly [Method in Lowercase<PathMethodName> as Uppercase<Method>]: PathMethod<Paths, Method, Definition>;
};

/** The whole definition, as that has a name for editors to show. */
interface Defining {
  readonly operations: Operations;
}

type PathMethodName = "GET" | "PUT" | "POST" | "DELETE" | "OPTIONS" | "HEAD" | "PATCH" | "TRACE";

type PathMethod<Paths extends {}, Method extends Lowercase<PathMethodName>, Definition extends Defining> = <
  Path extends PathsWith<Paths, Method>,
  Init extends PathInit<Paths[Path][Method & keyof Paths[Path]]>,
>(
  path: Path,
  ...init: undefined extends Init ? [init?: Init & AnythingElse] : [init: Init & AnythingElse]
) => Promise<
  Paths[Path] extends { readonly [M in Method]: infer Types }
    ? OperationResult<
        Types,
        Init extends { readonly parseAs: infer As } ? As : undefined,
        DefinedAt<Definition["operations"], Path, Method>
      >
    : never
>;

/** What is demanded is looked for among parameters and body alone, and not among all that a call may say. */
type PathInit<Types> =
  Record<never, never> extends Input<Types>
    ? (Input<Types> & PathOptions<Types>) | undefined
    : Input<Types> & PathOptions<Types>;

/** As in openapi-fetch, the functions that write a part of the request are typed by their operation. */
interface PathOptions<Types> extends Omit<CallOptions, "querySerializer" | "bodySerializer"> {
  readonly querySerializer?: QuerySerializer<Types> | QuerySerializerOptions;
  readonly bodySerializer?: BodySerializer<Types>;
}

type PathsWith<Paths extends {}, Method extends PropertyKey> = {
  [Path in keyof Paths]: Paths[Path] extends { readonly [M in Method]: unknown } ? Path : never;
}[keyof Paths];

type AnythingElse = { readonly [option: string]: unknown };

/** The operation at a path, when its document says how its answers are read. */
type DefinedAt<Defined extends Operations, Path, Method> =
  Answering<Defined> extends { readonly [Place in At<Path, Method>]: infer Found } ? Found : never;

/** The operations of that kind by method and path: made once for a document, and not at each call. */
type Answering<Defined extends Operations> = {
  [Id in keyof Defined as Defined[Id] extends { readonly answers: object }
    ? At<Defined[Id]["path"], Defined[Id]["method"]>
    : never]: Defined[Id];
};

type At<Path, Method> = `${Method & string} ${Path & string}`;

/** How an answer is read, instead of as the document has it. */
export type ParseAs = "json" | "text" | "blob" | "arrayBuffer" | "stream";

/** What a call may say beside its parameters and its body. */
export interface CallOptions<As extends ParseAs | undefined = ParseAs | undefined>
  extends Omit<RequestInit, "body" | "headers" | "method" | "signal"> {
  /** Headers over those that the document has; `null` takes one away, a list repeats it. */
  readonly headers?:
    | NonNullable<RequestInit["headers"]>
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
  readonly bodySerializer?: (body: unknown, headers?: Headers) => NonNullable<RequestInit["body"]>;
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
type OperationMethod<Types, Defined extends Operation> = Types extends object
  ? Record<never, never> extends OperationInput<Types, Defined>
    ? <As extends ParseAs | undefined = undefined>(
        init?: OperationInput<Types, Defined> & CallOptions<As>,
      ) => Promise<OperationResult<Types, As, Defined>>
    : <As extends ParseAs | undefined = undefined>(
        init: OperationInput<Types, Defined> & CallOptions<As>,
      ) => Promise<OperationResult<Types, As, Defined>>
  : never;

/** The parameters of an operation and its body, as the document has them; nothing beside them. */
type OperationInput<Types, Defined extends Operation> = ParamsOption<Types> &
  (Defined extends { readonly contentType: infer Media extends string }
    ? BodyOption<BodyInput<Types>, Media>
    : BodyInput<Types>);

type Input<Types> = ParamsOption<Types> & BodyInput<Types>;

type BodyInput<Types> = Types extends { readonly requestBody: { readonly content: infer Content } }
  ? { body: Sent<Content[keyof Content]> }
  : Types extends { readonly requestBody?: { readonly content: infer Content } }
    ? { body?: Sent<Content[keyof Content]> | undefined }
    : { body?: never };

/** As requests have it: of the members that only answers have none may be given. */
type Sent<T> = T extends { readonly $write: infer Value }
  ? Sent<Value>
  : T extends readonly unknown[]
    ? { [Index in keyof T]: Sent<T[Index]> }
    : T extends object
      ? [OnlyReadIn<T>] extends [never]
        ? { [Name in keyof T]: Sent<T[Name]> }
        : { [Name in keyof T as Exclude<Name, OnlyReadIn<T>>]: Sent<T[Name]> } & { [Name in OnlyReadIn<T>]?: never }
      : T;

type OnlyReadIn<T> = keyof { [Name in keyof T as NonNullable<T[Name]> extends OnlyRead ? Name : never]: unknown };

interface OnlyRead {
  readonly $read: unknown;
}

/** What is not JSON may be handed in as it goes on the wire; in a form of several parts, each text may be a file. */
type BodyOption<Option, Media extends string> = Media extends `${string}json${string}`
  ? Option
  : Media extends `multipart/${string}`
    ? { [Member in keyof Option]: Parts<Option[Member]> | RawBody }
    : { [Member in keyof Option]: Option[Member] | RawBody | TextOf<NonNullable<Option[Member]>> };

/** A schema may say what is in a text, such as that of a body of XML. */
type TextOf<Body> = Body extends object ? string : never;

type RawBody = FormData | URLSearchParams | FilePart;

/** A file: a `File` has its own name and media type, a `Blob` its own media type. */
type FilePart = Blob | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

type Parts<Body> = { [Member in keyof Body]: Body[Member] | Part | PartOf<NonNullable<Body[Member]>> };
type PartOf<Value> = string extends Value
  ? FilePart
  : Value extends readonly (infer Item)[]
    ? readonly (Item | Part | (string extends Item ? FilePart : never))[]
    : never;

type OperationResult<Types, As, Defined> = As extends ParseAs
  ? CallResult<Parsed<Success<Types>>[As], Failure<Types>>
  : [Defined] extends [never]
    ? CallResult<Success<Types>, Failure<Types>>
    : Defined extends { readonly answers: infer Answers }
      ? CallResult<DataOf<Types, Answers>, NonNullable<Failure<Types>>>
      : CallResult<Success<Types>, Failure<Types>>;

/** What a call brings: `data`, or an `error` of the service's; and the response with either. */
type CallResult<Data, Failure> =
  | { data: Data; error?: never; response: Response }
  | { data?: never; error: Failure; response: Response };

interface Parsed<Data> {
  readonly json: Data;
  readonly text: string;
  readonly blob: Blob;
  readonly arrayBuffer: ArrayBuffer;
  readonly stream: Response["body"];
}

type Success<Types> = Readable<Answered<Types, `2${string}`>>;
type Failure<Types> = Readable<Answered<Types, `4${string}` | `5${string}` | "default">>;

/** The contents of an operation's responses of such statuses; of one without any, nothing. */
type Answered<Types, Status extends string, Media = unknown> = Types extends { readonly responses: infer Responses }
  ? {
      [Stated in keyof Responses]: `${Stated & (string | number)}` extends Status
        ? Responses[Stated] extends { readonly content: infer Content }
          ? Content[keyof Content & Media]
          : undefined
        : never;
    }[keyof Responses]
  : never;

/** What the answers become of which the document says more than that they are JSON. */
type DataOf<Types, Answers> = {
  [Media in keyof Answers & string]: DataAs<Answers[Media], ContentOf<Types, Media>>;
}[keyof Answers & string];

type ContentOf<Types, Media extends string> = NonNullable<
  Readable<Answered<Types, `2${string}`, Media | `${Media};${string}`>>
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
