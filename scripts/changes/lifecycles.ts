/** How tokens live, before and now: what each security scheme presents, by which calls it is renewed, and until when it holds. */

import type { ApiDefinition, Expiry, SecurityScheme, TokenOperation, TokenRole } from "../../src/lifecycle/contract.js";
import { tokenCalls } from "../../src/lifecycle/definition.js";
import { expiryInWords, outputInWords, plain } from "../model/words.js";
import { join, object } from "../spec/pointer.js";
import type { Finding } from "./change.js";

export function compareSchemes(before: ApiDefinition, after: ApiDefinition): Finding[] {
  const [old, present] = [before.securitySchemes, after.securitySchemes];
  return [...new Set([...Object.keys(old), ...Object.keys(present)])].flatMap((name): Finding[] => {
    const [was, is] = [own(old, name), own(present, name)];
    const pointer = join("/components/securitySchemes", name);
    if (is === undefined) {
      return [
        {
          kind: "scheme-removed",
          impact: "breaking",
          message: `security scheme "${name}" is gone`,
          pointer: "/components/securitySchemes",
          part: "key",
        },
      ];
    }
    if (was === undefined)
      return [{ kind: "scheme-added", impact: "safe", message: `security scheme "${name}" is new`, pointer, part: "key" }];
    return compareScheme(name, was, is, pointer);
  });
}

function compareScheme(name: string, was: SecurityScheme, is: SecurityScheme, scheme: string): Finding[] {
  const lifecycle = join(scheme, "x-token-lifecycle");
  const tell = (kind: Finding["kind"], impact: Finding["impact"], what: string, member: string): Finding => {
    return { kind, impact, message: `"${name}": ${what}`, pointer: join(lifecycle, member), part: "key" };
  };
  const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  return [
    ...(differs(was.apply, is.apply) || differs(was.let, is.let)
      ? [tell("scheme-apply", "risky", "something else goes on requests", "apply")]
      : []),
    ...(differs(was.key, is.key)
      ? [tell("scheme-key", "risky", "tokens that are kept will not be found, the key is another one", "key")]
      : []),
    ...compareCalls(name, was, is, lifecycle),
    ...compareLifetimes(name, was, is, lifecycle),
    ...compareNature(name, was, is, lifecycle),
    ...(differs(was.leeway, is.leeway) ? [tell("scheme-other", "safe", "another leeway for the renewal", "leeway")] : []),
    ...(differs(was.initial, is.initial)
      ? [tell("scheme-other", "risky", "other outputs may be brought along", "initial")]
      : []),
    ...(["token", "credentials", "challenge"] as const).flatMap((what): Finding[] => {
      if (!differs(was.rejected?.[what], is.rejected?.[what])) return [];
      return [tell("scheme-rejected", "risky", `other answers mean that the ${REJECTED[what]}`, "rejected")];
    }),
  ];
}

const REJECTED = {
  token: "token is rejected",
  credentials: "credentials are rejected",
  challenge: "a person must act",
} as const;

const ROLES: readonly TokenRole[] = ["obtain", "refresh", "recover", "revoke"];

function compareCalls(name: string, was: SecurityScheme, is: SecurityScheme, lifecycle: string): Finding[] {
  return ROLES.flatMap((role): Finding[] => {
    const [old, present] = [was[role], is[role]];
    if (JSON.stringify(old) === JSON.stringify(present)) return [];
    const tell = (impact: Finding["impact"], what: string): Finding[] => {
      return [{ kind: "scheme-calls", impact, message: `"${name}" ${what}`, pointer: join(lifecycle, role), part: "key" }];
    };
    // Whoever revokes calls a method that then throws; the other calls are made by the runtime alone.
    if (present === undefined) return tell(role === "revoke" ? "breaking" : "risky", `has no ${role} any more`);
    if (old === undefined) return tell("safe", `has a ${role} now: ${namesOf(present)}`);
    const [one, other] = [namesOf(old), namesOf(present)];
    return tell(
      "risky",
      one === other ? `calls ${other} otherwise to ${role}` : `calls ${other} to ${role}, and called ${one}`,
    );
  });
}

function namesOf(operation: TokenOperation): string {
  return tokenCalls(operation)
    .map(({ operationId }) => operationId)
    .join(", then ");
}

function compareLifetimes(name: string, was: SecurityScheme, is: SecurityScheme, lifecycle: string): Finding[] {
  const outputs = new Set([...Object.keys(was.expires ?? {}), ...Object.keys(is.expires ?? {})]);
  return [...outputs].flatMap((output): Finding[] => {
    const [old, present] = [own(was.expires ?? {}, output), own(is.expires ?? {}, output)];
    if (JSON.stringify(old) === JSON.stringify(present)) return [];
    const message = `the ${outputInWords(output, plain)} of "${name}" lives ${lifetime(present)}, and lived ${lifetime(old)}`;
    return [{ kind: "scheme-lifetime", impact: "risky", message, pointer: join(lifecycle, "expires", output), part: "key" }];
  });
}

function lifetime(rules: readonly Expiry[] | undefined): string {
  if (rules === undefined || rules.length === 0) return "until it is refused";
  try {
    return expiryInWords(rules, plain);
  } catch {
    // Documents that were never linted say things that cannot be read.
    return JSON.stringify(rules);
  }
}

function compareNature(name: string, was: SecurityScheme, is: SecurityScheme, lifecycle: string): Finding[] {
  const [old, present] = [object(was.refreshToken), object(is.refreshToken)];
  return [...new Set([...Object.keys(old), ...Object.keys(present)])].flatMap((member): Finding[] => {
    const [one, other] = [old[member], present[member]].map((value) =>
      value === undefined ? undefined : JSON.stringify(value),
    );
    if (one === other) return [];
    const message = `${member} of the refresh token of "${name}" is now ${other ?? "unstated"}, and was ${one ?? "unstated"}`;
    return [
      { kind: "scheme-refresh-token", impact: "risky", message, pointer: join(lifecycle, "refreshToken", member), part: "key" },
    ];
  });
}

function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
