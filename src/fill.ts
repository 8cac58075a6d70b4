/** Parameters that a caller left out and the document has a value for. */

import { TokenError } from "./errors.js";
import type { Operation, Parameter } from "./lifecycle/contract.js";
import { evaluateMembers, inputNames, MissingValueError } from "./lifecycle/value.js";
import type { Caller } from "./tokens/engine.js";
import { headerOf, headerText, mergeHeaders } from "./wire/headers.js";
import type { Init, Params } from "./wire/request.js";

/** The parameters of a call, filled; there at once where no input is a function and nothing is to be hashed. */
export type Filler = (init: Init, caller: Caller) => Params | undefined | Promise<Params | undefined>;

/** Compiles what fills the parameters of an operation. They are evaluated once for each call, and a replay has the same. */
export function compileFill(operationId: string, { fill = [] }: Operation): Filler {
  const rules = fill.map((parameter) => ({ ...parameter, inputs: inputNames([parameter.value]) }));
  return ({ params, headers }, caller) => {
    const open = rules.filter(({ in: place, name }) => {
      const values = params?.[place];
      if (values !== undefined && Object.hasOwn(values, name) && values[name] !== undefined) return false;
      return place !== "header" || headers === undefined || !isNamed(headers, name);
    });
    if (open.length === 0) return params;
    const names = new Set(open.flatMap(({ inputs }) => [...inputs]));
    const given = caller.inputs.peek(names);
    return given === undefined
      ? caller.inputs.read(names).then((inputs) => filled(operationId, open, params, inputs, caller))
      : filled(operationId, open, params, given, caller);
  };
}

function isNamed(headers: unknown, name: string): boolean {
  const list: string[] = [];
  mergeHeaders(list, headers);
  return headerOf(list, name) !== undefined;
}

function filled(
  operationId: string,
  open: readonly Parameter[],
  params: Params | undefined,
  inputs: Readonly<Record<string, unknown>>,
  { engine }: Caller,
): Params | Promise<Params> {
  const full: Record<string, Record<string, unknown>> = {};
  for (const [place, values] of Object.entries(params ?? {})) full[place] = { ...values };
  const scope = { inputs, now: engine.now, functions: engine.features.functions };
  const coming: Promise<void>[] = [];
  for (const { in: place, name, value } of open) {
    const put = (made: Readonly<Record<string, unknown>>) => {
      if (place === "header" && Object.hasOwn(made, name)) headerText(made[name], name, operationId);
      full[place] = { ...full[place], ...made };
    };
    const refuse = (error: unknown): never => {
      if (!(error instanceof MissingValueError)) throw error;
      const missing = [...inputNames([value])].map((input) => `input "${input}"`).join(", ");
      throw new TokenError("missing-input", `${operationId} needs the ${place} parameter "${name}", or ${missing}`, {
        operationId,
      });
    };
    try {
      const made = evaluateMembers([[name, value]], scope);
      if (made instanceof Promise) coming.push(made.then(put, refuse));
      else put(made);
    } catch (error) {
      refuse(error);
    }
  }
  return coming.length === 0 ? full : Promise.all(coming).then(() => full);
}
