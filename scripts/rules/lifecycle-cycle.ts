import type { TokenRole } from "../../src/lifecycle/contract.js";
import type { Reference } from "../../src/lifecycle/expression.js";
import { referencesInValue } from "../../src/lifecycle/value.js";
import { join, object } from "../spec/pointer.js";
import { type Context, calls } from "./context.js";
import { outputsOf, type Source } from "./outputs.js";
import type { Finding, Rule } from "./rule.js";
import type { WrittenCall, WrittenScheme } from "./schemes.js";

export const lifecycleCycle: Rule = {
  id: "lifecycle-cycle",
  description: "No lifecycle needs its own token to bring that token, directly or through others.",
  severity: "error",
  *check(context) {
    for (const { scheme, call } of calls(context)) {
      // When the grant is revoked its token is there: nothing is under construction.
      if (call.role === "revoke" || call.operation === undefined) continue;
      const alternatives = call.operation.security.map(({ value }) => Object.keys(object(value)));
      const faults = alternatives.map((names) => names.flatMap((name) => faultOf(context, scheme, call, name) ?? []));
      const severity = faults.some((ofAlternative) => ofAlternative.length === 0) ? "warning" : "error";
      const pointer = join(call.pointer, "operationId" in call.value ? "operationId" : "operationRef");
      yield* faults.flat().map((fault): Finding => ({ pointer, severity, ...fault }));
    }
  },
};

type Fault = Pick<Finding, "message" | "hint">;

/** Why a call cannot be made under a scheme while the slot of its own is being renewed. */
function faultOf(context: Context, own: WrittenScheme, call: WrittenCall, name: string): Fault | undefined {
  const label = call.operation?.label;
  const hint = `let ${label} require a scheme that presents what the caller or another slot already holds`;
  if (name === own.name) {
    return { message: `${label} requires ${name}, whose token this very call is to bring`, hint };
  }
  const presented = schemeNamed(context, name);
  for (const reference of presented === undefined ? [] : slotsRead(presented)) {
    if (reference.of !== own.name) continue;
    const sources = outputsOf(own)?.get(reference.name);
    if (sources === undefined || BEFORE[call.role].some((source) => sources.has(source))) continue;
    return {
      message: `${label} presents ${name}, which reads "${reference.name}" of ${own.name} before any call brings it`,
      hint,
    };
  }
  const way = wayBack(context, name, own.name);
  return way && { message: `${own.name} needs itself: ${[own.name, ...way].join(" needs ")}`, hint };
}

/** What a role can count on: the outputs of the calls that may have been made before it. */
const BEFORE: Readonly<Record<TokenRole, readonly Source[]>> = {
  obtain: ["initial"],
  refresh: ["initial", "obtain", "recover"],
  recover: ["initial", "obtain", "refresh"],
  revoke: ["initial", "obtain", "refresh", "recover"],
};

/**
 * The schemes over which a presented scheme leads back to the slot under construction. That it reads the slot itself is no
 * way back: while the slot is under construction, its outputs are read as they stand.
 */
function wayBack(context: Context, from: string, to: string): string[] | undefined {
  const seen = new Set([from]);
  const open = needsOf(context, from, to).map((name) => [from, name]);
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    const name = way.at(-1)!;
    if (name === to) return way;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...needsOf(context, name).map((next) => [...way!, next]));
  }
  return undefined;
}

/** The schemes without which one cannot be presented: slots that it reads, and those that its own renewal requires. */
function needsOf(context: Context, name: string, exempt?: string): string[] {
  const scheme = schemeNamed(context, name);
  if (scheme === undefined) return [];
  const read = slotsRead(scheme).flatMap(({ of }) => (of === exempt ? [] : [of]));
  const renewing = (scheme.lifecycle?.calls ?? []).filter(({ role }) => role !== "revoke");
  const required = renewing.flatMap(({ operation }) =>
    (operation?.security ?? []).flatMap(({ value }) => Object.keys(object(value))),
  );
  return [...new Set([...read, ...required])];
}

/** The references to other slots in what a scheme puts on a request. */
function slotsRead({ read }: WrittenScheme): Extract<Reference, { root: "steps" | "workflows" }>[] {
  const values = [...(read?.apply ?? []).map(({ value }) => value), ...Object.values(read?.let ?? {})];
  return values
    .flatMap((value) => referencesInValue(value))
    .flatMap(({ reference }) => (reference.root === "workflows" ? [reference] : []));
}

function schemeNamed({ schemes }: Context, name: string): WrittenScheme | undefined {
  return schemes.find((scheme) => scheme.name === name);
}
