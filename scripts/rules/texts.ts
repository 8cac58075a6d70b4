/** The strings of a document that are expressions, templates or conditions, each with its place and what it can read. */

import {
  ExpressionError,
  parseCondition,
  parseExpression,
  parseTemplate,
  type Reference,
  referencesInCondition,
} from "../../src/lifecycle/expression.js";
import { functionName } from "../../src/lifecycle/value.js";
import { items, member, members, type Node } from "../spec/node.js";
import { isObject, join } from "../spec/pointer.js";
import { type Context, lifecycles } from "./context.js";
import type { WrittenCall, WrittenLifecycle, WrittenScheme } from "./schemes.js";

/** Where a string stands in a lifecycle; that decides what it can read. */
export type Site =
  | "key"
  | "initial"
  | "apply"
  | "request"
  | "outputs"
  | "successCriteria"
  | "onFailure"
  | "expires"
  | "remainingUses"
  | "recoverWhen"
  | "rejected";

/** A string, read. */
export interface ReadText {
  readonly pointer: string;
  readonly text: string;
  /** Why it cannot be read. */
  readonly error?: ExpressionError;
  /** The expressions in it; none when it cannot be read. */
  readonly references: readonly Reference[];
}

export interface LifecycleText extends ReadText {
  readonly kind: Kind;
  readonly site: Site;
  readonly scheme: WrittenScheme;
  /** The token call in which it stands. */
  readonly call?: WrittenCall;
  /** The output that it gives, or whose end it tells. */
  readonly output?: string;
}

type Kind = "expression" | "template" | "condition";
type Unread = Omit<LifecycleText, "error" | "references" | "scheme">;

/** Every expression, template and condition of every lifecycle. */
export function lifecycleTexts(context: Context): LifecycleText[] {
  return lifecycles(context).flatMap(({ scheme, lifecycle }) =>
    [...inLifecycle(lifecycle), ...lifecycle.calls.flatMap(inCall)].map((text) => ({ ...text, ...read(text), scheme })),
  );
}

/** The strings of a value that stands outside of a lifecycle. */
export function valueTexts(node: Node): ReadText[] {
  return stringsIn(node).map((text) => ({ ...text, ...read({ ...text, kind: "template" }) }));
}

/** Where an expression stands in the string that holds it. */
export function spanOf(reference: Reference, text: string): { offset: number; length: number } {
  const written = spelling(reference);
  const { length } = written;
  let offset = text.indexOf(written);
  while (offset >= 0 && /[\w-]/.test(text.charAt(offset + length))) offset = text.indexOf(written, offset + 1);
  return offset < 0 ? { offset: 0, length: text.length } : { offset, length };
}

export function spelling(reference: Reference): string {
  switch (reference.root) {
    case "inputs":
    case "outputs":
    case "let":
    case "response.header":
      return `$${reference.root}.${reference.name}`;
    case "steps":
    case "workflows":
      return `$${reference.root}.${reference.of}.outputs.${reference.name}`;
    case "response.body":
      return reference.pointer === "" ? "$response.body" : `$response.body#${reference.pointer}`;
    default:
      return `$${reference.root}`;
  }
}

function read({ kind, text }: Pick<Unread, "kind" | "text">): Pick<ReadText, "error" | "references"> {
  try {
    if (kind === "expression") return { references: [parseExpression(text)] };
    if (kind === "condition") return { references: referencesInCondition(parseCondition(text)) };
    return { references: parseTemplate(text).filter((part) => typeof part !== "string") };
  } catch (error) {
    if (error instanceof ExpressionError) return { error, references: [] };
    throw error;
  }
}

function inLifecycle(lifecycle: WrittenLifecycle): Unread[] {
  const own = (name: string): Node => member(lifecycle, name);
  const expires = members(own("expires")).flatMap(([output, rules]) =>
    items(rules).flatMap((rule) =>
      ["in", "at"].flatMap((how) => expression("expires", member(rule, how)).map((text) => ({ ...text, output }))),
    ),
  );
  return [
    ...templates("key", own("key")),
    ...members(own("initial")).flatMap(([, initial]) => expression("initial", initial)),
    ...templates("apply", own("let")),
    ...applied("apply", own("apply")),
    ...applied("request", own("clientAuthentication")),
    ...expires,
    ...expression("remainingUses", member(own("refreshToken"), "remainingUses")),
    ...conditions("recoverWhen", member(own("refreshToken"), "recoverWhen")),
    ...members(own("rejected")).flatMap(([, criteria]) => conditions("rejected", criteria)),
  ];
}

function inCall(call: WrittenCall): Unread[] {
  const own = (name: string): Node => member(call, name);
  const parameters = items(own("parameters")).flatMap((one) => templates("request", member(one, "value")));
  const named = members(own("parameters")).flatMap(([, value]) => templates("request", value));
  const texts = [
    ...templates("request", own("let")),
    ...(Array.isArray(call.value["parameters"]) ? parameters : named),
    ...templates("request", member(own("requestBody"), "payload")),
    ...templates("request", own("clientId")),
    ...templates("request", own("scope")),
    ...applied("request", own("clientAuthentication")),
    ...conditions("successCriteria", own("successCriteria")),
    ...members(own("outputs")).flatMap(([output, value]) => templates("outputs", value).map((text) => ({ ...text, output }))),
    ...failures(own("onFailure")),
  ];
  return texts.map((text) => ({ ...text, call }));
}

function failures(onFailure: Node): Unread[] {
  if (Array.isArray(onFailure.value)) {
    return items(onFailure).flatMap((action) => conditions("onFailure", member(action, "criteria")));
  }
  return members(onFailure).flatMap(([, criteria]) => conditions("onFailure", criteria));
}

/** Client authentication by its name, and other words that are no template, hold no expression: they pass. */
function applied(site: Site, node: Node): Unread[] {
  return items(node).flatMap((one) =>
    templates(site, isObject(one.value) && "value" in one.value ? member(one, "value") : one),
  );
}

function templates(site: Site, node: Node): Unread[] {
  return stringsIn(node).map((text) => ({ kind: "template", site, ...text }));
}

function expression(site: Site, { pointer, value }: Node): Unread[] {
  return typeof value === "string" ? [{ kind: "expression", site, pointer, text: value }] : [];
}

/** A condition, a list of conditions, Criterion Objects among them. */
function conditions(site: Site, criteria: Node): Unread[] {
  return items(criteria).flatMap((one): Unread[] => {
    const { pointer, value } = isObject(one.value) ? member(one, "condition") : one;
    return typeof value === "string" ? [{ kind: "condition", site, pointer, text: value }] : [];
  });
}

function stringsIn({ pointer, value }: Node): { pointer: string; text: string }[] {
  if (typeof value === "string") return [{ pointer, text: value }];
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value) && functionName(value) === "literal") return [];
  return Object.entries(value).flatMap(([name, member]) => stringsIn({ pointer: join(pointer, name), value: member }));
}
