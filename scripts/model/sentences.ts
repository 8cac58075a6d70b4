/** What a scheme presents and how its token lives, in sentences of Markdown. */

import type { SecurityScheme, TokenOperation, Value } from "../../src/lifecycle/contract.js";
import { tokenCalls } from "../../src/lifecycle/definition.js";
import { brings, calledOperations } from "./calls.js";
import {
  code,
  criteriaInWords,
  durationInWords,
  expiryInWords,
  expressionInWords,
  listInWords,
  outputInWords,
  valueInWords,
} from "./words.js";

/** One sentence for each fact, in the order of the life: presented, obtained, ended, refreshed, rejected, revoked. */
export function schemeSentences(scheme: SecurityScheme): string[] {
  return [
    ...presented(scheme),
    ...kept(scheme),
    ...obtained(scheme),
    ...ended(scheme),
    ...refreshed(scheme),
    ...natured(scheme),
    ...recovered(scheme),
    ...challenged(scheme),
    ...rejected(scheme),
    ...revoked(scheme),
  ];
}

function presented({ apply }: SecurityScheme): string[] {
  return apply.map(({ in: place, name, value }) => {
    const words = valueInWords(value);
    return `Goes on each request in the ${place} ${code(name)}${words === undefined ? "" : `, as ${code(words)}`}.`;
  });
}

function kept({ key = [] }: SecurityScheme): string[] {
  const names = key.flatMap((value: Value) => (typeof value === "string" ? [expressionInWords(value, code)] : []));
  return names.length === 0 ? [] : [`There is one for each ${listInWords(names)}.`];
}

function obtained({ obtain, refresh, initial = {} }: SecurityScheme): string[] {
  const held = Object.entries(initial).map(
    ([output, expression]) =>
      `A caller who holds the ${outputInWords(output, code)} already gives it as ${expressionInWords(expression, code)}.`,
  );
  if (obtain === undefined) return held;
  const needsRefresh = refresh !== undefined && !brings(obtain, "accessToken");
  return [
    `Obtained by ${operations(obtain)}${needsRefresh ? ", which brings a refresh token only, so that a refresh follows" : ""}.`,
    ...held,
  ];
}

function ended({ expires = {}, leeway }: SecurityScheme): string[] {
  return Object.entries(expires).map(([output, rules]) => {
    const renewed = output === "accessToken" && leeway ? ` It is renewed ${durationInWords(leeway)} before its end.` : "";
    return `The ${outputInWords(output, code)} lives ${expiryInWords(rules, code)}.${renewed}`;
  });
}

function refreshed({ refresh, refreshToken: nature }: SecurityScheme): string[] {
  if (refresh === undefined) return [];
  const rotation = {
    always: "brings another refresh token each time",
    sometimes: "may bring another refresh token; where it does not, the old one stays",
    never: "leaves the refresh token as it is",
  }[nature?.rotation ?? "sometimes"];
  return [`Refreshed by ${operations(refresh)}, which ${rotation}.`];
}

function natured({ refreshToken: nature = { rotation: "sometimes" } }: SecurityScheme): string[] {
  const { uses, remainingUses, reuseWindow, idleExpiry, absoluteExpiry } = nature;
  const left = remainingUses === undefined ? "" : `; ${expressionInWords(remainingUses, code)} says how many uses are left`;
  return [
    ...(uses === undefined ? [] : [`A refresh token can be used ${uses === 1 ? "once" : `${uses} times`}${left}.`]),
    ...(reuseWindow ? [`A spent refresh token may be shown again for ${durationInWords(reuseWindow)}.`] : []),
    ...(nature.revokesAccessToken ? ["A refresh ends the access token that it replaces."] : []),
    ...(nature.sameTokenWhileValid ? ["While a token lives, the service hands out that one again instead of another."] : []),
    ...(idleExpiry ? [`An unused refresh token ends after ${durationInWords(idleExpiry)}.`] : []),
    ...(absoluteExpiry ? [`A refresh token ends after ${durationInWords(absoluteExpiry)}, used or not.`] : []),
  ];
}

function recovered({ recover, refreshToken }: SecurityScheme): string[] {
  if (recover === undefined) return [];
  const when = refreshToken?.recoverWhen ? ` This is done first when ${criteriaInWords(refreshToken.recoverWhen, code)}.` : "";
  return [`Recovered by ${operations(recover)}, which brings the newest refresh token without spending one.${when}`];
}

function challenged({ obtain, refresh, recover }: SecurityScheme): string[] {
  const sentences = [obtain, refresh, recover].flatMap(tokenCalls).flatMap(({ operationId, onFailure = [] }) =>
    onFailure.flatMap((action) => {
      if (action.type !== "end" || action.outcome !== "challenge") return [];
      const sign = criteriaInWords(action.criteria, code);
      return [
        `When ${code(operationId)} answers with ${sign}, a person must act: ${code("onChallenge")} is asked for further inputs.`,
      ];
    }),
  );
  return [...new Set(sentences)];
}

function rejected({ rejected: signs, obtain, refresh }: SecurityScheme): string[] {
  const isRenewed = obtain !== undefined || refresh !== undefined;
  const then = isRenewed ? "it is renewed, and the request is sent once more" : "the caller has to hand in another";
  return [
    ...(signs?.token ? [`A response with ${criteriaInWords(signs.token, code)} rejects the token: ${then}.`] : []),
    ...(signs?.credentials
      ? [`A response with ${criteriaInWords(signs.credentials, code)} rejects the credentials: nothing is sent again.`]
      : []),
    ...(signs?.challenge ? [`A response with ${criteriaInWords(signs.challenge, code)} means that a person must act.`] : []),
  ];
}

function revoked({ revoke }: SecurityScheme): string[] {
  return revoke === undefined ? [] : [`Revoked by ${operations(revoke)}.`];
}

function operations(operation: TokenOperation): string {
  return listInWords(calledOperations(operation).map(code));
}
