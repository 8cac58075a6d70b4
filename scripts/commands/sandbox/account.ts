/** The accounts that a sandbox knows: one that it makes up for each API, and those that the command line states. */

import type { Value } from "../../../src/lifecycle/contract.js";
import { tokenCalls } from "../../../src/lifecycle/definition.js";
import type { ApiModel, InputModel } from "../../model/model.js";
import { nearest } from "../../nearest.js";
import { UsageError } from "../usage.js";

export type AccountInputs = Readonly<Record<string, string | number | boolean>>;

/**
 * A value for every input that has none by default: what the document's example shows where a token call sends the input,
 * else the first value that its type allows, else `demo-…`.
 */
export function demoAccount(model: ApiModel): AccountInputs {
  const shown = shownInputs(model);
  return Object.fromEntries(
    model.inputs.flatMap(({ name, type, declaration }) => {
      if (declaration.default !== undefined) return [];
      const example = shown.get(name);
      if (type.kind === "values") return [[name, type.values[0] ?? ""]];
      if (type.name === "string") return [[name, example ?? `demo-${kebab(name)}`]];
      return [[name, type.name === "number" ? Number(example ?? 1) : true]];
    }),
  );
}

/** What stands in an example where the document shows nothing itself. */
const MADE_UP: ReadonlySet<unknown> = new Set(["…", "pa$$word", "string", ""]);

/** What the examples of requests have where a payload says `$inputs.name` and nothing else. */
function shownInputs({ definition, operations }: ApiModel): ReadonlyMap<string, string> {
  const shown = new Map<string, string>();
  const walk = (value: Value, example: unknown): void => {
    const [, name] = (typeof value === "string" && /^\$inputs\.([\w-]+)$/.exec(value)) || [];
    const isShown = ["string", "number"].includes(typeof example) && !MADE_UP.has(example);
    if (name !== undefined && !shown.has(name) && isShown) shown.set(name, String(example));
    if (typeof value !== "object" || value === null || typeof example !== "object" || example === null) return;
    for (const [member, part] of Object.entries(value)) {
      if (Object.hasOwn(example, member)) walk(part as Value, (example as Readonly<Record<string, unknown>>)[member]);
    }
  };
  const schemes = Object.values(definition.securitySchemes);
  for (const call of schemes.flatMap(({ obtain, refresh }) => [obtain, refresh]).flatMap(tokenCalls)) {
    const operation = operations.find(({ name }) => name === call.operationId);
    if (call.requestBody !== undefined) walk(call.requestBody.payload, operation?.example.body);
  }
  return shown;
}

function kebab(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/** `username=ada,password=pw`, or `petstore:username=ada` for one API of several. */
export interface StatedAccount {
  readonly api?: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export function readAccount(text: string): StatedAccount {
  const [, api, rest = text] = /^([\w.-]+):(?=[^=]+=)(.*)$/s.exec(text) ?? [];
  const inputs = rest.split(",").map((part): readonly [string, string] => {
    const at = part.indexOf("=");
    if (at < 1) throw new UsageError(`--account takes inputs such as username=ada,password=pw, not "${part}"`);
    return [part.slice(0, at), part.slice(at + 1)];
  });
  return { ...(api !== undefined && { api }), inputs: Object.fromEntries(inputs) };
}

/** The inputs of a stated account in the types that the document gives them, with made-up ones for those that are left out. */
export function completed(stated: StatedAccount["inputs"], model: ApiModel): AccountInputs {
  const known = new Map(model.inputs.map((input) => [input.name, input]));
  const given = Object.entries(stated).map(([name, value]) => {
    const input = known.get(name);
    if (input === undefined) {
      const near = nearest(name, known.keys());
      const hint = near === undefined ? `there are ${[...known.keys()].join(", ") || "none"}` : `did you mean ${near}?`;
      throw new UsageError(`--account: there is no input "${name}"; ${hint}`);
    }
    return [name, typed(value, input)] as const;
  });
  return { ...demoAccount(model), ...Object.fromEntries(given) };
}

function typed(value: string, { type }: InputModel): string | number | boolean {
  if (type.kind === "values") return type.values.find((one) => String(one) === value) ?? value;
  if (type.name === "number" && Number.isFinite(Number(value))) return Number(value);
  return type.name === "boolean" ? value === "true" : value;
}
