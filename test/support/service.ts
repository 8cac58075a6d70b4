import { type ApiDefinition, type ClientOptions, createClient, type TokenEvent } from "../../src/index.js";
import { readDefinition } from "../../src/lifecycle/definition.js";
import { reaching } from "./transport.js";

/** A clock that a test sets. */
export function testClock(startMs = Date.UTC(2026, 0, 1)): { now(): number; advance(ms: number): void } {
  let current = startMs;
  return {
    now: () => current,
    advance: (ms) => {
      current += ms;
    },
  };
}

/** What a scripted service was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Handler = (asked: Asked) => Response | Promise<Response>;

export interface Script {
  /** The document, as plain data. */
  readonly document: unknown;
  /** Answers by `METHOD /path`. */
  readonly routes: Readonly<Record<string, Handler>>;
  readonly options?: Partial<ClientOptions<LooseTypes, ApiDefinition>>;
}

/** Types for definitions that are made in a test: whatever is called is called loosely. */
export interface LooseTypes {
  // biome-ignore lint/suspicious/noExplicitAny: definitions made in a test have no generated types
  readonly paths: any;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly operations: any;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly challenge: { readonly status: number; readonly body: unknown; readonly attempt: number };
}

export interface LooseResult {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** The operations of the documents that tests make. */
export type LooseClient = {
  readonly [Operation in "listThings" | "createThing" | "getX" | "postX" | "getOpen"]: (init?: unknown) => Promise<LooseResult>;
};

export interface LooseTokens {
  with(inputs: Readonly<Record<string, unknown>>): LooseClient & LooseTokens;
  state(scheme: string): Promise<Record<string, unknown>>;
  renew(scheme: string): Promise<Record<string, unknown>>;
  revoke(scheme: string): Promise<void>;
}

/** A client of a service that exists in this process alone, with everything it was asked and everything it told. */
export function scripted({ document, routes, options = {} }: Script) {
  const clock = testClock();
  const asked: Asked[] = [];
  const events: TokenEvent[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const entry: Asked = {
      method: request.method,
      path: url.pathname,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    };
    asked.push(entry);
    const handler = routes[`${entry.method} ${entry.path}`];
    if (handler === undefined) return new Response("no such route", { status: 404 });
    return handler(entry);
  };
  const definition = readDefinition(document, "test");
  const client = createClient<LooseTypes, ApiDefinition>(definition, {
    clock,
    onEvent: (event) => events.push(event),
    ...options,
    ...(options.transport === undefined && reaching(options.fetch ?? fetch)),
  }) as unknown as LooseClient & LooseTokens;
  const calls = (route: string) => asked.filter(({ method, path }) => `${method} ${path}` === route);
  const told = (type: TokenEvent["type"]) => events.filter((event) => event.type === type);
  return { client, asked, calls, events, told, clock, definition, fetch };
}

/** A promise with its handles outside. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve_, reject_) => {
    resolve = resolve_;
    reject = reject_;
  });
  return { promise, resolve, reject };
}
