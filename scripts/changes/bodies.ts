/** The request body of an operation, before and now, and what request and response bodies have in common: their media types. */

import { follow, type Node } from "../spec/node.js";
import { isObject, join, object } from "../spec/pointer.js";
import type { OperationPair } from "./operations.js";
import { anything, type Subject } from "./schemas.js";

export function compareBodies(pair: OperationPair): void {
  const { say, present } = pair;
  const place = join(present.pointer, "requestBody");
  const [before, after] = [bodyOf(pair.before, pair.old), bodyOf(pair.after, present)];
  if (before === undefined && after === undefined) return;
  if (after === undefined) {
    say({
      kind: "body-removed",
      impact: "breaking",
      message: "the request has no body any more",
      pointer: place,
      was: before?.pointer ?? place,
    });
    return;
  }
  const isRequired = object(after.value)["required"] === true;
  const { pointer } = after;
  if (before === undefined) {
    const message = `the request has a body now${isRequired ? ", which is required" : ""}`;
    say({ kind: "body-added", impact: isRequired ? "breaking" : "safe", message, pointer });
    return;
  }
  if ((object(before.value)["required"] === true) !== isRequired) {
    const message = `the request body is now ${isRequired ? "required" : "optional"}`;
    say({ kind: isRequired ? "body-required" : "body-optional", impact: isRequired ? "breaking" : "safe", message, pointer });
  }
  compareContent(pair, before, after, { direction: "request", name: "request body" });
  compareOrder(pair, before, after);
}

/** The media types of two bodies, and the schema of each. */
export function compareContent(pair: OperationPair, before: Node, after: Node, subject: Subject): void {
  const { say } = pair;
  const [old, present] = [contentOf(before), contentOf(after)];
  const gone = [...old.keys()].filter((name) => !present.has(name));
  const fresh = [...present.keys()].filter((name) => !old.has(name));
  const pointer = join(after.pointer, "content");
  const isSwap = old.size === 1 && present.size === 1 && gone.length === 1;
  for (const name of gone) {
    const message = `${subject.name} ${isSwap ? `is now ${fresh[0]}, and was ${name}` : `is never ${name} any more`}`;
    say({ kind: "media-type-removed", impact: "breaking", message, pointer });
  }
  for (const name of isSwap ? [] : fresh) {
    const message = `${subject.name} may be ${name} as well`;
    say({
      kind: "media-type-added",
      impact: subject.direction === "request" ? "safe" : "risky",
      message,
      pointer: join(pointer, name),
      part: "key",
    });
  }
  const pairs = isSwap ? [[gone[0] ?? "", fresh[0] ?? ""] as const] : [...old.keys()].map((name) => [name, name] as const);
  for (const [one, other] of pairs) {
    const [mediaBefore, mediaAfter] = [old.get(one), present.get(other)];
    if (mediaBefore === undefined || mediaAfter === undefined) continue;
    compareMedia(pair, mediaBefore, mediaAfter, subject);
  }
}

/** The first media type is what the client sends unless it is told otherwise. */
function compareOrder({ say }: OperationPair, before: Node, after: Node): void {
  const [[old], [present, ...others]] = [[...contentOf(before).keys()], [...contentOf(after).keys()]];
  if (old === undefined || present === undefined || old === present || !others.includes(old)) return;
  const pointer = join(after.pointer, "content");
  const message = `request bodies are sent as ${present} unless something else is said, and were as ${old}`;
  say({ kind: "media-type-order", impact: "risky", message, pointer });
}

function compareMedia(pair: OperationPair, before: Node, after: Node, subject: Subject): void {
  const [old, present] = [object(before.value), object(after.value)];
  if (JSON.stringify(old["encoding"]) !== JSON.stringify(present["encoding"])) {
    const message = `parts of the ${subject.name} are encoded differently`;
    pair.say({ kind: "encoding-changed", impact: "risky", message, pointer: join(after.pointer, "encoding") });
  }
  for (const keyword of ["schema", "itemSchema"]) {
    if (old[keyword] === undefined && present[keyword] === undefined) continue;
    const [one, other] = [schemaOf(before, keyword), schemaOf(after, keyword)];
    const name = keyword === "schema" ? subject.name : `each item of the ${subject.name}`;
    pair.schemas.compare(one, other, { ...subject, name }, pair.name);
  }
}

function schemaOf({ pointer, value }: Node, keyword: string): Node {
  const schema = object(value)[keyword];
  return schema === undefined ? anything(pointer, keyword) : { pointer: join(pointer, keyword), value: schema };
}

function contentOf({ pointer, value }: Node): Map<string, Node> {
  const content = Object.entries(object(object(value)["content"]));
  return new Map(
    content.map(([name, media]) => [name.toLowerCase(), { pointer: join(pointer, "content", name), value: media }]),
  );
}

export function bodyOf(document: { readonly root: unknown }, { pointer, operation }: OperationPair["old"]): Node | undefined {
  const node = follow(document, { pointer: join(pointer, "requestBody"), value: operation["requestBody"] });
  return node !== undefined && isObject(node.value) ? node : undefined;
}
