/** A fault as it is written on a command line: an effect, and after commas the requests that it befalls. */

import type { Fault } from "../../../src/sandbox/index.js";
import { nearest } from "../../nearest.js";
import { UsageError } from "../usage.js";
import { readDuration, readInteger, readRate } from "../values.js";

/** A fault, and the API that it is for; left out: every one. */
export interface OrderedText {
  readonly api?: string;
  /** An operationId, or the role of a token call. */
  readonly on?: string;
  readonly fault: Fault;
}

const EFFECTS = ["drop", "hang", "cut", "latency", "rejected"];
const REJECTIONS = ["token", "credentials", "challenge"] as const;
const MEMBERS = ["on", "scheme", "api", "times", "after", "rate", "latency", "commit", "header", "body"];

/** Everything that a fault may say; `--fault` in the help shows some. */
export const FAULT_SYNTAX =
  "a status, drop, hang, cut=<bytes>, latency=<time> or rejected=token|credentials|challenge, then after commas any of " +
  "on=<operationId or role>, scheme=<name>, api=<name>, rate=<10%>, times=<n>, after=<n>, latency=<time>, commit, " +
  "header=<name>:<value> and, at the end, body=<text>";

/** `503,on=listThings,rate=10%`, `drop,on=refresh,commit`, `rejected=token,times=1`: without `times` for ever. */
export function readFault(text: string): OrderedText {
  const [before, body] = split(text);
  const [effectText = "", ...rest] = before.split(",");
  const members = rest.map((part): readonly [string, string] => {
    const [name = "", ...value] = part.split("=");
    if (!MEMBERS.includes(name) || name === "body") throw unknown(text, name, MEMBERS);
    if (name !== "commit" && value.length === 0) throw new UsageError(`--fault ${text}: ${name} needs a value`);
    return [name, value.join("=")];
  });
  const stated = new Map(members);
  const flag = (name: string) => `--fault ${text}: ${name}`;
  const integer = (name: string) => {
    const value = stated.get(name);
    return value === undefined ? {} : { [name]: readInteger(value, flag(name), name === "times" ? 1 : 0) };
  };
  const [rate, latency, scheme, api, on] = ["rate", "latency", "scheme", "api", "on"].map((name) => stated.get(name));
  const headers = members.flatMap(([name, value]) => (name === "header" ? [readHeader(value, text)] : []));
  const effect = readEffect(effectText, text, { headers: Object.fromEntries(headers), body });
  return {
    ...(api !== undefined && { api }),
    ...(on !== undefined && { on }),
    fault: {
      times: Number.POSITIVE_INFINITY,
      ...(latency !== undefined && { latencyMs: readDuration(latency, flag("latency")) }),
      ...effect,
      ...(stated.has("commit") && { commit: true }),
      ...(scheme !== undefined && { scheme }),
      ...(rate !== undefined && { rate: readRate(rate, flag("rate")) }),
      ...integer("times"),
      ...integer("after"),
    } as Fault,
  };
}

/** A body is text with whatever commas: it comes last. */
function split(text: string): [string, string | undefined] {
  const at = text.indexOf(",body=");
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + ",body=".length)];
}

function readEffect(
  effect: string,
  text: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string | undefined },
): object {
  const [name = "", value] = effect.split("=");
  if (/^[1-5]\d\d$/.test(effect)) {
    const hasHeaders = Object.keys(headers).length > 0;
    return { status: Number(effect), ...(hasHeaders && { headers }), ...(body !== undefined && { body: asJson(body) }) };
  }
  if (body !== undefined || Object.keys(headers).length > 0)
    throw new UsageError(`--fault ${text}: only a status goes with a header or a body`);
  if (effect === "drop" || effect === "hang") return { [effect]: true };
  if (name === "cut") return { cut: readInteger(value ?? "", `--fault ${text}: cut`) };
  if (name === "latency") return { latencyMs: readDuration(value ?? "", `--fault ${text}: latency`) };
  if (name !== "rejected") throw unknown(text, name, EFFECTS);
  const rejected = REJECTIONS.find((one) => one === value);
  if (rejected === undefined)
    throw new UsageError(`--fault ${text}: rejected is ${REJECTIONS.join(", ")}, not "${value ?? ""}"`);
  return { rejected };
}

function readHeader(text: string, fault: string): readonly [string, string] {
  const at = text.indexOf(":");
  if (at < 1) throw new UsageError(`--fault ${fault}: a header is written name:value`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** JSON is sent as JSON, anything else as text. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function unknown(text: string, name: string, known: readonly string[]): UsageError {
  const near = nearest(name, known);
  const hint = near === undefined ? `a fault is ${FAULT_SYNTAX}` : `did you mean ${near}?`;
  return new UsageError(`--fault ${text}: there is no "${name}"; ${hint}`);
}
