/** What each operation does in the lifecycles of a document, told from a request by playing the token calls backwards. */

import type { ApiDefinition, SecurityScheme, TokenCall, TokenRole, Value } from "../lifecycle/contract.js";
import { tokenCalls } from "../lifecycle/definition.js";
import type { Reference } from "../lifecycle/expression.js";
import { referencesInValue } from "../lifecycle/value.js";
import { type Bindings, invert, type Lets, NOTHING_BOUND, type Presentation } from "./invert.js";
import { object, own } from "./json.js";
import { presentedAt, type SandboxRequest } from "./request.js";

/** One call of one lifecycle. */
export interface Role {
  readonly lifecycle: Lifecycle;
  readonly role: TokenRole;
  readonly call: TokenCall;
  /** Whether another call of the same chain follows. */
  readonly isFollowed: boolean;
  readonly lets: Lets;
}

/** A scheme whose tokens turn, and which of its outputs are what. */
export interface Lifecycle {
  readonly name: string;
  readonly scheme: SecurityScheme;
  /** Outputs that go on requests. */
  readonly accessOutputs: ReadonlySet<string>;
  /** Outputs that a refresh is asked with. */
  readonly refreshOutputs: ReadonlySet<string>;
  readonly roles: readonly Role[];
}

/** A request that has the shape of a token call: the literal members are right, and the others are bound. */
export interface Fit {
  readonly role: Role;
  /** Without client authentication, each way in which the request can be read. */
  readonly readings: readonly Bindings[];
  /** Whether every literal of the call is as the document has it. */
  readonly isExact: boolean;
}

/** The schemes of an API whose tokens turn. */
export function readLifecycles(definition: ApiDefinition): Lifecycle[] {
  return Object.entries(definition.securitySchemes).flatMap(([name, scheme]) => {
    const { obtain, refresh, recover, revoke, initial } = scheme;
    if (!(obtain || refresh || initial)) return [];
    const roles: Role[] = [];
    const lifecycle: Lifecycle = {
      name,
      scheme,
      accessOutputs: new Set(
        [...scheme.apply.map(({ value }) => value), ...Object.values(scheme.let ?? {})].flatMap(outputsIn),
      ),
      refreshOutputs: new Set([
        ...tokenCalls(refresh).flatMap((call) => valuesOf(call).flatMap((value) => outputsIn(value))),
        ...tokenCalls(refresh).flatMap((call) => borrowedOutputs(definition, name, call)),
      ]),
      roles,
    };
    for (const [role, operation] of Object.entries({ obtain, refresh, recover, revoke })) {
      const calls = tokenCalls(operation);
      calls.forEach((call, index) => {
        const isFollowed = index < calls.length - 1;
        roles.push({ lifecycle, role: role as TokenRole, call, isFollowed, lets: { ...scheme.let, ...call.let } });
      });
    }
    return [lifecycle];
  });
}

/** The outputs of a lifecycle that are tokens, among those of a call. */
export function tokensOf({ lifecycle, call }: Role): string[] {
  return Object.keys(call.outputs ?? {}).filter((output) => isToken(lifecycle, output));
}

export function isToken({ accessOutputs, refreshOutputs, scheme }: Lifecycle, output: string): boolean {
  const isSpoken = tokenCalls(scheme.revoke).some((call) =>
    valuesOf(call)
      .flatMap((value) => outputsIn(value))
      .includes(output),
  );
  return accessOutputs.has(output) || refreshOutputs.has(output) || isSpoken;
}

/** The roles that a request to their operation may play, the one that accounts for most of it first. */
export function fits(roles: readonly Role[], request: SandboxRequest): Fit[] {
  return roles
    .flatMap((role) => read(role, request))
    .sort((one, other) => (other.readings[0]?.values.size ?? 0) - (one.readings[0]?.values.size ?? 0));
}

function read(role: Role, request: SandboxRequest): Fit[] {
  const presentations = presentationsOf(role.call, request);
  const readings = invert(presentations, { lets: role.lets });
  if (readings.length > 0) return [{ role, readings, isExact: true }];
  if (role.role !== "revoke") return [];
  // A revocation that differs in its literals still names a token.
  const spoken = presentations.flatMap(({ value, presented }) => leaves(value, presented)).filter(mentionsExpression);
  const lenient = spoken.length > 0 ? invert(spoken, { lets: role.lets }) : [];
  return lenient.length > 0 ? [{ role, readings: lenient, isExact: false }] : [];
}

/** The client authentication of a token call, each way in which it can be read; none when it is missing or malformed. */
export function readClientAuthentication({ call, lets }: Role, request: SandboxRequest): Bindings[] {
  if (call.apply === undefined) return [NOTHING_BOUND];
  const presentations = call.apply.map(
    (apply): Presentation => ({
      value: apply.required === false ? { optional: apply.value } : apply.value,
      presented: presentedAt(request, apply),
    }),
  );
  return invert(presentations, { lets });
}

/** The inputs that prove the application: what authenticates the client, and RFC 6749's own names for it (section 2.3). */
export function applicationInputs({ call }: Role): Set<string> {
  const applied = (call.apply ?? []).flatMap(({ value }) => namesIn(value, "inputs"));
  return new Set(["clientId", "clientSecret", ...applied]);
}

/** The optional inputs of a payload, in its order. */
export function optionalInputs({ call }: Role): string[] {
  return referencesInValue(call.requestBody?.payload ?? null).flatMap(({ reference, optional }) =>
    optional && reference.root === "inputs" ? [reference.name] : [],
  );
}

function presentationsOf(call: TokenCall, request: SandboxRequest): Presentation[] {
  const parameters = (call.parameters ?? []).map(
    (parameter): Presentation => ({
      value: parameter.value,
      presented: presentedAt(request, parameter),
    }),
  );
  const payload = call.requestBody?.payload;
  return payload === undefined ? parameters : [...parameters, { value: payload, presented: request.body }];
}

/** A presentation taken apart into those of its members, when it is an object of members. */
function leaves(value: Value, presented: unknown): Presentation[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ value, presented }];
  const members = object(presented);
  return Object.entries(value).map(([name, member]) => ({
    value: member as Value,
    presented: own(members, name),
  }));
}

function mentionsExpression({ value }: Presentation): boolean {
  return referencesInValue(value).length > 0;
}

function valuesOf(call: TokenCall): Value[] {
  return [
    ...(call.parameters ?? []).map(({ value }) => value),
    ...(call.apply ?? []).map(({ value }) => value),
    ...Object.values(call.let ?? {}),
    ...(call.requestBody === undefined ? [] : [call.requestBody.payload]),
  ];
}

/** Outputs of a lifecycle that its token call gets through another scheme, as `$workflows.<scheme>.outputs.x`. */
function borrowedOutputs(definition: ApiDefinition, lifecycle: string, call: TokenCall): string[] {
  const security = own(definition.operations, call.operationId)?.security ?? [];
  return security
    .flatMap((requirement) => Object.keys(requirement))
    .flatMap((name) => own(definition.securitySchemes, name)?.apply ?? [])
    .flatMap(({ value }) => referencesInValue(value))
    .flatMap(({ reference }) => (reference.root === "workflows" && reference.of === lifecycle ? [reference.name] : []));
}

function outputsIn(value: Value): string[] {
  return namesIn(value, "outputs");
}

function namesIn(value: Value, root: "inputs" | "outputs"): string[] {
  return referencesInValue(value).flatMap(({ reference }: { reference: Reference }) =>
    reference.root === root ? [reference.name] : [],
  );
}
