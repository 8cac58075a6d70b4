/** The sandbox: documents in, a server that plays their services out. */

import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { parse } from "yaml";
import type { AccountValue, Account as KnownAccount } from "./accounts.js";
import { problem } from "./answers.js";
import { type Alarm, type Api, createApi, type Settings } from "./api.js";
import { exchange, type Outcome } from "./exchange.js";
import { createFaults, type Fault, type OrderedFault } from "./faults.js";
import { type Grant, isLive, revokeTokens, type Token } from "./grants.js";
import { mint } from "./issue.js";
import { named } from "./named.js";
import { createRandom } from "./random.js";
import type { OpenRecord, RequestRecord } from "./record.js";
import { readCookies } from "./request.js";
import { type Lifecycle, tokensOf } from "./roles.js";
import { type Incoming, startServer } from "./server.js";
import { startGrant } from "./token-call.js";

export interface SandboxOptions {
  /** The documents to play, each parsed or as the path of a YAML or JSON file. Their names are their files' by default. */
  readonly documents: readonly SandboxDocument[];
  /** The service's clock, in milliseconds since 1970. Default: the system's. Hand in another one to move time. */
  readonly clock?: { now(): number };
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** How long every answer takes, in milliseconds of real time. Default 0. */
  readonly latencyMs?: number;
  /** Makes every token predictable, for tests that compare. Default: unguessable. */
  readonly seed?: string;
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
  /** Makes an account known: a set of values for the inputs that the document names. What it does not state it does not have. */
  account(api: string, inputs: Readonly<Record<string, AccountValue>>): SandboxAccount;
  /** Every request since the start or the last reset, in order of arrival. */
  readonly requests: readonly RequestRecord[];
  /** Every grant that was revoked because a rotated refresh token was shown again. */
  readonly alarms: readonly Alarm[];

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
 * @throws {TypeError} when no name can be told apart from another, or a document is not an object.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock = Date, host = "127.0.0.1", port = 0, latencyMs = 0, seed } = options;
  const settings: Settings = { latencyMs };
  const requests: OpenRecord[] = [];
  const alarms: Alarm[] = [];
  const random = createRandom(seed);
  const apis = new Map<string, Api>();
  for (const { name, document } of await Promise.all(options.documents.map(readDocument))) {
    if (apis.has(name)) throw new TypeError(`two documents are named "${name}"`);
    apis.set(name, createApi({ name, document, settings, random, alarms, now: () => clock.now() }));
  }
  const faults = new Map([...apis.keys()].map((name) => [name, createFaults()]));
  const server = await startServer({ host, port, listener });
  const handles = new WeakMap<SandboxAccount, KnownAccount>();

  async function listener(incoming: Incoming): Promise<Outcome> {
    const record: OpenRecord = {
      method: incoming.method,
      at: clock.now(),
      headers: [...incoming.headers.keys()],
      secrets: {},
      issued: {},
      members: [],
    };
    requests.push(record);
    const outcome = await respond(incoming, record);
    if (outcome.kind === "answer") record.status = outcome.answer.status;
    return outcome;
  }

  async function respond({ method, target, headers, body }: Incoming, record: OpenRecord): Promise<Outcome> {
    const [path = "", ...query] = target.split("?");
    const api = [...apis.values()].find(({ basePath }) => path === basePath || path.startsWith(`${basePath}/`));
    if (api === undefined) return refuse(404, "No document is served here");
    record.api = api.name;
    const route = api.route(method, path.slice(api.basePath.length) || "/");
    if (route.kind === "unknown-path") return refuse(404, "The document has no such path");
    if (route.kind === "malformed-path") return refuse(400, "The path is not well encoded");
    if (route.kind === "wrong-method") return refuse(405, "The path has no such method", { Allow: route.allow.join(", ") });
    if (body === undefined) return refuse(413, "The body is too large");
    return exchange({
      api,
      operation: route.operation,
      request: {
        method,
        url: `${server.origin}${path}`,
        path: route.parameters,
        query: new URLSearchParams(query.join("?")),
        headers,
        cookies: readCookies(headers.get("cookie")),
      },
      body: { bytes: body, contentType: headers.get("content-type") ?? undefined },
      record,
      faults: faults.get(api.name) ?? createFaults(),
      wait: server.wait,
    });
  }

  const apiOf = (name: string): Api => named(apis, name, "api");

  function selected(name: string, { scheme, account }: Selection): { readonly api: Api; readonly grants: Grant[] } {
    const api = apiOf(name);
    const slots =
      account && Object.keys(api.definition.securitySchemes).map((one) => api.accounts.slot(one, knownAccount(account)));
    if (scheme !== undefined) lifecycleOf(api, scheme);
    const grants = [...api.ledger.grants()].filter(
      (grant) =>
        (scheme === undefined || grant.schemes.includes(scheme)) && (slots === undefined || slots.includes(grant.slot)),
    );
    return { api, grants };
  }

  function knownAccount(handle: SandboxAccount): KnownAccount {
    const account = handles.get(handle);
    if (account === undefined) throw new TypeError("the account is not one of this sandbox");
    return account;
  }

  return {
    origin: server.origin,
    url: (name) => `${server.origin}${apiOf(name).basePath}`,
    requests,
    alarms,

    account(name, inputs) {
      const api = apiOf(name);
      const account = api.accounts.add(inputs);
      const handle: SandboxAccount = {
        id: account.id,
        api: name,
        challenge(demanded = true) {
          account.challenged = demanded;
        },
        issue: (scheme) => issueOutOfBand(api, lifecycleOf(api, scheme), account),
        tokens(scheme) {
          const grants = [...api.ledger.grants()].filter(
            ({ slot }) => slot === api.accounts.slot(lifecycleOf(api, scheme).name, account),
          );
          return valuesOf(grants.findLast(({ isRevoked }) => !isRevoked) ?? grants.at(-1));
        },
      };
      handles.set(handle, account);
      return handle;
    },

    configure(name, stated) {
      const api = apiOf(name);
      api.settings = { ...api.settings, ...stated };
    },
    expire(name, { output, ...selection } = {}) {
      const { api, grants } = selected(name, selection);
      const ends = (token: Token): boolean => (output === undefined ? isAccess(api, token) : token.output === output);
      for (const token of grants.flatMap(({ history }) => history).filter(ends)) {
        if (isLive(token, clock.now())) token.expiresAt = clock.now();
      }
    },
    spend(name, selection = {}) {
      const { api, grants } = selected(name, selection);
      for (const { token } of refreshTokens(api, grants)) token.usesLeft = 0;
    },
    rotate(name, selection = {}) {
      const { api, grants } = selected(name, selection);
      for (const { token, lifecycle } of refreshTokens(api, grants)) reissue(api, lifecycle, token.grant, token.output);
    },
    rotateNext(name, selection = {}) {
      for (const grant of selected(name, selection).grants) grant.rotatesNext = true;
    },
    revoke(name, selection = {}) {
      for (const grant of selected(name, selection).grants) revokeTokens(grant.history);
    },
    fault(name, fault) {
      const api = apiOf(name);
      const operations = new Map(api.operations.map((operation) => [operation.operationId, operation]));
      if (fault.operationId !== undefined) named(operations, fault.operationId, "operation");
      if (fault.scheme !== undefined) lifecycleOf(api, fault.scheme);
      return named(faults, name, "api").order(fault);
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
      for (const each of faults.values()) each.clear();
      for (const api of apis.values()) {
        api.ledger.clear();
        api.settings = settings;
        for (const account of api.accounts.all()) account.challenged = false;
      }
    },
    async close() {
      const closed = server.close();
      for (const each of faults.values()) each.clear();
      await closed;
    },
  };
}

async function readDocument(stated: SandboxDocument): Promise<{ readonly name: string; readonly document: unknown }> {
  if ("document" in stated) return stated;
  const document: unknown = parse(await readFile(stated.path, "utf8"));
  return { name: stated.name ?? basename(stated.path, extname(stated.path)), document };
}

function refuse(status: number, title: string, headers: Readonly<Record<string, string>> = {}): Outcome {
  return { kind: "answer", answer: { ...problem(status, title), headers } };
}

function lifecycleOf({ lifecycles }: Api, scheme: string): Lifecycle {
  return named(new Map(lifecycles.map((lifecycle) => [lifecycle.name, lifecycle])), scheme, "scheme with tokens");
}

/** Starts a grant with a token of every output that the lifecycle's calls bring. */
function issueOutOfBand(api: Api, lifecycle: Lifecycle, account: KnownAccount): Record<string, string> {
  const [first] = lifecycle.roles;
  if (first === undefined) return {};
  const grant = startGrant(api, first, account, [lifecycle.name]);
  for (const role of lifecycle.roles) {
    for (const output of tokensOf(role)) if (!grant.tokens.has(output)) reissue(api, lifecycle, grant, output);
  }
  return valuesOf(grant);
}

/** Issues a token of an output on the terms of the first call that brings it. */
function reissue(api: Api, lifecycle: Lifecycle, grant: Grant, output: string): void {
  const role = lifecycle.roles.find((one) => tokensOf(one).includes(output));
  const operation = api.operations.find(({ operationId }) => operationId === role?.call.operationId);
  if (role === undefined || operation === undefined) return;
  mint(api, operation, role, grant, { output, now: api.now() });
}

function refreshTokens({ lifecycles }: Api, grants: readonly Grant[]): { token: Token; lifecycle: Lifecycle }[] {
  return grants.flatMap(({ tokens, schemes }) => {
    const lifecycle = lifecycles.find(({ name }) => name === schemes[0]);
    if (lifecycle === undefined) return [];
    return [...tokens.values()].flatMap((token) => (lifecycle.refreshOutputs.has(token.output) ? [{ token, lifecycle }] : []));
  });
}

function isAccess({ lifecycles }: Api, { output, grant }: Token): boolean {
  return lifecycles.some(({ name, accessOutputs }) => name === grant.schemes[0] && accessOutputs.has(output));
}

function valuesOf(grant: Grant | undefined): Record<string, string> {
  return Object.fromEntries([...(grant?.tokens ?? [])].map(([output, { value }]) => [output, value]));
}
