/** Whether a request may be made: what it presents, against what its operation's `security` asks for. */

import { referencesInValue } from "../lifecycle/value.js";
import type { Account } from "./accounts.js";
import { type Api, rolesOf } from "./api.js";
import type { DocumentedOperation } from "./document.js";
import { isLive, type Token } from "./grants.js";
import {
  areKept,
  type Bindings,
  boundInputs,
  invert,
  merge,
  NOTHING_BOUND,
  type Presentation,
  qualify,
  scopeOf,
} from "./invert.js";
import { own } from "./json.js";
import { presentedAt, type SandboxRequest } from "./request.js";

export type Authentication = Granted | Refused;

export interface Granted {
  readonly kind: "granted";
  /** What was presented; tokens as `$workflows.<scheme>.outputs.x`. */
  readonly bindings: Bindings;
  /** Left out when nothing that was asked for belongs to an account. */
  readonly account?: Account;
  readonly token?: Token;
}

export interface Refused {
  readonly kind: "refused";
  /** The scheme that was not satisfied. */
  readonly scheme: string;
  readonly cause: "token" | "credentials";
  readonly bindings: Bindings;
  /** The token that was presented, when the sandbox once handed it out. */
  readonly token?: Token;
}

/**
 * Judges a request by the alternatives of its operation's security, in their order: the first that is satisfied counts. When
 * none is, the refusal that knows most about what was presented is returned.
 */
export async function authenticate(api: Api, operation: DocumentedOperation, request: SandboxRequest): Promise<Authentication> {
  const refusals: Refused[] = [];
  for (const requirement of operation.security) {
    const judged = await judgeAlternative(api, operation, Object.keys(requirement), request);
    if (judged.kind === "granted") return judged;
    refusals.push(judged);
  }
  const [first] = refusals;
  return refusals.find(({ token }) => token !== undefined) ?? first ?? { kind: "granted", bindings: NOTHING_BOUND };
}

async function judgeAlternative(
  api: Api,
  operation: DocumentedOperation,
  schemes: readonly string[],
  request: SandboxRequest,
): Promise<Authentication> {
  let bindings = NOTHING_BOUND;
  const tokens: Token[] = [];
  for (const scheme of schemes) {
    const judged = await judgeScheme(api, operation, scheme, request);
    if (judged.kind === "refused") return judged;
    const merged = merge(bindings, judged.bindings);
    if (merged === undefined) return refuse(api, scheme, judged.bindings, judged.token);
    bindings = merged;
    if (judged.token !== undefined) tokens.push(judged.token);
  }
  const inputs = boundInputs(bindings);
  if (inputs.size === 0 && tokens.length === 0) return { kind: "granted", bindings };
  // All schemes together have to speak for one account: the application of one and the user of another do not mix.
  const owners =
    tokens.length === 0 ? [api.accounts.find(inputs)] : tokens.map(({ grant }) => api.accounts.findInSlot(grant.slot, inputs));
  const account = owners.at(-1);
  if (account === undefined || owners.includes(undefined)) {
    const culprit = schemes.find((scheme) => causeOf(api, scheme) === "token") ?? schemes.at(-1) ?? "";
    return refuse(api, culprit, bindings, tokens[0]);
  }
  const token = tokens.at(-1);
  return { kind: "granted", bindings, account, ...(token && { token }) };
}

async function judgeScheme(
  api: Api,
  operation: DocumentedOperation,
  name: string,
  request: SandboxRequest,
): Promise<Granted | Refused> {
  const scheme = own(api.definition.securitySchemes, name);
  if (scheme === undefined) return refuse(api, name, NOTHING_BOUND);
  const presentations = scheme.apply.map(
    (apply): Presentation => ({
      value: apply.required === false ? { optional: apply.value } : apply.value,
      presented: presentedAt(request, apply),
    }),
  );
  const readings = invert(presentations, scheme.let === undefined ? {} : { lets: scheme.let });
  let refused = refuse(api, name, readings[0] ?? NOTHING_BOUND);
  for (const bindings of readings) {
    const tokens = presentedTokens(api, name, bindings);
    const [token] = tokens;
    if (tokens.includes(undefined)) continue;
    const inputs = boundInputs(bindings);
    const isKnown = tokens.every((one) => one === undefined || isAcceptable(api, operation, name, one));
    const account = token === undefined ? api.accounts.find(inputs) : api.accounts.findInSlot(token.grant.slot, inputs);
    const isAnyones = inputs.size === 0 && token === undefined && bindings.obligations.length === 0;
    if (isKnown && (isAnyones || (account !== undefined && (await keeps(api, account, bindings, request))))) {
      const owner = isAnyones ? undefined : account;
      return { kind: "granted", bindings: qualify(bindings, name), ...(owner && { account: owner }), ...(token && { token }) };
    }
    refused = refuse(api, name, bindings, token);
  }
  return refused;
}

/** The tokens that a reading names, `undefined` for each that was never handed out as that. */
function presentedTokens(api: Api, scheme: string, { values }: Bindings): (Token | undefined)[] {
  return [...values.values()].flatMap(({ reference, value }) => {
    if (!("name" in reference) || (reference.root !== "outputs" && reference.root !== "workflows")) return [];
    const owner = "of" in reference ? reference.of : scheme;
    const token = api.ledger.find(value);
    const isThat = token?.output === reference.name && token.grant.schemes.includes(owner);
    return [isThat ? token : undefined];
  });
}

/** A token that a token call is asked with is judged by that call; every other one has to be live and not replaced. */
function isAcceptable(api: Api, operation: DocumentedOperation, scheme: string, token: Token): boolean {
  const isJudgedLater = rolesOf(api, operation).some(
    ({ lifecycle, role }) => role !== "obtain" && lifecycle.name !== scheme && token.grant.schemes.includes(lifecycle.name),
  );
  if (isJudgedLater) return true;
  const isReplacedRefreshToken = token.replacedAt !== null && !isAccessToken(api, token);
  return isLive(token, api.now()) && !isReplacedRefreshToken;
}

function isAccessToken({ lifecycles }: Api, { output, grant }: Token): boolean {
  return lifecycles.some(({ name, accessOutputs }) => grant.schemes.includes(name) && accessOutputs.has(output));
}

function keeps(api: Api, account: Account, bindings: Bindings, request: SandboxRequest): Promise<boolean> {
  return areKept(bindings.obligations, { ...scopeOf(bindings), inputs: account.inputs, request }, api.now);
}

function refuse(api: Api, scheme: string, bindings: Bindings, token?: Token): Refused {
  return { kind: "refused", scheme, cause: causeOf(api, scheme), bindings: qualify(bindings, scheme), ...(token && { token }) };
}

function causeOf({ definition }: Api, scheme: string): Refused["cause"] {
  const references = (own(definition.securitySchemes, scheme)?.apply ?? []).flatMap(({ value }) => referencesInValue(value));
  return references.some(({ reference: { root } }) => root === "outputs" || root === "workflows") ? "token" : "credentials";
}
