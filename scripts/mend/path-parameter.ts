/** The parameters of each operation: those that its path names are there, no others stand in it, and each is there once. */

import { operationsOf } from "../../src/lifecycle/operations.js";
import { isObject, type Json, join, list, object } from "../spec/pointer.js";
import type { Mending } from "./mending.js";
import { mapMembers, withMember } from "./rewrite.js";
import { PARAMETER, PATH_PARAMETER } from "./rules.js";

export function mendParameters(root: Json, mending: Mending): Json {
  const { paths } = root;
  if (!isObject(paths)) return root;
  const mended = mapMembers(paths, (item, path) => {
    return path.startsWith("x-") || !isObject(item) ? item : mendPath(item, path, mending);
  });
  return withMember(root, "paths", mended);
}

function mendPath(pathItem: Json, path: string, mending: Mending): Json {
  const pointer = join("/paths", path);
  const braces = [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name))];
  const own = mendList(pathItem, pointer, braces, mending);
  const declared = new Set(pathNames(own, mending));
  return operationsOf(own).reduce((item, { place, method, operation }) => {
    const stated = mendList(operation, join(pointer, ...place), braces, mending);
    const known = new Set([...declared, ...pathNames(stated, mending)]);
    const missing = braces.filter((name) => !known.has(name));
    for (const name of missing) {
      const message = `${method.toUpperCase()} ${path} does not describe the parameter "${name}" of its path; any text is taken for it`;
      mending.tell(PATH_PARAMETER, { pointer: join(pointer, ...place), part: "key", message });
    }
    const added = missing.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
    const parameters = [...list(stated["parameters"]), ...added];
    return placed(item, place, added.length === 0 ? stated : { ...stated, parameters });
  }, own);
}

/** The owner of a list of parameters, with each of them once, and of those in the path only those that there are. */
function mendList(owner: Json, pointer: string, braces: readonly string[], mending: Mending): Json {
  const { parameters } = owner;
  if (!Array.isArray(parameters) || parameters.length === 0) return owner;
  const last = new Map<string, number>();
  const stated = parameters.map((item: unknown) => object(mending.dereference(item)));
  for (const [index, parameter] of stated.entries()) last.set(keyOf(parameter), index);

  const kept: unknown[] = [];
  for (const [index, parameter] of stated.entries()) {
    const place = join(pointer, "parameters", index);
    const mended = last.get(keyOf(parameter)) === index ? inPath(parameter, braces, stated) : undefined;
    if (mended === undefined) {
      const isTwice = last.get(keyOf(parameter)) !== index;
      const message = isTwice
        ? `the parameter "${parameter["name"]}" stands in the list again; the last one counts`
        : `the path has no parameter "${parameter["name"]}"; it is left out`;
      mending.tell(isTwice ? PARAMETER : PATH_PARAMETER, { pointer: place, message });
      continue;
    }
    if (mended !== parameter) {
      const message = `the path has no parameter "${parameter["name"]}"; it is taken for "${mended["name"]}"`;
      mending.tell(PATH_PARAMETER, { pointer: place, message });
    }
    mending.move(place, join(pointer, "parameters", kept.length));
    kept.push(mended === parameter ? parameters[index] : mended);
  }
  const isSame = kept.length === parameters.length && kept.every((item, index) => item === parameters[index]);
  return isSame ? owner : { ...owner, parameters: kept };
}

/** A parameter that may stay; under the name of the path's when that differs in nothing but case and signs. */
function inPath(parameter: Json, braces: readonly string[], stated: readonly Json[]): Json | undefined {
  const { name } = parameter;
  if (parameter["in"] !== "path" || braces.includes(String(name))) return parameter;
  const meant = braces.filter((brace) => plain(brace) === plain(String(name)));
  const [only] = meant;
  if (meant.length !== 1 || stated.some((other) => other["in"] === "path" && other["name"] === only)) return undefined;
  return { ...parameter, name: only };
}

function pathNames({ parameters }: Json, mending: Mending): string[] {
  return list(parameters).flatMap((item) => {
    const parameter = object(mending.dereference(item));
    return parameter["in"] === "path" ? [String(parameter["name"])] : [];
  });
}

function placed(owner: Json, [member, ...rest]: readonly string[], operation: Json): Json {
  return member === undefined ? operation : withMember(owner, member, placed(object(owner[member]), rest, operation));
}

function keyOf(parameter: Json): string {
  return `${parameter["in"]} ${parameter["name"]}`;
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
}
