/** What a sandbox was asked, a line for each request: never a value, and of paths their templates alone. */

import type { RequestRecord } from "../../../src/sandbox/index.js";
import { printable } from "../../diagnostics/printable.js";
import type { Colour, Paint } from "../paint.js";

export interface Logged {
  readonly record: RequestRecord;
  readonly ms: number;
  /** When it was answered, in milliseconds since 1970. */
  readonly at: number;
}

export function logLine({ record, ms, at }: Logged, paint: Paint): string {
  const {
    method,
    path = "(no such path)",
    operationId = "",
    api = "",
    status,
    role,
    scheme,
    generation,
    problems = [],
  } = record;
  const time = new Date(at).toTimeString().slice(0, 8);
  const answer = status === undefined ? paint("red", "---") : paint(colourOf(status), String(status));
  const request = `${printable(method).padEnd(6)} ${printable(path)}`;
  const call = role === undefined ? "" : paint("cyan", ` ${role} ${printable(scheme ?? "")}`);
  const token = generation === undefined ? "" : paint("dim", ` token #${generation}`);
  const place = paint("dim", printable([api, operationId].filter(Boolean).join(".")));
  return [
    `${paint("dim", time)}  ${answer}  ${request.padEnd(34)}  ${place}${call}${token} ${paint("dim", `${Math.round(ms)} ms`)}`,
    ...problems.map((problem) => `               ${paint("yellow", printable(problem))}`),
  ].join("\n");
}

function colourOf(status: number): Colour {
  if (status >= 500) return "red";
  if (status >= 400) return "yellow";
  return status >= 300 ? "cyan" : "green";
}
