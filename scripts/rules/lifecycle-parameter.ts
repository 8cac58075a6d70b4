import { FILL } from "../../src/lifecycle/definition.js";
import { suggest } from "../nearest.js";
import { items, member, members, type Node } from "../spec/node.js";
import { object } from "../spec/pointer.js";
import { type Context, calls } from "./context.js";
import type { WrittenOperation, WrittenParameter } from "./operations.js";
import type { Finding, Rule } from "./rule.js";
import type { WrittenCall } from "./schemes.js";

export const lifecycleParameter: Rule = {
  id: "lifecycle-parameter",
  description: "A token call gives parameters that its operation has, and all that it requires.",
  severity: "error",
  *check(context) {
    for (const { call } of calls(context)) {
      if (call.operation === undefined) continue;
      yield* given(call, call.operation);
      yield* lacking(context, call, call.operation);
    }
  },
};

function* given(call: WrittenCall, { label, parameters }: WrittenOperation): Generator<Finding> {
  const stated = member(call, "parameters");
  const names = parameters.map(({ name }) => name);
  const isList = Array.isArray(stated.value);
  for (const { name, place, pointer } of isList ? items(stated).flatMap(listed) : members(stated).map(inShort)) {
    const ofName = parameters.filter((parameter) => parameter.name === name);
    const part = isList ? "value" : "key";
    if (ofName.length === 0) {
      yield { pointer, part, message: `${label} has no parameter "${name}"`, hint: suggest(name, names) };
    } else if (place !== undefined && !ofName.some((parameter) => parameter.in === place)) {
      yield { pointer, part, message: `"${name}" is not a ${place} parameter of ${label}`, hint: `it is in: ${ofName[0]!.in}` };
    } else if (place === undefined && ofName.length > 1) {
      const places = ofName.map((parameter) => parameter.in).join(" and ");
      const hint = "write a list of Parameter Objects, each with its in";
      yield { pointer, part, message: `${label} has two parameters "${name}", in ${places}`, hint };
    }
  }
}

interface Given {
  readonly name: string;
  readonly place?: string;
  readonly pointer: string;
}

function listed(one: Node): Given[] {
  const { pointer, value: name } = member(one, "name");
  const place = member(one, "in").value;
  return typeof name === "string" ? [{ name, pointer, ...(typeof place === "string" && { place }) }] : [];
}

function inShort([name, { pointer }]: [string, Node]): Given {
  return { name, pointer };
}

function* lacking(context: Context, call: WrittenCall, operation: WrittenOperation): Generator<Finding> {
  if (call.read === undefined) return;
  const covered = [...(call.read.parameters ?? []), ...(call.read.apply ?? []), ...presented(context, operation)];
  for (const parameter of operation.parameters) {
    const isRequired = parameter.value["required"] === true || parameter.in === "path";
    if (!isRequired || FILL in parameter.value || isOfHttp(parameter)) continue;
    if (covered.some((one) => one.in === parameter.in && sameName(one.name, parameter))) continue;
    yield {
      pointer: call.pointer,
      part: "key",
      message: `${operation.label} requires the ${parameter.in} parameter "${parameter.name}"`,
      hint: `give it under parameters, or let x-fill on the parameter give it`,
    };
  }
}

/** What the schemes that an operation requires put on its requests, if each of its alternatives does. */
function presented({ schemes }: Context, { security }: WrittenOperation): readonly { in: string; name: string }[] {
  const alternatives = security.map(({ value }) =>
    Object.keys(object(value)).flatMap((name) => schemes.find((scheme) => scheme.name === name)?.read?.apply ?? []),
  );
  const [first = [], ...others] = alternatives;
  return first.filter((entry) => others.every((other) => other.some((one) => one.in === entry.in && one.name === entry.name)));
}

function sameName(name: string, parameter: WrittenParameter): boolean {
  return parameter.in === "header" ? name.toLowerCase() === parameter.name.toLowerCase() : name === parameter.name;
}

/** OpenAPI ignores parameters of these names: HTTP, the body and the security schemes give them. */
function isOfHttp({ in: place, name }: WrittenParameter): boolean {
  return place === "header" && ["accept", "authorization", "content-type"].includes(name.toLowerCase());
}
