import type { TokenEvent } from "../events.js";
import type { Features } from "../features.js";
import type { Inputs } from "../inputs.js";
import type { ApiDefinition } from "../lifecycle/contract.js";
import type { TokenStore } from "../stores/store.js";
import type { Transport, WireRequest } from "../transport.js";
import type { Answer } from "../wire/answer.js";
import type { CompiledOperation } from "../wire/request.js";
import type { Presentation } from "./credentials.js";
import type { Gate } from "./gate.js";
import type { Slot } from "./slot.js";

/** What all clients of one family share: one store, one set of slots, one way to the network. */
export interface Engine {
  readonly definition: ApiDefinition;
  /** The parts of the runtime that the definition needs, or all of them. */
  readonly features: Features;
  readonly baseUrl: string;
  /** The same as it begins every URL: absolute where the platform knows what it is relative to. */
  readonly address: string;
  /** The origins that credentials may go to. */
  readonly origins: ReadonlySet<string>;
  readonly store: TokenStore;
  /** Whether the store is this family's own, where nobody else looks: then nothing stands there by its digest. */
  readonly isStoreOwn: boolean;
  /** Names this family as the holder of a lease. */
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that only go forward, whoever sets the clock. */
  readonly monotonic: () => number;
  /** The longest that one token call may take. */
  readonly timeoutMs: number;
  /** How long a lease holds without a sign of life; its holder gives one three times as often. */
  readonly leaseMs: number;
  /** Bounds how many renewals are under way at once. */
  readonly gate: Gate;
  readonly emit: (event: TokenEvent) => void;
  /** The slots in use, by their key in clear. */
  readonly slots: Map<string, Slot>;
  /** Aborted once the family is closed. */
  readonly closing: AbortController;
  readonly transport: Transport;
  /** What writes the requests of an operation. */
  readonly compiled: (operationId: string) => CompiledOperation;
  /** Presents the credentials that an operation asks for, sends the request, and heals a rejected token. */
  readonly send: (outgoing: Outgoing) => Promise<Answer>;
}

/** Who makes a call: a family, and what this member of it was given. */
export interface Caller {
  readonly engine: Engine;
  readonly inputs: Inputs;
  readonly onChallenge?: ((challenge: ChallengeFacts) => unknown) | undefined;
  /** What each scheme presents, as it was made last; there once a call was made. */
  ready?: Presentation[];
}

/** What a person is asked: the answer that ended a renewal, and how often one was asked within it. */
export interface ChallengeFacts {
  readonly scheme: string;
  readonly operationId: string;
  readonly status: number;
  readonly body: unknown;
  /** Counts from 1 within one renewal. */
  readonly attempt: number;
}

/** One header, query parameter or cookie that goes on a request. */
export interface Credential {
  readonly in: "header" | "query" | "cookie";
  readonly name: string;
  readonly value: string;
}

/** A request on its way out. */
export interface Outgoing {
  /** Without its credentials. */
  readonly request: WireRequest;
  readonly caller: Caller;
  /** Whether its body can be sent twice. */
  readonly replayable: boolean;
  /** Whether redirects are followed; a token call never does. */
  readonly follow: boolean;
  /** Whether its answer is read as a whole text, so that whoever judges it may read it. */
  readonly readsText: boolean;
  /** Default: the engine's. */
  readonly transport?: Transport;
  /** Set on a token call: the slot under construction, whose outputs are read as they stand. */
  readonly construction?: Construction;
  /** Credentials beside those that the operation's security asks for. */
  readonly further?: readonly Credential[];
}

/** A slot while it is renewed. */
export interface Construction {
  readonly scheme: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Asked right before the wire: throws when a pause has cost the holder its lease, so that nothing may be sent. */
  readonly mayGo?: () => void;
}
