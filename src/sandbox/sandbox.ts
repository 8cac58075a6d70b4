/** The sandbox: documents in, a server that plays their services out. */

import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { parse } from "yaml";
import type { AccountValue, Account as KnownAccount } from "./accounts.js";
import { type Alarm, type Api, createApi, type Settings } from "./api.js";
import {
  expire,
  grantInitial,
  grantsOf,
  issueOutOfBand,
  lifecycleOf,
  newestTokens,
  refreshTokens,
  replace,
} from "./controls.js";
import { createDispatch } from "./dispatch.js";
import type { Fault, OrderedFault } from "./faults.js";
import { type Grant, revokeTokens } from "./grants.js";
import { named } from "./named.js";
import { createChance, createRandom } from "./random.js";
import type { OpenRecord, RequestRecord } from "./record.js";
import { startServer } from "./server.js";

export interface SandboxOptions {
  /** The documents to play, each parsed or as the path of a YAML or JSON file. Their names are their files' by default. */
  readonly documents: readonly SandboxDocument[];
  /** The service's clock, in milliseconds since 1970. Default: the system's. Hand in another one to move time. */
  readonly clock?: { now(): number };
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** How long every answer takes, in milliseconds of real time; of two figures any between them, by chance. Default 0. */
  readonly latencyMs?: number | readonly [least: number, most: number];
  /** Makes every token and every chance predictable, for tests that compare. Default: unguessable. */
  readonly seed?: string;
  /** How many requests are remembered, the latest ones. Default: all. */
  readonly remember?: number;
  /** Hears of each request when it has been answered, or when it got no answer: what is known of it, without secrets. */
  readonly onRequest?: (record: RequestRecord) => void;
}

export type SandboxDocument =
  | { readonly name: string; readonly document: unknown }
  | { readonly name?: string; readonly path: string };

/** Whose tokens a control is about; left out: all of the API. */
export interface Selection {
  readonly scheme?: string;
  readonly account?: SandboxAccount;
}

/** A running sandbox. */
export interface Sandbox {
  /** Such as `http://127.0.0.1:4711`. */
  readonly origin: string;
  /** The base URL of an API, its server's own base path included. */
  url(api: string): string;
  /**
   * Makes an account known: a set of values for the inputs that the document names. What it does not state it does not have.
   * A token that a scheme takes as `initial` and the account states is in force from the start. The same values are the same
   * account, however often they are stated.
   */
  account(api: string, inputs: Readonly<Record<string, AccountValue>>): SandboxAccount;
  /** Every request since the start or the last reset, in order of arrival. */
  readonly requests: readonly RequestRecord[];
  /** Every grant that was revoked because a rotated refresh token was shown again. */
  readonly alarms: readonly Alarm[];
  /** What of the documents cannot be played, noted when it was first needed: schemas that check nothing or have no sample. */
  readonly unplayable: readonly string[];

  /** Changes how an API plays; what is left out stays. */
  configure(api: string, settings: Settings): void;
  /** Ends access tokens now, though their holders believe them fresh; `output` names another kind. */
  expire(api: string, selection?: Selection & { readonly output?: string }): void;
  /** Takes every use from the refresh tokens in force. */
  spend(api: string, selection?: Selection): void;
  /** Replaces refresh tokens on the service's side: those that clients hold are stale. */
  rotate(api: string, selection?: Selection): void;
  /** Lets the next refresh bring another refresh token, where the lifecycle rotates `sometimes`. */
  rotateNext(api: string, selection?: Selection): void;
  /** Ends grants with all their tokens. */
  revoke(api: string, selection?: Selection): void;
  /** Orders a fault. Faults are tried in the order in which they were ordered. */
  fault(api: string, fault: Fault): OrderedFault;

  /** Every token that was issued and every value of every account, in clear: for tests that look for leaks. */
  secrets(): string[];
  /** Forgets tokens, requests, alarms, faults and settings. Accounts stay. */
  reset(): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** An account of the sandbox. */
export interface SandboxAccount {
  readonly id: string;
  readonly api: string;
  /** Demands a second factor from its token calls until one is passed; `false` demands none any more. */
  challenge(demanded?: boolean): void;
  /** Issues tokens of a scheme out of band, as if the account had logged in elsewhere. Returns them by output. */
  issue(scheme: string): Record<string, string>;
  /** Its newest tokens of a scheme, by output, whether they still count or not; none before the first. */
  tokens(scheme: string): Record<string, string>;
}

/**
 * Starts a server on loopback that plays the other side of documents: it issues, counts, rotates, expires, revokes and
 * rejects tokens as each document says.
 *
 * @throws {TypeError} when two documents have one name.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const {
    clock = Date,
    host = "127.0.0.1",
    port = 0,
    latencyMs = 0,
    seed,
    remember = Number.POSITIVE_INFINITY,
    onRequest,
  } = options;
  const settings: Settings = { latencyMs };
  const requests: OpenRecord[] = [];
  const alarms: Alarm[] = [];
  const unplayable: string[] = [];
  const shared = {
    settings,
    alarms,
    unplayable,
    random: createRandom(seed),
    chance: createChance(seed),
    now: () => clock.now(),
  };
  const apis = new Map<string, Api>();
  for (const { name, document } of await Promise.all(options.documents.map(readDocument))) {
    if (apis.has(name)) throw new TypeError(`two documents are named "${name}"`);
    apis.set(name, createApi({ name, document, ...shared }));
  }
  const handles = new WeakMap<SandboxAccount, KnownAccount>();
  const listener = createDispatch({ apis: [...apis.values()], requests, remember, now: shared.now, onRequest });
  const server = await startServer({ host, port, listener });

  const apiOf = (name: string): Api => named(apis, name, "api");

  /** An API and those of its grants that a control is about. */
  function select(name: string, { scheme, account: handle }: Selection): readonly [Api, Grant[]] {
    const api = apiOf(name);
    const account = handle && handles.get(handle);
    if (handle !== undefined && account === undefined) throw new TypeError("the account is not one of this sandbox");
    return [api, grantsOf(api, { scheme, account })];
  }

  return {
    origin: server.origin,
    url: (name) => `${server.origin}${apiOf(name).basePath}`,
    requests,
    alarms,
    unplayable,

    account(name, inputs) {
      const api = apiOf(name);
      const account = api.accounts.add(inputs);
      grantInitial(api, account);
      const handle: SandboxAccount = {
        id: account.id,
        api: name,
        challenge(demanded = true) {
          account.challenged = demanded;
        },
        issue: (scheme) => issueOutOfBand(api, lifecycleOf(api, scheme), account),
        tokens: (scheme) => newestTokens(api, lifecycleOf(api, scheme), account),
      };
      handles.set(handle, account);
      return handle;
    },

    configure(name, stated) {
      const api = apiOf(name);
      api.settings = { ...api.settings, ...stated };
    },
    expire(name, selection = {}) {
      const [api, grants] = select(name, selection);
      expire(api, grants, selection.output);
    },
    spend(name, selection = {}) {
      for (const token of refreshTokens(...select(name, selection))) token.usesLeft = 0;
    },
    rotate(name, selection = {}) {
      const [api, grants] = select(name, selection);
      for (const token of refreshTokens(api, grants)) replace(api, token);
    },
    rotateNext(name, selection = {}) {
      const [, grants] = select(name, selection);
      for (const grant of grants) grant.rotatesNext = true;
    },
    revoke(name, selection = {}) {
      const [, grants] = select(name, selection);
      for (const grant of grants) revokeTokens(grant.history);
    },
    fault(name, fault) {
      const api = apiOf(name);
      const operations = new Map(api.operations.map((operation) => [operation.operationId, operation]));
      if (fault.operationId !== undefined) named(operations, fault.operationId, "operation");
      if (fault.scheme !== undefined) lifecycleOf(api, fault.scheme);
      return api.faults.order(fault);
    },

    secrets() {
      const ofApis = [...apis.values()].flatMap(({ accounts, ledger }) => [
        ...ledger.values(),
        ...ledger.tickets.keys(),
        ...accounts.all().flatMap(({ inputs }) => Object.values(inputs).map(String)),
      ]);
      return [...new Set(ofApis)];
    },
    reset() {
      requests.length = 0;
      alarms.length = 0;
      for (const api of apis.values()) {
        api.faults.clear();
        api.ledger.clear();
        api.settings = settings;
        for (const account of api.accounts.all()) {
          account.challenged = false;
          grantInitial(api, account);
        }
      }
    },
    async close() {
      const closed = server.close();
      for (const { faults } of apis.values()) faults.clear();
      await closed;
    },
  };
}

async function readDocument(stated: SandboxDocument): Promise<{ readonly name: string; readonly document: unknown }> {
  if ("document" in stated) return stated;
  const text = await readFile(stated.path, "utf8");
  const ending = extname(stated.path);
  const document: unknown = ending === ".json" ? JSON.parse(text) : parse(text);
  return { name: stated.name ?? basename(stated.path, ending), document };
}
