/** What a client needs to be given, before and now. */

import type { ApiDefinition } from "../../src/lifecycle/contract.js";
import { declaredInputs, dereference } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import type { Document } from "../spec/document.js";
import { join, object } from "../spec/pointer.js";
import type { Finding } from "./change.js";

/** A document and what the runtime reads of it. */
export interface Defined {
  readonly document: Document;
  readonly definition: ApiDefinition;
}

export function compareInputs(before: Defined, after: Defined): Finding[] {
  // What a new scheme requires is required of whoever begins to use it; operations that do are told of by their security.
  const known = new Set(Object.keys(before.definition.securitySchemes));
  const [old, present] = [inputsOf(before, known), inputsOf(after, known)];
  return [...new Set([...old.keys(), ...present.keys()])].flatMap((name): Finding[] => {
    const [was, is] = [old.get(name), present.get(name)];
    const pointer = is?.pointer ?? "/components/securitySchemes";
    const tell = (kind: Finding["kind"], impact: Finding["impact"], what: string): Finding => {
      return { kind, impact, message: `input "${name}" ${what}`, pointer, part: "key" };
    };
    if (is === undefined) return [tell("input-removed", "breaking", "is gone")];
    if (was === undefined) {
      return [is.isRequired ? tell("input-added", "breaking", "is new, and required") : tell("input-added", "safe", "is new")];
    }
    const preset = `is now ${is.default ?? "nothing"} when it is left out, and was ${was.default ?? "nothing"}`;
    return [
      !was.isRequired && is.isRequired && tell("input-required", "breaking", "is now required"),
      was.isRequired && !is.isRequired && tell("input-optional", "safe", "is now optional"),
      was.type !== is.type && tell("input-type", "breaking", `is now ${is.type}, and was ${was.type}`),
      !was.isSecret && is.isSecret && tell("input-secret", "safe", "is now a secret"),
      was.isSecret && !is.isSecret && tell("input-secret", "risky", "is no longer a secret, and may be shown"),
      was.default !== is.default && tell("input-default", "risky", preset),
    ].filter((finding) => finding !== false);
  });
}

interface Input {
  readonly pointer: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly type: string;
  readonly default: string | undefined;
}

/** @param asking the schemes that count for what is required. */
function inputsOf({ document, definition }: Defined, asking: ReadonlySet<string>): Map<string, Input> {
  const schemes = Object.entries(definition.securitySchemes).filter(([name]) => asking.has(name));
  const required = new Set(schemes.flatMap(([, { requires }]) => requires));
  const declared = new Map<string, { pointer: string; schema: Readonly<Record<string, unknown>> }>();
  for (const [scheme, stated] of Object.entries(object(at(document.root, "/components/securitySchemes")))) {
    const value = object(dereference(document.root, stated));
    const place = join("/components/securitySchemes", scheme);
    const isStated = at(value, "/x-token-lifecycle/inputs/properties") !== undefined;
    for (const [name, schema] of Object.entries(declaredInputs(scheme, value))) {
      const pointer = isStated ? join(place, "x-token-lifecycle", "inputs", "properties", name) : place;
      if (!declared.has(name)) declared.set(name, { pointer, schema });
    }
  }
  const inputs = Object.entries(definition.inputs).map(([name, { secret, default: preset }]): [string, Input] => {
    const { pointer, schema } = declared.get(name) ?? { pointer: "/components/securitySchemes", schema: {} };
    return [
      name,
      {
        pointer,
        isRequired: required.has(name),
        isSecret: secret === true,
        type: Array.isArray(schema["enum"])
          ? `one of ${schema["enum"].map((value) => JSON.stringify(value)).join(", ")}`
          : String(schema["type"] ?? "string"),
        // What a secret is by default is nobody's business, but that it is another one.
        default: preset === undefined ? undefined : secret ? "a preset secret" : JSON.stringify(preset),
      },
    ];
  });
  return new Map(inputs);
}
