/** The documented responses of an operation, before and now. */

import { follow, type Node } from "../spec/node.js";
import { isObject, join, object } from "../spec/pointer.js";
import { compareContent } from "./bodies.js";
import type { OperationPair } from "./operations.js";

export function compareResponses(pair: OperationPair): void {
  const before = responsesOf(pair.before, pair.old);
  const after = responsesOf(pair.after, pair.present);
  const place = join(pair.present.pointer, "responses");
  for (const [status, { pointer: was }] of before) {
    if (after.has(status)) continue;
    const message = `response ${status} is gone`;
    pair.say({ kind: "status-removed", impact: isError(status) ? "risky" : "breaking", message, pointer: place, was });
  }
  for (const [status, { pointer }] of after) {
    if (before.has(status)) continue;
    const message = `response ${status} is new`;
    // An error of another kind comes to whoever handles errors; another success has to be told apart from the first.
    pair.say({ kind: "status-added", impact: isError(status) ? "safe" : "risky", message, pointer, part: "key" });
  }
  for (const [status, old] of before) {
    const present = after.get(status);
    if (present === undefined) continue;
    compareHeaders(pair, status, old, present);
    compareContent(pair, old, present, { direction: "response", name: `response body (${status})` });
  }
}

function compareHeaders(pair: OperationPair, status: string, before: Node, after: Node): void {
  const [old, present] = [headersOf(before), headersOf(after)];
  for (const [header, name] of old) {
    if (present.has(header)) continue;
    const message = `response header "${name}" (${status}) is gone`;
    pair.say({ kind: "header-removed", impact: "risky", message, pointer: after.pointer, part: "key" });
  }
  for (const [header, name] of present) {
    if (old.has(header)) continue;
    const message = `response header "${name}" (${status}) is new`;
    const pointer = join(after.pointer, "headers", name);
    pair.say({ kind: "header-added", impact: "safe", message, pointer, part: "key" });
  }
}

function headersOf({ value }: Node): Map<string, string> {
  return new Map(Object.keys(object(object(value)["headers"])).map((name) => [name.toLowerCase(), name]));
}

export function responsesOf(
  document: { readonly root: unknown },
  { pointer, operation }: OperationPair["old"],
): Map<string, Node> {
  const responses = new Map<string, Node>();
  for (const [status, value] of Object.entries(object(operation["responses"]))) {
    if (status.startsWith("x-")) continue;
    const node = follow(document, { pointer: join(pointer, "responses", status), value });
    if (node !== undefined && isObject(node.value)) responses.set(status.replace(/xx$/, "XX"), node);
  }
  return responses;
}

function isError(status: string): boolean {
  return /^[45]/.test(status);
}
