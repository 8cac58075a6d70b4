/** Plays a case on a transport, and tells what the server and the caller saw. */

import type { Transport, WireRequest } from "../../src/transport.js";
import type { Case } from "./cases.js";
import { httpServer, type Seen, socketServer } from "./loopback.js";
import { type Outcome, outcomeOf } from "./outcome.js";

export interface Observed {
  readonly outcome: Outcome;
  readonly seen: readonly Seen[];
}

export async function observe(transport: Transport, one: Case): Promise<Observed> {
  const { request, answer = (_request, response) => void response.end("ok"), raw, read = (response) => response.text() } = one;
  const server = raw ? await socketServer(raw) : await httpServer(answer);
  const { path = "/", secure = false, ...given } = request?.() ?? {};
  const url = (secure ? server.origin.replace("http:", "https:") : server.origin) + path;
  const whole: WireRequest = { operationId: "op", method: "GET", url, headers: [], redirect: "manual", ...given };
  const outcome = await outcomeOf(transport.send(whole), read);
  await server.close();
  return { outcome, seen: server.seen };
}

/** What fetch says on top (the differences have a row for each), and what is by chance. */
const LEFT_OUT = ["accept-language", "sec-fetch-mode", "host"];

/** Without what may differ: the words of an error, the boundary of a form, the order of headers. */
export function comparable({ outcome, seen }: Observed): unknown {
  return { outcome: withoutWords(outcome), seen: seen.map(withoutChance) };
}

/** Each says in its own words what is wrong; the error's class and code are the same. */
function withoutWords(outcome: Outcome): unknown {
  return JSON.parse(JSON.stringify(outcome), (key, value: unknown) => (key === "said" ? undefined : value));
}

function withoutChance({ names, headers, body, ...rest }: Seen): unknown {
  const boundary = /boundary=(.*)$/.exec(headers["content-type"] ?? "")?.[1];
  const without = (text: string) => (boundary === undefined ? text : text.replaceAll(boundary, "BOUNDARY"));
  const kept = Object.entries(headers).filter(([name]) => !LEFT_OUT.includes(name));
  return {
    ...rest,
    names: names.filter((name) => !LEFT_OUT.includes(name.toLowerCase())).sort(),
    headers: Object.fromEntries(kept.map(([name, value]) => [name, without(value)])),
    body: without(body),
  };
}
