/**
 * The contract between a document and the runtime: what generated data satisfies.
 *
 * These are the *long* forms of the language described in `docs/lifecycle.md`: every short form, every default of RFC 6749
 * and every client authentication has been spelled out by `definition.ts`, so that whoever reads this data (the runtime, the
 * sandbox, a diagram, a person) has one shape to understand. Names are Arazzo's and OpenAPI's.
 */

/**
 * A runtime expression such as `$response.body#/access_token`, or text with `{$…}` embedded in it, or plain text.
 *
 * @see https://spec.openapis.org/arazzo/v1.0.1#runtime-expressions
 */
export type Expression = string;

/** A span of time as ISO 8601 writes it, from weeks down to seconds: `PT60S`, `PT2H`, `P1D`. No years or months. */
export type Duration = string;

/**
 * A value to be computed: JSON, in which a string is an {@link Expression} and an object whose only member is named after a
 * function is that function's result.
 */
export type Value = string | number | boolean | null | readonly Value[] | Computed | { readonly [member: string]: Value };

/** The functions of the language. One object, one function; `optional` without a value drops the member that holds it. */
export type Computed =
  | { readonly base64: Value }
  | { readonly base64url: Value }
  | { readonly urlEncode: Value }
  | { readonly concat: readonly Value[] }
  | { readonly first: readonly Value[] }
  | { readonly optional: Value }
  | { readonly uuid: "v4" }
  | { readonly now: { readonly format?: TimeFormat; readonly offset?: Duration } }
  | { readonly hash: { readonly algorithm: HashAlgorithm; readonly encoding?: Encoding; readonly data: Value } }
  | {
      readonly hmac: {
        readonly algorithm: HashAlgorithm;
        readonly encoding?: Encoding;
        readonly key: Value;
        readonly data: Value;
      };
    }
  | { readonly jwtClaim: { readonly token: Value; readonly claim: string } }
  | { readonly literal: unknown };

export type FunctionName =
  | "base64"
  | "base64url"
  | "urlEncode"
  | "concat"
  | "first"
  | "optional"
  | "uuid"
  | "now"
  | "hash"
  | "hmac"
  | "jwtClaim"
  | "literal";

export type HashAlgorithm = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
export type Encoding = "hex" | "base64" | "base64url";
export type TimeFormat = "epoch-seconds" | "epoch-milliseconds" | "date-time" | "http-date";

/** One thing that goes on a request: Arazzo's Parameter Object, its value computed. */
export interface Apply {
  readonly in: "header" | "query" | "cookie";
  readonly name: string;
  readonly value: Value;
  /** `false` leaves it out when a value in it is missing. Default `true`: a missing value is an error. */
  readonly required?: boolean;
}

/** A parameter of a token call: Arazzo's Parameter Object. */
export interface Parameter {
  readonly in: "path" | "query" | "header" | "cookie";
  readonly name: string;
  readonly value: Value;
}

/** A condition in Arazzo's simple grammar, such as `$statusCode == 401 && $response.body#/error == 'invalid_token'`. */
export interface Criterion {
  readonly condition: string;
}

/** What a failed token call means, or which call comes next: Arazzo's Failure Action. The first whose criteria hold is taken. */
export type FailureAction =
  | { readonly type: "end"; readonly outcome: FailureOutcome; readonly criteria: readonly Criterion[] }
  | { readonly type: "goto"; readonly operation: RenewalRole; readonly criteria: readonly Criterion[] };

export type FailureOutcome = "credentials-rejected" | "challenge" | "failed";

/** The calls a renewal is made of. */
export type RenewalRole = "obtain" | "refresh" | "recover";

/** What a token call does in its lifecycle. */
export type TokenRole = RenewalRole | "revoke";

/** One call of an operation of the same document: Arazzo's Step Object. */
export interface TokenCall {
  /** Names the step for `$steps.<stepId>.outputs`; needed only within a chain. */
  readonly stepId?: string;
  readonly operationId: string;
  readonly let?: { readonly [name: string]: Value };
  /** Client authentication that goes on this call beside what the operation's own `security` asks for. */
  readonly apply?: readonly Apply[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly contentType: string; readonly payload: Value };
  /** All must hold for the call to have succeeded. */
  readonly successCriteria: readonly Criterion[];
  readonly outputs?: { readonly [output: string]: Value };
  readonly onFailure?: readonly FailureAction[];
}

/** A token call, or a chain of them of which the last one's outputs count. */
export type TokenOperation = TokenCall | { readonly steps: readonly TokenCall[] };

/** When an output ends, judged against the response that brought it. The first of a list that yields is taken. */
export type Expiry =
  /** So long after the request was sent. `never` is the value that means it does not end. */
  | { readonly in: Expression; readonly unit?: "seconds" | "milliseconds" | "minutes"; readonly never?: number | string }
  /** At that moment. */
  | { readonly at: Expression; readonly format: TimeFormat; readonly never?: number | string }
  /** So long after the request was sent, whatever the response says. */
  | { readonly after: Duration }
  /** At the moment in that claim (seconds since 1970) of the output itself, read as a JWT and not verified. */
  | { readonly claim: string }
  | { readonly never: true };

/** The nature of a refresh token: what may be done when the answer to a refresh is lost. */
export interface RefreshTokenNature {
  /** Whether a refresh brings another refresh token. `sometimes` (default): replace if present, else keep. */
  readonly rotation: "never" | "sometimes" | "always";
  /** How often one refresh token may be used. */
  readonly uses?: number;
  /** The output that says how many uses are left. */
  readonly remainingUses?: Expression;
  /** When to run `recover` before a refresh; all must hold. */
  readonly recoverWhen?: readonly Criterion[];
  /** How long a spent refresh token may be shown again. */
  readonly reuseWindow?: Duration;
  /** Whether a refresh ends the access token it replaces. */
  readonly revokesAccessToken?: boolean;
  /** Whether the service hands out the live token again until it ends. */
  readonly sameTokenWhileValid?: boolean;
  /** After how long without use it ends. */
  readonly idleExpiry?: Duration;
  /** After how long it ends, counted from the grant, however often it is replaced. */
  readonly absoluteExpiry?: Duration;
}

/**
 * A Security Scheme Object as the runtime needs it. A scheme with `obtain`, `refresh` or `initial` is a *slot*: it holds
 * tokens that turn. One without is a header convention: values of the caller, presented.
 */
export interface SecurityScheme {
  /** The inputs without which this scheme cannot be used, in the document's order. */
  readonly requires: readonly string[];
  /** What goes on every request that requires the scheme. */
  readonly apply: readonly Apply[];
  /** Computed once per request, read as `$let.name`. */
  readonly let?: { readonly [name: string]: Value };
  /** What makes two slots of this scheme different. */
  readonly key?: readonly Value[];
  /** Outputs that the caller may already hold. */
  readonly initial?: { readonly [output: string]: Expression };
  readonly obtain?: TokenOperation;
  readonly refresh?: TokenOperation;
  readonly recover?: TokenOperation;
  readonly revoke?: TokenOperation & { readonly ends: readonly string[] };
  readonly expires?: { readonly [output: string]: readonly Expiry[] };
  /** Renew this much ahead of the end. */
  readonly leeway?: Duration;
  readonly refreshToken?: RefreshTokenNature;
  /** Judged on every response to a request that required the scheme; all criteria of a list must hold. */
  readonly rejected?: {
    readonly token?: readonly Criterion[];
    readonly credentials?: readonly Criterion[];
    readonly challenge?: readonly Criterion[];
  };
}

export interface SecuritySchemes {
  readonly [scheme: string]: SecurityScheme;
}

/** One alternative of an operation's security: all schemes named here together, with their scopes. */
export interface SecurityRequirement {
  readonly [scheme: string]: readonly string[];
}

/** The methods that have a member of their own in a Path Item Object; `query` since OpenAPI 3.2. */
export type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query";

/** An Operation Object as the runtime needs it. */
export interface Operation {
  /** In lower case; one of OpenAPI 3.2's `additionalOperations` as it goes on the wire. */
  readonly method: HttpMethod | (string & Record<never, never>);
  /** The path template, relative to the server. */
  readonly path: string;
  /** Alternatives in order. `{}` is a call without credentials; an empty list asks for none. */
  readonly security: readonly SecurityRequirement[];
  /** The servers of this operation, in place of the document's. */
  readonly servers?: readonly Server[];
  /** Parameters that carry `x-fill`: the value used when the caller leaves them out. */
  readonly fill?: readonly Parameter[];
  /** The media type of the request body, when it has one: of several the first that is JSON, else the first. */
  readonly contentType?: string;
  /** All of its media types, where bytes that know their own may be sent as another one of them. */
  readonly contentTypes?: readonly string[];
  /** The media types of successes, as an `Accept` header. Left out where they are `application/json` alone, or none. */
  readonly accept?: string;
  /** The parameters that are not written as their place has it by default. */
  readonly parameters?: readonly WireParameter[];
  /**
   * How properties of a form are written, by the form's media type, where that is not the default. Parts without names are
   * known by their position, and `*` is any that has none of its own.
   */
  readonly encoding?: { readonly [mediaType: string]: { readonly [property: string]: WireEncoding } };
  /** How successful answers are read, by media type. Left out where all of them are JSON, or nothing. */
  readonly answers?: { readonly [mediaType: string]: AnswerKind };
  /** Of a stream of events whose data is JSON: what of it is text all the same. */
  readonly texts?: EventTexts;
}

/** Data of server-sent events that stands as it is in a stream of JSON. */
export interface EventTexts {
  /** The types of events whose data is text; `message` for those that name none. */
  readonly events?: readonly string[];
  /** Data that is no JSON, such as a sign that the stream ends here. */
  readonly data?: readonly string[];
}

/** A `style` of OpenAPI; `cookie` since 3.2. */
export type ParameterStyle =
  | "simple"
  | "label"
  | "matrix"
  | "form"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject"
  | "cookie";

/** What OpenAPI's Encoding Object says of one property. */
export interface WireEncoding {
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly allowReserved?: boolean;
  /** The media type that the value is written as; of a part several, or ranges of them, with commas between. */
  readonly contentType?: string;
  /** Headers of a part that have one value. */
  readonly headers?: { readonly [name: string]: string };
  /** Of a part that has parts or properties itself: how these are written, as in {@link Operation.encoding}. */
  readonly encoding?: { readonly [property: string]: WireEncoding };
}

/** What a Parameter Object says of how its value is written; `contentType` stands for its `content`. */
export interface WireParameter extends WireEncoding {
  readonly in: "path" | "query" | "querystring" | "header" | "cookie";
  readonly name: string;
}

/**
 * What an answer becomes: a value, text, a `Blob`, or an async iterable of items. Items are JSON `lines` or a JSON text
 * `sequence` (RFC 7464), or server-sent events: as the item's schema has them (`events`), or with that schema's value for
 * their `data` (`data`), which is text, or JSON (`json-events`, `json-data`).
 */
export type AnswerKind = "json" | "text" | "blob" | "lines" | "sequence" | "events" | "json-events" | "data" | "json-data";

export interface Operations {
  readonly [operationId: string]: Operation;
}

/** A Server Object, with the short name that `createClient` accepts. */
export interface Server {
  readonly name?: string;
  readonly url: string;
  readonly variables?: { readonly [variable: string]: { readonly default: string; readonly enum?: readonly string[] } };
}

/** A value that the caller supplies, read when it is needed. */
export interface InputDeclaration {
  /** Never shown in a message, an event or a printed URL. */
  readonly secret?: boolean;
  /** Used when the caller gives none. */
  readonly default?: string | number | boolean;
}

export interface InputDeclarations {
  readonly [input: string]: InputDeclaration;
}

/** One API: everything that its document says and the runtime needs. */
export interface ApiDefinition {
  /** The document's name; part of the key of every slot. */
  readonly name: string;
  readonly servers: readonly Server[];
  readonly inputs: InputDeclarations;
  readonly operations: Operations;
  readonly securitySchemes: SecuritySchemes;
}
