/** The first lines that a caller writes, for the documentation of the client. */

import type { ApiDefinition } from "../../src/lifecycle/contract.js";
import { tokenCalls } from "../../src/lifecycle/definition.js";
import { referencesInValue } from "../../src/lifecycle/value.js";
import type { InputModel, OperationModel, StartModel } from "./model.js";

export function readStart(
  definition: ApiDefinition,
  inputs: readonly InputModel[],
  operations: readonly OperationModel[],
): StartModel {
  const server = definition.servers[0]?.name;
  const operation = firstOperation(definition, operations);
  const needed = new Set(operation ? neededInputs(definition, operation) : []);
  return {
    ...(server !== undefined && { server }),
    inputs: inputs.filter(({ name }) => needed.has(name)),
    ...(operation && { operation }),
  };
}

/** One that presents a token, and of those one that asks for no argument, or at least for no body. */
function firstOperation(definition: ApiDefinition, operations: readonly OperationModel[]): OperationModel | undefined {
  const current = operations.filter(({ deprecated }) => !deprecated);
  const presenting = current.filter((operation) =>
    presentedSchemes(operation).some((scheme) => definition.securitySchemes[scheme]?.leeway !== undefined),
  );
  const candidates = presenting.length > 0 ? presenting : current;
  return (
    candidates.find(({ example }) => Object.keys(example).length === 0) ??
    candidates.find(({ example }) => example.body === undefined) ??
    candidates[0]
  );
}

/** What its schemes cannot do without, what fills its parameters, and what obtains the tokens for it. */
function neededInputs({ securitySchemes }: ApiDefinition, operation: OperationModel): string[] {
  const schemes = presentedSchemes(operation).flatMap((scheme) => securitySchemes[scheme] ?? []);
  const values = [
    ...(operation.data.fill ?? []).map(({ value }) => value),
    ...schemes.flatMap(({ obtain }) => tokenCalls(obtain)).map(({ requestBody }) => requestBody?.payload ?? null),
  ];
  const referred = values
    .flatMap((value) => referencesInValue(value))
    .flatMap(({ reference, optional }) => (reference.root === "inputs" && !optional ? [reference.name] : []));
  return [...schemes.flatMap(({ requires }) => requires), ...referred];
}

function presentedSchemes({ data }: OperationModel): string[] {
  return Object.keys(data.security[0] ?? {});
}
