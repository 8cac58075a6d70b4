import type { Reference } from "../../src/lifecycle/expression.js";
import { suggest } from "../nearest.js";
import { items, member, members } from "../spec/node.js";
import { object } from "../spec/pointer.js";
import { type Context, lifecycles } from "./context.js";
import { outputsOf } from "./outputs.js";
import type { Finding, Rule } from "./rule.js";
import type { WrittenCall, WrittenLifecycle, WrittenScheme } from "./schemes.js";
import { type LifecycleText, lifecycleTexts, spanOf, spelling } from "./texts.js";

export const lifecycleOutput: Rule = {
  id: "lifecycle-output",
  description:
    "Whatever a lifecycle reads or ends is brought by one of its calls: outputs, steps, computed values, other slots.",
  severity: "error",
  *check(context) {
    for (const text of lifecycleTexts(context)) {
      for (const reference of text.references) {
        const fault = checkReference(context, text, reference);
        if (fault !== undefined) yield { pointer: text.pointer, ...spanOf(reference, text.text), ...fault };
      }
    }
    for (const { scheme, lifecycle } of lifecycles(context)) yield* namedOutputs(scheme, lifecycle);
  },
};

type Fault = Pick<Finding, "message" | "hint">;

function checkReference({ schemes }: Context, text: LifecycleText, reference: Reference): Fault | undefined {
  const { scheme, call } = text;
  switch (reference.root) {
    case "outputs":
      return amongOutputs(scheme, reference.name, spelling(reference));
    case "let":
      return among(
        reference.name,
        call === undefined ? scheme.lifecycle?.value["let"] : call.value["let"],
        spelling(reference),
      );
    case "steps":
      return earlierStep(call, reference);
    case "workflows": {
      const other = schemes.find(({ name }) => name === reference.of);
      if (other !== undefined) return amongOutputs(other, reference.name, spelling(reference));
      const hint = suggest(
        reference.of,
        schemes.map(({ name }) => name),
      );
      return { message: `there is no security scheme "${reference.of}"`, hint };
    }
    default:
      return undefined;
  }
}

function amongOutputs(scheme: WrittenScheme, output: string, written: string): Fault | undefined {
  const outputs = outputsOf(scheme);
  if (outputs === undefined || outputs.has(output)) return undefined;
  return {
    message: `nothing brings "${written}": no call of ${scheme.name} has that output`,
    hint: suggest(output, outputs.keys()),
  };
}

function among(name: string, stated: unknown, written: string): Fault | undefined {
  const names = Object.keys(object(stated));
  return names.includes(name) ? undefined : { message: `nothing computes "${written}"`, hint: suggest(name, names) };
}

function earlierStep(call: WrittenCall | undefined, reference: Extract<Reference, { of: string }>): Fault | undefined {
  const before = call?.before ?? [];
  const step = before.find(({ value }) => value["stepId"] === reference.of);
  if (step === undefined) {
    const names = before.flatMap(({ value }) => (typeof value["stepId"] === "string" ? [value["stepId"]] : []));
    return { message: `there is no step "${reference.of}" before this one`, hint: suggest(reference.of, names) };
  }
  const names = Object.keys(step.read?.outputs ?? object(step.value["outputs"]));
  if (names.includes(reference.name)) return undefined;
  return { message: `step "${reference.of}" has no output "${reference.name}"`, hint: suggest(reference.name, names) };
}

/** Outputs that are named without being read: those that expire, those that a revocation ends, and the access token itself. */
function* namedOutputs(scheme: WrittenScheme, lifecycle: WrittenLifecycle): Generator<Finding> {
  const outputs = outputsOf(scheme);
  if (outputs === undefined) return;
  for (const [name, { pointer }] of members(member(lifecycle, "expires"))) {
    if (outputs.has(name)) continue;
    yield {
      pointer,
      part: "key",
      message: `no call of ${scheme.name} has the output "${name}"`,
      hint: suggest(name, outputs.keys()),
    };
  }
  for (const { pointer, value } of items(member(member(lifecycle, "revoke"), "ends"))) {
    if (typeof value !== "string" || outputs.has(value)) continue;
    yield { pointer, message: `no call of ${scheme.name} has the output "${value}"`, hint: suggest(value, outputs.keys()) };
  }
  if (scheme.read?.obtain === undefined && scheme.read?.refresh === undefined) return;
  if (!outputs.has("accessToken")) {
    const message = `no call of ${scheme.name} has the output "accessToken"`;
    yield { pointer: lifecycle.pointer, part: "key", message, hint: suggest("accessToken", outputs.keys()) };
  }
}
