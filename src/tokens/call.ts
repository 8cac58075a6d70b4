/** A token call: one operation of the document, sent with values that the lifecycle names, its answer judged and read. */

import { TokenError } from "../errors.js";
import type { FailureAction, Parameter, TokenCall, TokenOperation, Value } from "../lifecycle/contract.js";
import { allHold, type Reference, type Scope } from "../lifecycle/expression.js";
import { evaluate, evaluateMembers, inputNames, MissingValueError, type ValueScope } from "../lifecycle/value.js";
import type { WireRequest } from "../transport.js";
import { headerText } from "../wire/headers.js";
import { deadline } from "./deadline.js";
import type { Caller, Construction, Credential, Outgoing } from "./engine.js";
import { type ReadText, readText } from "./read.js";

/** More than a token answer ever holds. */
const ANSWER_BYTES = 1024 * 1024;
/** Failures that come before anything was sent. Any other may come after: a closed socket does not tell. */
const NOT_SENT =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;
/** No service is left alone for longer than this because it asks for it. */
const LONGEST_RETRY_AFTER_MS = 5 * 60_000;

/** What came of a token operation. */
export type TokenAnswer =
  | {
      readonly kind: "success";
      readonly operationId: string;
      readonly outputs: Readonly<Record<string, unknown>>;
      /** What expiry rules are judged against. */
      readonly scope: Scope;
      /** When the call was begun, in milliseconds since 1970. */
      readonly sentAt: number;
      /** `false` when the answer broke off, so that a token in it may have been lost. */
      readonly whole: boolean;
    }
  | TokenFailure
  | TokenUnavailable;

/** The service refused. */
export interface TokenFailure {
  readonly kind: "failure";
  readonly operationId: string;
  readonly status: number;
  readonly body: unknown;
  /** Every failure action whose criteria hold, in the document's order. */
  readonly actions: readonly FailureAction[];
}

/** The service did not answer, or was not able to. */
export interface TokenUnavailable {
  readonly kind: "unavailable";
  readonly operationId: string;
  readonly status?: number;
  readonly reason?: string;
  /** `no`: the service has not acted; `perhaps`: nobody knows. */
  readonly acted: "no" | "perhaps";
  /** How long the service asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * Performs a token operation for the slot under construction.
 *
 * @param further inputs beyond the caller's own, such as the answer to a challenge; they are kept nowhere.
 * @throws {TokenError} `missing-input` when a value of the request cannot be made.
 */
export async function performTokenOperation(
  operation: TokenOperation,
  construction: Construction,
  caller: Caller,
  further: Readonly<Record<string, unknown>> = {},
): Promise<TokenAnswer> {
  const steps: Record<string, Readonly<Record<string, unknown>>> = {};
  const calls = "steps" in operation ? operation.steps : [operation];
  let answer: TokenAnswer | undefined;
  for (const call of calls) {
    answer = await performCall(call, construction, caller, steps, further);
    if (answer.kind !== "success") return answer;
    if (call.stepId !== undefined) steps[call.stepId] = answer.outputs;
  }
  if (answer === undefined) throw new TypeError(`a token operation of ${construction.scheme} has no steps`);
  return answer;
}

async function performCall(
  call: TokenCall,
  construction: Construction,
  caller: Caller,
  steps: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  further: Readonly<Record<string, unknown>>,
): Promise<TokenAnswer> {
  const { engine } = caller;
  const { operationId } = call;
  const inputs = { ...(await caller.inputs.read(inputNames(valuesOf(call, caller)))), ...further };
  const scope: ValueScope = {
    inputs,
    outputs: construction.outputs,
    steps,
    now: engine.now,
    functions: engine.features.functions,
  };
  const limit = deadline(engine.timeoutMs);
  let sentAt: number;
  let response: Response;
  let read: ReadText;
  try {
    const build = () => buildRequest(call, caller, scope, limit.signal);
    const built = await orMissingInput(build, construction.scheme, operationId);
    sentAt = engine.now();
    construction.mayGo?.();
    const answered = await answerTo({ caller, construction, replayable: true, follow: false, readsText: false, ...built });
    if (typeof answered === "string") {
      return { kind: "unavailable", operationId, reason: answered, acted: NOT_SENT.test(answered) ? "no" : "perhaps" };
    }
    response = answered;
    read = await readText(response, ANSWER_BYTES);
  } finally {
    limit.end();
  }
  const { status, headers } = response;
  const { text, complete } = read;
  const body = parse(text);
  const judged: ValueScope = { ...scope, response: { status, headers, body: { value: body } } };
  const isDamaged = response.ok && call.outputs !== undefined && (!complete || typeof body === "string");
  if (isDamaged) {
    const outputs = salvage(text, call.outputs);
    if (outputs["refreshToken"] === undefined && outputs["accessToken"] === undefined) {
      return { kind: "unavailable", operationId, reason: "damaged answer", acted: "perhaps" };
    }
    return { kind: "success", operationId, outputs, scope: { ...judged, outputs }, sentAt, whole: false };
  }
  if (allHold(call.successCriteria, judged) === true) {
    const outputs: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(call.outputs ?? {})) {
      const output = await evaluate(value, judged);
      if (output !== undefined && output !== null && output !== "") outputs[name] = output;
    }
    return { kind: "success", operationId, outputs, scope: { ...judged, outputs }, sentAt, whole: true };
  }
  const actions = (call.onFailure ?? []).filter(({ criteria }) => allHold(criteria, judged) === true);
  if (actions.length > 0 || !isTransient(status)) return { kind: "failure", operationId, status, body, actions };
  const retryAfterMs = retryAfter(headers.get("retry-after"), engine.now());
  const acted = status === 429 || status === 503 ? "no" : "perhaps";
  return { kind: "unavailable", operationId, status, acted, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** The response, or the reason that there is none. */
async function answerTo(outgoing: Outgoing): Promise<Response | string> {
  try {
    return (await outgoing.caller.engine.send(outgoing)).response;
  } catch (error) {
    if (error instanceof TokenError) throw error;
    return reasonOf(error);
  }
}

async function buildRequest(
  call: TokenCall,
  caller: Caller,
  scope: ValueScope,
  signal: AbortSignal,
): Promise<{ request: WireRequest; further: readonly Credential[] }> {
  const { engine } = caller;
  const operation = engine.definition.operations[call.operationId]!;
  const computed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(call.let ?? {}))
    computed[name] = await evaluate(value, { ...scope, let: computed });
  const full = { ...scope, let: computed };

  const stated = call.parameters ?? [];
  const filled = (operation.fill ?? []).filter((fill) => !stated.some((one) => one.in === fill.in && one.name === fill.name));
  const params: Record<Parameter["in"], Readonly<Record<string, unknown>>> = { path: {}, query: {}, header: {}, cookie: {} };
  for (const { in: place, name, value } of [...filled, ...stated]) {
    params[place] = { ...params[place], ...(await evaluateMembers([[name, value]], full)) };
  }
  const further: Credential[] = [];
  for (const { in: place, name, value } of call.apply ?? []) {
    const made = await evaluateMembers([[name, value]], full);
    further.push({ in: place, name, value: headerText(made[name], name, call.operationId) });
  }
  const { requestBody } = call;
  const init = {
    params,
    signal,
    ...(requestBody && {
      headers: { "Content-Type": requestBody.contentType },
      body: await evaluate(requestBody.payload, full),
    }),
  };
  return { request: engine.compiled(call.operationId).write(init), further };
}

function valuesOf(call: TokenCall, { engine }: Caller): Value[] {
  const fill = engine.definition.operations[call.operationId]?.fill ?? [];
  const listed = [...fill, ...(call.parameters ?? []), ...(call.apply ?? [])].map(({ value }) => value);
  return [...listed, ...Object.values(call.let ?? {}), ...Object.values(call.outputs ?? {}), call.requestBody?.payload ?? null];
}

async function orMissingInput<T>(build: () => Promise<T>, scheme: string, operationId: string): Promise<T> {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof MissingValueError)) throw error;
    const missing = error.references.map(nameOf).join(", ");
    throw new TokenError("missing-input", `${scheme}: ${operationId} cannot be called without ${missing}`, {
      scheme,
      operationId,
    });
  }
}

function nameOf(reference: Reference): string {
  if (reference.root === "inputs") return `input "${reference.name}"`;
  return "name" in reference ? `${reference.root} "${reference.name}"` : reference.root;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Finds tokens in an answer that broke off or is not JSON: a member of the right name whose string is closed. A rotated
 * refresh token in there may be the only copy, so it is kept before anybody asks whether the answer was right.
 */
function salvage(text: string, outputs: Readonly<Record<string, Value>>): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [output, value] of Object.entries(outputs)) {
    if (typeof value !== "string" || !value.startsWith("$response.body#/")) continue;
    const member = JSON.stringify(value.slice(value.lastIndexOf("/") + 1)).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const [, string] = new RegExp(`${member}\\s*:\\s*("(?:[^"\\\\]|\\\\.)+")`).exec(text) ?? [];
    if (string !== undefined) found[output] = parse(string);
  }
  return found;
}

/** RFC 9110 section 10.2.3: seconds or a date; nonsense is nothing, and nobody waits for ever. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** RFC 9110 sections 15.5.9, 15.6 and RFC 6585 section 4: the service was not able to answer, and may be later. */
function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The system's code of a failed connection; never its message, which may hold an address with secrets in it. */
function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: unknown };
  return typeof cause?.code === "string" ? cause.code : String(name ?? "Error");
}
