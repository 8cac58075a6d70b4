import { declaredInputs } from "../../src/lifecycle/definition.js";
import { nearest, suggest } from "../nearest.js";
import { items, member } from "../spec/node.js";
import { list, object } from "../spec/pointer.js";
import { type Context, lifecycles } from "./context.js";
import { fills } from "./extensions.js";
import type { Finding, Rule } from "./rule.js";
import type { WrittenScheme } from "./schemes.js";
import { type LifecycleText, lifecycleTexts, spanOf, valueTexts } from "./texts.js";

export const lifecycleInput: Rule = {
  id: "lifecycle-input",
  description: "Every input that is referred to is declared.",
  severity: "error",
  *check(context) {
    const declared = new Set(context.schemes.flatMap(inputsOf));
    const texts = lifecycleTexts(context);
    yield* referred(texts, declared);
    yield* implied(context, texts, declared);
    yield* required(context);
    yield* filled(context, new Set([...declared, ...texts.flatMap(inputsIn)]));
  },
};

/** All schemes share one set of inputs: what one of them declares, each may read. */
function* referred(texts: readonly LifecycleText[], declared: ReadonlySet<string>): Generator<Finding> {
  const told = new Set<string>();
  for (const text of texts) {
    for (const reference of text.references) {
      if (reference.root !== "inputs" || declared.has(reference.name)) continue;
      const { name } = reference;
      const place = { pointer: text.pointer, ...spanOf(reference, text.text) };
      const own = inputsOf(text.scheme);
      if (own.length > 0 || nearest(name, declared) !== undefined) {
        yield {
          ...place,
          message: `"$inputs.${name}" is not declared`,
          hint: suggest(name, declared) ?? "declare it under inputs",
        };
      } else if (!told.has(name)) {
        told.add(name);
        const message = `"$inputs.${name}" is not declared, so that it is a required secret string`;
        yield {
          ...place,
          message,
          hint: "declare it under inputs to describe it, or to make it optional or public",
          severity: "info",
        };
      }
    }
  }
}

/** What is not written down, RFC 6749 or what the type presents by default, needs inputs too. */
function* implied({ schemes }: Context, texts: readonly LifecycleText[], declared: ReadonlySet<string>): Generator<Finding> {
  for (const scheme of schemes) {
    const { lifecycle, read } = scheme;
    if (lifecycle === undefined || read === undefined || inputsOf(scheme).length === 0) continue;
    const stated = list(object(lifecycle.value["inputs"])["required"]);
    const written = new Set([...stated, ...texts.filter((text) => text.scheme === scheme).flatMap(inputsIn)]);
    for (const name of read.requires) {
      if (declared.has(name) || written.has(name)) continue;
      const { pointer } = member(lifecycle, "inputs");
      yield {
        pointer,
        part: "key",
        message: `the scheme needs the input "${name}", which is not declared`,
        hint: suggest(name, declared),
      };
    }
  }
}

function* required(context: Context): Generator<Finding> {
  for (const { lifecycle } of lifecycles(context)) {
    const inputs = member(lifecycle, "inputs");
    const names = Object.keys(object(member(inputs, "properties").value));
    for (const { pointer, value } of items(member(inputs, "required"))) {
      if (typeof value !== "string" || names.includes(value)) continue;
      yield { pointer, message: `"${value}" is required but not among the properties`, hint: suggest(value, names) };
    }
  }
}

function* filled(context: Context, known: ReadonlySet<string>): Generator<Finding> {
  for (const fill of fills(context)) {
    for (const { pointer, text, references } of valueTexts(fill)) {
      for (const reference of references) {
        if (reference.root !== "inputs" || known.has(reference.name)) continue;
        const message = `"$inputs.${reference.name}" is not an input of any security scheme`;
        yield { pointer, ...spanOf(reference, text), message, hint: suggest(reference.name, known) };
      }
    }
  }
}

function inputsOf({ name, value }: WrittenScheme): string[] {
  return Object.keys(declaredInputs(name, value));
}

function inputsIn({ references }: LifecycleText): string[] {
  return references.flatMap((reference) => (reference.root === "inputs" ? [reference.name] : []));
}
