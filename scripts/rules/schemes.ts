/** The security schemes of a document as they are written, with their lifecycles and the calls in them, each with its place. */

import type { SecurityScheme, TokenCall, TokenRole } from "../../src/lifecycle/contract.js";
import { LIFECYCLE, readSecuritySchemes, tokenCalls } from "../../src/lifecycle/definition.js";
import type { Document } from "../spec/document.js";
import { children, type Node, nodeAt } from "../spec/node.js";
import { isObject, type Json, join, list, localTarget, object } from "../spec/pointer.js";
import type { WrittenOperation } from "./operations.js";

export interface WrittenScheme {
  readonly name: string;
  /** Leads to the Security Scheme Object, references followed. */
  readonly pointer: string;
  readonly value: Json;
  readonly lifecycle?: WrittenLifecycle;
  /** The scheme in its long form; left out when it is too malformed to be read, which other rules report, and in a document without lifecycles. */
  readonly read?: SecurityScheme;
}

export interface WrittenLifecycle {
  readonly pointer: string;
  readonly value: Json;
  readonly calls: readonly WrittenCall[];
}

/** One call of a token operation: the operation itself, or a step of its chain. */
export interface WrittenCall {
  readonly role: TokenRole;
  readonly pointer: string;
  readonly value: Json;
  /** The steps before it in its chain. */
  readonly before: readonly WrittenCall[];
  /** The operation that is called, when it exists. */
  readonly operation?: WrittenOperation;
  /** The call in its long form, when its scheme can be read. */
  readonly read?: TokenCall;
}

export const ROLES: readonly TokenRole[] = ["obtain", "refresh", "recover", "revoke"];

/** @param operations reads the document's, which only lifecycles ask for. */
export function readSchemes(document: Document, operations: () => readonly WrittenOperation[]): WrittenScheme[] {
  const stated = children(document, nodeAt(document, "/components/securitySchemes"));
  const isAsked = stated.some(([, { value }]) => object(value)[LIFECYCLE] !== undefined);
  const longForms = isAsked ? readSecuritySchemes(document.root) : new Map<string, SecurityScheme>();
  return stated.flatMap(([name, { pointer, value }]) => {
    if (!isObject(value)) return [];
    const read = longForms.get(name);
    const lifecycle = value[LIFECYCLE];
    if (!isObject(lifecycle)) return [{ name, pointer, value, ...(read && { read }) }];
    const place = join(pointer, LIFECYCLE);
    const calls = ROLES.flatMap((role) =>
      readCalls(role, { pointer: join(place, role), value: lifecycle[role] }, operations(), read),
    );
    return [{ name, pointer, value, lifecycle: { pointer: place, value: lifecycle, calls }, ...(read && { read }) }];
  });
}

function readCalls(
  role: TokenRole,
  stated: Node,
  operations: readonly WrittenOperation[],
  scheme: SecurityScheme | undefined,
): WrittenCall[] {
  if (!isObject(stated.value)) return [];
  const long = tokenCalls(scheme?.[role]);
  const steps = Array.isArray(stated.value["steps"])
    ? list(stated.value["steps"]).map((value, index) => ({ pointer: join(stated.pointer, "steps", index), value }))
    : [stated];
  const calls: WrittenCall[] = [];
  steps.forEach(({ pointer, value }, index) => {
    if (!isObject(value)) return;
    const operation = calledOperation(value, operations);
    const read = long[index];
    calls.push({ role, pointer, value, before: [...calls], ...(operation && { operation }), ...(read && { read }) });
  });
  return calls;
}

function calledOperation(
  { operationId, operationRef }: Json,
  operations: readonly WrittenOperation[],
): WrittenOperation | undefined {
  if (typeof operationId === "string") return operations.find(({ id }) => id === operationId);
  if (typeof operationRef !== "string") return undefined;
  const pointer = localTarget(operationRef);
  return operations.find((operation) => operation.pointer === pointer);
}
