/**
 * What a document says, as the templates need it: plain data, every decision taken.
 *
 * `definition` is what the runtime executes; all else is for people: words, types, examples, the picture of a token's life.
 */

import type {
  ApiDefinition,
  InputDeclaration,
  Operation,
  RenewalRole,
  SecurityScheme,
  Server,
} from "../../src/lifecycle/contract.js";
import type { FeatureName } from "../../src/lifecycle/features.js";
import type { ApiNames } from "./names.js";

export interface ApiModel {
  /** The document's name, and that of its folder. */
  readonly name: string;
  /** The document's file, relative to the project and with `/`. */
  readonly source: string;
  readonly names: ApiNames;
  readonly title: string;
  readonly summary?: string;
  readonly description?: string;
  /** Where the service documents itself. */
  readonly documentation?: Link;
  /** As read from the document. */
  readonly definition: ApiDefinition;
  /** What the runtime has only for documents that need it, in the order of the alphabet. */
  readonly features: readonly FeatureName[];
  readonly servers: readonly ServerModel[];
  readonly inputs: readonly InputModel[];
  readonly operations: readonly OperationModel[];
  readonly securitySchemes: readonly SchemeModel[];
  readonly challenges: readonly ChallengeModel[];
  /** What a caller writes first. */
  readonly start: StartModel;
}

/** The first lines of a caller: a client with the default server and the inputs that its first call needs. */
export interface StartModel {
  readonly server?: string;
  readonly inputs: readonly InputModel[];
  /** A call that presents a token, as short as there is one. */
  readonly operation?: OperationModel;
}

export interface Link {
  readonly url: string;
  readonly description?: string;
}

export interface ServerModel {
  readonly data: Server;
  readonly description?: string;
}

export interface InputModel {
  readonly name: string;
  readonly declaration: InputDeclaration;
  readonly type: InputType;
  readonly description?: string;
  /** The schemes that cannot be used without it. */
  readonly requiredBy: readonly string[];
}

/** The TypeScript type of an input: one of the primitive types, or the values that it may have. */
export type InputType =
  | { readonly kind: "primitive"; readonly name: "string" | "number" | "boolean" }
  | { readonly kind: "values"; readonly values: readonly (string | number | boolean)[] };

export interface OperationModel {
  /** The operationId, which is the name of the client's method. */
  readonly name: string;
  readonly data: Operation;
  readonly tag?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly documentation?: Link;
  readonly example: ExampleCall;
}

/** The argument of a call as a caller would write it; members that nobody has to write are left out. */
export interface ExampleCall {
  readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly body?: unknown;
}

export interface SchemeModel {
  readonly name: string;
  readonly data: SecurityScheme;
  readonly description?: string;
  /** What it presents and how its token lives, in sentences of Markdown. */
  readonly sentences: readonly string[];
  /** Left out for a scheme that holds no token and only presents what the caller supplies. */
  readonly life?: TokenLife;
}

/** One way in which a renewal can need a person. */
export interface ChallengeModel {
  readonly scheme: string;
  /** The method's name. */
  readonly operation: string;
  /** `undefined` when the document does not say with which statuses it comes. */
  readonly status?: number;
  /** Where the types of the response's body are documented: its key under `responses`, and the media type. */
  readonly body?: { readonly response: string; readonly mediaType: string };
}

/** The states that a slot's token passes through. */
export interface TokenLife {
  readonly states: readonly LifeState[];
  readonly transitions: readonly LifeTransition[];
}

export type LifeStateName =
  | "empty"
  | "refreshable"
  | "fresh"
  | "expiring"
  | "rejected"
  | "challenge"
  | "refused"
  | "failed"
  | "revoked"
  | RenewalRole;

export interface LifeState {
  readonly name: LifeStateName;
  readonly label: string;
}

export interface LifeTransition {
  /** `undefined` is where the life begins. */
  readonly from?: LifeStateName;
  readonly to: LifeStateName;
  readonly label?: string;
}
