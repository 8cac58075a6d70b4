/** One request, from its arrival at an operation to its answer. */

import type { Parameter } from "../lifecycle/contract.js";
import { functions } from "../lifecycle/functions.js";
import { evaluate } from "../lifecycle/value.js";
import { type Answer, isJsonMediaType, problem } from "./answers.js";
import { type Api, latencyOf, rolesOf } from "./api.js";
import { authenticate } from "./credentials.js";
import type { DocumentedOperation } from "./document.js";
import type { Befallen, Fault } from "./faults.js";
import { type Bindings, boundInputs, NOTHING_BOUND, qualify } from "./invert.js";
import { isObject, isScalar, own } from "./json.js";
import { digest, type OpenRecord } from "./record.js";
import { badRequest, firstWithStatus, judgedRejection, rejection } from "./refusals.js";
import type { SandboxRequest } from "./request.js";
import { type Fit, fits } from "./roles.js";
import { playTokenCall, type TokenCallResult } from "./token-call.js";
import type { RawBody } from "./validation.js";

export interface Exchange {
  readonly api: Api;
  readonly operation: DocumentedOperation;
  /** Without its body. */
  readonly request: SandboxRequest;
  readonly body: RawBody;
  readonly record: OpenRecord;
  /** Waits in real time, or less when the sandbox closes. */
  readonly wait: (ms: number) => Promise<void>;
}

/** What goes over the wire: an answer, perhaps cut short, or the end of the connection. */
export type Outcome = { readonly kind: "answer"; readonly answer: Answer; readonly cut?: number } | { readonly kind: "drop" };

export async function exchange(asked: Exchange): Promise<Outcome> {
  const { api, operation, record, wait } = asked;
  const parsed = api.validator.parse(operation, asked.body);
  const request: SandboxRequest = parsed.kind === "parsed" ? { ...asked.request, body: parsed.value } : asked.request;
  const found = fits(rolesOf(api, operation), request);
  note(record, asked, request, found);

  const roles = found.map(({ role }) => ({ role: role.role, scheme: role.lifecycle.name }));
  const befallen = api.faults.take({ operationId: operation.operationId, roles });
  await wait(latencyOf(api) + (befallen?.effect.latencyMs ?? 0));

  const work = async (): Promise<Answer> => {
    if (parsed.kind === "unsupported") {
      return firstWithStatus(api, operation, [415]) ?? problem(415, "The body has a media type that is not documented");
    }
    const problems = api.validator.problems(operation, request, parsed);
    if (problems.length > 0) {
      record.problems = problems;
      return badRequest(api, operation, problems);
    }
    return withEchoes(asked, request, await judge(asked, request, found));
  };
  return befallen === undefined ? { kind: "answer", answer: await work() } : suffer(asked, befallen, work);
}

/** Plays a fault around the work: before it, after it, or in its place. */
async function suffer(asked: Exchange, { effect, released }: Befallen, work: () => Promise<Answer>): Promise<Outcome> {
  const commit = "commit" in effect && effect.commit === true;
  if ("cut" in effect) return { kind: "answer", answer: await work(), cut: effect.cut };
  if ("hang" in effect) {
    if (!commit) await released;
    const answer = await work();
    if (commit) await released;
    return { kind: "answer", answer };
  }
  if ("drop" in effect) {
    if (commit) await work();
    return { kind: "drop" };
  }
  if ("status" in effect) {
    if (commit) await work();
    return { kind: "answer", answer: statedAnswer(effect) };
  }
  if ("rejected" in effect) return { kind: "answer", answer: orderedRejection(asked, effect.rejected) };
  return { kind: "answer", answer: await work() };
}

function statedAnswer({ status, headers = {}, body }: Extract<Fault, { status: number }>): Answer {
  if (body === undefined) return { status, headers };
  return { status, headers, mediaType: typeof body === "string" ? "text/plain" : "application/json", body };
}

function orderedRejection({ api, operation }: Exchange, cause: "token" | "credentials" | "challenge"): Answer {
  const schemes = operation.security.flatMap((requirement) => Object.keys(requirement));
  for (const scheme of schemes) {
    const documented = judgedRejection(api, operation, scheme, cause);
    if (documented !== undefined) return documented;
  }
  const refused = { kind: "refused", scheme: schemes.at(-1) ?? "", bindings: NOTHING_BOUND } as const;
  return rejection(api, operation, { ...refused, cause: cause === "token" ? "token" : "credentials" });
}

async function judge({ api, operation, record }: Exchange, request: SandboxRequest, found: readonly Fit[]): Promise<Answer> {
  const authentication = await authenticate(api, operation, request);
  noteSecrets(record, authentication.bindings);
  if (authentication.kind === "refused") return rejection(api, operation, authentication);
  if (authentication.account !== undefined) record.account = authentication.account.id;
  if (authentication.token !== undefined) record.generation = authentication.token.generation;
  if (found.length > 0) {
    const result = await playTokenCall({ api, operation, request, authentication, fits: found });
    noteResult(record, result);
    // A token in the path must not take the place of the one that the answer brings.
    const named = [...request.path].filter(([, value]) => api.ledger.find(value) === undefined);
    return withNamedMembers(result.answer, named);
  }
  if (rolesOf(api, operation).some(({ role }) => role === "obtain" || role === "refresh")) {
    record.problems = ["the request is none of the token calls that are documented for this operation"];
    return badRequest(api, operation, record.problems);
  }
  const named = isObject(request.body) ? Object.entries(request.body) : [];
  return withNamedMembers(ordinaryAnswer(api, operation), [...request.path, ...named]);
}

/** The first documented success. */
function ordinaryAnswer(api: Api, operation: DocumentedOperation): Answer {
  const answers = api.answers.of(operation, [200]);
  const success =
    answers.find(({ status }) => status >= 200 && status < 300) ?? answers.find(({ status }) => status >= 300 && status < 400);
  return success ?? { status: 204, headers: {} };
}

/** An answer in which what the request named stands where a success has a member of that name and type. */
function withNamedMembers(answer: Answer, named: Iterable<readonly [string, unknown]>): Answer {
  const { body, status } = answer;
  if (!isObject(body) || status >= 300) return answer;
  const echoes = [...named].flatMap(([name, value]) => {
    const known = own(body, name);
    const echo = typeof known === "number" && typeof value === "string" ? Number(value) : value;
    return isScalar(echo) && typeof echo === typeof known && !Number.isNaN(echo) ? [[name, echo] as const] : [];
  });
  return { ...answer, body: Object.fromEntries([...Object.entries(body), ...echoes]) };
}

/**
 * A response header that is named like a request header has that header's value. Where the request lacks it, the service
 * makes one up as the document's `x-fill` would.
 */
function withEchoes({ api, operation }: Exchange, request: SandboxRequest, answer: Answer): Answer {
  const fills = own(api.definition.operations, operation.operationId)?.fill ?? [];
  const headers = Object.entries(answer.headers).map(([name, documented]): [string, string] => {
    const isSame = (one: Pick<Parameter, "in" | "name">): boolean =>
      one.in === "header" && one.name.toLowerCase() === name.toLowerCase();
    if (!operation.parameters.some(isSame)) return [name, documented];
    const filled = fills.filter(isSame).map(({ value }) => evaluate(value, { now: api.now, functions }));
    const [made] = filled.filter((value) => typeof value === "string");
    return [name, request.headers.get(name) ?? made ?? documented];
  });
  return { ...answer, headers: Object.fromEntries(headers) };
}

/** Writes down what the request looks like before anything is made of it. */
function note(record: OpenRecord, { api, operation }: Exchange, request: SandboxRequest, found: readonly Fit[]): void {
  record.api = api.name;
  record.operationId = operation.operationId;
  record.path = operation.path;
  if (isObject(request.body)) {
    const known = api.validator.knownMembers(operation);
    record.members = Object.keys(request.body).filter((name) => known.has(name));
  }
  const [likeliest] = found;
  if (likeliest === undefined) return;
  record.role = likeliest.role.role;
  record.scheme = likeliest.role.lifecycle.name;
  noteSecrets(record, qualify(likeliest.readings[0] ?? NOTHING_BOUND, likeliest.role.lifecycle.name));
}

function noteResult(record: OpenRecord, { role, account, tokens }: TokenCallResult): void {
  record.role = role.role;
  record.scheme = role.lifecycle.name;
  record.issued = Object.fromEntries(tokens.map(({ output, value }) => [output, digest(value)]));
  if (account !== undefined) record.account = account.id;
  const access = tokens.find(({ output }) => role.lifecycle.accessOutputs.has(output));
  if (access !== undefined) record.generation = access.generation;
}

function noteSecrets(record: OpenRecord, bindings: Bindings): void {
  const inputs = [...boundInputs(bindings)].map(([name, value]) => [name, digest(value)] as const);
  const tokens = [...bindings.values.values()].flatMap(({ reference, value }) =>
    reference.root === "workflows" ? [[`${reference.of}.${reference.name}`, digest(value)] as const] : [],
  );
  record.secrets = { ...record.secrets, ...Object.fromEntries([...inputs, ...tokens]) };
}

/** An answer's body as bytes. */
export function bodyBytes({ mediaType, body }: Answer): Buffer {
  if (mediaType === undefined || body === undefined) return Buffer.alloc(0);
  return Buffer.from(isJsonMediaType(mediaType) || typeof body !== "string" ? JSON.stringify(body) : body);
}
