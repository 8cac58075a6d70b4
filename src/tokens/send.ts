/** The way out: credentials on, the request sent, a rejected token renewed and the request sent once more. */

import type { Criterion } from "../lifecycle/contract.js";
import { holds, parseCondition, type Scope } from "../lifecycle/expression.js";
import { chooseAlternative, type Presentation, present } from "./credentials.js";
import type { Credential, Outgoing } from "./engine.js";
import { readText } from "./read.js";
import { followRedirects, guardOrigin } from "./redirect.js";

type Fetch = (request: Request) => Promise<Response>;

/** More than an error envelope ever holds; a criterion does not look into a longer body. */
const JUDGED_BODY_BYTES = 64 * 1024;

/**
 * Sends a request under the credentials that its operation asks for.
 *
 * A response that a scheme's `rejected.token` criteria judge as a rejected token leads to one renewal and one replay: if the
 * token was replaced meanwhile, to the replay alone. The answer to the replay is the caller's, whatever it is. A body that
 * cannot be sent twice is not: the caller gets the rejection, and the slot is marked.
 *
 * @throws {TokenError} when the token cannot be had, or the request would carry credentials elsewhere.
 */
export async function send(outgoing: Outgoing, fetch: Fetch): Promise<Response> {
  const { operationId, request, caller, replayable, construction } = outgoing;
  const { engine } = caller;
  const operation = engine.definition.operations[operationId]!;
  const schemes = chooseAlternative(operationId, operation, caller);
  if (schemes.length > 0) guardOrigin(request.url, engine, operationId);

  const presentAll = () =>
    Promise.all(schemes.map((scheme) => present(scheme, operationId, caller, construction, request.signal)));
  const presentations = await presentAll();
  const spare = replayable ? request.clone() : undefined;
  const response = await dispatch(outgoing, request, spare, presentations, fetch);

  const rejected = await rejectedBy(presentations, response, outgoing);
  if (rejected.length === 0) return response;
  for (const { token } of rejected) token.slot.reject(token.generation, { operationId, status: response.status });
  if (spare === undefined) return response;

  const renewed = await presentAll();
  const moved = rejected.some(({ scheme, token }) =>
    renewed.some((next) => next.scheme === scheme && next.token !== undefined && next.token.generation !== token.generation),
  );
  if (!moved) return response;
  await response.body?.cancel();
  for (const { scheme, token } of renewed) {
    if (token !== undefined) engine.emit({ type: "replayed", operationId, scheme, generation: token.generation });
  }
  const answer = await dispatch(outgoing, spare.clone(), spare, renewed, fetch);
  for (const { token } of await rejectedBy(renewed, answer, outgoing)) {
    token.slot.reject(token.generation, { operationId, status: answer.status, replayed: true });
  }
  return answer;
}

async function dispatch(
  { operationId, follow, further = [] }: Outgoing,
  request: Request,
  spare: Request | undefined,
  presentations: readonly Presentation[],
  fetch: Fetch,
): Promise<Response> {
  const credentials = [...presentations.flatMap((presentation) => presentation.credentials), ...further];
  const signed = await withCredentials(request, credentials);
  if (!follow) return fetch(signed);
  return followRedirects({ operationId, request: signed, spare, credentials, fetch });
}

/** What the caller has set is the caller's: no credential replaces it. */
async function withCredentials(request: Request, credentials: readonly Credential[]): Promise<Request> {
  const query = credentials.filter((credential) => credential.in === "query");
  let signed = request;
  if (query.length > 0) {
    const url = new URL(request.url);
    for (const { name, value } of query) if (!url.searchParams.has(name)) url.searchParams.set(name, value);
    signed = new Request(url, { ...initOf(request), ...(request.body && { body: await request.arrayBuffer() }) });
  }
  const own = new Set(signed.headers.keys());
  for (const { in: place, name, value } of credentials) {
    if (place === "header" && !own.has(name.toLowerCase())) signed.headers.set(name, value);
    if (place === "cookie") signed.headers.append("Cookie", `${name}=${encodeURIComponent(value)}`);
  }
  return signed;
}

function initOf({ method, headers, signal, redirect, credentials, mode, cache }: Request): RequestInit {
  return { method, headers, signal, redirect, credentials, mode: mode === "navigate" ? "cors" : mode, cache };
}

type Rejected = Presentation & { readonly token: NonNullable<Presentation["token"]> };

/** The schemes whose token this response rejects. Credentials and challenges are reported, and are the caller's. */
async function rejectedBy(
  presentations: readonly Presentation[],
  response: Response,
  { operationId, caller }: Outgoing,
): Promise<Rejected[]> {
  const { engine } = caller;
  const judge = judgeOf(response);
  const rejected: Rejected[] = [];
  for (const presentation of presentations) {
    const { scheme, token } = presentation;
    const criteria = engine.definition.securitySchemes[scheme]?.rejected;
    if (criteria === undefined) continue;
    if (await judge(criteria.credentials)) {
      engine.emit({ type: "credentials-rejected", scheme, operationId, status: response.status });
    } else if (await judge(criteria.challenge)) {
      engine.emit({ type: "challenge", scheme, operationId, status: response.status, attempt: 1 });
    } else if (token !== undefined && (await judge(criteria.token))) rejected.push({ ...presentation, token });
  }
  return rejected;
}

/** Judges a response; its body is read, once and from a copy, only where the status does not decide. */
function judgeOf(response: Response): (criteria: readonly Criterion[] | undefined) => Promise<boolean> {
  const { status, headers } = response;
  let scope: Scope = { response: { status, headers } };
  return async (criteria) => {
    if (criteria === undefined || criteria.length === 0) return false;
    const conditions = criteria.map(({ condition }) => parseCondition(condition));
    const decide = () => {
      const verdicts = conditions.map((condition) => holds(condition, scope));
      return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
    };
    const verdict = decide();
    if (verdict !== undefined) return verdict;
    scope = { response: { status, headers, body: { value: await readJson(response) } } };
    return decide() ?? false;
  };
}

async function readJson(response: Response): Promise<unknown> {
  if (!/\bjson\b/i.test(response.headers.get("content-type") ?? "")) return undefined;
  const { text } = await readText(response.clone(), JUDGED_BODY_BYTES);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
