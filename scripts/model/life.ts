/** How the token of a slot lives: the states it passes through, and what leads from one to the next. */

import type { FailureAction, RenewalRole, SecurityScheme, TokenOperation } from "../../src/lifecycle/contract.js";
import { tokenCalls } from "../../src/lifecycle/definition.js";
import { brings, calledOperations } from "./calls.js";
import type { LifeState, LifeStateName, LifeTransition, TokenLife } from "./model.js";
import { criteriaInWords, durationInWords, expressionInWords, plain } from "./words.js";

/** The life of a scheme's token, or `undefined` for a scheme that holds none. */
export function tokenLife(scheme: SecurityScheme): TokenLife | undefined {
  if (scheme.obtain === undefined && scheme.refresh === undefined && scheme.initial === undefined) return undefined;
  const transitions = [...beginning(scheme), ...renewal(scheme), ...ageing(scheme), ...ending(scheme)];
  const reached = new Set(transitions.flatMap(({ from, to }) => [from, to]));
  return { states: states(scheme).filter(({ name }) => reached.has(name)), transitions };
}

function states(scheme: SecurityScheme): LifeState[] {
  const uses = scheme.refreshToken?.uses;
  return [
    { name: "empty", label: "no token" },
    { name: "obtain", label: `obtain with ${calledOperations(scheme.obtain).join(", ")}` },
    { name: "refreshable", label: `refresh token only${uses === undefined ? "" : `, good for ${uses} uses`}` },
    { name: "refresh", label: `refresh with ${calledOperations(scheme.refresh).join(", ")}` },
    { name: "recover", label: `recover with ${calledOperations(scheme.recover).join(", ")}` },
    { name: "fresh", label: "fresh access token" },
    { name: "expiring", label: "about to end" },
    { name: "rejected", label: "rejected by the service" },
    { name: "challenge", label: "a person must act" },
    { name: "refused", label: "credentials rejected" },
    { name: "failed", label: "failed" },
    { name: "revoked", label: "revoked" },
  ];
}

function beginning({ obtain, initial = {} }: SecurityScheme): LifeTransition[] {
  const { refreshToken, accessToken } = initial;
  return [
    ...when(obtain, () => [edge(undefined, "empty"), edge("empty", "obtain", "a request needs the token")]),
    ...when(refreshToken, (held) => [edge(undefined, "refreshable", `the caller holds ${expressionInWords(held, plain)}`)]),
    ...when(accessToken, (held) => [edge(undefined, "fresh", `the caller holds ${expressionInWords(held, plain)}`)]),
  ];
}

function renewal({ obtain, refresh, recover, refreshToken, initial = {} }: SecurityScheme): LifeTransition[] {
  const waitsForRefresh = refresh && ("refreshToken" in initial || (obtain && !brings(obtain, "accessToken")));
  return [
    ...when(obtain, (call) => [
      edge("obtain", brings(call, "accessToken") ? "fresh" : "refreshable", success(call)),
      ...failures("obtain", call),
    ]),
    ...when(waitsForRefresh, () => [edge("refreshable", "refresh")]),
    ...when(refresh, (call) => [edge("refresh", "fresh", success(call)), ...failures("refresh", call)]),
    ...when(recover && refreshToken?.recoverWhen, (criteria) => [
      edge("expiring", "recover", criteriaInWords(criteria, plain)),
    ]),
    ...when(recover, (call) => [edge("recover", "refresh", "with the newest refresh token"), ...failures("recover", call)]),
  ];
}

function ageing({ obtain, refresh, expires, leeway, rejected }: SecurityScheme): LifeTransition[] {
  if (obtain === undefined && refresh === undefined)
    return when(rejected?.token, (criteria) => [
      edge("fresh", "rejected", criteriaInWords(criteria, plain)),
      edge("rejected", "fresh", "when the caller hands in another"),
    ]);
  const renew = refresh ? "refresh" : "obtain";
  const ends = expires?.["accessToken"]?.some((rule) => !("never" in rule && rule.never === true));
  return [
    ...when(ends && (leeway ?? "PT0S"), (ahead) => [
      edge("fresh", "expiring", `${durationInWords(ahead)} before its end`),
      edge("expiring", renew),
    ]),
    ...when(ends && refresh && obtain && expires?.["refreshToken"], () => [
      edge("expiring", "obtain", "when the refresh token has ended too"),
    ]),
    ...when(rejected?.token, (criteria) => [
      edge("fresh", "rejected", criteriaInWords(criteria, plain)),
      edge("rejected", renew, "then the request is sent once more"),
    ]),
  ];
}

function ending({ rejected, revoke }: SecurityScheme): LifeTransition[] {
  return [
    ...when(rejected?.credentials, (criteria) => [edge("fresh", "refused", criteriaInWords(criteria, plain))]),
    ...when(rejected?.challenge, (criteria) => [edge("fresh", "challenge", criteriaInWords(criteria, plain))]),
    ...when(revoke, (call) => [edge("fresh", "revoked", calledOperations(call).join(", "))]),
  ];
}

function failures(role: RenewalRole, operation: TokenOperation): LifeTransition[] {
  const actions = tokenCalls(operation).flatMap(({ onFailure = [] }) => onFailure);
  const taken = actions.map((action, index) => {
    const label = criteriaInWords(action.criteria, plain);
    // Each way is taken once: of two ways with the same sign, the second is for when the first did not help.
    const isSecond = actions.slice(0, index).some(({ criteria }) => criteriaInWords(criteria, plain) === label);
    return edge(role, destination(action), isSecond ? `${label} again` : label);
  });
  const challenged = taken.some(({ to }) => to === "challenge");
  return challenged ? [...taken, edge("challenge", role, "with further inputs")] : taken;
}

function destination(action: FailureAction): LifeStateName {
  if (action.type === "goto") return action.operation;
  return action.outcome === "credentials-rejected" ? "refused" : action.outcome;
}

function success(operation: TokenOperation): string {
  return criteriaInWords(tokenCalls(operation).at(-1)?.successCriteria ?? [], plain);
}

function edge(from: LifeStateName | undefined, to: LifeStateName, label?: string): LifeTransition {
  return { ...(from && { from }), to, ...(label && { label }) };
}

function when<T>(fact: T | false | undefined, then: (fact: T) => LifeTransition[]): LifeTransition[] {
  return fact === undefined || fact === false ? [] : then(fact);
}
