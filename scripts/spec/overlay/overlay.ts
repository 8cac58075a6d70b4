/** An overlay as it is written, checked against its specification: everything that is wrong with it is told at once. */

import type { Diagnostic } from "../../diagnostics.js";
import { addressOf, isUrl } from "../bundle/address.js";
import { OVERLAY } from "../loading.js";
import { isObject, type Json, join, list } from "../pointer.js";
import type { Part, Place } from "../positions.js";
import type { SourceData } from "../source.js";
import { parseQuery, type Query, QueryError } from "./query.js";

/** @see https://spec.openapis.org/overlay/v1.1.0 */
export interface Overlay {
  readonly path: string;
  /** Overlay 1.0 knows no `copy`, and changes no single values. */
  readonly version: "1.0" | "1.1";
  readonly actions: readonly Action[];
  locate(pointer: string, part?: Part): Place;
}

export interface Action {
  /** To the action in its overlay. */
  readonly pointer: string;
  readonly target: Query;
  readonly change:
    | { readonly type: "update"; readonly value: unknown }
    | { readonly type: "copy"; readonly from: Query }
    | { readonly type: "remove" }
    /** `remove: false` and nothing else. */
    | { readonly type: "none" };
}

export interface CheckedOverlay {
  /** Left out when something is wrong. */
  readonly overlay?: Overlay;
  readonly diagnostics: readonly Diagnostic[];
}

interface Fault {
  readonly pointer: string;
  readonly part?: Part;
  readonly message: string;
  readonly hint?: string;
  readonly isWarning?: boolean;
  /** The character of the text at the pointer that is wrong. */
  readonly offset?: number;
}

/** @param document the file that the overlay is applied to. */
export function readOverlay(path: string, { root, positions }: SourceData, document: string): CheckedOverlay {
  const faults: Fault[] = [];
  const actions = checkOverlay(root, (fault) => faults.push(fault));
  if (isObject(root)) faults.push(...extendsFaults(root, path, document));
  const diagnostics = faults.map(({ pointer, part, message, hint, isWarning, offset }): Diagnostic => {
    const value = offset === undefined ? undefined : textAt(root, pointer);
    const span = value === undefined ? positions.locate(pointer, part) : positions.locateCharacter(pointer, value, offset ?? 0);
    const said = OVERLAY.says(message, hint);
    return { ...said, severity: isWarning ? "warning" : "error", file: path, ...span, pointer };
  });
  if (faults.some(({ isWarning }) => !isWarning)) return { diagnostics };
  const version = String((root as Json)["overlay"]).startsWith("1.0") ? "1.0" : "1.1";
  const locate = (pointer: string, part?: Part): Place => ({ file: path, ...positions.locate(pointer, part) });
  return { overlay: { path, version, actions, locate }, diagnostics };
}

type Tell = (fault: Fault) => void;

function checkOverlay(root: unknown, tell: Tell): Action[] {
  if (!isObject(root)) {
    tell({ pointer: "", message: "an overlay is a map", hint: "start with overlay: 1.1.0" });
    return [];
  }
  checkMembers(root, "", ["overlay", "info", "extends", "actions"], tell);
  const { overlay: version, info, actions } = root;
  if (version === undefined)
    tell({ pointer: "", message: 'the member "overlay" is missing', hint: "start with overlay: 1.1.0" });
  else if (typeof version !== "string" || !/^1\.[01]\.\d+$/.test(version)) {
    tell({
      pointer: "/overlay",
      message: `version "${String(version)}" is not read, only Overlay 1.0 and 1.1`,
      hint: "write overlay: 1.1.0",
    });
  }
  checkInfo(info, tell);
  if (root["extends"] !== undefined && typeof root["extends"] !== "string") {
    tell({ pointer: "/extends", message: "extends is a URI reference to the document" });
  }
  if (!Array.isArray(actions) || actions.length === 0) {
    const message = actions === undefined ? 'the member "actions" is missing' : "actions is a list with at least one action";
    tell({ pointer: actions === undefined ? "" : "/actions", message });
  }
  const isFirst = typeof version === "string" && version.startsWith("1.0");
  return list(actions).flatMap((action, index) => checkAction(action, join("", "actions", index), isFirst, tell) ?? []);
}

function checkInfo(info: unknown, tell: Tell): void {
  if (!isObject(info)) {
    const message = info === undefined ? 'the member "info" is missing' : "info is a map with a title and a version";
    tell({ pointer: info === undefined ? "" : "/info", message, hint: 'write info: { title: …, version: "1" }' });
    return;
  }
  checkMembers(info, "/info", ["title", "version", "description"], tell);
  for (const name of ["title", "version"]) {
    const value = info[name];
    if (value === undefined) tell({ pointer: "/info", part: "key", message: `the member "${name}" is missing` });
    else if (typeof value !== "string")
      tell({ pointer: join("/info", name), message: `the ${name} is a text`, hint: `write it in quotes` });
  }
}

function checkAction(action: unknown, pointer: string, isFirst: boolean, tell: Tell): Action | undefined {
  if (!isObject(action)) {
    tell({ pointer, message: "an action is a map with a target" });
    return undefined;
  }
  const changes = ["update", "remove", ...(isFirst ? [] : ["copy"])];
  checkMembers(action, pointer, ["target", "description", ...changes], tell);
  if (typeof action["remove"] !== "boolean" && action["remove"] !== undefined) {
    tell({ pointer: join(pointer, "remove"), message: "remove is true or false" });
  }
  const target = checkQuery(action, pointer, "target", tell);
  const change = changeOf(action, pointer, changes, tell);
  return target === undefined || change === undefined ? undefined : { pointer, target, change };
}

function changeOf(action: Json, pointer: string, known: readonly string[], tell: Tell): Action["change"] | undefined {
  // Where it says remove, the others have no impact.
  if (action["remove"] === true) return { type: "remove" };
  const [isUpdate, isCopy] = [Object.hasOwn(action, "update"), known.includes("copy") && Object.hasOwn(action, "copy")];
  if (isUpdate && isCopy) {
    tell({
      pointer: join(pointer, "copy"),
      part: "key",
      message: "an action updates or copies, not both",
      hint: "make two actions of it",
    });
    return undefined;
  }
  if (isUpdate) return { type: "update", value: action["update"] };
  if (isCopy) {
    const from = checkQuery(action, pointer, "copy", tell);
    return from === undefined ? undefined : { type: "copy", from };
  }
  if (action["remove"] === false) return { type: "none" };
  tell({ pointer, message: "the action changes nothing", hint: `say ${known.join(" or ")}` });
  return undefined;
}

function checkQuery(action: Json, owner: string, name: "target" | "copy", tell: Tell): Query | undefined {
  const text = action[name];
  const pointer = join(owner, name);
  if (text === undefined) tell({ pointer: owner, message: `the member "${name}" is missing` });
  else if (typeof text !== "string") tell({ pointer, message: `${name} is a JSONPath, a text that starts with $` });
  else {
    try {
      return parseQuery(text);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const hint = "names with other characters than letters, digits and _ stand in brackets: $.paths['/users']";
      tell({ pointer, message: `"${text}" is no JSONPath: ${error.message}`, hint, offset: error.offset });
    }
  }
  return undefined;
}

function checkMembers(owner: Json, pointer: string, known: readonly string[], tell: Tell): void {
  for (const name of Object.keys(owner)) {
    if (known.includes(name) || name.startsWith("x-")) continue;
    tell({
      pointer: join(pointer, name),
      part: "key",
      message: `"${name}" has no meaning here`,
      hint: `there are ${known.join(", ")}`,
    });
  }
}

/** An overlay that was made for another file; one that was made for a URL may be meant for a copy of what is there. */
function extendsFaults({ extends: target }: Json, path: string, document: string): Fault[] {
  if (typeof target !== "string") return [];
  const file = addressOf(target, path)?.file;
  if (file === undefined || isUrl(file) || file === document) return [];
  return [
    { pointer: "/extends", message: `this overlay was made for ${file}, and is applied to ${document}`, isWarning: true },
  ];
}

function textAt(root: unknown, pointer: string): string | undefined {
  let value = root;
  for (const token of pointer.split("/").slice(1)) value = (value as Record<string, unknown>)[token];
  return typeof value === "string" ? value : undefined;
}
