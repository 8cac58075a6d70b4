/** The parameters of an operation, before and now. */

import { FILL } from "../../src/lifecycle/definition.js";
import type { NamedOperation } from "../../src/lifecycle/operations.js";
import { follow, type Node } from "../spec/node.js";
import { isObject, join, list, object } from "../spec/pointer.js";
import type { ChangeKind, Impact } from "./change.js";
import type { OperationPair } from "./operations.js";
import { anything } from "./schemas.js";
import type { Rooted } from "./shape.js";

export interface Parameter {
  readonly node: Node;
  readonly name: string;
  readonly in: string;
  readonly isRequired: boolean;
  /** As JSON; left out where the caller alone gives the value. */
  readonly fill?: string;
}

export function compareParameters(pair: OperationPair): void {
  const before = parametersOf(pair.before, pair.old);
  const after = parametersOf(pair.after, pair.present);
  const gone = [...before].filter(([identity]) => !after.has(identity)).map(([, parameter]) => parameter);
  const fresh = [...after].filter(([identity]) => !before.has(identity)).map(([, parameter]) => parameter);
  for (const old of gone) {
    const index = fresh.findIndex(({ name }) => name === old.name);
    const [moved] = index < 0 ? [] : fresh.splice(index, 1);
    if (moved === undefined) {
      const place = { pointer: join(pair.present.pointer, "parameters"), was: old.node.pointer };
      pair.say({ kind: "parameter-removed", impact: "breaking", message: `${label(old)} is gone`, ...place });
      continue;
    }
    const message = `${label(old)} is now a ${moved.in} parameter`;
    tell(pair, "parameter-moved", "breaking", message, moved.node.pointer);
    compareParameter(pair, old, moved);
  }
  for (const parameter of fresh) {
    const isDemand = parameter.isRequired && parameter.fill === undefined;
    const message = `${label(parameter)} is new${isDemand ? ", and required" : parameter.fill === undefined ? "" : ", and filled"}`;
    tell(pair, "parameter-added", isDemand ? "breaking" : "safe", message, parameter.node.pointer);
  }
  for (const [identity, old] of before) {
    const present = after.get(identity);
    if (present !== undefined) compareParameter(pair, old, present);
  }
}

function compareParameter(pair: OperationPair, old: Parameter, present: Parameter): void {
  const { pointer } = present.node;
  const name = label(present);
  if (old.isRequired !== present.isRequired && present.fill === undefined) {
    tell(
      pair,
      present.isRequired ? "parameter-required" : "parameter-optional",
      present.isRequired ? "breaking" : "safe",
      `${name} is now ${present.isRequired ? "required" : "optional"}`,
      pointer,
    );
  }
  compareFill(pair, old, present);
  if (serialization(old) !== serialization(present)) {
    const message = `${name} is written differently: ${serialization(present)}, and was ${serialization(old)}`;
    tell(pair, "parameter-serialization", "risky", message, pointer);
  }
  const [was, is] = [old, present].map(({ node }) => object(node.value)["deprecated"] === true);
  if (was !== is) {
    const message = `${name} is ${is ? "now" : "no longer"} deprecated`;
    tell(pair, is ? "parameter-deprecated" : "parameter-reinstated", "safe", message, pointer);
  }
  const subject = { direction: "request", name } as const;
  pair.schemas.compare(schemaOf(old), schemaOf(present), subject, pair.name);
}

function compareFill(pair: OperationPair, old: Parameter, present: Parameter): void {
  const { pointer } = present.node;
  const name = label(present);
  if (old.fill === present.fill) return;
  if (old.fill === undefined) tell(pair, "parameter-filled", "safe", `${name} is now filled`, pointer);
  else if (present.fill !== undefined) {
    tell(pair, "parameter-fill", "risky", `${name} is now filled with something else`, pointer);
  } else {
    const message = `${name} is no longer filled${present.isRequired ? ", and required" : ""}`;
    tell(pair, "parameter-unfilled", present.isRequired ? "breaking" : "risky", message, pointer);
  }
}

function tell({ say }: OperationPair, kind: ChangeKind, impact: Impact, message: string, pointer: string): void {
  say({ kind, impact, message, pointer });
}

/** Those of the path first, each replaced by the operation's own of the same name and place. */
export function parametersOf(
  document: Rooted,
  { pointer, pathItem, operation, place }: NamedOperation,
): Map<string, Parameter> {
  const above = pointer.split("/").slice(0, -place.length).join("/");
  const owners: Node[] = [
    { pointer: above, value: pathItem },
    { pointer, value: operation },
  ];
  const parameters = new Map<string, Parameter>();
  for (const owner of owners) {
    for (const [index, value] of list(object(owner.value)["parameters"]).entries()) {
      const node = follow(document, { pointer: join(owner.pointer, "parameters", index), value });
      if (node === undefined || !isObject(node.value)) continue;
      const [name, where] = [String(node.value["name"]), String(node.value["in"])];
      const fill = node.value[FILL];
      // The names of headers are the same in whatever case.
      parameters.set(`${where} ${where === "header" ? name.toLowerCase() : name}`, {
        node,
        name,
        in: where,
        isRequired: node.value["required"] === true || where === "path",
        ...(fill !== undefined && { fill: JSON.stringify(fill) }),
      });
    }
  }
  return parameters;
}

export function schemaOf({ node }: Parameter): Node {
  const value = object(node.value);
  const [content] = Object.entries(object(value["content"]));
  if (value["schema"] !== undefined) return { pointer: join(node.pointer, "schema"), value: value["schema"] };
  if (content === undefined) return anything(node.pointer);
  return { pointer: join(node.pointer, "content", content[0], "schema"), value: object(content[1])["schema"] ?? true };
}

/** How the value is written, with what OpenAPI says by default. */
function serialization({ node, in: where }: Parameter): string {
  const { style, explode, allowReserved, content } = object(node.value);
  const [mediaType] = Object.keys(object(content));
  if (mediaType !== undefined) return `as ${mediaType}`;
  const stated = typeof style === "string" ? style : where === "query" || where === "cookie" ? "form" : "simple";
  const isExploded = typeof explode === "boolean" ? explode : stated === "form" || stated === "cookie";
  return `style ${stated}${isExploded ? ", exploded" : ""}${allowReserved === true ? ", reserved characters allowed" : ""}`;
}

export function label({ in: where, name }: Parameter): string {
  return `${where} parameter "${name}"`;
}
