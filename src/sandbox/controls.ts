/** What a test does to tokens behind their holders' backs. */

import { functions } from "../lifecycle/functions.js";
import { evaluate } from "../lifecycle/value.js";
import type { Account } from "./accounts.js";
import type { Api } from "./api.js";
import { type Grant, isLive, type Token } from "./grants.js";
import { mint, startGrant } from "./issue.js";
import { named } from "./named.js";
import { type Lifecycle, tokensOf } from "./roles.js";

/** The lifecycle of a scheme whose tokens turn. */
export function lifecycleOf({ lifecycles }: Api, scheme: string): Lifecycle {
  return named(new Map(lifecycles.map((lifecycle) => [lifecycle.name, lifecycle])), scheme, "scheme with tokens");
}

export interface GrantSelection {
  readonly scheme: string | undefined;
  readonly account: Account | undefined;
}

/** The grants of a scheme and an account; of all where one is left open. */
export function grantsOf(api: Api, { scheme, account }: GrantSelection): Grant[] {
  if (scheme !== undefined) lifecycleOf(api, scheme);
  const slots = account && api.lifecycles.map(({ name }) => api.accounts.slot(name, account));
  return [...api.ledger.grants()].filter((grant) => {
    const isOfScheme = scheme === undefined || grant.schemes.includes(scheme);
    return isOfScheme && (slots === undefined || slots.includes(grant.slot));
  });
}

/** Ends the live tokens of an output, or access tokens where none is named. */
export function expire(api: Api, grants: readonly Grant[], output: string | undefined): void {
  for (const token of grants.flatMap(({ history }) => history)) {
    const isMeant =
      output === undefined ? lifecycleOfGrant(api, token.grant).accessOutputs.has(token.output) : token.output === output;
    if (isMeant && isLive(token, api.now())) token.expiresAt = api.now();
  }
}

/** The refresh tokens in force. */
export function refreshTokens(api: Api, grants: readonly Grant[]): Token[] {
  return grants.flatMap((grant) => {
    const { refreshOutputs } = lifecycleOfGrant(api, grant);
    return [...grant.tokens.values()].filter(({ output }) => refreshOutputs.has(output));
  });
}

/** Puts a fresh token in the place of another. */
export function replace(api: Api, { grant, output }: Token): void {
  reissue(api, lifecycleOfGrant(api, grant), grant, output);
}

/** Starts a grant with a token of every output that the lifecycle's calls bring. */
export function issueOutOfBand(api: Api, lifecycle: Lifecycle, account: Account): Record<string, string> {
  const grant = startGrant(api, lifecycle, account);
  for (const output of new Set(lifecycle.roles.flatMap(tokensOf))) reissue(api, lifecycle, grant, output);
  return valuesOf(grant);
}

/** The newest tokens of a scheme and an account, of the newest grant that has not been revoked if there is one. */
export function newestTokens(api: Api, lifecycle: Lifecycle, account: Account): Record<string, string> {
  const slot = api.accounts.slot(lifecycle.name, account);
  const grants = [...api.ledger.grants()].filter((grant) => grant.slot === slot);
  return valuesOf(grants.findLast(({ isRevoked }) => !isRevoked) ?? grants.at(-1));
}

/** Lets an account hold what its inputs say that it holds already, unless it has tokens: a scheme's `initial` outputs. */
export function grantInitial(api: Api, account: Account): void {
  for (const lifecycle of api.lifecycles) {
    const held = Object.entries(lifecycle.scheme.initial ?? {}).flatMap(([output, expression]) => {
      const value = evaluate(expression, { inputs: account.inputs, now: api.now, functions });
      return typeof value === "string" ? [[output, value] as const] : [];
    });
    if (held.length === 0 || api.ledger.newest(api.accounts.slot(lifecycle.name, account)) !== undefined) continue;
    const grant = startGrant(api, lifecycle, account);
    for (const [output, value] of held) reissue(api, lifecycle, grant, output, value);
  }
}

/** Issues a token of an output, a fresh one by default, on the terms of the first call that brings it. */
function reissue(api: Api, lifecycle: Lifecycle, grant: Grant, output: string, value?: string): void {
  const role = lifecycle.roles.find((one) => tokensOf(one).includes(output));
  const operation = api.operations.find(({ operationId }) => operationId === role?.call.operationId);
  if (role !== undefined && operation !== undefined) mint(api, operation, role, grant, { output, now: api.now(), value });
}

function lifecycleOfGrant(api: Api, { schemes: [scheme = ""] }: Grant): Lifecycle {
  return lifecycleOf(api, scheme);
}

function valuesOf(grant: Grant | undefined): Record<string, string> {
  return Object.fromEntries([...(grant?.tokens ?? [])].map(([output, { value }]) => [output, value]));
}
