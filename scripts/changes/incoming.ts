/**
 * What the service calls: webhooks, and the callbacks of operations. Whoever uses the client is called there, so what comes in
 * is the request and what goes out is the answer to it.
 */

import { operationsOf, type PlacedOperation } from "../../src/lifecycle/operations.js";
import { children, type Node, nodeAt } from "../spec/node.js";
import { isObject, join, object } from "../spec/pointer.js";
import { bodyOf, compareContent } from "./bodies.js";
import type { ChangeKind, Finding, Impact } from "./change.js";
import type { Findings } from "./findings.js";
import type { Comparison, OperationPair } from "./operations.js";
import { label as labelOf, type Parameter, parametersOf, schemaOf } from "./parameters.js";
import { responsesOf } from "./responses.js";
import type { Rooted } from "./shape.js";

/** What the names of webhooks begin with, among those of operations. */
export const WEBHOOK = "webhook ";

/** One call of the service. */
interface Call extends PlacedOperation {
  /** Of the webhook or callback. */
  readonly name: string;
}

/** What messages say of a call, and where to tell what is different. */
interface Words {
  /** `webhook "newPet"`. */
  readonly label: string;
  /** How they call the whole of which they name a member. */
  readonly word: string;
}

export function compareWebhooks(comparison: Comparison, findings: Findings): void {
  const { before, after } = comparison;
  const [old, present] = [before, after].map((document) => {
    return children(document, nodeAt(document, "/webhooks")).flatMap(([name, item]) => callsAt(name, "", item));
  });
  const sayOf = ({ name }: Call) => {
    return (finding: Finding) => findings.add(finding, `${WEBHOOK}${name}`);
  };
  compareCalls("webhook", { old: old ?? [], present: present ?? [], gone: "/webhooks", sayOf }, (one, other) => {
    return { ...comparison, old: one, present: other, name: `${WEBHOOK}${other.name}`, say: sayOf(other) };
  });
}

/** The calls that an operation leads to. */
export function compareCallbacks(pair: OperationPair): void {
  const callsOf = (document: Rooted, { pointer, operation }: OperationPair["old"]): Call[] => {
    const place: Node = { pointer: join(pointer, "callbacks"), value: operation["callbacks"] };
    return children(document, place).flatMap(([name, callback]) => {
      return children(document, callback).flatMap(([path, item]) => (path.startsWith("x-") ? [] : callsAt(name, path, item)));
    });
  };
  const [old, present] = [callsOf(pair.before, pair.old), callsOf(pair.after, pair.present)];
  compareCalls("callback", { old, present, gone: pair.present.pointer, sayOf: () => pair.say }, (one, other) => {
    return { ...pair, old: { ...one, name: pair.name }, present: { ...other, name: pair.name } };
  });
}

function callsAt(name: string, path: string, { pointer, value }: Node): Call[] {
  if (!isObject(value)) return [];
  return operationsOf(value).map((operation) => {
    return { name, path, pathItem: value, ...operation, pointer: join(pointer, ...operation.place) };
  });
}

interface Calls {
  readonly old: readonly Call[];
  readonly present: readonly Call[];
  /** Where what is gone stood. */
  readonly gone: string;
  readonly sayOf: (call: Call) => (finding: Finding) => void;
}

/** A call is the same when it kept its name, its method and where it goes to, or else its name and its method. */
function compareCalls(
  word: "webhook" | "callback",
  { old, present, gone, sayOf }: Calls,
  pairOf: (old: Call, present: Call) => OperationPair,
): void {
  let [removed, added] = [old, present];
  const label = ({ name, method }: Call) => `${word} "${name}"${method === "post" ? "" : ` (${method.toUpperCase()})`}`;
  for (const identity of [
    (call: Call) => `${call.method} ${call.name} ${call.path}`,
    (call: Call) => `${call.method} ${call.name}`,
  ]) {
    const waiting = new Map(added.toReversed().map((call) => [identity(call), call]));
    removed = removed.filter((call) => {
      const other = waiting.get(identity(call));
      if (other === undefined || !waiting.delete(identity(call))) return true;
      compareCall(pairOf(call, other), [call, other], {
        label: label(other),
        word: word === "webhook" ? word : `${word} "${other.name}"`,
      });
      added = added.filter((one) => one !== other);
      return false;
    });
  }
  for (const call of removed) {
    const message = `${label(call)} is gone`;
    sayOf(call)({ kind: `${word}-removed`, impact: "breaking", message, pointer: gone, part: "key", was: call.pointer });
  }
  for (const call of added) {
    sayOf(call)({
      kind: `${word}-added`,
      impact: "safe",
      message: `${label(call)} is new`,
      pointer: call.pointer,
      part: "key",
    });
  }
}

function compareCall(pair: OperationPair, [old, present]: readonly [Call, Call], words: Words): void {
  const { pointer } = present;
  if (old.path !== present.path) {
    const message = `${words.label} goes to ${present.path} now, and went to ${old.path}`;
    pair.say({ kind: "callback-moved", impact: "risky", message, pointer, part: "key" });
  }
  const [was, is] = [old, present].map(({ operation }) => operation["deprecated"] === true);
  if (was !== is) {
    const kind = is ? "operation-deprecated" : "operation-reinstated";
    pair.say({
      kind,
      impact: "safe",
      message: `${words.label} is ${is ? "now" : "no longer"} deprecated`,
      pointer,
      part: "key",
    });
  }
  compareComing(pair, words);
  compareBody(pair, words);
  compareAnswers(pair, words);
}

/** What comes in the address and in the headers. */
function compareComing(pair: OperationPair, { label, word }: Words): void {
  const [before, after] = [parametersOf(pair.before, pair.old), parametersOf(pair.after, pair.present)];
  const say = (kind: ChangeKind, impact: Impact, parameter: Parameter, says: string, was?: string): void => {
    const pointer = was === undefined ? parameter.node.pointer : pair.present.pointer;
    const message = `${labelOf(parameter)} of ${label} ${says}`;
    pair.say({ kind, impact, message, pointer, ...(was !== undefined && { was }) });
  };
  for (const [identity, old] of before) {
    const present = after.get(identity);
    if (present === undefined) {
      say("parameter-removed", "breaking", old, "is gone", old.node.pointer);
      continue;
    }
    if (present.isRequired && !old.isRequired) say("parameter-required", "safe", present, "is now always there");
    if (!present.isRequired && old.isRequired) say("parameter-optional", "breaking", present, "may now be missing");
    const subject = { direction: "response", name: `${labelOf(present)} of ${label}`, word } as const;
    pair.schemas.compare(schemaOf(old), schemaOf(present), subject, pair.name);
  }
  for (const [identity, present] of after) if (!before.has(identity)) say("parameter-added", "safe", present, "is new");
}

function compareBody(pair: OperationPair, { label, word }: Words): void {
  const [before, after] = [bodyOf(pair.before, pair.old), bodyOf(pair.after, pair.present)];
  const place = join(pair.present.pointer, "requestBody");
  if (before !== undefined && after === undefined) {
    const message = `${label} brings no body any more`;
    pair.say({ kind: "body-removed", impact: "breaking", message, pointer: place, was: before.pointer });
  } else if (after !== undefined && before === undefined) {
    pair.say({ kind: "body-added", impact: "safe", message: `${label} brings a body now`, pointer: after.pointer });
  }
  if (before === undefined || after === undefined) return;
  const [was, is] = [before, after].map(({ value }) => object(value)["required"] === true);
  const { pointer } = after;
  if (is && !was) {
    pair.say({ kind: "body-required", impact: "safe", message: `${label} now always brings a body`, pointer });
  } else if (was && !is) {
    pair.say({ kind: "body-optional", impact: "breaking", message: `${label} may now bring no body`, pointer });
  }
  compareContent(pair, before, after, { direction: "response", name: `body of ${label}`, word });
}

/** What the service takes for an answer. */
function compareAnswers(pair: OperationPair, { label, word }: Words): void {
  const [before, after] = [responsesOf(pair.before, pair.old), responsesOf(pair.after, pair.present)];
  const pointer = join(pair.present.pointer, "responses");
  for (const [status, old] of before) {
    const present = after.get(status);
    if (present === undefined) {
      const message = `${label} is not answered with ${status} any more`;
      pair.say({ kind: "status-removed", impact: "breaking", message, pointer, was: old.pointer });
      continue;
    }
    const subject = { direction: "request", name: `answer to ${label} (${status})`, word: `${word} answer` } as const;
    compareContent(pair, old, present, subject);
  }
  for (const [status, present] of after) {
    if (before.has(status)) continue;
    const message = `${label} may be answered with ${status} as well`;
    pair.say({ kind: "status-added", impact: "safe", message, pointer: present.pointer, part: "key" });
  }
}
