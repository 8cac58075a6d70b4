/** What the caller supplies: each input's type, its words, and the schemes that cannot do without it. */

import type { ApiDefinition } from "../../src/lifecycle/contract.js";
import { declaredInputs, dereference } from "../../src/lifecycle/definition.js";
import { at } from "../../src/lifecycle/expression.js";
import { object } from "../spec/pointer.js";
import type { InputModel, InputType } from "./model.js";
import { textOf } from "./text.js";

export function readInputs(document: unknown, definition: ApiDefinition): InputModel[] {
  const schemas = inputSchemas(document);
  return Object.entries(definition.inputs).map(([name, declaration]) => {
    const schema = schemas.get(name) ?? {};
    const description = textOf(schema["description"]);
    return {
      name,
      declaration,
      type: inputType(schema),
      ...(description && { description }),
      requiredBy: Object.entries(definition.securitySchemes)
        .filter(([, { requires }]) => requires.includes(name))
        .map(([scheme]) => scheme),
    };
  });
}

/** Where several schemes declare an input, the first that describes it speaks for all. */
function inputSchemas(document: unknown): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const schemas = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [name, stated] of Object.entries(object(at(document, "/components/securitySchemes")))) {
    for (const [input, schema] of Object.entries(declaredInputs(name, object(dereference(document, stated))))) {
      if (schemas.get(input)?.["description"] === undefined) schemas.set(input, { ...schemas.get(input), ...schema });
    }
  }
  return schemas;
}

function inputType(schema: Readonly<Record<string, unknown>>): InputType {
  const choices = "const" in schema ? [schema["const"]] : schema["enum"];
  if (Array.isArray(choices) && choices.length > 0 && choices.every(isScalar)) return { kind: "values", values: choices };
  const { type } = schema;
  if (type === "number" || type === "integer") return { kind: "primitive", name: "number" };
  return { kind: "primitive", name: type === "boolean" ? "boolean" : "string" };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
