/** The way out: credentials on, the request sent, a rejected token renewed and the request sent once more. */

import { allHold, type Scope } from "../lifecycle/expression.js";
import type { TokenRecord } from "../stores/store.js";
import type { WireRequest } from "../transport.js";
import type { Answer } from "../wire/answer.js";
import { type HeaderList, headerOf, setHeader } from "../wire/headers.js";
import { encode, isJson } from "../wire/parameters.js";
import { chooseAlternative, type Presentation, present } from "./credentials.js";
import type { Credential, Outgoing } from "./engine.js";
import { letGo, readText } from "./read.js";
import { followRedirects, guardOrigin, isRedirect } from "./redirect.js";
import type { Slot } from "./slot.js";

/** More than an error envelope ever holds; a criterion does not look into a longer body that nobody else reads. */
const JUDGED_BODY_BYTES = 64 * 1024;

/**
 * Sends a request under the credentials that its operation asks for. With those at hand it is with the transport before this
 * returns.
 *
 * A response that a scheme's `rejected.token` criteria judge as a rejected token leads to one renewal and one replay: if the
 * token was replaced meanwhile, to the replay alone. The answer to the replay is the caller's, whatever it is. A body that
 * cannot be sent twice is not: the caller gets the rejection, and the slot is marked.
 *
 * @throws {TokenError} when the token cannot be had, or the request would carry credentials elsewhere.
 */
export async function send(outgoing: Outgoing): Promise<Answer> {
  const { request, caller, replayable } = outgoing;
  const { operationId } = request;
  const { engine } = caller;
  const schemes = chooseAlternative(operationId, caller);
  if (schemes.length > 0) guardOrigin(request.url, engine, operationId);

  const presented = presentAll(schemes, outgoing);
  const presentations = presented instanceof Promise ? await presented : presented;
  const response = await dispatch(outgoing, presentations);
  if (presentations.length === 0) return { response };

  const judged = judge(presentations, { response }, outgoing);
  const { answer, rejected } = judged instanceof Promise ? await judged : judged;
  if (rejected.length === 0) return answer;
  for (const { slot, record } of rejected) slot.reject(record.generation, { operationId, status: response.status });
  if (!replayable) return answer;

  const renewed = await presentAll(schemes, outgoing);
  const moved = rejected.some(({ scheme, record }) =>
    renewed.some((next) => next.scheme === scheme && next.record !== undefined && next.record.generation !== record.generation),
  );
  if (!moved) return answer;
  if (answer.text === undefined) await letGo(response);
  for (const { scheme, record } of renewed) {
    if (record !== undefined) engine.emit({ type: "replayed", operationId, scheme, generation: record.generation });
  }
  const second = await judge(renewed, { response: await dispatch(outgoing, renewed) }, outgoing);
  for (const { slot, record } of second.rejected) {
    slot.reject(record.generation, { operationId, status: second.answer.response.status, replayed: true });
  }
  return second.answer;
}

function presentAll(
  schemes: readonly string[],
  { request: { operationId, signal }, caller, construction }: Outgoing,
): readonly Presentation[] | Promise<readonly Presentation[]> {
  const presented = schemes.map((scheme) => present(scheme, operationId, caller, construction, signal));
  return presented.some((one) => one instanceof Promise) ? Promise.all(presented) : (presented as Presentation[]);
}

async function dispatch(
  { request, caller: { engine }, transport = engine.transport, follow, replayable, further = [] }: Outgoing,
  presentations: readonly Presentation[],
): Promise<Response> {
  const signed = withCredentials(request, presentations, further);
  const response = await transport.send(signed);
  if (!follow || !isRedirect(response, request.operationId)) return response;
  const credentials = [...presentations.flatMap((presentation) => presentation.credentials), ...further];
  return followRedirects({ request: signed, response, replayable, credentials, transport });
}

/** What the caller has set is the caller's: no credential replaces it. */
function withCredentials(
  request: WireRequest,
  presentations: readonly Presentation[],
  further: readonly Credential[],
): WireRequest {
  const headers: HeaderList = request.headers.slice();
  let { url } = request;
  const put = ({ in: place, name, value }: Credential) => {
    if (place === "header") {
      if (headerOf(request.headers, name) === undefined) setHeader(headers, name, value);
    } else if (place === "query") {
      if (!hasQuery(url, name)) url += `${url.includes("?") ? "&" : "?"}${encode(name)}=${encode(value)}`;
    } else {
      const cookies = headerOf(headers, "Cookie");
      setHeader(headers, "Cookie", `${cookies === undefined ? "" : `${cookies}; `}${name}=${encodeURIComponent(value)}`);
    }
  };
  for (const { credentials } of presentations) for (const credential of credentials) put(credential);
  for (const credential of further) put(credential);
  const { operationId, method, body, signal, redirect } = request;
  return { operationId, method, url, headers, body, signal, redirect };
}

/** Whether a query has that parameter, however it is encoded; where its name is nowhere in it, at a glance. */
function hasQuery(url: string, name: string): boolean {
  const start = url.indexOf("?");
  if (start < 0 || !(url.includes(name, start) || url.includes("%", start))) return false;
  return new URLSearchParams(url.slice(start)).has(name);
}

/** One that was made from a token. */
type Rejected = Presentation & { readonly slot: Slot; readonly record: TokenRecord };
interface Judged {
  readonly answer: Answer;
  /** The schemes whose token the answer rejects. */
  readonly rejected: readonly Rejected[];
}

/** Judges an answer; its body is read only where the status and the headers do not decide. */
function judge(presentations: readonly Presentation[], answer: Answer, outgoing: Outgoing): Judged | Promise<Judged> {
  const { status, headers } = answer.response;
  const rejected = rejectedBy(presentations, { response: { status, headers } }, outgoing);
  if (rejected !== undefined) return { answer, rejected };
  return readJson(answer, outgoing.readsText).then((read) => {
    const scope = { response: { status, headers, body: { value: read.value } } };
    return { answer: read.answer, rejected: rejectedBy(presentations, scope, outgoing) ?? NONE };
  });
}

const NONE: readonly never[] = [];

/**
 * The presentations whose token is rejected, or nothing when that depends on a body that nobody has read. Refused credentials
 * and challenges are reported, and are the caller's.
 */
function rejectedBy(
  presentations: readonly Presentation[],
  scope: Scope,
  { request: { operationId }, caller: { engine } }: Outgoing,
): readonly Rejected[] | undefined {
  let found: { readonly presentation: Presentation; readonly verdict: Verdict }[] | undefined;
  for (const presentation of presentations) {
    const criteria = engine.definition.securitySchemes[presentation.scheme]?.rejected;
    if (criteria === undefined) continue;
    let verdict: Verdict | undefined;
    for (const what of VERDICTS) {
      if (what === "token" && presentation.slot === undefined) continue;
      const list = criteria[what] ?? NONE;
      const isSo = list.length > 0 && allHold(list, scope);
      if (isSo === undefined) return undefined;
      if (isSo) {
        verdict = what;
        break;
      }
    }
    if (verdict !== undefined) {
      found ??= [];
      found.push({ presentation, verdict });
    }
  }
  if (found === undefined) return NONE;
  const status = scope.response?.status ?? 0;
  return found.flatMap(({ presentation, verdict }) => {
    const { scheme, slot, record } = presentation;
    if (verdict === "credentials") engine.emit({ type: "credentials-rejected", scheme, operationId, status });
    if (verdict === "challenge") engine.emit({ type: "challenge", scheme, operationId, status, attempt: 1 });
    return verdict === "token" && slot !== undefined && record !== undefined ? [{ ...presentation, slot, record }] : [];
  });
}

/** In the order in which they are asked; the first that holds counts. */
const VERDICTS = ["credentials", "challenge", "token"] as const;
type Verdict = (typeof VERDICTS)[number];

/** The JSON of an answer's body: read once where its reader wants the whole text as well, else from a copy. */
async function readJson(answer: Answer, readsWhole: boolean): Promise<{ answer: Answer; value: unknown }> {
  const { response } = answer;
  if (!isJson(response.headers.get("content-type") ?? "")) return { answer, value: undefined };
  const text = readsWhole ? await response.text() : (await readText(response.clone(), JUDGED_BODY_BYTES)).text;
  const read = readsWhole ? { response, text } : answer;
  try {
    return { answer: read, value: JSON.parse(text) };
  } catch {
    return { answer: read, value: undefined };
  }
}
