/** Which credentials a request carries, and where their values come from. */

import { TokenError } from "../errors.js";
import type { Operation, SecurityScheme, Value } from "../lifecycle/contract.js";
import type { Reference } from "../lifecycle/expression.js";
import { isSlot } from "../lifecycle/features.js";
import { evaluate, inputNames, isTimeless, referencesInValue, type ValueScope } from "../lifecycle/value.js";
import type { TokenRecord } from "../stores/store.js";
import { headerText } from "../wire/headers.js";
import type { Caller, Construction, Credential } from "./engine.js";
import type { Slot } from "./slot.js";

/** The credentials of one scheme, and what they were made from. */
export interface Presentation {
  readonly scheme: string;
  readonly credentials: readonly Credential[];
  readonly slot: Slot | undefined;
  /** As it stood then: it tells which token it is. */
  readonly record: TokenRecord | undefined;
}

/** The alternatives of an operation's security, and the inputs that each cannot do without. */
type Alternatives = readonly { readonly schemes: readonly string[]; readonly requires: readonly string[] }[];
const alternatives = new WeakMap<Operation, Alternatives>();
const NO_SCHEMES: readonly string[] = [];

/**
 * The alternative of an operation's security that is used: the first whose inputs were all given. An operation without
 * security is called without credentials.
 *
 * @throws {TokenError} `missing-input` when there is none.
 * @see https://spec.openapis.org/oas/v3.1.1#security-requirement-object
 */
export function chooseAlternative(operationId: string, caller: Caller): readonly string[] {
  const { operation } = caller.engine.compiled(operationId);
  let known = alternatives.get(operation);
  if (known === undefined) {
    known = operation.security.map((alternative) => {
      const schemes = Object.keys(alternative);
      return { schemes, requires: [...new Set(schemes.flatMap((scheme) => schemeOf(caller, scheme).requires))] };
    });
    alternatives.set(operation, known);
  }
  if (known.length === 0) return NO_SCHEMES;
  const { inputs } = caller;
  for (const { schemes, requires } of known) if (requires.every((input) => inputs.has(input))) return schemes;
  const lacking = known.map(({ schemes, requires }) => {
    const missing = requires.filter((input) => !inputs.has(input));
    return `${missing.join(", ")} for ${schemes.join(" with ")}`;
  });
  throw new TokenError("missing-input", `${operationId} needs further inputs: ${lacking.join("; or ")}`, {
    operationId,
  });
}

/**
 * The credentials of one scheme as they stand, its token obtained or renewed first where that is due. They are made once for
 * each token, and are there at once while it is good; those that hold nothing that can change are made once.
 *
 * @param construction the slot that is being renewed by the call that asks, if it is a token call.
 */
export function present(
  scheme: string,
  operationId: string,
  caller: Caller,
  construction?: Construction,
  signal?: AbortSignal,
): Presentation | Promise<Presentation> {
  const ready = construction === undefined ? caller.ready?.find((one) => one.scheme === scheme) : undefined;
  if (ready === undefined) return make(scheme, operationId, caller, construction, signal);
  if (ready.slot === undefined) return ready;
  const record = ready.slot.token(caller, signal);
  return record === ready.record ? ready : make(scheme, operationId, caller, construction, signal, record);
}

async function make(
  scheme: string,
  operationId: string,
  caller: Caller,
  construction?: Construction,
  signal?: AbortSignal,
  coming?: TokenRecord | Promise<TokenRecord>,
): Promise<Presentation> {
  const definition = schemeOf(caller, scheme);
  const slot = isSlot(definition) ? await slotFor(scheme, caller) : undefined;
  const record = await (coming ?? slot?.token(caller, signal, construction !== undefined));
  const scope = await scopeFor(definition, caller, construction, signal, record?.outputs);
  const credentials: Credential[] = [];
  for (const { in: place, name, value, required } of definition.apply) {
    const text = await evaluate(value, scope);
    if (text !== undefined && text !== null) {
      credentials.push({ in: place, name, value: place === "header" ? headerText(text, name, operationId) : String(text) });
    } else if (required !== false) throw missingValue(scheme, operationId, name, value);
  }
  // Copies are as long as they are; a list that has grown keeps room for more, and there may be one for each of many users.
  const presentation: Presentation = { scheme, credentials: credentials.slice(), slot, record };
  if (construction === undefined && isSteady(definition, caller)) {
    caller.ready = (caller.ready ?? []).filter((one) => one.scheme !== scheme).concat(presentation);
  }
  return presentation;
}

/** What a scheme's values refer to, found out once. */
interface Facts {
  readonly values: readonly Value[];
  readonly inputs: ReadonlySet<string>;
  readonly others: readonly Extract<Reference, { readonly root: "steps" | "workflows" }>[];
  /** Whether it presents the same for the same token and the same inputs. */
  readonly isPure: boolean;
}

const known = new WeakMap<SecurityScheme, Facts>();

function factsOf(scheme: SecurityScheme): Facts {
  let facts: Facts | undefined = known.get(scheme);
  if (facts === undefined) {
    const values = [...scheme.apply.map(({ value }) => value), ...Object.values(scheme.let ?? {})];
    const references = values.flatMap((value) => referencesInValue(value).map(({ reference }) => reference));
    const others = references.flatMap((reference) => (reference.root === "workflows" ? [reference] : []));
    const isPure = others.length === 0 && values.every((value) => isTimeless(value));
    facts = { values, inputs: inputNames(values), others, isPure };
    known.set(scheme, facts);
  }
  return facts;
}

/** Whether nothing that a scheme presents can change but by another token: its inputs are no functions. */
function isSteady(scheme: SecurityScheme, { inputs }: Caller): boolean {
  const { isPure, inputs: names } = factsOf(scheme);
  return isPure && inputs.peek([...names, ...inputNames(scheme.key ?? [])]) !== undefined;
}

/** The slot of a scheme that these inputs lead to. */
export async function slotFor(scheme: string, caller: Caller): Promise<Slot> {
  const { engine } = caller;
  const definition = schemeOf(caller, scheme);
  const parts = definition.key ?? [];
  const scope = { inputs: await caller.inputs.read(inputNames(parts)), now: engine.now, functions: engine.features.functions };
  const values: unknown[] = [];
  for (const part of parts) {
    const value = await evaluate(part, scope);
    if (value === undefined) throw missingValue(scheme, scheme, "key", part);
    values.push(value);
  }
  const key = JSON.stringify([engine.definition.name, engine.baseUrl, scheme, ...values]);
  let slot = engine.slots.get(key);
  if (slot === undefined) {
    slot = engine.features.tokens!(scheme, definition, key, engine);
    engine.slots.set(key, slot);
  }
  return slot;
}

function schemeOf(caller: Caller, scheme: string): SecurityScheme {
  const schemes = caller.engine.definition.securitySchemes;
  if (!Object.hasOwn(schemes, scheme)) {
    throw new TypeError(`${scheme} is not a security scheme of this API; it has ${Object.keys(schemes).join(", ") || "none"}`);
  }
  return schemes[scheme]!;
}

async function scopeFor(
  scheme: SecurityScheme,
  caller: Caller,
  construction: Construction | undefined,
  signal: AbortSignal | undefined,
  outputs: Readonly<Record<string, unknown>> = {},
): Promise<ValueScope> {
  const facts = factsOf(scheme);
  const scope = {
    inputs: await caller.inputs.read(facts.inputs),
    outputs,
    workflows: await otherSlots(facts, caller, construction, signal),
    now: caller.engine.now,
    functions: caller.engine.features.functions,
  };
  const computed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(scheme.let ?? {}))
    computed[name] = await evaluate(value, { ...scope, let: computed });
  return { ...scope, let: computed };
}

/** The outputs of other slots that values refer to; the slot under construction is read as it stands. */
async function otherSlots(
  { others }: Facts,
  caller: Caller,
  construction: Construction | undefined,
  signal: AbortSignal | undefined,
): Promise<Record<string, Readonly<Record<string, unknown>>>> {
  const workflows: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const reference of others) {
    if (Object.hasOwn(workflows, reference.of)) continue;
    workflows[reference.of] =
      reference.of === construction?.scheme
        ? construction.outputs
        : await (await slotFor(reference.of, caller)).outputs(reference.name, caller, signal);
  }
  return workflows;
}

function missingValue(scheme: string, operationId: string, name: string, value: Value): TokenError {
  const inputs = [...inputNames([value])].map((input) => `input "${input}"`);
  const what = inputs.join(", ") || "a value";
  return new TokenError("missing-input", `${scheme}: "${name}" cannot be made without ${what}`, { scheme, operationId });
}
