/** The public surface of the runtime. Web standards and openapi-fetch only; stores and the sandbox have their own entries. */

export {
  type ApiTypes,
  type Client,
  type ClientOptions,
  type Clock,
  createClient,
  createClientWith,
  type OnChallenge,
} from "./client.js";
export { TokenError, type TokenErrorCode } from "./errors.js";
export type { RenewalReason, TokenEvent, TokenEventListener } from "./events.js";
export {
  challenges,
  type Features,
  fill,
  functions,
  initial,
  multipart,
  refresh,
  revoke,
  streams,
  styles,
  tokens,
  variables,
} from "./features.js";
export type { Input } from "./inputs.js";
export type {
  ApiDefinition,
  InputDeclarations,
  Operations,
  SecuritySchemes,
  Server,
} from "./lifecycle/contract.js";
export type { CallOptions, ParseAs } from "./methods.js";
export type { Readable, Writable } from "./read-write.js";
export { memoryStore } from "./stores/memory.js";
export type { TokenRecord, TokenStore } from "./stores/store.js";
export type { SlotState } from "./tokens/slot.js";
export { fetchTransport, type Transport, type WireRequest } from "./transport.js";
export { AnswerError, unwrap } from "./unwrap.js";
export { Part, type PartOptions } from "./wire/part.js";
export type { ServerSentEvent } from "./wire/streams.js";
