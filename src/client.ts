import { type Call, callOf } from "./call.js";
import { detourOf, type Middlewares } from "./detour.js";
import type { TokenEventListener } from "./events.js";
import { checkFeatures, everything, type Features } from "./features.js";
import { Inputs } from "./inputs.js";
import type { ApiDefinition } from "./lifecycle/contract.js";
import { isSlot } from "./lifecycle/features.js";
import type { CallOptions, OperationMethods, PathMethods } from "./methods.js";
import type { Readable } from "./read-write.js";
import { absolute, baseUrlOf, originsOf } from "./servers.js";
import { memoryStore } from "./stores/memory.js";
import type { TokenStore } from "./stores/store.js";
import { slotFor } from "./tokens/credentials.js";
import type { Caller, Engine } from "./tokens/engine.js";
import { createGate } from "./tokens/gate.js";
import { send } from "./tokens/send.js";
import type { SlotState } from "./tokens/slot.js";
import { fetchTransport, type Transport } from "./transport.js";
import { compiler, type Init } from "./wire/request.js";

/**
 * What the types of one API are made from: the paths and the operations by openapi-typescript, the inputs and the challenges
 * of its document.
 */
export interface ApiTypes {
  // biome-ignore lint/complexity/noBannedTypes: openapi-fetch's own bound for paths
  readonly paths: {};
  readonly operations: object;
  readonly inputs: object;
  readonly challenge: unknown;
}

/** Tells the time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Milliseconds from any beginning, which only go forward. Default: those of `performance.now()` beside the system's clock,
   * those of `now` beside any other. A token is over as soon as one of the two says so; `now` is asked once a second.
   */
  monotonic?(): number;
}

/**
 * Asks a person. It receives what the service answered, and returns further inputs, with which the same call is made again;
 * each answer stands for itself and is kept nowhere. Returning nothing gives up.
 */
export type OnChallenge<Types extends ApiTypes> = (
  challenge: Readable<Types["challenge"]>,
) => Partial<Types["inputs"]> | undefined | Promise<Partial<Types["inputs"]> | undefined>;

/** Everything a client may be given; nothing is required until an operation needs it. */
export interface ClientOptions<Types extends ApiTypes, Definition extends ApiDefinition> {
  /** The name of one of the document's servers. Default: the first. */
  readonly server?: ServerName<Definition>;
  /** Values for the variables in the server's address. Default: the document's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Another address, instead of a server of the document: a sandbox, a proxy. Credentials go there too. */
  readonly baseUrl?: string;
  /** Client ids, secrets, names of users and devices: values, or functions that are asked when a value is needed. */
  readonly inputs?: Types["inputs"];
  /** Headers of every call, below those that the document has and those that one call has. Token calls have none of them. */
  readonly headers?: NonNullable<CallOptions["headers"]>;
  /** Where tokens are kept. Default: in this process, shared by the clients that `with` makes. */
  readonly store?: TokenStore;
  /** How requests are sent. Default: the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How requests are sent, by something else than a `fetch`; `close` lets go of it. */
  readonly transport?: Transport;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** The longest that one token call may take, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /**
   * After how long without a sign of life another holder of the store may take over a renewal, in milliseconds. Default:
   * 15,000.
   */
  readonly leaseMs?: number;
  /** The most renewals at once, in all clients that share this one's slots. Others wait their turn. Default: 64. */
  readonly mostRenewals?: number;
  /** Hears what happens to the tokens; no event holds a secret. */
  readonly onEvent?: TokenEventListener;
  /** Asks a person when the service wants a second factor or the like. Without it such a renewal fails with `challenge`. */
  readonly onChallenge?: OnChallenge<Types>;
}

/**
 * A typed client: every operation by its name, every path by its method (as in openapi-fetch), and the few things one may
 * want to do to a token by hand.
 */
export type Client<Types extends ApiTypes, Definition extends ApiDefinition> = PathMethods<Types["paths"], Definition> &
  OperationMethods<Types["operations"], Definition["operations"]> &
  TokenMethods<Types, Definition>;

interface TokenMethods<Types extends ApiTypes, Definition extends ApiDefinition> {
  /** A client with further inputs: it shares store, connections and every slot whose key is the same. */
  with(inputs: Types["inputs"]): Client<Types, Definition>;
  /** How the token of a scheme stands, for these inputs; never the token itself. */
  state(scheme: SlotName<Definition>): Promise<SlotState>;
  /**
   * Brings a new access token now, also after its credentials were rejected.
   *
   * @throws {TokenError} when there is no way to one.
   */
  renew(scheme: SlotName<Definition>): Promise<SlotState>;
  /**
   * Ends the grant at the service (RFC 7009, or as the document says), then forgets its tokens.
   *
   * @throws {TokenError} when the service did not; the tokens are kept then.
   */
  revoke(scheme: RevocableName<Definition>): Promise<void>;
  /**
   * Lets renewals under way come to their end, then lets go of the store and of the transport. Ends every client that `with` made; a call after
   * that fails with `closed`.
   */
  close(): Promise<void>;
}

type ServerName<Definition extends ApiDefinition> = Definition["servers"][number] extends infer Server
  ? Server extends { readonly name: infer Name extends string }
    ? Name
    : never
  : never;

type SlotName<Definition extends ApiDefinition> = SchemeWith<Definition, "leeway">;
type RevocableName<Definition extends ApiDefinition> = SchemeWith<Definition, "revoke">;
type SchemeWith<Definition extends ApiDefinition, Member extends string> = {
  [Scheme in keyof Definition["securitySchemes"] & string]: Member extends keyof Definition["securitySchemes"][Scheme]
    ? Scheme
    : never;
}[keyof Definition["securitySchemes"] & string];

const TIMEOUT_MS = 30_000;
const LEASE_MS = 15_000;
const MOST_RENEWALS = 64;
const SYSTEM_CLOCK: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/**
 * Creates the client of an API, whatever its document needs of the runtime. The types are explicit because the data alone does
 * not tell them.
 *
 * @throws {TypeError} when an input or a server is not one of the document's.
 */
export function createClient<Types extends ApiTypes, Definition extends ApiDefinition>(
  definition: Definition,
  options: ClientOptions<Types, Definition> = {},
): Client<Types, Definition> {
  return createClientWith<Types, Definition>(everything, definition, options);
}

/**
 * Creates the client of one API with what its document needs of the runtime, and nothing else. Generated code calls this with
 * its own data.
 *
 * @throws {TypeError} when an input or a server is not one of the document's, or a feature is missing that it needs.
 */
export function createClientWith<Types extends ApiTypes, Definition extends ApiDefinition>(
  features: Features,
  definition: Definition,
  options: ClientOptions<Types, Definition> = {},
): Client<Types, Definition> {
  checkFeatures(definition, features);
  const { store, clock = SYSTEM_CLOCK, timeoutMs = TIMEOUT_MS, leaseMs = LEASE_MS, onEvent, onChallenge } = options;
  const baseUrl = baseUrlOf(definition, options, features);
  const address = absolute(baseUrl);
  const engine: Engine = {
    definition,
    features,
    baseUrl,
    address,
    origins: originsOf(definition, address, features),
    store: store ?? memoryStore(),
    isStoreOwn: store === undefined,
    // The first use of web crypto takes a millisecond or two, which a process that shares nothing need not wait for.
    holder: store === undefined ? definition.name : crypto.randomUUID(),
    now: () => clock.now(),
    monotonic: clock.monotonic === undefined ? () => clock.now() : () => clock.monotonic!(),
    timeoutMs,
    leaseMs,
    gate: createGate(options.mostRenewals ?? MOST_RENEWALS),
    emit: (event) => {
      try {
        onEvent?.(event);
      } catch {
        // A listener never breaks a call.
      }
    },
    slots: new Map(),
    closing: new AbortController(),
    transport: options.transport ?? fetchTransport(options.fetch),
    compiled: compiler(definition, address, options, features),
    send,
  };
  const inputs = new Inputs(definition.inputs, (options.inputs ?? {}) as Readonly<Record<string, unknown>>);
  const fetch =
    options.transport === undefined ? (options.fetch ?? ((request: Request) => globalThis.fetch(request))) : undefined;
  const family = familyOf(engine, detourOf(baseUrl, fetch), options.headers);
  return clientFor({ engine, inputs, onChallenge: onChallenge as Caller["onChallenge"] }, family) as Client<Types, Definition>;
}

const OWN_METHODS = ["with", "state", "renew", "revoke", "close"] as const;

/** Makes one member for a caller. Members are made on first use, so that a client for one more user costs nothing. */
type Members = ReadonlyMap<string, (caller: Caller) => unknown>;

function familyOf(engine: Engine, detour: Middlewares, headers: unknown): Prototype {
  const { name, operations } = engine.definition;
  const members = new Map<string, (caller: Caller) => unknown>();
  const byPath = new Map<string, string>();
  const calls = new Map<string, Call>();
  const callFor = (operationId: string): Call => {
    let call = calls.get(operationId);
    if (call === undefined) {
      call = callOf(operationId, engine, detour, headers);
      calls.set(operationId, call);
    }
    return call;
  };
  for (const [operationId, { method, path }] of Object.entries(operations)) {
    byPath.set(`${method.toUpperCase()} ${path}`, operationId);
    members.set(operationId, (caller) => {
      const call = callFor(operationId);
      return (init?: Init) => call(init, caller);
    });
  }
  for (const method of ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]) {
    members.set(method, (caller) => (path: string, init?: Init) => {
      const operationId = byPath.get(`${method} ${path}`);
      if (operationId === undefined) return Promise.reject(new TypeError(`${method} ${path} is not an operation of ${name}`));
      return callFor(operationId)(init, caller);
    });
  }
  for (const method of ["use", "eject"] as const) members.set(method, () => detour[method]);
  const prototype = () => shared;
  for (const method of OWN_METHODS) members.set(method, (caller) => ownMethod(method, caller, prototype));
  const shared = prototypeOf(members);
  return shared;
}

/** What one family's clients have in common: a getter for each member, which makes it on first use. */
type Prototype = object;
const CALLER: unique symbol = Symbol("caller");

function prototypeOf(members: Members): Prototype {
  const prototype = {};
  for (const [name, make] of members) {
    Object.defineProperty(prototype, name, {
      enumerable: true,
      get(this: { readonly [CALLER]: () => Caller }) {
        const value = make(this[CALLER]());
        Object.defineProperty(this, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return Object.freeze(prototype);
}

/** The caller stands behind a function, so that nothing prints its inputs. */
function clientFor(caller: Caller, prototype: Prototype): object {
  return Object.create(prototype, { [CALLER]: { value: () => caller } });
}

function ownMethod(method: (typeof OWN_METHODS)[number], caller: Caller, family: () => Prototype): unknown {
  const { engine, inputs: own, onChallenge } = caller;
  if (method === "with") {
    return (inputs: Readonly<Record<string, unknown>>) =>
      clientFor({ engine, inputs: own.with(inputs), onChallenge }, family());
  }
  if (method === "close") return () => close(caller.engine);
  return async (scheme: string) => {
    const slots = Object.entries(caller.engine.definition.securitySchemes).filter(([, definition]) => isSlot(definition));
    if (!slots.some(([name]) => name === scheme)) {
      throw new TypeError(`${scheme} holds no tokens; ${slots.map(([name]) => name).join(", ") || "no scheme"} does`);
    }
    const slot = await slotFor(scheme, caller);
    if (method === "revoke") return slot.revoke(caller);
    if (method === "renew") await slot.renew(caller);
    return slot.state(caller);
  };
}

async function close({ closing, slots, store, transport }: Engine): Promise<void> {
  closing.abort();
  await Promise.all([...slots.values()].map((slot) => slot.saved().catch(() => {}))); // a store that is down stays so
  await Promise.all([store.close?.(), transport.close?.()]);
}
