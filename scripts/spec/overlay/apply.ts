/** Applies an overlay: its actions in order, each to what the one before has left. The document itself is not changed. */

import type { Diagnostic } from "../../diagnostics.js";
import { MAX_ALIASED } from "../bounds.js";
import { OVERLAY, OVERLAY_TARGET } from "../loading.js";
import { isObject, join, put } from "../pointer.js";
import { SourceError, type Sources } from "../sources.js";
import { memberTrace, type Trace, type Traced } from "../trace.js";
import type { Action, Overlay } from "./overlay.js";
import { type Location, QueryError, select } from "./query.js";

type Bounded = NonNullable<Sources["bounded"]>;

export interface Applied {
  readonly result: Traced;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param bounded does the work of an action within a time. */
export function applyOverlay(target: Traced, overlay: Overlay, bounded: Bounded = (work) => work()): Applied {
  const diagnostics: Diagnostic[] = [];
  const budget: Budget = { left: MAX_ALIASED };
  let result = target;
  for (const action of overlay.actions) {
    try {
      const before = result;
      const applied = bounded(() => applyAction(before, action, overlay, budget));
      result = applied.result;
      diagnostics.push(...applied.diagnostics);
    } catch (error) {
      if (error instanceof QueryError || error instanceof SourceError)
        diagnostics.push(told(overlay, join(action.pointer, "target"), error.message));
      else if (error instanceof Misfit) diagnostics.push(told(overlay, error.pointer, error.message));
      else throw error;
    }
  }
  return { result, diagnostics };
}

/** How many values actions may still bring beyond those that the overlay itself holds. */
interface Budget {
  left: number;
}

/** An update that does not fit what it meets. */
class Misfit extends Error {
  /** Into the overlay. */
  readonly pointer: string;

  constructor(message: string, pointer: string) {
    super(message);
    this.pointer = pointer;
  }
}

function told({ locate }: Overlay, pointer: string, message: string): Diagnostic {
  return { ...OVERLAY.says(message), ...locate(pointer), pointer };
}

function applyAction(target: Traced, { pointer, target: query, change }: Action, overlay: Overlay, budget: Budget): Applied {
  const { path, version, locate } = overlay;
  if (change.type === "none") return { result: target, diagnostics: [] };
  const locations = select(query, target.value);
  if (locations.length === 0) {
    const place = join(pointer, "target");
    return {
      result: target,
      diagnostics: [{ ...OVERLAY_TARGET.says(`"${query.text}" selects nothing`), ...locate(place), pointer: place }],
    };
  }
  const targets = targetsOf(locations);
  if (change.type === "remove") {
    if (targets.isTarget) throw new Misfit("the whole document cannot be removed", join(pointer, "target"));
    return { result: rewrite(target, targets, () => undefined) ?? target, diagnostics: [] };
  }

  const place = join(pointer, change.type);
  const update: Traced =
    change.type === "update"
      ? { value: change.value, trace: { written: { file: path, pointer: place } } }
      : copied(target, change.from, place);
  checkTargets(target, locations, version, join(pointer, "target"));
  spend(budget, update.value, change.type === "copy" ? locations.length : locations.length - 1, place);
  const where = change.type === "update" ? undefined : place;
  return { result: rewrite(target, targets, (current) => merge(current, update, where, true)) ?? target, diagnostics: [] };
}

/** The one value that `copy` selects. */
function copied(target: Traced, from: Parameters<typeof select>[0], place: string): Traced {
  const [location, ...others] = select(from, target.value);
  if (location === undefined) throw new Misfit(`"${from.text}" selects nothing that could be copied`, place);
  if (others.length > 0) throw new Misfit(`"${from.text}" selects ${others.length + 1} values, and copy takes one`, place);
  return location.reduce<Traced>(memberOf, target);
}

function memberOf({ value, trace }: Traced, name: string | number): Traced {
  const owner = value as Record<string | number, unknown>;
  return { value: owner[name], trace: memberTrace(trace, name) };
}

/** What is copied onto itself again and again grows without end, as does what is put everywhere. */
function spend(budget: Budget, value: unknown, times: number, place: string): void {
  if (times === 0) return;
  const size = sizeOf(value, budget.left / times);
  if (size * times > budget.left)
    throw new Misfit(`with this action the overlay brings more than ${MAX_ALIASED} values`, place);
  budget.left -= size * times;
}

/** How many values there are in one, itself counted; counted no further than to the limit. */
function sizeOf(value: unknown, limit: number): number {
  let size = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && size <= limit) {
    const next = waiting.pop();
    size += 1;
    if (typeof next !== "object" || next === null) continue;
    for (const member of Object.values(next)) waiting.push(member);
  }
  return size;
}

type Shape = "map" | "list" | "single value";

function shapeOf(value: unknown): Shape {
  return Array.isArray(value) ? "list" : isObject(value) ? "map" : "single value";
}

/** What an action updates is all maps, all lists or all single values; before 1.1, no single values. */
function checkTargets(target: Traced, locations: readonly Location[], version: Overlay["version"], pointer: string): void {
  const shapes = new Set(locations.map((location) => shapeOf(location.reduce(memberOf, target).value)));
  if (version === "1.0" && shapes.has("single value")) {
    throw new Misfit(
      "Overlay 1.0 updates maps and lists, no single values: select the map around it, or write overlay: 1.1.0",
      pointer,
    );
  }
  if (shapes.size > 1)
    throw new Misfit(`the target selects ${[...shapes].join("s and ")}s, and one update fits only one of them`, pointer);
}

/**
 * What an update makes of a value: maps are merged, lists appended to, single values replaced.
 *
 * @param place where the update is told of, when it was not written in the overlay itself.
 */
function merge(target: Traced, update: Traced, place: string | undefined, isOutermost: boolean): Traced {
  const [shape, updateShape] = [shapeOf(target.value), shapeOf(update.value)];
  if (shape === "list" && (updateShape === "list" || isOutermost)) return appended(target, update, updateShape);
  if (shape !== updateShape) {
    throw new Misfit(
      `a ${updateShape} cannot be merged into the ${shape} that stands there`,
      place ?? update.trace.written.pointer,
    );
  }
  return shape === "map" ? merged(target, update, place) : update;
}

function merged(target: Traced, update: Traced, place: string | undefined): Traced {
  const value = { ...(target.value as Record<string, unknown>) };
  const members = new Map(target.trace.members);
  for (const name of Object.keys(update.value as object)) {
    const added = memberOf(update, name);
    const member = Object.hasOwn(value, name) ? merge(memberOf(target, name), added, place, false) : added;
    put(value, name, member.value);
    members.set(name, member.trace);
  }
  return { value, trace: { written: target.trace.written, members } };
}

function appended(target: Traced, update: Traced, shape: Shape): Traced {
  const items = target.value as readonly unknown[];
  const added = shape === "list" ? (update.value as readonly unknown[]).map((_, index) => memberOf(update, index)) : [update];
  const members = new Map(target.trace.members);
  for (const [index, { trace }] of added.entries()) members.set(String(items.length + index), trace);
  return { value: [...items, ...added.map(({ value }) => value)], trace: { written: target.trace.written, members } };
}

/** The values that an action changes, as a tree of the names on the way to them. */
interface Targets {
  isTarget: boolean;
  readonly members: Map<string | number, Targets>;
}

function targetsOf(locations: readonly Location[]): Targets {
  const root: Targets = { isTarget: false, members: new Map() };
  for (const location of locations) {
    let current = root;
    for (const name of location) {
      const next = current.members.get(name) ?? { isTarget: false, members: new Map() };
      current.members.set(name, next);
      current = next;
    }
    current.isTarget = true;
  }
  return root;
}

/** Copies what is on the way to the targets, and changes them, those within others first; `undefined` removes one. */
function rewrite(traced: Traced, targets: Targets, change: (target: Traced) => Traced | undefined): Traced | undefined {
  let current = traced;
  if (targets.members.size > 0)
    current = Array.isArray(traced.value) ? rewriteList(traced, targets, change) : rewriteMap(traced, targets, change);
  return targets.isTarget ? change(current) : current;
}

function rewriteMap(traced: Traced, targets: Targets, change: (target: Traced) => Traced | undefined): Traced {
  const value: Record<string, unknown> = {};
  const members = new Map<string, Trace>(traced.trace.members);
  for (const name of Object.keys(traced.value as object)) {
    const within = targets.members.get(name);
    const member = memberOf(traced, name);
    const changed = within === undefined ? member : rewrite(member, within, change);
    if (changed !== undefined) put(value, name, changed.value);
    if (within === undefined) continue;
    if (changed === undefined) members.delete(name);
    else members.set(name, changed.trace);
  }
  return { value, trace: { written: traced.trace.written, members } };
}

/** Items that stay may stand at another index, so each is traced on its own. */
function rewriteList(traced: Traced, targets: Targets, change: (target: Traced) => Traced | undefined): Traced {
  const items = (traced.value as readonly unknown[]).flatMap((_, index) => {
    const item = memberOf(traced, index);
    const within = targets.members.get(index);
    return (within === undefined ? item : rewrite(item, within, change)) ?? [];
  });
  const members = new Map(items.map(({ trace }, index) => [String(index), trace]));
  return { value: items.map(({ value }) => value), trace: { written: traced.trace.written, members } };
}
